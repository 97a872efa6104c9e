//! One document in the Elastic Common Schema → one event.
//!
//! In comes a document as Elastic's agents, Logstash or another producer write it: members nested or flat
//! (`"event": {"action": …}`, `"event.action": …`), or some of each. Where it still holds the native record
//! (`event.original`, `message`) and that is of a log that is known, that is read instead: it says more. CloudTrail's fields
//! (`aws.cloudtrail.*`) are put together to the record that they came from. Everything else is taken from ECS itself:
//! `user`, `client.user`, `event`, `source`, `cloud`. Metrics, alerts, states and network or process events are no audit.
//!
//! Sources: ECS field reference (9.x), the field references of Elastic's integrations for AWS, Azure, Google Cloud and Okta.

mod actor;
mod cloudtrail;
mod document;
mod kubernetes;
mod named;

use super::embedded::{Embedded, own};
use super::json::Value;
use super::known::{Found, Key, Known, key};
use super::paths::{Slot, texts};
use super::record::hash_of;
use super::text::{self, part};
use super::{
    DecodeError, Decoded, Delivery, IgnoreReason, NoEvent, azure, format, gcp, github, names, network, okta, vendor,
    workspace,
};
use crate::config::DecodeConfig;
use crate::event::{Access, Action, Event, Outcome, Source, Target, Text, Timestamp};

use document::{Document, PATHS, slot, slots};

/// Whether a document with a time has ECS's own members.
pub(super) fn is_document(known: &Known<'_, '_>) -> bool {
    let own = Own::of(known);
    own.action && (own.versioned || own.classified || own.original) || own.versioned && (own.event || own.original)
}

/// Whether a document says an action of its own, beside the native record that it may hold.
pub(super) fn says_action(known: &Known<'_, '_>) -> bool {
    Own::of(known).action
}

/// Which of ECS's own members a document has.
#[derive(Default)]
struct Own {
    versioned: bool,
    event: bool,
    action: bool,
    original: bool,
    /// `event.kind` and others beside it.
    classified: bool,
}

impl Own {
    fn of(known: &Known<'_, '_>) -> Own {
        const CLASSES: [Key; 5] =
            [key("event.kind"), key("event.category"), key("event.dataset"), key("event.module"), key("event.outcome")];
        let get = |key| known.get(key).filter(|value| !value.is_null());
        let event = get(const { key("event") });
        let version = || get(const { key("ecs") })?.at(&["version"]);
        let mut own = Own {
            versioned: get(const { key("ecs.version") }).or_else(version).is_some(),
            event: event.is_some(),
            action: get(const { key("event.action") }).is_some(),
            original: get(const { key("event.original") }).is_some(),
            classified: CLASSES.into_iter().any(|key| get(key).is_some()),
        };
        if let Some(event) = event {
            event.visit(|name, value| own.note(name, value));
        }
        own
    }

    fn note(&mut self, name: &[u8], value: Value<'_, '_>) -> bool {
        match name {
            _ if value.is_null() => {}
            b"action" => self.action = true,
            b"original" => self.original = true,
            b"kind" | b"category" | b"dataset" | b"module" | b"outcome" => self.classified = true,
            _ => {}
        }
        true
    }
}

/// Decodes one record.
pub(super) fn decode<'a>(
    value: Value<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let document = PATHS.of(value);
    if let Some(decoded) = native(&document, delivery, config) {
        return decoded;
    }
    if !is_audit(&document) {
        return Err(IgnoreReason::NotAudit.into());
    }
    if let Some(decoded) = kubernetes::decode(&document, record, delivery, config) {
        return decoded;
    }
    let time = document.at(const { slot("@timestamp") });
    let time = names::time_of(time, ("@timestamp", "a time"), delivery, config)?;
    match cloudtrail::kept(&document, time) {
        Some(kept) => kept.decode(record, config).map(|event| {
            let (country, asn) = place(&document);
            Event { origin: network::located(event.origin, country, asn), ..event }
        }),
        None => event(&document, value, time, record, (delivery, config)),
    }
}

