//! Amazon Bedrock's model invocation log: one invocation → one event.
//!
//! In: a record of the log as it lies in CloudWatch Logs or S3. Out: an [`Event`] with the same principal as CloudTrail's event of the
//! same call. Prompts and answers are never looked at, nor kept. The log has no address and no user agent; the role's path is not
//! in the ARN of a session. Source: Amazon Bedrock User Guide, "Monitor model invocation using CloudWatch Logs and Amazon S3".

use super::json::Value;
use super::known::{Known, key};
use super::names::{Names, required, time_of};
use super::record::hash_of;
use super::{DecodeError, Decoded, Delivery, aws_actions, cloudtrail, network};
use crate::config::DecodeConfig;
use crate::event::{Action, Event, Outcome, Source, Text};

/// Whether an object with a `schemaType` is an invocation's.
pub(super) fn is_record(known: &Known<'_, '_>) -> bool {
    let schema = known.get(const { key("schemaType") });
    schema.and_then(Value::text).is_some_and(|schema| schema == "ModelInvocationLog")
}

/// Decodes one record.
pub(super) fn decode<'a>(
    record: Value<'_, 'a>,
    bytes: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    static NAMES: Names<8> =
        Names::new(["timestamp", "operation", "accountId", "errorCode", "identity", "requestId", "region", "modelId"]);
    let [timestamp, operation, account, texts @ ..] = NAMES.of(record);
    let time = time_of(timestamp, ("timestamp", "a date in RFC 3339 form"), delivery, config)?;
    let action = action(operation)?;
    let arn = texts[1].and_then(|identity| identity.text_at(&["arn"]));
    let [error, _, id, region, model] = texts.map(|value| value.and_then(Value::filled));
    let account = account.and_then(Value::text_or_digits);
    // The caller by his ARN; where there is none, only the account that was called in is known.
    let actor = cloudtrail::actor_of_arn(arn, account.clone());
    Ok(Event {
        source: Source::AwsBedrock,
        provider: Text::Borrowed("aws"),
        id: id.unwrap_or_else(|| hash_of(bytes).into()),
        time,
        outcome: if error.is_some() { Outcome::Failure } else { Outcome::Success },
        error,
        origin: network::origin(None, None),
        region,
        target_account: account.filter(|account| actor.account.as_ref() != Some(account)),
        targets: model.map(cloudtrail::model).into_iter().take(config.max_targets).collect(),
        issued: Vec::new(),
        actor,
        action,
    })
}

fn action<'a>(operation: Option<Value<'_, 'a>>) -> Result<Action<'a>, DecodeError> {
    let operation = required(operation, "operation")?;
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
