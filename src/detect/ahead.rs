//! What can be worked out of events before it is their turn: their hashes, and where what they need stands in memory.
//!
//! A large fleet does not fit into a processor's caches: each event waits for its identity's index, counters and values,
//! one after the other. [`Detector::look_ahead`] reads all of that for a few dozen events at once, so that they wait
//! together (Chen, Ailamaki, Gibbons, Mowry, "Improving Hash Join Performance through Prefetching", ICDE 2004: group
//! prefetching; with plain reads, which processors overlap as well).
//!
//! In: events in the order in which they will be applied. Out: the same, ready for [`Detector::apply_ahead`]. Nothing
//! changes, and nothing depends on whether somebody looked ahead.

use std::hint::black_box;

use crate::event::Attributed;

use super::Detector;
use super::features::{Values, values_of};
use super::state::{State, event_id_of, id_of};
use super::store::NOWHERE;

/// An event that was looked at ahead of its turn.
#[derive(Debug, Clone)]
pub struct Ahead<'e> {
    pub(super) event: &'e Attributed<'e>,
    /// The id of its identity.
    pub(super) identity: u64,
    /// Where that stood, if it was known.
    pub(super) place: u32,
    /// What its own id is known by.
    pub(super) event_id: u64,
    pub(super) values: Values,
}

impl Detector {
    /// Events that are worth looking at together: fewer wait for memory longer, what more of them need is gone again from
    /// the nearest cache before it is their turn.
    pub const LOOK_AHEAD: usize = 32;

    /// Looks at events that will be applied next, in this order, [`Detector::LOOK_AHEAD`] at a time.
    pub fn look_ahead<'e>(&self, events: impl IntoIterator<Item = &'e Attributed<'e>>) -> Vec<Ahead<'e>> {
        let mut ahead: Vec<Ahead<'e>> = events.into_iter().map(|event| self.state.ahead(event)).collect();
        self.state.touch(&mut ahead);
        ahead
    }
}

impl State {
    /// What is worked out of one event.
    pub(super) fn ahead<'e>(&self, event: &'e Attributed<'e>) -> Ahead<'e> {
        Ahead {
            event,
            identity: id_of(event, &self.hasher),
            place: NOWHERE,
            event_id: event_id_of(event, &self.hasher),
            values: values_of(event, &self.hasher),
        }
    }

    /// Reads what the events will need, one kind of thing at a time: the reads of one pass do not wait for one another.
    fn touch(&self, ahead: &mut [Ahead<'_>]) {
        let mut read = 0;
        for ahead in ahead.iter() {
            read ^= u64::from(self.identities.touch(ahead.identity));
        }
        for ahead in ahead.iter_mut() {
            ahead.place = self.identities.find(ahead.identity).unwrap_or(NOWHERE);
        }
        for ahead in ahead.iter() {
            read ^= self.identities.get(ahead.place as usize).map_or(0, |entry| entry.value.touch());
            read ^= self.seen.touch(ahead.event_id, ahead.event.event.time);
        }
        for ahead in ahead.iter() {
            read ^= self.touch_values(ahead);
        }
        black_box(read);
    }

    fn touch_values(&self, ahead: &Ahead<'_>) -> u64 {
        let Some(entry) = self.identities.get(ahead.place as usize) else { return 0 };
        let read = entry.value.values.touch(ahead.values.as_slice().iter().map(|value| value.fingerprint));
        // In each hour an identity's first event goes to its groups.
        let groups =
            if ahead.event.event.time.hour() > entry.value.newest_hour() { &entry.value.groups[..] } else { &[] };
        let groups = groups.iter().filter_map(|place| self.groups.get(*place as usize));
        groups.fold(u64::from(read), |read, group| read ^ group.value.touch())
    }
}
