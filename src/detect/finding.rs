//! Makes the statements: from an incident, or a campaign, and what is known of its identity to a [`Finding`].

use crate::event::{
    Activity, Attributed, AuditRef, Band, Campaign, CredentialClass, Finding, Maturity, Muted, NewHere, Reason, Target,
    Text,
};

use super::budget::Pool;
use super::evidence::FamilyEvidence;
use super::incident::{About, Incident};
use super::score::risk_score;

/// Bytes of one text that are kept in evidence.
const MAX_TEXT: usize = 512;
/// Targets of one event that are kept in evidence.
const MAX_TARGETS: usize = 8;
/// Delegators of one event that are kept in evidence.
const MAX_DELEGATORS: usize = 8;

/// What a statement needs to know beside the incident.
pub struct Statement<'a> {
    /// How much is known of the identity.
    pub maturity: Maturity,
    /// The pool of its kind.
    pub pool: &'a Pool,
}

/// Makes the next statement about an incident.
pub fn state(incident: &mut Incident, activity: Activity, statement: &Statement<'_>, news: Vec<NewHere>) -> Finding {
    let about = incident.about.clone();
    let reasons = reasons(incident);
    let evidence_bits = reasons.iter().map(|reason| reason.contribution).sum();
    let sequence = incident.statements;
    incident.statements += 1;
    let least_risk = if incident.band == Band::Low { 0 } else { 50 };
    Finding {
        activity,
        sequence,
        opening_event: incident.opening_event.clone(),
        scope: about.scope,
        principal: about.principal,
        template: about.template,
        kind: about.kind,
        kind_reason: about.kind_reason,
        owner: about.owner,
        vendor: about.vendor,
        criticality: about.criticality,
        opened: incident.opened,
        first: incident.first,
        last: incident.last,
        evidence_bits,
        threshold_bits: incident.threshold_bits,
        budget: statement.pool.per_1000_per_day,
        score: statement.pool.score(evidence_bits),
        risk_score: risk_score(evidence_bits, incident.threshold_bits).max(least_risk),
        band: incident.band,
        muted: incident.muted,
        campaign: None,
        reasons,
        news: if activity == Activity::Update { news } else { Vec::new() },
        count: incident.count,
        tactics: incident.tactics.clone(),
        techniques: incident.techniques.clone(),
        maturity: statement.maturity,
        events: incident.events.clone(),
        events_omitted: incident.omitted,
        chain: incident.chain.clone(),
    }
}

/// The notice of a campaign in the group of an event's identity; `evidence_bits` is that of the identity had its peers
/// done nothing like it.
pub fn notice(
    campaign: Campaign,
    event: &Attributed<'_>,
    evidence_bits: f64,
    threshold_bits: f64,
    statement: &Statement<'_>,
) -> Finding {
    let (reference, time) = (audit_ref(event), event.event.time);
    let mut incident = Incident::open(About::identity_of(event), &reference, &[], threshold_bits);
    incident.add_event(reference, 1);
    incident.muted = Some(Muted::Notice);
    incident.band = Band::Low;
    let finding = state(&mut incident, Activity::Create, statement, Vec::new());
    Finding {
        principal: finding.template.clone(),
        opened: time,
        evidence_bits: 0.0,
        score: statement.pool.score(evidence_bits),
        risk_score: 0,
        campaign: Some(campaign),
        ..finding
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
        scale: f64::from(family.scale),
        wave: family.wave,
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
        tactic: event.action.tactic,
        technique: optional(&event.action.technique),
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
        asn: event.origin.asn,
        country: optional(&event.origin.country),
        hosting: event.origin.hosting,
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
