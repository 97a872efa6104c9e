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
        Scan { text, at: 0, block: usize::MAX, stops: 0, notes, deepest, doubtful: false }.record(leaves)
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

/// A place in a text, and the notes so far.
struct Scan<'s> {
    text: &'s [u8],
    at: usize,
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
        self.skip_space();
        let open = self.open(Kind::Object);
        let mut more = self.enter(b'{', b'}')?;
        while more {
            let start = self.at;
            self.key()?;
            let key = self.notes[self.notes.len() - 1];
            if key.kind == Kind::Escaped && super::value::text_of(&self.text[start..=key.end as usize]).is_none() {
                return Err(Malformed::Syntax(start));
            }
            if leaves(&self.text[key.start as usize..key.end as usize]) {
                return Ok(Extent::Left);
            }
            self.value(self.deepest.saturating_sub(1))?;
            more = self.another(b'}')?;
        }
        self.close(open);
        Ok(if self.doubtful { Extent::Doubtful(self.at) } else { Extent::Whole(self.at) })
    }

    fn value(&mut self, depth: usize) -> Result<(), Malformed> {
        match self.peek() {
            Some(b'"') => self.string(),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b't') => self.word(b"true"),
            Some(b'f') => self.word(b"false"),
            Some(b'n') => self.word(b"null"),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: usize) -> Result<(), Malformed> {
        let depth = depth.checked_sub(1).ok_or(Malformed::Depth(self.deepest + 1))?;
        let open = self.open(Kind::Object);
        let mut more = self.enter(b'{', b'}')?;
        while more {
            self.key()?;
            self.value(depth)?;
            more = self.another(b'}')?;
        }
        self.close(open);
        Ok(())
    }

    fn array(&mut self, depth: usize) -> Result<(), Malformed> {
        let depth = depth.checked_sub(1).ok_or(Malformed::Depth(self.deepest + 1))?;
        let open = self.open(Kind::Array);
        let mut more = self.enter(b'[', b']')?;
        while more {
            self.value(depth)?;
            more = self.another(b']')?;
        }
        self.close(open);
        Ok(())
    }

    /// Goes into an object or array; whether there is anything in it.
    #[inline]
    fn enter(&mut self, opening: u8, closing: u8) -> Result<bool, Malformed> {
        self.expect(opening)?;
        self.skip_space();
        let empty = self.peek() == Some(closing);
        self.at += usize::from(empty);
        Ok(!empty)
    }

    /// Goes on behind a member or item; whether there is another.
    #[inline]
    fn another(&mut self, closing: u8) -> Result<bool, Malformed> {
        self.skip_space();
        let more = self.peek() == Some(b',');
        if !more && self.peek() != Some(closing) {
            return Err(Malformed::Syntax(self.at));
        }
        self.at += 1;
        if more {
            self.skip_space();
        }
        Ok(more)
    }

    /// A key and the colon behind it.
    #[inline]
    fn key(&mut self) -> Result<(), Malformed> {
        self.string()?;
        self.skip_space();
        self.expect(b':')?;
        self.skip_space();
        Ok(())
    }

    #[inline(always)]
    fn string(&mut self) -> Result<(), Malformed> {
        self.expect(b'"')?;
        let (start, mut kind) = (self.at, Kind::Plain);
        loop {
            self.at = self.next_stop();
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                _ => return Err(Malformed::Syntax(self.at)),
            }
            kind = Kind::Escaped;
        }
        self.note(start, kind);
        self.at += 1;
        Ok(())
    }

    /// The first place from here on that ends plain text; the end of the text where there is none.
    #[inline(always)]
    fn next_stop(&mut self) -> usize {
        let mut from = self.at;
        loop {
            let block = from & !(BLOCK - 1);
            if block != self.block {
                self.block = block;
                self.stops = match self.text.get(block..).and_then(|rest| rest.first_chunk::<BLOCK>()) {
                    Some(bytes) => string_stops(bytes),
                    None => self.last_stops(block),
                };
            }
            let stops = self.stops & (u64::MAX << (from % BLOCK));
            if stops != 0 {
                return block + stops.trailing_zeros() as usize;
            }
            from = block + BLOCK;
        }
    }

    /// In the last block, as if control characters followed behind the end of the text.
    #[cold]
    fn last_stops(&self, block: usize) -> u64 {
        let rest = self.text.get(block..).unwrap_or_default();
        let mut bytes = [0; BLOCK];
        bytes[..rest.len()].copy_from_slice(rest);
        string_stops(&bytes)
    }

    fn escape(&mut self) -> Result<(), Malformed> {
        let length = match &self.text[self.at + 1..] {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 1,
            [b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) => 5,
            _ => return Err(Malformed::Syntax(self.at)),
        };
        self.at += 1 + length;
        Ok(())
    }

    fn word(&mut self, word: &[u8]) -> Result<(), Malformed> {
        if !self.text[self.at..].starts_with(word) {
            return Err(Malformed::Syntax(self.at));
        }
        let start = self.at;
        self.at += word.len();
        self.note(start, Kind::Scalar);
        Ok(())
    }

    fn number(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        self.note(start, Kind::Scalar);
        Ok(())
    }

    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(Malformed::Syntax(start)) } else { Ok(()) }
    }

    #[inline]
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    #[inline]
    fn expect(&mut self, byte: u8) -> Result<(), Malformed> {
        if self.peek() != Some(byte) {
            return Err(Malformed::Syntax(self.at));
        }
        self.at += 1;
        Ok(())
    }

    #[inline]
    fn skip_space(&mut self) {
        if self.peek().is_some_and(|byte| byte <= b' ') {
            self.skip_spaces();
        }
    }

    fn skip_spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.doubtful |= self.text[self.at..].starts_with(b"\n{");
            self.at += 1;
        }
    }

    /// Notes what lies from `start` to here.
    #[inline]
    fn note(&mut self, start: usize, kind: Kind) {
        let next = self.notes.len() + 1;
        self.notes.push(Note { start: place(start), end: place(self.at), next: place(next), kind });
    }

    /// Notes an object or array that begins here.
    #[inline]
    fn open(&mut self, kind: Kind) -> usize {
        self.note(self.at, kind);
        self.notes.len() - 1
    }

    /// Notes that it ends here, with all behind it in the tape.
    #[inline]
    fn close(&mut self, open: usize) {
        let next = place(self.notes.len());
        let note = &mut self.notes[open];
        (note.end, note.next) = (place(self.at), next);
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
