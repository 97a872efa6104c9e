//! Dead letters: a message that could not be used goes whole to the dead-letter topic, once, with the headers that
//! Kafka Connect writes (`__connect.errors.*`), so that existing tools find their way.
//!
//! In: the message and what was wrong with it. Out: value, key and headers of the dead letter. A message that is too
//! large for the topic is cut and says so.

use std::fmt::Write as _;

use anyhow::Result;
use rdkafka::message::{Header, Headers, Message, OwnedHeaders};
use sha2::{Digest, Sha256};

use super::outbox::{Outbox, Outgoing, Sent};
use crate::config::KafkaConfig;

/// Records of one message that are named in the headers.
const MAX_NAMED_RECORDS: usize = 500;
/// Characters of the reasons' text.
const MAX_REASON_CHARS: usize = 1_000;

/// What was wrong with a message.
#[derive(Debug, Default)]
pub(super) struct Complaint {
    /// The reason of the first record that could not be used (`not_json`).
    pub(super) reason: &'static str,
    /// Its sentence.
    pub(super) sentence: String,
    /// Places in the unwrapped message of the records that could not be used; empty where it is the message itself.
    records: Vec<u32>,
    total: u64,
}

impl Complaint {
    /// One more record that could not be used; none where the message as a whole could not.
    pub(super) fn add(&mut self, record: Option<u32>, reason: &'static str, sentence: impl FnOnce() -> String) {
        if self.total == 0 {
            self.reason = reason;
            self.sentence = sentence().chars().take(MAX_REASON_CHARS).collect();
        }
        self.total += 1;
        if let Some(index) = record.filter(|_| self.records.len() < MAX_NAMED_RECORDS) {
            self.records.push(index);
        }
    }

    /// Whether there is anything to complain of.
    pub(super) fn is_empty(&self) -> bool {
        self.total == 0
    }

    fn record_list(&self) -> String {
        let mut list = String::new();
        for (at, index) in self.records.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            write!(list, "{comma}{index}").expect("writing to a string cannot fail");
        }
        if self.total > self.records.len() as u64 {
            list.push_str(",…");
        }
        list
    }
}

/// Sends the whole message to the dead-letter topic, once, as part of the newest slot.
///
/// # Errors
/// Where the producer cannot go on.
pub(super) fn bury<R>(
    outbox: &mut Outbox<R>,
    message: &impl Message,
    complaint: &Complaint,
    stage: Stage,
    kafka: &KafkaConfig,
) -> Result<()> {
    let mut max_bytes = kafka.dead_letter_max_bytes;
    loop {
        let letter = dead_letter(message, complaint, stage.group(kafka), stage, max_bytes);
        let outgoing = Outgoing {
            topic: &kafka.dead_letter_topic,
            key: letter.key,
            value: letter.value,
            headers: Some(letter.headers),
            ..Outgoing::default()
        };
        if outbox.send(outgoing)? == Sent::Queued || max_bytes < 1_024 {
            return Ok(());
        }
        // The user lowered message.max.bytes below our limit.
        max_bytes /= 2;
    }
}

/// A dead letter, ready to be produced.
struct DeadLetter<'a> {
    key: Option<&'a [u8]>,
    value: Option<&'a [u8]>,
    headers: OwnedHeaders,
}

/// The dead letter of a message; at most about `max_bytes` large.
fn dead_letter<'a>(
    message: &'a impl Message,
    complaint: &Complaint,
    group: &str,
    stage: Stage,
    max_bytes: usize,
) -> DeadLetter<'a> {
    // A quarter each for the key and for the original headers; what they leave is the value's.
    let quarter = max_bytes / 4;
    let (headers, header_bytes, headers_cut) = original_headers(message, quarter);
    let mut headers = with_origin(headers, message, complaint, group, stage);
    let key = message.key().map(|key| cut(key, quarter));
    let key_bytes = key.as_ref().map_or(0, |key| key.len());
    let room = max_bytes.saturating_sub(key_bytes + header_bytes + 4_096);
    let value = message.payload().map(|value| cut(value, room));
    let whole = message.payload().unwrap_or_default();
    let kept = value.as_ref().map_or(0, |value| value.len());
    if kept < whole.len() || key_bytes < message.key().map_or(0, <[u8]>::len) || headers_cut {
        headers = text(headers, "nhi.truncated", "true");
        headers = text(headers, "nhi.original.bytes", &whole.len().to_string());
        headers = text(headers, "nhi.original.sha256", &sha256_hex(whole));
    }
    DeadLetter { key, value, headers }
}

/// Where a message could not be used, in Connect's words.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stage {
    /// Its bytes could not be decoded.
    Decode,
    /// It is none of the entries that ingest writes.
    Detect,
}

impl Stage {
    fn names(self) -> (&'static str, &'static str) {
        match self {
            Stage::Decode => ("VALUE_CONVERTER", "nhiwatch::decode"),
            Stage::Detect => ("VALUE_CONVERTER", "nhiwatch::event"),
        }
    }

    /// The group that read it.
    fn group(self, kafka: &KafkaConfig) -> &str {
        match self {
            Stage::Decode => &kafka.ingest_group,
            Stage::Detect => &kafka.detect_group,
        }
    }
}

fn with_origin(
    mut headers: OwnedHeaders,
    message: &impl Message,
    complaint: &Complaint,
    group: &str,
    stage: Stage,
) -> OwnedHeaders {
    let (stage, class) = stage.names();
    let (partition, offset) = (message.partition().to_string(), message.offset().to_string());
    let connect = [
        ("__connect.errors.topic", message.topic()),
        ("__connect.errors.partition", &partition),
        ("__connect.errors.offset", &offset),
        ("__connect.errors.connector.name", group),
        ("__connect.errors.task.id", "0"),
        ("__connect.errors.stage", stage),
        ("__connect.errors.class.name", class),
        ("__connect.errors.exception.class.name", complaint.reason),
        ("__connect.errors.exception.message", &complaint.sentence),
        ("__connect.errors.exception.stacktrace", &complaint.sentence),
    ];
    for (name, value) in connect {
        headers = text(headers, name, value);
    }
    if let Some(millis) = message.timestamp().to_millis() {
        headers = text(headers, "nhi.original.timestamp", &millis.to_string());
    }
    if !complaint.records.is_empty() {
        headers = text(headers, "nhi.error.record_index", &complaint.record_list());
        headers = text(headers, "nhi.error.records", &complaint.total.to_string());
    }
    headers
}

/// The message's own headers, as many as fit; their size, and whether some were left out.
fn original_headers(message: &impl Message, max_bytes: usize) -> (OwnedHeaders, usize, bool) {
    let mut kept = OwnedHeaders::new();
    let mut bytes = 0;
    for header in message.headers().into_iter().flat_map(Headers::iter) {
        bytes += header.key.len() + header.value.map_or(0, <[u8]>::len) + 10;
        if bytes > max_bytes {
            return (kept, max_bytes, true);
        }
        kept = kept.insert(header);
    }
    (kept, bytes, false)
}

fn text(headers: OwnedHeaders, key: &str, value: &str) -> OwnedHeaders {
    headers.insert(Header { key, value: Some(value) })
}

fn cut(bytes: &[u8], room: usize) -> &[u8] {
    &bytes[..bytes.len().min(room)]
}

fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("writing to a string cannot fail");
        hex
    })
}
