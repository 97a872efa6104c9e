//! The operator of a network, where a file says it: stranger than a new network of one that is known, and no news by itself.

use nhiwatch::config::DetectConfig;
use nhiwatch::event::{Feature, Finding};

use crate::stream::{Call, Partition, generous, theft, usual};

/// Hours that the peers have behind them.
const HOURS: i64 = 200;
/// Who runs the network that the peers call from.
const HOME: u32 = 64_500;
/// Somebody else.
const ELSEWHERE: u32 = 64_999;

fn from(asn: u32) -> impl Fn(Call) -> Call {
    move |call| Call { asn: Some(asn), ..call }
}

/// Twelve peers that one operator gives another network every day, as its pool of addresses goes round.
fn learned() -> Partition {
    let mut partition = Partition::new(&DetectConfig::default(), &generous());
    let pooled = |call: Call| Call { network: network_of(call.principal, call.minute), ..from(HOME)(call) };
    let history: Vec<Call> = usual(12, 0..HOURS).into_iter().map(pooled).collect();
    assert_eq!(partition.run(&history), [], "the usual is never an incident");
    partition
}

/// The network of a peer's day.
fn network_of(principal: u32, minute: i64) -> String {
    format!("203.0.{}.0/24", i64::from(principal) * 12 + minute / (24 * 60))
}

/// The statements about a theft whose networks this operator runs.
fn stolen(asn: u32) -> Vec<Finding> {
    let calls: Vec<Call> = theft(3, HOURS).into_iter().map(from(asn)).collect();
    learned().run(&calls)
}

fn evidence(findings: &[Finding]) -> f64 {
    findings.iter().map(|finding| finding.evidence_bits).fold(0.0, f64::max)
}

/// Whether a feature spoke in any of the findings, as the strongest of its family or beside it.
fn speaks(findings: &[Finding], feature: Feature) -> bool {
    let reasons = || findings.iter().flat_map(|finding| &finding.reasons);
    reasons().any(|reason| reason.feature == feature || reason.also.iter().any(|(also, _)| *also == feature))
}

#[test]
fn another_operator_is_more_evidence_than_another_network_of_the_same() {
    let (same, other) = (stolen(HOME), stolen(ELSEWHERE));
    assert!(evidence(&other) > evidence(&same), "{} > {}", evidence(&other), evidence(&same));
    assert!(speaks(&other, Feature::Asn) && !speaks(&same, Feature::Asn));
}

#[test]
fn a_file_that_names_other_operators_is_no_news() {
    let mut partition = Partition::new(&DetectConfig::default(), &generous());
    partition.run(&usual(12, 0..HOURS).into_iter().map(from(HOME)).collect::<Vec<_>>());
    let fired = partition.counts.features_fired;
    let renamed: Vec<Call> = usual(12, HOURS..HOURS + 24).into_iter().map(from(ELSEWHERE)).collect();
    assert_eq!(partition.run(&renamed), []);
    assert_eq!(partition.counts.features_fired, fired, "nothing was said at all");
}

#[test]
fn a_file_that_is_new_is_no_news() {
    let mut partition = Partition::new(&DetectConfig::default(), &generous());
    partition.run(&usual(12, 0..HOURS));
    let fired = partition.counts.features_fired;
    let described: Vec<Call> = usual(12, HOURS..HOURS + 24).into_iter().map(from(HOME)).collect();
    assert_eq!(partition.run(&described), []);
    assert_eq!(partition.counts.features_fired, fired, "nothing was said at all");
}

#[test]
fn a_known_network_and_one_of_another_operator_in_one_hour_are_told_apart() {
    let in_turns = |asn: u32| {
        let mut calls: Vec<Call> = theft(3, HOURS).into_iter().map(from(asn)).collect();
        let known = network_of(3, HOURS * 60 - 1);
        calls.push(from(HOME)(Call { minute: HOURS * 60 + 56, network: known, ..Call::usual(3, HOURS) }));
        let mut partition = learned();
        partition.run(&calls);
        let closed = partition.tick((HOURS + 48) * 60, None);
        let reasons: Vec<_> = closed.into_iter().flat_map(|finding| finding.reasons).collect();
        reasons.into_iter().find(|reason| reason.feature == Feature::TwoNetworks).expect("the networks were in turns")
    };
    let (same, other) = (in_turns(HOME), in_turns(ELSEWHERE));
    assert_eq!(same.observed, "known and new network in one hour");
    assert_eq!(other.observed, "known network and one of another operator in one hour");
    assert!(other.surprise_bits > same.surprise_bits);
}
