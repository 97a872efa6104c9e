//! How it ended: `status_id`, else `status`, else what the answer says, else whether a control let it through (`action_id`,
//! `disposition_id` of the profile security_control).

use super::super::json::Value;
use crate::event::{Outcome, Text};

/// How it ended.
pub(super) fn outcome(value: Value<'_, '_>) -> Outcome {
    let id = value.member("status_id").and_then(Value::text_or_digits);
    match id.as_deref() {
        Some("1") => return Outcome::Success,
        Some("2") => return Outcome::Failure,
        _ => {}
    }
    let word = value.text_at(&["status"]).unwrap_or_default().to_ascii_lowercase();
    if word.starts_with("succ") || word == "ok" {
        return Outcome::Success;
    }
    if word.starts_with("fail") || matches!(&*word, "error" | "denied" | "blocked" | "rejected" | "unauthorized") {
        return Outcome::Failure;
    }
    let refused = value.text_at(&["api", "response", "error"]).is_some();
    match code(value) {
        _ if refused => Outcome::Failure,
        Some(400..) => Outcome::Failure,
        Some(200..400) => Outcome::Success,
        // Microsoft's error codes, and those of gRPC, which has seventeen.
        Some(0) => Outcome::Success,
        Some(1..=16) => Outcome::Failure,
        _ if is_stopped(value) => Outcome::Failure,
        _ => Outcome::Unknown,
    }
}

/// Whether a control stopped it: 2 is `Denied` as an action, and `Blocked` as a disposition.
fn is_stopped(value: Value<'_, '_>) -> bool {
    ["action_id", "disposition_id"].iter().any(|name| {
        let id = value.member(name).and_then(Value::text_or_digits);
        id.as_deref() == Some("2")
    })
}

/// The provider's code of a failure.
pub(super) fn error<'a>(value: Value<'_, 'a>, outcome: Outcome) -> Option<Text<'a>> {
    let named = value.text_at(&["api", "response", "error"]).or_else(|| value.at(&["status_code"])?.text_or_digits());
    let coded = || value.at(&["api", "response", "code"])?.text_or_digits();
    (outcome == Outcome::Failure).then(|| named.or_else(coded)).flatten()
}

fn code(value: Value<'_, '_>) -> Option<u32> {
    let places: [&[&str]; 3] = [&["api", "response", "code"], &["http_response", "code"], &["status_code"]];
    places.into_iter().find_map(|place| value.at(place)?.text_or_digits()?.parse().ok())
}
