//! The contract of each detection: what it sees, what it needs and learns and for how long, what it speaks of in ATT&CK's
//! terms, and what makes it fire falsely.
//!
//! In: the periods that are in force. Out: one [`Contract`] that `nhiwatch detections list` prints as a table, as JSON or
//! as the committed `config/DETECTIONS.md`. The words stand in `words` and nowhere else.

mod markdown;
mod words;

use serde::Serialize;

pub use markdown::markdown;

use super::attack;
use crate::event::{Family, Feature};

/// Periods that the configuration decides.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Periods {
    /// Half-life of what an identity did, in days (`detect.half_life_days`).
    pub half_life_days: f64,
    /// Days after which a value that was not seen is new again (`detect.forget_after_days`).
    pub forget_after_days: u32,
    /// Active hours from which on an identity is judged by its own history (`detect.warm_hours`).
    pub warm_hours: u32,
    /// Hours after which a second use makes a value known to peers (`detect.second_occasion_hours`).
    pub second_occasion_hours: u32,
    /// Quiet hours that end an incident (`detect.incident_quiet_hours`).
    pub incident_quiet_hours: u32,
}

/// Everything that `detections list` says.
#[derive(Debug, Serialize)]
pub struct Contract {
    /// The version of ATT&CK that techniques are named by.
    pub attack_version: &'static str,
    /// What the configuration says of times.
    pub periods: Periods,
    /// Families: the strongest feature of each counts, families add up.
    pub families: Vec<FamilyContract>,
    /// One a feature, in the order of the model.
    pub detections: Vec<Detection>,
}

/// How the evidence of a family counts.
#[derive(Debug, Serialize)]
pub struct FamilyContract {
    /// Its name in alerts.
    pub family: &'static str,
    /// What it asks.
    pub question: &'static str,
    /// Its features.
    pub features: Vec<&'static str>,
    /// Most bits that it adds, before its weight.
    pub cap_bits: f64,
    /// What its bits are multiplied by.
    pub weight: f64,
}

/// The contract of one feature.
#[derive(Debug, Serialize)]
pub struct Detection {
    /// Its name in alerts, metrics and configuration.
    pub feature: &'static str,
    /// The family in which it counts.
    pub family: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What makes it speak.
    pub sees: &'static str,
    /// Sources that carry what it needs.
    pub sources: &'static [&'static str],
    /// The members of a record that it needs.
    pub fields: &'static [&'static str],
    /// What it remembers of the identity, its peers and the fleet.
    pub learns: &'static str,
    /// From when on it speaks.
    pub activation: String,
    /// How long what it learned lasts.
    pub training: String,
    /// The span of time that one judgement is about.
    pub test_period: &'static str,
    /// How repeated evidence is kept from alerting again.
    pub dedup: String,
    /// Whether peers that do the same within hours lower it.
    pub lowered_by_peers: bool,
    /// What severity its alerts have.
    pub severity: &'static str,
    /// What it mostly shows, in ATT&CK's terms; an alert names the techniques of the actions that it saw.
    pub attack: Vec<Technique>,
    /// What makes it fire where nothing is wrong.
    pub false_alarms: &'static str,
    /// The series that counts it.
    pub metric: String,
}

/// A technique of ATT&CK.
#[derive(Debug, Serialize)]
pub struct Technique {
    /// Its id.
    pub id: &'static str,
    /// Its name, where it is in our list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'static str>,
    /// The tactic that it mainly serves.
    pub tactic: &'static str,
}

/// The contract under these periods.
pub fn contract(periods: Periods) -> Contract {
    Contract {
        attack_version: attack::VERSION,
        periods,
        families: Family::ALL.into_iter().map(family).collect(),
        detections: Feature::ALL.into_iter().map(|feature| detection(feature, &periods)).collect(),
    }
}

fn family(family: Family) -> FamilyContract {
    let of_family = Feature::ALL.into_iter().filter(|feature| feature.family() == family);
    FamilyContract {
        family: family.name(),
        question: words::question(family),
        features: of_family.map(Feature::name).collect(),
        cap_bits: Family::MOST_BITS,
        weight: family.weight(),
    }
}

fn detection(feature: Feature, periods: &Periods) -> Detection {
    let words = words::of(feature);
    Detection {
        feature: feature.name(),
        family: feature.family().name(),
        title: words.title,
        sees: words.sees,
        sources: &["aws.cloudtrail"],
        fields: words.fields,
        learns: words.learns,
        activation: activation(feature, periods),
        training: training(feature, periods),
        test_period: "the identity's active hour, at each event of it",
        dedup: format!(
            "an hour's evidence counts once and halves every 3 hours; an incident takes up what follows until {} quiet \
             hours have passed, and alerts again only for something new",
            periods.incident_quiet_hours
        ),
        lowered_by_peers: feature != Feature::TwoNetworks,
        severity: "by the evidence of all families: Medium at the threshold, High 4 bits above, Critical 8 bits above",
        attack: words.attack.iter().copied().map(technique).collect(),
        false_alarms: words.false_alarms,
        metric: format!("nhi_feature_fired_total{{feature=\"{}\"}}", feature.name()),
    }
}

fn technique(id: &'static str) -> Technique {
    let tactic = attack::tactic(id).expect("a test goes through all of them").id_and_name().1;
    Technique { id, name: attack::name(id), tactic }
}

fn activation(feature: Feature, periods: &Periods) -> String {
    let warm = periods.warm_hours;
    match feature {
        Feature::Sensitive => "the identity's first event".to_owned(),
        Feature::Revival => {
            format!("after 7 days at rest, {warm} active hours before them, or 3 peers with 5 active hours each")
        }
        _ => format!("after {warm} active hours; from the first event where 3 peers have 5 active hours each"),
    }
}

fn training(feature: Feature, periods: &Periods) -> String {
    let Periods { half_life_days, forget_after_days, second_occasion_hours, .. } = *periods;
    match feature {
        Feature::TwoNetworks | Feature::Revival => "how often it happens in the fleet: half-life 30 days".to_owned(),
        _ => format!(
            "own history: half-life {half_life_days} days, a value not seen for {forget_after_days} days is new again; \
             peers and fleet: half-life 30 days, a value counts there after a second use {second_occasion_hours} hours \
             later"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PERIODS: Periods = Periods {
        half_life_days: 14.0,
        forget_after_days: 45,
        warm_hours: 6,
        second_occasion_hours: 2,
        incident_quiet_hours: 24,
    };

    #[test]
    fn every_feature_and_family_is_there_and_says_everything() {
        let contract = contract(PERIODS);
        assert_eq!(contract.detections.iter().map(|d| d.feature).collect::<Vec<_>>(), Feature::ALL.map(Feature::name));
        assert_eq!(contract.families.iter().map(|f| f.family).collect::<Vec<_>>(), Family::ALL.map(Family::name));
        for detection in &contract.detections {
            let Detection { title, sees, learns, activation, training, false_alarms, .. } = detection;
            for text in [*title, sees, learns, activation, training, false_alarms] {
                assert!(text.len() > 8, "{}: {text}", detection.feature);
            }
            assert!(!detection.fields.is_empty() && !detection.attack.is_empty(), "{}", detection.feature);
        }
    }

    #[test]
    fn each_feature_is_in_its_family() {
        for family in contract(PERIODS).families {
            assert!(!family.features.is_empty(), "{}", family.family);
            for detection in contract(PERIODS).detections {
                assert_eq!(detection.family == family.family, family.features.contains(&detection.feature));
            }
        }
    }
}
