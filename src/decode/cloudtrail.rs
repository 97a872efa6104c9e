//! One CloudTrail record → one event.
//!
//! In comes one record object, out comes an [`Event`] whose text borrows from it, or why there is none. Management,
//! data and network-activity events are events; Insights and aggregated events repeat what single events tell, and are
//! ignored. Of the record only what an event is made of is looked into; a wrong type where it does not
//! matter leaves that one thing out. Envelopes are taken off before, identities are resolved after.
//!
//! What matters: `eventTime`, `eventName`, and that `eventSource` and `userIdentity`, where they are, are a text and an object.
//! Dates as some pipelines write them (`2026-01-31 23:59:59.000`, taken as UTC) are read too, and Logstash's
//! `@timestamp` where there is no `eventTime`. The operation is the event's name, but for Lambda's, which carries the
//! version of its interface (`UpdateFunctionCode20150331v2`): the name that policies and people use is kept
//! (`lambda:UpdateFunctionCode`).

mod actor;
mod arn;
mod columns;
mod issued;
mod kept;
mod origin;
mod outcome;
mod record;
mod row;
mod session;
mod target;
mod target_kinds;

pub(super) use actor::{UserIdentity, of_arn as actor_of_arn};
pub(super) use columns::{are_in as has_columns, are_telling as has_telling_columns};
pub(super) use kept::Kept;
pub(super) use record::Record;
pub(super) use session::{Session, SessionIssuer, creation_date, subject};
pub(super) use target::model;

use super::json::{Tape, Value};
use super::known::{Found, Known};
use super::record::{explain, hash_of, read};
use super::{DecodeError, Decoded, Delivery, IgnoreReason, NoEvent, aws_actions, text, time};
use crate::config::DecodeConfig;
use crate::event::{Action, Actor, Event, Source, Target, Text, Timestamp};

/// Whether text that was not read looks like a CloudTrail record, or holds one.
pub fn recognises(record: &[u8]) -> bool {
    let quoted: [&[u8]; 4] = [b"\"eventVersion\"", b"\"userIdentity\"", b"\"eventSource\"", b"\"eventName\""];
    quoted.into_iter().filter(|key| memchr::memmem::find(record, key).is_some()).take(2).count() == 2
}

/// Decodes the bytes of one record that arrived at `arrival`, where that is known.
pub fn decode<'a>(record: &'a [u8], arrival: Option<Timestamp>, config: &DecodeConfig) -> Decoded<'a> {
    let (bytes, limit) = (record.len(), config.max_record_bytes);
    if bytes > limit {
        return Err(NoEvent::Dead(DecodeError::RecordTooLarge { bytes, limit }));
    }
    match read(record, config, &mut Tape::default()) {
        Ok(document) => {
            let (value, found) = (document.root(), Found::of(document.root()));
            let mut read = decode_known(&Known { value, found: &found }, record, &arrival.into(), config);
            if let Ok(event) = &mut read {
                text::bound(event, config.max_text_bytes);
            }
            read
        }
        Err(malformed) => Err(NoEvent::Dead(explain(malformed, record, config.max_depth))),
    }
}

/// The same for a record that was read.
pub(super) fn decode_known<'a>(
    known: &Known<'_, 'a>,
    bytes: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let record = Record::of(known);
    let in_columns = match record.user_identity {
        Some(identity) => columns::is_text(identity),
        None => columns::are_in(known.value),
    };
    if in_columns {
        return columns::decode(known.value, bytes, delivery, config);
    }
    check_own(&record)?;
    event(bytes, &record, delivery, config)
}

/// That a record tells something of its own: Insights and aggregates repeat what others tell.
fn check_own(record: &Record<'_, '_>) -> Result<(), IgnoreReason> {
    if record.is_of("AwsCloudTrailInsight", "Insight") {
        return Err(IgnoreReason::Insight);
    }
    if record.is_of("AwsAggregatedEvent", "Aggregated") { Err(IgnoreReason::NotAudit) } else { Ok(()) }
}

fn event<'a>(bytes: &'a [u8], record: &Record<'_, 'a>, delivery: &Delivery<'_>, config: &DecodeConfig) -> Decoded<'a> {
    let time = event_time(record, delivery, config)?;
    let action = action(record, record)?;
    actor::check(record)?;
    let actor = actor::actor(record);
    let resources = target::resources(record);
    let targets = target::targets(resources, record.request_parameters, &action.service, config.max_targets);
    Ok(assemble(bytes, record, time, action, actor, (targets, issued::issued(record))))
}

/// An event of what was made of its parts; events are large, so this is to be where it is wanted.
#[inline(always)]
fn assemble<'a>(
    bytes: &[u8],
    record: &Record<'_, 'a>,
    time: Timestamp,
    action: Action<'a>,
    actor: Actor<'a>,
    (targets, issued): (Vec<Target<'a>>, Vec<Text<'a>>),
) -> Event<'a> {
    let recipient = record.recipient_account_id.and_then(Value::text_or_digits);
    Event {
        source: Source::AwsCloudtrail,
        provider: Text::Borrowed("aws"),
        id: id(bytes, record),
        time,
        outcome: outcome::outcome(record),
        error: record.error_code.and_then(Value::filled),
        origin: origin::origin(record, actor.via_service),
        region: record.aws_region.and_then(Value::filled).filter(|region| !is_global(&action.service, region)),
        target_account: recipient.filter(|account| actor.account.as_ref() != Some(account)),
        targets,
        issued,
        actor,
        action,
    }
}

