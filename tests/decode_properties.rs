//! Laws of taking messages apart, on generated messages: no bytes make it panic, every message has an outcome, envelopes
//! change nothing about what they hold, and a damage costs the damaged record only.

#[path = "decode/outcome.rs"]
mod outcome;
#[path = "decode/packing.rs"]
mod packing;

use nhiwatch::config::DecodeConfig;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use outcome::{Outcome, outcomes_of};

/// A CloudTrail record; `text` goes where an attacker writes.
fn record(id: usize, text: &str) -> String {
    serde_json::json!({
        "eventVersion": "1.11",
        "userIdentity": { "type": "IAMUser", "principalId": "AIDAEXAMPLE", "userName": "app",
            "arn": "arn:aws:iam::111122223333:user/app", "accountId": "111122223333", "accessKeyId": "AKIAEXAMPLE" },
        "eventTime": "2026-01-31T11:00:00Z",
        "eventSource": "s3.amazonaws.com",
        "eventName": "ListBuckets",
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "198.51.100.7",
        "userAgent": text,
        "requestParameters": { "list": [{ "a": 1 }, { "a": [2, {}] }], "text": text },
        "responseElements": null,
        "eventID": format!("event-{id}"),
        "eventType": "AwsApiCall",
        "recipientAccountId": "111122223333",
    })
    .to_string()
}

/// Text as an attacker would choose it: full of what JSON is made of.
fn hostile_text() -> impl Strategy<Value = String> {
    prop_oneof!["\\PC{0,30}", "[{}\\[\\]\",:\\\\\n ]{0,30}", Just("\n{\"eventVersion\":\"1.11\",".to_owned())]
}

/// Text that damage cannot turn into braces and brackets.
fn plain_text() -> impl Strategy<Value = String> {
    "[a-z0-9 /.\\\\\"é:,]{0,30}"
}

fn records(text: impl Strategy<Value = String>) -> impl Strategy<Value = Vec<String>> {
    vec(text, 1..6).prop_map(|texts| texts.iter().enumerate().map(|(id, text)| record(id, text)).collect::<Vec<_>>())
}

