//! Finds where values end in JSON text, without reading what they say.
//!
//! In: bytes and a place in them. Out: where the value ends and how deeply it is nested, or the [`Fault`] that hides its
//! end. Only what is needed to cut records apart is checked; the grammar within a record is the business of who
//! reads it. Nothing recurses and nothing is copied, so that hostile nesting and size cost their length and no more.
//!
//! One rule goes beyond JSON: a line that begins with `{` while a value is still open is taken for the next record of a
//! file with one record a line, and the open value for a damaged one. Indented JSON never has such a line.

use super::super::{DecodeError, quote};

/// What hides the end of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::decode) enum Fault {
    /// The text ends first.
    End,
    /// Behind the newline at this place a new record begins.
    NextRecord(usize),
    /// The byte at `at` does not fit.
    Syntax {
        /// Its place in the text.
        at: usize,
        /// What would be right there.
        expected: &'static str,
    },
}

/// The extent of a value that begins at a place known to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::decode) struct Span {
    /// The first byte behind it.
    pub end: usize,
    /// Objects and arrays around its innermost value; 0 for a string or a number.
    pub depth: usize,
}

/// A member of an object, or its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::decode) enum Member<'t> {
    /// A key as it is written, without quotation marks and not unescaped, and where its value begins.
    Value(&'t [u8], usize),
    /// The object ended before this place.
    Close(usize),
}

/// The first place from `at` on that is no white space.
pub(in crate::decode) fn skip_space(text: &[u8], mut at: usize) -> usize {
    while text.get(at).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')) {
        at += 1;
    }
    at
}

/// The next member of an object: `at` is behind its opening brace (`first`) or behind the last value.
pub(in crate::decode) fn next_member(text: &[u8], at: usize, first: bool) -> Result<Member<'_>, Fault> {
    let mut at = skip_space(text, at);
    match text.get(at) {
        None => return Err(Fault::End),
        Some(b'}') => return Ok(Member::Close(at + 1)),
        Some(b',') if !first => at = skip_space(text, at + 1),
        Some(_) if !first => return Err(Fault::Syntax { at, expected: "`,` or `}`" }),
        Some(_) => {}
    }
    expect(text, at, b'"', "a key in quotation marks")?;
    let key_end = string_end(text, at)?;
    let colon = skip_space(text, key_end);
    expect(text, colon, b':', "`:`")?;
    Ok(Member::Value(&text[at + 1..key_end - 1], skip_space(text, colon + 1)))
}

fn expect(text: &[u8], at: usize, byte: u8, expected: &'static str) -> Result<(), Fault> {
    match text.get(at) {
        None => Err(Fault::End),
        Some(&found) if found == byte => Ok(()),
        Some(_) => Err(Fault::Syntax { at, expected }),
    }
}

/// Where the value that begins at `at` ends.
pub(in crate::decode) fn value_end(text: &[u8], at: usize) -> Result<Span, Fault> {
    match text.get(at) {
        None => Err(Fault::End),
        Some(b'"') => Ok(Span { end: string_end(text, at)?, depth: 0 }),
        Some(b'{') => object_end(text, at),
        Some(b'[') => array_end(text, at),
        Some(b'-' | b'0'..=b'9' | b't' | b'f' | b'n') => Ok(Span { end: scalar_end(text, at), depth: 0 }),
        Some(_) => Err(Fault::Syntax { at, expected: "a value" }),
    }
}

fn scalar_end(text: &[u8], at: usize) -> usize {
    let inside = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.');
    text[at..].iter().position(|byte| !inside(byte)).map_or(text.len(), |length| at + length)
}

/// Where the object that opens at `open` ends: at the brace that balances its own. Brackets are not balanced, so that a
/// damaged list within it does not hide its end.
pub(in crate::decode) fn object_end(text: &[u8], open: usize) -> Result<Span, Fault> {
    let mut nesting = Nesting::default();
    let mut at = open;
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => at = string_end(text, at - 1)?,
            b'{' | b'[' => nesting.open(byte),
            b']' => nesting.brackets = nesting.brackets.saturating_sub(1),
            b'}' if nesting.braces == 1 => return Ok(Span { end: at, depth: nesting.deepest }),
            b'}' => nesting.braces -= 1,
            b'\n' if begins_record(text, at) => return Err(Fault::NextRecord(at - 1)),
            _ => {}
        }
    }
    Err(Fault::End)
}

/// Where the array that opens at `open` ends. A brace that closes more than was opened in it is a fault: the object
/// around the array ends there, and the array's own end is missing.
pub(in crate::decode) fn array_end(text: &[u8], open: usize) -> Result<Span, Fault> {
    let mut nesting = Nesting::default();
    let mut at = open;
    while let Some(&byte) = text.get(at) {
        at += 1;
        match byte {
            b'"' => at = string_end(text, at - 1)?,
            b'{' | b'[' => nesting.open(byte),
            b'}' if nesting.braces == 0 => return Err(Fault::Syntax { at: at - 1, expected: "`,` or `]`" }),
            b'}' => nesting.braces -= 1,
            b']' if nesting.brackets == 1 => return Ok(Span { end: at, depth: nesting.deepest }),
            b']' => nesting.brackets -= 1,
            b'\n' if begins_record(text, at) => return Err(Fault::NextRecord(at - 1)),
            _ => {}
        }
    }
    Err(Fault::End)
}

