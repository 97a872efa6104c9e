//! Amazon Bedrock's model invocation log: one invocation → one event.
//!
//! In: a record of the log as it lies in CloudWatch Logs or S3. Out: an [`Event`] with the same principal as CloudTrail's event of the
//! same call. Prompts and answers are never looked at, nor kept. The log has no address and no user agent; the role's path is not
//! in the ARN of a session. Source: Amazon Bedrock User Guide, "Monitor model invocation using CloudWatch Logs and Amazon S3".

use super::json::Value;
use super::record::hash_of;
use super::{DecodeError, Decoded, Delivery, aws_actions, cloudtrail, network, text, time};
use crate::config::DecodeConfig;
use crate::event::{Action, Actor, Event, Outcome, Source, Text, Timestamp};

/// Whether an object with a `schemaType` is an invocation's.
pub(super) fn is_record(value: Value<'_, '_>) -> bool {
    value.text_at(&["schemaType"]).is_some_and(|schema| schema == "ModelInvocationLog")
}

/// Decodes one record.
pub(super) fn decode<'a>(
    value: Value<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    match event(record, value, delivery, config) {
        Ok(event) => Decoded::Event(event),
        Err(error) => Decoded::Dead(error),
    }
}

fn event<'a>(
    bytes: &'a [u8],
    record: Value<'_, 'a>,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Result<Event<'a>, DecodeError> {
    let time = time_of(record, delivery, config)?;
    let action = action(record)?;
    let account = record.at(&["accountId"]).and_then(Value::text_or_digits);
    let error = record.text_at(&["errorCode"]);
    let actor = actor(record, account.clone());
    let mut event = Event {
        source: Source::AwsBedrock,
        provider: Text::Borrowed("aws"),
        id: record.text_at(&["requestId"]).unwrap_or_else(|| hash_of(bytes).into()),
        time,
        outcome: if error.is_some() { Outcome::Failure } else { Outcome::Success },
        error,
        origin: network::origin(None, None),
        region: record.text_at(&["region"]),
        target_account: account.filter(|account| actor.account.as_ref() != Some(account)),
        targets: record.text_at(&["modelId"]).map(cloudtrail::model).into_iter().take(config.max_targets).collect(),
        issued: Vec::new(),
        actor,
        action,
    };
    text::bound(&mut event, config.max_text_bytes);
    Ok(event)
}

/// The caller by his ARN; where there is none, only the account that was called in is known.
fn actor<'a>(record: Value<'_, 'a>, account: Option<Text<'a>>) -> Actor<'a> {
    cloudtrail::actor_of_arn(record.text_at(&["identity", "arn"]), account)
}

fn time_of(record: Value<'_, '_>, delivery: &Delivery<'_>, config: &DecodeConfig) -> Result<Timestamp, DecodeError> {
    let field = "timestamp";
    let value = record.at(&[field]).ok_or(DecodeError::MissingField { field })?;
    match (value.number(), value.text()) {
        (Some(number), _) => time::from_number(number, field, delivery, config),
        (_, Some(text)) => time::from_text(&text, field, delivery, config),
        _ => Err(DecodeError::WrongType { field, expected: "a date in RFC 3339 form" }),
    }
}

fn action<'a>(record: Value<'_, 'a>) -> Result<Action<'a>, DecodeError> {
    let field = "operation";
    let value = record.at(&[field]).ok_or(DecodeError::MissingField { field })?;
    let operation = value.text().ok_or(DecodeError::WrongType { field, expected: "a string" })?;
    if operation.is_empty() {
        return Err(DecodeError::MissingField { field });
    }
    let service = "bedrock";
    let known = aws_actions::find(service, &operation);
    let attack = known.and_then(|known| known.attack);
    // As CloudTrail says of the same calls: management events that read.
    let said = aws_actions::Said { read_only: Some(true), data: Some(false) };
    Ok(Action {
        access: aws_actions::access(service, &operation, said),
        sensitivity: known.and_then(|known| known.sensitivity),
        tactic: attack.map(|(tactic, _)| tactic),
        technique: attack.map(|(_, technique)| Text::Borrowed(technique)),
        service: Text::Borrowed(service),
        operation,
    })
}
