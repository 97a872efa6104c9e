//! One entry of Google Cloud Audit Logs → one event.
//!
//! In comes a `LogEntry` whose payload is an `AuditLog` (admin activity, data access, system event, policy denied), as
//! Cloud Logging's sinks write it, or in the spellings of exports (`protopayload_auditlog` of BigQuery, small letters,
//! underscores), or the `AuditLog` alone. Out comes an [`Event`], or why there is none. Entries with `jsonPayload` or
//! `textPayload` are somebody's own log and ignored. Google Workspace's and GKE's audit logs come the same way.
//!
//! Counted once: a long-running operation has an entry at its first step and one at its last; the last one is part of
//! the first (`operation`), unless the operation failed. Of an entry that was split for its size, the first piece counts (`split`).
//!
//! Source: "AuditLog", "LogEntry" and "Understanding audit logs", Google Cloud documentation.

mod action;
mod actor;
mod attacks;
mod entry;
mod origin;
mod outcome;
mod subject;
mod target;

use super::json::Value;
use super::known::{Known, key};
use super::record::hash_of;
use super::{DecodeError, Decoded, Delivery, IgnoreReason, format, spelling, text, time};
use crate::config::DecodeConfig;
use crate::event::{Actor, Event, Source, Text, Timestamp};
use entry::{AuditLog, Entry};

pub(super) use action::of_method;
pub(super) use target::target;

/// Whether an entry with somebody's own log is no more than that, and not a record of a log that is known, which an agent sent to Logging.
pub(super) fn is_own(known: &Known<'_, '_>) -> bool {
    let payload = known.get(const { key("jsonPayload") }).filter(|payload| payload.is_object());
    payload.is_none_or(|payload| format::of(payload).is_none())
}

/// Decodes one record.
pub(super) fn decode<'a>(
    value: Value<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let entry = &Entry::find(value);
    let log = &entry.audit_log();
    if entry.is_no_audit(log) {
        return Err(IgnoreReason::NotAudit.into());
    }
    if entry.is_part(log.status.and_then(outcome::of_status).is_some()) {
        return Err(IgnoreReason::Part.into());
    }
    entry.check_payload()?;
    let time = event_time(entry.time(log), delivery, config)?;
    let action = action::action(entry, log)?;
    let owner = entry.owner(log);
    let actor = actor::actor(entry, log, owner.as_ref());
    let (outcome, error) = outcome::outcome(entry, log, &action.operation);
    Ok(Event {
        source: Source::GcpAudit,
        provider: Text::Borrowed("gcp"),
        id: id(record, entry),
        time,
        outcome,
        error,
        origin: origin::origin(log, actor.via_service),
        region: origin::region(entry, log),
        target_account: target_account(owner, &actor),
        targets: target::targets(entry, log, &action.service, config.max_targets),
        issued: issued(log, &action.operation),
        actor,
        action,
    })
}

/// When it happened: the entry's own time, else what stands for it in exports that leave that out. The time at which the
/// entry was received says nothing of that.
fn event_time(
    value: Option<Value<'_, '_>>,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Result<Timestamp, DecodeError> {
    const FIELD: &str = "timestamp";
    let value = value.ok_or(DecodeError::MissingField { field: FIELD })?;
    // Protocol buffers' own form of a time, which some clients write as it is.
    let parts = || Some(value.member("seconds")?.number()? + value.member("nanos").and_then(Value::number)? / 1e9);
    if let Some(number) = value.number().or_else(parts) {
        return time::from_number(in_seconds(number), FIELD, delivery, config);
    }
    let text = value.text().ok_or(DecodeError::WrongType { field: FIELD, expected: "a string" })?;
    time::from_text(text.strip_suffix(" UTC").unwrap_or(&text), FIELD, delivery, config)
}

/// BigQuery writes seconds, milliseconds, microseconds or nanoseconds, as it was asked to.
fn in_seconds(number: f64) -> f64 {
    match number.abs() {
        large if large >= 1e17 => number / 1e9,
        large if large >= 1e14 => number / 1e6,
        large if large >= 1e11 => number / 1e3,
        _ => number,
    }
}

/// An entry's id is unique within its log and time; the hash of the record where it has none.
fn id<'a>(record: &'a [u8], entry: &Entry<'_, 'a>) -> Text<'a> {
    let Some(id) = entry.insert_id.and_then(Value::filled) else { return hash_of(record).into() };
    let when = entry.timestamp.map_or("", Value::as_written);
    let log = entry.log_name.as_deref().unwrap_or_default();
    Text::Owned([&id, "/", when, "/", log].concat())
}

/// The id of the key of a service account that the call made, as `serviceAccountKeyName` ends later.
fn issued<'a>(log: &AuditLog<'_, 'a>, method: &str) -> Vec<Text<'a>> {
    if !method.ends_with("CreateServiceAccountKey") {
        return Vec::new();
    }
    let name = log.response.and_then(|response| spelling::text_at(response, &["name"]));
    let key = name.and_then(|name| text::part(&name, |name| Some(name.rsplit_once("/keys/")?.1)));
    key.into_iter().collect()
}

/// The project in which it was done, where that is not the actor's own. A number cannot be compared with a name.
fn target_account<'a>(owner: Option<Text<'a>>, actor: &Actor<'_>) -> Option<Text<'a>> {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let own = actor.account.as_deref()?;
    owner.filter(|owner| **owner != *own && is_number(owner) == is_number(own))
}
