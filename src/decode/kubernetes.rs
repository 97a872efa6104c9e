//! One event of the audit log of Kubernetes' API server → one event.
//!
//! In comes an `Event` of `audit.k8s.io` (v1, v1beta1, v1alpha1), from whatever cluster: EKS writes it as it is, AKS within a
//! record of its own; GKE writes Google's audit logs (see `gcp`). Out comes an [`Event`], or why there is none. What is in
//! the request's and the response's objects is left alone, but for the role that a binding binds.
//!
//! Counted once: of the stages of a request, which share one `auditID`, the last one counts (`ResponseComplete`, `Panic`).
//! The time is that of the request, not of the stage. Which cluster it is, the event does not say: the topic's configuration
//! does, or a field that a shipper added.
//!
//! Source: "Auditing" and "kube-apiserver Audit Configuration (v1)", Kubernetes' documentation.

mod action;
mod actor;
mod meaning;
mod outcome;
mod record;
mod target;

use super::json::Value;
use super::known::{Found, Known, key};
use super::names::time_of;
use super::record::hash_of;
use super::{Decoded, Delivery, IgnoreReason, network};
use crate::config::DecodeConfig;
use crate::event::{Event, Origin, Source, Text};
use record::Record;

pub(super) use meaning::{Meaning, Request, meaning};
pub(super) use target::named;

/// Whether an object of the API's form is an audit event: objects of other groups have the same keys.
pub(super) fn is_audit(known: &Known<'_, '_>) -> bool {
    let version = known.get(const { key("apiVersion") });
    version.and_then(Value::text).is_some_and(|version| version.starts_with("audit.k8s.io/"))
}

/// Whether an object with an audit's id is of Rancher's audit log, which names requests by their method ("Enabling the API audit log").
pub(super) fn is_of_rancher(known: &Known<'_, '_>) -> bool {
    ["requestURI", "method"].iter().all(|name| known.value.member(name).is_some_and(Value::is_filled))
}

/// Decodes one record.
pub(super) fn decode<'a>(
    known: &Known<'_, 'a>,
    bytes: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    event(&Record::of(known), None, bytes, delivery, config)
}

/// Decodes one record, of which whoever keeps it may have taken the time out.
pub(super) fn decode_kept<'a>(
    value: Value<'_, 'a>,
    kept_time: Option<Value<'_, '_>>,
    bytes: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let found = Found::of(value);
    event(&Record::of(&Known { value, found: &found }), kept_time, bytes, delivery, config)
}

fn event<'a>(
    record: &Record<'_, 'a>,
    kept_time: Option<Value<'_, '_>>,
    bytes: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    if matches!(record.stage.as_deref(), Some("RequestReceived" | "ResponseStarted")) {
        return Err(IgnoreReason::Part.into());
    }
    let expected = ("requestReceivedTimestamp", "a string");
    let time = match (record.time(), kept_time) {
        (None, Some(kept)) => time_of(Some(kept), expected, delivery, config)?,
        (own, _) => time_of(own, expected, delivery, config)?,
    };
    let action = action::action(record)?;
    let (outcome, error) = outcome::outcome(record);
    Ok(Event {
        source: Source::KubernetesAudit,
        provider: Text::Borrowed("kubernetes"),
        id: record.audit_id.clone().unwrap_or_else(|| hash_of(bytes).into()),
        time,
        actor: actor::actor(record, delivery),
        action,
        outcome,
        error,
        origin: origin(record),
        region: None,
        target_account: None,
        targets: target::targets(record, config.max_targets),
        issued: record.issued.clone().into_iter().collect(),
    })
}

/// The first of the addresses is the client's; those of proxies follow.
fn origin<'a>(record: &Record<'_, 'a>) -> Origin<'a> {
    let address = record.source_ips.and_then(|ips| ips.filled().or_else(|| ips.items().find_map(Value::filled)));
    network::origin(address.map(network::without_port), record.user_agent.clone())
}
