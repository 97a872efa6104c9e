//! What was asked of the API: verb and resource, as RBAC's rules name them.
//!
//! The service is the API group (`core` where it is empty), the operation `create pods/exec`; a request for no resource is
//! named by its path (`get /healthz`).

use super::super::DecodeError;
use super::super::text::part;
use super::meaning::{Request, meaning};
use super::record::Record;
use crate::event::{Action, Text};

/// Reads what was asked.
///
/// # Errors
/// Where the verb is missing, or no text.
pub fn action<'a>(record: &Record<'_, 'a>) -> Result<Action<'a>, DecodeError> {
    const FIELD: &str = "verb";
    let verb = record.verb.ok_or(DecodeError::MissingField { field: FIELD })?;
    let verb = verb.text().ok_or(DecodeError::WrongType { field: FIELD, expected: "a string" })?;
    if verb.is_empty() {
        return Err(DecodeError::MissingField { field: FIELD });
    }
    let resource = record.object_text("resource").unwrap_or_default();
    let subresource = record.object_text("subresource").unwrap_or_default();
    let name = record.object_text("name").unwrap_or_default();
    let meaning = meaning(Request { verb: &verb, resource: &resource, subresource: &subresource, name: &name });
    let (tactic, technique) = meaning.attack.unzip();
    Ok(Action {
        operation: operation(record, verb, &resource, &subresource),
        service: record.object_text("apiGroup").unwrap_or(Text::Borrowed("core")),
        access: meaning.access,
        sensitivity: meaning.sensitivity,
        tactic,
        technique: technique.map(Text::Borrowed),
    })
}

fn operation<'a>(record: &Record<'_, 'a>, verb: Text<'a>, resource: &str, subresource: &str) -> Text<'a> {
    match (resource, subresource) {
        ("", _) => match record.request_uri.as_ref().and_then(|uri| part(uri, |uri| uri.split('?').next())) {
            Some(path) => Text::Owned([&verb, " ", &path].concat()),
            None => verb,
        },
        (resource, "") => Text::Owned([&verb, " ", resource].concat()),
        (resource, subresource) => Text::Owned([&verb, " ", resource, "/", subresource].concat()),
    }
}
