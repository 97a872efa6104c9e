//! Which events were seen before, by the provider's id (model, section 2.1; U3).
//!
//! A repeat has the time of its original, so ids are kept by the minute of their event: one minute's Bloom filters are
//! looked at for each event, minutes that are over do not change any more and are not written again, and the oldest go
//! first. Filters are blocked (Putze, Sanders, Singler, "Cache-, Hash- and Space-Efficient Bloom Filters", WEA 2007):
//! one cache line a filter, and grow by further ones (Almeida, Baquero, Preguiça, Hutchison, "Scalable Bloom Filters",
//! 2007), 12 bits a key.
//!
//! About one id in two hundred is found although it is new. So what is found here is a duplicate only where the event
//! brings its identity nothing new; that is for the caller to see.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::event::Timestamp;

use super::codec::Sort;
use super::cut::CutBook;
use super::hash::mix;
use super::store::Store;

const MINUTE_MS: i64 = 60_000;
/// Minutes that are kept where there is room.
const KEPT_MINUTES: i64 = 48 * 60;
/// Words of a block: one cache line.
const BLOCK_WORDS: usize = 8;
/// Bits that a key sets.
const KEY_BITS: usize = 8;
/// Keys that a block is for: 12 bits each.
const BLOCK_KEYS: usize = BLOCK_WORDS * 64 / 12;
/// Blocks of the filters of one minute: the first, and growth.
const FIRST_BLOCKS: usize = 8;
const GROWTH: usize = 8;
const MOST_BLOCKS: usize = 8 * 1_024;
/// Filters of one minute at most; the last takes what comes.
const MAX_FILTERS: u64 = 255;

/// One filter of one minute.
#[derive(Debug, Clone, PartialEq)]
pub struct Filter {
    keys: u32,
    words: Vec<u64>,
}

/// The ids of the last hours.
#[derive(Debug, Clone)]
pub struct SeenIds {
    /// The filters, by minute and number.
    pub filters: Store<Filter>,
    /// Where each minute's filters stand.
    minutes: BTreeMap<i64, Vec<u32>>,
    /// Minutes up to this one are not kept any more.
    pub floor: i64,
    bytes: usize,
    limit: usize,
}

impl SeenIds {
    /// Nothing was seen; filters may take so many bytes.
    pub fn new(limit: usize) -> SeenIds {
        SeenIds { filters: Store::default(), minutes: BTreeMap::new(), floor: i64::MIN, bytes: 0, limit }
    }

    /// Whether an id was seen before, or looks like one; remembers it.
    pub fn is_repeated(&mut self, id: u64, time: Timestamp, cut: &mut CutBook) -> bool {
        let minute = time.as_millis().div_euclid(MINUTE_MS);
        if minute <= self.floor {
            return false;
        }
        let places = self.minutes.get(&minute).map_or(&[][..], Vec::as_slice);
        let bits = bits_of(id);
        // The newest filter is the largest: most repeats are in it.
        if places.iter().rev().any(|place| self.filters.value(*place).contains(id, &bits)) {
            return true;
        }
        let filters = places.len() as u64;
        let last = places.last().copied();
        let has_room = last.filter(|place| filters == MAX_FILTERS || !self.filters.value(*place).is_full());
        let place = has_room.unwrap_or_else(|| self.grow(minute, filters, cut));
        let entry = self.filters.entry_mut(place);
        cut.preserve(Sort::Seen, place, entry);
        entry.value.insert(id, &bits);
        while self.bytes > self.limit && self.minutes.len() > 1 {
            self.drop_oldest(cut);
        }
        false
    }

    /// Reads where an id would be, so that it is at hand soon.
    pub fn touch(&self, id: u64, time: Timestamp) -> u64 {
        let places = self.minutes.get(&time.as_millis().div_euclid(MINUTE_MS)).map_or(&[][..], Vec::as_slice);
        let filters = places.iter().map(|place| self.filters.value(*place));
        filters.fold(0, |read, filter| read ^ filter.words[filter.block(id)])
    }

    /// The oldest time from which on every id is known, where any is.
    pub fn covered_since(&self) -> Option<Timestamp> {
        self.minutes.keys().next().map(|minute| Timestamp::from_millis(minute * MINUTE_MS))
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Counts anew what there is, after a restart.
    pub fn take_stock(&mut self) {
        self.minutes.clear();
        self.bytes = 0;
        let mut known: Vec<(u64, u32)> = Vec::new();
        for place in 0..self.filters.places() {
            let Some(entry) = self.filters.get(place) else { continue };
            known.push((entry.id, place as u32));
            self.bytes += entry.value.bytes();
        }
        known.sort_unstable();
        for (id, place) in known {
            self.minutes.entry((id >> 8) as i64).or_default().push(place);
        }
    }

    fn grow(&mut self, minute: i64, filters: u64, cut: &CutBook) -> u32 {
        let blocks = GROWTH.saturating_pow(filters.min(6) as u32).saturating_mul(FIRST_BLOCKS).min(MOST_BLOCKS);
        let filter = Filter { keys: 0, words: vec![0; blocks * BLOCK_WORDS] };
        self.bytes += filter.bytes();
        let place = self.filters.insert(key(minute, filters), filter, cut.current());
        self.minutes.entry(minute).or_default().push(place);
        place
    }

    /// Forgets minutes that are older than what is kept; to be called now and then.
    pub fn forget(&mut self, now: Timestamp, cut: &mut CutBook) {
        let oldest = now.as_millis().div_euclid(MINUTE_MS) - KEPT_MINUTES;
        while self.minutes.keys().next().is_some_and(|minute| *minute < oldest) {
            self.drop_oldest(cut);
        }
    }

    fn drop_oldest(&mut self, cut: &mut CutBook) {
        let Some((minute, places)) = self.minutes.pop_first() else { return };
        self.floor = self.floor.max(minute);
        for place in places {
            cut.preserve(Sort::Seen, place, self.filters.entry_mut(place));
            self.bytes -= self.filters.remove(place).map_or(0, |filter| filter.bytes());
        }
    }
}

impl Filter {
    fn bytes(&self) -> usize {
        self.words.len() * size_of::<u64>()
    }

