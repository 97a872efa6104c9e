//! The audit log of Kubernetes' API server: golden cases and recorded events.

use nhiwatch::config::DecodeConfig;
use nhiwatch::decode::Delivery;
use serde_json::{Value, json};

use super::common::{check_cases, outcomes, outcomes_with, recorded};
use super::mutation::{check_mutations, only};

#[test]
fn golden_cases() {
    check_cases("kubernetes", 20);
}

#[test]
fn any_change_of_a_record_is_survived() {
    check_mutations("kubernetes");
}

#[test]
fn the_topic_says_which_cluster() {
    let record = json!({ "kind": "Event", "apiVersion": "audit.k8s.io/v1", "auditID": "a", "verb": "list",
        "stage": "ResponseComplete", "user": { "username": "bob" }, "cluster": "from-a-shipper",
        "requestReceivedTimestamp": "2026-03-02T04:00:00Z" });
    let delivery = Delivery { scope: Some("main"), ..Delivery::default() };
    let seen = only(outcomes_with(record.to_string().as_bytes(), delivery, &DecodeConfig::default()));
    assert_eq!(seen["identity"]["scope"], "kubernetes/main");
    assert_eq!(only(outcomes(record.to_string().as_bytes()))["identity"]["scope"], "kubernetes/from-a-shipper");
}

/// Why a recorded line is no event: samples that leave out what every event has, and stages that another stands for.
fn explained(raw: &Value, seen: &Value) -> bool {
    let has = |key: &str| raw.get(key).is_some();
    let time = ["requestReceivedTimestamp", "stageTimestamp", "timestamp", "p_event_time"].iter().any(|key| has(key));
    let stage = raw["stage"].as_str().unwrap_or_default();
    match () {
        () if seen["ignored"] == "part" => stage == "ResponseStarted" || stage == "RequestReceived",
        () if seen["dead_letter"] == "missing_field" => !time || !has("verb"),
        () => seen["dead_letter"] == "unknown_format" && !has("apiVersion") && !has("auditID"),
    }
}

/// What an event must say, by the raw record.
fn check(raw: &Value, seen: &Value) {
    let event = &seen["event"];
    assert_eq!(event["actor"]["name"], raw["user"]["username"], "{raw}");
    assert_eq!(event["origin"]["ip"], raw["sourceIPs"][0], "{raw}");
    let operation = event["action"]["operation"].as_str().expect("text");
    let verb = raw["verb"].as_str().expect("a verb");
    assert!(operation.starts_with(verb), "{raw}");
    if let Some(resource) = raw["objectRef"]["resource"].as_str() {
        assert!(operation.contains(resource), "{raw}");
    }
    let code = raw["responseStatus"]["code"].as_i64();
    let forbidden = raw["annotations"]["authorization.k8s.io/decision"] == "forbid";
    if let Some(code) = code {
        let outcome = if code >= 400 || forbidden { "failure" } else { "success" };
        assert_eq!(event["outcome"], outcome, "{raw}");
    }
    let machine = raw["user"]["username"].as_str().is_some_and(|name| name.starts_with("system:serviceaccount:"));
    assert!(!machine || ["workload", "ci_pipeline", "vendor_app"].iter().any(|kind| seen["identity"]["kind"] == *kind));
}

#[test]
fn recorded_events() {
    let mut events = 0;
    for line in ["panther/eks_k8s_audit.ndjson", "kubernetes/k8s_audit.ndjson"].iter().flat_map(|file| recorded(file)) {
        let raw: Value = serde_json::from_str(&line).expect("JSON");
        let seen = only(outcomes(line.as_bytes()));
        if seen.get("event").is_some() {
            check(&raw, &seen);
            events += 1;
        } else {
            assert!(explained(&raw, &seen), "{seen} {raw}");
        }
    }
    println!("{events} events");
}
