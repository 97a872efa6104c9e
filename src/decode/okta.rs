//! Okta's System Log: one LogEvent → one event.
//!
//! In: a LogEvent of the System Log API, of a log stream, of an event hook or of EventBridge, its wrapping taken off. Out: an
//! [`Event`], or why there is none. Names of members are read without regard to case: data lakes write them in small letters
//! (`eventtype`, `debugcontext`). A record does not say of which organisation it is: event hooks and EventBridge do, else the topic's configured scope.
//! Source: Okta Developer, "System Log API", LogEvent object.

mod actions;
mod actor;

use super::json::Value;
use super::known::{Known, key};
use super::names::{required, time_of};
use super::platform_actions::{self, kind_of_target};
use super::record::hash_of;
use super::{DecodeError, Decoded, Delivery, network, text};
use crate::config::DecodeConfig;
use crate::event::{Access, Action, Event, NetworkClass, Origin, Outcome, Source, Target, Text};

/// A record's members, each absent where the record has none, or `null`.
#[derive(Debug, Default)]
struct Record<'t, 'a> {
    actor: Option<Value<'t, 'a>>,
    authentication: Option<Value<'t, 'a>>,
    client: Option<Value<'t, 'a>>,
    /// What others put in place of `published`.
    copied_time: Option<Value<'t, 'a>>,
    debug: Option<Value<'t, 'a>>,
    event_type: Option<Value<'t, 'a>>,
    outcome: Option<Value<'t, 'a>>,
    published: Option<Value<'t, 'a>>,
    request: Option<Value<'t, 'a>>,
    security: Option<Value<'t, 'a>>,
    target: Option<Value<'t, 'a>>,
    transaction: Option<Value<'t, 'a>>,
    uuid: Option<Value<'t, 'a>>,
}

impl<'t, 'a> Record<'t, 'a> {
    fn find(record: Value<'t, 'a>) -> Record<'t, 'a> {
        let mut found = Record::default();
        record.visit(|key, value| {
            if let Some(place) = found.place(key)
                && !value.is_null()
            {
                *place = Some(value);
            }
            true
        });
        found
    }

    fn place(&mut self, key: &[u8]) -> Option<&mut Option<Value<'t, 'a>>> {
        Some(match key {
            b"actor" => &mut self.actor,
            b"authenticationContext" | b"authenticationcontext" => &mut self.authentication,
            b"client" => &mut self.client,
            b"debugContext" | b"debugcontext" => &mut self.debug,
            b"eventType" | b"eventtype" => &mut self.event_type,
            b"outcome" => &mut self.outcome,
            b"p_event_time" | b"timestamp" | b"@timestamp" => &mut self.copied_time,
            b"published" => &mut self.published,
            b"request" => &mut self.request,
            b"securityContext" | b"securitycontext" => &mut self.security,
            b"target" => &mut self.target,
            b"transaction" => &mut self.transaction,
            b"uuid" => &mut self.uuid,
            _ => return None,
        })
    }
}

/// Whether an object with an event type and an actor is Okta's.
pub(super) fn is_record(known: &Known<'_, '_>) -> bool {
    const OWN: [&str; 6] =
        ["uuid", "legacyEventType", "legacyeventtype", "displayMessage", "displaymessage", "securitycontext"];
    let Some(actor) = known.get(const { key("actor") }).filter(|actor| actor.is_object()) else { return false };
    let has = |value: Value<'_, '_>, name: &str| value.at(&[name]).is_some();
    ["alternateId", "displayName"].iter().any(|name| has(actor, name)) || OWN.iter().any(|name| has(known.value, name))
}

