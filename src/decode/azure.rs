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
mod family;
mod fields;
mod known;
mod lenient;
mod operation;
mod origin;
mod outcome;
mod target;

use super::embedded::{own, unfolded};
use super::json::Value;
use super::known::{Known, key};
use super::record::hash_of;
use super::{DecodeError, Decoded, Delivery, IgnoreReason, entra, time};
use crate::config::DecodeConfig;
use crate::event::{Event, Source, Text, Timestamp};

use family::Family;

pub(super) use actor::{lower, managed_by, tenant};
pub(super) use fields::{Field, Record};
pub(super) use lenient::sanitise;
pub(super) use operation::action;
pub(super) use origin::{is_address, origin};

/// Columns that hold JSON as text in some ways of export, in small letters.
const NESTED: [&str; 19] = [
    "additionaldetails",
    "agent",
    "authorization",
    "authorization_d",
    "authorizationdetails",
    "claims",
    "claims_d",
    "httprequest",
    "httprequest_d",
    "identity",
    "initiatedby",
    "locationdetails",
    "managedserviceidentity",
    "properties",
    "properties_d",
    "properties_s",
    "status",
    "substatus",
    "targetresources",
];

/// Whether a record with a category and a resource names an operation where Event Hubs and Service Bus do.
pub(super) fn is_of_bus(known: &Known<'_, '_>) -> bool {
    ["EventName", "ActivityName"].iter().any(|name| known.value.member(name).is_some_and(Value::is_filled))
}

/// Whether a row of Log Analytics is of one of the tables that are read here.
pub(super) fn is_table(known: &Known<'_, '_>) -> bool {
    let table = known.get(const { key("Type") }).and_then(Value::text);
    table.is_some_and(|table| family::is_table(&table))
}

/// Decodes one record.
pub(super) fn decode<'a>(
    value: Value<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let wanted = |key: &str| key.len() < 24 && NESTED.contains(&&*key.to_ascii_lowercase());
    match unfolded(value, wanted, config.max_depth) {
        Some(unfolded) => own(decode_flat(unfolded.document().root(), record, delivery, config)),
        None => decode_flat(value, record, delivery, config),
    }
}

/// Decodes one record whose nested members are no text.
fn decode_flat<'a>(value: Value<'_, 'a>, bytes: &[u8], delivery: &Delivery<'_>, config: &DecodeConfig) -> Decoded<'a> {
    let record = Record::of(value);
    match family::of(&record) {
        Family::Resource => of_resource(bytes, &record, delivery, config),
        Family::Database => database::decode(bytes, &record, delivery, config),
        Family::Kubernetes => cluster::of_record(&record, delivery, config),
        Family::KubernetesTable => cluster::of_row(&record, delivery, config),
        Family::SignIn => entra::sign_in(bytes, &record, delivery, config),
        Family::Audit => entra::audit(bytes, &record, delivery, config),
        Family::Graph => entra::graph(bytes, &record, delivery, config),
        Family::Other => Err(IgnoreReason::NotAudit.into()),
    }
}

fn of_resource<'a>(
    bytes: &[u8],
    record: &Record<'_, 'a>,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let ending = outcome::ending(record);
    let time = event_time(record, &[Field::EventTime, Field::Time, Field::TimeGenerated], delivery, config)?;
    let named = record.word(Field::OperationNameValue).or_else(|| record.word(Field::OperationName));
    let named = named.or_else(|| record.text(Field::EventName));
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
