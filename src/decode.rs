//! Bytes → native records → events.

mod aws_actions;
pub mod cloudtrail;
mod error;

use crate::config::DecodeConfig;
use crate::event::{Event, Timestamp};

pub use error::{DecodeError, IgnoreReason, quote};

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
    Err(DecodeError::NotJson { offset: 0, expected: "a value" })
}
