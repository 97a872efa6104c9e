//! Reads one JSON object strictly, once, and notes where its values lie.
//!
//! In: text that begins with an object. Out: a [`Tape`] of notes, one for each key and value in the order in which they
//! stand, and how much of the text the object takes; or the first place that is no JSON. The notes say nothing that
//! the text does not say: no number is converted, no text copied. Memory for them is used again.

use super::block::{BLOCK, string_stops};
use super::value::Document;

/// Why bytes are not the JSON that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::decode) enum Malformed {
    /// Not UTF-8 from this byte on.
    Utf8(usize),
    /// Not JSON from this byte on.
    Syntax(usize),
    /// Objects and arrays lie this deep within each other, which is more than the limit.
    Depth(usize),
}

/// How much of a text an object takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::decode) enum Extent {
    /// It ends before this byte.
    Whole(usize),
    /// It ends before this byte, unless a line in it that begins with `{` is the next record of a file with one a line.
    Doubtful(usize),
    /// It was left at a key that the caller did not want to pass.
    Left,
}

/// What a note is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Object,
    Array,
    /// A string without escapes; the note is about what is between its quotation marks.
    Plain,
    /// A string with escapes.
    Escaped,
    /// A number, `true`, `false` or `null`.
    Scalar,
}

/// A note: a key or a value, where it lies, and where in the tape the next behind it and all within it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Note {
    pub start: u32,
    pub end: u32,
    pub next: u32,
    pub kind: Kind,
}

/// No text is read deeper than this, whatever the limit in the configuration: the depth is a recursion of ours.
const DEEPEST: usize = 512;

/// No object longer than this is read, so that places fit into a note.
const LONGEST: usize = u32::MAX as usize - BLOCK;

/// Notes of a tape that are kept for the next object.
const KEPT_NOTES: usize = 1 << 16;

/// Notes on one object, and memory for them that is used again.
#[derive(Debug, Default)]
pub(in crate::decode) struct Tape {
    notes: Vec<Note>,
}

impl Tape {
    /// Reads the object that `text` begins with; objects and arrays may lie up to `max_depth` deep. `leaves` is asked at
    /// each of the object's own keys, as it is written, whether to stop there.
    ///
    /// # Errors
    /// Where there is no JSON, or it lies too deep. That the bytes are UTF-8 is not looked at here, but in [`Tape::document`].
    pub fn read(&mut self, text: &[u8], max_depth: usize, leaves: impl Fn(&[u8]) -> bool) -> Result<Extent, Malformed> {
        self.notes.clear();
        self.notes.shrink_to(KEPT_NOTES);
        let text = &text[..text.len().min(LONGEST)];
        let deepest = max_depth.min(DEEPEST);
        let notes = &mut self.notes;
        Scan { text, block: usize::MAX, stops: 0, notes, deepest, doubtful: false }.record(leaves)
    }

    /// The object that was read from `object`, which ends with it.
    ///
    /// # Errors
    /// Where it is not UTF-8.
    pub fn document<'t, 'a>(&'t self, object: &'a [u8]) -> Result<Document<'t, 'a>, Malformed> {
        let text = std::str::from_utf8(object).map_err(|error| Malformed::Utf8(error.valid_up_to()))?;
        Ok(Document { notes: &self.notes, text })
    }

    /// Memory that is kept, in bytes.
    pub fn kept_bytes(&self) -> usize {
        self.notes.capacity() * size_of::<Note>()
    }
}

/// The text, and the notes so far. Its methods take a place in the text, and return the place behind what they read there.
struct Scan<'s> {
    text: &'s [u8],
    /// The place of the block that was looked at last, and where strings stop in it.
    block: usize,
    stops: u64,
    notes: &'s mut Vec<Note>,
    deepest: usize,
    doubtful: bool,
}

