//! Records changed at will: members dropped, replaced, repeated. What must hold of every decoder is the same.

use std::fs;
use std::path::Path;

use nhiwatch::config::{DecodeConfig, IdentityConfig};
use nhiwatch::decode::{Scratch, decode_message};
use nhiwatch::event::Event;
use nhiwatch::identity::resolve;
use proptest::prelude::*;
use serde_json::Value;

/// What takes the place of a member.
fn stranger() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        "[a-z./:\\[\\]@]{0,40}".prop_map(Value::from),
        Just(Value::from("ü".repeat(3_000))),
        Just(Value::from("system:serviceaccount:a:b")),
        Just(Value::from("arn:aws:sts::1:assumed-role/a/b")),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-zA-Z_]{0,8}", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Replaces or removes the member that is the `at`th of all members and items, however deep.
fn change(value: &mut Value, at: &mut usize, by: &Option<Value>) -> bool {
    let children: Vec<String> = match value {
        Value::Object(members) => members.keys().cloned().collect(),
        Value::Array(items) => (0..items.len()).map(|index| index.to_string()).collect(),
        _ => return false,
    };
    for child in children {
        if *at == 0 {
            return replace(value, &child, by);
        }
        *at -= 1;
        let inner = match value {
            Value::Object(members) => members.get_mut(&child),
            _ => value.get_mut(child.parse::<usize>().unwrap_or_default()),
        };
        if inner.is_some_and(|inner| change(inner, at, by)) {
            return true;
        }
    }
    false
}

fn replace(value: &mut Value, child: &str, by: &Option<Value>) -> bool {
    match (value, by) {
        (Value::Object(members), Some(by)) => drop(members.insert(child.to_owned(), by.clone())),
        (Value::Object(members), None) => drop(members.remove(child)),
        (Value::Array(items), Some(by)) => items[child.parse::<usize>().unwrap_or_default()] = by.clone(),
        (Value::Array(items), None) => drop(items.remove(child.parse().unwrap_or_default())),
        _ => {}
    }
    true
}

/// The records of a source's golden cases that lie one a line, without a wrapping.
fn seeds(source: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sources/cases").join(source);
    let mut cases: Vec<_> = fs::read_dir(folder).expect("the cases").map(|case| case.unwrap().path()).collect();
    cases.sort();
    let mut seeds = Vec::new();
    for case in cases {
        let text = fs::read_to_string(case.join("input.json")).expect("input.json");
        match serde_json::from_str(&text) {
            Ok(Value::Array(items)) => seeds.extend(items),
            Ok(value) => seeds.push(value),
            Err(_) => seeds.extend(text.lines().filter_map(|line| serde_json::from_str(line).ok())),
        }
    }
    seeds.retain(is_record);
    seeds
}

/// Whether a line is a record, not a wrapping that may hold several.
fn is_record(seed: &Value) -> bool {
    let wrapping = ["logEvents", "detail-type", "cloudEventsVersion", "message", "decoratedAuditLogEntries"];
    seed.is_object() && wrapping.iter().all(|name| seed[*name].is_null())
}

fn check_texts(event: &Event<'_>, limit: usize) {
    let event = serde_json::to_value(event).expect("an event is JSON");
    let mut open = vec![&event];
    while let Some(value) = open.pop() {
        match value {
            Value::String(text) => assert!(text.len() <= limit, "{} bytes", text.len()),
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values()),
            _ => {}
        }
    }
}

/// Changes each record of a source's cases in several places: nothing panics, each record has one outcome, texts are bounded,
/// and whoever did it has a scope, a principal and a template.
pub fn check_mutations(source: &str) {
    let seeds = seeds(source);
    assert!(!seeds.is_empty(), "no seeds of {source}");
    let changes = prop::collection::vec((0usize..60, prop::option::of(stranger())), 1..4);
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(400)
    });
    let config = DecodeConfig::default();
    let result = runner.run(&(0..seeds.len(), changes), |(seed, changes)| {
        let mut record = seeds[seed].clone();
        for (at, by) in changes {
            change(&mut record, &mut at.clone(), &by);
        }
        let text = record.to_string();
        let mut outcomes = 0;
        let whole = decode_message(Some(text.as_bytes()), None, &config, &mut Scratch::default(), &mut |_, decoded| {
            outcomes += 1;
            if let Ok(event) = decoded {
                check_texts(&event, config.max_text_bytes);
                let identity = resolve(&event, &IdentityConfig::default());
                assert!(!identity.scope.is_empty() && !identity.principal.is_empty() && !identity.template.is_empty());
            }
        });
        prop_assert!(outcomes == 1 || whole.is_err(), "{outcomes} outcomes of {text}");
        Ok(())
    });
    result.expect("what must hold of every decoder");
}

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
