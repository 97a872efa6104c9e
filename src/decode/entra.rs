//! Microsoft Entra ID: sign-ins, directory audit, Microsoft Graph activity.

use super::json::{Value, first_keys};
use super::{DecodeError, Decoded, Delivery};
use crate::config::DecodeConfig;
use crate::event::Source;

/// Decodes one record.
pub(super) fn decode<'a>(
    _log: Source,
    _value: Value<'_, 'a>,
    record: &'a [u8],
    _delivery: &Delivery<'_>,
    _config: &DecodeConfig,
) -> Decoded<'a> {
    Decoded::Dead(DecodeError::UnknownFormat { keys: first_keys(record) })
}
