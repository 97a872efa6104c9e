//! Finds the members of an object that a decoder asks for, all in one pass, and reads those without which a record says nothing.
//!
//! In: names, put into a hash table at compile time, and an object. Out: for each name, in the order in which they were given, the
//! value of its member. What the values mean, the decoders know.

use super::json::Value;
use super::{DecodeError, Delivery, time};
use crate::config::DecodeConfig;
use crate::event::{Text, Timestamp};

/// Places of a table: a power of two, several times as many as any decoder has names, so that most other keys meet a free place.
const PLACES: usize = 512;

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
    /// The ends of each.
    ends: [Ends; N],
    /// By hash: a name's number plus one; 0 where the place is free.
    places: [u8; PLACES],
}

impl<const N: usize> Names<N> {
    /// These names, each once.
    #[expect(clippy::cast_possible_truncation, reason = "there are fewer names than places")]
    pub const fn new(names: [&'static str; N]) -> Names<N> {
        assert!(N < PLACES / 2);
        let (mut places, mut ends) = ([0; PLACES], [(0, 0); N]);
        let mut at = 0;
        while at < N {
            ends[at] = ends_of(names[at].as_bytes());
            let mut place = hash(names[at].as_bytes()) % PLACES;
            while places[place] != 0 {
                place = (place + 1) % PLACES;
            }
            places[place] = at as u8 + 1;
            at += 1;
        }
        Names { names, ends, places }
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
    #[inline(always)]
    pub fn find(&self, key: &[u8]) -> Option<usize> {
        let ends = ends_of(key);
        let mut place = hash_of(ends, key.len()) % PLACES;
        loop {
            let name = usize::from(self.places[place]).checked_sub(1)?;
            if self.ends[name] == ends && is_between(key, self.names[name].as_bytes()) {
                return Some(name);
            }
            place = (place + 1) % PLACES;
        }
    }
}

/// The first and the last eight bytes of a key, or as many as there are: with its length all of one that is no longer than both.
type Ends = (u64, u64);

#[inline(always)]
const fn ends_of(key: &[u8]) -> Ends {
    if let (Some(front), Some(back)) = (key.first_chunk::<8>(), key.last_chunk::<8>()) {
        return (u64::from_le_bytes(*front), u64::from_le_bytes(*back));
    }
    match (key.first_chunk::<4>(), key.last_chunk::<4>()) {
        (Some(front), Some(back)) => (u32::from_le_bytes(*front) as u64, u32::from_le_bytes(*back) as u64),
        _ => match *key {
            [one] => (one as u64, 0),
            [one, two] => (one as u64, two as u64),
            [one, two, three] => (one as u64, (two as u64) << 8 | three as u64),
            _ => (0, 0),
        },
    }
}

/// A key's hash, of its length and its ends: the middle of a product, whose bits depend on the most of its factors'.
#[inline]
pub(super) const fn hash(key: &[u8]) -> usize {
    hash_of(ends_of(key), key.len())
}

#[inline(always)]
const fn hash_of((front, back): Ends, length: usize) -> usize {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    ((front ^ back.rotate_left(29) ^ length as u64).wrapping_mul(ODD) >> 40) as usize
}

/// Whether a key is a name: by their ends, as most are short, and what is between.
#[inline]
pub(super) fn is_name(key: &[u8], name: &[u8]) -> bool {
    ends_of(key) == ends_of(name) && is_between(key, name)
}

/// Whether a key that ends as a name does, in front and behind, is that name.
#[inline(always)]
fn is_between(key: &[u8], name: &[u8]) -> bool {
    let between = || key.as_chunks::<8>().0.iter().eq(name.as_chunks::<8>().0);
    key.len() == name.len() && (key.len() <= 16 || between())
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
