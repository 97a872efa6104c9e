//! What holds for every alert, whatever the finding says.

use nhiwatch::alert::text::{Colour, MAX_COLUMNS};
use nhiwatch::alert::{ProductInfo, escape, finding_uid, metadata_uid, ocsf, text};
use nhiwatch::config::AlertsConfig;
use nhiwatch::event::{Activity, Campaign, Finding};
use proptest::prelude::*;
use serde_json::Value;

use super::any_finding::{any_finding, text as any_text};
use super::ocsf_schema;

const BUILD: ProductInfo<'static> = ProductInfo { version: "0.0.0-test" };

/// Failures are to become golden cases or plain tests, not files of seeds; findings are large, so fewer of them.
fn cases() -> ProptestConfig {
    ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases())]

    /// Valid OCSF, no larger than allowed, with the identity where a SIEM looks for it.
    #[test]
    fn every_alert_is_valid_and_fits(finding in any_finding(), max_bytes in AlertsConfig::MIN_BYTES..300_000) {
        let config = AlertsConfig { max_bytes, ..AlertsConfig::default() };
        let rendered = ocsf::render(&finding, &config, &BUILD);
        prop_assert!(rendered.body.len() <= max_bytes, "{} > {max_bytes}", rendered.body.len());
        let alert: Value = serde_json::from_slice(&rendered.body).expect("JSON");
        ocsf_schema::check(&alert, "any finding");
        prop_assert_eq!(alert["metadata"]["is_truncated"] == true, rendered.is_truncated);
        if !finding.events.is_empty() && finding.campaign.is_none() {
            let uid = alert["evidences"][0]["actor"]["user"]["uid"].as_str().expect("the principal");
            prop_assert!(finding.principal.starts_with(uid.strip_suffix('…').unwrap_or(uid)));
        }
    }

    /// Law 9: contributions as printed add up to the evidence as printed, all of them, however small the alert.
    #[test]
    fn contributions_add_up(finding in any_finding()) {
        for max_bytes in [0, 1 << 20] {
            let config = AlertsConfig { max_bytes, ..AlertsConfig::default() };
            let alert: Value = serde_json::from_slice(&ocsf::render(&finding, &config, &BUILD).body).expect("JSON");
            let contributions = alert["unmapped"]["contributions"].as_array().expect("a list");
            let sum: f64 = contributions.iter().map(|each| each["bits"].as_f64().expect("a number")).sum();
            let evidence = alert["unmapped"]["evidence_bits"].as_f64().expect("a number");
            prop_assert_eq!(contributions.len(), finding.reasons.len());
            prop_assert!((sum - evidence).abs() < 1e-9, "{sum} is not {evidence}");
            prop_assert_eq!(evidence, finding.evidence_bits);
        }
    }

    /// Whether somebody is alerted is said in one way: by no end, by nothing that is muted, and why not is told.
    #[test]
    fn what_alerts_nobody_says_so(finding in any_finding()) {
        let alert: Value =
            serde_json::from_slice(&ocsf::render(&finding, &AlertsConfig::default(), &BUILD).body).expect("JSON");
        let is_alert = finding.muted.is_none() && finding.activity != Activity::Close;
        prop_assert_eq!(&alert["is_alert"], is_alert);
        prop_assert_eq!(&alert["disposition_id"], if is_alert { 19 } else { 17 });
        prop_assert_eq!(alert["unmapped"]["muted"].as_str(), finding.muted.map(|muted| muted.name()));
        prop_assert_eq!(alert["status_detail"].is_string(), !is_alert);
        prop_assert_eq!(alert["severity_id"] == 1, finding.muted.is_some());
        let listed = alert["unmapped"]["campaign"]["principals"].as_array().map_or(0, Vec::len);
        prop_assert!(listed <= AlertsConfig::default().max_resources);
        prop_assert_eq!(alert["unmapped"]["campaign"].is_object(), finding.campaign.is_some());
    }

    /// Law 5: the same finding gives the same bytes; an alert sent again has the same ids, another statement about the
    /// same incident another record id only.
    #[test]
    fn the_same_finding_is_the_same_alert(finding in any_finding()) {
        let config = AlertsConfig::default();
        let rendered = ocsf::render(&finding, &config, &BUILD);
        prop_assert_eq!(&rendered, &ocsf::render(&finding.clone(), &config, &BUILD));
        let next = Finding { sequence: finding.sequence.wrapping_add(1), ..finding };
        let next = ocsf::render(&next, &config, &BUILD);
        prop_assert_eq!(&next.key, &rendered.key);
        prop_assert_eq!(&next.partition_hash_key, &rendered.partition_hash_key);
        prop_assert_ne!(header(&next.headers, "ce_id"), header(&rendered.headers, "ce_id"));
    }

    /// Law 10: no text of the audit log acts on a terminal, forges a line, or makes one too wide.
    #[test]
    fn what_a_person_reads_is_harmless(finding in any_finding()) {
        let shown = text::render(&finding, Colour::Never);
        for line in shown.lines() {
            prop_assert_eq!(line, escape::shown(line, usize::MAX));
            prop_assert!(escape::columns(line) <= MAX_COLUMNS, "{line}");
        }
        prop_assert!(shown.lines().count() <= 24, "{shown}");
        let coloured = text::render(&finding, Colour::Always);
        prop_assert_eq!(uncoloured(&coloured), shown);
    }

    /// Law 10: the same for what a SIEM shows, and for the headers.
    #[test]
    fn sentences_and_headers_are_harmless(finding in any_finding()) {
        let rendered = ocsf::render(&finding, &AlertsConfig::default(), &BUILD);
        let alert: Value = serde_json::from_slice(&rendered.body).expect("JSON");
        let title = alert["finding_info"]["title"].as_str().expect("a title");
        let message = alert["message"].as_str().expect("a message");
        let description = alert["finding_info"]["desc"].as_str().expect("a description");
        prop_assert!(title.chars().count() <= 100);
        for line in [title, message].into_iter().chain(description.split('\n')) {
            prop_assert_eq!(line, escape::shown(line, usize::MAX));
        }
        for (name, value) in &rendered.headers {
            prop_assert!(!value.chars().any(char::is_control), "{name}: {value}");
        }
    }

    /// Incidents of different scope, principal or opening event have different ids.
    #[test]
    fn ids_tell_incidents_apart(a in [any_text(), any_text(), any_text()], b in [any_text(), any_text(), any_text()]) {
        let same = finding_uid(&a[0], &a[1], &a[2]) == finding_uid(&b[0], &b[1], &b[2]);
        prop_assert_eq!(same, a == b);
    }
}