/// What is open at a place, and how deep it was at most.
#[derive(Default)]
struct Nesting {
    braces: usize,
    brackets: usize,
    deepest: usize,
}

impl Nesting {
    fn open(&mut self, byte: u8) {
        if byte == b'{' {
            self.braces += 1;
        } else {
            self.brackets += 1;
        }
        self.deepest = self.deepest.max(self.braces + self.brackets);
    }
}

/// Where an element of a list that is no object ends: before the next comma or bracket that is not nested in it, or
/// before a line that begins a record. A member of an object (`"key": …`) is what is left of a damaged one: it ends
/// with the brace that closes that.
pub(in crate::decode) fn stray_end(text: &[u8], start: usize) -> usize {
    let is_member = is_member(text, start);
    let (mut at, mut depth) = (start, 0usize);
    while let Some(&byte) = text.get(at) {
        match byte {
            b']' if depth == 0 => return at,
            b',' if depth == 0 && !is_member => return at,
            b'}' if depth == 0 && is_member => return at + 1,
            b'\n' if begins_record(text, at + 1) => return at,
            b'"' => match string_end(text, at) {
                Ok(end) => at = end - 1,
                Err(Fault::NextRecord(line)) => return line,
                Err(_) => return text.len(),
            },
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// Whether a member of an object stands here.
pub(in crate::decode) fn is_member(text: &[u8], at: usize) -> bool {
    matches!(next_member(text, at, true), Ok(Member::Value(..)))
}

/// Where the string that opens at `open` ends, behind its closing quotation mark.
pub(in crate::decode) fn string_end(text: &[u8], open: usize) -> Result<usize, Fault> {
    let mut at = open + 1;
    loop {
        at = next_special(text, at);
        match text.get(at) {
            None => return Err(Fault::End),
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') if text.get(at + 1) != Some(&b'\n') => at += 2,
            Some(b'\n') if begins_record(text, at + 1) => return Err(Fault::NextRecord(at)),
            Some(_) => at += 1,
        }
    }
}

fn begins_record(text: &[u8], line: usize) -> bool {
    text.get(line) == Some(&b'{')
}

/// The first quotation mark, backslash or newline from `at` on; eight bytes at a time, as most strings are short.
fn next_special(text: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let found = bytes_equal(word, b'"') | bytes_equal(word, b'\\') | bytes_equal(word, b'\n');
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = text.get(at..).unwrap_or_default();
    let special = |byte: &u8| matches!(byte, b'"' | b'\\' | b'\n');
    rest.iter().position(special).map_or(text.len(), |length| at + length)
}

/// Sets the high bit of the first byte that equals `byte`, and perhaps of later ones (Warren, Hacker's Delight, 6-1).
fn bytes_equal(word: u64, byte: u8) -> u64 {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let differing = word ^ (LOW * u64::from(byte));
    differing.wrapping_sub(LOW) & !differing & HIGH
}

/// serde_json's words on broken grammar as ours, with the place in bytes.
pub(in crate::decode) fn grammar_error(text: &[u8], error: &serde_json::Error) -> DecodeError {
    if error.is_eof() {
        return DecodeError::Truncated { bytes: text.len() };
    }
    let earlier_lines: usize =
        text.split_inclusive(|byte| *byte == b'\n').take(error.line().max(1) - 1).map(<[u8]>::len).sum();
    let offset = (earlier_lines + error.column().saturating_sub(1)).min(text.len());
    DecodeError::NotJson { offset, expected: "well-formed JSON" }
}

/// What is wrong with what stands where an object should be.
pub(in crate::decode) fn stray(text: &[u8], at: usize) -> DecodeError {
    let rest = &text[at..];
    let found = match rest.first() {
        Some(b'"') if is_member(text, at) => "a piece of an object",
        Some(b'"') => "a string",
        Some(b'0'..=b'9') => "a number",
        Some(b'-') if rest.get(1).is_some_and(u8::is_ascii_digit) => "a number",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        _ if rest.starts_with(b"true") || rest.starts_with(b"false") => "true or false",
        _ if rest.starts_with(b"null") => "null",
        Some(0x80..) => return not_utf8(rest, at),
        _ => return not_json(at),
    };
    DecodeError::NotAnObject { found }
}

fn not_utf8(rest: &[u8], at: usize) -> DecodeError {
    match std::str::from_utf8(rest) {
        Err(error) => DecodeError::NotUtf8 { offset: at + error.valid_up_to() },
        Ok(_) => not_json(at),
    }
}

fn not_json(at: usize) -> DecodeError {
    DecodeError::NotJson { offset: at, expected: "an object or a list of objects" }
}

/// The first keys of an object, for people: quoted and bounded.
pub(in crate::decode) fn first_keys(object: &[u8]) -> String {
    const KEYS: usize = 6;
    let (mut keys, mut at) = (Vec::new(), 1);
    while let Ok(Member::Value(key, value)) = next_member(object, at, keys.is_empty()) {
        if keys.len() == KEYS {
            keys.push("…".to_owned());
            break;
        }
        keys.push(quote(&String::from_utf8_lossy(key)));
        let Ok(span) = value_end(object, value) else { break };
        at = span.end;
    }
    if keys.is_empty() { "none".to_owned() } else { keys.join(", ") }
}

#[cfg(test)]
mod tests;
