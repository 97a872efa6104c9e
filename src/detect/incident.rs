//! An incident: what of one identity's evidence was said, and what is new since (model, section 2.5; U31, N9).
//!
//! ```text
//!             A ≥ τ and broad              further evidence: Update where it brings
//!   (none) ───────────────────▶ open ◀──┐  a new family, tactic, network class or band,
//!      ▲          Create          │ └────┘  else it only counts
//!      └──────────────────────────┘
//!         quiet for `incident_quiet_hours` of stream time: Close
//! ```
//!
//! While it is open an incident keeps, by family, the most evidence that it ever had: a later statement about it looks
//! smaller than an earlier one only where peers turned out to do the same (`wave`), and then it says so. Its threshold is
//! that of its opening.

use serde::{Deserialize, Serialize};

use crate::event::{
    Attributed, AuditRef, Band, ChainLink, Criticality, Family, Feature, Kind, Muted, NetworkClass, NewHere, Tactic,
    Timestamp, Wave,
};

use super::evidence::FamilyEvidence;
use super::finding::bounded;
use super::score::band;

/// Techniques that are listed.
const MAX_TECHNIQUES: usize = 16;

/// Least evidence, in bits, that peers must take off an incident to be told.
const LEAST_LOWERED: f64 = 0.5;

/// Whose incident it is, as statements say it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// Provider and account.
    pub scope: String,
    /// The identity.
    pub principal: String,
    /// The pattern that it was stamped from.
    pub template: String,
    /// What it is.
    pub kind: Kind,
    /// Why it is thought to be that.
    pub kind_reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Whose product uses it.
    pub vendor: Option<String>,
    /// How much depends on it.
    pub criticality: Option<Criticality>,
}

/// An open incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    /// Whose it is.
    pub about: About,
    /// The threshold that it passed, in bits.
    pub threshold_bits: f64,
    /// Why nobody was alerted so far; none once somebody was.
    pub muted: Option<Muted>,
    /// Id of the event that opened it.
    pub opening_event: String,
    /// Time of that event.
    pub opened: Timestamp,
    /// Time of its oldest event with evidence.
    pub first: Timestamp,
    /// Time of its newest event with evidence.
    pub last: Timestamp,
    /// Statements made so far.
    pub statements: u32,
    /// Events with evidence.
    pub count: u64,
    /// The highest band so far.
    pub band: Band,
    /// By family, the most evidence so far with its bits at that time.
    pub peaks: [Option<(f64, Box<FamilyEvidence>)>; Family::ALL.len()],
    /// Tactics so far, in order.
    pub tactics: Vec<Tactic>,
    /// Techniques so far, in order of appearance.
    pub techniques: Vec<String>,
    /// Classes of source so far.
    pub networks: Vec<NetworkClass>,
    /// The first events and the newest ones.
    pub events: Vec<AuditRef>,
    /// Events that are not among them.
    pub omitted: u64,
    /// By way of whom its newest event that says so was made, the nearest first.
    pub chain: Vec<ChainLink>,
}

impl Incident {
    /// Opens at an event; the events with evidence before it belong to it.
    pub fn open(about: About, event: &AuditRef, prelude: &[AuditRef], threshold_bits: f64) -> Incident {
        let first = prelude.iter().map(|earlier| earlier.time).min().unwrap_or(event.time).min(event.time);
        Incident {
            about,
            threshold_bits,
            muted: None,
            opening_event: event.id.clone(),
            opened: event.time,
            first,
            last: event.time,
            statements: 0,
            count: 0,
            band: Band::Medium,
            peaks: Default::default(),
            tactics: Vec::new(),
            techniques: Vec::new(),
            networks: Vec::new(),
            events: Vec::new(),
            omitted: 0,
            chain: Vec::new(),
        }
    }

    /// Adds an event with evidence; `limit` bounds how many are listed.
    pub fn add_event(&mut self, event: AuditRef, limit: usize) {
        self.count += 1;
        self.first = self.first.min(event.time);
        self.last = self.last.max(event.time);
        if self.events.len() >= limit.max(2) {
            self.events.remove(limit.max(2) / 2);
            self.omitted += 1;
        }
        self.events.push(event);
    }

    /// Takes in the evidence as it is now; says what of it is new.
    pub fn take_in(&mut self, families: &[Option<Box<FamilyEvidence>>], time: Timestamp) -> Vec<NewHere> {
        let mut news = Vec::new();
        for evidence in families.iter().flatten() {
            let bits = evidence.bits_at(time);
            let peak = &mut self.peaks[evidence.feature.family() as usize];
            if peak.is_none() {
                news.push(NewHere::Family(evidence.feature.family()));
            }
            if peak.as_ref().is_none_or(|(before, _)| bits > *before) {
                *peak = Some((bits, evidence.clone()));
            }
            self.take_labels(evidence, &mut news);
        }
        if self.statements == 0 {
            // The evidence of events before the opening may have given way to greater one of the same family.
            for event in &self.events {
                add_labels(event.tactic, event.technique.as_ref(), &mut self.tactics, &mut self.techniques);
            }
        }
        let reached = band(self.evidence(), self.threshold_bits);
        if reached > self.band {
            self.band = reached;
            news.push(NewHere::Band(reached));
        }
        news
    }

    /// Peers turned out to do the same. Says whether that took evidence off.
    pub fn lower(&mut self, feature: Feature, wave: Wave) -> bool {
        let Some((bits, evidence)) = &mut self.peaks[feature.family() as usize] else { return false };
        let Some(most) = evidence.lower(feature, wave) else { return false };
        let lowered = *bits - most > LEAST_LOWERED;
        *bits = bits.min(most);
        self.band = band(self.evidence(), self.threshold_bits);
        lowered
    }

    /// The evidence of the incident, in bits: the sum of its families' peaks.
    pub fn evidence(&self) -> f64 {
        self.peaks.iter().flatten().map(|(bits, _)| bits).sum()
    }

    fn take_labels(&mut self, evidence: &FamilyEvidence, news: &mut Vec<NewHere>) {
        news.extend(evidence.tactic.filter(|tactic| !self.tactics.contains(tactic)).map(NewHere::Tactic));
        add_labels(evidence.tactic, evidence.technique.as_ref(), &mut self.tactics, &mut self.techniques);
        if !self.networks.contains(&evidence.network_class) {
            self.networks.push(evidence.network_class);
            news.push(NewHere::Network(evidence.network_class));
        }
    }
}

fn add_labels(
    tactic: Option<Tactic>,
    technique: Option<&String>,
    tactics: &mut Vec<Tactic>,
    techniques: &mut Vec<String>,
) {
    if let Some(tactic) = tactic.filter(|tactic| !tactics.contains(tactic)) {
        tactics.push(tactic);
        tactics.sort_unstable();
    }
    if let Some(technique) = technique.filter(|technique| !techniques.contains(technique))
        && techniques.len() < MAX_TECHNIQUES
    {
        techniques.push(technique.clone());
    }
}

impl About {
    /// Of the identity of an event.
    pub fn identity_of(event: &Attributed<'_>) -> About {
        let identity = &event.identity;
        About {
            scope: bounded(&identity.scope),
            principal: bounded(&identity.principal),
            template: bounded(&identity.template),
            kind: identity.kind,
            kind_reason: bounded(&identity.kind_reason),
            owner: identity.owner.as_deref().map(bounded),
            vendor: identity.vendor.as_deref().map(bounded),
            criticality: identity.criticality,
        }
    }
}
