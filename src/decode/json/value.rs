//! A cursor over the notes on one object: what a member says, read where it is asked for and no sooner.
//!
//! In: a [`Tape`](super::Tape) and the text that it was taken from. Out: members, items and text. A member whose type is not
//! the expected one answers `None`, so that a later version of a schema harms nothing.

use std::ops::Range;

use super::scan::{Kind, Note, place};
use crate::event::Text;

/// One object that was read: the notes on it, and its text.
#[derive(Debug, Clone, Copy)]
pub(in crate::decode) struct Document<'t, 'a> {
    pub(super) notes: &'t [Note],
    pub(super) text: &'a str,
}

impl<'t, 'a> Document<'t, 'a> {
    /// The object itself.
    pub fn root(&'t self) -> Value<'t, 'a> {
        Value { document: self, at: 0 }
    }
}

/// One JSON value in an object that was read.
#[derive(Debug, Clone, Copy)]
pub(in crate::decode) struct Value<'t, 'a> {
    document: &'t Document<'t, 'a>,
    at: usize,
}

impl<'t, 'a> Value<'t, 'a> {
    /// Its text where it is a string.
    #[inline]
    pub fn text(self) -> Option<Text<'a>> {
        let note = self.note();
        match note.kind {
            Kind::Plain => Some(Text::Borrowed(self.written())),
            Kind::Escaped => {
                text_of(&self.document.text.as_bytes()[note.start as usize - 1..=note.end as usize]).map(Text::Owned)
            }
            _ => None,
        }
    }

    /// Its text where it is a string with something in it.
    #[inline]
    pub fn filled(self) -> Option<Text<'a>> {
        let note = self.note();
        match note.kind {
            Kind::Plain if note.end > note.start => Some(Text::Borrowed(self.written())),
            Kind::Escaped => self.text().filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    /// Its text where it is a string with something in it, or its digits where it is a number: accounts are written both
    /// ways.
    pub fn text_or_digits(self) -> Option<Text<'a>> {
        let note = self.note();
        match note.kind {
            Kind::Plain => (note.end > note.start).then(|| Text::Borrowed(self.written())),
            Kind::Escaped => self.filled(),
            Kind::Scalar if self.document.text.as_bytes()[note.start as usize].is_ascii_digit() => {
                Some(Text::Borrowed(self.written()))
            }
            _ => None,
        }
    }

    /// Its truth where it is `true`, `false`, or one of these as text.
    pub fn truth(self) -> Option<bool> {
        match (self.note().kind, self.written().as_bytes()) {
            (Kind::Plain | Kind::Scalar, b"true") => Some(true),
            (Kind::Plain | Kind::Scalar, b"false") => Some(false),
            _ => None,
        }
    }

    /// Whether it is `null`.
    #[inline]
    pub fn is_null(self) -> bool {
        self.note().kind == Kind::Scalar && self.document.text.as_bytes()[self.note().start as usize] == b'n'
    }

    /// Whether it is a string.
    pub fn is_text(self) -> bool {
        matches!(self.note().kind, Kind::Plain | Kind::Escaped)
    }

    /// Whether it is a string with something in it.
    pub fn is_filled(self) -> bool {
        self.first_of_text().is_some()
    }

    /// The first byte of its text where it is a string with something in it, an escape as it is written.
    #[inline(always)]
    pub fn first_of_text(self) -> Option<u8> {
        let note = self.note();
        let is_filled = matches!(note.kind, Kind::Plain | Kind::Escaped) && note.end > note.start;
        is_filled.then(|| self.document.text.as_bytes()[note.start as usize])
    }

    /// Whether it is `null`, or text with nothing in it.
    pub fn is_silent(self) -> bool {
        let note = self.note();
        match note.kind {
            Kind::Plain => note.end == note.start,
            Kind::Scalar => self.is_null(),
            _ => false,
        }
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        self.note().kind == Kind::Object
    }

    /// Whether it is an array.
    pub fn is_array(self) -> bool {
        self.note().kind == Kind::Array
    }

    /// Its text where it is a string, with its escapes.
    pub fn escaped_text(self) -> Option<&'a str> {
        matches!(self.note().kind, Kind::Plain | Kind::Escaped).then(|| self.written())
    }

    /// Its members where it is an object, else none. A key that is no text (half a surrogate pair) says nothing.
    #[inline]
    pub fn members(self) -> Members<'t, 'a> {
        let note = self.note();
        let end = if note.kind == Kind::Object { note.next as usize } else { 0 };
        Members { document: self.document, at: self.at + 1, end }
    }

    /// Shows each member where it is an object, its key as bytes, for as long as `visit` asks for more. For those who compare
    /// every key: no text is made of it.
    #[inline(always)]
    pub fn visit(self, mut visit: impl FnMut(&[u8], Value<'t, 'a>) -> bool) {
        let (notes, text) = (self.document.notes, self.document.text.as_bytes());
        let note = self.note();
        let end = if note.kind == Kind::Object { note.next as usize } else { 0 };
        let mut at = self.at + 1;
        while at < end
            && let Some([key, value]) = notes.get(at..).and_then(<[Note]>::first_chunk)
        {
            let unescaped;
            let name = if key.kind == Kind::Plain {
                &text[key.start as usize..key.end as usize]
            } else {
                unescaped = unescaped_key(Value { at, ..self });
                unescaped.as_bytes()
            };
            if !visit(name, Value { at: at + 1, ..self }) {
                return;
            }
            at = value.next as usize;
        }
    }

    /// The last member of this name where it is an object. Decoders ask for many members one by one: keys are compared
    /// where they stand, first by length and first byte.
    pub fn member(self, name: &str) -> Option<Value<'t, 'a>> {
        let (notes, text) = (self.document.notes, self.document.text.as_bytes());
        let note = self.note();
        let end = if note.kind == Kind::Object { note.next as usize } else { 0 };
        let (mut at, mut found) = (self.at + 1, None);
        while at < end {
            let key = notes[at];
            let is_it = match key.kind {
                Kind::Plain => {
                    (key.end - key.start) as usize == name.len()
                        && text.get(key.start as usize) == name.as_bytes().first().or(Some(&b'"'))
                        && &text[key.start as usize..key.end as usize] == name.as_bytes()
                }
                _ => unescaped_key(Value { at, ..self }) == name,
            };
            if is_it {
                found = Some(Value { at: at + 1, ..self });
            }
            at = notes[at + 1].next as usize;
        }
        found
    }

    /// What lies at the end of a path of members, where each is there and none is `null`.
    pub fn at(self, path: &[&str]) -> Option<Value<'t, 'a>> {
        let found = path.iter().try_fold(self, |value, name| value.member(name))?;
        (!found.is_null()).then_some(found)
    }

    /// The text at the end of a path of members, where there is a string with something in it.
    pub fn text_at(self, path: &[&str]) -> Option<Text<'a>> {
        self.at(path)?.filled()
    }

    /// Its value where it is a number, or a number as text.
    pub fn number(self) -> Option<f64> {
        let text = matches!(self.note().kind, Kind::Scalar | Kind::Plain).then(|| self.written())?;
        if let 1..=15 = text.len()
            && let Some(whole) = digits(text.as_bytes())
        {
            return Some(whole);
        }
        // Most texts that are asked are dates, which none is in which a minus follows a digit.
        let is_date = matches!(text.as_bytes(), [_, _, _, b'0'..=b'9', b'-', ..]);
        if is_date { None } else { text.parse().ok() }
    }

    /// Its place among the notes, by which it is found again ([`Value::placed`]); the whole object's is 0.
    pub fn place(self) -> u32 {
        place(self.at)
    }

    /// The value of the same object at a place.
    pub fn placed(self, place: u32) -> Value<'t, 'a> {
        Value { at: place as usize, ..self }
    }

    /// Where it is written in an object around it, where it is a string: with its quotation marks.
    pub fn quoted_in(self, object: Value<'t, 'a>) -> Range<usize> {
        let (note, around) = (self.note(), object.note());
        (note.start - 1 - around.start) as usize..(note.end + 1 - around.start) as usize
    }

    /// As it is written in the record; a string without its quotation marks and with its escapes.
    pub fn as_written(self) -> &'a str {
        self.written()
    }

    /// Its items where it is an array, else none.
    pub fn items(self) -> impl Iterator<Item = Value<'t, 'a>> {
        let note = self.note();
        let end = if note.kind == Kind::Array { note.next as usize } else { 0 };
        let mut at = self.at + 1;
        std::iter::from_fn(move || {
            let item = (at < end).then_some(Value { at, ..self })?;
            at = item.note().next as usize;
            Some(item)
        })
    }

    #[inline]
    fn note(self) -> Note {
        self.document.notes[self.at]
    }

    /// As it is written; a string without its quotation marks.
    #[inline]
    fn written(self) -> &'a str {
        let note = self.note();
        &self.document.text[note.start as usize..note.end as usize]
    }
}

