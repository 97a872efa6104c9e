//! What was asked of the API: verb and resource, as RBAC's rules name them.
//!
//! The service is the API group (`core` where it is empty), the operation `create pods/exec`; a request for no resource is
//! named by its path (`get /healthz`).

use super::super::DecodeError;
use super::super::names::required;
use super::super::text::part;
use super::meaning::{Request, meaning};
use super::record::Record;
use crate::event::{Action, Text};

/// Reads what was asked.
///
/// # Errors
/// Where the verb is missing, or no text.
pub fn action<'a>(record: &Record<'_, 'a>) -> Result<Action<'a>, DecodeError> {
    let verb = required(record.verb, "verb")?;
    let object = &record.object;
    let [resource, subresource, name] =
        [&object.resource, &object.subresource, &object.name].map(|text| text.as_deref().unwrap_or_default());
    let meaning = meaning(Request { verb: &verb, resource, subresource, name });
    let (tactic, technique) = meaning.attack.unzip();
    Ok(Action {
        operation: operation(record, verb, resource, subresource),
        service: object.group.clone().unwrap_or(Text::Borrowed("core")),
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
