//! What was done: the operation that was called, else the event as its provider names it, else the activity in the schema's words.
//!
//! `metadata.event_code` is the native type of the event in the mappings of Okta's and GitHub's logs (`user.session.start`,
//! `org.add_member`); elsewhere it is a number, a category or a kind of record (`4624`, `SignInLogs`, `AwsApiCall`), which names no
//! operation. Source: the mappings in ocsf/examples, the classes of schema.ocsf.io.

use super::super::paths::Slot;
use super::super::text::part;
use super::super::{DecodeError, azure, kubernetes};
use super::record::{Record, slot, slots};
use crate::event::{Access, Action, Sensitivity, Text};

/// What was done.
///
/// # Errors
/// Where nothing says it.
pub(super) fn action<'a>(record: &Record<'_, 'a>, class: u32, provider: &str) -> Result<Action<'a>, DecodeError> {
    let number = |slot| record.at(slot)?.text_or_digits()?.parse::<u32>().ok();
    // The type is the class and the activity in one number.
    let of_type = || number(const { slot("type_uid") }).map(|kind| kind % 100);
    let id = number(const { slot("activity_id") }).or_else(of_type);
    let operation = operation(record, class, id).ok_or(DecodeError::MissingField { field: "api.operation" })?;
    if provider == "azure" {
        let resources = record.at(const { slot("resources") });
        let resource = resources.and_then(|list| list.items().next()?.text_at(&["uid"]));
        let action = azure::action(operation.clone(), resource.as_deref());
        if action.access != Access::Unknown {
            return Ok(action);
        }
    }
    if provider == "kubernetes"
        && let Some(action) = of_cluster(record, &operation)
    {
        return Ok(action);
    }
    let changes_access = matches!(class, 3001 | 3005 | 3006);
    Ok(Action {
        service: service(record),
        operation,
        access: access(class, id),
        sensitivity: changes_access.then_some(Sensitivity::IamWrite),
        tactic: None,
        technique: None,
    })
}

/// A request to a cluster, named and understood as in Kubernetes' own log: a verb, and the kind of resource that it is for.
fn of_cluster<'a>(record: &Record<'_, 'a>, verb: &str) -> Option<Action<'a>> {
    let asked = record.at(const { slot("resources") })?.items().next()?;
    let resource = asked.text_at(&["type"])?;
    let name = asked.text_at(&["name"]).unwrap_or_default();
    let request = kubernetes::Request { verb, resource: &resource, subresource: "", name: &name };
    let kubernetes::Meaning { access, sensitivity, attack } = kubernetes::meaning(request);
    let (tactic, technique) = attack.unzip();
    Some(Action {
        service: asked.text_at(&["group", "name"]).unwrap_or(Text::Borrowed("core")),
        operation: Text::Owned([verb, " ", &resource].concat()),
        access,
        sensitivity,
        tactic,
        technique: technique.map(Text::Borrowed),
    })
}

fn operation<'a>(record: &Record<'_, 'a>, class: u32, id: Option<u32>) -> Option<Text<'a>> {
    const ACTIVITY: [Slot; 2] = slots(["activity_name", "activity"]);
    let named = record.first(&ACTIVITY);
    let code = || record.text(const { slot("metadata.event_code") }).filter(|code| is_operation(code));
    let telling = || named.clone().filter(|name| !matches!(&**name, "Other" | "Unknown"));
    // Of an activity that the schema has no word for, the message is all that tells.
    let message = || record.text(const { slot("message") });
    record
        .text(const { slot("api.operation") })
        .or_else(code)
        .or_else(telling)
        .or_else(|| activity_of(class, id?))
        .or_else(message)
        .or(named)
        .or_else(|| Some(Text::Borrowed(if id? == 0 { "Unknown" } else { "Other" })))
}

/// Whether a code is the name of an operation: words with something between them.
fn is_operation(code: &str) -> bool {
    code.contains(['.', '_', '/', ':']) && code.starts_with(|first: char| first.is_ascii_alphabetic())
}

