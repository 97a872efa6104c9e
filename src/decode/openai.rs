//! OpenAI's audit log of an organisation: one record → one event.
//!
//! In: an object of the list that `GET /v1/organization/audit_logs` answers with. Out: an [`Event`], or why there is none. What an
//! event says of itself lies in a member named as its type (`"api_key.created": {…}`; exports write `api_key_created`). The log
//! does not name the organisation: that is the topic's configured scope, else the project of a service account. Source: OpenAI API reference, "Audit logs".

mod actions;

use super::json::Value;
use super::record::hash_of;
use super::{DecodeError, Decoded, Delivery, network, platform_actions, text, time};
use crate::config::DecodeConfig;
use crate::event::{
    Access, Action, Actor, Credential, CredentialClass, Delegator, Event, Origin, Outcome, Relation, Source, Target,
    Text, Timestamp,
};

/// Whether an object with a type and an actor is a record of the audit log.
pub(super) fn is_record(value: Value<'_, '_>) -> bool {
    value.member("effective_at").is_some()
        || value.text_at(&["object"]).is_some_and(|what| what == "organization.audit_log")
}

/// Decodes one record.
pub(super) fn decode<'a>(
    value: Value<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    match event(record, value, delivery, config) {
        Ok(event) => Decoded::Event(event),
        Err(error) => Decoded::Dead(error),
    }
}

fn event<'a>(
    bytes: &'a [u8],
    record: Value<'_, 'a>,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Result<Event<'a>, DecodeError> {
    let time = time_of(record, delivery, config)?;
    let action = action(record)?;
    let payload = payload(record, &action.operation);
    let failed = action.operation.ends_with(".failed");
    let at = |name| payload.and_then(|payload| payload.text_at(&[name]));
    let mut event = Event {
        source: Source::OpenaiAudit,
        provider: Text::Borrowed("openai"),
        id: record.text_at(&["id"]).unwrap_or_else(|| hash_of(bytes).into()),
        time,
        outcome: if failed { Outcome::Failure } else { Outcome::Success },
        error: at("error_code").or_else(|| at("error_message")).filter(|_| failed),
        origin: origin(record),
        region: None,
        target_account: None,
        targets: targets(record, payload, &action.service, config.max_targets),
        issued: Vec::new(),
        actor: actor(record, delivery),
        action,
    };
    text::bound(&mut event, config.max_text_bytes);
    Ok(event)
}

fn time_of(record: Value<'_, '_>, delivery: &Delivery<'_>, config: &DecodeConfig) -> Result<Timestamp, DecodeError> {
    let field = "effective_at";
    let value = record.at(&[field]).ok_or(DecodeError::MissingField { field })?;
    match (value.number(), value.text()) {
        (Some(number), _) => time::from_number(number, field, delivery, config),
        (_, Some(text)) => time::from_text(&text, field, delivery, config),
        _ => Err(DecodeError::WrongType { field, expected: "a number of seconds" }),
    }
}

fn action<'a>(record: Value<'_, 'a>) -> Result<Action<'a>, DecodeError> {
    let field = "type";
    let value = record.at(&[field]).ok_or(DecodeError::MissingField { field })?;
    let operation = value.text().ok_or(DecodeError::WrongType { field, expected: "a string" })?;
    if operation.is_empty() {
        return Err(DecodeError::MissingField { field });
    }
    let category = text::part(&operation, |name| name.split('.').next().filter(|category| !category.is_empty()));
    let service = category.unwrap_or(Text::Borrowed("openai"));
    Ok(platform_actions::action(service, operation, actions::ROWS, Access::Unknown))
}

/// What the event says of itself, under its type's name, with dots or without.
fn payload<'t, 'a>(record: Value<'t, 'a>, operation: &str) -> Option<Value<'t, 'a>> {
    let same = |key: &str| {
        let plain = |byte: u8| if byte == b'.' { b'_' } else { byte };
        key.len() == operation.len() && key.bytes().map(plain).eq(operation.bytes().map(plain))
    };
    record.members().find(|(key, value)| same(key) && value.is_object()).map(|(_, value)| value)
}

