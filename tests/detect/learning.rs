//! Laws 1 and 8: what is judged is not yet learned, and what one identity does makes nothing known to others quickly.

use nhiwatch::detect::{Detector, Effects};
use nhiwatch::event::*;
use proptest::prelude::*;

use crate::stream::{Call, learned, run, theft};

/// The network that thief and accomplices use.
const FOREIGN: &str = "198.51.100.0/24";

fn from_foreign(principal: u32, hour: i64) -> Call {
    Call { network: FOREIGN.into(), ..Call::usual(principal, hour) }
}

/// What the baseline expected of the foreign network when `principal` was robbed at `hour`.
fn expectation(detector: &mut Detector, principal: u32, hour: i64, offset: i64) -> Option<Expectation> {
    let findings = run(detector, &theft(principal, hour), offset);
    let reasons = findings.into_iter().flat_map(|finding| finding.reasons);
    reasons.into_iter().find(|reason| reason.feature == Feature::Network).map(|reason| reason.expected)
}

#[test]
fn an_event_is_no_part_of_what_it_is_judged_by() {
    let (mut detector, offset) = learned();
    let expected = expectation(&mut detector, 2, 480, offset).expect("the network is a reason");
    assert_eq!((expected.peers, expected.peers_with_value, expected.others_with_value), (4, 0, 0));
    // 480 active hours, decayed with a half-life of 336 hours, none of them the present one.
    let hours: f64 = (1..=480).map(|age| (-f64::from(age) / 336.0).exp2()).sum();
    assert!((expected.own_hours - hours).abs() < 2.0, "{} {hours}", expected.own_hours);
}

#[test]
fn peers_hear_of_a_value_on_its_second_occasion_two_hours_later() {
    for (again, known) in [(481, 0), (482, 1), (490, 1)] {
        let (mut detector, offset) = learned();
        run(&mut detector, &[from_foreign(1, 480), from_foreign(1, again)], offset);
        let expected = expectation(&mut detector, 2, 491, offset + 2).expect("the network is a reason");
        assert_eq!(expected.peers_with_value, known, "again at hour {again}");
    }
}

#[test]
fn peers_hear_nothing_while_an_incident_is_open() {
    let (mut detector, offset) = learned();
    assert!(!run(&mut detector, &theft(1, 480), offset).is_empty());
    let calls: Vec<Call> = (481..500).map(|hour| from_foreign(1, hour)).collect();
    run(&mut detector, &calls, offset + 10);
    let expected = expectation(&mut detector, 2, 501, offset + 100).expect("the network is a reason");
    assert_eq!(expected.peers_with_value, 0);
}

#[test]
fn evidence_of_a_second_kind_is_never_hidden_by_an_open_incident() {
    let (mut detector, offset) = learned();
    let findings = run(&mut detector, &theft(2, 480), offset);
    let later = Call {
        sensitivity: Some(Sensitivity::LogControl),
        operation: "StopLogging".into(),
        service: "cloudtrail",
        region: "us-west-2".into(),
        ..Call::usual(2, 485)
    };
    let mut effects = Effects::default();
    detector.apply(&later.event(offset + 10), &mut effects);
    let update = effects.findings.first().expect("an update");
    assert_eq!((update.activity, &update.opening_event), (Activity::Update, &findings[0].opening_event));
    assert!(!update.news.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// One identity adds at most one to any count of its peers, however often and in whatever pattern it uses a value.
    #[test]
    fn one_identity_counts_once(hours in proptest::collection::btree_set(480i64..1_400, 1..60)) {
        let (mut detector, offset) = learned();
        let calls: Vec<Call> = hours.iter().map(|&hour| from_foreign(1, hour)).collect();
        run(&mut detector, &calls, offset);
        let usual: Vec<Call> = (1_400..1_402).map(|hour| Call::usual(2, hour)).collect();
        run(&mut detector, &usual, offset + 100);
        // Once a peer is known to have it, the network may be too little evidence to be a reason.
        let expected = expectation(&mut detector, 2, 1_402, offset + 200);
        prop_assert!(expected.is_none_or(|expected| expected.peers_with_value <= 1));
    }
}
