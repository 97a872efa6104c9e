//! Reads one JSON object strictly, once, and notes where its values lie.
//!
//! In: text that begins with an object. Out: a [`Tape`] of notes, one for each key and value in the order in which they
//! stand, and how much of the text the object takes; or the first place that is no JSON. The notes say nothing that
//! the text does not say: no number is converted, no text copied. Memory for them is used again.

use std::ops::Range;

use super::block::{BLOCK, string_stops};
use super::token::{escape_end, scalar_end, spaces};
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Kind {
    #[default]
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
#[derive(Debug, Clone, Copy, Default)]
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

/// Notes for which there is room at first.
const FIRST_NOTES: usize = 256;

/// Notes on one object, and memory for them that is used again.
#[derive(Debug, Default)]
pub(in crate::decode) struct Tape {
    /// The notes, and behind them room for others: in a list that may grow at each note, that note would cost twice.
    notes: Vec<Note>,
    /// How many there are.
    count: usize,
}

impl Tape {
    /// With room for the notes on an object of so many bytes, as most records are written.
    pub fn with_room(bytes: usize) -> Tape {
        Tape { notes: vec![Note::default(); bytes.min(KEPT_NOTES) / 10], count: 0 }
    }

    /// Reads the object that `text` begins with; objects and arrays may lie up to `max_depth` deep. `meets` is told
    /// each of the object's own keys, and the place of its value among the notes, and says whether to stop there.
    ///
    /// # Errors
    /// Where there is no JSON, or it lies too deep. That the bytes are UTF-8 is not looked at here, but in [`Tape::document`].
    pub fn read(
        &mut self,
        text: &[u8],
        max_depth: usize,
        mut meets: impl FnMut(&[u8], u32) -> bool,
    ) -> Result<Extent, Malformed> {
        self.notes.truncate(KEPT_NOTES);
        self.notes.shrink_to(KEPT_NOTES);
        let text = &text[..text.len().min(LONGEST)];
        let deepest = max_depth.min(DEEPEST);
        let (notes, count) = (std::mem::take(&mut self.notes), 0);
        let (block, stops) = (usize::MAX, 0);
        let (depth, innermost, in_object, doubtful) = (0, 0, false, false);
        let mut scan = Scan { text, notes, count, deepest, block, stops, depth, innermost, in_object, doubtful };
        let read = scan.record(&mut meets);
        (self.notes, self.count) = (scan.notes, scan.count);
        match read {
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
        Ok(Document { notes: &self.notes[..self.count], text })
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
    notes: Vec<Note>,
    count: usize,
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
    fn record(&mut self, meets: &mut impl FnMut(&[u8], u32) -> bool) -> Result<usize, End> {
        let (mut at, mut byte) = self.token(0);
        if byte != b'{' {
            return Err(Malformed::Syntax(at).into());
        }
        let mut before_key = false;
        loop {
            if before_key {
                at = self.key(at, byte, meets)?;
                (at, byte) = self.token(at);
            }
            match byte {
                b'"' => at = self.string(at + 1)?.0,
                b'{' => {
                    self.open(at, Kind::Object)?;
                    (at, byte) = self.token(at + 1);
                    before_key = byte != b'}';
                    if before_key {
                        continue;
                    }
                }
                b'[' => {
                    self.open(at, Kind::Array)?;
                    (at, byte) = self.token(at + 1);
                    before_key = false;
                    if byte != b']' {
                        continue;
                    }
                }
                _ => at = self.scalar(at)?,
            }
            (at, byte) = self.token(at);
            while byte != b',' {
                let behind = self.close(at, byte)?;
                if self.depth == 0 {
                    return Ok(behind);
                }
                (at, byte) = self.token(behind);
            }
            (at, byte) = self.token(at + 1);
            before_key = self.in_object;
        }
    }

    /// The key that begins with this byte, and its colon.
    #[inline(always)]
    fn key(&mut self, at: usize, byte: u8, meets: &mut impl FnMut(&[u8], u32) -> bool) -> Result<usize, End> {
        if byte != b'"' {
            return Err(Malformed::Syntax(at).into());
        }
        let (behind, kind) = self.string(at + 1)?;
        if self.depth == 1 {
            let value = place(self.count);
            let stops = match kind {
                Kind::Plain => meets(&self.text[at + 1..behind - 1], value),
                _ => meets(unescaped(self.text, at..behind)?.as_bytes(), value),
            };
            if stops {
                return Err(End::Left);
            }
        }
        let (colon, byte) = self.token(behind);
        if byte != b':' {
            return Err(Malformed::Syntax(colon).into());
        }
        Ok(colon + 1)
    }

    /// Into an object or array.
    #[inline(always)]
    fn open(&mut self, at: usize, kind: Kind) -> Result<(), Malformed> {
        if self.depth >= self.deepest.max(1) {
            return Err(Malformed::Depth(self.deepest + 1));
        }
        let around = place(self.innermost);
        self.innermost = self.count;
        self.push(Note { start: place(at), end: 0, next: around, kind });
        self.depth += 1;
        self.in_object = kind == Kind::Object;
        Ok(())
    }

    /// Over this byte, the end of the innermost object or array, with all behind it in the tape.
    #[inline(always)]
    fn close(&mut self, at: usize, byte: u8) -> Result<usize, Malformed> {
        if byte != if self.in_object { b'}' } else { b']' } {
            return Err(Malformed::Syntax(at));
        }
        let next = place(self.count);
        let note = &mut self.notes[self.innermost];
        let around = note.next as usize;
        (note.end, note.next) = (place(at + 1), next);
        self.innermost = around;
        self.in_object = self.notes[around].kind == Kind::Object;
        self.depth -= 1;
        Ok(at + 1)
    }

    /// A string behind its quotation mark.
    #[inline(always)]
    fn string(&mut self, start: usize) -> Result<(usize, Kind), Malformed> {
        let (mut at, mut kind) = (self.next_stop(start), Kind::Plain);
        while self.peek(at) != Some(b'"') {
            at = self.next_stop(escape_end(self.text, at)?);
            kind = Kind::Escaped;
        }
        self.note(start, at, kind);
        Ok((at + 1, kind))
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

    /// The first place from here on where no space is, and what stands there; 0, which stands nowhere in JSON, at the end.
    #[inline(always)]
    fn token(&mut self, at: usize) -> (usize, u8) {
        match self.peek(at) {
            Some(byte) if byte > b' ' => (at, byte),
            None => (at, 0),
            _ => {
                let (end, doubtful) = spaces(self.text, at);
                self.doubtful |= doubtful;
                (end, self.peek(end).unwrap_or(0))
            }
        }
    }

    #[inline(always)]
    fn note(&mut self, start: usize, end: usize, kind: Kind) {
        let next = place(self.count + 1);
        self.push(Note { start: place(start), end: place(end), next, kind });
    }

    /// Adds a note where there is room for it, member by member: the processor waits for what is written together and read at
    /// once.
    #[inline(always)]
    fn push(&mut self, Note { start, end, next, kind }: Note) {
        if self.count >= self.notes.len() {
            self.notes = with_more_room(std::mem::take(&mut self.notes));
        }
        if let Some(room) = self.notes.get_mut(self.count) {
            (room.start, room.end, room.next, room.kind) = (start, end, next, kind);
        }
        self.count += 1;
    }
}

#[cold]
#[inline(never)]
fn with_more_room(mut notes: Vec<Note>) -> Vec<Note> {
    notes.resize((2 * notes.len()).max(FIRST_NOTES), Note::default());
    notes
}

/// A key with escapes, as it stands with its quotation marks.
#[cold]
fn unescaped(text: &[u8], quoted: Range<usize>) -> Result<String, Malformed> {
    super::value::text_of(&text[quoted.clone()]).ok_or(Malformed::Syntax(quoted.start))
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

/// A place in the text or the tape, as a note holds it: there are never more notes than bytes.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "no text is longer than LONGEST")]
pub(super) fn place(at: usize) -> u32 {
    at as u32
}

#[cfg(test)]
mod tests;