/// What the native record says that the document holds; none where it holds none that can be read.
fn native(document: &Document<'_, '_>, delivery: &Delivery<'_>, config: &DecodeConfig) -> Option<Decoded<'static>> {
    const PLACES: [Slot; 2] = slots(["event.original", "message"]);
    let delivery = Delivery { format: None, ..*delivery };
    PLACES.into_iter().filter_map(|place| document.at(place)).find_map(|original| {
        let inner = Embedded::of(original, config.max_depth)?;
        let document = inner.document();
        let (value, found) = (document.root(), Found::of(document.root()));
        let known = Known { value, found: &found };
        let log = format::look(&known).log.filter(|log| *log != Source::Ecs)?;
        match format::decode(log, &known, inner.bytes(), &delivery, config) {
            Err(NoEvent::Dead(_)) => None,
            read => Some(own(read)),
        }
    })
}

/// Whether a document says what somebody did.
fn is_audit(document: &Document<'_, '_>) -> bool {
    const OTHERS: [&str; 13] = [
        "driver",
        "host",
        "intrusion_detection",
        "library",
        "malware",
        "network",
        "package",
        "process",
        "registry",
        "threat",
        "vulnerability",
        "web",
        "email",
    ];
    let kind = document.single(const { slot("event.kind") });
    let categories = || texts(document.at(const { slot("event.category") }));
    let elsewhere = || categories().next().is_some() && categories().all(|category| OTHERS.contains(&&*category));
    kind.is_none_or(|kind| kind == "event") && (!elsewhere() || is_audit_log(document))
}

/// Whether the log is one of what people and programs did, whatever their doings were about: Microsoft 365's of mails and pages.
fn is_audit_log(document: &Document<'_, '_>) -> bool {
    const LOGS: [&str; 8] = [
        "aws.cloudtrail",
        "azure.",
        "gcp.audit",
        "github.audit",
        "google_workspace.",
        "kubernetes.audit_logs",
        "o365.audit",
        "okta.system",
    ];
    let dataset = document.single(const { slot("event.dataset") });
    dataset.is_some_and(|dataset| LOGS.iter().any(|log| dataset.starts_with(log)))
}

fn event<'a>(
    document: &Document<'_, 'a>,
    value: Value<'_, 'a>,
    time: Timestamp,
    record: &[u8],
    (delivery, config): (&Delivery<'_>, &DecodeConfig),
) -> Decoded<'a> {
    // The directory's audit log says it of the user alone.
    const ADDRESSES: [Slot; 6] = slots([
        "source.ip",
        "client.ip",
        "source.address",
        "client.address",
        "azure.auditlogs.properties.initiated_by.user.ipAddress",
        "github.actor_ip",
    ]);
    let provider = provider(document);
    let account = account(document).or_else(|| delivery.scope_in(value));
    let outcome = outcome(document, &provider);
    let user_agent = document.single(const { slot("user_agent.original") });
    let (country, asn) = place(document);
    Ok(Event {
        source: Source::Ecs,
        id: document.single(const { slot("event.id") }).unwrap_or_else(|| hash_of(record).into()),
        time,
        actor: actor::actor(document, &provider, account),
        action: action(document, &provider)?,
        outcome,
        error: document.single(const { slot("error.code") }).filter(|_| outcome == Outcome::Failure),
        origin: network::located(network::origin(document.first_single(&ADDRESSES), user_agent), country, asn),
        region: document.single(const { slot("cloud.region") }),
        target_account: None,
        targets: targets(document, config.max_targets),
        issued: Vec::new(),
        provider,
    })
}

/// The country and the network of the source's address, as the pipeline found them.
fn place<'a>(document: &Document<'_, 'a>) -> (Option<Text<'a>>, Option<Text<'a>>) {
    const COUNTRIES: [Slot; 2] = slots(["source.geo.country_iso_code", "client.geo.country_iso_code"]);
    const NETWORKS: [Slot; 2] = slots(["source.as.number", "client.as.number"]);
    (document.first_single(&COUNTRIES), document.first_single(&NETWORKS))
}

/// Whose cloud or service it is.
fn provider<'a>(document: &Document<'_, 'a>) -> Text<'a> {
    const DATASET: [Slot; 2] = slots(["event.dataset", "data_stream.dataset"]);
    const OTHERS: [Slot; 4] = slots(["event.module", "cloud.provider", "observer.vendor", "event.provider"]);
    let dataset = std::iter::once_with(|| document.first_single(&DATASET));
    vendor::provider(dataset.chain(OTHERS.into_iter().map(|slot| document.single(slot))).flatten(), "ecs")
}

/// The account, project, tenant, organisation or cluster.
fn account<'a>(document: &Document<'_, 'a>) -> Option<Text<'a>> {
    const PLACES: [Slot; 9] = slots([
        "azure.tenant_id",
        "azure.signinlogs.tenant_id",
        "azure.auditlogs.tenant_id",
        "azure.subscription_id",
        "cloud.account.id",
        "cloud.project.id",
        "orchestrator.cluster.name",
        "organization.id",
        "organization.name",
    ]);
    document.first_single(&PLACES)
}

/// How it ended: what the document says; where it says nothing, what the log's own decoder would say of a record without an error.
fn outcome(document: &Document<'_, '_>, provider: &str) -> Outcome {
    match document.single(const { slot("event.outcome") }) {
        // Azure's integrations leave the log's own word in some documents (`succeeded`).
        Some(word) if text::begins(&word, "succe") => Outcome::Success,
        Some(word) if text::begins(&word, "fail") => Outcome::Failure,
        Some(_) => Outcome::Unknown,
        None => by_rule(document, provider),
    }
}

