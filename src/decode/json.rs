//! The one reader of JSON text, for envelopes and providers alike.
//!
//! In: the bytes of a message. Out, in two ways:
//!
//! * `scan` reads one object strictly, from front to back, once, and notes where its values lie ([`Tape`]); [`Value`] is a
//!   cursor over these notes: members, items, text that is unescaped only where it is asked for. What it accepts is what
//!   `serde_json` accepts (a property test compares the two). All records go this way.
//! * `seek` finds where values end without a word about what is in them, for wrappings whose records are read in
//!   place, and behind damage.
//!
//! Nothing is converted, no tree is built, and text without escapes is borrowed. Strings are passed 64 bytes at a
//! time (`block`), as Langdale and Lemire do in "Parsing Gigabytes of JSON per Second", VLDB Journal 28 (2019).

mod block;
mod scan;
mod seek;
mod token;
mod unescape;
mod value;

pub(super) use scan::{Extent, Malformed, Tape};
pub(super) use seek::{
    Fault, Member, Span, first_keys, grammar_error, is_member, next_member, object_end, skip_space, stray, stray_end,
    string_end, value_end,
};
pub(super) use unescape::unescape;
pub(super) use value::{Document, Value};