/// A person in a session, or a key: of a person, or of a service account.
fn actor<'a>(record: Value<'_, 'a>, delivery: &Delivery<'_>) -> Actor<'a> {
    let actor = record.at(&["actor"]);
    let session = actor.and_then(|actor| actor.at(&["session"]));
    let key = actor.and_then(|actor| actor.at(&["api_key"]));
    let holder = session.or(key);
    let at = |path: &[&str]| holder.and_then(|holder| holder.text_at(path));
    let service = at(&["service_account", "id"]);
    let given = actor.and_then(|actor| actor.text_at(&["type"]));
    let of_service = service.is_some() || at(&["type"]).is_some_and(|class| class == "service_account");
    // The type may be left out, as every member of an actor may.
    let told = || session.map(|_| "session").or_else(|| key.map(|_| "api_key")).map(Text::Borrowed);
    let class = if of_service { Some(Text::Borrowed("service_account")) } else { given.or_else(told) };
    let uid = service.clone().or_else(|| at(&["user", "id"]));
    let key_id = key.and_then(|key| key.text_at(&["id"]));
    let key_name = || key_id.clone().filter(|_| uid.is_none());
    Actor {
        class: class.unwrap_or(Text::Borrowed("Unknown")),
        name: at(&["user", "email"]).or_else(|| uid.clone()).or_else(key_name).unwrap_or_default(),
        uid,
        short_name: at(&["user", "name"]).or_else(|| at(&["service_account", "name"])),
        account: account(record, delivery, of_service),
        issuer: None,
        session: None,
        credential: credential(key_id, session.is_some()),
        delegators: delegators(record),
        via_service: false,
    }
}

fn credential<'a>(key: Option<Text<'a>>, in_session: bool) -> Option<Credential<'a>> {
    let class = if key.is_some() { CredentialClass::LongTerm } else { CredentialClass::Console };
    (key.is_some() || in_session).then(|| Credential { id: key.unwrap_or_default(), class, issued: None, mfa: false })
}

/// The OAuth app or workload that a credential of the organisation was lent to, where a later form of the log says it.
fn delegators<'a>(record: Value<'_, 'a>) -> Vec<Delegator<'a>> {
    let app =
        record.text_at(&["actor", "application", "id"]).or_else(|| record.text_at(&["actor", "oauth_client", "id"]));
    app.map(|name| Delegator { relation: Relation::Application, name }).into_iter().collect()
}

/// The organisation where the record or the topic names it; else a service account's project, which it belongs to. A person
/// works in many projects, and is one person.
fn account<'a>(record: Value<'_, 'a>, delivery: &Delivery<'_>, of_service: bool) -> Option<Text<'a>> {
    let organisation = record.text_at(&["organization_id"]).or_else(|| record.text_at(&["organization", "id"]));
    let configured = || delivery.scope.map(|scope| Text::Owned(scope.to_owned()));
    let project = || record.text_at(&["project", "id"]).filter(|_| of_service);
    organisation.or_else(configured).or_else(project)
}

fn origin<'a>(record: Value<'_, 'a>) -> Origin<'a> {
    let at = |name| {
        let places: [&[&str]; 3] = [&["actor", "session", name], &["actor", "api_key", name], &["actor", name]];
        places.into_iter().find_map(|path| record.text_at(path))
    };
    network::origin(at("ip_address"), at("user_agent"))
}

/// What the event is about, whom a role was given to and for what, and the project.
fn targets<'a>(
    record: Value<'_, 'a>,
    payload: Option<Value<'_, 'a>>,
    category: &Text<'a>,
    limit: usize,
) -> Vec<Target<'a>> {
    let at = |name| payload.and_then(|payload| payload.text_at(&[name]));
    let of = |name| at(name).unwrap_or(Text::Borrowed("unknown"));
    let found = [
        at("id").map(|id| target(format!("openai:{category}"), id)),
        at("principal_id").map(|id| target(format!("openai:{}", of("principal_type")), id)),
        at("resource_id").map(|id| target(format!("openai:{}", of("resource_type")), id)),
        record.text_at(&["project", "id"]).map(|id| target("openai:project".into(), id)),
    ];
    found.into_iter().flatten().take(limit).collect()
}

/// Ids of keys, roles and the like are random, but live long: each is its own container.
fn target<'a>(kind: String, name: Text<'a>) -> Target<'a> {
    Target { kind: Text::Owned(kind), container: name.clone(), name, account: None }
}
