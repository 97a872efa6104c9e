//! One OCSF event → one event.
//!
//! In comes an event of a class that says what somebody did: API Activity (6003), Datastore Activity (6005), Authentication
//! (3002), Authorize Session (3003), Account Change (3001), Entity Management (3004), User Access Management (3005) and
//! Group Management (3006), of any version of the schema. Findings, network and system activity and the rest are
//! no audit. Out comes the same event that the native record would have given as far as OCSF keeps it: what it keeps of CloudTrail's
//! records goes to their own decoder, others have their provider's words for actor and account.
//!
//! What versions and producers do differently is all read: `time` in milliseconds or `time_dt`, `status` without
//! `status_id`, `account_uid` beside `account.uid`, `uuid` where later versions have `uid`, `credential_uid` or
//! `programmatic_credentials`, requests as JSON text, `unmapped` flat or nested.
//!
//! Sources: schema.ocsf.io (1.0.0-rc.2 to 1.8.0), the CloudTrail mappings in ocsf/examples (Apache-2.0).

mod actor;
mod cloudtrail;
mod outcome;
mod record;
mod target;

use super::json::Value;
use super::paths::Slot;
use super::record::hash_of;
use super::text::{holds, part};
use super::{DecodeError, Delivery, IgnoreReason, Read, azure, names, network, vendor};
use crate::config::DecodeConfig;
use crate::event::{Access, Action, Event, NetworkClass, Origin, Sensitivity, Source, Text, Timestamp};

use record::{PATHS, Record, account_of_cloud, slot, slots};

/// Decodes one record.
pub(super) fn decode<'a>(
    value: Value<'_, 'a>,
    bytes: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Read<'a> {
    let record = PATHS.of(value);
    let class = class(&record);
    if !matches!(class, 3001..=3006 | 6003 | 6005) {
        return Err(IgnoreReason::NotAudit.into());
    }
    let time = event_time(&record, delivery, config)?;
    if cloudtrail::is_of(&record) {
        return cloudtrail::kept(&record, time, config).decode(bytes, config);
    }
    event(&record, value, (class, time), bytes, (delivery, config))
}

fn event<'a>(
    record: &Record<'_, 'a>,
    value: Value<'_, 'a>,
    (class, time): (u32, Timestamp),
    bytes: &[u8],
    (delivery, config): (&Delivery<'_>, &DecodeConfig),
) -> Read<'a> {
    let provider = provider(record);
    let outcome = outcome::outcome(record);
    let scope = || delivery.scope_in(value);
    let mut event = Event {
        source: Source::Ocsf,
        id: record.text(const { slot("metadata.uid") }).unwrap_or_else(|| hash_of(bytes).into()),
        time,
        actor: actor::actor(record, class, &provider, &scope),
        action: action(record, class, &provider)?,
        outcome,
        error: outcome::error(record, outcome),
        origin: origin(record),
        region: record.text(const { slot("cloud.region") }),
        target_account: None,
        targets: target::targets(record, value, class, config.max_targets),
        issued: Vec::new(),
        provider,
    };
    event.target_account = account_of_cloud(record).filter(|account| event.actor.account.as_ref() != Some(account));
    Ok(event)
}

/// The class: `class_uid`, else what `type_uid` begins with.
fn class(record: &Record<'_, '_>) -> u32 {
    let digits = |slot| record.at(slot)?.text_or_digits()?.parse::<u64>().ok();
    let of_type = || digits(const { slot("type_uid") }).map(|kind| kind / 100);
    let class = digits(const { slot("class_uid") }).or_else(of_type);
    class.and_then(|class| u32::try_from(class).ok()).unwrap_or(0)
}

/// `time` in milliseconds, else `time_dt`, else the time that the product gave.
fn event_time(
    record: &Record<'_, '_>,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Result<Timestamp, DecodeError> {
    const FIELD: &str = "time";
    const PLACES: [Slot; 3] = slots(["time", "time_dt", "metadata.original_time"]);
    let mut problem = DecodeError::MissingField { field: FIELD };
    for found in PLACES.into_iter().filter_map(|place| record.at(place)) {
        match names::time_of(Some(found), (FIELD, "milliseconds since 1970, or a time"), delivery, config) {
            Ok(time) => return Ok(time),
            Err(error) => problem = error,
        }
    }
    Err(problem)
}

/// Whose cloud or service it is.
fn provider<'a>(record: &Record<'_, 'a>) -> Text<'a> {
    const PRODUCT: Slot = slot("metadata.product.name");
    const WORDS: [Slot; 3] = slots(["cloud.provider", "metadata.product.vendor_name", "metadata.product.name"]);
    let cluster = record.text(PRODUCT).filter(|name| holds(name, "eks"));
    vendor::provider(cluster.into_iter().chain(WORDS.into_iter().filter_map(|slot| record.text(slot))), "ocsf")
}

fn action<'a>(record: &Record<'_, 'a>, class: u32, provider: &str) -> Result<Action<'a>, DecodeError> {
    const NAMES: [Slot; 3] = slots(["api.operation", "activity_name", "activity"]);
    let id = record.at(const { slot("activity_id") }).and_then(|id| id.text_or_digits()?.parse().ok());
    let named = record.first(&NAMES).or_else(|| activity_of(class, id?));
    let operation = named.ok_or(DecodeError::MissingField { field: "api.operation" })?;
    if provider == "azure" {
        let resources = record.at(const { slot("resources") });
        let resource = resources.and_then(|list| list.items().next()?.text_at(&["uid"]));
        let action = azure::action(operation.clone(), resource.as_deref());
        if action.access != Access::Unknown {
            return Ok(action);
        }
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
    let words: &[&str] = match class {
        3001 => &[
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
        ],
        3002 => &[
            "Logon",
            "Logoff",
            "Authentication Ticket",
            "Service Ticket Request",
            "Service Ticket Renew",
            "Preauth",
            "Account Switch",
        ],
        3003 => &["Assign Privileges", "Assign Groups"],
        3005 => &["Assign Privileges", "Revoke Privileges"],
        3006 => &["Assign Privileges", "Revoke Privileges", "Add User", "Remove User", "Delete", "Create"],
        _ => &["Create", "Read", "Update", "Delete"],
    };
    words.get(id.checked_sub(1)? as usize).map(|word| Text::Borrowed(*word))
}

fn access(class: u32, activity: Option<u32>) -> Access {
    match (class, activity) {
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
fn origin<'a>(record: &Record<'_, 'a>) -> Origin<'a> {
    const NAMES: [Slot; 5] = slots([
        "src_endpoint.ip",
        "src_endpoint.domain",
        "src_endpoint.hostname",
        "src_endpoint.svc_name",
        "src_endpoint.name",
    ]);
    let user_agent = record.text(const { slot("http_request.user_agent") });
    let origin = network::origin(record.first(&NAMES), user_agent);
    match record.text(const { slot("src_endpoint.uid") }).filter(|uid| uid.starts_with("vpce-")) {
        Some(endpoint) => Origin { network: Some(endpoint), class: NetworkClass::Endpoint, ..origin },
        None => origin,
    }
}