impl Scan<'_> {
    /// The outermost object.
    fn record(mut self, leaves: impl Fn(&[u8]) -> bool) -> Result<Extent, Malformed> {
        let start = self.skip_space(0);
        let open = self.open(start, Kind::Object);
        let mut at = self.enter(start, b'{')?;
        while self.peek(at) != Some(b'}') {
            let key = self.string(at)?;
            let note = self.notes[self.notes.len() - 1];
            if note.kind == Kind::Escaped && super::value::text_of(&self.text[at..key]).is_none() {
                return Err(Malformed::Syntax(at));
            }
            if leaves(&self.text[at + 1..key - 1]) {
                return Ok(Extent::Left);
            }
            let value = self.colon(key)?;
            at = self.value(value, self.deepest.saturating_sub(1))?;
            at = self.another(at, b'}')?;
        }
        self.close(open, at + 1);
        Ok(if self.doubtful { Extent::Doubtful(at + 1) } else { Extent::Whole(at + 1) })
    }

    fn value(&mut self, at: usize, depth: usize) -> Result<usize, Malformed> {
        match self.peek(at) {
            Some(b'"') => self.string(at),
            Some(b'{') => self.object(at, depth),
            Some(b'[') => self.array(at, depth),
            Some(b't') => self.word(at, b"true"),
            Some(b'f') => self.word(at, b"false"),
            Some(b'n') => self.word(at, b"null"),
            _ => self.number(at),
        }
    }

    fn object(&mut self, start: usize, depth: usize) -> Result<usize, Malformed> {
        let depth = depth.checked_sub(1).ok_or(Malformed::Depth(self.deepest + 1))?;
        let open = self.open(start, Kind::Object);
        let mut at = self.enter(start, b'{')?;
        while self.peek(at) != Some(b'}') {
            at = self.string(at)?;
            at = self.colon(at)?;
            at = self.value(at, depth)?;
            at = self.another(at, b'}')?;
        }
        self.close(open, at + 1);
        Ok(at + 1)
    }

    fn array(&mut self, start: usize, depth: usize) -> Result<usize, Malformed> {
        let depth = depth.checked_sub(1).ok_or(Malformed::Depth(self.deepest + 1))?;
        let open = self.open(start, Kind::Array);
        let mut at = self.enter(start, b'[')?;
        while self.peek(at) != Some(b']') {
            at = self.value(at, depth)?;
            at = self.another(at, b']')?;
        }
        self.close(open, at + 1);
        Ok(at + 1)
    }

    /// Goes into an object or array, to its end or to what is first in it.
    #[inline]
    fn enter(&mut self, at: usize, opening: u8) -> Result<usize, Malformed> {
        let at = self.expect(at, opening)?;
        Ok(self.skip_space(at))
    }

    /// From behind a member or item to the end of what it is in, or over the comma to the next: there has to be one.
    #[inline(always)]
    fn another(&mut self, at: usize, closing: u8) -> Result<usize, Malformed> {
        let at = self.skip_space(at);
        match self.peek(at) {
            Some(b',') => {}
            Some(byte) if byte == closing => return Ok(at),
            _ => return Err(Malformed::Syntax(at)),
        }
        let next = self.skip_space(at + 1);
        if self.peek(next) == Some(closing) { Err(Malformed::Syntax(next)) } else { Ok(next) }
    }

    /// Over the colon behind a key.
    #[inline(always)]
    fn colon(&mut self, at: usize) -> Result<usize, Malformed> {
        let at = self.skip_space(at);
        let at = self.expect(at, b':')?;
        Ok(self.skip_space(at))
    }

    #[inline(always)]
    fn string(&mut self, open: usize) -> Result<usize, Malformed> {
        let start = self.expect(open, b'"')?;
        let (mut at, mut kind) = (self.next_stop(start), Kind::Plain);
        loop {
            match self.peek(at) {
                Some(b'"') => break,
                Some(b'\\') => at = self.next_stop_behind_escape(at)?,
                _ => return Err(Malformed::Syntax(at)),
            }
            kind = Kind::Escaped;
        }
        self.note(start, at, kind);
        Ok(at + 1)
    }

    /// The first place from here on that ends plain text; the end of the text where there is none.
    #[inline(always)]
    fn next_stop(&mut self, mut at: usize) -> usize {
        loop {
            let block = at & !(BLOCK - 1);
            if block != self.block {
                self.look_at(block);
            }
            let stops = self.stops & (u64::MAX << (at % BLOCK));
            if stops != 0 {
                return block + stops.trailing_zeros() as usize;
            }
            at = block + BLOCK;
        }
    }

    fn look_at(&mut self, block: usize) {
        self.block = block;
        self.stops = match self.text.get(block..).and_then(|rest| rest.first_chunk::<BLOCK>()) {
            Some(bytes) => string_stops(bytes),
            None => self.last_stops(block),
        };
    }

    /// In the last block, as if control characters followed behind the end of the text.
    #[cold]
    fn last_stops(&self, block: usize) -> u64 {
        let rest = self.text.get(block..).unwrap_or_default();
        let mut bytes = [0; BLOCK];
        bytes[..rest.len()].copy_from_slice(rest);
        string_stops(&bytes)
    }

    #[cold]
    fn next_stop_behind_escape(&mut self, at: usize) -> Result<usize, Malformed> {
        let length = match &self.text[at + 1..] {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 1,
            [b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) => 5,
            _ => return Err(Malformed::Syntax(at)),
        };
        Ok(self.next_stop(at + 1 + length))
    }

    fn word(&mut self, at: usize, word: &[u8]) -> Result<usize, Malformed> {
        if !self.text[at..].starts_with(word) {
            return Err(Malformed::Syntax(at));
        }
        self.note(at, at + word.len(), Kind::Scalar);
        Ok(at + word.len())
    }

    fn number(&mut self, start: usize) -> Result<usize, Malformed> {
        let mut at = start + usize::from(self.peek(start) == Some(b'-'));
        at = if self.peek(at) == Some(b'0') { at + 1 } else { self.digits(at)? };
        if self.peek(at) == Some(b'.') {
            at = self.digits(at + 1)?;
        }
        if matches!(self.peek(at), Some(b'e' | b'E')) {
            at += 1;
            at += usize::from(matches!(self.peek(at), Some(b'+' | b'-')));
            at = self.digits(at)?;
        }
        self.note(start, at, Kind::Scalar);
        Ok(at)
    }

    fn digits(&self, start: usize) -> Result<usize, Malformed> {
        let mut at = start;
        while matches!(self.peek(at), Some(b'0'..=b'9')) {
            at += 1;
        }
        if at == start { Err(Malformed::Syntax(start)) } else { Ok(at) }
    }

    #[inline(always)]
    fn peek(&self, at: usize) -> Option<u8> {
        self.text.get(at).copied()
    }

    #[inline(always)]
    fn expect(&self, at: usize, byte: u8) -> Result<usize, Malformed> {
        if self.peek(at) == Some(byte) { Ok(at + 1) } else { Err(Malformed::Syntax(at)) }
    }

    #[inline(always)]
    fn skip_space(&mut self, at: usize) -> usize {
        if self.peek(at).is_some_and(|byte| byte <= b' ') { self.skip_spaces(at) } else { at }
    }

    fn skip_spaces(&mut self, mut at: usize) -> usize {
        while matches!(self.peek(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.doubtful |= self.text[at..].starts_with(b"\n{");
            at += 1;
        }
        at
    }

    #[inline(always)]
    fn note(&mut self, start: usize, end: usize, kind: Kind) {
        let next = place(self.notes.len() + 1);
        self.notes.push(Note { start: place(start), end: place(end), next, kind });
    }

    /// Notes an object or array that begins here.
    fn open(&mut self, start: usize, kind: Kind) -> usize {
        self.note(start, start, kind);
        self.notes.len() - 1
    }

    /// Notes that it ends before `end`, with all behind it in the tape.
    fn close(&mut self, open: usize, end: usize) {
        let next = place(self.notes.len());
        let note = &mut self.notes[open];
        (note.end, note.next) = (place(end), next);
    }
}

/// A place in the text or the tape, as a note holds it: there are never more notes than bytes.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "no text is longer than LONGEST")]
fn place(at: usize) -> u32 {
    at as u32
}

#[cfg(test)]
mod tests;