fn service<'a>(record: &Record<'_, 'a>) -> Text<'a> {
    let product = || record.text(const { slot("metadata.product.name") });
    let service = record.text(const { slot("api.service.name") });
    let service = service.or_else(|| record.at(const { slot("service") })?.text_at(&["name"]));
    let service = service.map(|name| part(&name, |name| name.strip_suffix(".googleapis.com")).unwrap_or(name));
    let named = service.or_else(|| product().map(|name| Text::Owned(name.to_ascii_lowercase())));
    named.unwrap_or(Text::Borrowed("ocsf"))
}

/// The schema's own word for the activity, where the event gives its number alone.
fn activity_of(class: u32, id: u32) -> Option<Text<'static>> {
    let words = match class {
        3001 => ACCOUNT_CHANGE,
        3002 => AUTHENTICATION,
        3003 => &["Assign Privileges", "Assign Groups"],
        3004 => ENTITY_MANAGEMENT,
        3005 => &["Assign Privileges", "Revoke Privileges"],
        3006 => GROUP_MANAGEMENT,
        6001 => &["Create", "Read", "Update", "Delete", "Search", "Import", "Export", "Share"],
        6002 => &["Install", "Remove", "Start", "Stop", "Restart", "Enable", "Disable", "Update"],
        6004 => &["Access Grant", "Access Deny", "Access Revoke", "Access Error"],
        6005 => &["Read", "Update", "Connect", "Query", "Write", "Create", "Delete"],
        6006 => FILE_HOSTING,
        _ => &["Create", "Read", "Update", "Delete"],
    };
    words.get(id.checked_sub(1)? as usize).map(|word| Text::Borrowed(*word))
}

const ACCOUNT_CHANGE: &[&str] = &[
    "Create",
    "Enable",
    "Password Change",
    "Password Reset",
    "Disable",
    "Delete",
    "Attach Policy",
    "Detach Policy",
    "Lock",
    "MFA Factor Enable",
    "MFA Factor Disable",
    "Unlock",
];

const AUTHENTICATION: &[&str] = &[
    "Logon",
    "Logoff",
    "Authentication Ticket",
    "Service Ticket Request",
    "Service Ticket Renew",
    "Preauth",
    "Account Switch",
];

const ENTITY_MANAGEMENT: &[&str] = &[
    "Create",
    "Read",
    "Update",
    "Delete",
    "Move",
    "Enroll",
    "Unenroll",
    "Enable",
    "Disable",
    "Activate",
    "Deactivate",
    "Suspend",
    "Resume",
];

const GROUP_MANAGEMENT: &[&str] = &[
    "Assign Privileges",
    "Revoke Privileges",
    "Add User",
    "Remove User",
    "Delete",
    "Create",
    "Add Subgroup",
    "Remove Subgroup",
];

const FILE_HOSTING: &[&str] = &[
    "Upload",
    "Download",
    "Update",
    "Delete",
    "Rename",
    "Copy",
    "Move",
    "Restore",
    "Preview",
    "Lock",
    "Unlock",
    "Share",
    "Unshare",
    "Open",
    "Sync",
    "Unsync",
    "Access Check",
];

fn access(class: u32, activity: Option<u32>) -> Access {
    match (class, activity) {
        (3001 | 3005 | 3006, _) => Access::Permissions,
        (3002 | 3003 | 6004, _) => Access::Read,
        (6005, Some(1 | 4 | 6)) => Access::DataRead,
        (6005, _) => Access::DataWrite,
        (6002, _) => Access::Write,
        (6006, Some(2 | 9 | 14)) => Access::DataRead,
        (6006, Some(12 | 13)) => Access::Permissions,
        (6006, Some(1 | 3..=8)) => Access::DataWrite,
        (_, Some(2)) => Access::Read,
        (6001, Some(5 | 7)) => Access::Read,
        (6001, Some(8)) => Access::Permissions,
        (_, Some(1 | 3 | 4)) => Access::Write,
        _ => Access::Unknown,
    }
}
