//! The official schema of Detection Finding, where it lies beside the repository.

use std::io::Write;
use std::path::Path;
use std::sync::OnceLock;

use jsonschema::Validator;
use serde_json::Value;

const SCHEMA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/ocsf/ocsf-1.8.0-detection_finding.schema.json");

/// Panics where the alert is not valid; says once, past the capture of the test runner, where it cannot be told.
pub fn check(alert: &Value, of: &str) {
    let Some(validator) = validator() else { return };
    let errors: Vec<String> =
        validator.iter_errors(alert).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{of}: not a valid OCSF 1.8.0 Detection Finding:\n{}", errors.join("\n"));
}

fn validator() -> Option<&'static Validator> {
    static VALIDATOR: OnceLock<Option<Validator>> = OnceLock::new();
    VALIDATOR.get_or_init(load).as_ref()
}

fn load() -> Option<Validator> {
    if !Path::new(SCHEMA).exists() {
        let note = format!("\nskipped: alerts are not validated against OCSF, there is no {SCHEMA}\n");
        std::io::stderr().write_all(note.as_bytes()).expect("standard error can be written");
        return None;
    }
    let schema = std::fs::read(SCHEMA).expect("the schema can be read");
    let schema: Value = serde_json::from_slice(&schema).expect("the schema is JSON");
    Some(jsonschema::validator_for(&schema).expect("the schema is a JSON Schema"))
}

#[test]
fn the_schema_refuses_what_is_no_finding() {
    if let Some(validator) = validator() {
        assert!(!validator.is_valid(&serde_json::json!({"class_uid": 2004})));
    }
}
