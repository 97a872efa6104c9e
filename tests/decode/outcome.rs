//! What became of the records of a message, as values that tests compare and print.
#![allow(dead_code, reason = "each test binary uses its part")]

use nhiwatch::config::DecodeConfig;
use nhiwatch::decode::{DecodeError, Decoded, Envelope, IgnoreReason, NoEvent, Scratch, decode_message};
use nhiwatch::event::Timestamp;

/// What became of one record.
#[derive(Debug, Clone)]
pub struct Outcome {
    pub index: u32,
    pub kind: Kind,
}

#[derive(Debug, Clone)]
pub enum Kind {
    /// The event's id, time and operation.
    Event(String),
    Ignored(IgnoreReason),
    /// The reason and the sentence.
    Dead(&'static str, String),
}

impl Outcome {
    pub fn ignored(index: u32, reason: IgnoreReason) -> Outcome {
        Outcome { index, kind: Kind::Ignored(reason) }
    }

    /// A dead letter, whatever its sentence.
    pub fn dead(index: u32, reason: &'static str) -> Outcome {
        Outcome { index, kind: Kind::Dead(reason, String::new()) }
    }

    /// `event`, or the reason.
    pub fn word(&self) -> &'static str {
        match &self.kind {
            Kind::Event(_) => "event",
            Kind::Ignored(reason) => reason.reason(),
            Kind::Dead(reason, _) => reason,
        }
    }

    pub fn event(&self) -> Option<&str> {
        match &self.kind {
            Kind::Event(event) => Some(event),
            _ => None,
        }
    }

    fn of(index: u32, decoded: &Decoded<'_>) -> Outcome {
        let kind = match decoded {
            Ok(event) => Kind::Event(format!("{} {} {}", event.id, event.time, event.action.name())),
            Err(NoEvent::Ignored(reason)) => Kind::Ignored(*reason),
            Err(NoEvent::Dead(error)) => Kind::Dead(error.reason(), error.to_string()),
        };
        Outcome { index, kind }
    }
}

/// Dead letters are compared by their reason.
impl PartialEq for Outcome {
    fn eq(&self, other: &Outcome) -> bool {
        self.index == other.index && self.word() == other.word() && self.event() == other.event()
    }
}

/// The envelope of a message and what became of its records.
pub type Seen = (Result<Envelope, DecodeError>, Vec<Outcome>);

pub fn outcomes(
    payload: Option<&[u8]>,
    arrival: Option<Timestamp>,
    config: &DecodeConfig,
    scratch: &mut Scratch,
) -> Seen {
    let mut seen = Vec::new();
    let envelope = decode_message(payload, arrival, config, scratch, &mut |info, decoded| {
        seen.push(Outcome::of(info.index, &decoded));
    });
    (envelope, seen)
}

/// What became of the records of a message; a refused message is its one dead letter.
pub fn outcomes_of(payload: &[u8], config: &DecodeConfig) -> Vec<Outcome> {
    match outcomes(Some(payload), None, config, &mut Scratch::default()) {
        (Ok(_), seen) => seen,
        (Err(error), seen) => {
            assert!(seen.is_empty(), "a refused message has no record");
            vec![Outcome { index: 0, kind: Kind::Dead(error.reason(), error.to_string()) }]
        }
    }
}

/// A line for the envelope and one for each record.
pub fn render((envelope, seen): &Seen) -> String {
    let mut lines = match envelope {
        Ok(envelope) => serde_json::json!({ "envelope": envelope.name() }),
        Err(error) => serde_json::json!({ "refused": error.reason(), "message": error.to_string() }),
    }
    .to_string();
    for outcome in seen {
        lines.push('\n');
        lines += &match &outcome.kind {
            Kind::Event(event) => serde_json::json!({ "index": outcome.index, "event": event }),
            Kind::Ignored(reason) => serde_json::json!({ "index": outcome.index, "ignored": reason.reason() }),
            Kind::Dead(reason, message) => {
                serde_json::json!({ "index": outcome.index, "dead_letter": reason, "message": message })
            }
        }
        .to_string();
    }
    lines + "\n"
}
