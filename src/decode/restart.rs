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
    beginning: Option<Range<usize>>,
    /// The last answer: searched for once only, however many records are damaged.
    found: usize,
}

impl Restart {
    /// Notes how the object at `open` begins, where it is the first.
    pub fn learn(&mut self, text: &[u8], open: usize) {
        if self.beginning.is_some() {
            return;
        }
        let key = skip_space(text, open + 1);
        if text.get(key) != Some(&b'"') {
            return;
        }
        self.beginning =
            string_end(text, key).ok().map(|end| open..end).filter(|found| found.len() <= LONGEST_BEGINNING);
    }

    /// The first place from `from` on that begins alike; the end of the text where there is none. Call it with places
    /// in rising order.
    pub fn find(&mut self, text: &[u8], from: usize) -> usize {
        let Some(beginning) = self.beginning.clone() else { return text.len() };
        if self.found < from {
            let mut alike = memchr::memmem::find_iter(&text[from..], &text[beginning]).map(|distance| from + distance);
            self.found = alike.find(|place| !is_nested(text, *place)).unwrap_or(text.len());
        }
        self.found
    }
}

/// Whether what begins at `place` is a member's value, or the first element of a list: then it belongs to what is around
/// it.
fn is_nested(text: &[u8], place: usize) -> bool {
    matches!(text[..place].trim_ascii_end().last(), Some(b':' | b'['))
}
