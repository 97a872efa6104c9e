//! Findings tell by way of whom their identity came to act: what earlier events said of its credential.

use nhiwatch::config::DetectConfig;
use nhiwatch::detect::Effects;
use nhiwatch::event::*;
use proptest::prelude::*;

use crate::restart::{cut, restored};
use crate::stream::{Call, HOURS, Partition, generous, theft, twelve};

const SUBJECT: &str = "repo:example/shop:ref:refs/heads/main";

/// Principal 3, by way of a federated subject, gets a key; with that a further one; with which principal 2 is robbed.
fn story() -> Vec<Call> {
    let got = |minute, principal: u32, key: &str, issued: &str| Call {
        minute: HOURS * 60 + minute,
        key: key.into(),
        issued: vec![issued.into()],
        ..Call::usual(principal, HOURS)
    };
    let first = Call { subject: Some(SUBJECT.into()), ..got(0, 3, "", "ASIAFIRST") };
    let calls = vec![first, got(10, 4, "ASIAFIRST", "ASIASECOND"), Call::usual(1, HOURS)];
    let robbed = theft(2, HOURS).into_iter().map(|call| Call { key: "ASIASECOND".into(), ..call });
    calls.into_iter().chain(robbed).collect()
}

fn role(number: u32) -> String {
    format!("arn:aws:iam::123456789012:role/orders-{number}")
}

fn link(relation: Relation, name: &str) -> ChainLink {
    ChainLink { relation, name: name.into() }
}

/// One whose limits are these, after the usual of twelve peers.
fn limited(config: &DetectConfig) -> Partition {
    let mut partition = Partition::new(config, &generous());
    partition.run(&crate::stream::usual(12, 0..HOURS));
    partition
}

#[test]
fn the_chain_leads_from_the_key_to_the_subject() {
    let findings = twelve().run(&story());
    assert!(!findings.is_empty());
    for finding in findings {
        let expected = [
            link(Relation::IssuedTo, &role(4)),
            link(Relation::IssuedTo, &role(3)),
            link(Relation::FederatedSubject, SUBJECT),
        ];
        assert_eq!(finding.chain, expected);
    }
}

#[test]
fn what_the_event_says_comes_first() {
    let said = |call: Call| Call { subject: Some("repo:example/other".into()), ..call };
    let calls: Vec<Call> = story().into_iter().map(said).collect();
    let finding = twelve().run(&calls).remove(0);
    assert_eq!(finding.chain[0], link(Relation::FederatedSubject, "repo:example/other"));
    assert_eq!(finding.chain[1], link(Relation::IssuedTo, &role(4)));
}

/// A sign-in's token is the session of what is done with it; that the same app got it is left out.
#[test]
fn a_token_of_microsoft_leads_to_the_federated_credential() {
    let (mut partition, mut effects) = (twelve(), Effects::default());
    let signed_in = Call {
        minute: HOURS * 60,
        subject: Some("ci-of-shop".into()),
        issued: vec!["token-1".into()],
        ..Call::usual(2, HOURS)
    };
    let with_token = theft(2, HOURS).into_iter().map(|call| Call { session: "token-1".into(), ..call });
    for (call, source) in
        std::iter::once((signed_in, Source::EntraSignIn)).chain(with_token.map(|call| (call, Source::GraphActivity)))
    {
        let mut event = call.event(partition.next);
        event.event.source = source;
        partition.detector.apply(&event, &mut effects);
        partition.next += 1;
    }
    assert_eq!(effects.findings.remove(0).chain, [link(Relation::FederatedSubject, "ci-of-shop")]);
}

#[test]
fn a_key_of_another_account_says_nothing() {
    let elsewhere = |call: Call| Call { account: u32::from(!call.issued.is_empty()), ..call };
    let calls: Vec<Call> = story().into_iter().map(elsewhere).collect();
    let findings = twelve().run(&calls);
    assert!(!findings.is_empty() && findings.iter().all(|finding| finding.chain.is_empty()));
}

#[test]
fn so_many_keys_are_known_for_so_long() {
    let config = DetectConfig { max_links: 3, ..DetectConfig::default() };
    let between = |keys: i64| {
        let further = (0..keys).map(|n| Call {
            minute: HOURS * 60 + 20,
            issued: vec![format!("ASIA{n}")],
            ..Call::usual(5, HOURS)
        });
        let mut calls = story();
        calls.splice(2..2, further);
        limited(&config).run(&calls).remove(0).chain.len()
    };
    assert_eq!([between(0), between(2), between(3)], [3, 3, 0]);

    let later = |days: i64| {
        let mut calls = story();
        calls.iter_mut().skip(2).for_each(|call| call.minute += days * 24 * 60);
        limited(&DetectConfig::default()).run(&calls).remove(0).chain.len()
    };
    assert_eq!([later(6), later(8)], [3, 0]);
}

#[test]
fn names_and_chains_are_bounded() {
    let long = "ü".repeat(10_000);
    let issue = |n: u32| Call {
        minute: HOURS * 60 + i64::from(n),
        subject: Some(format!("{n}{long}")),
        key: format!("ASIA{n}"),
        issued: vec![format!("ASIA{}", n + 1)],
        ..Call::usual(n % 12, HOURS)
    };
    let mut partition = twelve();
    let before = partition.detector.census().state_bytes;
    partition.run(&(0..40).map(issue).collect::<Vec<Call>>());
    let robbed: Vec<Call> = theft(1, HOURS).into_iter().map(|call| Call { key: "ASIA40".into(), ..call }).collect();
    let chain = partition.run(&robbed).remove(0).chain;
    assert!(chain.len() == 4 && chain.iter().all(|link| link.name.len() <= 256), "{chain:#?}");
    assert!(partition.detector.census().state_bytes - before < 40 * 4 * 512 + 200_000);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// A restart between any two events changes nothing, where keys are pushed out as well.
    #[test]
    fn restored_anywhere_the_chain_is_the_same(stops in [0usize..8, 0usize..8], max_links in 1usize..4) {
        let config = DetectConfig { max_links, ..DetectConfig::default() };
        let (calls, [first, second]) = (story(), [stops[0].min(stops[1]), stops[0].max(stops[1])]);
        let mut undisturbed = limited(&config);
        let mut stopped = undisturbed.clone();
        let expected = [undisturbed.run(&calls[..second]), undisturbed.run(&calls[second..])].concat();

        let mut changelog = Vec::new();
        let mut found = stopped.run(&calls[..first]);
        cut(&mut stopped, &mut changelog);
        let (mut stopped, _) = restored(&config, &generous(), &changelog);
        found.extend(stopped.run(&calls[first..second]));
        cut(&mut stopped, &mut changelog);
        let (mut stopped, _) = restored(&config, &generous(), &changelog);
        found.extend(stopped.run(&calls[second..]));
        prop_assert_eq!(found, expected);
        prop_assert_eq!(stopped.detector.census(), undisturbed.detector.census());
    }
}