/// The time as text; some pipelines make a number of it, of seconds or less.
fn event_time(
    record: &Record<'_, '_>,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Result<Timestamp, DecodeError> {
    const FIELD: &str = "eventTime";
    let value = record.event_time.or(record.timestamp);
    match value.and_then(Value::number).filter(|number| *number > 1e9) {
        Some(number) => time::from_number(number, FIELD, delivery, config),
        None => time::from_text(&Record::required(value, FIELD)?, FIELD, delivery, config),
    }
}

/// Whether a service has no regions: its calls are logged in one, wherever they were meant for (AWS, "Global service
/// events" in the CloudTrail user guide). That region says nothing of the caller.
fn is_global(service: &str, region: &str) -> bool {
    let global = matches!(
        service.as_bytes(),
        b"account"
            | b"artifact"
            | b"billing"
            | b"billingconsole"
            | b"budgets"
            | b"ce"
            | b"cloudfront"
            | b"globalaccelerator"
            | b"health"
            | b"iam"
            | b"organizations"
            | b"route53"
            | b"route53domains"
            | b"savingsplans"
            | b"shield"
            | b"support"
            | b"trustedadvisor"
            | b"waf"
    );
    global || (service == "sts" && region == "us-east-1")
}

/// The provider's id of the event: the one that the copies for several accounts share, its own, or the record's hash.
fn id<'a>(bytes: &[u8], record: &Record<'_, 'a>) -> Text<'a> {
    let given = [record.shared_event_id, record.event_id, record.uid].into_iter().flatten().find_map(Value::filled);
    given.unwrap_or_else(|| hash_of(bytes).into())
}

/// `told` is the record with what its request and its answer say.
fn action<'a>(record: &Record<'_, 'a>, told: &Record<'_, '_>) -> Result<Action<'a>, DecodeError> {
    // Whoever cut a record down to what he needed may have left out where an action is of, but not what it was.
    let source = match record.event_source {
        Some(source) => Record::required(Some(source), "eventSource")?,
        None => Text::Borrowed("aws"),
    };
    let name = Record::required(record.event_name, "eventName")?;
    let service = text::part(&source, |source| Some(service_name(source))).unwrap_or(source);
    let operation = text::part(&name, |name| Some(operation_name(&service, name))).unwrap_or_else(|| name.clone());
    let known = aws_actions::find(&service, &operation);
    let said = aws_actions::Said { read_only: record.read_only.and_then(Value::truth), data: concerns_data(record) };
    Ok(Action {
        access: aws_actions::access(&service, &operation, said),
        sensitivity: known.and_then(|known| known.sensitivity).filter(|_| !reads_no_secret(told, &service)),
        tactic: known.and_then(|known| known.attack).map(|(tactic, _)| tactic),
        technique: known.and_then(|known| known.attack).map(|(_, technique)| Text::Borrowed(technique)),
        service,
        // As the log names it: Lambda's `UpdateFunctionCode20150331v2` is not folded, so that what is shown is found there.
        operation: name,
    })
}

/// Whether it is a data event; network-activity events are neither that nor management events.
fn concerns_data(record: &Record<'_, '_>) -> Option<bool> {
    match record.event_category.and_then(Value::text).as_deref() {
        Some("Data") => Some(true),
        Some("Management") => Some(false),
        Some(_) => None,
        None => record.management_event.and_then(Value::truth).map(|management| !management),
    }
}

/// A parameter of Systems Manager is a secret only where it was asked for decrypted.
fn reads_no_secret(record: &Record<'_, '_>, service: &str) -> bool {
    let decrypted = || record.request_parameters?.member("withDecryption")?.truth();
    let operation = || record.event_name?.text();
    service == "ssm" && operation().is_some_and(|name| name.starts_with("GetParameter")) && decrypted() != Some(true)
}

fn service_name(source: &str) -> &str {
    let name = source.strip_suffix(".cn").unwrap_or(source).strip_suffix(".amazonaws.com");
    name.filter(|name| !name.is_empty()).unwrap_or(source)
}

/// Without the version of Lambda's interface: eight digits, perhaps followed by `v2`.
fn operation_name<'t>(service: &str, name: &'t str) -> &'t str {
    if service != "lambda" {
        return name;
    }
    let digits = |text: &str| text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let unversioned = match digits(name) {
        1..=2 => name[..name.len() - digits(name)].strip_suffix('v').unwrap_or(name),
        _ => name,
    };
    match digits(unversioned) {
        8 if unversioned.len() > 8 => &unversioned[..unversioned.len() - 8],
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lambda_operations_lose_their_version() {
        for (name, expected) in [
            ("UpdateFunctionCode20150331v2", "UpdateFunctionCode"),
            ("AddPermission20150331", "AddPermission"),
            ("Invoke", "Invoke"),
            ("PutThing2", "PutThing2"),
            ("20150331", "20150331"),
        ] {
            assert_eq!(operation_name("lambda", name), expected);
        }
        assert_eq!(operation_name("iam", "CreateThing20150331"), "CreateThing20150331");
        assert_eq!(service_name("iam.amazonaws.com"), "iam");
        assert_eq!(service_name("s3.amazonaws.com.cn"), "s3");
        assert_eq!(service_name("elsewhere"), "elsewhere");
    }
}
