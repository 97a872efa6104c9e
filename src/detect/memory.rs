//! What the state takes in memory, by its parts: estimated from sizes and capacities, what the allocator adds left out.
//!
//! Walks everything there is: for benchmarks and questions, not for gauges (those have [`Census`](super::Census)).

use super::Detector;
use super::fleet::Group;
use super::store::Store;

/// Bytes of state by its parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Memory {
    /// Identities: counters, and where they stand.
    pub baselines: u64,
    /// Identities: their known values.
    pub values: u64,
    /// Identities: what is new of them, evidence, incidents; texts left out.
    pub news: u64,
    /// Peer groups, with their values.
    pub groups: u64,
    /// Values of the fleet.
    pub fleet: u64,
    /// Ids of the events of the last hours.
    pub seen: u64,
}

impl Detector {
    /// What the state takes in memory now.
    pub fn memory(&self) -> Memory {
        let mut memory = Memory {
            baselines: self.state.identities.bytes() as u64,
            groups: self.state.groups.bytes() as u64,
            fleet: self.state.shards.bytes() as u64,
            seen: (self.state.seen.bytes() + self.state.seen.filters.bytes()) as u64,
            ..Memory::default()
        };
        for baseline in parts(&self.state.identities) {
            memory.values += baseline.values.bytes() as u64;
            memory.news += baseline.open.as_ref().map_or(0, |open| open.bytes()) as u64;
        }
        memory.groups += parts(&self.state.groups).map(Group::bytes).sum::<usize>() as u64;
        memory.fleet += parts(&self.state.shards).map(|shard| shard.values.bytes()).sum::<usize>() as u64;
        memory
    }
}

fn parts<T>(store: &Store<T>) -> impl Iterator<Item = &T> {
    (0..store.places()).filter_map(|place| store.get(place)).map(|entry| &entry.value)
}

impl Memory {
    /// All of it.
    pub fn total(&self) -> u64 {
        self.by_part().iter().map(|(_, bytes)| bytes).sum()
    }

    /// The parts by name.
    pub fn by_part(&self) -> [(&'static str, u64); 6] {
        [
            ("baselines", self.baselines),
            ("values", self.values),
            ("news", self.news),
            ("groups", self.groups),
            ("fleet", self.fleet),
            ("seen ids", self.seen),
        ]
    }
}
