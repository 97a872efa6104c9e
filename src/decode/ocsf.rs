//! One OCSF event → one event.
//!
//! In comes an event of a class that says what somebody did: API Activity (6003), Datastore Activity (6005), Authentication
//! (3002), Authorize Session (3003), Account Change (3001), Entity Management (3004), User Access Management (3005) and
//! Group Management (3006), of any version of the schema. Findings, network and system activity and the rest are
//! no audit. Out comes the same event that the native record would have given as far as OCSF keeps it: CloudTrail's records
//! are put together again and go to their own decoder, others have their provider's words for actor and account.
//!
//! What versions and producers do differently is all read: `time` in milliseconds or `time_dt`, `status` without
//! `status_id`, `account_uid` beside `account.uid`, `uuid` where later versions have `uid`, `credential_uid` or
//! `programmatic_credentials`, requests as JSON text, `unmapped` flat or nested.
//!
//! Sources: schema.ocsf.io (1.0.0-rc.2 to 1.8.0), the CloudTrail mappings in ocsf/examples (Apache-2.0).

mod actor;
mod cloudtrail;
mod outcome;
mod target;

use super::json::Value;
use super::record::hash_of;
use super::text::{bound, part};
use super::{DecodeError, Decoded, Delivery, IgnoreReason, azure, network, time, vendor};
use crate::config::DecodeConfig;
use crate::event::{Access, Action, Event, NetworkClass, Origin, Sensitivity, Source, Text, Timestamp};

/// Decodes one record.
pub(super) fn decode<'a>(
    value: Value<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let class = class(value);
    if !matches!(class, 3001..=3006 | 6003 | 6005) {
        return Decoded::Ignored(IgnoreReason::NotAudit);
    }
    let time = match event_time(value, delivery, config) {
        Ok(time) => time,
        Err(error) => return Decoded::Dead(error),
    };
    let outcome = outcome::outcome(value);
    if cloudtrail::is_of(value)
        && let Some(decoded) = cloudtrail::decode(value, time, outcome, record, delivery, config)
    {
        return decoded;
    }
    match event(value, class, time, record, delivery, config) {
        Ok(event) => Decoded::Event(event),
        Err(error) => Decoded::Dead(error),
    }
}

fn event<'a>(
    value: Value<'_, 'a>,
    class: u32,
    time: Timestamp,
    record: &[u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Result<Event<'a>, DecodeError> {
    let provider = provider(value);
    let targets = target::targets(value, class, config.max_targets);
    let outcome = outcome::outcome(value);
    let mut event = Event {
        source: Source::Ocsf,
        id: value.text_at(&["metadata", "uid"]).unwrap_or_else(|| hash_of(record).into()),
        time,
        actor: actor::actor(value, class, &provider, delivery),
        action: action(value, class, &provider)?,
        outcome,
        error: outcome::error(value, outcome),
        origin: origin(value),
        region: value.text_at(&["cloud", "region"]),
        target_account: None,
        targets,
        issued: Vec::new(),
        provider,
    };
    let cloud = account_of_cloud(value);
    event.target_account = cloud.filter(|account| event.actor.account.as_ref() != Some(account));
    bound(&mut event, config.max_text_bytes);
    Ok(event)
}

/// The class: `class_uid`, else what `type_uid` begins with.
fn class(value: Value<'_, '_>) -> u32 {
    let digits = |name: &str| value.member(name)?.text_or_digits()?.parse::<u64>().ok();
    let class = digits("class_uid").or_else(|| digits("type_uid").map(|kind| kind / 100));
    class.and_then(|class| u32::try_from(class).ok()).unwrap_or(0)
}

/// `time` in milliseconds, else `time_dt`, else the time that the product gave.
fn event_time(value: Value<'_, '_>, delivery: &Delivery<'_>, config: &DecodeConfig) -> Result<Timestamp, DecodeError> {
    const FIELD: &str = "time";
    let places: [&[&str]; 3] = [&["time"], &["time_dt"], &["metadata", "original_time"]];
    let mut problem = DecodeError::MissingField { field: FIELD };
    for found in places.into_iter().filter_map(|place| value.at(place)) {
        let read = match (found.number(), found.text()) {
            (Some(number), _) => time::from_number(number, FIELD, delivery, config),
            (None, Some(text)) => time::from_text(&text, FIELD, delivery, config),
            _ => Err(DecodeError::WrongType { field: FIELD, expected: "milliseconds since 1970, or a time" }),
        };
        match read {
            Ok(time) => return Ok(time),
            Err(error) => problem = error,
        }
    }
    Err(problem)
}

