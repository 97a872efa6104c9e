//! One record, cut out of its message: within the limits, and of which provider.
//!
//! In: the bytes of one object. Out: what became of it. Providers are told apart by content alone; none is tried in turn.

use serde::de::IgnoredAny;

use super::json::{Document, Extent, Malformed, Tape, Value, first_keys, grammar_error, skip_space};
use super::{DecodeError, Decoded, cloudtrail};
use crate::config::DecodeConfig;
use crate::event::Timestamp;

/// Decodes one record that was cut out by its braces and is nested `depth` deep.
pub(super) fn decode_record<'r>(
    record: &'r [u8],
    depth: usize,
    arrival: Option<Timestamp>,
    config: &DecodeConfig,
    tape: &mut Tape,
) -> Decoded<'r> {
    if let Err(error) = within_limits(record, depth, config) {
        return Decoded::Dead(error);
    }
    match read(record, config, tape) {
        Ok(document) => decode_value(document.root(), record, arrival, config),
        Err(malformed) if cloudtrail::recognises(record) => Decoded::Dead(explain(malformed, record, config.max_depth)),
        Err(malformed) => Decoded::Dead(grammar(record).err().unwrap_or(explain(malformed, record, config.max_depth))),
    }
}

/// Decodes one record that was read.
pub(super) fn decode_value<'r>(
    value: Value<'_, 'r>,
    record: &'r [u8],
    arrival: Option<Timestamp>,
    config: &DecodeConfig,
) -> Decoded<'r> {
    if cloudtrail::is_record(value) {
        return cloudtrail::decode_value(value, record, arrival, config);
    }
    Decoded::Dead(DecodeError::UnknownFormat { keys: first_keys(record) })
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
    match tape.read(record, config.max_depth, |_| false)? {
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
