//! One CloudTrail record → one event.

use super::{DecodeError, Decoded};
use crate::config::DecodeConfig;
use crate::event::Timestamp;

/// Whether an object is a CloudTrail record, by its content.
pub fn recognises(record: &[u8]) -> bool {
    memchr::memmem::find(record, b"\"eventVersion\"").is_some()
}

/// Decodes one record.
pub fn decode<'a>(_record: &'a [u8], _arrival: Option<Timestamp>, _config: &DecodeConfig) -> Decoded<'a> {
    Decoded::Dead(DecodeError::MissingField { field: "eventTime" })
}
