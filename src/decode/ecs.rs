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
mod fields;
mod kubernetes;
mod named;

use super::embedded::{Embedded, own};
use super::json::Value;
use super::record::hash_of;
use super::text::{bound, part};
use super::{DecodeError, Decoded, Delivery, IgnoreReason, azure, format, network, time, vendor};
use crate::config::DecodeConfig;
use crate::event::{Access, Action, Event, Outcome, Source, Target, Text, Timestamp};

use fields::{at, list_at, text_at};

/// Whether a document with a time has ECS's own members.
pub(super) fn is_document(value: Value<'_, '_>) -> bool {
    let versioned = at(value, &["ecs", "version"]).is_some();
    let of_event = ["kind", "category", "dataset", "module", "outcome", "original"];
    at(value, &["event", "action"]).is_some()
        && (versioned || of_event.iter().any(|name| at(value, &["event", name]).is_some()))
        || versioned && at(value, &["event"]).is_some()
        || versioned && at(value, &["event", "original"]).is_some()
}

/// Whether a document says an action of its own, beside the native record that it may hold.
pub(super) fn says_action(value: Value<'_, '_>) -> bool {
    at(value, &["event", "action"]).is_some()
}

/// Decodes one record.
pub(super) fn decode<'a>(
    value: Value<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    if let Some(decoded) = native(value, delivery, config) {
        return decoded;
    }
    if !is_audit(value) {
        return Decoded::Ignored(IgnoreReason::NotAudit);
    }
    if let Some(decoded) = kubernetes::decode(value, record, delivery, config) {
        return decoded;
    }
    let time = match event_time(value, delivery, config) {
        Ok(time) => time,
        Err(error) => return Decoded::Dead(error),
    };
    if let Some(decoded) = cloudtrail::decode(value, time, record, delivery, config) {
        return decoded;
    }
    match event(value, time, record, delivery, config) {
        Ok(event) => Decoded::Event(event),
        Err(error) => Decoded::Dead(error),
    }
}

/// What the native record says that the document holds; none where it holds none that can be read.
fn native(value: Value<'_, '_>, delivery: &Delivery<'_>, config: &DecodeConfig) -> Option<Decoded<'static>> {
    let delivery = Delivery { format: None, ..*delivery };
    let places: [&[&str]; 2] = [&["event", "original"], &["message"]];
    places.into_iter().filter_map(|place| at(value, place)).find_map(|original| {
        let inner = Embedded::of(original, config.max_depth)?;
        let document = inner.document();
        let log = format::of(document.root()).filter(|log| *log != Source::Ecs)?;
        match format::decode(log, document.root(), inner.bytes(), &delivery, config) {
            Decoded::Dead(_) => None,
            decoded => Some(own(decoded)),
        }
    })
}

/// Whether a document says what somebody did.
fn is_audit(value: Value<'_, '_>) -> bool {
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
    let kind = text_at(value, &["event", "kind"]);
    let categories = list_at(value, &["event", "category"]);
    let elsewhere = !categories.is_empty() && categories.iter().all(|category| OTHERS.contains(&&**category));
    kind.is_none_or(|kind| kind == "event") && (!elsewhere || is_audit_log(value))
}

/// Whether the log is one of what people and programs did, whatever their doings were about: Microsoft 365's of mails and pages.
fn is_audit_log(value: Value<'_, '_>) -> bool {
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
    text_at(value, &["event", "dataset"]).is_some_and(|dataset| LOGS.iter().any(|log| dataset.starts_with(log)))
}

fn event_time(value: Value<'_, '_>, delivery: &Delivery<'_>, config: &DecodeConfig) -> Result<Timestamp, DecodeError> {
    const FIELD: &str = "@timestamp";
    let found = value.at(&[FIELD]).ok_or(DecodeError::MissingField { field: FIELD })?;
    match (found.text(), found.number()) {
        (Some(text), _) => time::from_text(&text, FIELD, delivery, config),
        (None, Some(number)) => time::from_number(number, FIELD, delivery, config),
        _ => Err(DecodeError::WrongType { field: FIELD, expected: "a time" }),
    }
}

fn event<'a>(
    value: Value<'_, 'a>,
    time: Timestamp,
    record: &[u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Result<Event<'a>, DecodeError> {
    let text = |path: &[&str]| text_at(value, path);
    let provider = provider(value);
    let account = account(value, delivery);
    let address = address(value);
    let outcome = outcome(value);
    let mut event = Event {
        source: Source::Ecs,
        id: text(&["event", "id"]).unwrap_or_else(|| hash_of(record).into()),
        time,
        actor: actor::actor(value, &provider, account),
        action: action(value, &provider)?,
        outcome,
        error: text(&["error", "code"]).filter(|_| outcome == Outcome::Failure),
        origin: network::origin(address, text(&["user_agent", "original"])),
        region: text(&["cloud", "region"]),
        target_account: None,
        targets: targets(value, config.max_targets),
        issued: Vec::new(),
        provider,
    };
    bound(&mut event, config.max_text_bytes);
    Ok(event)
}

/// Where it came from; the directory's audit log says it of the user alone.
fn address<'a>(value: Value<'_, 'a>) -> Option<Text<'a>> {
    let places: [&[&str]; 6] = [
        &["source", "ip"],
        &["client", "ip"],
        &["source", "address"],
        &["client", "address"],
        &["azure", "auditlogs", "properties", "initiated_by", "user", "ipAddress"],
        &["github", "actor_ip"],
    ];
    places.into_iter().find_map(|place| text_at(value, place))
}

/// Whose cloud or service it is.
fn provider<'a>(value: Value<'_, 'a>) -> Text<'a> {
    let text = |path: &[&str]| text_at(value, path);
    let module = text(&["event", "dataset"]).or_else(|| text(&["data_stream", "dataset"]));
    vendor::provider(
        &[
            module,
            text(&["event", "module"]),
            text(&["cloud", "provider"]),
            text(&["observer", "vendor"]),
            text(&["event", "provider"]),
        ],
        "ecs",
    )
}

/// The account, project, tenant, organisation or cluster.
fn account<'a>(value: Value<'_, 'a>, delivery: &Delivery<'_>) -> Option<Text<'a>> {
    let places: [&[&str]; 9] = [
        &["azure", "tenant_id"],
        &["azure", "signinlogs", "tenant_id"],
        &["azure", "auditlogs", "tenant_id"],
        &["azure", "subscription_id"],
        &["cloud", "account", "id"],
        &["cloud", "project", "id"],
        &["orchestrator", "cluster", "name"],
        &["organization", "id"],
        &["organization", "name"],
    ];
    let found = places.into_iter().find_map(|place| text_at(value, place));
    found.or_else(|| delivery.scope_in(value))
}

