//! Waves (model, section 2.4): what a deploy brings to many is not many alerts, and says so; what a thief could do to many
//! at once is not excused for it.

use nhiwatch::event::*;
use proptest::prelude::*;

use crate::stream::{Call, HOURS, deploy, theft, twelve};

fn alerted(findings: &[Finding]) -> std::collections::BTreeSet<&str> {
    let alerts = findings.iter().filter(|finding| finding.is_alert() && finding.activity == Activity::Create);
    alerts.map(|finding| finding.principal.as_str()).collect()
}

fn notices(findings: &[Finding]) -> Vec<&Finding> {
    findings.iter().filter(|finding| finding.campaign.is_some()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Twelve roles of a template get the same new actions within hours: two alert before it is known to be a wave, no
    /// further one does (two more where a new client comes with it, a second family); theirs is lowered and says why; one
    /// notice goes out and alerts nobody.
    #[test]
    fn a_deploy_to_twelve_roles_is_two_alerts_at_most(minutes_apart in 5i64..55, with_client in any::<bool>()) {
        let mut partition = twelve();
        let mut calls = deploy(0..12, HOURS, minutes_apart);
        let usual = Call::usual(0, 0);
        calls.iter_mut().filter(|_| !with_client).for_each(|call| call.client.clone_from(&usual.client));
        let findings = partition.run(&calls);
        let alerted = alerted(&findings);
        prop_assert!((1..=if with_client { 4 } else { 2 }).contains(&alerted.len()), "{alerted:?}");
        for principal in &alerted {
            let mut of_principal = findings.iter().filter(|finding| finding.principal == **principal);
            let created = of_principal.next().expect("it was created");
            let mut lowered = of_principal.filter(|finding| finding.news.iter().any(|news| matches!(news, NewHere::Wave(_))));
            let last = lowered.next_back().expect("it was lowered");
            prop_assert!(last.activity == Activity::Update && last.evidence_bits < created.evidence_bits);
            prop_assert!(last.risk_score < created.risk_score && last.band <= created.band);
            let wave = last.reasons.iter().filter_map(|reason| reason.wave).map(|wave| wave.alike).max();
            prop_assert!(wave.is_some_and(|alike| alike >= 8), "{:?}", last.reasons);
        }
        let notices = notices(&findings);
        prop_assert_eq!(notices.len(), 1);
        let campaign = notices[0].campaign.as_ref().expect("it is a notice");
        prop_assert!(notices[0].muted == Some(Muted::Notice) && campaign.members >= 3 && campaign.active >= 3);
        prop_assert!(partition.counts.waves_discounted > 0);
    }
}

#[test]
fn what_follows_a_deploy_says_how_many_peers_did_the_same() {
    let mut partition = twelve();
    partition.run(&deploy(0..11, HOURS, 10));
    // The last role gets the same, and a thief's key besides: that alerts, and the deploy is discounted in it.
    let theft: Vec<Call> = theft(11, HOURS + 2).into_iter().skip(4).collect();
    let findings = partition.run(&[deploy(11..12, HOURS + 2, 0), theft].concat());
    let wave = |finding: &Finding, feature| {
        let reason = finding.reasons.iter().find(|reason| reason.feature == feature).expect("it is a reason");
        (reason.wave.map(|wave| (wave.alike, wave.active)), reason.surprise_bits)
    };
    let last = findings.last().expect("the key alerts");
    assert!(last.is_alert());
    let (sens, _) = wave(last, Feature::Sensitive);
    assert_eq!(sens, None, "nobody else made a key");
    let reason = last.reasons.iter().find(|reason| reason.wave.is_some()).expect("the deploy is among the reasons");
    let wave = reason.wave.expect("it has one");
    assert_eq!((wave.alike, wave.active, wave.hours), (11, 11, 3), "{reason:#?}");
    assert!(wave.bits < reason.surprise_bits);
}

#[test]
fn one_identity_alone_is_not_discounted() {
    let mut partition = twelve();
    let again = |hours| {
        deploy(5..6, HOURS + hours, 0).into_iter().map(move |call| Call {
            operation: format!("{}{hours}", call.operation),
            bucket: format!("releases-{hours}"),
            client: format!("sdk/{hours}"),
            ..call
        })
    };
    let findings = partition.run(&(0..6).flat_map(again).collect::<Vec<Call>>());
    assert!(!findings.is_empty() && notices(&findings).is_empty());
    assert!(findings.iter().flat_map(|finding| &finding.reasons).all(|reason| reason.wave.is_none()));
    assert_eq!(partition.counts.waves_discounted, 0);
}

/// A thief with the keys of all members at once is a wave in everything but this: known and foreign networks in one hour.
#[test]
fn two_networks_in_one_hour_are_never_discounted() {
    let mut partition = twelve();
    let robbed = |principal: u32| {
        let hour = HOURS + i64::from(principal) / 3;
        let known = |minute| Call { minute: hour * 60 + minute, ..Call::usual(principal, hour) };
        [vec![known(50)], theft(principal, hour), vec![known(58)]].concat()
    };
    let findings = partition.run(&(0..12).flat_map(robbed).collect::<Vec<Call>>());
    let reasons: Vec<&Reason> = findings.iter().flat_map(|finding| &finding.reasons).collect();
    let two: Vec<&&Reason> = reasons.iter().filter(|reason| reason.feature == Feature::TwoNetworks).collect();
    assert!(two.len() >= 9, "{}", two.len());
    assert!(two.iter().all(|reason| reason.wave.is_none()));
    assert!(reasons.iter().any(|reason| reason.wave.is_some()), "the rest is");
    assert!(alerted(&findings).len() >= 6, "{:?}", alerted(&findings));
    assert_eq!(notices(&findings).len(), 1);
}
