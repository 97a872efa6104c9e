//! The audit log of Kubernetes' API server.

mod meaning;

use super::json::{Value, first_keys};
use super::{DecodeError, Decoded, Delivery};
use crate::config::DecodeConfig;
pub(super) use meaning::{Meaning, Request, meaning};

/// Decodes one record.
pub(super) fn decode<'a>(
    _value: Value<'_, 'a>,
    record: &'a [u8],
    _delivery: &Delivery<'_>,
    _config: &DecodeConfig,
) -> Decoded<'a> {
    Decoded::Dead(DecodeError::UnknownFormat { keys: first_keys(record) })
}
