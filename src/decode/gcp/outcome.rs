//! How a call ended: `status`, else whether a permission was denied, else the severity of the entry.
//!
//! Sources: "AuditLog" (an absent status is that of a call that was not refused), `google.rpc.Code`, "LogSeverity". A violation of VPC
//! Service Controls in dry-run mode has the status of a refusal although the call went on.

use super::super::json::Value;
use super::entry::{AuditLog, Entry};
use super::spelling;
use crate::event::{Outcome, Text};

/// `google.rpc.Code`, by number.
const CODES: [&str; 17] = [
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
];

/// The code of a refusal.
const DENIED: &str = "PERMISSION_DENIED";

/// How it ended, and the code of the error.
pub fn outcome<'a>(entry: &Entry<'_, 'a>, log: &AuditLog<'_, 'a>, operation: &str) -> (Outcome, Option<Text<'a>>) {
    if let Some(error) = log.status.and_then(of_status) {
        let outcome = if is_dry_run(log) { Outcome::Unknown } else { Outcome::Failure };
        return (outcome, Some(error));
    }
    let denied = is_forbidden(entry) || (log.status.is_none() && is_denied(log));
    if denied || entry.is_log("policy") && !is_dry_run(log) {
        return (Outcome::Failure, Some(Text::Borrowed(DENIED)));
    }
    if let Some(error) = error_of_job(log) {
        return (Outcome::Failure, Some(error));
    }
    // Workspace's sign-ins say it in the name of what happened.
    let failed = operation.ends_with("loginFailure") || operation.ends_with("login_failure") || failed_challenge(log);
    let failed = failed || failed_event(log);
    let failed = failed || log.status.is_none() && is_severe(entry);
    (if failed { Outcome::Failure } else { Outcome::Success }, None)
}

/// The error that a status tells of: by its code, else by the name of one in its message.
pub fn of_status<'a>(status: Value<'_, 'a>) -> Option<Text<'a>> {
    match spelling::member(status, "code") {
        Some(code) => error(code),
        None => {
            let message = spelling::text_at(status, &["message"])?;
            CODES[1..].iter().find(|code| message.starts_with(**code)).map(|code| Text::Borrowed(*code))
        }
    }
}

/// Whether an entry is that of an error: it is the status's, where there is one.
fn is_severe(entry: &Entry<'_, '_>) -> bool {
    matches!(entry.severity.as_deref(), Some("ERROR" | "CRITICAL" | "ALERT" | "EMERGENCY"))
}

/// The error with which a job of BigQuery ended, in its older and its newer forms ("BigQuery audit logs overview").
fn error_of_job<'a>(log: &AuditLog<'_, 'a>) -> Option<Text<'a>> {
    let completed = || spelling::at(log.service_data?, &["jobcompletedevent", "job", "jobstatus", "error", "code"]);
    let changed = || spelling::at(log.metadata?, &["jobchange", "job", "jobstatus", "errorresult", "code"]);
    let inserted = || spelling::at(log.metadata?, &["jobinsertion", "job", "jobstatus", "errorresult", "code"]);
    completed().or_else(changed).or_else(inserted).and_then(error)
}

/// Whether a challenge of a sign-in to Workspace was not met.
fn failed_challenge(log: &AuditLog<'_, '_>) -> bool {
    let status = log.workspace_parameter("login_challenge_status");
    status.is_some_and(|status| status.to_ascii_lowercase().contains("fail"))
}

/// Whether an event of Workspace says itself that it failed.
fn failed_event(log: &AuditLog<'_, '_>) -> bool {
    log.workspace_events()
        .any(|event| spelling::at(event, &["status", "success"]).and_then(Value::truth) == Some(false))
}

/// The name of an error's code; none where it is no error.
fn error<'a>(code: Value<'_, 'a>) -> Option<Text<'a>> {
    let name = |number: f64| CODES.iter().zip(0u32..).find(|(_, at)| f64::from(*at) == number).map(|(name, _)| *name);
    match code.number() {
        Some(0.0 | 200.0..300.0) => None, // Some services write the status of HTTP.
        Some(number) => name(number).map(Text::Borrowed).or_else(|| code.text_or_digits()),
        None => code.filled().filter(|code| code != "OK"),
    }
}

/// Whether a permission was asked for and denied.
fn is_denied(log: &AuditLog<'_, '_>) -> bool {
    let granted = |check: Value<'_, '_>| spelling::member(check, "granted")?.truth();
    log.authorization.into_iter().flat_map(Value::items).any(|check| granted(check) == Some(false))
}

/// What Kubernetes Engine's API server decided.
fn is_forbidden(entry: &Entry<'_, '_>) -> bool {
    let decision = entry.labels.and_then(|labels| labels.text_at(&["authorization.k8s.io/decision"]));
    decision.as_deref() == Some("forbid")
}

fn is_dry_run(log: &AuditLog<'_, '_>) -> bool {
    log.metadata.and_then(|metadata| spelling::member(metadata, "dryrun")?.truth()) == Some(true)
}