/// The promise of `MIN_BYTES`: with every text as long as it can be and made of characters that JSON writes in six.
#[test]
fn the_most_hostile_finding_fits() {
    use nhiwatch::event::Feature::{Action, Client, Network, Region, Revival, Sensitive};
    let golden = include_str!("../alerts/hostile_text/finding.json");
    let mut finding: Finding = serde_json::from_str(golden).expect("a finding");
    let long = "\u{1}".repeat(5_000);
    let event = &mut finding.events[0];
    let delegator = (nhiwatch::event::Relation::InvokedBy, long.clone());
    (event.delegators, event.targets) = (vec![delegator; 50], vec![(long.clone(), long.clone()); 50]);
    for text in [&mut event.id, &mut event.topic, &mut event.service, &mut event.operation, &mut event.actor_name] {
        text.clone_from(&long);
    }
    for text in [&mut event.error, &mut event.actor_uid, &mut event.account, &mut event.session, &mut event.user_agent]
    {
        *text = Some(long.clone());
    }
    finding.events = vec![event.clone(); 100];
    finding.reasons = [Action, Client, Network, Region, Revival, Sensitive]
        .map(|feature| nhiwatch::event::Reason {
            feature,
            observed: long.clone(),
            others: vec![long.clone(); 1_000],
            event_id: long.clone(),
            also: vec![(feature, 1.0); 1_000],
            ..finding.reasons[0].clone()
        })
        .to_vec();
    finding.techniques = vec![long.clone(); 100];
    for text in [&mut finding.scope, &mut finding.principal, &mut finding.template, &mut finding.kind_reason] {
        text.clone_from(&long);
    }
    finding.campaign =
        Some(Campaign { members: u32::MAX, active: u32::MAX, principals: vec![long.clone(); 1_000], window_hours: 12 });
    let config = AlertsConfig { max_bytes: 0, ..AlertsConfig::default() };
    let rendered = ocsf::render(&finding, &config, &BUILD);
    assert!(rendered.is_truncated);
    assert!(rendered.body.len() <= AlertsConfig::MIN_BYTES, "{}", rendered.body.len());
    ocsf_schema::check(&serde_json::from_slice(&rendered.body).expect("JSON"), "the most hostile finding");
}

/// Ids are part of the product's interface: they may never change.
#[test]
fn ids_never_change() {
    assert_eq!(ocsf::NAMESPACE, uuid::Uuid::new_v5(&uuid::Uuid::NAMESPACE_DNS, b"nhiwatch.invalid"));
    let uid = finding_uid("aws/123456789012", "arn:aws:iam::123456789012:role/payments-api", "e1");
    assert_eq!(uid, "a8c1484d-d70c-512f-88dd-d3b42941647e");
    assert_eq!(metadata_uid(&uid, 0), "350fc2e8-9637-5a40-a214-c766d5c2f651");
}

fn header<'a>(headers: &'a [(&'static str, String)], name: &str) -> &'a str {
    &headers.iter().find(|(is, _)| *is == name).expect("the header is there").1
}

/// The text without the colours that we put into it.
fn uncoloured(text: &str) -> String {
    let mut parts = text.split('\x1b');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').expect("a colour").1)
}
