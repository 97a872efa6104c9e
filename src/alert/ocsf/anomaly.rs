//! `anomaly_analyses`: for each reason what was observed, and what was to be expected in numbers. The words for types
//! and patterns are those that OCSF's schema suggests.

use super::fit::Measure;
use super::schema::{AnalysisTarget, Anomaly, AnomalyAnalysis, Observation, Timespan};
use crate::alert::explain;
use crate::event::{Feature, Finding, Reason, Timestamp};

/// One analysis a reason, in their order.
pub fn analyses<'a>(finding: &'a Finding, measure: &Measure) -> Vec<AnomalyAnalysis<'a>> {
    finding.reasons.iter().map(|reason| analysis(finding, reason, measure)).collect()
}

fn analysis<'a>(finding: &'a Finding, reason: &'a Reason, measure: &Measure) -> AnomalyAnalysis<'a> {
    let target = AnalysisTarget { name: measure.text(&finding.principal), type_name: "Identity" };
    let (observation_parameter, observation_type) = subject(reason.feature);
    let anomaly = Anomaly {
        observation_parameter,
        observation_type,
        observed_pattern: Some(pattern(reason)),
        observations: observed(reason, measure),
    };
    let baseline = Anomaly {
        observation_parameter,
        observation_type,
        observed_pattern: None,
        observations: expected(reason, finding.maturity.first_seen),
    };
    AnomalyAnalysis { analysis_targets: [target], anomalies: [anomaly], baselines: [baseline] }
}

/// What is looked at, and by which kind of analysis.
fn subject(feature: Feature) -> (&'static str, &'static str) {
    match feature {
        Feature::Action => ("action", "Frequency Analysis"),
        Feature::Resource => ("resource container", "Frequency Analysis"),
        Feature::Pair => ("action on resource container", "Frequency Analysis"),
        Feature::Network => ("source network", "Frequency Analysis"),
        Feature::Asn => ("operator of the source network", "Frequency Analysis"),
        Feature::TwoNetworks => ("source networks in one hour", "Distribution Analysis"),
        Feature::Region => ("region", "Frequency Analysis"),
        Feature::TargetAccount => ("target account", "Frequency Analysis"),
        Feature::Client => ("client", "Frequency Analysis"),
        Feature::Sensitive => ("class of sensitive action", "Frequency Analysis"),
        Feature::Revival => ("new values after a rest", "Time Pattern Analysis"),
    }
}

fn pattern(reason: &Reason) -> &'static str {
    let known = reason.expected.peers_with_value > 0
        || reason.expected.others_with_value > 0
        || reason.expected.last_seen.is_some()
        || matches!(reason.feature, Feature::TwoNetworks | Feature::Revival);
    if known { "RARE" } else { "UNSEEN" }
}

/// The values of the hour in which the evidence last rose, and how many they were.
fn observed<'a>(reason: &'a Reason, measure: &Measure) -> Vec<Observation<'a>> {
    let plain = |value| Observation { value, count: None, timespan: None };
    let hour_start = reason.time.hour().saturating_mul(Timestamp::HOUR_MS);
    let mut observations = vec![Observation {
        timespan: Some(Timespan { start_time: hour_start, end_time: reason.time.as_millis() }),
        ..plain(measure.text(&reason.observed))
    }];
    observations.extend(reason.others.iter().take(measure.others).map(|other| plain(measure.text(other))));
    if reason.values > 1 {
        let values = u64::from(reason.values);
        let total = format!("{} new values in this hour", explain::grouped(values));
        observations.push(Observation { count: Some(values), ..plain(total.into()) });
    }
    observations
}

fn expected(reason: &Reason, first_seen: Timestamp) -> Vec<Observation<'static>> {
    let history = Observation {
        value: explain::own_history(reason).into(),
        count: None,
        timespan: Some(Timespan { start_time: first_seen.as_millis(), end_time: reason.time.as_millis() }),
    };
    let peers = explain::peers(reason).map(|peers| Observation {
        value: peers.into(),
        count: Some(reason.expected.peers_with_value.into()),
        timespan: None,
    });
    let wave = reason.wave.map(|wave| Observation {
        value: explain::group::wave(reason).unwrap_or_default().into(),
        count: Some(wave.alike.into()),
        timespan: None,
    });
    std::iter::once(history).chain(peers).chain(wave).collect()
}
