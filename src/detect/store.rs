//! Where the parts of the state stand: a slab with an index by id, and what the changelog needs to know of each entry.
//! The slab grows by pieces, so that nothing is moved, and entries begin where cache lines do.
//!
//! An entry keeps its place across a restart, so that nothing that walks the slab depends on history. Free places are
//! filled lowest first.

use std::collections::{BTreeMap, BTreeSet};

use super::index::Index;

/// Entries of a piece of the slab.
const PIECE: usize = 1_024;

/// The place of nothing.
pub const NOWHERE: u32 = u32::MAX;

/// What the changelog holds of an entry (law 4): each key has two slots, and a cut writes the one that does not hold the
/// last closed version.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mark {
    /// The cut that has passed it, or that it was made in; of its number the last 32 bits.
    cut: u32,
    /// The slot that holds its newest version.
    pub slot: u8,
    /// Whether it changed since that was written.
    pub dirty: bool,
}

impl Mark {
    /// Of what the changelog has in a slot, written by a cut.
    pub fn written(cut: u64, slot: u8) -> Mark {
        Mark { cut: cut as u32, slot, dirty: false }
    }

    /// Whether it was passed by that cut, or made in it.
    pub fn is_of(self, cut: u64) -> bool {
        self.cut == cut as u32
    }

    /// A cut passes it.
    pub fn pass(&mut self, cut: u64) {
        self.cut = cut as u32;
    }
}

/// One part of the state. What every event needs comes first.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
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
    pieces: Vec<Vec<Option<Entry<T>>>>,
    places: usize,
    index: Index,
    free: BTreeSet<u32>,
    /// Entries that were removed and whose removal no closed cut holds yet.
    pub gone: BTreeMap<u64, Mark>,
}

impl<T> Default for Store<T> {
    fn default() -> Store<T> {
        Store { pieces: Vec::new(), places: 0, index: Index::default(), free: BTreeSet::new(), gone: BTreeMap::new() }
    }
}

impl<T> Store<T> {
    /// Entries that there are.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Places that there are, free ones included.
    pub fn places(&self) -> usize {
        self.places
    }

    /// Bytes that it holds, what parts point to left out.
    pub fn bytes(&self) -> usize {
        let entries: usize = self.pieces.iter().map(Vec::capacity).sum();
        entries * size_of::<Option<Entry<T>>>() + self.index.bytes()
    }

    /// The place of an id.
    pub fn find(&self, id: u64) -> Option<u32> {
        self.index.find(id, |place| self.is_at(id, place))
    }

    /// Reads where an id would be found, so that it is at hand soon.
    pub fn touch(&self, id: u64) -> u32 {
        self.index.touch(id)
    }

    fn is_at(&self, id: u64, place: u32) -> bool {
        self.get(place as usize).is_some_and(|entry| entry.id == id)
    }

    /// The place of an id that may still be where it was seen last.
    pub fn find_near(&self, id: u64, place: u32) -> Option<u32> {
        if self.is_at(id, place) { Some(place) } else { self.find(id) }
    }

    /// The part at a place that is known to be taken.
    pub fn value(&self, place: u32) -> &T {
        &self.get(place as usize).expect("the place of an id is taken").value
    }

    /// The entry at a place that is known to be taken, to be changed.
    pub fn entry_mut(&mut self, place: u32) -> &mut Entry<T> {
        self.get_mut(place as usize).expect("the place of an id is taken")
    }

    /// The entry at any place.
    pub fn get(&self, place: usize) -> Option<&Entry<T>> {
        self.pieces.get(place / PIECE)?.get(place % PIECE)?.as_ref()
    }

    /// The entry at any place, to be changed.
    pub fn get_mut(&mut self, place: usize) -> Option<&mut Entry<T>> {
        self.pieces.get_mut(place / PIECE)?.get_mut(place % PIECE)?.as_mut()
    }

    /// Puts a new part in, in the lowest free place. `cut` is the open cut, which it is not part of.
    pub fn insert(&mut self, id: u64, value: T, cut: u64) -> u32 {
        let slot = self.gone.remove(&id).map_or(0, |mark| mark.slot);
        let place = self.free.pop_first().unwrap_or(self.places as u32);
        self.put(place, Entry { id, mark: Mark { cut: cut as u32, slot, dirty: true }, value });
        place
    }

    /// Puts an entry in its place of before a restart.
    pub fn put(&mut self, place: u32, entry: Entry<T>) {
        while self.places <= place as usize {
            self.free.insert(self.places as u32);
            if self.places.is_multiple_of(PIECE) {
                self.pieces.push(Vec::new());
            }
            self.pieces[self.places / PIECE].push(None);
            self.places += 1;
        }
        self.free.remove(&place);
        if let Some(before) = self.find(entry.id) {
            self.index.remove(entry.id, |at| at == before);
        }
        self.index.insert(entry.id, place);
        self.pieces[place as usize / PIECE][place as usize % PIECE] = Some(entry);
    }

    /// Takes an entry out; its id is remembered as gone.
    pub fn remove(&mut self, place: u32) -> Option<T> {
        let id = self.get(place as usize)?.id;
        self.index.remove(id, |at| at == place);
        let entry = self.pieces[place as usize / PIECE][place as usize % PIECE].take()?;
        self.free.insert(place);
        self.gone.insert(entry.id, entry.mark);
        Some(entry.value)
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
