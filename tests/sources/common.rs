//! What the sources' tests share: golden cases, and recorded events.

use std::fs;
use std::path::{Path, PathBuf};

use nhiwatch::config::{DecodeConfig, IdentityConfig};
use nhiwatch::decode::{Delivery, NoEvent, Scratch, decode_message};
use nhiwatch::event::{Source, Timestamp};
use nhiwatch::identity::resolve;
use serde_json::{Value, json};

/// What becomes of each record of a message: the event and its identity, or why there is none.
pub fn outcomes_with(message: &[u8], delivery: Delivery<'_>, decode: &DecodeConfig) -> Vec<Value> {
    let mut seen = Vec::new();
    let whole = decode_message(Some(message), delivery, decode, &mut Scratch::default(), &mut |info, decoded| {
        let source = info.source.map(Source::name);
        seen.push(match decoded {
            Ok(event) => {
                let mut identity = json!(resolve(&event, &IdentityConfig::default()));
                let facts = identity.as_object_mut().expect("an identity is an object");
                facts.retain(|name, _| !matches!(name.as_str(), "owner" | "vendor" | "criticality"));
                json!({ "identity": identity, "event": event })
            }
            Err(NoEvent::Ignored(reason)) => json!({ "ignored": reason.reason(), "source": source }),
            Err(NoEvent::Dead(error)) => {
                json!({ "dead_letter": error.reason(), "source": source, "sentence": error.to_string() })
            }
        });
    });
    if let Err(error) = whole {
        seen.push(json!({ "dead_letter": error.reason(), "sentence": error.to_string() }));
    }
    seen
}

/// The same for a message of which nothing is known.
pub fn outcomes(message: &[u8]) -> Vec<Value> {
    outcomes_with(message, Delivery::default(), &DecodeConfig::default())
}

/// Compares the golden cases of a source; there are at least so many.
pub fn check_cases(source: &str, at_least: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sources/cases").join(source);
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder).expect("the cases").map(|case| case.unwrap().path()).collect();
    cases.sort();
    assert!(cases.len() >= at_least, "{} cases of {source}", cases.len());
    let arrival = Timestamp::parse("2026-03-02T04:10:00Z").ok();
    let mut differing = Vec::new();
    for case in cases {
        let message = fs::read(case.join("input.json")).expect("input.json");
        let seen = Value::Array(outcomes_with(&message, arrival.into(), &DecodeConfig::default()));
        let expected = case.join("expected.json");
        if std::env::var_os("NHIWATCH_REWRITE").is_some() {
            fs::write(&expected, serde_json::to_string_pretty(&seen).unwrap() + "\n").expect("written");
        }
        let text = fs::read_to_string(&expected).expect("expected.json (NHIWATCH_REWRITE=1 writes it)");
        if serde_json::from_str::<Value>(&text).expect("JSON") != seen {
            differing.push(format!("{}:\n{seen:#}", case.display()));
        }
    }
    assert!(differing.is_empty(), "NHIWATCH_REWRITE=1 rewrites what is expected\n{}", differing.join("\n"));
}

/// The lines of a file of recorded events; none, said aloud, where they are not there.
pub fn recorded(file: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus").join(file);
    match fs::read_to_string(&path) {
        Ok(text) => text.lines().map(str::to_owned).collect(),
        Err(_) => {
            eprintln!("SKIPPED: {} is not there", path.display());
            Vec::new()
        }
    }
}
