//! One record of Azure's logs → one event.
//!
//! In comes one record object: of the activity log or a resource's log as diagnostic settings export it (`time`,
//! `operationName`, `category`, `identity.claims` …), as the REST interface and the portal show it (`eventTimestamp`,
//! `operationName.value`, `caller`), or as Log Analytics does (`TimeGenerated`, `OperationNameValue`, nested columns as
//! text). The directory's logs come the same way and go to `entra`, audit events of a Kubernetes cluster (AKS) to
//! `kubernetes`; health, alerts, advice and traffic are no audit of what somebody did.
//!
//! An operation that takes long is logged when it starts, when it is accepted and when it is done: the last is the event,
//! the others are parts of it.
//!
//! Sources: "Azure activity log event schema", "Common and service-specific schemas for Azure resource logs", "Azure Key Vault
//! logging", "SQL Database audit log format", "Azure Blob Storage monitoring data reference", "AzureActivity" and other tables of the Azure Monitor
//! Logs reference (Microsoft).

mod actor;
mod claims;
mod cluster;
mod database;
mod defender;
mod devops;
mod family;
mod fields;
mod keys;
mod known;
mod lenient;
mod operation;
mod origin;
mod outcome;
mod tables;
mod target;

use super::embedded::{own, unfolded};
use super::json::Value;
use super::known::{Found, Known, key};
use super::record::{hash_of, log_of};
use super::text::is;
use super::{DecodeError, Decoded, Delivery, IgnoreReason, entra, format, generic, time};
use crate::config::DecodeConfig;
use crate::event::{Event, Source, Text, Timestamp};

use family::Family;

pub(super) use actor::{lower, managed_by, tenant};
pub(super) use fields::{Field, Record};
pub(super) use lenient::sanitise;
pub(super) use operation::action;
pub(super) use origin::origin;

/// Columns that hold JSON as text in some ways of export, in small letters.
const NESTED: [&str; 19] = [
    "additionaldetails",
    "agent",
    "authorization",
    "authorization_d",
    "authorizationdetails",
    "claims",
    "claims_d",
    "extendedproperties",
    "identity",
    "initiatedby",
    "locationdetails",
    "managedserviceidentity",
    "properties",
    "properties_d",
    "properties_s",
    "raweventdata",
    "status",
    "substatus",
    "targetresources",
];

/// Whether a record with a category and a resource names an operation where Event Hubs and Service Bus do.
pub(super) fn is_of_bus(known: &Known<'_, '_>) -> bool {
    ["EventName", "ActivityName"].iter().any(|name| known.value.member(name).is_some_and(Value::is_filled))
}

/// Whether a record with a category is of one of the directory's logs, whose properties say it all without an operation.
pub(super) fn is_of_directory(known: &Known<'_, '_>) -> bool {
    let category = known.get(const { key("category") }).and_then(Value::text);
    let properties = || known.value.member("properties").is_some_and(Value::is_object);
    category.is_some_and(|category| family::is_of_directory(&category)) && properties()
}

/// Whether a row of Log Analytics is of one of the tables that are read here.
pub(super) fn is_table(known: &Known<'_, '_>) -> bool {
    let table = known.get(const { key("Type") }).and_then(Value::text);
    table.is_some_and(|table| family::is_table(&table)) || family::is_of_control_plane(known.value)
}

/// Whether a row of Log Analytics has the columns of one of these tables, which it does not name.
pub(super) fn is_row(known: &Known<'_, '_>) -> bool {
    family::is_row(known.value)
}

/// Whether a record with a sign-in's time is one: who signed in, and to what or from where. Of the app and the status that
/// Microsoft Graph answers with, whoever asked may have taken neither.
pub(super) fn is_sign_in(known: &Known<'_, '_>) -> bool {
    family::is_sign_in(known.value)
}

/// Whether a record with a category and an action is of Azure DevOps.
pub(super) fn is_of_devops(known: &Known<'_, '_>) -> bool {
    devops::is_row(known.value)
}

/// Whether an event of Event Grid tells of a call to the resource manager ("Azure subscription as an Event Grid source"): its `data` are
/// what the activity log has as `properties`, but for the time.
pub(super) fn is_of_grid(known: &Known<'_, '_>) -> bool {
    let class = known.get(const { key("eventType") }).or_else(|| known.get(const { key("type") }));
    class.and_then(Value::text).is_some_and(|class| class.starts_with("Microsoft.Resources.Resource"))
}

/// Whether a record with the keys of CloudTrail's is of the activity log, as its REST interface writes it: what CloudTrail has as text,
/// that has as an object of a name and its translation.
#[inline]
pub(super) fn is_of_rest(known: &Known<'_, '_>) -> bool {
    let source = known.get(const { key("eventSource") });
    source.is_some_and(|source| source.is_object() && source.member("localizedValue").is_some())
}

/// Whether a record with a category and an operation is Azure's own: Defender's stream of tables ("Stream Microsoft Defender XDR events to
/// Azure Event Hubs") has the record that another log wrote in `RawEventData`, and is no more than its wrapping then.
pub(super) fn is_own(known: &Known<'_, '_>) -> bool {
    let category = known.get(const { key("category") }).and_then(Value::text);
    let is_hunting = category.is_some_and(|category| category.starts_with("AdvancedHunting-"));
    let raw = || known.value.at(&["properties", "RawEventData"]).filter(|raw| raw.is_object());
    !(is_hunting && raw().is_some_and(|raw| format::of(raw).is_some()))
}

