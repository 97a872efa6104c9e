//! One activity of Google Workspace's reports → one event.
//!
//! In comes an `Activity` of the Admin SDK's Reports API (applications `token`, `login`, `admin`, `drive`, `saml`,
//! `user_accounts` and any other), with its list of events, with one of them alone (as some collectors split it), or with
//! that one's members lifted to the first level (Panther). Out comes an [`Event`], or why there is none. The same activities
//! as Google Cloud's logs carry them are read there (see `gcp`).
//!
//! An activity with several events is one action: the one that known attacks use, where one of them does, else the first;
//! the others tell targets. The operation is the event's name, the service the application.
//!
//! Source: "Activities: list" of the Reports API, and its lists of events by application.

mod action;
mod actor;
mod attacks;
mod parameter;
mod record;
mod target;

use super::json::Value;
use super::known::{Found, Known, key};
use super::names::time_of;
use super::record::hash_of;
use super::{DecodeError, Decoded, Delivery, network};
use crate::config::DecodeConfig;
use crate::event::{Event, Origin, Source, Text};
use record::Record;

pub(super) use action::says_failure;

/// Whether an object with an `id` is an activity: its id names the application, or it says so itself.
pub(super) fn is_activity(known: &Known<'_, '_>) -> bool {
    let kind = known.get(const { key("kind") }).and_then(Value::escaped_text);
    let id = || known.get(const { key("id") }).filter(|id| id.is_object());
    let names_application =
        |id: Value<'_, '_>| ["applicationName", "applicationname"].iter().any(|name| id.text_at(&[name]).is_some());
    matches!(kind, Some("admin#reports#activity" | "audit#activity" | "reports#activity"))
        || id().is_some_and(names_application)
}

/// Decodes one record that another log carries.
pub(super) fn decode_value<'a>(
    value: Value<'_, 'a>,
    bytes: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let found = Found::of(value);
    decode(&Known { value, found: &found }, bytes, delivery, config)
}

/// Decodes one record.
pub(super) fn decode<'a>(
    known: &Known<'_, 'a>,
    bytes: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let record = &Record::of(known);
    let time = time_of(record.time(), ("id.time", "a string"), delivery, config)?;
    let service = record.id.application.and_then(Value::filled).unwrap_or(Text::Borrowed("unknown"));
    let happening = action::most_telling(record, &service);
    let parameters = &happening.parameters();
    let action = action::action(&happening, parameters, service)?;
    let (outcome, error) = action::outcome(&action, parameters);
    Ok(Event {
        source: Source::WorkspaceActivity,
        provider: Text::Borrowed("google_workspace"),
        id: id(bytes, record, &action.service),
        time,
        actor: actor::actor(record, parameters, &action),
        outcome,
        error,
        origin: origin(record),
        region: None,
        target_account: None,
        targets: target::targets(record, parameters, config.max_targets),
        issued: Vec::new(),
        action,
    })
}

/// The address, and what Google says of where it is (`networkInfo`).
fn origin<'a>(record: &Record<'_, 'a>) -> Origin<'a> {
    let Some(address) = record.ip_address.clone() else { return Origin::NOWHERE };
    let asn = || record.place?.at(&["ipAsn"])?.items().next()?.text_or_digits();
    let country = || record.place?.text_at(&["regionCode"]);
    network::located(network::origin(Some(address), None), country(), asn())
}

/// The qualifier tells activities of one application and one time apart; the record's hash where there is none.
fn id<'a>(bytes: &'a [u8], record: &Record<'_, 'a>, application: &str) -> Text<'a> {
    let qualifier = record.id.qualifier.map(Value::as_written);
    match (qualifier.filter(|qualifier| !qualifier.is_empty()), record.time()) {
        (Some(qualifier), Some(time)) => Text::Owned([qualifier, "/", time.as_written(), "/", application].concat()),
        _ => hash_of(bytes).into(),
    }
}
