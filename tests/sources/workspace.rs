//! Google Workspace's reports: golden cases and recorded events.

use serde_json::Value;

use super::common::{check_cases, outcomes, recorded};
use super::mutation::{check_mutations, only};

#[test]
fn golden_cases() {
    check_cases("workspace", 20);
}

#[test]
fn any_change_of_a_record_is_survived() {
    check_mutations("workspace");
}

/// Why a recorded line is no event: samples that leave out what every activity has.
fn explained(raw: &Value, seen: &Value) -> bool {
    let time = raw["id"]["time"].is_string() || raw["p_event_time"].is_string();
    let name = raw["name"].is_string() || raw["events"].is_array();
    match () {
        () if !raw["id"]["applicationName"].is_string() => seen["dead_letter"] == "unknown_format",
        () => (!time || !name) && seen["dead_letter"] == "missing_field",
    }
}

/// What an event must say, by the raw record.
fn check(raw: &Value, seen: &Value) {
    let event = &seen["event"];
    let name = raw.get("name").unwrap_or(&raw["events"][0]["name"]);
    assert_eq!(event["action"]["operation"], name.as_str().expect("a name").trim(), "{raw}");
    assert_eq!(event["action"]["service"], raw["id"]["applicationName"], "{raw}");
    assert_eq!(event["origin"]["ip"], raw["ipAddress"], "{raw}");
    let mail = &raw["actor"]["email"];
    assert!(mail.is_null() || event["actor"]["name"] == *mail, "{raw}");
    let failed = name.as_str().is_some_and(|name| name.contains("login_failure") || name.contains("FAILED_PASSWORD"));
    assert_eq!(event["outcome"] == "failure", failed, "{raw}");
    let app = raw["parameters"]["client_id"].is_string() && raw["id"]["applicationName"] == "token";
    assert_eq!(seen["identity"]["kind"] == "vendor_app", app, "{raw}");
}

#[test]
fn recorded_events() {
    let mut events = 0;
    let files = ["panther/gsuite_activity.ndjson", "streamalert/gsuite_reports.ndjson"];
    for line in files.iter().flat_map(|file| recorded(file)) {
        let raw: Value = serde_json::from_str(&line).expect("JSON");
        let seen = only(outcomes(line.as_bytes()));
        if seen.get("event").is_some() {
            check(&raw, &seen);
            events += 1;
        } else {
            assert!(explained(&raw, &seen) || seen["dead_letter"] == "time_range", "{seen} {raw}");
        }
    }
    println!("{events} events");
}
