//! OpenAI's audit log of an organisation: one record → one event.
//!
//! In: an object of the list that `GET /v1/organization/audit_logs` answers with. Out: an [`Event`], or why there is none. What an
//! event says of itself lies in a member named as its type (`"api_key.created": {…}`; exports write `api_key_created`). The log
//! does not name the organisation: that is the topic's configured scope, else the project of a service account. Source: OpenAI API reference, "Audit logs".

mod actions;

use super::json::Value;
use super::known::{Key, Known, key, keys};
use super::names::{Names, required, time_of};
use super::platform_actions::{self, kind_of_target};
use super::record::hash_of;
use super::{DecodeError, Decoded, Delivery, network, text};
use crate::config::DecodeConfig;
use crate::event::{
    Access, Action, Actor, Credential, CredentialClass, Delegator, Event, Origin, Outcome, Relation, Source, Target,
    Text,
};

/// As many as few records have more.
const USUAL_TARGETS: usize = 4;

/// Whether an object with a type and an actor is a record of the audit log.
pub(super) fn is_record(known: &Known<'_, '_>) -> bool {
    let object = || known.get(const { key("object") }).and_then(Value::escaped_text);
    known.has(const { key("effective_at") }) || object() == Some("organization.audit_log")
}

/// Decodes one record.
pub(super) fn decode<'a>(
    known: &Known<'_, 'a>,
    bytes: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    const NAMES: [Key; 7] = keys(["id", "effective_at", "type", "actor", "project", "organization_id", "organization"]);
    let record = known.value;
    let [id, effective, class, actor, project, organisations @ ..] = NAMES.map(|key| known.given(key));
    let time = time_of(effective, ("effective_at", "a number of seconds"), delivery, config)?;
    let action = action(class)?;
    let payload = payload(record, &action.operation);
    let failed = action.operation.ends_with(".failed");
    let error = || payload?.text_at(&["error_code"]).or_else(|| payload?.text_at(&["error_message"]));
    let project = project.and_then(|project| project.text_at(&["id"]));
    let who = Who::find(actor);
    Ok(Event {
        source: Source::OpenaiAudit,
        provider: Text::Borrowed("openai"),
        id: id.and_then(Value::filled).unwrap_or_else(|| hash_of(bytes).into()),
        time,
        outcome: if failed { Outcome::Failure } else { Outcome::Success },
        error: if failed { error() } else { None },
        origin: who.origin(),
        region: None,
        target_account: None,
        targets: targets(project.clone(), payload, &action.service, config.max_targets),
        issued: Vec::new(),
        actor: who.actor(|of_service| account(organisations, project.filter(|_| of_service), delivery)),
        action,
    })
}

fn action<'a>(class: Option<Value<'_, 'a>>) -> Result<Action<'a>, DecodeError> {
    let operation = required(class, "type")?;
    let category = text::part(&operation, |name| Some(text::first_part(name, b'.')).filter(|it| !it.is_empty()));
    let service = category.unwrap_or(Text::Borrowed("openai"));
    Ok(platform_actions::action(service, operation, &actions::TABLE, Access::Unknown))
}

/// What the event says of itself, under its type's name, with dots or without.
fn payload<'t, 'a>(record: Value<'t, 'a>, operation: &str) -> Option<Value<'t, 'a>> {
    let operation = operation.as_bytes();
    let plain = |byte: &u8| if *byte == b'.' { b'_' } else { *byte };
    let spelled = |key: &[u8]| key.iter().map(plain).eq(operation.iter().map(plain));
    let is_it = |key: &[u8]| key.len() == operation.len() && (key == operation || spelled(key));
    let mut payload = None;
    record.visit(|key, value| {
        payload = (is_it(key) && value.is_object()).then_some(value);
        payload.is_none()
    });
    payload
}

/// A person in a session, or a key: of a person, or of a service account.
struct Who<'t, 'a> {
    class: Option<Value<'t, 'a>>,
    /// Whether it is a session.
    in_session: bool,
    key_id: Option<Value<'t, 'a>>,
    holder_class: Option<Value<'t, 'a>>,
    user: Option<Value<'t, 'a>>,
    service_account: Option<Value<'t, 'a>>,
    /// The OAuth app or workload that a credential of the organisation was lent to, where a later form of the log says it.
    apps: [Option<Value<'t, 'a>>; 2],
    /// What the session says of where its address is.
    place: Option<Value<'t, 'a>>,
    /// Where he is: as the session says, the key, and the actor.
    addresses: [Option<Value<'t, 'a>>; 3],
    user_agents: [Option<Value<'t, 'a>>; 3],
}

impl<'t, 'a> Who<'t, 'a> {
    fn find(actor: Option<Value<'t, 'a>>) -> Who<'t, 'a> {
        static ACTOR: Names<9> = Names::new([
            "type",
            "session",
            "api_key",
            "ip_address",
            "user_agent",
            "user",
            "service_account",
            "application",
            "oauth_client",
        ]);
        static HOLDER: Names<7> =
            Names::new(["id", "type", "user", "service_account", "ip_address", "user_agent", "ip_address_details"]);
        let [class, session, key, address, user_agent, own_user, own_service, apps @ ..] = ACTOR.within(actor);
        let (of_session, of_key) = (HOLDER.within(session), HOLDER.within(key));
        let [_, holder_class, user, service_account, ..] = if session.is_some() { of_session } else { of_key };
        Who {
            class,
            in_session: session.is_some(),
            key_id: of_key[0],
            holder_class,
            user: user.or(own_user),
            service_account: service_account.or(own_service),
            apps,
            place: of_session[6],
            addresses: [of_session[4], of_key[4], address],
            user_agents: [of_session[5], of_key[5], user_agent],
        }
    }

