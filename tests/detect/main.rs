//! The laws of detection, over streams of events made here: what must never alert, what must, and what stays the same.

mod learning;
mod restart;
mod stream;

use nhiwatch::config::{BudgetConfig, DetectConfig};
use nhiwatch::detect::{Detector, Effects};
use nhiwatch::event::*;
use proptest::prelude::*;

use stream::{Call, history, learned, run, theft};

#[test]
fn a_stolen_credential_is_one_incident_and_its_reasons_add_up() {
    let (mut detector, offset) = learned();
    let findings = run(&mut detector, &theft(2, 480), offset);
    assert_eq!(findings.iter().filter(|f| f.activity == Activity::Create).count(), 1, "{findings:#?}");
    for finding in &findings {
        let sum: f64 = finding.reasons.iter().map(|reason| reason.contribution).sum();
        assert!((sum - finding.evidence_bits).abs() < 1e-9);
        assert!(finding.evidence_bits >= finding.threshold_bits && finding.risk_score >= 50);
        assert!(finding.reasons.iter().all(|reason| !reason.observed.is_empty() && reason.expected.own_hours > 100.0));
        assert!(finding.is_alert() && finding.events.len() as u64 + finding.events_omitted == finding.count);
    }
    let last = findings.last().expect("one at least");
    let families: Vec<Family> = last.reasons.iter().map(|reason| reason.feature.family()).collect();
    for family in [Family::What, Family::Net, Family::Client, Family::Sens] {
        assert!(families.contains(&family), "{family:?} in {families:?}");
    }
    assert!(findings.windows(2).all(|pair| pair[0].sequence + 1 == pair[1].sequence));
    assert!(findings.windows(2).all(|pair| pair[0].evidence_bits <= pair[1].evidence_bits));
}

#[test]
fn ten_thousand_sessions_and_keys_of_one_role_are_no_news() {
    let (mut detector, offset) = learned();
    let before = detector.census();
    let calls: Vec<Call> = (0..10_000i64)
        .map(|n| Call {
            session: format!("session-{n:x}"),
            key: format!("ASIA{n:016}"),
            minute: 480 * 60 + n / 20,
            ..Call::usual(1, 480)
        })
        .collect();
    let mut effects = Effects::default();
    for (index, call) in calls.iter().enumerate() {
        detector.apply(&call.event(offset + index as i64), &mut effects);
    }
    assert_eq!(effects.findings, []);
    assert_eq!(effects.counts.features_fired.iter().sum::<u64>(), 0);
    assert_eq!(detector.census().identities, before.identities);
    // A foreign session of the same role still stands out.
    let findings = run(&mut detector, &theft(1, 490), offset + 10_000);
    assert!(!findings.is_empty());
}

#[test]
fn what_was_read_before_changes_nothing() {
    let (mut detector, _) = learned();
    let mut effects = Effects::default();
    for (index, call) in history().iter().enumerate() {
        detector.apply(&call.event(index as i64), &mut effects);
    }
    assert_eq!(effects.counts.scored, 0);
    assert_eq!(effects.counts.repeated, history().len() as u64);
}

#[test]
fn at_the_limit_the_least_informative_identity_goes_and_is_counted() {
    let mut detector =
        Detector::new(&DetectConfig { max_identities: 10, ..DetectConfig::default() }, &BudgetConfig::default());
    let mut effects = Effects::default();
    for offset in 0..200i64 {
        let principal = if offset % 2 == 0 { 0 } else { offset as u32 };
        detector.apply(&Call::usual(principal, offset).event(offset), &mut effects);
    }
    assert_eq!(detector.census().identities.iter().sum::<u64>(), 10);
    assert_eq!(effects.counts.identities_evicted, 91);
    assert_eq!(effects.counts.identities_created[Kind::Workload as usize], 101, "the one with history stays");
}

#[test]
fn people_are_recorded_but_alert_nobody() {
    let mut detector = Detector::new(&DetectConfig::default(), &BudgetConfig::default());
    let human = |call: Call| Call { kind: Kind::Human, ..call };
    let calls: Vec<Call> = history().into_iter().map(human).collect();
    run(&mut detector, &calls, 0);
    let calls: Vec<Call> = theft(2, 480).into_iter().map(human).collect();
    let findings = run(&mut detector, &calls, 100_000);
    assert!(!findings.is_empty() && findings.iter().all(|finding| !finding.is_alert()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// One new value, with the features that it implies, never alerts; whatever it is.
    #[test]
    fn one_new_value_never_alerts(which in 0usize..5, name in "[a-z]{1,12}", principal in 0u32..5, repeats in 1i64..40) {
        let (mut detector, offset) = learned();
        let calls: Vec<Call> = (0..repeats).map(|n| {
            let mut call = Call { minute: 480 * 60 + n * 7, ..Call::usual(principal, 480) };
            match which {
                0 => call.operation = format!("x{name}"),
                1 => call.bucket = format!("x{name}"),
                2 => call.network = format!("x{name}"),
                3 => call.region = format!("x{name}"),
                _ => call.client = format!("x{name}"),
            }
            call
        }).collect();
        prop_assert_eq!(run(&mut detector, &calls, offset), vec![]);
    }
}
