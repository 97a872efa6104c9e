//! JSON read on demand: a record is checked once, from front to back, and only what is asked for is looked into.
//!
//! In come the bytes of one JSON value; out go its members as slices of them. Text without escapes is borrowed. A
//! member whose type is not the expected one answers `None`, so that a later version of a schema harms nothing.
//! What the checked text holds is what `serde_json` accepts (a property test compares the two). Nothing is built, and
//! numbers are not converted.

use crate::event::Text;

/// Why bytes are not the JSON that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Malformed {
    /// Not UTF-8 from this byte on.
    Utf8(usize),
    /// Not JSON from this byte on.
    Syntax(usize),
    /// Objects and arrays lie this deep within each other, which is more than the limit.
    Depth(usize),
}

/// One JSON value that has been checked, or that comes from one that has been.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    /// The value's text where it is a string.
    pub fn text(self) -> Option<Text<'a>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        match memchr::memchr(b'\\', inner.as_bytes()) {
            None => Some(Text::Borrowed(inner)),
            Some(_) => serde_json::from_str(self.0).ok().map(Text::Owned),
        }
    }

    /// The value's text where it is a string with something in it.
    pub fn filled(self) -> Option<Text<'a>> {
        self.text().filter(|text| !text.is_empty())
    }

    /// The value's text where it is a string with something in it, or its digits where it is a number: accounts are
    /// written both ways.
    pub fn text_or_digits(self) -> Option<Text<'a>> {
        match self.0.as_bytes() {
            [b'0'..=b'9', ..] => Some(Text::Borrowed(self.0)),
            _ => self.filled(),
        }
    }

    /// Its truth where it is `true`, `false`, or one of these as text.
    pub fn truth(self) -> Option<bool> {
        match self.0 {
            "true" | "\"true\"" => Some(true),
            "false" | "\"false\"" => Some(false),
            _ => None,
        }
    }

    /// Whether it is `null`.
    pub fn is_null(self) -> bool {
        self.0 == "null"
    }

    /// Whether it is an object.
    pub fn is_object(self) -> bool {
        self.0.starts_with('{')
    }

    /// Whether it is an array.
    pub fn is_array(self) -> bool {
        self.0.starts_with('[')
    }

    /// Its members where it is an object, else none.
    pub fn members(self) -> impl Iterator<Item = (Text<'a>, Json<'a>)> {
        let mut members = Members::of_checked(self.0);
        std::iter::from_fn(move || members.next_member().ok().flatten())
    }

    /// The last member of this name where it is an object.
    pub fn member(self, name: &str) -> Option<Json<'a>> {
        self.members().filter(|(key, _)| key == name).last().map(|(_, value)| value)
    }

    /// Its items where it is an array, else none.
    pub fn items(self) -> impl Iterator<Item = Json<'a>> {
        let mut cursor = Cursor { text: self.0, at: 0 };
        let mut open = self.is_array();
        let mut first = true;
        std::iter::from_fn(move || {
            if !open {
                return None;
            }
            let item =
                cursor.next_in(b'[', b']', &mut first).ok().filter(|more| *more).and_then(|_| cursor.value().ok());
            open = item.is_some();
            item
        })
    }
}

/// The members of an object, one after the other; each is checked as it is passed.
pub struct Members<'a> {
    cursor: Cursor<'a>,
    max_depth: usize,
    first: bool,
    open: bool,
}

/// No checked text lies deeper than this, whatever the limit in the configuration: the depth is a recursion of ours.
const DEEPEST: usize = 512;

