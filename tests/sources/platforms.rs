//! GitHub's audit log and Okta's System Log.

use serde_json::{Value, json};

use crate::common::{check_cases, outcomes};
use crate::mutation;
use crate::records::{dead_letters, decoded};

#[test]
fn golden_github() {
    check_cases("github", 18);
}

#[test]
fn golden_okta() {
    check_cases("okta", 13);
}

#[test]
fn changed_records() {
    mutation::check_mutations("github");
    mutation::check_mutations("okta");
}

#[test]
fn recorded_github() {
    let records = decoded("panther/github_audit.ndjson");
    for (raw, seen) in &records {
        let Some(event) = seen.get("event") else { continue };
        assert_eq!(event["action"]["operation"], raw["action"]);
        assert_eq!(event["actor"]["name"], raw["actor"]);
        let owner =
            raw["org"].as_str().or(raw["business"].as_str()).or_else(|| raw["repo"].as_str()?.split('/').next());
        assert_eq!(event["actor"]["account"].as_str(), owner, "{raw}");
        assert_eq!(event["origin"]["ip"], raw["actor_ip"]);
        let failed = raw["conclusion"] == "failure";
        assert_eq!(event["outcome"], if failed { "failure" } else { "success" });
        let kind = match raw["actor"].as_str() {
            Some("github-actions[bot]") => "ci_pipeline",
            Some("github" | "secret-scanning[bot]") => "cloud_service",
            Some("") => "unknown",
            _ => "human",
        };
        assert_eq!(seen["identity"]["kind"], kind, "{raw}");
    }
    dead_letters(&records, |raw, reason| match reason {
        "missing_field" => ["@timestamp", "at_sign_timestamp", "created_at"].iter().all(|time| raw[time].is_null()),
        // A date whose seconds run on without a point.
        "bad_time" => raw["created_at"] == "2024-12-17 00:00:00000000",
        // Nothing but the name of an action.
        "unknown_format" => {
            raw.as_object().is_some_and(|members| members.keys().filter(|key| !key.starts_with("p_")).count() == 1)
        }
        _ => false,
    });
}

/// GitHub Enterprise Server forwards its log by syslog: the record follows the program's name, and Logstash carries the line.
#[test]
fn recorded_github_enterprise_server() {
    for (shipped, seen) in decoded("streamalert/ghe_general.ndjson") {
        let line = shipped["message"].as_str().expect("a line");
        let raw: Value = serde_json::from_str(&line[line.find('{').expect("a record")..]).expect("a record");
        assert_eq!(outcomes(line.as_bytes()), std::slice::from_ref(&seen), "the line alone");
        match raw["created_at"].as_f64() {
            Some(created) if created > 1e12 => {
                assert_eq!(seen["event"]["time"].as_f64(), Some(created));
                assert_eq!(seen["event"]["actor"]["name"], raw["actor"]);
                assert_eq!(seen["event"]["action"]["operation"], raw["action"]);
                assert_eq!(seen["event"]["id"], raw["data"]["_document_id"]);
                assert_eq!(seen["event"]["origin"]["ip"], raw["actor_ip"]);
            }
            // Redacted to 123.
            _ => assert_eq!(seen["dead_letter"], "time_range", "{line}"),
        }
    }
}

#[test]
fn recorded_okta() {
    let mut records = decoded("panther/okta_system_log.ndjson");
    records.extend(decoded("streamalert/okta_logevents.ndjson"));
    for (raw, seen) in &records {
        let Some(event) = seen.get("event") else { continue };
        let either = |one: &str, other: &str| if raw[one].is_null() { raw[other].clone() } else { raw[one].clone() };
        assert_eq!(event["action"]["operation"], either("eventType", "eventtype"));
        if raw["actor"]["alternateId"].as_str().is_some_and(|name| name != "unknown") {
            assert_eq!(event["actor"]["name"], raw["actor"]["alternateId"]);
        }
        assert_eq!(event["actor"]["class"].as_str(), raw["actor"]["type"].as_str().or(Some("Unknown")));
        if !raw["client"]["ipAddress"].is_null() {
            assert_eq!(event["origin"]["ip"], raw["client"]["ipAddress"]);
        }
        let outcome = match raw["outcome"]["result"].as_str() {
            Some("SUCCESS" | "ALLOW") => "success",
            Some("FAILURE" | "DENY") => "failure",
            _ => "unknown",
        };
        assert_eq!(event["outcome"], outcome, "{raw}");
        let kind = match raw["actor"]["type"].as_str() {
            Some("User") => "human",
            Some("PublicClientApp") => "vendor_app",
            Some("SystemPrincipal") => "cloud_service",
            _ => "unknown",
        };
        let by_okta = raw["actor"]["alternateId"] == "system@okta.com";
        assert_eq!(seen["identity"]["kind"], json!(if by_okta { "cloud_service" } else { kind }), "{raw}");
    }
    dead_letters(&records, |raw, reason| match reason {
        "missing_field" => raw["published"].is_null(),
        "bad_time" => raw["published"] == "redacted",
        // Not Okta's: the tool's own members alone.
        "unknown_format" => raw["actor"].is_null(),
        _ => false,
    });
}
