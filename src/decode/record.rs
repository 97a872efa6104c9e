//! One record, cut out of its message: within the limits, and of which provider.
//!
//! In: the bytes of one object. Out: what became of it. Providers are told apart by content alone; none is tried in turn.

use serde::de::IgnoredAny;
use xxhash_rust::xxh3::xxh3_128;

use super::json::{Document, Extent, Malformed, Tape, Value, first_keys, grammar_error, skip_space};
use super::known::{self, Known};
use super::{DecodeError, Decoded, Delivery, cloudtrail, format, generic};
use crate::config::DecodeConfig;
use crate::event::Source;

/// The log that a record is of, where that could be told, and what became of it.
pub(super) type Found<'r> = (Option<Source>, Decoded<'r>);

/// Decodes one record that was cut out by its braces and is nested `depth` deep.
pub(super) fn decode_record<'r>(
    record: &'r [u8],
    depth: usize,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
    tape: &mut Tape,
) -> Found<'r> {
    if let Err(error) = within_limits(record, depth, config) {
        return (None, Err(error.into()));
    }
    match read(record, config, tape) {
        Ok(document) => {
            let (value, found) = (document.root(), known::Found::of(document.root()));
            let known = Known { value, found: &found };
            let format = delivery.format.or_else(|| format::look(&known).log);
            let log = log_of(value, format, config);
            (log, decode_as(log, &known, record, delivery, config))
        }
        Err(malformed) if cloudtrail::recognises(record) => {
            (Some(Source::AwsCloudtrail), Err(explain(malformed, record, config.max_depth).into()))
        }
        Err(malformed) => {
            let error = grammar(record).err().unwrap_or(explain(malformed, record, config.max_depth));
            (None, Err(error.into()))
        }
    }
}

/// The log that a record is of: the one that it was found to be of, else what a mapping describes.
pub(super) fn log_of(value: Value<'_, '_>, format: Option<Source>, config: &DecodeConfig) -> Option<Source> {
    format.or_else(|| generic::describes(value, config).then_some(Source::Generic))
}

/// Decodes one record that was read, of this log; none where it is of none that is known.
pub(super) fn decode_as<'r>(
    log: Option<Source>,
    known: &Known<'_, 'r>,
    record: &'r [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'r> {
    match log {
        Some(log) => format::decode(log, known, record, delivery, config),
        None => Err(DecodeError::UnknownFormat { keys: first_keys(record) }.into()),
    }
}

/// What stands for the id of a record that has none: its XXH3, 128 bits. That is not proof against somebody who looks for two
/// records with one hash, and need not be: detection keeps ids in a filter that errs now and then, so that an event that brings
/// anything new is never taken for a repeat; what a provider writes into a record (times, numbers of requests) nobody can choose.
pub(super) fn hash_of(record: &[u8]) -> String {
    const FRONT: &[u8; 5] = b"xxh3:";
    // Digits by arithmetic, so that many are made at once.
    let digit = |half: u8| half + if half < 10 { b'0' } else { b'a' - 10 };
    let mut text = vec![0; FRONT.len() + 32];
    let (front, digits) = text.split_at_mut(FRONT.len());
    front.copy_from_slice(FRONT);
    for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(xxh3_128(record).to_be_bytes()) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
    String::from_utf8(text).expect("digits are ASCII")
}

/// Reads a record that nothing but space may follow.
///
/// # Errors
/// Where it is no JSON object within the limit on depth.
pub(super) fn read<'t, 'r>(
    record: &'r [u8],
    config: &DecodeConfig,
    tape: &'t mut Tape,
) -> Result<Document<'t, 'r>, Malformed> {
    if let Err(error) = std::str::from_utf8(record) {
        return Err(Malformed::Utf8(error.valid_up_to()));
    }
    match tape.read(record, config.max_depth, |_, _| false)? {
        Extent::Whole(end) | Extent::Doubtful(end) if skip_space(record, end) < record.len() => {
            Err(Malformed::Syntax(skip_space(record, end)))
        }
        _ => tape.document(record),
    }
}

/// What keeps a record from being read, as its dead letter tells it.
pub(super) fn explain(malformed: Malformed, record: &[u8], limit: usize) -> DecodeError {
    match malformed {
        Malformed::Utf8(offset) => DecodeError::NotUtf8 { offset },
        Malformed::Depth(depth) => DecodeError::TooDeep { depth, limit },
        Malformed::Syntax(offset) if offset >= record.len() => DecodeError::Truncated { bytes: record.len() },
        Malformed::Syntax(offset) => DecodeError::NotJson { offset, expected: "one JSON object" },
    }
}

fn within_limits(record: &[u8], depth: usize, config: &DecodeConfig) -> Result<(), DecodeError> {
    let bytes = record.len();
    if bytes > config.max_record_bytes {
        return Err(DecodeError::RecordTooLarge { bytes, limit: config.max_record_bytes });
    }
    if depth > config.max_depth {
        return Err(DecodeError::TooDeep { depth, limit: config.max_depth });
    }
    let text = std::str::from_utf8(record);
    text.map(drop).map_err(|error| DecodeError::NotUtf8 { offset: error.valid_up_to() })
}

/// Whether a record that became a dead letter breaks the grammar of JSON, so that its end may be another than was thought.
pub(super) fn is_broken(record: &[u8], error: &DecodeError) -> bool {
    matches!(error, DecodeError::NotJson { .. } | DecodeError::Truncated { .. }) || grammar(record).is_err()
}

fn grammar(record: &[u8]) -> Result<(), DecodeError> {
    serde_json::from_slice::<IgnoredAny>(record).map(drop).map_err(|error| grammar_error(record, &error))
}
