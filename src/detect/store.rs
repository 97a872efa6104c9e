//! Where the parts of the state stand: a slab with an index by id, and what the changelog needs to know of each entry.
//!
//! An entry keeps its place across a restart, so that nothing that walks the slab depends on history. Free places are
//! filled lowest first.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

/// The place of nothing.
pub const NOWHERE: u32 = u32::MAX;

/// What the changelog holds of an entry (law 4): each key has two slots, and a cut writes the one that does not hold the
/// last closed version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// The cut that has passed it, or that it was made in.
    pub cut: u64,
    /// The slot that holds its newest version.
    pub slot: u8,
    /// Whether it changed since that was written.
    pub dirty: bool,
}

/// One part of the state.
#[derive(Debug, Clone)]
pub struct Entry<T> {
    /// Its id: a keyed hash of its name.
    pub id: u64,
    /// What the changelog holds of it.
    pub mark: Mark,
    /// The part itself.
    pub value: T,
}

/// A slab of parts of one sort.
#[derive(Debug, Clone)]
pub struct Store<T> {
    entries: Vec<Option<Entry<T>>>,
    index: HashMap<u64, u32, BuildHasherDefault<IdHasher>>,
    free: BTreeSet<u32>,
    /// Entries that were removed and whose removal no closed cut holds yet.
    pub gone: BTreeMap<u64, Mark>,
}

impl<T> Default for Store<T> {
    fn default() -> Store<T> {
        Store { entries: Vec::new(), index: HashMap::default(), free: BTreeSet::new(), gone: BTreeMap::new() }
    }
}

impl<T> Store<T> {
    /// Entries that there are.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Places that there are, free ones included.
    pub fn places(&self) -> usize {
        self.entries.len()
    }

    /// Bytes that it holds, what parts point to left out.
    pub fn bytes(&self) -> usize {
        // A table of hashbrown's: a pair and a byte for each of its slots, of which seven in eight may be taken.
        let slots = self.index.capacity() * 8 / 7;
        self.entries.capacity() * size_of::<Option<Entry<T>>>() + slots * (size_of::<(u64, u32)>() + 1)
    }

    /// The place of an id.
    pub fn find(&self, id: u64) -> Option<u32> {
        self.index.get(&id).copied()
    }

    /// The place of an id that may still be where it was seen last.
    pub fn find_near(&self, id: u64, place: u32) -> Option<u32> {
        match self.get(place as usize) {
            Some(entry) if entry.id == id => Some(place),
            _ => self.find(id),
        }
    }

    /// The part at a place that is known to be taken.
    pub fn value(&self, place: u32) -> &T {
        &self.entries[place as usize].as_ref().expect("the place of an id is taken").value
    }

    /// The entry at a place that is known to be taken, to be changed.
    pub fn entry_mut(&mut self, place: u32) -> &mut Entry<T> {
        self.entries[place as usize].as_mut().expect("the place of an id is taken")
    }

    /// The entry at any place.
    pub fn get(&self, place: usize) -> Option<&Entry<T>> {
        self.entries.get(place).and_then(Option::as_ref)
    }

    /// The entry at any place, to be changed.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut Entry<T>> {
        self.entries.get_mut(place).and_then(Option::as_mut)
    }

    /// Puts a new part in, in the lowest free place. `cut` is the open cut, which it is not part of.
    pub fn insert(&mut self, id: u64, value: T, cut: u64) -> u32 {
        let slot = self.gone.remove(&id).map_or(0, |mark| mark.slot);
        let place = self.free.pop_first().unwrap_or(self.entries.len() as u32);
        self.put(place, Entry { id, mark: Mark { cut, slot, dirty: true }, value });
        place
    }

    /// Puts an entry in its place of before a restart.
    pub fn put(&mut self, place: u32, entry: Entry<T>) {
        while self.entries.len() <= place as usize {
            self.free.insert(self.entries.len() as u32);
            self.entries.push(None);
        }
        self.free.remove(&place);
        self.index.insert(entry.id, place);
        self.entries[place as usize] = Some(entry);
    }

    /// Takes an entry out; its id is remembered as gone.
    pub fn remove(&mut self, place: u32) -> Option<T> {
        let entry = self.entries[place as usize].take()?;
        self.index.remove(&entry.id);
        self.free.insert(place);
        self.gone.insert(entry.id, entry.mark);
        Some(entry.value)
    }
}

/// Ids are hashes already.
#[derive(Debug, Default)]
pub struct IdHasher(u64);

impl Hasher for IdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, id: u64) {
        self.0 = id;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_reused_lowest_first_and_removals_remembered() {
        let mut store = Store::default();
        let places: Vec<u32> = (10..14).map(|id| store.insert(id, id, 0)).collect();
        assert_eq!(places, [0, 1, 2, 3]);
        assert_eq!(store.remove(2), Some(12));
        assert_eq!(store.remove(1), Some(11));
        assert!(store.gone.contains_key(&11) && store.find(11).is_none());
        assert_eq!(store.insert(20, 20, 0), 1);
        assert_eq!((store.len(), store.places()), (3, 4));
    }
}