/// The members of an object, one after the other: the key as text, and the value.
pub(in crate::decode) struct Members<'t, 'a> {
    document: &'t Document<'t, 'a>,
    at: usize,
    end: usize,
}

impl<'t, 'a> Iterator for Members<'t, 'a> {
    type Item = (Text<'a>, Value<'t, 'a>);

    #[inline(always)]
    fn next(&mut self) -> Option<(Text<'a>, Value<'t, 'a>)> {
        if self.at >= self.end {
            return None;
        }
        let key = Value { document: self.document, at: self.at };
        let value = Value { document: self.document, at: self.at + 1 };
        self.at = value.note().next as usize;
        let name = if key.note().kind == Kind::Plain { Text::Borrowed(key.written()) } else { unescaped_key(key) };
        Some((name, value))
    }
}

/// A number of up to 15 digits and nothing else, which is exact.
#[expect(clippy::cast_precision_loss, reason = "15 digits are less than 53 bits")]
fn digits(text: &[u8]) -> Option<f64> {
    let add = |number: u64, digit: &u8| digit.is_ascii_digit().then(|| number * 10 + u64::from(digit - b'0'));
    text.iter().try_fold(0, add).map(|number| number as f64)
}

#[cold]
fn unescaped_key<'a>(key: Value<'_, 'a>) -> Text<'a> {
    key.text().unwrap_or_default()
}

/// What a string says, with its quotation marks in front and behind; none where half a surrogate pair stands in it.
pub(super) fn text_of(quoted: &[u8]) -> Option<String> {
    serde_json::from_slice(quoted).ok()
}
