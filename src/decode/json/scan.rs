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

/// No text is read deeper than this, whatever the limit in the configuration: who reads the notes may recurse.
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
    /// With room for the notes on an object of so many bytes, as most records are written.
    pub fn with_room(bytes: usize) -> Tape {
        Tape { notes: Vec::with_capacity(bytes.min(KEPT_NOTES) / 10) }
    }

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
        let (block, stops) = (usize::MAX, 0);
        let (depth, innermost, in_object, doubtful) = (0, 0, false, false);
        let mut scan = Scan { text, notes, deepest, block, stops, depth, innermost, in_object, doubtful };
        match scan.record(leaves) {
            Ok(end) if scan.doubtful => Ok(Extent::Doubtful(end)),
            Ok(end) => Ok(Extent::Whole(end)),
            Err(End::Left) => Ok(Extent::Left),
            Err(End::Malformed(malformed)) => Err(malformed),
        }
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

/// Why reading ended before the object did.
enum End {
    Left,
    Malformed(Malformed),
}

impl From<Malformed> for End {
    fn from(malformed: Malformed) -> End {
        End::Malformed(malformed)
    }
}

/// The text, and the notes so far. Its methods take a place in the text, and return the place behind what they read there.
///
/// All of them are in line in one loop, so that what they share lies in registers: that is most of the speed.
struct Scan<'s> {
    text: &'s [u8],
    notes: &'s mut Vec<Note>,
    deepest: usize,
    /// The place of the block that was looked at last, and where strings stop in it.
    block: usize,
    stops: u64,
    /// How many objects and arrays are open, the note on the innermost, and whether it is an object. The note on each of
    /// them holds the one around it in place of `next`.
    depth: usize,
    innermost: usize,
    in_object: bool,
    doubtful: bool,
}

impl Scan<'_> {
    /// The outermost object.
    fn record(&mut self, leaves: impl Fn(&[u8]) -> bool) -> Result<usize, End> {
        let mut at = self.skip_space(0);
        if self.peek(at) != Some(b'{') {
            return Err(Malformed::Syntax(at).into());
        }
        loop {
            match self.peek(at) {
                Some(b'"') => at = self.string(at)?,
                Some(b'{') => {
                    at = self.open(at, Kind::Object)?;
                    if self.peek(at) != Some(b'}') {
                        at = self.key(at, &leaves)?;
                        continue;
                    }
                }
                Some(b'[') => {
                    at = self.open(at, Kind::Array)?;
                    if self.peek(at) != Some(b']') {
                        continue;
                    }
                }
                _ => at = self.scalar(at)?,
            }
            // Most members follow one another with nothing between them.
            if self.in_object && self.text.get(at..at + 2) == Some(b",\"") {
                at = self.key(at + 1, &leaves)?;
                continue;
            }
            at = self.skip_space(at);
            while self.peek(at) != Some(b',') {
                at = self.close(at)?;
                if self.depth == 0 {
                    return Ok(at);
                }
                at = self.skip_space(at);
            }
            at = self.skip_space(at + 1);
            if self.in_object {
                at = self.key(at, &leaves)?;
            }
        }
    }

    /// A key and its colon, to the value.
    #[inline(always)]
    fn key(&mut self, at: usize, leaves: &impl Fn(&[u8]) -> bool) -> Result<usize, End> {
        let behind = self.string(at)?;
        if self.depth == 1 {
            let kind = self.notes[self.notes.len() - 1].kind;
            if kind == Kind::Escaped && super::value::text_of(&self.text[at..behind]).is_none() {
                return Err(Malformed::Syntax(at).into());
            }
            if leaves(&self.text[at + 1..behind - 1]) {
                return Err(End::Left);
            }
        }
        if self.text.get(behind..behind + 2) == Some(b":\"") {
            return Ok(behind + 1);
        }
        let colon = self.skip_space(behind);
        if self.peek(colon) != Some(b':') {
            return Err(Malformed::Syntax(colon).into());
        }
        Ok(self.skip_space(colon + 1))
    }

    /// Into an object or array, to its end or to what is first in it.
    #[inline(always)]
    fn open(&mut self, at: usize, kind: Kind) -> Result<usize, Malformed> {
        if self.depth >= self.deepest.max(1) {
            return Err(Malformed::Depth(self.deepest + 1));
        }
        let around = place(self.innermost);
        self.innermost = self.notes.len();
        self.notes.push(Note { start: place(at), end: 0, next: around, kind });
        self.depth += 1;
        self.in_object = kind == Kind::Object;
        Ok(self.skip_space(at + 1))
    }

    /// Over the end of the innermost object or array, with all behind it in the tape.
    #[inline(always)]
    fn close(&mut self, at: usize) -> Result<usize, Malformed> {
        if self.peek(at) != Some(if self.in_object { b'}' } else { b']' }) {
            return Err(Malformed::Syntax(at));
        }
        let next = place(self.notes.len());
        let note = &mut self.notes[self.innermost];
        let around = note.next as usize;
        (note.end, note.next) = (place(at + 1), next);
        self.innermost = around;
        self.in_object = self.notes[around].kind == Kind::Object;
        self.depth -= 1;
        Ok(at + 1)
    }

    #[inline(always)]
    fn string(&mut self, open: usize) -> Result<usize, Malformed> {
        if self.peek(open) != Some(b'"') {
            return Err(Malformed::Syntax(open));
        }
        let start = open + 1;
        let (mut at, mut kind) = (self.next_stop(start), Kind::Plain);
        while self.peek(at) != Some(b'"') {
            at = self.next_stop(escape_end(self.text, at)?);
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
                (self.block, self.stops) = (block, stops_in(self.text, block));
            }
            let stops = self.stops & (u64::MAX << (at % BLOCK));
            if stops != 0 {
                return block + stops.trailing_zeros() as usize;
            }
            at = block + BLOCK;
        }
    }

    /// A number, `true`, `false` or `null`.
    #[inline(always)]
    fn scalar(&mut self, at: usize) -> Result<usize, Malformed> {
        let end = scalar_end(self.text, at)?;
        self.note(at, end, Kind::Scalar);
        Ok(end)
    }

    #[inline(always)]
    fn peek(&self, at: usize) -> Option<u8> {
        self.text.get(at).copied()
    }

    #[inline(always)]
    fn skip_space(&mut self, at: usize) -> usize {
        if self.peek(at).is_none_or(|byte| byte > b' ') {
            return at;
        }
        let (end, doubtful) = spaces(self.text, at);
        self.doubtful |= doubtful;
        end
    }

    #[inline(always)]
    fn note(&mut self, start: usize, end: usize, kind: Kind) {
        let next = place(self.notes.len() + 1);
        self.notes.push(Note { start: place(start), end: place(end), next, kind });
    }
}

