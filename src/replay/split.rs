//! The bytes of a file → pieces that can be decoded one by one, in bounded memory.
//!
//! A file of up to a limit is one piece, taken apart by `decode` as any message is. A larger one is cut: where its
//! first line is a whole object, at each newline; otherwise into the values that follow one another, or into the
//! elements of its outermost list or of `{"Records":[…]}`. A piece never exceeds the limit: what does is handed out
//! cut off, and cutting goes on where a value begins as the first one did.

use std::io::{ErrorKind, Read};

use super::open::Unpacked;
use super::scan::{Found, Scan};

/// Bytes that are read at once where more are needed.
const STEP_BYTES: usize = 256 << 10;
/// Longest beginning by which the next value is found after one that was cut off.
const LONGEST_BEGINNING: usize = 128;

/// Part of a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'b> {
    /// Text with some records, or a part of one. Whether the file cannot be read beyond the bytes read so far.
    Text(&'b [u8], bool),
    /// A line of so many bytes, more than the limit; it was not kept.
    LongLine(usize),
    /// The file ended within a list, after so many bytes.
    Unfinished(usize),
}

/// Where the next piece begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// Nothing was read yet.
    Start,
    /// Between lines.
    Lines,
    /// Between values that follow one another.
    Values,
    /// Within a list, the outermost one or that of an object.
    List { of_object: bool },
    /// Behind the list, within its object.
    Rest,
}

/// Cuts one file.
pub(super) struct Splitter {
    source: Unpacked,
    limit: usize,
    buffer: Vec<u8>,
    /// Where in the buffer the next piece begins.
    start: usize,
    at_end: bool,
    /// Bytes read so far.
    unpacked: usize,
    level: Level,
    /// Whether a value was cut off and its rest is to be passed over.
    lost: bool,
    /// What the first value begins with, up to its first key.
    beginning: Vec<u8>,
    failure: Option<std::io::Error>,
}

impl Splitter {
    /// Cuts `source` into pieces of at most `limit` bytes.
    pub(super) fn new(source: Unpacked, limit: usize) -> Splitter {
        Splitter {
            source,
            limit,
            buffer: Vec::new(),
            start: 0,
            at_end: false,
            unpacked: 0,
            level: Level::Start,
            lost: false,
            beginning: Vec::new(),
            failure: None,
        }
    }

