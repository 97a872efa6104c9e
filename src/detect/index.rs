//! From ids to places: open addressing with linear probing, 8 bytes a slot, so that finding an id costs one cache line.
//!
//! Only 32 bits of an id are kept here; whether it is the one that was asked for is looked up at its place, which is
//! read next anyway. The same bits say where a slot belongs, so that growing and removing need no ids.

/// Slots of the smallest table.
const LEAST_SLOTS: usize = 16;

/// Places by id.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// A power of two of them, three in four taken at most.
    slots: Vec<Slot>,
    len: usize,
}

#[derive(Debug, Clone, Copy)]
struct Slot {
    tag: u32,
    /// None where the slot is free.
    place: Option<std::num::NonZeroU32>,
}

const FREE: Slot = Slot { tag: 0, place: None };

impl Slot {
    fn of(tag: u32, place: u32) -> Slot {
        Slot { tag, place: std::num::NonZeroU32::new(place + 1) }
    }

    fn place(self) -> Option<u32> {
        self.place.map(|place| place.get() - 1)
    }
}

impl Index {
    /// Ids that there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.slots.capacity() * size_of::<Slot>()
    }

    /// The place of an id; `is_it` says whether the id is at a place.
    pub fn find(&self, id: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        self.slot_of(id, is_it).and_then(|slot| self.slots[slot].place())
    }

    /// Reads where an id would be, so that it is at hand soon.
    pub fn touch(&self, id: u64) -> u32 {
        self.slots.get(self.home(tag_of(id))).map_or(0, |slot| slot.tag)
    }

    /// Adds an id that is not there yet.
    pub fn insert(&mut self, id: u64, place: u32) {
        if (self.len + 1) * 4 > self.slots.len() * 3 {
            self.grow();
        }
        self.put(Slot::of(tag_of(id), place));
        self.len += 1;
    }

    /// Takes an id out. Those behind it move up, so that no search ends before them.
    pub fn remove(&mut self, id: u64, is_it: impl Fn(u32) -> bool) {
        let Some(mut hole) = self.slot_of(id, is_it) else { return };
        let mask = self.slots.len() - 1;
        let mut next = (hole + 1) & mask;
        while self.slots[next].place.is_some() {
            let home = self.home(self.slots[next].tag);
            if (next.wrapping_sub(home) & mask) >= (next.wrapping_sub(hole) & mask) {
                self.slots[hole] = self.slots[next];
                hole = next;
            }
            next = (next + 1) & mask;
        }
        self.slots[hole] = FREE;
        self.len -= 1;
    }

    fn slot_of(&self, id: u64, is_it: impl Fn(u32) -> bool) -> Option<usize> {
        let (tag, mask) = (tag_of(id), self.slots.len().checked_sub(1)?);
        let mut next = self.home(tag);
        while let Some(place) = self.slots[next].place() {
            if self.slots[next].tag == tag && is_it(place) {
                return Some(next);
            }
            next = (next + 1) & mask;
        }
        None
    }

    fn put(&mut self, slot: Slot) {
        let mut next = self.home(slot.tag);
        while self.slots[next].place.is_some() {
            next = (next + 1) & (self.slots.len() - 1);
        }
        self.slots[next] = slot;
    }

    fn grow(&mut self) {
        let size = (self.slots.len() * 2).max(LEAST_SLOTS);
        for slot in std::mem::replace(&mut self.slots, vec![FREE; size]) {
            if slot.place.is_some() {
                self.put(slot);
            }
        }
    }

    fn home(&self, tag: u32) -> usize {
        ((u64::from(tag) * self.slots.len() as u64) >> 32) as usize
    }
}

/// Not all ids are hashes: some are numbers in a row.
fn tag_of(id: u64) -> u32 {
    (id.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// It does what a map does, whatever goes in and out; also where tags are the same.
        #[test]
        fn is_a_map(steps in proptest::collection::vec((any::<bool>(), 0u64..60, any::<bool>()), 1..400)) {
            let (mut index, mut map) = (Index::default(), std::collections::BTreeMap::new());
            let mut ids: Vec<u64> = Vec::new();
            for (adds, id, far) in steps {
                // The inverse of the factor: ids with the same tag.
                let id = if far { id } else { id.wrapping_mul(0xF1DE_83E1_9937_733D) };
                let is_it = |place: u32| ids[place as usize] == id;
                prop_assert_eq!(index.find(id, is_it), map.get(&id).copied());
                if adds && !map.contains_key(&id) {
                    index.insert(id, ids.len() as u32);
                    map.insert(id, ids.len() as u32);
                    ids.push(id);
                } else if !adds {
                    index.remove(id, is_it);
                    map.remove(&id);
                }
                prop_assert_eq!(index.len(), map.len());
            }
        }
    }
}
