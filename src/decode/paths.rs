//! A document's members by their paths, however they are nested: `{"event": {"action": …}}`, `{"event.action": …}`.
//!
//! In: the paths that are asked for, put into a hash table at compile time, and a document. Out: what lies at each of them, found in
//! one pass over the document; what lies under no path is passed over.

use super::json::Value;
use super::names::{hash, is_name, is_same, place_in};
use crate::event::Text;

/// Items of a list that are looked at.
const MAX_ITEMS: usize = 16;

/// Places of a table: a power of two, some times as many as there are paths and their beginnings.
const PLACES: usize = 512;

/// Bytes of the longest path; what lies deeper is nobody's.
const LONGEST: usize = 80;

/// Paths that are asked for.
pub(super) struct Paths<const N: usize> {
    paths: [&'static str; N],
    /// By hash: a path's number, and how many of its bytes are meant, all or those of a beginning; none where the place is free.
    places: [(u8, u8); PLACES],
}

impl<const N: usize> Paths<N> {
    /// These paths, none of which is the beginning of another.
    pub const fn new(paths: [&'static str; N]) -> Paths<N> {
        assert!(N <= u8::MAX as usize);
        let mut table = Paths { paths, places: [(0, 0); PLACES] };
        let mut at = 0;
        while at < N {
            let (mut end, length) = (1, paths[at].len());
            assert!(length < LONGEST);
            while end <= length {
                if end == length || paths[at].as_bytes()[end] == b'.' {
                    table.add(at, end);
                }
                end += 1;
            }
            at += 1;
        }
        table
    }

    #[expect(clippy::cast_possible_truncation, reason = "there are fewer than 256 paths, none of them as long")]
    const fn add(&mut self, path: usize, length: usize) {
        let name = self.paths[path].split_at(length).0;
        let mut place = hash(name.as_bytes()) % PLACES;
        while self.places[place].1 != 0 {
            if is_same(self.name(self.places[place]).as_bytes(), name.as_bytes()) {
                return;
            }
            place = (place + 1) % PLACES;
        }
        self.places[place] = (path as u8, length as u8);
    }

    const fn name(&self, (path, length): (u8, u8)) -> &'static str {
        self.paths[path as usize].split_at(length as usize).0
    }

    /// What lies at each path: the first that is there and not `null`.
    pub fn of<'t, 'a>(&self, document: Value<'t, 'a>) -> Found<'t, 'a, N> {
        let mut found = [None; N];
        let mut path = [0; LONGEST];
        document.visit(|key, value| {
            if let Some(place) = self.find(key)
                && !self.is_taken(place, value, &mut found)
            {
                path[..key.len()].copy_from_slice(key);
                self.take_within(value, (&mut path, key.len()), &mut found);
            }
            true
        });
        Found(found)
    }

    /// Whether a place is the end of a path, so that the value is taken where none was; else members of the value may be.
    #[inline(always)]
    fn is_taken<'t, 'a>(
        &self,
        (number, meant): (u8, u8),
        value: Value<'t, 'a>,
        found: &mut [Option<Value<'t, 'a>>; N],
    ) -> bool {
        let is_end = usize::from(meant) == self.paths[usize::from(number)].len();
        if is_end && found[usize::from(number)].is_none() && !value.is_null() {
            found[usize::from(number)] = Some(value);
        }
        is_end
    }

    /// Takes what lies under the beginning of a path.
    fn take_within<'t, 'a>(
        &self,
        value: Value<'t, 'a>,
        (path, length): (&mut [u8; LONGEST], usize),
        found: &mut [Option<Value<'t, 'a>>; N],
    ) {
        path[length] = b'.';
        value.visit(|key, value| {
            let end = length + 1 + key.len();
            let Some(room) = path.get_mut(length + 1..end) else { return true };
            room.copy_from_slice(key);
            if let Some(place) = self.find(&path[..end])
                && !self.is_taken(place, value, found)
            {
                self.take_within(value, (path, end), found);
            }
            true
        });
    }

