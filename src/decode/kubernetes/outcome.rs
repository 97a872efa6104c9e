//! How a request ended: `responseStatus`, the decision of the authorizer, a panic.
//!
//! Source: "Status" and "StatusReason", Kubernetes API reference: codes from 400 on are failures. A request that was allowed, of whose
//! end nothing else is said, succeeded.

use super::super::json::Value;
use super::super::names::Names;
use super::record::Record;
use crate::event::{Outcome, Text};

/// How it ended, and the reason where it failed.
pub fn outcome<'a>(record: &Record<'_, 'a>) -> (Outcome, Option<Text<'a>>) {
    static NAMES: Names<3> = Names::new(["code", "status", "reason"]);
    let [code, status, given] = NAMES.within(record.response_status);
    // Rancher's audit log writes the code alone.
    let alone = || record.response_status?.text_or_digits()?.parse().ok();
    let code = code.and_then(Value::number).or_else(alone);
    let decided = |word| record.decision.as_deref() == Some(word);
    let forbidden = decided("forbid");
    let failed = match code {
        Some(code) if code >= 100.0 => Some(code >= 400.0),
        _ => status.and_then(Value::filled).map(|status| status == "Failure"),
    };
    if let Some(word @ ("deny" | "error")) = record.sign_in.as_deref() {
        return (Outcome::Failure, Some(Text::Borrowed(if word == "deny" { "Unauthorized" } else { "InternalError" })));
    }
    let failed = failed.or_else(|| decided("allow").then_some(false));
    if failed == Some(true) || forbidden {
        let reason = given.and_then(Value::filled).or_else(|| code.and_then(reason).map(Text::Borrowed));
        return (Outcome::Failure, reason.or_else(|| forbidden.then_some(Text::Borrowed("Forbidden"))));
    }
    if record.stage.as_deref() == Some("Panic") {
        return (Outcome::Failure, Some(Text::Borrowed("Panic")));
    }
    (failed.map_or(Outcome::Unknown, |_| Outcome::Success), None)
}

/// The reason that a code stands for.
fn reason(code: f64) -> Option<&'static str> {
    const REASONS: [(f64, &str); 12] = [
        (400.0, "BadRequest"),
        (401.0, "Unauthorized"),
        (403.0, "Forbidden"),
        (404.0, "NotFound"),
        (405.0, "MethodNotAllowed"),
        (409.0, "Conflict"),
        (410.0, "Gone"),
        (422.0, "Invalid"),
        (429.0, "TooManyRequests"),
        (500.0, "InternalError"),
        (503.0, "ServiceUnavailable"),
        (504.0, "Timeout"),
    ];
    REASONS.iter().find(|(of, _)| (of - code).abs() < 0.5).map(|(_, reason)| *reason)
}
