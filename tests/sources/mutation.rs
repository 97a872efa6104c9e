//! Changed golden records: whatever a member is replaced by, each record has one outcome and nothing grows beyond its limit.

use std::fs;
use std::path::Path;

use nhiwatch::config::DecodeConfig;
use nhiwatch::decode::Delivery;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use super::common::outcomes_with;

/// The bytes of a text that are kept in these tests.
const MAX_TEXT_BYTES: usize = 64;

/// The one outcome of a message of one record.
pub fn only(outcomes: Vec<Value>) -> Value {
    assert_eq!(outcomes.len(), 1, "{outcomes:?}");
    outcomes.into_iter().next().expect("one")
}

/// What lies at the end of a path of keys, each in any spelling: names without underscores, in small letters.
pub fn folded<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, name| {
        let members = value.as_object()?;
        let found = members.iter().find(|(key, _)| key.replace('_', "").to_lowercase() == *name);
        found.map(|(_, value)| value).filter(|value| !value.is_null())
    })
}

/// Every record of the golden cases of a source.
fn records(source: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sources/cases").join(source);
    let cases = fs::read_dir(folder).expect("the cases").map(|case| case.expect("a case").path().join("input.json"));
    let texts = cases.map(|input| fs::read_to_string(input).expect("input.json"));
    let values = texts.filter_map(|text| serde_json::from_str::<Value>(&text).ok());
    values.flat_map(|value| if let Value::Array(items) = value { items } else { vec![value] }).collect()
}

/// What a member may be replaced by.
fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,20}".prop_map(Value::from),
        Just(Value::from("é".repeat(300))),
        Just(Value::from("/:.@-[]".repeat(40))),
        Just(Value::from("2026-03-02T04:00:00Z")),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::vec(("[a-zA-Z_@]{1,12}", inner), 0..3)
                .prop_map(|members| json!(members.into_iter().collect::<serde_json::Map<_, _>>())),
        ]
    })
}

/// Every place in a value, as a JSON pointer.
fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut add = |name: String, value: &Value| {
        let at = format!("{at}/{name}");
        places(value, &at, found);
        found.push(at);
    };
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(key, value)| add(key.replace('~', "~0").replace('/', "~1"), value));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(at, item)| add(at.to_string(), item)),
        _ => {}
    }
}

/// The longest text in a value.
fn longest(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(longest).max().unwrap_or(0),
        Value::Object(members) => members.values().map(longest).max().unwrap_or(0),
        _ => 0,
    }
}

/// Changes members of the golden records of a source: no panic, one outcome, bounded texts.
pub fn check_mutations(source: &str) {
    let records = records(source);
    let config = DecodeConfig { max_text_bytes: MAX_TEXT_BYTES, ..DecodeConfig::default() };
    let changes = proptest::collection::vec((any::<Index>(), any_value()), 1..4);
    let mut runner = TestRunner::new(Config { cases: 256, failure_persistence: None, ..Config::default() });
    let law = |(which, changes): (Index, Vec<(Index, Value)>)| {
        let mut record = which.get(&records).clone();
        for (place, value) in changes {
            let mut found = Vec::new();
            places(&record, "", &mut found);
            if found.is_empty() {
                break;
            }
            let place: &String = place.get(&found);
            *record.pointer_mut(place).expect("a place") = value;
        }
        let outcomes = outcomes_with(record.to_string().as_bytes(), Delivery::default(), &config);
        prop_assert_eq!(outcomes.len(), 1);
        prop_assert!(longest(&outcomes[0]["event"]) <= MAX_TEXT_BYTES, "{}", outcomes[0]);
        Ok(())
    };
    runner.run(&(any::<Index>(), changes), law).expect("the law holds");
}