    #[inline]
    fn find(&self, name: &[u8]) -> Option<(u8, u8)> {
        let mut place = hash(name) % PLACES;
        while self.places[place].1 != 0 {
            let (path, length) = self.places[place];
            if is_name(name, &self.paths[usize::from(path)].as_bytes()[..usize::from(length)]) {
                return Some((path, length));
            }
            place = (place + 1) % PLACES;
        }
        None
    }
}

/// The number of a path among those of a table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot(usize);

/// The slot of a path, which is one of these.
pub(super) const fn slot(paths: &[&str], path: &str) -> Slot {
    Slot(place_in(paths, path))
}

/// The slots of paths.
pub(super) const fn slots<const N: usize>(all: &[&str], paths: [&str; N]) -> [Slot; N] {
    let (mut slots, mut at) = ([Slot(0); N], 0);
    while at < N {
        slots[at] = slot(all, paths[at]);
        at += 1;
    }
    slots
}

/// What lies at each path of a table.
#[derive(Debug)]
pub(super) struct Found<'t, 'a, const N: usize>(pub [Option<Value<'t, 'a>>; N]);

impl<'t, 'a, const N: usize> Found<'t, 'a, N> {
    /// What lies at a path.
    pub fn at(&self, Slot(number): Slot) -> Option<Value<'t, 'a>> {
        self.0[number]
    }

    /// The text at a path, where there is a string with something in it.
    pub fn text(&self, slot: Slot) -> Option<Text<'a>> {
        self.at(slot)?.filled()
    }

    /// The first of the texts at these paths.
    pub fn first(&self, slots: &[Slot]) -> Option<Text<'a>> {
        slots.iter().find_map(|slot| self.text(*slot))
    }

    /// The first of the texts or numbers at these paths.
    pub fn first_or_digits(&self, slots: &[Slot]) -> Option<Text<'a>> {
        slots.iter().find_map(|slot| self.at(*slot)?.text_or_digits())
    }

    /// The text or number at a path, or the first of a list of them.
    pub fn single(&self, slot: Slot) -> Option<Text<'a>> {
        let value = self.at(slot)?;
        value.text_or_digits().or_else(|| single(value)?.text_or_digits())
    }

    /// The first of those at these paths.
    pub fn first_single(&self, slots: &[Slot]) -> Option<Text<'a>> {
        slots.iter().find_map(|slot| self.single(*slot))
    }
}

/// A text or a number, or the first of them in a list.
pub(super) fn single<'t, 'a>(value: Value<'t, 'a>) -> Option<Value<'t, 'a>> {
    let says = |value: &Value<'t, 'a>| value.text_or_digits().is_some();
    if says(&value) { Some(value) } else { value.items().take(MAX_ITEMS).find(says) }
}

/// The texts of a value: of a list, or one alone.
pub(super) fn texts<'a>(value: Option<Value<'_, 'a>>) -> impl Iterator<Item = Text<'a>> {
    let listed = value.into_iter().flat_map(Value::items).take(MAX_ITEMS).filter_map(Value::filled);
    value.and_then(Value::filled).into_iter().chain(listed)
}

#[cfg(test)]
mod tests {
    use super::super::embedded::Embedded;
    use super::*;

    #[test]
    fn nested_and_flat_members() {
        static PATHS: Paths<3> = Paths::new(["user.target.name", "user.target.id", "other"]);
        for text_of_document in [
            r#"{"user":{"target":{"name":"x"}}}"#,
            r#"{"user.target.name":"x"}"#,
            r#"{"user":{"target.name":"x"}}"#,
            r#"{"user.target":{"name":["x","y"]}}"#,
            r#"{"user":7,"user.target":{"names":1},"user.target.name":"x"}"#,
        ] {
            let read = Embedded::read(text_of_document.to_owned(), 8).expect("JSON");
            let document = read.document();
            let Found([name, id, other]) = PATHS.of(document.root());
            assert_eq!(name.and_then(single).and_then(Value::text).as_deref(), Some("x"), "{text_of_document}");
            assert!(id.is_none() && other.is_none());
        }
    }
}