/// What the log tells by its rules of an action whose end is not said.
fn by_rule(document: &Document<'_, '_>, provider: &str) -> Outcome {
    const DATASET: [Slot; 2] = slots(["event.dataset", "data_stream.dataset"]);
    let says = |slot| document.single(slot).unwrap_or_default();
    let operation = says(const { slot("event.action") });
    let dataset = document.first_single(&DATASET).unwrap_or_default();
    let failed = match (provider, &*dataset) {
        ("github", _) => match document.single(const { slot("github.status_code") }) {
            Some(code) => code.parse::<u16>().is_ok_and(|code| code >= 400),
            None => return github::outcome_by_name(&operation),
        },
        ("google_workspace", _) => workspace::says_failure(&says(const { slot("event.provider") }), &operation),
        ("aws", "aws.cloudtrail") => document.at(const { slot("error.code") }).is_some(),
        ("aws", "aws_bedrock.invocation") => document.at(const { slot("aws_bedrock.invocation.error_code") }).is_some(),
        _ => return Outcome::Unknown,
    };
    if failed { Outcome::Failure } else { Outcome::Success }
}

fn action<'a>(document: &Document<'_, 'a>, provider: &str) -> Result<Action<'a>, DecodeError> {
    const SERVICES: [Slot; 4] = slots(["event.provider", "cloud.service.name", "event.module", "event.dataset"]);
    let operation = document.single(const { slot("event.action") });
    let operation = operation.ok_or(DecodeError::MissingField { field: "event.action" })?;
    if let Some(action) = of_known(document, provider, &operation) {
        return Ok(action);
    }
    Ok(Action {
        service: google(document)
            .or_else(|| document.first_single(&SERVICES).map(without_host))
            .unwrap_or_else(|| Text::Owned(provider.to_owned())),
        operation,
        access: access(document),
        sensitivity: None,
        tactic: None,
        technique: None,
    })
}

/// The action as the decoder of the log itself reads it, where the integration keeps the log's own name for it: it knows more than
/// the few words of `event.type`.
fn of_known<'a>(document: &Document<'_, 'a>, provider: &str, operation: &Text<'a>) -> Option<Action<'a>> {
    let named = || operation.clone();
    Some(match provider {
        "azure" if operation.contains('/') => {
            azure::action(named(), document.single(const { slot("azure.resource.id") }).as_deref())
        }
        "github" if operation.contains('.') => {
            let said = document.single(const { slot("github.operation_type") });
            let method = document.single(const { slot("github.request_method") });
            github::action_of(named(), said.as_deref(), method.as_deref())
        }
        "okta" if operation.contains('.') => okta::action_of(named()),
        "gcp" => {
            let resource = document.single(const { slot("gcp.audit.resource_name") });
            let log = document.single(const { slot("event.provider") });
            let is_data = log.as_deref() == Some("data_access");
            gcp::of_method(google(document)?, named(), resource.as_deref(), None, is_data)
        }
        _ => return None,
    })
}

/// A service of Google's by its short name; that of Kubernetes Engine's API server has its own.
fn google<'a>(document: &Document<'_, 'a>) -> Option<Text<'a>> {
    let named = document.single(const { slot("service.name") })?;
    if named == "k8s.io" { Some(named) } else { part(&named, |name| name.strip_suffix(".googleapis.com")) }
}

/// A service of AWS's by its own name, where it is given by that of its host.
fn without_host(service: Text<'_>) -> Text<'_> {
    part(&service, |name| name.strip_suffix(".amazonaws.com")).unwrap_or(service)
}

/// What `event.type` says, and whether it is about who may do what.
fn access(document: &Document<'_, '_>) -> Access {
    let types = || texts(document.at(const { slot("event.type") }));
    let about_access = || texts(document.at(const { slot("event.category") })).any(|category| category == "iam");
    if types().any(|it| matches!(&*it, "change" | "creation" | "deletion" | "admin")) {
        if about_access() { Access::Permissions } else { Access::Write }
    } else if types().any(|it| matches!(&*it, "access" | "info" | "start" | "end" | "connection")) {
        Access::Read
    } else {
        Access::Unknown
    }
}

/// The user or group that was changed, and what lies in a cluster or a resource.
fn targets<'a>(document: &Document<'_, 'a>, limit: usize) -> Vec<Target<'a>> {
    const PLACES: [(&str, &[Slot]); 6] = [
        ("ecs:user", &slots(["user.target.name", "user.target.email", "user.target.id"])),
        ("ecs:group", &slots(["group.name", "user.target.group.name"])),
        ("ecs:resource", &slots(["orchestrator.resource.name"])),
        ("ecs:azure", &slots(["azure.resource.id"])),
        ("ecs:service", &slots(["service.target.name"])),
        ("ecs:file", &slots(["file.path", "file.name"])),
    ];
    let named = PLACES.into_iter().filter_map(|(kind, slots)| {
        let name = document.first_single(slots)?;
        Some(Target { kind: Text::Borrowed(kind), container: name.clone(), name, account: None })
    });
    let google = || google(document).unwrap_or(Text::Borrowed("gcp"));
    let resource = document.single(const { slot("gcp.audit.resource_name") });
    let resource = resource.map(|name| gcp::target(name, &google()));
    let repository = document.single(const { slot("github.repo") }).map(|name| Target {
        kind: Text::Borrowed("github:repository"),
        container: name.clone(),
        name,
        account: None,
    });
    named.chain(resource).chain(repository).take(limit).collect()
}
