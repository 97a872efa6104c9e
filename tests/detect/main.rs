//! The laws of detection, over streams of events made here: what must never alert, what must, and what stays the same.

mod ahead;
mod incidents;
mod learning;
mod links;
mod operators;
mod repeats;
mod restart;
mod stream;
mod waves;

use nhiwatch::config::{BudgetConfig, DetectConfig};
use nhiwatch::event::*;
use proptest::prelude::*;

use stream::{Call, HOURS, Partition, deploy, history, learned, loners, theft, twelve, usual};

#[test]
fn a_stolen_credential_is_one_incident_and_its_reasons_add_up() {
    let findings = learned().run(&theft(2, 480));
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
    let mut partition = learned();
    let before = partition.detector.census();
    let of_session = |n: i64| Call {
        session: format!("session-{n:x}"),
        key: format!("ASIA{n:016}"),
        minute: 480 * 60 + n / 20,
        ..Call::usual(1, 480)
    };
    assert_eq!(partition.run(&(0..10_000).map(of_session).collect::<Vec<Call>>()), []);
    assert_eq!(partition.counts.features_fired.iter().sum::<u64>(), 0);
    assert_eq!(partition.detector.census().identities, before.identities);
    // A foreign session of the same role still stands out.
    assert!(!partition.run(&theft(1, 490)).is_empty());
}

#[test]
fn what_was_read_before_changes_nothing() {
    let mut partition = learned();
    partition.next = 0;
    partition.run(&history());
    assert_eq!((partition.counts.scored, partition.counts.repeated), (0, history().len() as u64));
}

#[test]
fn at_the_limit_the_least_informative_identity_goes_and_is_counted() {
    let config = DetectConfig { max_identities: 10, ..DetectConfig::default() };
    let mut partition = Partition::new(&config, &BudgetConfig::default());
    let of_turn = |turn: i64| Call::usual(if turn % 2 == 0 { 0 } else { turn as u32 }, turn);
    partition.run(&(0..200).map(of_turn).collect::<Vec<Call>>());
    assert_eq!(partition.detector.census().identities.iter().sum::<u64>(), 10);
    assert_eq!(partition.counts.identities_evicted, 91);
    let created = partition.counts.identities_created[Kind::Workload as usize];
    assert_eq!(created, 101, "the one with history stays");
}

#[test]
fn people_are_recorded_but_alert_nobody() {
    let mut partition = Partition::new(&DetectConfig::default(), &BudgetConfig::default());
    let human = |call: Call| Call { kind: Kind::Human, ..call };
    partition.run(&history().into_iter().map(human).collect::<Vec<Call>>());
    let findings = partition.run(&theft(2, 480).into_iter().map(human).collect::<Vec<Call>>());
    assert!(!findings.is_empty() && findings.iter().all(|finding| !finding.is_alert()));
}

/// N6: of a known template, an unknown principal is scored from its first event.
#[test]
fn an_unknown_principal_of_a_known_template_is_judged_from_its_first_event() {
    let mut partition = twelve();
    assert_eq!(partition.run(&usual(13, HOURS..HOURS + 1)), [], "what its peers do is no news");
    let findings = partition.run(&theft(77, HOURS + 1));
    assert!(findings.iter().any(Finding::is_alert), "{findings:#?}");
    assert!(findings.iter().all(|finding| finding.maturity.learning && finding.maturity.active_hours == 1));
    assert_eq!(partition.counts.learning, 0);
    // Of a template that nobody knows, it is learning: what is new says nothing.
    let alone: Vec<Call> = theft(77, HOURS + 2).into_iter().map(|call| Call { account: 9, ..call }).collect();
    assert_eq!(partition.run(&alone[..4]), []);
    assert_eq!(partition.counts.learning, 4);
}

#[test]
fn the_same_events_give_the_same_findings_to_the_byte() {
    let told = || {
        let mut partition = twelve();
        let findings = [partition.run(&theft(3, HOURS)), partition.run(&deploy(0..12, HOURS + 30, 20))].concat();
        (postcard::to_stdvec(&findings).expect("findings can be written"), partition.detector.census())
    };
    assert_eq!(told(), told());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// One new value, with the features that it implies, never alerts; whatever it is.
    #[test]
    fn one_new_value_never_alerts(which in 0usize..5, name in "[a-z]{1,12}", principal in 0u32..5, repeats in 1i64..40) {
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
        prop_assert_eq!(learned().run(&calls), vec![]);
    }

    /// Events of a quarter of an hour may arrive in any order: the same identities alert.
    #[test]
    fn order_within_a_quarter_of_an_hour_does_not_change_who_alerts(
        (victims, calls) in proptest::sample::subsequence((0..40u32).collect::<Vec<u32>>(), 1..5).prop_flat_map(|victims| {
            let robbed = |call: Call, principal| Call { account: principal, ..call };
            let thefts = victims.iter().flat_map(|&victim| theft(victim, 60).into_iter().map(move |c| robbed(c, victim)));
            let others = (0..40).map(|principal| robbed(Call { minute: 60 * 60 + 52, ..Call::usual(principal, 60) }, principal));
            let calls: Vec<Call> = thefts.chain(others).collect();
            (Just(victims), Just(calls).prop_shuffle())
        }),
    ) {
        let findings = loners().run(&calls);
        let alerted = |finding: &Finding| finding.is_alert().then(|| finding.scope.clone());
        let alerted: std::collections::BTreeSet<String> = findings.iter().filter_map(alerted).collect();
        let robbed: std::collections::BTreeSet<String> =
            victims.iter().map(|victim| format!("aws/{}", 123_456_789_012 + u64::from(*victim))).collect();
        prop_assert_eq!(alerted, robbed);
    }
}
