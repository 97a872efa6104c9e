//! Bounded tables of known values: fingerprint → decayed count and hour, 8 bytes a slot.
//!
//! One structure serves three masters: an identity's own values (count = occasions, one an hour at most), and the values
//! of a peer group and of the fleet (count = distinct identities). A value may be in any of [`WINDOW`] slots that stand side
//! by side, so that looking one up costs one or two cache lines and tables are filled well; a full window in a table that
//! may grow no more loses its smallest decayed count (after Metwally, Agrawal, El Abbadi, "Space-Saving", ICDT 2005), and
//! says so.

use serde::{Deserialize, Serialize};

use super::decay::Decay;

/// Slots that a value may be in: as many bytes as a cache line has.
const WINDOW: usize = 8;

/// Slots of tables that are read whole: fewer lines than an event has values.
const TOUCHED_WHOLE: usize = 96;

/// Counts are kept in units of 1/64; the lowest bit is the probation flag.
const UNIT: f32 = 64.0;
const PROBATION: u16 = 1;

/// One known value.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    fingerprint: u32,
    count: u16,
    hour: u16,
}

impl Slot {
    /// Whether the value was seen on one occasion only; then [`Slot::hour`] is that of the first one.
    pub fn on_probation(self) -> bool {
        self.count & PROBATION != 0
    }

    /// The count as of the slot's hour.
    fn count(self) -> f32 {
        f32::from(self.count & !PROBATION) / UNIT
    }

    /// Hours from this slot's hour to `hour`; negative where `hour` is up to 4,096 hours earlier. Hours are kept modulo
    /// 2^16 (7.5 years).
    pub fn age(self, hour: i64) -> i64 {
        let ahead = (hour as u16).wrapping_sub(self.hour);
        i64::from(ahead) - if ahead > u16::MAX - 4_096 { 1 << 16 } else { 0 }
    }
}

/// What a table does when a value must go in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inserted {
    /// There was room.
    Placed,
    /// A smaller count had to go.
    Evicted,
}

impl Inserted {
    fn and(self, other: Inserted) -> Inserted {
        if self == Inserted::Evicted { self } else { other }
    }
}

/// A table of known values.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ValueTable {
    slots: Box<[Slot]>,
}

impl ValueTable {
    /// The sizes that a table grows through, in slots.
    const SIZES: [usize; 10] = [16, 32, 48, 64, 96, 128, 192, 256, 352, 480];

    /// Bytes held by it.
    pub fn bytes(&self) -> usize {
        self.slots.len() * size_of::<Slot>()
    }

    /// The slot of a value, where it is known.
    pub fn find(&self, fingerprint: u32) -> Option<usize> {
        let (start, window) = self.window(fingerprint);
        window.iter().position(|slot| slot.fingerprint == fingerprint).map(|step| start + step)
    }

    /// Reads where values would be, so that they are at hand soon: all of a small table.
    pub fn touch(&self, fingerprints: impl Iterator<Item = u32>) -> u32 {
        let read = |read, slot: &Slot| read ^ slot.fingerprint;
        if self.slots.len() <= TOUCHED_WHOLE {
            return self.slots.iter().step_by(WINDOW).fold(0, read);
        }
        fingerprints.filter_map(|fingerprint| self.window(fingerprint).1.first()).fold(0, read)
    }

    /// A slot found before.
    pub fn slot(&self, index: usize) -> Slot {
        self.slots[index]
    }

    /// The count of a value as of `hour`; 0 where it is not known.
    pub fn count(&self, fingerprint: u32, hour: i64, decay: &Decay) -> f32 {
        self.find(fingerprint).map_or(0.0, |index| self.decayed(index, hour, decay))
    }

    /// Adds `weight` to the value's count; its hour moves forward only. `limit` is the largest size in slots.
    pub fn add(&mut self, fingerprint: u32, weight: f32, hour: i64, decay: &Decay, limit: usize) -> Inserted {
        match self.find(fingerprint) {
            Some(index) => {
                self.raise(index, weight, hour, decay);
                Inserted::Placed
            }
            None => {
                let slot = Slot { fingerprint, count: to_fixed(weight), hour: hour as u16 };
                self.insert(slot, hour, decay, limit)
            }
        }
    }

    /// Puts a value in that was not known, on probation since `hour`.
    pub fn insert_on_probation(&mut self, fingerprint: u32, hour: i64, decay: &Decay, limit: usize) -> Inserted {
        let slot = Slot { fingerprint, count: to_fixed(1.0) | PROBATION, hour: hour as u16 };
        match self.find(fingerprint) {
            Some(index) => {
                self.slots[index] = slot;
                Inserted::Placed
            }
            None => self.insert(slot, hour, decay, limit),
        }
    }

    /// Counts one more occasion of a known value and ends its probation.
    pub fn raise(&mut self, index: usize, weight: f32, hour: i64, decay: &Decay) {
        let age = self.slots[index].age(hour);
        let slot = &mut self.slots[index];
        if age >= 0 {
            slot.count = to_fixed(slot.count() * decay.factor(age) + weight);
            slot.hour = hour as u16;
        } else {
            slot.count = to_fixed(slot.count() + weight * decay.factor(-age));
        }
    }

