//! Finds the members of an object that a decoder asks for, all in one pass, and reads those without which a record says nothing.
//!
//! In: names, put into a hash table at compile time, and an object. Out: for each name, in the order in which they were given, the
//! value of its member. What the values mean, the decoders know.

use super::json::Value;
use super::{DecodeError, Delivery, time};
use crate::config::DecodeConfig;
use crate::event::{Text, Timestamp};

/// Places of a table: a power of two, several times as many as any decoder has names, so that most other keys meet a free place.
const PLACES: usize = 256;

/// Where a name stands in a list, at compile time; one that is not there does not compile.
pub(super) const fn place_in(names: &[&str], name: &str) -> usize {
    let mut at = 0;
    while !is_same(names[at].as_bytes(), name.as_bytes()) {
        at += 1;
    }
    at
}

/// Whether two texts are the same, at compile time.
pub(super) const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// Names of members.
#[derive(Debug)]
pub(super) struct Names<const N: usize> {
    names: [&'static str; N],
    /// By hash: a name's number plus one; 0 where the place is free.
    places: [u8; PLACES],
}

impl<const N: usize> Names<N> {
    /// These names, each once.
    #[expect(clippy::cast_possible_truncation, reason = "there are fewer names than places")]
    pub const fn new(names: [&'static str; N]) -> Names<N> {
        assert!(N < PLACES / 2);
        let mut places = [0; PLACES];
        let mut at = 0;
        while at < N {
            let mut place = hash(names[at].as_bytes()) % PLACES;
            while places[place] != 0 {
                place = (place + 1) % PLACES;
            }
            places[place] = at as u8 + 1;
            at += 1;
        }
        Names { names, places }
    }

    /// The members of these names: of several of one name the last; none where it is not there, or `null`.
    #[inline(always)]
    pub fn of<'t, 'a>(&self, object: Value<'t, 'a>) -> [Option<Value<'t, 'a>>; N] {
        let mut found = [None; N];
        self.find_in(object, &mut found);
        found
    }

    /// Not in line, and into the caller's array: arrays are returned by a copy.
    #[inline(never)]
    fn find_in<'t, 'a>(&self, object: Value<'t, 'a>, found: &mut [Option<Value<'t, 'a>>; N]) {
        object.visit(|key, value| {
            if let Some(name) = self.find(key) {
                found[name] = (!value.is_null()).then_some(value);
            }
            true
        });
    }

    /// The same for an object that may not be there.
    #[inline(always)]
    pub fn within<'t, 'a>(&self, object: Option<Value<'t, 'a>>) -> [Option<Value<'t, 'a>>; N] {
        let mut found = [None; N];
        if let Some(object) = object {
            self.find_in(object, &mut found);
        }
        found
    }

    /// A name's number.
    #[inline]
    pub fn find(&self, key: &[u8]) -> Option<usize> {
        let mut place = hash(key) % PLACES;
        loop {
            let name = usize::from(self.places[place]).checked_sub(1)?;
            if is_name(key, self.names[name].as_bytes()) {
                return Some(name);
            }
            place = (place + 1) % PLACES;
        }
    }
}

/// A key's hash, of its length and of four bytes each from its front and its end: the middle of a product, whose bits depend on
/// the most of its factors'.
#[inline]
pub(super) const fn hash(key: &[u8]) -> usize {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mixed = match (key.first_chunk::<4>(), key.last_chunk::<4>()) {
        (Some(front), Some(back)) => {
            u32::from_le_bytes(*front) as u64 ^ (u32::from_le_bytes(*back) as u64).rotate_left(29)
        }
        _ => match *key {
            [one] => one as u64,
            [one, two] => (one as u64) << 8 | two as u64,
            [one, two, three] => (one as u64) << 16 | (two as u64) << 8 | three as u64,
            _ => 0,
        },
    };
    ((mixed ^ key.len() as u64).wrapping_mul(ODD) >> 40) as usize
}

/// Whether a key is a name: in line, as most are short, by their first and last bytes and what is between.
#[inline(always)]
pub(super) fn is_name(key: &[u8], name: &[u8]) -> bool {
    if key.len() != name.len() {
        return false;
    }
    match (key.first_chunk::<8>(), name.first_chunk::<8>()) {
        (Some(front), Some(front_of_name)) => {
            let between = || key.as_chunks::<8>().0.iter().eq(name.as_chunks::<8>().0);
            front == front_of_name && key.last_chunk::<8>() == name.last_chunk() && (key.len() <= 16 || between())
        }
        _ => match (key.first_chunk::<4>(), name.first_chunk::<4>()) {
            (Some(front), Some(front_of_name)) => front == front_of_name && key.last_chunk::<4>() == name.last_chunk(),
            _ => key.iter().eq(name),
        },
    }
}

/// The text of a member without which a record says nothing.
///
/// # Errors
/// Where it is absent, empty, or no text.
pub(super) fn required<'a>(value: Option<Value<'_, 'a>>, field: &'static str) -> Result<Text<'a>, DecodeError> {
    let value = value.ok_or(DecodeError::MissingField { field })?;
    let text = value.text().ok_or(DecodeError::WrongType { field, expected: "a string" })?;
    if text.is_empty() { Err(DecodeError::MissingField { field }) } else { Ok(text) }
}

/// The time that a member tells, as a number or as text; `expected` is what would be right.
///
/// # Errors
/// Where it is absent, neither of them, or no time that can be.
pub(super) fn time_of(
    value: Option<Value<'_, '_>>,
    (field, expected): (&'static str, &'static str),
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Result<Timestamp, DecodeError> {
    let value = value.ok_or(DecodeError::MissingField { field })?;
    if let Some(number) = value.number() {
        return time::from_number(number, field, delivery, config);
    }
    let text = value.text().ok_or(DecodeError::WrongType { field, expected })?;
    time::from_text(&text, field, delivery, config)
}

#[cfg(test)]
mod tests {
    use super::super::embedded::Embedded;
    use super::*;

    #[test]
    fn the_last_member_of_a_name_counts() {
        static NAMES: Names<4> = Names::new(["id", "type", "user.name", "gone"]);
        let text = r#"{"id":1,"idx":2,"type":"a","ty":0,"type":"b","user.name":"c","":3,"gone":4,"gone":null}"#;
        let read = Embedded::read(text.to_owned(), 8).expect("JSON");
        let [id, class, name, gone] = NAMES.of(read.document().root()).map(|value| value.map(Value::as_written));
        assert_eq!((id, class, name, gone), (Some("1"), Some("b"), Some("c"), None));
    }
}
