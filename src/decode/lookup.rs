//! Finds rows of compiled-in tables by name: hash tables that are filled at compile time.
//!
//! In: the hash of a name and a question about a row. Out: the row's number. What the rows are, the tables themselves know.

/// Numbers of rows by the hashes of their names: open addressing, linear probing. `SLOTS` is a power of two, and larger
/// than the number of rows.
#[derive(Debug)]
pub(super) struct Index<const SLOTS: usize> {
    /// A row's number plus one; 0 where the slot is free.
    slots: [u16; SLOTS],
}

impl<const SLOTS: usize> Index<SLOTS> {
    /// Without rows.
    pub const fn empty() -> Index<SLOTS> {
        assert!(SLOTS.is_power_of_two());
        Index { slots: [0; SLOTS] }
    }

    /// Adds a row.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "there are fewer rows than slots, and no table has 65,535 rows"
    )]
    pub const fn add(&mut self, hash: u64, row: usize) {
        let mut slot = first_slot(hash, SLOTS);
        while self.slots[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        self.slots[slot] = row as u16 + 1;
    }

    /// The row with this hash of which `is_it` is true.
    #[inline]
    pub fn find(&self, hash: u64, is_it: impl Fn(usize) -> bool) -> Option<usize> {
        let mut slot = first_slot(hash, SLOTS);
        while self.slots[slot] != 0 {
            let row = usize::from(self.slots[slot]) - 1;
            if is_it(row) {
                return Some(row);
            }
            slot = (slot + 1) % SLOTS;
        }
        None
    }
}

/// The highest bits of a product depend on all of its factors' (Knuth, The Art of Computer Programming 3, 6.4).
const fn first_slot(hash: u64, slots: usize) -> usize {
    (hash >> 32) as usize % slots
}

/// A name's hash: of its length and of eight bytes each from its front, middle and end.
#[inline]
pub(super) const fn hash(name: &str) -> u64 {
    hash_of(name.as_bytes(), 0)
}

/// The same for names that differ in capitals only: such have one hash. (Other characters may fall together as well.)
#[inline]
pub(super) const fn hash_folded(name: &[u8]) -> u64 {
    hash_of(name, 0x2020_2020_2020_2020)
}

/// A name's hash, with these bits set in every eight bytes of it.
#[inline(always)]
const fn hash_of(bytes: &[u8], fold: u64) -> u64 {
    const ODD: u64 = 0x9E37_79B9_7F4A_7C15;
    let mixed = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        (Some(front), Some(back)) => {
            let middle = match bytes.split_at((bytes.len() - 8) / 2).1.first_chunk::<8>() {
                Some(middle) => u64::from_le_bytes(*middle) | fold,
                None => 0,
            };
            (u64::from_le_bytes(*front) | fold)
                ^ (u64::from_le_bytes(*back) | fold).rotate_left(23)
                ^ middle.wrapping_mul(ODD).rotate_left(41)
        }
        _ => short(bytes) | fold,
    };
    (mixed ^ bytes.len() as u64).wrapping_mul(ODD)
}

/// The hash of two names together.
#[inline]
pub(super) const fn hash_pair(one: &str, other: &str) -> u64 {
    hash(one).rotate_left(7).wrapping_add(hash(other))
}

/// Up to seven bytes as a number.
const fn short(bytes: &[u8]) -> u64 {
    let (mut number, mut at) = (0, 0);
    while at < bytes.len() {
        number = number << 8 | bytes[at] as u64;
        at += 1;
    }
    number
}