    fn is_full(&self) -> bool {
        self.keys as usize >= self.words.len() / BLOCK_WORDS * BLOCK_KEYS
    }

    fn contains(&self, id: u64, bits: &[u64; BLOCK_WORDS]) -> bool {
        let block = &self.words[self.block(id)..][..BLOCK_WORDS];
        block.iter().zip(bits).fold(0, |missing, (word, bits)| missing | (bits & !word)) == 0
    }

    fn insert(&mut self, id: u64, bits: &[u64; BLOCK_WORDS]) {
        let block = self.block(id);
        for (word, bits) in self.words[block..][..BLOCK_WORDS].iter_mut().zip(bits) {
            *word |= bits;
        }
        self.keys += 1;
    }

    /// Where a key's block begins.
    fn block(&self, id: u64) -> usize {
        let blocks = (self.words.len() / BLOCK_WORDS) as u64;
        (((id >> 32) * blocks) >> 32) as usize * BLOCK_WORDS
    }
}

/// The bits of a key in its block.
fn bits_of(id: u64) -> [u64; BLOCK_WORDS] {
    let (mut left, mut bits) = (mix(id, 1), [0; BLOCK_WORDS]);
    for _ in 0..KEY_BITS - 1 {
        bits[(left & 7) as usize] |= 1 << ((left >> 3) & 63);
        left >>= 9;
    }
    bits[(id & 7) as usize] |= 1 << ((id >> 3) & 63);
    bits
}

impl Serialize for Filter {
    /// The number of keys and the words, in bytes.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self.words.iter().flat_map(|word| word.to_le_bytes()).collect();
        (self.keys, bytes).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Filter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Filter, D::Error> {
        let (keys, bytes) = <(u32, &[u8])>::deserialize(deserializer)?;
        let (words, rest) = bytes.as_chunks::<8>();
        if words.is_empty() || !rest.is_empty() || words.len() % BLOCK_WORDS != 0 {
            return Err(serde::de::Error::custom("a filter of no whole number of blocks"));
        }
        Ok(Filter { keys, words: words.iter().map(|bytes| u64::from_le_bytes(*bytes)).collect() })
    }
}

fn key(minute: i64, number: u64) -> u64 {
    ((minute as u64) << 8) | number
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_millis(minute * MINUTE_MS + 17)
    }

    #[test]
    fn few_new_ids_look_like_old_ones() {
        let (mut seen, mut cut) = (SeenIds::new(64 << 20), CutBook::default());
        let false_hits = (0..200_000u64).filter(|id| seen.is_repeated(mix(*id, 5), at(30_000_000), &mut cut)).count();
        assert!(false_hits < 3_000, "{false_hits} of 200,000");
        assert!((0..200_000u64).all(|id| seen.is_repeated(mix(id, 5), at(30_000_000), &mut cut)));
        assert!(seen.bytes() < 200_000 * 5, "{} bytes", seen.bytes());
    }

    #[test]
    fn the_oldest_minutes_go_where_there_is_no_room() {
        let (mut seen, mut cut) = (SeenIds::new(10 << 10), CutBook::default());
        for minute in 0..100 {
            seen.is_repeated(7, at(minute), &mut cut);
        }
        assert!(seen.bytes() <= 10 << 10);
        assert!(seen.is_repeated(7, at(99), &mut cut) && !seen.is_repeated(7, at(3), &mut cut));
        assert_eq!(seen.covered_since().unwrap(), Timestamp::from_millis(80 * MINUTE_MS));
        seen.forget(at(99 + KEPT_MINUTES + 5), &mut cut);
        assert_eq!(seen.bytes(), 0);
    }

    proptest! {
        /// What was seen is known, whatever came between; and it is still known after it was written and read.
        #[test]
        fn nothing_seen_is_forgotten(ids in proptest::collection::vec((any::<u64>(), 0i64..5), 1..300)) {
            let (mut seen, mut cut) = (SeenIds::new(1 << 20), CutBook::default());
            for (id, minute) in &ids {
                seen.is_repeated(*id, at(*minute), &mut cut);
            }
            for place in 0..seen.filters.places() {
                let entry = seen.filters.get_mut(place).unwrap();
                let bytes = postcard::to_stdvec(&entry.value).unwrap();
                entry.value = postcard::from_bytes(&bytes).unwrap();
            }
            seen.take_stock();
            for (id, minute) in &ids {
                prop_assert!(seen.is_repeated(*id, at(*minute), &mut cut));
            }
        }
    }
}
