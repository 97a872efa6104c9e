//! Where the next record may begin when the end of one is hidden by damage: the records of one batch begin alike.
//!
//! In: the places where records of a text began. Out: the next place that begins as the first of them did, up to its first
//! key. Within a string the quotation marks of that key would be escaped, so that attacker-written text cannot pose
//! as a beginning.

use std::ops::Range;

use super::json::{skip_space, string_end};

/// Bytes of a beginning that are compared at most.
const LONGEST_BEGINNING: usize = 128;

/// What the records of one text or one list begin with.
#[derive(Debug, Default)]
pub(super) struct Restart {
    /// Where the first of them stands: how it begins is looked at where there is damage.
    first: Option<usize>,
    /// The last answer: searched for once only, however many records are damaged.
    found: usize,
}

impl Restart {
    /// Notes where the object at `open` begins, where it is the first with a key.
    pub fn learn(&mut self, text: &[u8], open: usize) {
        if self.first.is_none() && text.get(skip_space(text, open + 1)) == Some(&b'"') {
            self.first = Some(open);
        }
    }

    /// The first place from `from` on that begins alike; the end of the text where there is none. Call it with places
    /// in rising order.
    pub fn find(&mut self, text: &[u8], from: usize) -> usize {
        let Some(beginning) = self.first.and_then(|first| beginning(text, first)) else { return text.len() };
        if self.found < from {
            let mut alike = memchr::memmem::find_iter(&text[from..], &text[beginning]).map(|distance| from + distance);
            self.found = alike.find(|place| !is_nested(text, *place)).unwrap_or(text.len());
        }
        self.found
    }
}

/// An object's beginning, up to its first key.
fn beginning(text: &[u8], open: usize) -> Option<Range<usize>> {
    let end = string_end(text, skip_space(text, open + 1)).ok()?;
    (end - open <= LONGEST_BEGINNING).then_some(open..end)
}

/// Whether what begins at `place` is a member's value, or the first element of a list: then it belongs to what is around
/// it.
fn is_nested(text: &[u8], place: usize) -> bool {
    matches!(text[..place].trim_ascii_end().last(), Some(b':' | b'['))
}