/// Whose cloud or service it is.
fn provider<'a>(value: Value<'_, 'a>) -> Text<'a> {
    let product = |name| value.text_at(&["metadata", "product", name]);
    let cluster = product("name").filter(|name| name.to_ascii_lowercase().contains("eks"));
    vendor::provider(&[cluster, value.text_at(&["cloud", "provider"]), product("vendor_name"), product("name")], "ocsf")
}

/// The account, project or subscription that it happened in.
fn account_of_cloud<'a>(value: Value<'_, 'a>) -> Option<Text<'a>> {
    let places: [&[&str]; 4] =
        [&["cloud", "account", "uid"], &["cloud", "account_uid"], &["cloud", "project_uid"], &["cloud", "org", "uid"]];
    let found = places.into_iter().find_map(|place| value.at(place)?.text_or_digits())?;
    // Of a cluster's events it may be the ARN of whoever was let in.
    let of_arn =
        part(&found, |text| text.strip_prefix("arn:")?.split(':').nth(3).filter(|account| !account.is_empty()));
    Some(of_arn.unwrap_or(found))
}

fn action<'a>(value: Value<'_, 'a>, class: u32, provider: &str) -> Result<Action<'a>, DecodeError> {
    let activity = value.text_at(&["activity_name"]).or_else(|| value.text_at(&["activity"]));
    let named = value.text_at(&["api", "operation"]).or(activity).or_else(|| activity_of(value, class));
    let operation = named.ok_or(DecodeError::MissingField { field: "api.operation" })?;
    if provider == "azure" {
        let resource = value.member("resources").and_then(|list| list.items().next()?.text_at(&["uid"]));
        let action = azure::action(operation.clone(), resource.as_deref());
        if action.access != Access::Unknown {
            return Ok(action);
        }
    }
    let product = || value.text_at(&["metadata", "product", "name"]).map(|name| Text::Owned(name.to_ascii_lowercase()));
    let service = value.text_at(&["api", "service", "name"]).or_else(|| value.text_at(&["service", "name"]));
    let service = service.map(|name| part(&name, |name| name.strip_suffix(".googleapis.com")).unwrap_or(name));
    let changes_access = matches!(class, 3001 | 3005 | 3006);
    Ok(Action {
        service: service.or_else(product).unwrap_or(Text::Borrowed("ocsf")),
        operation,
        access: access(value, class),
        sensitivity: changes_access.then_some(Sensitivity::IamWrite),
        tactic: None,
        technique: None,
    })
}

fn activity_id(value: Value<'_, '_>) -> Option<u32> {
    value.member("activity_id")?.text_or_digits()?.parse().ok()
}

/// The schema's own word for the activity, where the event gives its number alone.
fn activity_of(value: Value<'_, '_>, class: u32) -> Option<Text<'static>> {
    let word = match (class, activity_id(value)?) {
        (3001, id) => *[
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
        ]
        .get(id.checked_sub(1)? as usize)?,
        (3002, id) => *[
            "Logon",
            "Logoff",
            "Authentication Ticket",
            "Service Ticket Request",
            "Service Ticket Renew",
            "Preauth",
            "Account Switch",
        ]
        .get(id.checked_sub(1)? as usize)?,
        (3003, id) => *["Assign Privileges", "Assign Groups"].get(id.checked_sub(1)? as usize)?,
        (3005, id) => *["Assign Privileges", "Revoke Privileges"].get(id.checked_sub(1)? as usize)?,
        (3006, id) => *["Assign Privileges", "Revoke Privileges", "Add User", "Remove User", "Delete", "Create"]
            .get(id.checked_sub(1)? as usize)?,
        (_, id) => *["Create", "Read", "Update", "Delete"].get(id.checked_sub(1)? as usize)?,
    };
    Some(Text::Borrowed(word))
}

fn access(value: Value<'_, '_>, class: u32) -> Access {
    match (class, activity_id(value)) {
        (3001 | 3005 | 3006, _) => Access::Permissions,
        (3002 | 3003, _) => Access::Read,
        (6005, Some(1 | 4 | 6)) => Access::DataRead,
        (6005, _) => Access::DataWrite,
        (_, Some(2)) => Access::Read,
        (_, Some(1 | 3 | 4)) => Access::Write,
        _ => Access::Unknown,
    }
}

/// Where it came from: an address, or the host name of a service.
fn origin<'a>(value: Value<'_, 'a>) -> Origin<'a> {
    let names = ["ip", "domain", "hostname", "svc_name", "name"];
    let address = names.into_iter().find_map(|name| value.text_at(&["src_endpoint", name]));
    let origin = network::origin(address, value.text_at(&["http_request", "user_agent"]));
    match value.text_at(&["src_endpoint", "uid"]).filter(|uid| uid.starts_with("vpce-")) {
        Some(endpoint) => Origin { network: Some(endpoint), class: NetworkClass::Endpoint, ..origin },
        None => origin,
    }
}
