//! Logs that are read by tables of the configuration: the mappings that are shipped, and what hostile records make of
//! them.

use std::path::Path;

use nhiwatch::config::{Config, DecodeConfig, MappingConfig};
use nhiwatch::decode::{Delivery, check_samples};
use nhiwatch::identity::resolve;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::common::outcomes_with;

fn shipped() -> Config {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/mappings.example.toml");
    toml::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

#[test]
fn the_samples_of_the_shipped_mappings_are_read_as_they_say() {
    let config = shipped();
    assert!(config.decode.mappings.len() >= 5);
    assert!(config.decode.mappings.iter().all(|mapping| !mapping.samples.is_empty()));
    assert_eq!(config.validate(), Vec::<String>::new());
    check_samples(&config.decode, |event| resolve(event, &config.identity).kind.name()).unwrap();
}

#[test]
fn records_are_known_by_their_content() {
    let decode = shipped().decode;
    for mapping in &decode.mappings {
        let record = mapping.samples[0].record.as_bytes();
        let seen = outcomes_with(record, Delivery::of_topic("audit.any", &decode, |_| None), &decode);
        assert_eq!(seen.len(), 1, "{}", mapping.name);
        assert_eq!(seen[0]["event"]["provider"], mapping.provider, "{}: {}", mapping.name, seen[0]);
        assert_eq!(seen[0]["event"]["source"], "generic");
    }
}

#[test]
fn partners_of_a_bus_send_what_a_mapping_describes() {
    let decode = shipped().decode;
    let stripe = decode.mappings.iter().find(|mapping| mapping.name == "stripe").unwrap();
    let event = r#"{"detail-type":"payout.created","source":"aws.partner/stripe.com/ed_1","detail":"#;
    let message = [event, &stripe.samples[0].record, "}"].concat();
    let seen = outcomes_with(message.as_bytes(), Delivery::default(), &decode);
    assert_eq!(seen[0]["event"]["provider"], "stripe", "{}", seen[0]);
    let seen = outcomes_with(message.as_bytes(), Delivery::default(), &DecodeConfig::default());
    assert_eq!(seen[0]["ignored"], "not_audit", "{}", seen[0]);
}

#[test]
fn what_a_mapping_describes_is_read_in_whatever_carries_it() {
    let decode = shipped().decode;
    let office = decode.mappings.iter().find(|mapping| mapping.name == "microsoft365").unwrap();
    let record: Value = serde_json::from_str(&office.samples[0].record).unwrap();
    let row = |raw| {
        json!({"time": "2026-02-03T10:31:00Z", "operationName": "Publish", "properties": {"RawEventData": raw,
        "Timestamp": "2026-02-03T10:31:00Z", "ActionType": "FileDownloaded"}, "category": "AdvancedHunting-CloudAppEvents"})
    };
    let carriers = [
        (json!({"short_message": "audit", "full_message": record.to_string()}), "dead_letter"),
        (json!({"tags": ["audit"], "o365": {"audit": record}}), "dead_letter"),
        (row(record.clone()), "event"),
    ];
    for (carrier, without) in carriers {
        let message = carrier.to_string();
        let seen = outcomes_with(message.as_bytes(), Delivery::default(), &decode);
        assert_eq!(seen[0]["event"]["provider"], "microsoft365", "{}", seen[0]);
        assert_eq!(seen[0]["event"]["actor"]["name"], "ann@example.com");
        let seen = outcomes_with(message.as_bytes(), Delivery::default(), &DecodeConfig::default());
        assert!(seen[0].get(without).is_some(), "{}", seen[0]);
    }
}

#[test]
fn a_sample_that_is_read_otherwise_is_told() {
    let mut config = shipped();
    config.decode.mappings[0].samples[1].outcome = "success".into();
    let error = check_samples(&config.decode, |_| "unknown").unwrap_err();
    assert_eq!(error.to_string(), r#"decode.mappings vault, sample 2: its outcome is "failure", not "success""#);
    config.decode.mappings[0].time = "nowhere".into();
    let error = check_samples(&config.decode, |_| "unknown").unwrap_err().to_string();
    assert_eq!(error, "decode.mappings vault, sample 1: field time, as decode.mappings.time says it, is missing");
}

#[test]
fn topics_say_format_and_scope() {
    let text = r#"
        [[topics]]
        match = "audit.k8s.*"
        format = "kubernetes.audit"
        scope = "prod"
        scope_header = "cluster"
        [[topics]]
        match = "*"
        scope_path = "where.cluster"
    "#;
    let decode: DecodeConfig = toml::from_str(text).unwrap();
    let named = Delivery::of_topic("audit.k8s.eu", &decode, |name| (name == "cluster").then_some("eu-1"));
    assert_eq!((named.format.map(|format| format.name()), named.scope), (Some("kubernetes.audit"), Some("eu-1")));
    assert_eq!(Delivery::of_topic("audit.k8s.eu", &decode, |_| None).scope, Some("prod"));
    assert_eq!(Delivery::of_topic("other", &decode, |_| None).scope_path, Some("where.cluster"));
}

#[test]
fn the_scope_may_be_written_in_the_record() {
    let mapping = r#"
        [[topics]]
        match = "*"
        scope_path = "where.tenant"
        scope = "elsewhere"
        [[mappings]]
        name = "m"
        provider = "p"
        time = "t"
        operation = "op"
        actor = "who"
        when = { "op" = "*" }
    "#;
    let decode: DecodeConfig = toml::from_str(mapping).unwrap();
    let scope = |record: Value| {
        let delivery = Delivery::of_topic("any", &decode, |_| None);
        outcomes_with(record.to_string().as_bytes(), delivery, &decode)[0]["identity"]["scope"].clone()
    };
    assert_eq!(scope(json!({"t": 1_770_115_845, "op": "x", "who": "a", "where": {"tenant": "t-1"}})), "p/t-1");
    assert_eq!(scope(json!({"t": "2026-02-03T10:30:45Z", "op": "x", "who": "a"})), "p/elsewhere");
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z.]{1,4}", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    /// Whatever the paths lead to, there is one outcome.
    #[test]
    fn whatever_a_path_leads_to_there_is_one_outcome(record in any_json(), path in "[a-z.|+= ]{0,12}", time in any_json()) {
        let mapping = MappingConfig {
            name: "m".into(),
            provider: "p".into(),
            time: "time".into(),
            operation: format!("{path} | =op"),
            actor: path.clone(),
            ip: path.clone(),
            target: path.clone(),
            outcome: path,
            ..MappingConfig::default()
        };
        let decode = DecodeConfig { mappings: vec![mapping], max_text_bytes: 16, ..DecodeConfig::default() };
        let record = json!({"time": time, "a": record}).to_string();
        let format = Some(nhiwatch::event::Source::Generic);
        let seen = outcomes_with(record.as_bytes(), Delivery { format, ..Delivery::default() }, &decode);
        prop_assert_eq!(seen.len(), 1);
        if let Some(name) = seen[0]["event"]["actor"]["name"].as_str() {
            prop_assert!(name.len() <= 16);
        }
    }
}
