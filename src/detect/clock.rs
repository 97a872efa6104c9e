//! Stream time, and how far each audit partition was read (laws 4 and 6).
//!
//! Only events and ticks move time: to the least event time of the audit partitions that are not read to their end, else
//! to the clock that the ticks carry, never beyond the time at which the tick was appended. It never goes back.

use serde::{Deserialize, Serialize};

use crate::event::{Position, Tick, Timestamp};

/// Stream time and positions of one events partition.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct StreamClock {
    now: Timestamp,
    clock: Timestamp,
    partitions: Vec<AuditPartition>,
    /// Where the last event's partition stands in `partitions`.
    last: usize,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct AuditPartition {
    topic: String,
    partition: i32,
    /// Epoch, offset and index of the highest position seen.
    highest: Option<(u32, i64, u32)>,
    newest: Option<Timestamp>,
    at_end: bool,
}

impl StreamClock {
    /// Stream time.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The wall clock as the last tick carried it; none before the first.
    pub fn clock(&self) -> Option<Timestamp> {
        (self.clock > Timestamp::default()).then_some(self.clock)
    }

    /// Takes the position and the time of an event; says whether it is above all before it in its audit partition (else
    /// it was read before and is to be dropped). It moves time, where the partition is not read to its end.
    pub fn observe(&mut self, position: &Position<'_>, time: Timestamp) -> bool {
        let index = self.partition(&position.topic, position.partition);
        let entry = &mut self.partitions[index];
        let key = (position.epoch, position.offset, position.index);
        let is_further = entry.highest.is_none_or(|highest| key > highest);
        if !is_further {
            return false;
        }
        entry.highest = Some(key);
        if entry.newest.is_none_or(|newest| time > newest) {
            entry.newest = Some(time);
            if !entry.at_end {
                self.advance(Timestamp::from_millis(i64::MAX));
            }
        }
        true
    }

    /// Files have no partitions and are merged by time: their newest event is the time.
    pub fn observe_file(&mut self, time: Timestamp) {
        self.now = self.now.max(time);
    }

    /// A tick says how far ingest has come; `appended` is when the broker took it.
    pub fn tick(&mut self, tick: &Tick<'_>, appended: Timestamp) {
        self.clock = self.clock.max(tick.clock);
        for progress in &tick.partitions {
            let index = self.partition(&progress.topic, progress.partition);
            let entry = &mut self.partitions[index];
            entry.newest = entry.newest.max(progress.newest);
            entry.at_end = progress.at_end;
        }
        self.advance(appended);
    }

    fn advance(&mut self, appended: Timestamp) {
        let behind = self.partitions.iter().filter(|partition| !partition.at_end);
        let least = behind.filter_map(|partition| partition.newest).min();
        let all_read = self.partitions.iter().all(|partition| partition.at_end);
        let reached = match least {
            Some(least) => least,
            None if all_read => self.clock,
            None => self.now,
        };
        self.now = self.now.max(reached.min(appended));
    }

    fn partition(&mut self, topic: &str, partition: i32) -> usize {
        let is_it = |entry: &AuditPartition| entry.partition == partition && entry.topic == topic;
        if self.partitions.get(self.last).is_some_and(is_it) {
            return self.last;
        }
        self.last = self.partitions.iter().position(is_it).unwrap_or_else(|| {
            let topic = topic.to_owned();
            self.partitions.push(AuditPartition { topic, partition, highest: None, newest: None, at_end: false });
            self.partitions.len() - 1
        });
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::PartitionProgress;
    use proptest::prelude::*;

    fn position(partition: i32, offset: i64) -> Position<'static> {
        Position { topic: "audit.aws".into(), partition, epoch: 0, offset, index: 0 }
    }

    fn tick(clock: i64, partitions: &[(i32, i64, bool)]) -> Tick<'static> {
        let progress = |&(partition, newest, at_end): &(i32, i64, bool)| PartitionProgress {
            topic: "audit.aws".into(),
            partition,
            newest: Some(Timestamp::from_millis(newest)),
            at_end,
        };
        Tick { clock: Timestamp::from_millis(clock), partitions: partitions.iter().map(progress).collect() }
    }

    #[test]
    fn the_slowest_partition_that_is_behind_holds_time_until_it_is_read() {
        let mut clock = StreamClock::default();
        let far = Timestamp::from_millis(1_000_000);
        clock.tick(&tick(900, &[(0, 500, false), (1, 200, false)]), far);
        assert_eq!(clock.now().as_millis(), 200);
        clock.observe(&position(1, 1), Timestamp::from_millis(400));
        assert_eq!(clock.now().as_millis(), 400);
        clock.tick(&tick(950, &[(1, 400, true)]), far);
        assert_eq!(clock.now().as_millis(), 500);
        clock.tick(&tick(1_000, &[(0, 500, true)]), Timestamp::from_millis(990));
        assert_eq!(clock.now().as_millis(), 990);
    }

    #[test]
    fn what_is_not_above_its_partition_was_read_before() {
        let mut clock = StreamClock::default();
        let mut is_further = |position| clock.observe(&position, Timestamp::from_millis(1));
        assert!(is_further(position(0, 5)));
        assert!(!is_further(position(0, 5)));
        assert!(!is_further(position(0, 4)));
        assert!(is_further(position(1, 4)));
        assert!(is_further(Position { epoch: 1, ..position(0, 0) }));
    }

    proptest! {
        /// Stream time never goes back, whatever ticks and events say.
        #[test]
        fn time_never_goes_back(steps in proptest::collection::vec((any::<bool>(), 0i32..3, 0i64..1_000, any::<bool>()), 1..60)) {
            let (mut clock, mut before) = (StreamClock::default(), Timestamp::default());
            for (is_tick, partition, time, at_end) in steps {
                if is_tick {
                    clock.tick(&tick(time, &[(partition, time, at_end)]), Timestamp::from_millis(time + 10));
                } else {
                    clock.observe(&position(partition, time), Timestamp::from_millis(time));
                }
                prop_assert!(clock.now() >= before);
                before = clock.now();
            }
        }
    }
}
