//! One record, cut out of its message: within the limits, and of which provider.
//!
//! In: the bytes of one object. Out: what became of it. Providers are told apart by content alone; none is tried in turn.

use serde::de::IgnoredAny;
use sha2::{Digest, Sha256};

use super::json::{Document, Extent, Malformed, Tape, Value, first_keys, grammar_error, skip_space};
use super::{DecodeError, Decoded, Delivery, cloudtrail, format, generic};
use crate::config::DecodeConfig;
use crate::event::Source;

/// Decodes one record that was cut out by its braces and is nested `depth` deep.
pub(super) fn decode_record<'r>(
    record: &'r [u8],
    depth: usize,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
    tape: &mut Tape,
) -> Decoded<'r> {
    if let Err(error) = within_limits(record, depth, config) {
        return Decoded::Dead(error);
    }
    match read(record, config, tape) {
        Ok(document) => {
            let format = delivery.format.or_else(|| format::of(document.root()));
            decode_as(format, document.root(), record, delivery, config)
        }
        Err(malformed) if cloudtrail::recognises(record) => Decoded::Dead(explain(malformed, record, config.max_depth)),
        Err(malformed) => Decoded::Dead(grammar(record).err().unwrap_or(explain(malformed, record, config.max_depth))),
    }
}

/// Decodes one record that was read, of the log that it was found to be of; none where it is of none that is known.
pub(super) fn decode_as<'r>(
    format: Option<Source>,
    value: Value<'_, 'r>,
    record: &'r [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'r> {
    let described = || generic::describes(value, config).then_some(Source::Generic);
    match format.or_else(described) {
        Some(format) => format::decode(format, value, record, delivery, config),
        None => Decoded::Dead(DecodeError::UnknownFormat { keys: first_keys(record) }),
    }
}

/// What stands for the id of a record that has none: its SHA-256.
pub(super) fn hash_of(record: &[u8]) -> String {
    const PREFIX: &str = "sha256:";
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let hash = Sha256::digest(record);
    let mut text = String::with_capacity(PREFIX.len() + 2 * hash.len());
    text.push_str(PREFIX);
    for byte in hash {
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
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