impl<'a> Members<'a> {
    /// The members of `record`, which must be one object; objects and arrays may lie up to `max_depth` deep.
    ///
    /// # Errors
    /// Where it is not UTF-8 or does not begin with an object.
    pub fn of(record: &'a [u8], max_depth: usize) -> Result<Members<'a>, Malformed> {
        let text = std::str::from_utf8(record).map_err(|error| Malformed::Utf8(error.valid_up_to()))?;
        let mut cursor = Cursor { text, at: 0 };
        cursor.skip_space();
        match cursor.peek() {
            Some(b'{') => Ok(Members { cursor, max_depth: max_depth.min(DEEPEST), first: true, open: true }),
            _ => Err(Malformed::Syntax(cursor.at)),
        }
    }

    fn of_checked(text: &'a str) -> Members<'a> {
        let open = text.starts_with('{');
        Members { cursor: Cursor { text, at: 0 }, max_depth: DEEPEST, first: true, open }
    }

    /// The next member, none at the end of the object.
    ///
    /// # Errors
    /// Where what follows is not JSON, or lies too deep.
    pub fn next_member(&mut self) -> Result<Option<(Text<'a>, Json<'a>)>, Malformed> {
        if !self.open {
            return Ok(None);
        }
        self.open = self.cursor.next_in(b'{', b'}', &mut self.first)?;
        if !self.open {
            return Ok(None);
        }
        let at = self.cursor.at;
        let key = self.cursor.key()?.text().ok_or(Malformed::Syntax(at))?;
        let value = self.cursor.deep_value(self.max_depth.saturating_sub(1)).map_err(|malformed| match malformed {
            Malformed::Depth(_) => Malformed::Depth(self.max_depth + 1),
            other => other,
        })?;
        Ok(Some((key, value)))
    }

    /// Checks that nothing but space follows the object.
    ///
    /// # Errors
    /// Where something follows.
    pub fn finish(mut self) -> Result<(), Malformed> {
        self.cursor.skip_space();
        if self.cursor.at == self.cursor.text.len() { Ok(()) } else { Err(Malformed::Syntax(self.cursor.at)) }
    }
}

/// A place in a text.
struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Malformed> {
        if self.peek() != Some(byte) {
            return Err(Malformed::Syntax(self.at));
        }
        self.at += 1;
        Ok(())
    }

    /// Goes to the next element of an object or array, over its opening bracket or a comma; false past its end.
    fn next_in(&mut self, opening: u8, closing: u8, first: &mut bool) -> Result<bool, Malformed> {
        if *first {
            self.expect(opening)?;
        }
        self.skip_space();
        if self.peek() == Some(closing) {
            self.at += 1;
            return Ok(false);
        }
        if !*first {
            self.expect(b',')?;
            self.skip_space();
        }
        *first = false;
        Ok(true)
    }

    /// An object's key and the colon after it.
    fn key(&mut self) -> Result<Json<'a>, Malformed> {
        let start = self.at;
        self.skip_string()?;
        let key = Json(&self.text[start..self.at]);
        self.skip_space();
        self.expect(b':')?;
        Ok(key)
    }

    fn value(&mut self) -> Result<Json<'a>, Malformed> {
        self.deep_value(DEEPEST)
    }

    fn deep_value(&mut self, depth: usize) -> Result<Json<'a>, Malformed> {
        self.skip_space();
        let start = self.at;
        self.skip_value(depth)?;
        Ok(Json(&self.text[start..self.at]))
    }

    fn skip_value(&mut self, depth: usize) -> Result<(), Malformed> {
        match self.peek() {
            Some(b'"') => self.skip_string(),
            Some(b'{') => self.skip_nested(b'{', b'}', depth),
            Some(b'[') => self.skip_nested(b'[', b']', depth),
            Some(b't') => self.skip_word("true"),
            Some(b'f') => self.skip_word("false"),
            Some(b'n') => self.skip_word("null"),
            _ => self.skip_number(),
        }
    }

    fn skip_nested(&mut self, opening: u8, closing: u8, depth: usize) -> Result<(), Malformed> {
        let depth = depth.checked_sub(1).ok_or(Malformed::Depth(0))?;
        let mut first = true;
        while self.next_in(opening, closing, &mut first)? {
            if opening == b'{' {
                self.key()?;
                self.skip_space();
            }
            self.skip_value(depth)?;
        }
        Ok(())
    }

    fn skip_word(&mut self, word: &str) -> Result<(), Malformed> {
        if !self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
            return Err(Malformed::Syntax(self.at));
        }
        self.at += word.len();
        Ok(())
    }

    fn skip_number(&mut self) -> Result<(), Malformed> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.skip_digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.skip_digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.skip_digits()?;
        }
        Ok(())
    }

    fn skip_digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err(Malformed::Syntax(start)) } else { Ok(()) }
    }

    fn skip_string(&mut self) -> Result<(), Malformed> {
        self.expect(b'"')?;
        loop {
            self.at += plain_bytes(&self.text.as_bytes()[self.at..]);
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.skip_escape()?,
                _ => return Err(Malformed::Syntax(self.at)),
            }
        }
    }

    fn skip_escape(&mut self) -> Result<(), Malformed> {
        let rest = &self.text.as_bytes()[self.at + 1..];
        let length = match rest {
            [b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => 1,
            [b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) => 5,
            _ => return Err(Malformed::Syntax(self.at)),
        };
        self.at += 1 + length;
        Ok(())
    }
}

/// How many bytes from the front are neither a quote, a backslash nor a control character; eight at a time ("bit
/// twiddling hacks", Anderson: `hasless`, `hasvalue`).
fn plain_bytes(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let zero_in = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let mut at = 0;
    while let Some(chunk) = bytes[at..].first_chunk::<8>() {
        let word = u64::from_le_bytes(*chunk);
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGH;
        let stops = zero_in(word ^ (ONES * u64::from(b'"'))) | zero_in(word ^ (ONES * u64::from(b'\\'))) | control;
        if stops != 0 {
            return at + (stops.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    at + bytes[at..].iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count()
}

#[cfg(test)]
mod tests;