    /// The next piece; none at the end.
    pub(super) fn next(&mut self) -> Option<Piece<'_>> {
        let range = match self.level {
            Level::Start => self.first(),
            Level::Lines => None,
            _ => self.next_value(),
        };
        match range {
            Some(range) => Some(Piece::Text(&self.buffer[range], self.failure.is_some())),
            None if self.level == Level::Lines => self.next_line(),
            None => self.unfinished(),
        }
    }

    /// Why the file could not be read to its end, and whether reading itself failed (else what was read is damaged).
    pub(super) fn failure(&self) -> Option<(&std::io::Error, bool)> {
        self.failure.as_ref().map(|error| (error, self.source.is_broken()))
    }

    /// `gzip` or `zstd`, where the file is one.
    pub(super) fn format(&self) -> Option<&'static str> {
        self.source.format
    }

    /// Tells once that the end came before the list's.
    fn unfinished(&mut self) -> Option<Piece<'_>> {
        let within = matches!(self.level, Level::List { .. } | Level::Rest);
        self.level = Level::Values;
        (within && self.failure.is_none()).then_some(Piece::Unfinished(self.unpacked))
    }

    /// Reads up to the limit: the whole file where it is no larger.
    fn first(&mut self) -> Option<std::ops::Range<usize>> {
        while !self.at_end && self.buffer.len() <= self.limit {
            self.fill();
        }
        if self.at_end && self.buffer.len() <= self.limit {
            self.level = Level::Values;
            self.start = self.buffer.len();
            return Some(0..self.start);
        }
        self.start = if self.buffer.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        self.level = self.layout();
        if self.level == Level::Lines { None } else { self.next_value() }
    }

    /// Lines, where the first one is a whole object or nothing that a value may begin with.
    fn layout(&mut self) -> Level {
        self.skip_space();
        let rest = &self.buffer[self.start..];
        match rest.first() {
            Some(b'[') => Level::Values,
            Some(b'{') => match Scan::watching(true).go(rest) {
                Found::End(end) if end <= self.limit && is_line(rest, end) => Level::Lines,
                _ => Level::Values,
            },
            _ => Level::Lines,
        }
    }

    fn next_line(&mut self) -> Option<Piece<'_>> {
        let mut scanned = 0;
        loop {
            let rest = &self.buffer[self.start..];
            let newline = memchr::memchr(b'\n', &rest[scanned..]).map(|at| scanned + at);
            scanned = rest.len();
            match newline {
                Some(length) if rest[..length].trim_ascii().is_empty() => {
                    self.start += length + 1;
                    scanned = 0;
                }
                Some(length) => return Some(self.line(length, length + 1)),
                None if scanned > self.limit => return Some(Piece::LongLine(self.drop_line())),
                None if !self.at_end => self.fill(),
                None if rest.trim_ascii().is_empty() => return None,
                None => return Some(self.line(scanned, scanned)),
            }
        }
    }

    fn line(&mut self, length: usize, taken: usize) -> Piece<'_> {
        let start = self.start;
        self.start += taken;
        if length > self.limit {
            return Piece::LongLine(length);
        }
        Piece::Text(&self.buffer[start..start + length], self.failure.is_some())
    }

    /// Passes over a line without keeping it; returns its length.
    fn drop_line(&mut self) -> usize {
        let mut dropped = 0;
        loop {
            if let Some(length) = memchr::memchr(b'\n', &self.buffer[self.start..]) {
                self.start += length + 1;
                return dropped + length;
            }
            dropped += self.buffer.len() - self.start;
            self.start = self.buffer.len();
            if self.at_end {
                return dropped;
            }
            self.fill();
        }
    }

    fn next_value(&mut self) -> Option<std::ops::Range<usize>> {
        if self.lost && !self.find_beginning() {
            return None;
        }
        loop {
            let first = self.first_byte()?;
            match (self.level, first) {
                (Level::Rest, _) => self.skip_rest(),
                (Level::Values, b'[') => self.enter(1, Level::List { of_object: false }),
                (Level::List { of_object: true }, b']') => self.enter(1, Level::Rest),
                (Level::List { of_object: false }, b']') => self.enter(1, Level::Values),
                (Level::List { .. }, b',') => self.start += 1,
                (_, b'{' | b'[') => match self.value() {
                    Some(range) => return Some(range),
                    None => continue,
                },
                _ => return Some(self.stray()),
            }
        }
    }

    fn enter(&mut self, taken: usize, level: Level) {
        self.start += taken;
        self.level = level;
    }

    /// The extent of the value that begins here; none where it is an object with a list to be gone into.
    fn value(&mut self) -> Option<std::ops::Range<usize>> {
        let mut scan = Scan::watching(self.level == Level::Values);
        loop {
            let rest = &self.buffer[self.start..];
            let found = scan.go(rest);
            match found {
                Found::End(end) => {
                    self.learn();
                    self.start += end;
                    return Some(self.start - end..self.start);
                }
                Found::List(at) => {
                    self.enter(at, Level::List { of_object: true });
                    return None;
                }
                Found::More if self.at_end || rest.len() > self.limit => {
                    self.lost = !self.at_end;
                    // The cut value itself tells that the end came too early.
                    self.level = if self.at_end { Level::Values } else { self.level };
                    self.learn();
                    let start = std::mem::replace(&mut self.start, self.buffer.len());
                    return Some(start..self.start);
                }
                Found::More => self.fill(),
            }
        }
    }

    /// Passes over what follows the list within its object.
    fn skip_rest(&mut self) {
        let mut scan = Scan::within_object();
        loop {
            match scan.go(&self.buffer[self.start..]) {
                Found::End(end) => return self.enter(end, Level::Values),
                _ => {
                    self.start = self.buffer.len();
                    scan.give_up_text();
                    if self.at_end {
                        return;
                    }
                    self.fill();
                }
            }
        }
    }

    /// Something that is neither object nor list, up to where the next value can begin.
    fn stray(&mut self) -> std::ops::Range<usize> {
        let in_list = matches!(self.level, Level::List { .. });
        let mut length = 0;
        loop {
            let rest = &self.buffer[self.start..];
            let ends = |byte: &u8| *byte == b'\n' || (in_list && matches!(byte, b',' | b']'));
            let end = rest[length..].iter().position(ends);
            length = end.map_or(rest.len(), |end| length + end);
            if end.is_some() || self.at_end || length > self.limit {
                self.start += length;
                return self.start - length..self.start;
            }
            self.fill();
        }
    }

    /// Keeps what the first value begins with.
    fn learn(&mut self) {
        if !self.beginning.is_empty() {
            return;
        }
        let rest = &self.buffer[self.start..];
        let mut quotes = memchr::memchr_iter(b'"', &rest[..rest.len().min(LONGEST_BEGINNING)]);
        if let (Some(_), Some(end)) = (quotes.next(), quotes.next()) {
            self.beginning = rest[..=end].to_vec();
        }
    }

    /// Goes on to where a value begins as the first one did.
    fn find_beginning(&mut self) -> bool {
        self.lost = false;
        loop {
            let rest = &self.buffer[self.start..];
            if self.beginning.is_empty() {
                self.start = self.buffer.len();
            } else if let Some(at) = memchr::memmem::find(rest, &self.beginning) {
                self.start += at;
                return true;
            } else {
                self.start += rest.len().saturating_sub(self.beginning.len());
            }
            if self.at_end {
                return false;
            }
            self.fill();
        }
    }

    /// The first byte that is no space; it is not taken.
    fn first_byte(&mut self) -> Option<u8> {
        loop {
            self.skip_space();
            match self.buffer.get(self.start) {
                Some(byte) => return Some(*byte),
                None if self.at_end => return None,
                None => self.fill(),
            }
        }
    }

    fn skip_space(&mut self) {
        let rest = &self.buffer[self.start..];
        self.start += rest.len() - rest.trim_ascii_start().len();
    }

    /// Reads some more; what was handed out is given up.
    fn fill(&mut self) {
        self.buffer.drain(..self.start);
        self.start = 0;
        let length = self.buffer.len();
        self.buffer.resize(length + STEP_BYTES, 0);
        let read = loop {
            match self.source.read(&mut self.buffer[length..]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                result => break result,
            }
        };
        let bytes = *read.as_ref().unwrap_or(&0);
        self.buffer.truncate(length + bytes);
        self.at_end = bytes == 0;
        self.unpacked += bytes;
        self.failure = read.err();
    }
}

/// Whether the object that ends at `end` is all of its line.
fn is_line(text: &[u8], end: usize) -> bool {
    let behind = text[end..].iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r'));
    !text[..end].contains(&b'\n') && behind.is_none_or(|byte| *byte == b'\n')
}

#[cfg(test)]
mod tests;
