//! The format of the events topic: a version byte, then entries, one after another, field after field.
//!
//! A record holds as many entries as were on their way to its partition together: what Kafka's clients do for each
//! record costs more than an entry. Numbers are written six bits to a byte, the lowest first, with [`MORE`] where there
//! are more, texts behind their lengths: so a whole record is one text, is checked to be UTF-8 at once, and is read
//! without copying anything. Positions, epochs and ticks are part of the format from its first version, so that the
//! guarantees built on them need no migration.

mod read;
mod said;
mod write;

use self::read::Reader;
use self::said::Said;
use self::write::Writer;
use super::{Attributed, Event, Identity, Position, Text, Timestamp};

/// Six bits of a number, and that more follow.
const MORE: u8 = 0x40;
/// Where the bits are.
const LAST_BITS: u8 = MORE - 1;

/// The first byte of every entry.
pub const WIRE_VERSION: u8 = 6;

/// One entry of the events topic.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "events are the rule and ticks the exception; a box would cost an allocation an event"
)]
pub enum Entry<'a> {
    /// An event to be scored.
    Event(Attributed<'a>),
    /// The passing of time.
    Tick(Tick<'a>),
}

/// Ingest's word, once a second, on how far the clock and the audit partitions that it owns have come (law 6).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick<'a> {
    /// The wall clock of the ingesting instance.
    pub clock: Timestamp,
    /// The audit partitions that it owns.
    pub partitions: Vec<PartitionProgress<'a>>,
}

/// How far one audit partition was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionProgress<'a> {
    /// The audit topic.
    pub topic: Text<'a>,
    /// The partition.
    pub partition: i32,
    /// The newest event time read from it, where one was read.
    pub newest: Option<Timestamp>,
    /// Whether there was nothing more to read when the tick was made.
    pub at_end: bool,
}

/// Why a record of the events topic cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// The record has no bytes.
    #[error("the record is empty; an entry begins with version byte {WIRE_VERSION}")]
    Empty,
    /// Written by a version that this one does not know.
    #[error("version byte {0} is not known; this program reads version {WIRE_VERSION}")]
    Version(u8),
    /// Damaged, or not written by us.
    #[error("the entry is damaged before byte {0}")]
    Damaged(usize),
}

impl EntryError {
    /// Every reason.
    pub const REASONS: [&'static str; 3] = ["entry_empty", "entry_version", "entry_damaged"];

    /// The reason in one word, for counters and dead letters.
    pub fn reason(&self) -> &'static str {
        match self {
            EntryError::Empty => Self::REASONS[0],
            EntryError::Version(_) => Self::REASONS[1],
            EntryError::Damaged(_) => Self::REASONS[2],
        }
    }
}

/// A record that is being written, entry by entry.
#[derive(Debug, Clone, Default)]
pub struct Record {
    bytes: Vec<u8>,
    said: Said,
}

impl Record {
    /// Its bytes; none before the first entry.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Adds an entry.
    pub fn add(&mut self, entry: &Entry<'_>) {
        self.writer().entry(entry);
    }

    /// Adds an event whose parts are not together: it is large, and need not be moved for this.
    pub fn add_event(&mut self, position: &Position<'_>, identity: &Identity<'_>, event: &Event<'_>) {
        self.writer().event_entry(position, identity, event);
    }

    /// Takes back what was added behind so many bytes, which were all of it at some time.
    pub fn take_back(&mut self, bytes: usize) {
        self.bytes.truncate(bytes);
        self.said.take_back(bytes);
    }

    /// Begins the next record.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.said.clear();
    }

    fn writer(&mut self) -> Writer<'_> {
        if self.bytes.is_empty() {
            self.bytes.push(WIRE_VERSION);
        }
        Writer { bytes: &mut self.bytes, said: Some(&mut self.said) }
    }
}

/// Writes a record of one entry to `buffer`, which is cleared first.
pub fn encode_entry(entry: &Entry<'_>, buffer: &mut Vec<u8>) {
    buffer.clear();
    buffer.push(WIRE_VERSION);
    Writer { bytes: buffer, said: None }.entry(entry);
}

/// Reads the first entry of a record; its text borrows from `record`.
///
/// # Errors
/// Where the record is empty, of another version, or damaged.
pub fn decode_entry(record: &[u8]) -> Result<Entry<'_>, EntryError> {
    decode_entries(record).next().unwrap_or(Err(EntryError::Empty))
}

/// Reads the entries of a record, in order; their text borrows from `record`. There is at least one, or an error; what
/// is behind an error cannot be read.
pub fn decode_entries(record: &[u8]) -> impl Iterator<Item = Result<Entry<'_>, EntryError>> {
    let (mut reader, mut refusal) = match checked(record) {
        Ok(text) => (Some(Reader::new(text)), None),
        Err(error) => (None, Some(error)),
    };
    std::iter::from_fn(move || match refusal.take() {
        Some(error) => Some(Err(error)),
        None => {
            let entries = reader.as_mut()?;
            let entry = entries.entry();
            let damaged_at = entries.damaged_at();
            if damaged_at.is_some() || entries.is_at_end() {
                reader = None;
            }
            Some(match damaged_at {
                None => Ok(entry),
                Some(at) => Err(EntryError::Damaged(at + 1)),
            })
        }
    })
}

/// What is behind the version byte.
fn checked(record: &[u8]) -> Result<&str, EntryError> {
    match record.split_first() {
        None => Err(EntryError::Empty),
        Some((&WIRE_VERSION, rest)) => {
            std::str::from_utf8(rest).map_err(|error| EntryError::Damaged(error.valid_up_to() + 1))
        }
        Some((&version, _)) => Err(EntryError::Version(version)),
    }
}

#[cfg(test)]
mod tests;
