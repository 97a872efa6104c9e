//! Golden cases: each folder of `tests/cloudtrail` holds a record (`record.json`) and what becomes of it
//! (`expected.json`). `NHIWATCH_REWRITE=1` writes the latter anew.

#![allow(clippy::disallowed_methods, reason = "the cases are files")]

use std::path::{Path, PathBuf};

use nhiwatch::config::DecodeConfig;
use nhiwatch::decode::{NoEvent, cloudtrail};
use nhiwatch::event::Timestamp;
use serde_json::{Value, json};

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cloudtrail");
    let entries = std::fs::read_dir(folder).expect("the folder of cases");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("a case").path()).collect();
    cases.sort();
    cases
}

/// What becomes of a record that arrives on 2026-03-02.
fn outcome(record: &[u8]) -> Value {
    let arrival = Timestamp::parse("2026-03-02T04:10:00Z").ok();
    match cloudtrail::decode(record, arrival, &DecodeConfig::default()) {
        Ok(event) => json!({ "event": event }),
        Err(NoEvent::Ignored(reason)) => json!({ "ignored": reason.reason() }),
        Err(NoEvent::Dead(error)) => json!({ "dead_letter": error.reason(), "sentence": error.to_string() }),
    }
}

#[test]
fn every_case_is_as_expected() {
    let rewrite = std::env::var_os("NHIWATCH_REWRITE").is_some();
    let cases = cases();
    assert!(cases.len() >= 35, "{} cases", cases.len());
    for case in cases {
        let record = std::fs::read(case.join("record.json")).expect("record.json");
        assert!(cloudtrail::recognises(&record), "{} is not recognised", case.display());
        let found = outcome(&record);
        let expected = case.join("expected.json");
        if rewrite {
            let text = serde_json::to_string_pretty(&found).expect("JSON") + "\n";
            std::fs::write(&expected, text).expect("expected.json is written");
        }
        let expected = std::fs::read_to_string(&expected).expect("expected.json (NHIWATCH_REWRITE=1 writes it)");
        let expected: Value = serde_json::from_str(&expected).expect("JSON");
        assert_eq!(found, expected, "{}", case.display());
    }
}
