//! Bytes → native records → events.

use crate::config::DecodeConfig;
use crate::event::{Event, Timestamp};

/// Memory that is used again from message to message.
#[derive(Debug, Default)]
pub struct Scratch {}

/// What became of one record of a message.
#[derive(Debug)]
pub enum Decoded<'a> {
    /// An event.
    Event(Event<'a>),
    /// Read, understood, and not an event to be scored.
    Ignored(IgnoreReason),
    /// Not understood.
    Dead(DecodeError),
}

/// Why a record is not scored although it was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum IgnoreReason {
    /// No value at all.
    Tombstone,
    /// An empty value.
    Empty,
}

/// Why a record or a message is a dead letter.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Not JSON.
    #[error("not JSON")]
    NotJson,
}

/// How the records of a message were wrapped: the outermost wrapping that says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Envelope {
    /// One object.
    Single,
}

/// Takes a message apart and calls `each` for every record in it, in order, with the record's index.
///
/// # Errors
/// Where nothing of the message can be read: then the message as a whole is one dead letter.
pub fn decode_message(
    _payload: Option<&[u8]>,
    _arrival: Option<Timestamp>,
    _config: &DecodeConfig,
    _scratch: &mut Scratch,
    _each: &mut dyn FnMut(u32, Decoded<'_>),
) -> Result<Envelope, DecodeError> {
    Err(DecodeError::NotJson)
}