/// One layer around records: the texts that it makes of them.
#[derive(Debug, Clone, Copy)]
enum Layer {
    Lines,
    Concatenated,
    Indented,
    Array,
    Records,
    EventBridge,
    Cloudwatch,
    Packed(&'static str),
}

const LAYERS: [Layer; 12] = [
    Layer::Lines,
    Layer::Concatenated,
    Layer::Indented,
    Layer::Array,
    Layer::Records,
    Layer::EventBridge,
    Layer::Cloudwatch,
    Layer::Packed("gzip"),
    Layer::Packed("zstd"),
    Layer::Packed("schema_v0"),
    Layer::Packed("schema_v1"),
    Layer::Packed("mark"),
];

/// Wraps records in layers of JSON, innermost first, then in layers of bytes.
fn wrap(records: &[String], layers: &[Layer]) -> Vec<u8> {
    let mut texts = records.to_vec();
    for layer in layers {
        texts = wrap_texts(texts, *layer);
    }
    let mut message = texts.join("\n").into_bytes();
    for layer in layers {
        if let Layer::Packed(step) = layer {
            message = packing::wrap(step, &message);
        }
    }
    message
}

fn wrap_texts(texts: Vec<String>, layer: Layer) -> Vec<String> {
    match layer {
        Layer::Lines => texts,
        Layer::Concatenated => vec![texts.concat()],
        Layer::Array => vec![format!("[{}]", texts.join(", "))],
        Layer::Records => vec![format!("{{\"Records\":[{}]}}", texts.join(",\n"))],
        Layer::Indented => texts.iter().map(|text| indented(text)).collect(),
        Layer::EventBridge => texts.iter().map(|text| event_bridge(text)).collect(),
        Layer::Cloudwatch => vec![cloudwatch(&texts)],
        Layer::Packed(_) => texts,
    }
}

fn indented(text: &str) -> String {
    let value = serde_json::from_str::<serde_json::Value>(text);
    value.map_or(text.to_owned(), |value| serde_json::to_string_pretty(&value).expect("JSON"))
}

/// An EventBridge event around each record; what is not one object stays as it is.
fn event_bridge(text: &str) -> String {
    if !text.starts_with("{\"eventID\"") && !text.starts_with("{\"awsRegion\"") || text.contains("}{") {
        return text.to_owned();
    }
    format!("{{\"version\":\"0\",\"detail-type\":\"AWS API Call via CloudTrail\",\"detail\":{text}}}")
}

fn cloudwatch(texts: &[String]) -> String {
    let events: Vec<_> = texts.iter().map(|text| serde_json::json!({ "id": "1", "message": text })).collect();
    serde_json::json!({ "messageType": "DATA_MESSAGE", "logGroup": "trail", "logEvents": events }).to_string()
}

fn seen(message: &[u8]) -> Vec<Outcome> {
    let config = DecodeConfig { max_unwraps: 8, ..DecodeConfig::default() };
    outcomes_of(message, &config)
}

fn events(outcomes: &[Outcome]) -> Vec<&str> {
    outcomes.iter().filter_map(Outcome::event).collect()
}

fn expected(count: usize) -> Vec<String> {
    (0..count).map(|id| format!("event-{id} 2026-01-31T11:00:00Z s3:ListBuckets")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// No bytes make it panic, each message has an outcome, and indexes count from 0 without gaps.
    #[test]
    fn any_bytes_are_answered(bytes in vec(any::<u8>(), 0..300)) {
        check_counted(&bytes)?;
    }

    /// The same for texts made of the pieces of envelopes.
    #[test]
    fn any_pieces_are_answered(pieces in vec(select(PIECES), 0..40), step in select(&["mark", "gzip", "base64"][..])) {
        let text = pieces.concat();
        check_counted(text.as_bytes())?;
        check_counted(&packing::wrap(step, &packing::wrap("gzip", text.as_bytes())))?;
    }

    /// Whatever lies around records, they come out the same, in order, indexed from 0.
    #[test]
    fn envelopes_change_nothing(records in records(hostile_text()), layers in vec(select(&LAYERS[..]), 0..4)) {
        let outcomes = seen(&wrap(&records, &layers));
        prop_assert_eq!(events(&outcomes), expected(records.len()));
        prop_assert_eq!(outcomes.len(), records.len());
    }

    /// Damage to one line costs that record only: all before it keep their index, all behind it are there.
    #[test]
    fn a_damaged_line_harms_no_other(records in records(hostile_text()), at in any::<Index>(), place in any::<Index>(), byte: u8) {
        prop_assume!(byte != b'\n');
        let at = at.index(records.len());
        check_damage(&records, at, &damaged(&records[at], place, byte), b"", b"\n", b"")?;
    }

    /// The same in CloudTrail's own file format, where nothing but its own shape says where a record ends: so its texts hold
    /// no braces, and the first record's first key, which shows how records begin, is left whole.
    #[test]
    fn a_damaged_record_harms_no_other(records in records(plain_text()), at in any::<Index>(), place in any::<Index>(), byte: u8) {
        let at = at.index(records.len());
        prop_assume!(byte != b'\n');
        prop_assume!(at > 0 || place.index(records[at].len()) > "{\"awsRegion\"".len());
        check_damage(&records, at, &damaged(&records[at], place, byte), b"{\"Records\":[", b",", b"]}")?;
    }

    /// A message that is cut anywhere gives the records before the cut, and says that it was cut.
    #[test]
    fn a_cut_message_gives_what_came_before(records in records(hostile_text()), cut in any::<Index>()) {
        let message = wrap(&records, &[Layer::Records]);
        let kept = 1 + cut.index(message.len() - 1);
        let outcomes = seen(&message[..kept]);
        let whole = records.iter().scan("{\"Records\":[".len(), |end, record| {
            *end += record.len() + ",\n".len();
            Some(*end - ",\n".len())
        });
        let whole = whole.filter(|end| *end <= kept).count();
        prop_assert_eq!(events(&outcomes), expected(whole));
        prop_assert_eq!(outcomes.last().map(Outcome::word), Some("truncated"));
        prop_assert_eq!(outcomes.len(), whole + 1);
    }
}

const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "\n",
    " ",
    "1",
    "null",
    "{}",
    "[]",
    "\"a\"",
    "\"a\":1,",
    "{\"a\":",
    "{\"Records\":[",
    "\"detail\":{",
    "\"detail-type\":\"AWS API Call via CloudTrail\",",
    "{\"messageType\":\"DATA_MESSAGE\",",
    "\"logEvents\":[",
    "{\"message\":\"",
    "\"}",
    "]}",
    "{\"eventVersion\":\"1.11\",\"eventName\":\"x\"}",
    "\u{feff}",
    "é",
    "\\u12",
    "\\ud800",
    "H4sI",
];

fn check_counted(message: &[u8]) -> Result<(), TestCaseError> {
    let outcomes = seen(message);
    prop_assert!(!outcomes.is_empty());
    prop_assert!(outcomes.iter().enumerate().all(|(place, outcome)| outcome.index as usize == place));
    Ok(())
}

fn damaged(record: &str, place: Index, byte: u8) -> Vec<u8> {
    let mut bytes = record.as_bytes().to_vec();
    let place = place.index(bytes.len());
    bytes[place] = byte;
    bytes
}

fn check_damage(
    records: &[String],
    at: usize,
    damaged: &[u8],
    before: &[u8],
    between: &[u8],
    behind: &[u8],
) -> Result<(), TestCaseError> {
    let mut parts: Vec<&[u8]> = records.iter().map(String::as_bytes).collect();
    parts[at] = damaged;
    let message = [before, &parts.join(between), behind].concat();
    let outcomes = seen(&message);
    let expected = expected(records.len());
    prop_assert_eq!(&events(&outcomes[..at]), &expected[..at]);
    prop_assert!(outcomes.len() >= records.len());
    let events = events(&outcomes);
    let behind = &expected[at + 1..];
    prop_assert!(events.ends_with(&behind.iter().map(String::as_str).collect::<Vec<_>>()), "{events:?}, {outcomes:?}");
    prop_assert!(events.len() <= records.len(), "nothing is made up: {events:?}");
    Ok(())
}
