//! The format of the events topic: a version byte, then entries in postcard, one after another.
//!
//! A record holds as many entries as were on their way to its partition together: what Kafka's clients do for each
//! record costs more than an entry. Positions, epochs and ticks are part of the format from its first version, so that the
//! guarantees built on them need no migration. Reading borrows from the record; nothing is copied.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};

use super::{Attributed, Text, Timestamp};

/// The first byte of every entry.
pub const WIRE_VERSION: u8 = 5;

/// One entry of the events topic.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(
    clippy::large_enum_variant,
    reason = "events are the rule and ticks the exception; a box would cost an allocation an event"
)]
pub enum Entry<'a> {
    /// An event to be scored.
    #[serde(borrow)]
    Event(Attributed<'a>),
    /// The passing of time.
    #[serde(borrow)]
    Tick(Tick<'a>),
}

/// Ingest's word, once a second, on how far the clock and the audit partitions that it owns have come (law 6).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tick<'a> {
    /// The wall clock of the ingesting instance.
    pub clock: Timestamp,
    /// The audit partitions that it owns.
    #[serde(borrow)]
    pub partitions: Vec<PartitionProgress<'a>>,
}

/// How far one audit partition was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartitionProgress<'a> {
    /// The audit topic.
    #[serde(borrow, deserialize_with = "borrowed_text")]
    pub topic: Text<'a>,
    /// The partition.
    pub partition: i32,
    /// The newest event time read from it, where one was read.
    pub newest: Option<Timestamp>,
    /// Whether there was nothing more to read when the tick was made.
    pub at_end: bool,
}

/// As serde borrows text: only where the field's own type is spelt `Cow`, neither by another name nor in an `Option`.
#[derive(Deserialize)]
struct Borrowed<'a>(#[serde(borrow)] Cow<'a, str>);

/// Text, borrowed from the record.
///
/// # Errors
/// Those of the format.
pub(super) fn borrowed_text<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Text<'a>, D::Error> {
    Borrowed::<'a>::deserialize(deserializer).map(|Borrowed(text)| text)
}

/// Text that may be missing, borrowed from the record.
///
/// # Errors
/// Those of the format.
pub(super) fn borrowed<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Text<'a>>, D::Error> {
    Ok(Option::<Borrowed<'a>>::deserialize(deserializer)?.map(|Borrowed(text)| text))
}

/// Texts, borrowed from the record.
///
/// # Errors
/// Those of the format.
pub(super) fn borrowed_texts<'de: 'a, 'a, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Text<'a>>, D::Error> {
    let texts = Vec::<Borrowed<'a>>::deserialize(deserializer)?;
    Ok(texts.into_iter().map(|Borrowed(text)| text).collect())
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
    #[error("the entry is damaged: {0}")]
    Damaged(postcard::Error),
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

/// Writes a record of one entry to `buffer`, which is cleared first.
pub fn encode_entry(entry: &Entry<'_>, buffer: &mut Vec<u8>) {
    buffer.clear();
    buffer.push(WIRE_VERSION);
    let written = postcard::to_extend(entry, std::mem::take(buffer));
    *buffer = written.expect("writing to a vector cannot fail, and every type in an entry has a known length");
}

/// Adds what [`encode_entry`] wrote behind the entries of a record; an empty one becomes the record.
pub fn append_entry(record: &mut Vec<u8>, entry: &[u8]) {
    record.extend_from_slice(if record.is_empty() { entry } else { &entry[1..] });
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
    let (mut error, mut rest) = match record.split_first() {
        None => (Some(EntryError::Empty), record),
        Some((&WIRE_VERSION, [])) => (Some(EntryError::Damaged(postcard::Error::DeserializeUnexpectedEnd)), &[][..]),
        Some((&WIRE_VERSION, rest)) => (None, rest),
        Some((&version, _)) => (Some(EntryError::Version(version)), &[][..]),
    };
    std::iter::from_fn(move || {
        if let Some(error) = error.take() {
            return Some(Err(error));
        }
        if rest.is_empty() {
            return None;
        }
        match postcard::take_from_bytes(std::mem::take(&mut rest)) {
            Ok((entry, behind)) => {
                rest = behind;
                Some(Ok(entry))
            }
            Err(error) => Some(Err(EntryError::Damaged(error))),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_tick_comes_back_as_it_was() {
        let tick = Entry::Tick(Tick {
            clock: Timestamp::from_millis(1_769_903_999_000),
            partitions: vec![PartitionProgress {
                topic: "audit.aws".into(),
                partition: 3,
                newest: Some(Timestamp::from_millis(1_769_903_000_000)),
                at_end: true,
            }],
        });
        let mut buffer = Vec::new();
        encode_entry(&tick, &mut buffer);
        assert_eq!(decode_entry(&buffer), Ok(tick));
    }

    fn tick(millis: i64) -> Entry<'static> {
        Entry::Tick(Tick { clock: Timestamp::from_millis(millis), partitions: Vec::new() })
    }

    #[test]
    fn a_record_holds_entries_in_order_up_to_a_damage() {
        let (mut record, mut buffer) = (Vec::new(), Vec::new());
        for millis in 0..3 {
            encode_entry(&tick(millis), &mut buffer);
            append_entry(&mut record, &buffer);
        }
        let read: Vec<_> = decode_entries(&record).map(Result::unwrap).collect();
        assert_eq!(read, [tick(0), tick(1), tick(2)]);
        record.push(9);
        let read: Vec<_> = decode_entries(&record).collect();
        assert_eq!((read.len(), &read[2]), (4, &Ok(tick(2))));
        assert!(matches!(read[3], Err(EntryError::Damaged(_))));
    }

    #[test]
    fn text_is_borrowed() {
        let partitions =
            vec![PartitionProgress { topic: "audit.aws".into(), partition: 3, newest: None, at_end: true }];
        let mut buffer = Vec::new();
        encode_entry(&Entry::Tick(Tick { clock: Timestamp::from_millis(0), partitions }), &mut buffer);
        let Ok(Entry::Tick(tick)) = decode_entry(&buffer) else { panic!("a tick was written") };
        assert!(matches!(tick.partitions[0].topic, Cow::Borrowed("audit.aws")));
        let some = postcard::to_stdvec(&Some("audit.aws")).unwrap();
        let read = borrowed(&mut postcard::Deserializer::from_bytes(&some)).unwrap();
        assert!(matches!(read, Some(Cow::Borrowed("audit.aws"))));
    }

    #[test]
    fn refuses_what_it_did_not_write() {
        assert_eq!(decode_entry(&[]), Err(EntryError::Empty));
        assert_eq!(decode_entry(b"{}"), Err(EntryError::Version(b'{')));
        assert!(matches!(decode_entry(&[WIRE_VERSION, 0]), Err(EntryError::Damaged(_))));
        assert!(matches!(decode_entry(&[WIRE_VERSION]), Err(EntryError::Damaged(_))));
    }

    proptest! {
        /// No bytes make it panic.
        #[test]
        fn any_bytes_are_answered(mut bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(decode_entries(&bytes).count() >= 1);
            bytes.insert(0, WIRE_VERSION);
            let only_the_last_fails = |entries: Vec<Result<Entry<'_>, _>>| entries[..entries.len() - 1].iter().all(Result::is_ok);
            prop_assert!(only_the_last_fails(decode_entries(&bytes).collect()));
        }
    }
}
