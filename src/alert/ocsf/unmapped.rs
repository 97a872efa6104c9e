//! `unmapped`: what OCSF has no member for, with all its digits. The contributions add up to the evidence (law 9).

use serde::Serialize;

use super::fit::Measure;
use crate::alert::explain;
use crate::event::{Campaign, ChainLink, Criticality, Expectation, Feature, Finding, NewHere, Reason, Text, Wave};

/// The numbers behind the alert.
#[derive(Serialize)]
pub struct Unmapped<'a> {
    evidence_bits: f64,
    threshold_bits: f64,
    budget_per_1000_per_day: f64,
    score: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    muted: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    campaign: Option<CampaignMembers<'a>>,
    scope: Text<'a>,
    principal: Text<'a>,
    template: Text<'a>,
    kind: &'static str,
    kind_reason: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    criticality: Option<&'static str>,
    maturity: Maturity,
    contributions: Vec<Contribution<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    news: Vec<News>,
    sequence: u32,
    opening_event: Text<'a>,
    events_omitted: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    actor_chain: Vec<Link<'a>>,
}

/// One by way of whom the identity came to act; the nearest comes first.
#[derive(Serialize)]
struct Link<'a> {
    relation: &'static str,
    name: Text<'a>,
}

/// Members of a campaign: how many of how many active ones, within how long; the first of them by name.
#[derive(Serialize)]
struct CampaignMembers<'a> {
    members: u32,
    active: u32,
    window_hours: u32,
    principals: Vec<Text<'a>>,
}

#[derive(Serialize)]
struct Maturity {
    first_seen: i64,
    active_hours: u32,
    learning: bool,
}

#[derive(Serialize)]
struct Contribution<'a> {
    family: &'static str,
    feature: &'static str,
    bits: f64,
    surprise_bits: f64,
    scale: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    wave: Option<WaveLeft>,
    observed: Text<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    others: Vec<Text<'a>>,
    values: u32,
    expected: Expected,
    time: i64,
    event_id: Text<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    also: Vec<Also>,
}

/// Peers that did the same, and the bits of surprise that this leaves.
#[derive(Serialize)]
struct WaveLeft {
    alike: u32,
    active: u32,
    hours: u32,
    bits: f64,
}

#[derive(Serialize)]
struct Expected {
    own_hours: f64,
    probability: f64,
    peers: u32,
    peers_with_value: u32,
    others_with_value: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_seen: Option<i64>,
}

#[derive(Serialize)]
struct Also {
    feature: &'static str,
    surprise_bits: f64,
}

/// What is new, by sort.
#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum News {
    Family(&'static str),
    Tactic(&'static str),
    Network(&'static str),
    Band(&'static str),
    Wave(&'static str),
    Released(bool),
}

/// Fills `unmapped`; no contribution is ever left out, only the further values in it.
pub fn unmapped<'a>(finding: &'a Finding, measure: &Measure) -> Unmapped<'a> {
    let maturity = finding.maturity;
    Unmapped {
        evidence_bits: finding.evidence_bits,
        threshold_bits: finding.threshold_bits,
        budget_per_1000_per_day: finding.budget,
        score: finding.score,
        muted: finding.muted.map(|muted| muted.name()),
        campaign: finding.campaign.as_ref().map(|campaign| members(campaign, measure)),
        scope: measure.text(&finding.scope),
        principal: measure.text(&finding.principal),
        template: measure.text(&finding.template),
        kind: finding.kind.name(),
        kind_reason: measure.text(&finding.kind_reason),
        owner: finding.owner.as_deref().map(|owner| measure.text(owner)),
        vendor: finding.vendor.as_deref().map(|vendor| measure.text(vendor)),
        criticality: finding.criticality.map(Criticality::name),
        maturity: Maturity {
            first_seen: maturity.first_seen.as_millis(),
            active_hours: maturity.active_hours,
            learning: maturity.learning,
        },
        contributions: finding.reasons.iter().map(|reason| contribution(reason, measure)).collect(),
        news: finding.news.iter().take(explain::MAX_NEWS).map(news).collect(),
        sequence: finding.sequence,
        opening_event: measure.text(&finding.opening_event),
        events_omitted: finding.events_omitted,
        actor_chain: finding.chain.iter().take(measure.per_event).map(|each| link(each, measure)).collect(),
    }
}

fn link<'a>(link: &'a ChainLink, measure: &Measure) -> Link<'a> {
    Link { relation: link.relation.name(), name: measure.text(&link.name) }
}

fn members<'a>(campaign: &'a Campaign, measure: &Measure) -> CampaignMembers<'a> {
    CampaignMembers {
        members: campaign.members,
        active: campaign.active,
        window_hours: campaign.window_hours,
        principals: campaign.principals.iter().take(measure.resources).map(|each| measure.text(each)).collect(),
    }
}

fn contribution<'a>(reason: &'a Reason, measure: &Measure) -> Contribution<'a> {
    Contribution {
        family: reason.feature.family().name(),
        feature: reason.feature.name(),
        bits: reason.contribution,
        surprise_bits: reason.surprise_bits,
        scale: reason.scale,
        wave: reason.wave.map(|Wave { alike, active, hours, bits }| WaveLeft { alike, active, hours, bits }),
        observed: measure.text(&reason.observed),
        others: reason.others.iter().take(measure.others).map(|other| measure.text(other)).collect(),
        values: reason.values,
        expected: expected(&reason.expected),
        time: reason.time.as_millis(),
        event_id: measure.text(&reason.event_id),
        also: reason.also.iter().take(Feature::ALL.len()).map(also).collect(),
    }
}

fn expected(expectation: &Expectation) -> Expected {
    Expected {
        own_hours: expectation.own_hours,
        probability: expectation.probability,
        peers: expectation.peers,
        peers_with_value: expectation.peers_with_value,
        others_with_value: expectation.others_with_value,
        last_seen: expectation.last_seen.map(|time| time.as_millis()),
    }
}

fn also((feature, surprise_bits): &(Feature, f64)) -> Also {
    Also { feature: feature.name(), surprise_bits: *surprise_bits }
}

fn news(news: &NewHere) -> News {
    match news {
        NewHere::Family(family) => News::Family(family.name()),
        NewHere::Tactic(tactic) => News::Tactic(tactic.id_and_name().0),
        NewHere::Network(class) => News::Network(class.name()),
        NewHere::Band(band) => News::Band(explain::band_name(*band)),
        NewHere::Wave(feature) => News::Wave(feature.name()),
        NewHere::Released => News::Released(true),
    }
}
