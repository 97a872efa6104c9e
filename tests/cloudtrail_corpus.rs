//! Every recorded CloudTrail record beside the repository decodes, and says what its raw JSON says.
//!
//! The records lie outside the repository (`../shared/corpus`), so that without them this test says that it is skipped.

#![allow(clippy::disallowed_methods, reason = "reads the records beside the repository")]

use std::io::Write;
use std::path::{Path, PathBuf};

use nhiwatch::config::DecodeConfig;
use nhiwatch::decode::{NoEvent, cloudtrail};
use nhiwatch::event::{Event, Outcome, Timestamp};
use serde_json::Value;

const FILES: [&str; 7] = [
    "stratus/aws_cloudtrail.ndjson",
    "panther/aws_cloudtrail.ndjson",
    "traildiscover/aws_cloudtrail.ndjson",
    "otrf/aws_ec2_proxy_s3_exfiltration.ndjson",
    "custodian/aws_cloudtrail.ndjson",
    "streamalert/cloudtrail_events.ndjson",
    "streamalert/cloudtrail_insight.ndjson",
];

fn corpus() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let found = folder.is_dir().then_some(folder);
    if found.is_none() {
        // Past the capture of the test runner.
        let _ = writeln!(std::io::stderr(), "skipped: there is no ../shared/corpus with recorded CloudTrail records");
    }
    found
}

/// The records of a file: one a line, or several in a line's `Records`.
fn records(file: &Path) -> Vec<(usize, Value)> {
    let text = std::fs::read_to_string(file).expect("a file of the corpus");
    let mut records = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let value: Value = serde_json::from_str(text).expect("a line of JSON");
        match value.get("Records").and_then(Value::as_array) {
            Some(inner) => records.extend(inner.iter().map(|record| (line, record.clone()))),
            None => records.push((line, value)),
        }
    }
    records
}

/// A text of a record, whose keys may all be in small letters, as tables have them.
fn text<'v>(record: &'v Value, pointer: &str) -> Option<&'v str> {
    let found = record.pointer(pointer).or_else(|| record.pointer(&pointer.to_ascii_lowercase()));
    found.and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// A record's time; Logstash calls it `@timestamp`, Panther copies it, some tools write it with a space and without a zone.
fn time(record: &Value) -> Option<Timestamp> {
    let places = ["/eventTime", "/@timestamp", "/p_event_time"];
    let time = places.into_iter().find_map(|place| text(record, place))?.replace(' ', "T");
    Timestamp::parse(&format!("{}Z", time.trim_end_matches('Z'))).ok()
}

/// Why a record of the corpus is rightly no event: some were written by hand for the tests of other tools.
fn is_no_event(record: &Value) -> bool {
    time(record).is_none() || text(record, "/eventName").is_none()
}

fn is_insight(record: &Value) -> bool {
    text(record, "/eventType") == Some("AwsCloudTrailInsight") || text(record, "/eventCategory") == Some("Insight")
}

/// What services without regions log as one says nothing and is left out; all else is taken over.
fn check_region(event: &Event<'_>, logged: Option<&str>, place: &str) {
    let service = event.action.service.as_ref();
    let global = [
        "iam",
        "organizations",
        "route53",
        "route53domains",
        "cloudfront",
        "sts",
        "health",
        "support",
        "account",
        "budgets",
        "ce",
        "billing",
        "billingconsole",
        "waf",
        "shield",
    ];
    if event.region.is_some() || !global.contains(&service) {
        assert_eq!(event.region.as_deref(), logged, "{place}");
    }
    assert!(service != "iam" || event.region.is_none(), "{place}");
}

fn check_event(event: &Event<'_>, record: &Value, place: &str) {
    assert_eq!(Some(event.time), time(record), "{place}");
    let service = text(record, "/eventSource").unwrap_or("aws").trim_end_matches(".amazonaws.com");
    assert_eq!(event.action.service, service, "{place}");
    let name = text(record, "/eventName").expect("a name");
    assert!(name.starts_with(event.action.operation.as_ref()), "{place}: {} {name}", event.action.operation);
    assert!(name == event.action.operation || service == "lambda", "{place}");
    assert_eq!(event.actor.class, text(record, "/userIdentity/type").unwrap_or("Unknown"), "{place}");
    if let Some(arn) = text(record, "/userIdentity/arn") {
        assert_eq!(event.actor.name, arn, "{place}");
    }
    assert_eq!(event.origin.ip.as_deref(), text(record, "/sourceIPAddress"), "{place}");
    check_region(event, text(record, "/awsRegion"), place);
    assert_eq!(event.error.as_deref(), text(record, "/errorCode"), "{place}");
    let failed = text(record, "/errorCode").is_some()
        || text(record, "/errorMessage").is_some()
        || text(record, &format!("/responseElements/{name}")) == Some("Failure");
    assert_eq!(event.outcome, if failed { Outcome::Failure } else { Outcome::Success }, "{place}");
    let id = text(record, "/sharedEventID").or_else(|| text(record, "/eventID"));
    assert!(id.is_none_or(|id| event.id == id), "{place}");
}

#[test]
fn every_recorded_record_decodes_to_what_it_says() {
    let Some(corpus) = corpus() else { return };
    for file in FILES {
        let (mut events, mut ignored, mut dead) = (0, 0, 0);
        for (line, record) in records(&corpus.join(file)) {
            let (place, bytes) = (format!("{file}:{line}"), record.to_string());
            match cloudtrail::decode(bytes.as_bytes(), None, &DecodeConfig::default()) {
                Ok(_) if record.get("eventname").is_some() => events += 1,
                Ok(event) => {
                    assert!(!is_no_event(&record) && !is_insight(&record), "{place} is an event");
                    check_event(&event, &record, &place);
                    events += 1;
                }
                Err(NoEvent::Ignored(reason)) => {
                    assert!(is_insight(&record), "{place} is ignored: {}", reason.reason());
                    ignored += 1;
                }
                Err(NoEvent::Dead(error)) => {
                    assert!(is_no_event(&record), "{place}: {error}");
                    dead += 1;
                }
            }
        }
        println!("{file}: {events} events, {ignored} ignored, {dead} dead");
        assert!(events + ignored > 0, "{file}");
    }
}
