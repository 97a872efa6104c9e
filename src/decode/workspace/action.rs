//! What was done, and how it ended: the name of the most telling event of an activity.

use super::super::attack::Row;
use super::super::json::Value;
use super::super::text::{begins, holds, part};
use super::DecodeError;
use super::attacks::TABLE;
use super::parameter::Parameters;
use super::record::{Happening, Record};
use crate::event::{Access, Action, Outcome, Text};

/// Applications that sign people and apps in, or keep them out.
const GATES: [&str; 7] = ["login", "saml", "token", "context_aware_access", "access_evaluation", "ldap", "logout"];

/// The event that stands for an activity: the first that our table gives a class, else the first that it knows, else the
/// first.
pub fn most_telling<'t, 'a>(record: &Record<'t, 'a>, service: &str) -> Happening<'t, 'a> {
    if record.is_single() {
        return record.first().unwrap_or_default();
    }
    let rank = |happening: &Happening<'t, 'a>| {
        let row = happening.name.and_then(Value::text).and_then(|name| known(service, &name));
        row.map_or(2, |row| u8::from(row.2.is_none()))
    };
    record.happenings().min_by_key(rank).unwrap_or_default()
}

fn known(service: &str, name: &str) -> Option<&'static Row> {
    TABLE.find(service, name)
}

/// Reads what was done.
///
/// # Errors
/// Where the event has no name, or one that is no text.
pub fn action<'a>(
    happening: &Happening<'_, 'a>,
    parameters: &Parameters<'_, 'a>,
    service: Text<'a>,
) -> Result<Action<'a>, DecodeError> {
    const FIELD: &str = "events[].name";
    let name = happening.name.ok_or(DecodeError::MissingField { field: FIELD })?;
    let name = name.text().ok_or(DecodeError::WrongType { field: FIELD, expected: "a string" })?;
    let name = part(&name, |name| Some(name.trim())).filter(|name| !name.is_empty());
    let operation = name.ok_or(DecodeError::MissingField { field: FIELD })?;
    let row = known(&service, &operation);
    Ok(Action {
        access: access(happening, parameters, &service, &operation),
        sensitivity: row.and_then(|row| row.2),
        tactic: row.map(|row| row.3),
        technique: row.map(|row| Text::Borrowed(row.4)),
        service,
        operation,
    })
}

fn access(happening: &Happening<'_, '_>, parameters: &Parameters<'_, '_>, service: &str, operation: &str) -> Access {
    let class = happening.class.and_then(Value::text).unwrap_or_default();
    let says = |words: &[&str]| words.iter().any(|word| holds(operation, word));
    match service {
        "login" | "saml" | "logout" | "ldap" if class == "login" => Access::Read,
        "token" if operation.eq_ignore_ascii_case("activity") => by_method(parameters),
        "token" => Access::Permissions,
        _ if &*class == "acl_change" || says(&["role", "privilege", "authorize_api", "acl", "group_member"]) => {
            Access::Permissions
        }
        "drive" if says(&["view", "download", "preview", "print", "copy", "sync"]) => Access::DataRead,
        "drive" | "gmail" | "calendar" | "chat" | "keep" => Access::DataWrite,
        _ if says(&["view", "search", "download", "get_"]) => Access::Read,
        "admin" | "user_accounts" | "groups" | "groups_enterprise" | "mobile" => Access::Write,
        _ => Access::Unknown,
    }
}

/// What an app's call did, by the name of the method (`gmail.users.messages.get`).
fn by_method(parameters: &Parameters<'_, '_>) -> Access {
    let Some(method) = parameters.text("method_name") else { return Access::Unknown };
    let verb = method.rsplit('.').next().unwrap_or_default();
    let reads =
        ["get", "list", "search", "batchget", "export", "download", "watch"].iter().any(|front| begins(verb, front));
    if reads { Access::DataRead } else { Access::DataWrite }
}

/// Whether the name of an event says that somebody was kept out.
pub fn says_failure(service: &str, name: &str) -> bool {
    let fails = holds(name, "fail");
    // A gate that only watches keeps nobody out, and who blocks a sender of mail was not kept out either.
    let lets_in = || begins(name, "monitor_mode") || name.eq_ignore_ascii_case("blocked_sender");
    let keeps_out = || fails || ["denied", "deny", "blocked"].iter().any(|word| holds(name, word));
    fails && (holds(name, "login_failure") || name.eq_ignore_ascii_case("failed_password_attempts_event"))
        || GATES.contains(&service) && keeps_out() && !lets_in()
}

/// How it ended: reports are of what was done, but for sign-ins that failed, wherever they are reported, and what was kept out
/// at a gate; the event's name says so, or how a challenge went (`login_challenge_status`: "Challenge Failed."). What a rule of
/// Chrome or of data loss prevention stopped says so itself.
pub fn outcome<'a>(action: &Action<'a>, parameters: &Parameters<'_, 'a>) -> (Outcome, Option<Text<'a>>) {
    let status = || parameters.text("login_challenge_status");
    let refused = |status: Text<'_>| ["fail", "incorrect", "invalid", "reject"].iter().any(|word| holds(&status, word));
    let kept_out = || GATES.contains(&&*action.service) && status().is_some_and(refused);
    let stopped = || parameters.text("event_result").is_some_and(|result| result.eq_ignore_ascii_case("blocked"));
    if says_failure(&action.service, &action.operation) || kept_out() || stopped() {
        let names = ["login_failure_type", "failure_type", "login_failure_reason"];
        let error = names.iter().find_map(|name| parameters.text(name));
        return (Outcome::Failure, error);
    }
    (Outcome::Success, None)
}