    fn origin(&self) -> Origin<'a> {
        let said = |values: [Option<Value<'_, 'a>>; 3]| values.into_iter().flatten().find_map(Value::filled);
        let origin = network::origin(said(self.addresses), said(self.user_agents));
        let Some(place) = self.place else { return origin };
        let (mut country, mut asn) = (None, None);
        place.visit(|key, value| {
            match key {
                b"country" => country = value.filled(),
                b"asn" => asn = value.text_or_digits(),
                _ => {}
            }
            true
        });
        network::located(origin, country, asn)
    }

    /// `account` is asked with whether he is a service account.
    fn actor(&self, account: impl FnOnce(bool) -> Option<Text<'a>>) -> Actor<'a> {
        static NAMES: Names<3> = Names::new(["id", "name", "email"]);
        let says = |value: Option<Value<'_, 'a>>| value.and_then(Value::filled);
        let [user, user_name, mail] = NAMES.within(self.user);
        let [service, service_name, _] = NAMES.within(self.service_account);
        let (user, service) = (says(user), says(service));
        let of_service = service.is_some() || says(self.holder_class).is_some_and(|class| class == "service_account");
        // The type may be left out, as every member of an actor may.
        let told =
            || if self.in_session { Some("session") } else { self.key_id.map(|_| "api_key") }.map(Text::Borrowed);
        let class = if of_service { Some(Text::Borrowed("service_account")) } else { says(self.class).or_else(told) };
        let uid = service.or(user);
        let key_id = says(self.key_id);
        let key_name = || key_id.clone().filter(|_| uid.is_none());
        let app = self.apps.into_iter().flatten().find_map(|app| app.text_at(&["id"]));
        Actor {
            class: class.unwrap_or(Text::Borrowed("Unknown")),
            name: says(mail).or_else(|| uid.clone()).or_else(key_name).unwrap_or_default(),
            uid,
            short_name: says(user_name).or_else(|| says(service_name)),
            account: account(of_service),
            issuer: None,
            session: None,
            credential: credential(key_id, self.in_session),
            delegators: app.map(|name| Delegator { relation: Relation::Application, name }).into_iter().collect(),
            via_service: false,
        }
    }
}

fn credential<'a>(key: Option<Text<'a>>, in_session: bool) -> Option<Credential<'a>> {
    let class = if key.is_some() { CredentialClass::LongTerm } else { CredentialClass::Console };
    (key.is_some() || in_session).then(|| Credential { id: key.unwrap_or_default(), class, issued: None, mfa: false })
}

/// The organisation where the record or the topic names it; else a service account's project, which it belongs to. A person
/// works in many projects, and is one person.
fn account<'a>(
    [id, organisation]: [Option<Value<'_, 'a>>; 2],
    project: Option<Text<'a>>,
    delivery: &Delivery<'_>,
) -> Option<Text<'a>> {
    let named = id.and_then(Value::filled).or_else(|| organisation?.text_at(&["id"]));
    named.or_else(|| delivery.scope.map(|scope| Text::Owned(scope.to_owned()))).or(project)
}

/// What the event is about, whom a role was given to and for what, and the project, each once.
fn targets<'a>(
    project: Option<Text<'a>>,
    payload: Option<Value<'_, 'a>>,
    category: &Text<'a>,
    limit: usize,
) -> Vec<Target<'a>> {
    static NAMES: Names<6> =
        Names::new(["certificates", "id", "principal_id", "principal_type", "resource_id", "resource_type"]);
    let says = |value: Option<Value<'_, 'a>>| value.and_then(Value::filled);
    let [certificates, id, principal, principal_type, resource, resource_type] = NAMES.within(payload);
    let (id, principal, resource) = (says(id), says(principal), says(resource));
    let project = project.filter(|project| id.as_ref() != Some(project) && resource.as_ref() != Some(project));
    let unknown = || Text::Borrowed("unknown");
    let mut found = Vec::with_capacity(USUAL_TARGETS);
    let mut add = |what: &str, id| found.push(target(what, id));
    if let Some(id) = id {
        add(category, id);
    }
    if let Some(id) = principal {
        add(&says(principal_type).unwrap_or_else(unknown), id);
    }
    if let Some(id) = resource {
        add(&says(resource_type).unwrap_or_else(unknown), id);
    }
    if let Some(id) = project {
        add("project", id);
    }
    let listed = certificates.into_iter().flat_map(Value::items).filter_map(|listed| listed.text_at(&["id"]));
    listed.take(limit).for_each(|id| add("certificate", id));
    found.truncate(limit);
    found
}

/// Ids of keys, roles and the like are random, but live long: each is its own container.
fn target<'a>(what: &str, name: Text<'a>) -> Target<'a> {
    const KINDS: &[&str] = &[
        "openai:api.project",
        "openai:api_key",
        "openai:certificate",
        "openai:group",
        "openai:invite",
        "openai:project",
        "openai:rate_limit",
        "openai:role",
        "openai:service_account",
        "openai:user",
    ];
    Target { kind: kind_of_target(KINDS, "openai:", what.as_bytes()), container: name.clone(), name, account: None }
}
