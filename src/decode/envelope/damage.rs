//! Goes on behind a damage: where a damaged record, list or wrapping ends, and what it becomes.
//!
//! Searching costs: what was walked in vain is added up, and where it comes to several times the message, the rest of the
//! text is given up as one dead letter, so that a hostile message costs its length and no more.

use std::ops::Range;

use super::super::json::{Fault, Member, next_member, object_end, skip_space, value_end};
use super::super::record::is_broken;
use super::super::restart::Restart;
use super::super::{DecodeError, NoEvent};
use super::Unwrapping;

/// Times the length of all texts that may be walked in search of the ends of damaged records.
const DAMAGE_WALKS: usize = 4;

impl Unwrapping<'_> {
    /// An object whose end is hidden by a fault: one dead letter, and the place where the next may begin.
    pub(super) fn damaged(
        &mut self,
        text: &[u8],
        open: usize,
        fault: Fault,
        restart: &mut Restart,
    ) -> Result<usize, DecodeError> {
        let next = restart.find(text, open + 1);
        let found = match object_end(&text[..next], open) {
            Ok(span) => Some(span.end),
            Err(Fault::NextRecord(line)) => Some(line),
            Err(_) => (next < text.len()).then_some(next),
        };
        let end = found.unwrap_or(text.len());
        let error = match fault {
            Fault::Syntax { at, expected } => DecodeError::NotJson { offset: at - open, expected },
            Fault::NextRecord(_) | Fault::End => {
                DecodeError::Truncated { bytes: text[open..end].trim_ascii_end().len() }
            }
        };
        let walked_to = match fault {
            Fault::NextRecord(at) | Fault::Syntax { at, .. } => at.max(end),
            Fault::End => text.len(),
        };
        if found.is_none() || self.is_too_costly(walked_to - open) {
            return Err(error);
        }
        self.emit(Err(NoEvent::Dead(error)));
        Ok(self.behind_damage(text, end, next))
    }

    /// Where a record that became a dead letter ends: where its grammar is broken, it may have swallowed others.
    pub(super) fn end_of_dead(
        &mut self,
        text: &[u8],
        record: Range<usize>,
        error: &DecodeError,
        restart: &mut Restart,
    ) -> usize {
        let next = restart.find(text, record.start + 1);
        if self.is_too_costly(record.len()) || !is_broken(&text[record.clone()], error) {
            return record.end;
        }
        if next < record.end { next } else { self.behind_damage(text, record.end, next) }
    }

    /// Where to go on behind a damaged record that seems to end at `end`: there, where what follows can follow a record;
    /// else what follows still belongs to it, up to the next beginning or the next line with a record.
    fn behind_damage(&mut self, text: &[u8], end: usize, next: usize) -> usize {
        let comma = skip_space(text, end);
        let follows = if text.get(comma) == Some(&b',') { skip_space(text, comma + 1) } else { comma };
        let can_follow = match text.get(follows) {
            None => true,
            Some(b'{') => follows > comma || follows == next || next == text.len(),
            Some(b'[' | b']') => next == text.len(),
            Some(_) => false,
        };
        if can_follow || self.is_too_costly(next - end) {
            return end;
        }
        match memchr::memmem::find(&text[end..next], b"\n{") {
            Some(line) => end + line,
            None if next < text.len() => next,
            None => end,
        }
    }

    /// What follows a list that was walked in place, to the end of the object around it.
    pub(super) fn rest_of_object(
        &mut self,
        text: &[u8],
        from: usize,
        restart: &mut Restart,
    ) -> Result<usize, DecodeError> {
        if self.is_full() {
            return Ok(text.len());
        }
        let (at, expected) = match close_of(text, from) {
            Ok(end) => return Ok(end),
            Err(Fault::End) => return Err(DecodeError::Truncated { bytes: text.len() }),
            Err(Fault::NextRecord(at)) => (at, "`}`"),
            Err(Fault::Syntax { at, expected }) => (at, expected),
        };
        self.emit(Err(NoEvent::Dead(DecodeError::NotJson { offset: at, expected })));
        Ok(restart.find(text, at))
    }

    /// A list that is not read: one dead letter, and the place behind it. Where a brace closes it, it was an object.
    pub(super) fn skipped_list(&mut self, text: &[u8], open: usize, error: DecodeError) -> Result<usize, DecodeError> {
        let end = match value_end(text, open) {
            Ok(span) => span.end,
            Err(Fault::End) => return Err(DecodeError::Truncated { bytes: text.len() }),
            Err(Fault::NextRecord(at)) => at,
            Err(Fault::Syntax { at, .. }) => at + 1,
        };
        self.emit(Err(NoEvent::Dead(error)));
        Ok(end)
    }

    /// Adds up what was walked in vain; true where it has cost enough.
    fn is_too_costly(&mut self, bytes: usize) -> bool {
        self.damage_bytes += bytes;
        self.damage_bytes > self.text_bytes.saturating_mul(DAMAGE_WALKS)
    }
}

/// Behind the brace that closes the object whose last value ended at `from`.
fn close_of(text: &[u8], from: usize) -> Result<usize, Fault> {
    let mut at = from;
    loop {
        match next_member(text, at, false)? {
            Member::Value(_, value) => at = value_end(text, value)?.end,
            Member::Close(end) => return Ok(end),
        }
    }
}