    fn decayed(&self, index: usize, hour: i64, decay: &Decay) -> f32 {
        let slot = self.slots[index];
        slot.count() * decay.factor(slot.age(hour))
    }

    /// The slots that a value may be in, and where they begin; none in a table without any.
    fn window(&self, fingerprint: u32) -> (usize, &[Slot]) {
        let starts = (self.slots.len() + 1).saturating_sub(WINDOW);
        let start = ((u64::from(fingerprint) * starts as u64) >> 32) as usize;
        (start, self.slots.get(start..start + WINDOW).unwrap_or_default())
    }

    fn insert(&mut self, slot: Slot, hour: i64, decay: &Decay, limit: usize) -> Inserted {
        let mut inserted = Inserted::Placed;
        while !self.place(slot) {
            match self.next_size(limit) {
                Some(size) => inserted = inserted.and(self.resize(size, hour, decay)),
                None => return self.displace(slot, hour, decay),
            }
        }
        inserted
    }

    fn place(&mut self, slot: Slot) -> bool {
        let (start, window) = self.window(slot.fingerprint);
        let free = window.iter().position(|slot| slot.fingerprint == 0);
        if let Some(step) = free {
            self.slots[start + step] = slot;
        }
        free.is_some()
    }

    fn displace(&mut self, slot: Slot, hour: i64, decay: &Decay) -> Inserted {
        let (start, window) = self.window(slot.fingerprint);
        let smallest = (start..start + window.len())
            .min_by(|&a, &b| self.decayed(a, hour, decay).total_cmp(&self.decayed(b, hour, decay)));
        self.slots[smallest.expect("a table that cannot grow has slots")] = slot;
        Inserted::Evicted
    }

    /// The next larger size; none at the limit, and where less than a quarter of the slots are used: then somebody aims
    /// at one window.
    fn next_size(&self, limit: usize) -> Option<usize> {
        let size = self.slots.len();
        let wanted = Self::SIZES.into_iter().find(|&next| next > size).unwrap_or(size * 2);
        let next = wanted.min(limit.max(Self::SIZES[0]));
        let used = || self.slots.iter().filter(|slot| slot.fingerprint != 0).count();
        (next > size && used() * 4 >= size).then_some(next)
    }

    fn resize(&mut self, size: usize, hour: i64, decay: &Decay) -> Inserted {
        let old = std::mem::replace(&mut self.slots, vec![Slot::default(); size].into());
        let mut inserted = Inserted::Placed;
        for slot in old.into_iter().filter(|slot| slot.fingerprint != 0) {
            if !self.place(slot) {
                inserted = self.displace(slot, hour, decay);
            }
        }
        inserted
    }
}

fn to_fixed(count: f32) -> u16 {
    (libm::roundf(count * UNIT / 2.0) * 2.0).clamp(2.0, f32::from(u16::MAX - 1)) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decay() -> Decay {
        Decay::half_life_hours(336.0)
    }

    #[test]
    fn ages_are_read_across_the_wrap_and_backwards() {
        let slot = Slot { fingerprint: 1, count: 2, hour: u16::MAX };
        assert_eq!(slot.age(i64::from(u16::MAX) + 3), 3);
        assert_eq!(slot.age(i64::from(u16::MAX) - 3), -3);
        assert_eq!(slot.age(i64::from(u16::MAX) + 40_000), 40_000);
    }

    #[test]
    fn a_full_table_loses_its_smallest_count_and_says_so() {
        let (mut table, decay) = (ValueTable::default(), decay());
        let mut evicted = 0;
        for value in 1..=2_000u32 {
            let spread = value.wrapping_mul(2_654_435_761);
            evicted += usize::from(table.add(spread, 1.0, 10, &decay, 480) == Inserted::Evicted);
        }
        assert!(evicted > 1_000, "{evicted}");
        assert_eq!(table.bytes(), 480 * 8);
    }

    proptest! {
        /// Counts do not depend on the order of arrival, but for the rounding to 1/32 at each step.
        #[test]
        fn counts_are_independent_of_order(mut hours in proptest::collection::vec(1_000i64..1_300, 1..12)) {
            let decay = decay();
            let count = |hours: &[i64]| {
                let mut table = ValueTable::default();
                for &hour in hours {
                    table.add(7, 1.0, hour, &decay, 16);
                }
                table.count(7, 1_300, &decay)
            };
            let one = count(&hours);
            hours.sort_unstable();
            let sorted = count(&hours);
            prop_assert!((one - sorted).abs() <= hours.len() as f32 / 32.0, "{one} {sorted}");
        }

        /// What was put in is found, as long as there was room.
        #[test]
        fn what_was_placed_is_found(values in proptest::collection::hash_set(1u32.., 1..60)) {
            let decay = decay();
            let mut table = ValueTable::default();
            let evicted = values.iter().filter(|v| table.add(**v, 1.0, 5, &decay, 480) == Inserted::Evicted).count();
            let found = values.iter().filter(|v| table.find(**v).is_some()).count();
            prop_assert!(found + evicted >= values.len());
        }
    }
}
