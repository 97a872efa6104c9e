//! How a call ended, as far as the record tells, and whether the record is but a part of it.
//!
//! Sources: "Azure activity log event schema" (`status`, `resultType`, `resultSignature`), "Azure Key Vault logging", and
//! "Azure Blob Storage monitoring data reference". Key Vault writes `resultType` `Success` for calls that it refused: the
//! HTTP status says how they ended, so that counts more.

use super::super::embedded::Embedded;
use super::super::json::Value;
use super::super::text::{begins, ends, first_part, part};
use super::fields::{Field, Record};
use crate::event::{Outcome, Text};

/// How deep the answer of a refused call is read.
const MAX_DEPTH: usize = 16;

/// How a call ended.
#[derive(Debug, PartialEq)]
pub(super) struct Ending<'a> {
    /// Another record stands for the call: it was begun or accepted and is not done.
    pub is_part: bool,
    pub outcome: Outcome,
    pub error: Option<Text<'a>>,
}

/// Reads how a call ended.
pub(super) fn ending<'a>(record: &Record<'_, 'a>) -> Ending<'a> {
    let status = record.word(Field::ResultType).or_else(|| record.word(Field::Status));
    let signature = record.word(Field::ResultSignature).or_else(|| record.word(Field::SubStatus));
    let answer = record.word(Field::MetricResponse);
    let code = http_status(record, signature.as_deref());
    let words = [status.as_deref(), signature.as_deref(), answer.as_deref()];
    let outcome = outcome(code, words);
    let begun = code.is_none_or(|code| code < 400) && status.as_deref().is_some_and(is_begun);
    let error = (outcome == Outcome::Failure).then(|| error(record, signature, answer, code)).flatten();
    Ending { is_part: begun, outcome, error }
}

/// The HTTP status of the answer.
fn http_status(record: &Record<'_, '_>, signature: Option<&str>) -> Option<u32> {
    let number = |text: &str| text.parse().ok().filter(|code| (100..600).contains(code));
    let field = |field| record.text(field).and_then(|text| number(first_part(&text, b'.')));
    field(Field::StatusCode)
        .or_else(|| field(Field::ResponseStatus))
        .or_else(|| signature.and_then(number))
        .or_else(|| number(&record.word(Field::ResultType)?))
        .or_else(|| number(&answered(record)?))
        // Registries of containers ("Monitoring data reference for Azure Container Registry").
        .or_else(|| field(Field::ResultDescription))
}

/// `403` of `{"statusCode":403,…}`, Databricks' answer ("Diagnostic log reference").
fn answered(record: &Record<'_, '_>) -> Option<Text<'static>> {
    let answer = record.get(Field::Response)?;
    let code = |it: Value<'_, '_>| it.at(&["statusCode"])?.text_or_digits().map(|code| Text::Owned(code.into_owned()));
    if answer.is_object() { code(answer) } else { code(Embedded::of(answer, MAX_DEPTH)?.document().root()) }
}

fn outcome(code: Option<u32>, words: [Option<&str>; 3]) -> Outcome {
    let mut said = words.into_iter().flatten();
    if code.is_some_and(|code| code >= 400) || said.clone().any(says_failure) {
        return Outcome::Failure;
    }
    if code.is_some_and(|code| code >= 200) || said.any(says_success) { Outcome::Success } else { Outcome::Unknown }
}

/// Words for a call that was begun, and whose end another record tells.
fn is_begun(status: &str) -> bool {
    ["start", "started", "accept", "accepted", "inprogress", "in progress", "running"]
        .iter()
        .any(|word| status.eq_ignore_ascii_case(word))
}

fn says_success(word: &str) -> bool {
    [
        "success",
        "succeeded",
        "completed",
        "sassuccess",
        "oauthsuccess",
        "anonymoussuccess",
        "ok",
        "created",
        "no content",
    ]
    .iter()
    .any(|success| begins(word, success))
}

fn says_failure(word: &str) -> bool {
    const FRONTS: [&str; 21] = [
        "fail",
        "error",
        "denied",
        "deny",
        "unauthor",
        "forbidden",
        "notfound",
        "not found",
        "badrequest",
        "bad request",
        "conflict",
        "timeout",
        "timedout",
        "cancel",
        "authorizationerror",
        "authorizationfail",
        "authorizationperm",
        "authenticationfail",
        "authenticationerror",
        "clientothererror",
        "precondition",
    ];
    let may =
        matches!(word.as_bytes().first().map(u8::to_ascii_lowercase), Some(b'a'..=b'f' | b'n' | b'p' | b't' | b'u'));
    // `SASAuthorizationError`, `ServerTimeoutError`, `AnonymousClientOtherError` …
    may && FRONTS.iter().any(|front| begins(word, front)) || ends(word, "error") || ends(word, "failure")
}

/// The provider's code for a failure, the most exact that there is.
fn error<'a>(
    record: &Record<'_, 'a>,
    signature: Option<Text<'a>>,
    answer: Option<Text<'a>>,
    code: Option<u32>,
) -> Option<Text<'a>> {
    let named = |text: &Text<'a>| !text.is_empty() && !text.bytes().all(|byte| byte.is_ascii_digit());
    let exact = |text: Text<'a>| part(&text, |text| text.rsplit('.').find(|it| !it.is_empty()));
    let in_answer = record.word(Field::StatusMessage).and_then(|text| code_of(&text));
    in_answer
        .or_else(|| record.word(Field::StatusText).filter(named))
        .or_else(|| record.word(Field::StatusCode).filter(named))
        .or_else(|| signature.and_then(exact).filter(named).filter(|word| !says_success(word)))
        .or_else(|| record.word(Field::SubStatus).filter(named))
        .or_else(|| answer.filter(named).filter(|word| !says_success(word)))
        .or_else(|| code.map(|code| Text::Owned(code.to_string())))
}

/// `AuthorizationFailed` of `{"error":{"code":"AuthorizationFailed","message":…}}`.
fn code_of(answer: &str) -> Option<Text<'static>> {
    let answer = answer.trim_ascii();
    let embedded = answer.starts_with('{').then(|| Embedded::read(answer.to_owned(), MAX_DEPTH)).flatten()?;
    let document = embedded.document();
    let root = document.root();
    let code = root.text_at(&["error", "code"]).or_else(|| root.text_at(&["code"]))?;
    Some(Text::Owned(code.into_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_outcomes() {
        for (code, status, signature, expected) in [
            (None, "Success", "", Outcome::Success),
            (None, "Succeeded", "Succeeded.OK", Outcome::Success),
            (Some(403), "Success", "Forbidden", Outcome::Failure),
            (None, "Success", "Unauthorized", Outcome::Failure),
            (None, "Failed", "", Outcome::Failure),
            (None, "Failure", "Failed.Conflict", Outcome::Failure),
            (None, "", "SASAuthorizationError", Outcome::Failure),
            (Some(201), "", "", Outcome::Success),
            (None, "Active", "", Outcome::Unknown),
        ] {
            assert_eq!(outcome(code, [Some(status), Some(signature), None]), expected, "{status} {signature}");
        }
        assert!(is_begun("Start") && is_begun("Accepted") && !is_begun("Success"));
        assert_eq!(code_of(r#"{"error":{"code":"AuthorizationFailed"}}"#).as_deref(), Some("AuthorizationFailed"));
    }
}