fn outcome(value: Value<'_, '_>) -> Outcome {
    match text_at(value, &["event", "outcome"]).unwrap_or_default().to_ascii_lowercase().as_str() {
        "success" => Outcome::Success,
        "failure" => Outcome::Failure,
        _ => Outcome::Unknown,
    }
}

fn action<'a>(value: Value<'_, 'a>, provider: &str) -> Result<Action<'a>, DecodeError> {
    let text = |path: &[&str]| text_at(value, path);
    let operation = text(&["event", "action"]).ok_or(DecodeError::MissingField { field: "event.action" })?;
    if provider == "azure" && operation.contains('/') {
        return Ok(azure::action(operation, text(&["azure", "resource", "id"]).as_deref()));
    }
    let google = || part(&text(&["service", "name"])?, |name| name.strip_suffix(".googleapis.com"));
    let service = google().or_else(|| text(&["event", "provider"])).or_else(|| text(&["cloud", "service", "name"]));
    let service = service.or_else(|| text(&["event", "module"])).or_else(|| text(&["event", "dataset"]));
    Ok(Action {
        service: service.unwrap_or_else(|| Text::Owned(provider.to_owned())),
        operation,
        access: access(&list_at(value, &["event", "type"]), &list_at(value, &["event", "category"])),
        sensitivity: None,
        tactic: None,
        technique: None,
    })
}

/// What `event.type` says, and whether it is about who may do what.
fn access(types: &[Text<'_>], categories: &[Text<'_>]) -> Access {
    let says = |words: &[&str]| types.iter().any(|it| words.contains(&&**it));
    let about_access = categories.iter().any(|category| *category == "iam");
    if says(&["change", "creation", "deletion", "admin"]) {
        if about_access { Access::Permissions } else { Access::Write }
    } else if says(&["access", "info", "start", "end", "connection"]) {
        Access::Read
    } else {
        Access::Unknown
    }
}

/// The user or group that was changed, and what lies in a cluster or a resource.
fn targets<'a>(value: Value<'_, 'a>, limit: usize) -> Vec<Target<'a>> {
    let places: [(&'static str, &[&[&str]]); 6] = [
        ("ecs:user", &[&["user", "target", "name"], &["user", "target", "email"], &["user", "target", "id"]]),
        ("ecs:group", &[&["group", "name"], &["user", "target", "group", "name"]]),
        ("ecs:resource", &[&["orchestrator", "resource", "name"]]),
        ("ecs:azure", &[&["azure", "resource", "id"]]),
        ("ecs:service", &[&["service", "target", "name"]]),
        ("ecs:file", &[&["file", "path"], &["file", "name"]]),
    ];
    let named = places.into_iter().filter_map(|(kind, paths)| {
        let name = paths.iter().find_map(|path| text_at(value, path))?;
        Some(Target { kind: Text::Borrowed(kind), container: name.clone(), name, account: None })
    });
    named.take(limit).collect()
}