/// Where strings stop in a block; behind the end of the text as if control characters followed.
#[inline(never)]
fn stops_in(text: &[u8], block: usize) -> u64 {
    let rest = text.get(block..).unwrap_or_default();
    match rest.first_chunk::<BLOCK>() {
        Some(bytes) => string_stops(bytes),
        None => {
            let mut bytes = [0; BLOCK];
            bytes[..rest.len()].copy_from_slice(rest);
            string_stops(&bytes)
        }
    }
}

/// Behind the space that begins here, and whether a line in it begins with `{`.
#[inline(never)]
fn spaces(text: &[u8], mut at: usize) -> (usize, bool) {
    let mut doubtful = false;
    while matches!(text.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        doubtful |= text[at..].starts_with(b"\n{");
        at += 1;
    }
    (at, doubtful)
}

/// Behind the escape that stands here.
#[cold]
fn escape_end(text: &[u8], at: usize) -> Result<usize, Malformed> {
    match text.get(at..).unwrap_or_default() {
        [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => Ok(at + 2),
        [b'\\', b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) => Ok(at + 6),
        _ => Err(Malformed::Syntax(at)),
    }
}

#[inline(never)]
fn scalar_end(text: &[u8], at: usize) -> Result<usize, Malformed> {
    match text.get(at..).unwrap_or_default() {
        [b't', b'r', b'u', b'e', ..] | [b'n', b'u', b'l', b'l', ..] => Ok(at + 4),
        [b'f', b'a', b'l', b's', b'e', ..] => Ok(at + 5),
        _ => number_end(text, at),
    }
}

fn number_end(text: &[u8], start: usize) -> Result<usize, Malformed> {
    let peek = |at: usize| text.get(at).copied();
    let mut at = start + usize::from(peek(start) == Some(b'-'));
    at = if peek(at) == Some(b'0') { at + 1 } else { digits_end(text, at)? };
    if peek(at) == Some(b'.') {
        at = digits_end(text, at + 1)?;
    }
    if matches!(peek(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(peek(at), Some(b'+' | b'-')));
        at = digits_end(text, at)?;
    }
    Ok(at)
}

fn digits_end(text: &[u8], start: usize) -> Result<usize, Malformed> {
    let digits = text[start.min(text.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 { Err(Malformed::Syntax(start)) } else { Ok(start + digits) }
}

/// A place in the text or the tape, as a note holds it: there are never more notes than bytes.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "no text is longer than LONGEST")]
pub(super) fn place(at: usize) -> u32 {
    at as u32
}

#[cfg(test)]
mod tests;