/// Decodes one record.
pub(super) fn decode<'a>(
    value: Value<'_, 'a>,
    bytes: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let record = &Record::find(value);
    let time =
        time_of(record.published.or(record.copied_time), ("published", "a date in RFC 3339 form"), delivery, config)?;
    let action = action(record)?;
    let actor = actor::actor(record, delivery);
    let outcome = outcome(record);
    let reason = record.outcome.and_then(|it| it.text_at(&["reason"])).filter(|_| outcome == Outcome::Failure);
    Ok(Event {
        source: Source::OktaSystem,
        provider: Text::Borrowed("okta"),
        id: record.uuid.and_then(Value::filled).unwrap_or_else(|| hash_of(bytes).into()),
        time,
        outcome,
        error: reason,
        origin: origin(record, actor.via_service),
        region: None,
        target_account: None,
        targets: targets(record, config.max_targets),
        issued: Vec::new(),
        actor,
        action,
    })
}

fn action<'a>(record: &Record<'_, 'a>) -> Result<Action<'a>, DecodeError> {
    required(record.event_type, "eventType").map(action_of)
}

/// The action of an event's type.
pub(super) fn action_of(operation: Text<'_>) -> Action<'_> {
    let category = text::part(&operation, |name| Some(text::first_part(name, b'.')).filter(|it| !it.is_empty()));
    let service = category.unwrap_or(Text::Borrowed("okta"));
    platform_actions::action(service, operation, &actions::TABLE, Access::Unknown)
}

/// A challenge is neither: what became of it, another event tells.
fn outcome(record: &Record<'_, '_>) -> Outcome {
    let result = record.outcome.and_then(|outcome| outcome.text_at(&["result"]).or_else(|| outcome.filled()));
    let mut room = [0; 16];
    match text::small(&result.unwrap_or_default(), &mut room) {
        b"success" | b"allow" => Outcome::Success,
        b"failure" | b"deny" | b"rate_limit" | b"abandoned" | b"unanswered" => Outcome::Failure,
        _ => Outcome::Unknown,
    }
}

/// The client's address; the first of the request's chain where it has none, or `null` as text. Okta itself acts from nowhere.
fn origin<'a>(record: &Record<'_, 'a>, by_okta: bool) -> Origin<'a> {
    let at = |path: &[&str]| record.client.and_then(|client| client.text_at(path));
    let first = || record.request?.member("ipChain")?.items().find_map(|link| link.text_at(&["ip"]));
    let ip = at(&["ipAddress"]).or_else(|| at(&["ip"])).filter(|ip| ip != "null").or_else(first);
    let user_agent = at(&["userAgent", "rawUserAgent"]);
    if by_okta && ip.is_none() {
        return Origin { ip, class: NetworkClass::CloudInternal, user_agent, ..Origin::NOWHERE };
    }
    // It names the country in full, and the network by its number.
    let asn = record
        .security
        .and_then(|security| security.at(&["asNumber"]).or_else(|| security.at(&["asnumber"]))?.text_or_digits());
    network::located(network::origin(ip, user_agent), None, asn)
}

/// What it was done to, in the log's order.
fn targets<'a>(record: &Record<'_, 'a>, limit: usize) -> Vec<Target<'a>> {
    let items = record.target.into_iter().flat_map(Value::items);
    items.filter_map(target).take(limit).collect()
}

fn target<'a>(value: Value<'_, 'a>) -> Option<Target<'a>> {
    const KINDS: &[&str] = &[
        "okta:AppInstance",
        "okta:AppUser",
        "okta:AuthenticatorEnrollment",
        "okta:PolicyEntity",
        "okta:PolicyRule",
        "okta:PublicClientApp",
        "okta:ROLE",
        "okta:User",
        "okta:UserGroup",
        "okta:access_token",
        "okta:code",
        "okta:id_token",
        "okta:refresh_token",
    ];
    let kind = value.text_at(&["type"]).unwrap_or(Text::Borrowed("unknown"));
    let name = actor::name_of(value)?;
    // Tokens and codes are new each time: one of them is as good as another.
    let fleeting = matches!(kind.as_ref(), "code" | "access_token" | "id_token" | "refresh_token" | "Bucket Uuid");
    let kind = kind_of_target(KINDS, "okta:", text::cut(kind, 64).as_bytes());
    let container = if fleeting { kind.clone() } else { name.clone() };
    Some(Target { kind, name, container, account: None })
}
