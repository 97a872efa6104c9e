//! Google Cloud Audit Logs: golden cases and recorded events.

use serde_json::Value;

use super::common::{check_cases, outcomes, recorded};
use super::mutation::{check_mutations, folded, only};

#[test]
fn golden_cases() {
    check_cases("gcp", 20);
}

#[test]
fn any_change_of_a_record_is_survived() {
    check_mutations("gcp");
}

/// The payload of an entry, whatever its key's spelling.
fn payload(raw: &Value) -> Option<&Value> {
    folded(raw, &["protopayload"])
}

/// Why a recorded line is no event: samples that leave out what every entry has, and entries that another stands for.
fn explained(raw: &Value, seen: &Value) -> bool {
    let Some(payload) = payload(raw) else { return seen["dead_letter"] == "unknown_format" };
    let operation = |word: &str| raw["operation"][word] == true;
    if operation("last") && !operation("first") {
        return seen["ignored"] == "part";
    }
    let time = ["timestamp", "p_event_time"].iter().any(|key| raw.get(key).is_some());
    let time = time || payload.get("timestamp").is_some() || !payload["requestMetadata"]["requestAttributes"].is_null();
    let method = payload.get("methodName").is_some();
    (!time || !method) && seen["dead_letter"] == "missing_field"
}

/// What an event must say, by the raw record.
fn check(raw: &Value, seen: &Value) {
    let (event, log) = (&seen["event"], payload(raw).expect("a payload"));
    assert_eq!(event["action"]["operation"], log["methodName"], "{raw}");
    let mail = &log["authenticationInfo"]["principalEmail"];
    if mail.as_str().is_some_and(|mail| !mail.is_empty()) {
        assert_eq!(event["actor"]["name"], *mail, "{raw}");
        let kind = &seen["identity"]["kind"];
        let machine = mail.as_str().is_some_and(|mail| mail.ends_with("gserviceaccount.com"));
        assert!(!machine || kind != "human", "{raw}");
    }
    let code = log["status"]["code"].as_i64().unwrap_or(0);
    assert!(code == 0 || event["outcome"] == "failure", "{raw}");
    if code == 0 && log["status"].is_object() {
        assert_eq!(event["outcome"], "success", "{raw}");
    }
    let ip = folded(&log["requestMetadata"], &["callerip"]);
    assert_eq!(ip.unwrap_or(&Value::Null), &event["origin"]["ip"], "{raw}");
}

#[test]
fn recorded_events() {
    let mut events = 0;
    for line in ["panther/gcp_audit.ndjson", "custodian/gcp_audit.ndjson"].iter().flat_map(|file| recorded(file)) {
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
