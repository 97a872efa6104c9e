//! Takes off what hides the text of a message: compression, base64 around compression, a schema registry's prefix.
//!
//! In: bytes. Out: which packing they have by their first bytes, and the bytes within, never more than a limit. What could be
//! unpacked before a damage is kept. Nothing here knows what the text says.

use std::io::{self, Read};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::DecodeError;

/// The byte-order mark of UTF-8, which says nothing.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// Version byte and schema id (Confluent wire format, version 0).
const PREFIX_V0_BYTES: usize = 1 + 4;
/// Version byte and schema GUID (Confluent wire format, version 1).
const PREFIX_V1_BYTES: usize = 1 + 16;

/// How a message is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    /// RFC 1952, any number of members.
    Gzip,
    /// RFC 8878, any number of frames.
    Zstd,
    /// Base64 (RFC 4648, section 4) of one of the two above, or of JSON.
    Base64,
}

/// The message without byte-order marks, of which each carrier may have set one.
pub(super) fn without_marks(mut payload: &[u8]) -> &[u8] {
    while let Some(behind) = payload.strip_prefix(BYTE_ORDER_MARK) {
        payload = behind;
    }
    payload
}

/// The message behind a schema registry's prefix, where it has one: JSON text begins with neither of the two bytes.
pub(super) fn behind_schema_prefix(payload: &[u8]) -> Option<&[u8]> {
    match payload.first()? {
        0 => payload.get(PREFIX_V0_BYTES..),
        1 => payload.get(PREFIX_V1_BYTES..),
        _ => None,
    }
}

/// How a message is packed, by its first bytes; none of them can begin JSON text.
pub(super) fn packing(payload: &[u8]) -> Option<Packing> {
    match payload {
        [0x1F, 0x8B, ..] => Some(Packing::Gzip),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Packing::Zstd),
        [b'H', b'4', b's', b'I', ..] | [b'K', b'L', b'U', b'v', ..] => Some(Packing::Base64),
        _ if is_base64_of_json(payload) => Some(Packing::Base64),
        _ => None,
    }
}

/// Whether text is base64 throughout and begins as an object or a list does in it.
pub(super) fn is_base64_of_json(text: &[u8]) -> bool {
    let begins = matches!(text, [b'e', b'y' | b'w', ..] | [b'W', b'3' | b'w' | b'y', ..]);
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    begins && text.len() >= 8 && text.trim_ascii_end().iter().all(is_digit)
}

/// Whether text is base64 throughout, of something compressed: nothing else begins as that does.
pub(super) fn is_base64_of_packed(text: &[u8]) -> bool {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    text.len() >= 24 && (text.starts_with(b"H4sI") || text.starts_with(b"KLUv")) && text.iter().all(is_digit)
}

/// Unpacks into `unpacked`, which is cleared first.
///
/// # Errors
/// Damage, or more than `limit` bytes. `unpacked` then holds what came before.
pub(super) fn unpack(
    packing: Packing,
    payload: &[u8],
    limit: usize,
    unpacked: &mut Vec<u8>,
) -> Result<(), DecodeError> {
    unpacked.clear();
    match packing {
        Packing::Gzip => {
            read_all(flate2::bufread::MultiGzDecoder::new(payload), limit, unpacked).map_err(Failure::of("gzip"))
        }
        Packing::Zstd => zstd::Decoder::with_buffer(payload)
            .map_err(Failure::Io)
            .and_then(|decoder| read_all(decoder, limit, unpacked))
            .map_err(Failure::of("zstd")),
        Packing::Base64 => decode_base64(payload, limit, unpacked),
    }
}

enum Failure {
    Io(io::Error),
    Limit(usize),
}

impl Failure {
    /// How a format's failures are told.
    fn of(format: &'static str) -> impl Fn(Failure) -> DecodeError {
        move |failure| match failure {
            Failure::Limit(limit) => DecodeError::UnpackedTooLarge { limit },
            Failure::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                DecodeError::Compression { format, problem: "it ends early".to_owned() }
            }
            Failure::Io(error) => DecodeError::Compression { format, problem: error.to_string() },
        }
    }
}

fn read_all(reader: impl Read, limit: usize, unpacked: &mut Vec<u8>) -> Result<(), Failure> {
    let one_more = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let read = reader.take(one_more).read_to_end(unpacked);
    if unpacked.len() > limit {
        return Err(Failure::Limit(limit));
    }
    read.map(drop).map_err(Failure::Io)
}

fn decode_base64(payload: &[u8], limit: usize, unpacked: &mut Vec<u8>) -> Result<(), DecodeError> {
    let text = payload.trim_ascii_end();
    if text.len() / 4 * 3 > limit {
        return Err(DecodeError::UnpackedTooLarge { limit });
    }
    STANDARD.decode_vec(text, unpacked).map_err(|error| {
        unpacked.clear();
        DecodeError::Compression { format: "base64", problem: error.to_string() }
    })
}
