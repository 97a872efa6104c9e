//! Makes the statements: from an incident and what is known of its identity to a [`Finding`].

use crate::event::{
    Activity, Attributed, AuditRef, CredentialClass, Finding, Maturity, Muted, NewHere, Reason, Target, Text,
};

use super::evidence::FamilyEvidence;
use super::incident::Incident;
use super::score::{Reference, risk_score};

/// Bytes of one text that are kept in evidence.
const MAX_TEXT: usize = 512;
/// Targets of one event that are kept in evidence.
const MAX_TARGETS: usize = 8;
/// Delegators of one event that are kept in evidence.
const MAX_DELEGATORS: usize = 8;

/// What a statement needs to know beside the incident.
pub struct Statement<'a> {
    /// The event that gave rise to it.
    pub event: &'a Attributed<'a>,
    /// How much is known of the identity.
    pub maturity: Maturity,
    /// The reference of its kind.
    pub reference: Reference,
    /// The threshold τ, in bits.
    pub threshold_bits: f64,
    /// Whether its kind alerts.
    pub is_alert: bool,
}

/// Makes the next statement about an incident.
pub fn state(incident: &mut Incident, statement: &Statement<'_>, news: Vec<NewHere>) -> Finding {
    let identity = &statement.event.identity;
    let reasons = reasons(incident);
    let evidence_bits = reasons.iter().map(|reason| reason.contribution).sum();
    let sequence = incident.statements;
    incident.statements += 1;
    Finding {
        activity: if sequence == 0 { Activity::Create } else { Activity::Update },
        sequence,
        opening_event: incident.opening_event.clone(),
        scope: bounded(&identity.scope),
        principal: bounded(&identity.principal),
        template: bounded(&identity.template),
        kind: identity.kind,
        kind_reason: bounded(&identity.kind_reason),
        opened: incident.opened,
        first: incident.first,
        last: incident.last,
        evidence_bits,
        threshold_bits: statement.threshold_bits,
        score: statement.reference.score(evidence_bits),
        risk_score: risk_score(evidence_bits, statement.threshold_bits).max(50),
        band: incident.band,
        budget: 1.0,
        muted: (!statement.is_alert).then_some(Muted::Kind),
        campaign: None,
        reasons,
        news: if sequence == 0 { Vec::new() } else { news },
        count: incident.count,
        tactics: incident.tactics.clone(),
        techniques: incident.techniques.clone(),
        maturity: statement.maturity,
        events: incident.events.clone(),
        events_omitted: incident.omitted,
    }
}

fn reasons(incident: &Incident) -> Vec<Reason> {
    let mut reasons: Vec<Reason> = incident
        .peaks
        .iter()
        .flatten()
        .filter(|(bits, _)| *bits > 0.0)
        .map(|(bits, family)| reason(*bits, family))
        .collect();
    reasons.sort_by(|a, b| b.contribution.total_cmp(&a.contribution));
    reasons
}

fn reason(contribution: f64, family: &FamilyEvidence) -> Reason {
    Reason {
        feature: family.feature,
        contribution,
        surprise_bits: f64::from(family.surprise_bits),
        scale: 0.5,
        wave: None,
        observed: family.observed.clone(),
        others: family.others.clone(),
        values: family.values,
        expected: family.expected,
        time: family.rose,
        event_id: family.event_id.clone(),
        also: family.also.clone(),
    }
}

/// What of an event is kept as evidence.
pub fn audit_ref(attributed: &Attributed<'_>) -> AuditRef {
    let (event, position) = (&attributed.event, &attributed.position);
    let actor = &event.actor;
    let optional = |text: &Option<Text<'_>>| text.as_deref().map(bounded);
    AuditRef {
        id: bounded(&event.id),
        time: event.time,
        topic: bounded(&position.topic),
        partition: position.partition,
        offset: position.offset,
        index: position.index,
        service: bounded(&event.action.service),
        operation: bounded(&event.action.operation),
        access: event.action.access,
        sensitivity: event.action.sensitivity,
        outcome: event.outcome,
        error: optional(&event.error),
        actor_name: bounded(&actor.name),
        actor_uid: optional(&actor.uid),
        actor_class: bounded(&actor.class),
        account: optional(&actor.account),
        credential: actor.credential.as_ref().map(|c| bounded(&c.id)).filter(|id| !id.is_empty()),
        credential_class: actor.credential.as_ref().map_or(CredentialClass::Unknown, |c| c.class),
        session: optional(&actor.session),
        delegators: actor.delegators.iter().take(MAX_DELEGATORS).map(|d| (d.relation, bounded(&d.name))).collect(),
        source_ip: optional(&event.origin.ip),
        network_class: event.origin.class,
        user_agent: optional(&event.origin.user_agent),
        region: optional(&event.region),
        targets: event.targets.iter().take(MAX_TARGETS).map(target).collect(),
    }
}

fn target(target: &Target<'_>) -> (String, String) {
    (bounded(&target.kind), bounded(&target.name))
}

/// The text, cut at a character boundary where it is longer than evidence keeps.
pub fn bounded(text: &str) -> String {
    text[..text.floor_char_boundary(MAX_TEXT)].to_owned()
}