/// Decodes one record.
pub(super) fn decode<'a>(
    value: Value<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    // Where it lies: it is large.
    let mut found = Record::unseen(value);
    found.find();
    if found.outer.may_hold_json
        && let Some(unfolded) = unfolded(value, |key| is_wanted(key, &found), config.max_depth)
    {
        let document = unfolded.document();
        let mut found = Record::unseen(document.root());
        found.find();
        return own(decode_flat(&found, record, delivery, config));
    }
    decode_flat(&found, record, delivery, config)
}

/// Whether a member's text is to be read as JSON: not where another column says the same as an object (`Claims` and `Claims_d`).
fn is_wanted(key: &str, record: &Record<'_, '_>) -> bool {
    let key = key.as_bytes();
    let known = || keys::field_of(key).and_then(|field| record.outer.get(field));
    let is_said = || known().is_some_and(|known| known.members().next().is_some());
    NESTED.iter().any(|name| is(key, name.as_bytes())) && !is_said()
}

/// Decodes one record whose nested members are no text.
fn decode_flat<'a>(
    record: &Record<'_, 'a>,
    bytes: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let value = record.root;
    match family::of(record) {
        Family::Resource => of_resource(bytes, record, delivery, config),
        Family::Database => database::decode(bytes, record, delivery, config),
        Family::Kubernetes => cluster::of_record(record, delivery, config),
        Family::KubernetesTable => cluster::of_row(record, delivery, config),
        Family::SignIn => entra::sign_in(bytes, record, delivery, config),
        Family::Audit => entra::audit(bytes, record, delivery, config),
        Family::Graph => entra::graph(bytes, record, delivery, config),
        Family::Table(table) => tables::decode(table, value, bytes, delivery, config),
        Family::DevOps => devops::decode(bytes, record, delivery, config),
        Family::Defender => of_defender(value, bytes, delivery, config),
        Family::Other => of_another(value, bytes, delivery, config),
    }
}

/// A row of Defender's, or the record of another log that it carries.
fn of_defender<'a>(
    value: Value<'_, 'a>,
    bytes: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let raw = value.member("RawEventData").or_else(|| value.at(&["properties", "RawEventData"]));
    let raw = raw.filter(|raw| raw.is_object());
    match raw.and_then(|raw| Some((raw, log_of(raw, format::of(raw), config)?))) {
        Some((raw, log)) => format::decode(log, &Known { value: raw, found: &Found::of(raw) }, bytes, delivery, config),
        None => defender::decode(value, bytes, delivery, config),
    }
}

/// What is no audit of Azure's own may be Defender's wrapping of a record that a mapping of the configuration describes.
fn of_another<'a>(
    value: Value<'_, 'a>,
    bytes: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    match value.at(&["properties", "RawEventData"]).filter(|raw| generic::describes(*raw, config)) {
        Some(raw) => generic::decode(raw, bytes, delivery, config),
        None => Err(IgnoreReason::NotAudit.into()),
    }
}

fn of_resource<'a>(
    bytes: &[u8],
    record: &Record<'_, 'a>,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let ending = outcome::ending(record);
    let time =
        event_time(record, &[Field::EventTime, Field::Time, Field::TimeGenerated, Field::AuditTime], delivery, config)?;
    let named = record.word(Field::OperationNameValue).or_else(|| record.word(Field::OperationName));
    let named = named.or_else(|| record.text(Field::EventName)).or_else(|| family::query(record));
    let operation = named.ok_or(DecodeError::MissingField { field: "operationName" })?;
    if ending.is_part {
        return Err(IgnoreReason::Part.into());
    }
    let resource = target::resource_id(record);
    let subscription = resource.as_ref().and_then(actor::subscription_of).map(lower);
    let actor = actor::actor(record, subscription.as_ref(), delivery);
    Ok(Event {
        source: Source::AzureActivity,
        provider: Text::Borrowed("azure"),
        id: record.word(Field::EventDataId).unwrap_or_else(|| hash_of(bytes).into()),
        time,
        action: operation::action(operation, resource.as_deref()),
        outcome: ending.outcome,
        error: ending.error,
        origin: origin::of_record(record),
        region: record.outer.text(Field::Location).filter(|region| &**region != "global"),
        targets: target::targets(record, resource, subscription.clone(), config.max_targets),
        target_account: subscription.filter(|subscription| actor.account.as_ref() != Some(subscription)),
        issued: Vec::new(),
        actor,
    })
}

/// The time of a record: of the first of these members that is one.
///
/// # Errors
/// Where none is there, or none is a time: what the last of them lacks.
pub(super) fn event_time(
    record: &Record<'_, '_>,
    fields: &[Field],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Result<Timestamp, DecodeError> {
    const FIELD: &str = "time";
    let of = |field: &Field| record.outer.get(*field).or_else(|| record.inner.get(*field));
    let mut problem = DecodeError::MissingField { field: FIELD };
    for found in fields.iter().filter_map(of) {
        let number = || found.number().ok_or(DecodeError::WrongType { field: FIELD, expected: "a time" });
        let read = match found.text() {
            Some(text) => time::from_text(&text, FIELD, delivery, config),
            None => number().and_then(|number| time::from_number(number, FIELD, delivery, config)),
        };
        match read {
            Ok(time) => return Ok(time),
            Err(error) => problem = error,
        }
    }
    Err(problem)
}
