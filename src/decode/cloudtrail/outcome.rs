//! How a call ended, as far as the record tells.

use super::super::json::Value;
use super::super::text;
use super::record::Record;
use crate::event::Outcome;

/// Members of what a service tells that are looked into.
const MAX_DETAILS: usize = 8;

/// A call failed where it has an error code or message, where a sign-in event says so in its answer
/// (`"responseElements": {"ConsoleLogin": "Failure"}`), or where the answer of a data event has the status of a failure; else it succeeded, since CloudTrail records only what was
/// answered.
pub fn outcome(record: &Record<'_, '_>) -> Outcome {
    let says_error = [record.error_code, record.error_message].into_iter().flatten().any(Value::is_filled);
    let answers = [record.response_elements, record.service_event_details];
    let answer = || {
        record
            .event_name
            .and_then(Value::text)
            .and_then(|name| answers.into_iter().flatten().find_map(|it| it.member(&name)))
    };
    if says_error
        || answer().and_then(Value::text).is_some_and(|word| word.eq_ignore_ascii_case("failure"))
        || is_refused(record)
        || record.service_event_details.is_some_and(has_failed)
    {
        Outcome::Failure
    } else {
        Outcome::Success
    }
}

/// Whether the answer has the status of a failure: gateways of AgentCore tell it of a call that they refuse there alone ("Understanding
/// Amazon Bedrock AgentCore Gateway CloudTrail events"), the pages of Cognito beside the answer ("Logging Amazon Cognito API calls").
fn is_refused(record: &Record<'_, '_>) -> bool {
    let is_data = || match record.event_category {
        Some(category) => category.text().is_some_and(|category| category == "Data"),
        None => record.management_event.and_then(Value::truth) == Some(false),
    };
    let is_failure =
        |status: Option<Value<'_, '_>>| status.and_then(Value::number).is_some_and(|status| status >= 400.0);
    record.response_elements.is_some_and(|answer| is_data() && is_failure(answer.member("statusCode")))
        || record.additional_event_data.is_some_and(|data| is_failure(data.at(&["responseParameters", "status"])))
}

/// Whether what a service tells of its own work says that it failed: `{"createAccountStatus": {"state": "FAILED"}}` ("Logging and monitoring
/// in AWS Organizations", "Lifecycle events in AWS Control Tower").
fn has_failed(details: Value<'_, '_>) -> bool {
    let says = |details: Value<'_, '_>| {
        let words = ["state", "status"].into_iter().filter_map(|name| details.member(name)?.text());
        words.into_iter().any(|word| text::begins(&word, "fail"))
    };
    says(details) || details.members().take(MAX_DETAILS).any(|(_, inner)| says(inner))
}
