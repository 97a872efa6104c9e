//! GitHub's audit log and Okta's System Log.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::common::{outcomes, recorded};

/// A recorded line, and what became of it where it is one record.
fn decoded(file: &str) -> Vec<(Value, Value)> {
    let lines = recorded(file);
    let one = |line: &String| {
        let raw: Value = serde_json::from_str(line).expect("a recorded event");
        let mut seen = outcomes(line.as_bytes());
        assert_eq!(seen.len(), 1, "{line}");
        (raw, seen.remove(0))
    };
    lines.iter().map(one).collect()
}

#[test]
fn recorded_github() {
    let mut kinds = BTreeMap::new();
    for (raw, seen) in decoded("panther/github_audit.ndjson") {
        println!("{} | {} | {}", raw["action"], raw["actor"], seen);
        *kinds.entry(seen["identity"]["kind"].to_string()).or_insert(0) += 1;
    }
    println!("{kinds:?}");
}
#[test]
fn recorded_okta() {
    let mut kinds = BTreeMap::new();
    for (raw, seen) in decoded("panther/okta_system_log.ndjson") {
        println!("{} | {} | {}", raw["eventType"], raw["actor"], seen);
        *kinds.entry(seen["identity"]["kind"].to_string()).or_insert(0) += 1;
    }
    println!("{kinds:?}");
}
#[test]
fn recorded_ai() {
    for file in ["panther/openai_audit.ndjson", "panther/anthropic_activity.ndjson", "panther/aws_bedrock_invocation.ndjson"] {
    let mut kinds = BTreeMap::new();
    for (raw, seen) in decoded(file) {
        println!("{} | {} | {}", raw["type"], raw["actor"], seen);
        *kinds.entry(seen["identity"]["kind"].to_string()).or_insert(0) += 1;
    }
    println!("{kinds:?}");
    }
}
