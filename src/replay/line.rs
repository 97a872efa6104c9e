//! One record as the `decode` command shows it: a JSON object.

use serde::{Serialize, Serializer};

use crate::config::IdentityConfig;
use crate::decode::{Decoded, NoEvent};
use crate::event::{
    Access, CredentialClass, Criticality, Event, Identity, Kind, NetworkClass, Outcome, Relation, Sensitivity, Source,
    Tactic, Target, Timestamp,
};
use crate::identity::resolve;

/// A record and what became of it.
#[derive(Debug, Serialize)]
pub(super) struct Line<'l> {
    file: &'l str,
    record: u64,
    outcome: &'static str,
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<EventView<'l>>,
}

/// An event with whose it is.
#[derive(Debug, Serialize)]
struct EventView<'l> {
    source: Source,
    id: &'l str,
    #[serde(serialize_with = "as_text")]
    time: Timestamp,
    scope: &'l str,
    principal: &'l str,
    template: &'l str,
    kind: Kind,
    kind_reason: &'l str,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<&'l str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    criticality: Option<Criticality>,
    actor_name: &'l str,
    actor_class: &'l str,
    actor_uid: Option<&'l str>,
    credential: Option<&'l str>,
    credential_class: Option<CredentialClass>,
    mfa: Option<bool>,
    session: Option<&'l str>,
    delegators: Vec<DelegatorView<'l>>,
    via_service: bool,
    service: &'l str,
    action: String,
    access: Access,
    sensitivity: Option<Sensitivity>,
    tactic: Option<Tactic>,
    technique: Option<&'l str>,
    outcome: Outcome,
    error: Option<&'l str>,
    source_ip: Option<&'l str>,
    network: Option<&'l str>,
    network_class: NetworkClass,
    asn: Option<u32>,
    country: Option<&'l str>,
    hosting: Option<bool>,
    user_agent: Option<&'l str>,
    client: Option<&'l str>,
    region: Option<&'l str>,
    target_account: Option<&'l str>,
    targets: &'l [Target<'l>],
}

/// On whose behalf.
#[derive(Debug, Serialize)]
struct DelegatorView<'l> {
    relation: Relation,
    name: &'l str,
}

fn as_text<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

/// The kind that a record's event belongs to; none where it is no event.
pub(super) fn identity_of<'a>(decoded: &Decoded<'a>, config: &IdentityConfig) -> Option<Identity<'a>> {
    match decoded {
        Ok(event) => Some(resolve(event, config)),
        _ => None,
    }
}

/// What became of a record, and why: `event`, `ignored` or `dead_letter`.
pub(super) fn outcome(decoded: &Decoded<'_>) -> (&'static str, Option<&'static str>) {
    match decoded {
        Ok(_) => ("event", None),
        Err(NoEvent::Ignored(reason)) => ("ignored", Some(reason.reason())),
        Err(NoEvent::Dead(error)) => ("dead_letter", Some(error.reason())),
    }
}

impl<'l> Line<'l> {
    /// The line of a record; `identity` is that of its event.
    pub(super) fn new(
        file: &'l str,
        record: u64,
        decoded: &'l Decoded<'l>,
        identity: Option<&'l Identity<'l>>,
    ) -> Line<'l> {
        let (outcome, reason) = outcome(decoded);
        let detail = if let Err(NoEvent::Dead(error)) = decoded { Some(error.to_string()) } else { None };
        let event = match (decoded, identity) {
            (Ok(event), Some(identity)) => Some(EventView::new(event, identity)),
            _ => None,
        };
        Line { file, record, outcome, reason, detail, event }
    }
}

impl<'l> EventView<'l> {
    fn new(event: &'l Event<'l>, identity: &'l Identity<'l>) -> EventView<'l> {
        let Event { actor, action, origin, .. } = event;
        let credential = actor.credential.as_ref();
        let delegators = actor.delegators.iter();
        EventView {
            source: event.source,
            id: &event.id,
            time: event.time,
            scope: &identity.scope,
            principal: &identity.principal,
            template: &identity.template,
            kind: identity.kind,
            kind_reason: &identity.kind_reason,
            owner: identity.owner.as_deref(),
            vendor: identity.vendor.as_deref(),
            criticality: identity.criticality,
            actor_name: actor.short_name.as_deref().filter(|_| actor.name.is_empty()).unwrap_or(&actor.name),
            actor_class: &actor.class,
            actor_uid: actor.uid.as_deref(),
            credential: credential.map(|credential| &*credential.id).filter(|id| !id.is_empty()),
            credential_class: credential.map(|credential| credential.class),
            mfa: credential.map(|credential| credential.mfa),
            session: actor.session.as_deref(),
            delegators: delegators.map(|of| DelegatorView { relation: of.relation, name: &of.name }).collect(),
            via_service: actor.via_service,
            service: &action.service,
            action: action.name(),
            access: action.access,
            sensitivity: action.sensitivity,
            tactic: action.tactic,
            technique: action.technique.as_deref(),
            outcome: event.outcome,
            error: event.error.as_deref(),
            source_ip: origin.ip.as_deref(),
            network: origin.network.as_deref(),
            network_class: origin.class,
            asn: origin.asn,
            country: origin.country.as_deref(),
            hosting: origin.hosting,
            user_agent: origin.user_agent.as_deref(),
            client: origin.client.as_deref(),
            region: event.region.as_deref(),
            target_account: event.target_account.as_deref(),
            targets: &event.targets,
        }
    }
}
