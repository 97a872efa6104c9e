//! Golden cases with a member dropped or replaced by anything: what must hold of them all the same.

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::outcomes;
use nhiwatch::config::DecodeConfig;

/// A change of a record: which member (by its number, counted through the whole record), and what comes in its place.
#[derive(Debug, Clone)]
pub struct Change {
    place: usize,
    value: Option<Value>,
}

/// Any change.
pub fn change() -> impl Strategy<Value = Change> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("a number of JSON", |number| number.is_finite()).prop_map(Value::from),
        "\\PC{0,24}".prop_map(Value::from),
        Just(json!("{\"a\":[1,{\"b\":")),
        Just(json!("{\"error\":{\"code\":[]}}")),
        Just(json!("é".repeat(4_000))),
        Just(json!({})),
        Just(json!([])),
    ];
    let value = leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::hash_map("[a-zA-Z_@.]{0,8}", inner, 0..4).prop_map(|map| json!(map)),
        ]
    });
    (0usize..600, prop::option::of(value)).prop_map(|(place, value)| Change { place, value })
}

/// Applies a change to each golden case of a source.
pub fn check(source: &str, change: &Change) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sources/cases").join(source);
    for case in fs::read_dir(folder).expect("the cases") {
        let text = fs::read_to_string(case.expect("a case").path().join("input.json")).expect("input.json");
        let Ok(mut message) = serde_json::from_str::<Value>(&text) else { continue };
        let records = if let Value::Array(records) = &mut message { std::mem::take(records) } else { vec![message] };
        for mut record in records {
            let mut place = change.place % (members(&record) + 1);
            alter(&mut record, &mut place, change.value.as_ref());
            if record.is_object() {
                hold(&record);
            }
        }
    }
}

fn hold(record: &Value) {
    let seen = outcomes(record.to_string().as_bytes());
    assert_eq!(seen.len(), 1, "{record}");
    let limit = DecodeConfig::default().max_text_bytes;
    assert!(longest(&seen[0]["event"]) <= limit, "{record}");
}

fn longest(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items.iter().map(longest).max().unwrap_or(0),
        Value::Object(members) => members.values().map(longest).max().unwrap_or(0),
        _ => 0,
    }
}

fn members(value: &Value) -> usize {
    match value {
        Value::Array(items) => items.iter().map(|item| 1 + members(item)).sum(),
        Value::Object(map) => map.values().map(|member| 1 + members(member)).sum(),
        _ => 0,
    }
}

/// Puts `new` in the place of the member with the number `place`, or drops it.
fn alter(value: &mut Value, place: &mut usize, new: Option<&Value>) -> bool {
    match value {
        Value::Object(map) => {
            let keys: Vec<String> = map.keys().cloned().collect();
            for key in keys {
                if *place == 0 {
                    match new {
                        Some(new) => drop(map.insert(key, new.clone())),
                        None => drop(map.remove(&key)),
                    }
                    return true;
                }
                *place -= 1;
                if alter(&mut map[&key], place, new) {
                    return true;
                }
            }
            false
        }
        Value::Array(items) => items.iter_mut().any(|item| {
            if *place == 0 {
                *item = new.cloned().unwrap_or_default();
                return true;
            }
            *place -= 1;
            alter(item, place, new)
        }),
        _ => false,
    }
}
