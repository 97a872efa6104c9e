//! One record, cut out of its message: within the limits, and of which provider.
//!
//! In: the bytes of one object. Out: what became of it. Providers are told apart by content alone; none is tried in turn.

use serde::de::IgnoredAny;

use super::json::{first_keys, grammar_error};
use super::{DecodeError, Decoded, cloudtrail};
use crate::config::DecodeConfig;
use crate::event::Timestamp;

/// Decodes one record that is nested `depth` deep.
pub(super) fn decode_record<'r>(
    record: &'r [u8],
    depth: usize,
    arrival: Option<Timestamp>,
    config: &DecodeConfig,
) -> Decoded<'r> {
    if let Err(error) = within_limits(record, depth, config) {
        return Decoded::Dead(error);
    }
    if cloudtrail::recognises(record) {
        return cloudtrail::decode(record, arrival, config);
    }
    Decoded::Dead(match grammar(record) {
        Ok(()) => DecodeError::UnknownFormat { keys: first_keys(record) },
        Err(error) => error,
    })
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
