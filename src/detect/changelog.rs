//! The state's way to the changelog and back (law 4).
//!
//! Written as cuts: [`Detector::open_cut`], then [`Detector::write_cut`] between batches, then, when all of it is
//! acknowledged and an offset at or beyond the cut is committed, [`Detector::close_cut`]. Read back in two passes over the
//! changelog's partition: [`Detector::marker`] finds the last closed cut, [`Detector::restore`] takes its records.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::baseline::Baseline;
use super::budget::Budget;
use super::calibration::Calibration;
use super::clock::StreamClock;
use super::codec::{self, Record, Sort, read_key, read_marker};
use super::dedup::Filter;
use super::fleet::{Fleet, Group, Shard};
use super::links::Link;
use super::state::State;
use super::store::{Entry, Mark, Store};
use super::{Cut, Detector, StateChange, StateError};

/// The parts of the state that are one record together.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Rest {
    fleet: Fleet,
    calibration: Calibration,
    budget: Budget,
    clock: StreamClock,
    hand: u32,
    /// Minutes up to this one are not looked at for duplicates.
    seen_floor: i64,
}

/// What was read of the changelog so far: by key, the newest version that belongs to the cut.
#[derive(Debug, Clone, Default)]
pub struct Restoring {
    /// The highest number of a cut that was met, closed or not: the next one is above it.
    highest: u64,
    /// Slots with a record of a cut that was never closed. They must be written over before another cut is closed, or
    /// they would count as part of that.
    leftovers: HashMap<(Sort, u64), u8>,
    identities: HashMap<u64, Version<Baseline>>,
    groups: HashMap<u64, Version<Group>>,
    shards: HashMap<u64, Version<Shard>>,
    seen: HashMap<u64, Version<Filter>>,
    links: HashMap<u64, Version<Link>>,
    rest: Option<Version<Rest>>,
}

#[derive(Debug, Clone)]
struct Version<T> {
    cut: u64,
    slot: u8,
    place: u32,
    /// None where the part was removed.
    value: Option<T>,
}

impl Detector {
    /// Opens a cut at `next_offset`: what is known now, before that entry. Nothing happens while one is open.
    pub fn open_cut(&mut self, next_offset: i64) {
        self.settle();
        self.state.open_cut(next_offset);
    }

    /// Writes on at the open cut: looks at up to `budget` parts and hands records out in `changes`. Returns the cut once
    /// all of it was handed out and until it is closed; `None` while there is more to write, or where no cut is open.
    pub fn write_cut(&mut self, mut budget: usize, changes: &mut Vec<StateChange>) -> Option<Cut> {
        let State { cut, identities, groups, shards, seen, links, .. } = &mut self.state;
        let done = cut.write_on(Sort::Identity, identities, &mut budget)
            && cut.write_on(Sort::Group, groups, &mut budget)
            && cut.write_on(Sort::Shard, shards, &mut budget)
            && cut.write_on(Sort::Seen, &mut seen.filters, &mut budget)
            && cut.write_on(Sort::Link, &mut links.known, &mut budget);
        cut.hand_out(done, changes)
    }

    /// Closes the written cut: its marker, and what may be deleted now.
    pub fn close_cut(&mut self, changes: &mut Vec<StateChange>) {
        if let Some((cut, gone)) = self.state.cut.close() {
            changes.push(codec::write_marker(cut));
            let keys = gone.into_iter().flat_map(|(sort, id)| [0, 1].map(|slot| codec::key(sort, id, slot)));
            changes.extend(keys.map(|key| StateChange { key, value: None }));
        }
    }

    /// Whether a cut is open: being written, or waiting to be closed.
    pub fn has_open_cut(&self) -> bool {
        self.state.cut.is_open()
    }

    /// Reads the marker of a closed cut, where the record is one (first pass over a changelog: the last one counts).
    ///
    /// # Errors
    /// Where the record is a marker that cannot be read.
    pub fn marker(key: &[u8], value: Option<&[u8]>) -> Result<Option<Cut>, StateError> {
        match (read_key(key)?.0, value) {
            (Sort::Marker, Some(value)) => read_marker(value).map(Some),
            _ => Ok(None),
        }
    }

    /// Takes one record of the changelog that belongs to `cut` or an earlier one (second pass); others are only noted.
    /// All are to be given before the first event; where there is no marker, with [`Cut::NONE`].
    ///
    /// # Errors
    /// Where the record cannot be read.
    pub fn restore(&mut self, key: &[u8], value: Option<&[u8]>, cut: Cut) -> Result<(), StateError> {
        let (sort, id, slot) = read_key(key)?;
        let Some(value) = value.filter(|_| sort != Sort::Marker) else { return Ok(()) };
        let record = codec::read(value)?;
        let restoring = self.restoring.get_or_insert_default();
        restoring.highest = restoring.highest.max(record.cut).max(cut.id);
        if record.cut > cut.id {
            restoring.leftovers.insert((sort, id), slot);
            return Ok(());
        }
        match sort {
            Sort::Identity => take(&mut restoring.identities, id, slot, &record),
            Sort::Group => take(&mut restoring.groups, id, slot, &record),
            Sort::Shard => take(&mut restoring.shards, id, slot, &record),
            Sort::Seen => take(&mut restoring.seen, id, slot, &record),
            Sort::Link => take(&mut restoring.links, id, slot, &record),
            Sort::Fleet => {
                let newer = restoring.rest.as_ref().is_none_or(|known| known.cut < record.cut);
                if newer {
                    restoring.rest = Some(version(slot, &record)?);
                }
                Ok(())
            }
            Sort::Marker => Ok(()),
        }
    }

    /// Puts what was read of the changelog in its place, before anything else happens.
    pub(super) fn settle(&mut self) {
        let Some(restoring) = self.restoring.take() else { return };
        let state = &mut self.state;
        state.cut.resume_after(restoring.highest);
        if let Some(Version { slot, value: Some(rest), .. }) = restoring.rest {
            state.fleet = rest.fleet;
            state.calibration = rest.calibration;
            state.budget.resume(rest.budget);
            state.clock = rest.clock;
            state.hand = rest.hand;
            state.seen.floor = rest.seen_floor;
            state.rest_slot = slot;
        }
        let left = restoring.leftovers;
        place(&mut state.identities, restoring.identities, &left, Sort::Identity);
        place(&mut state.groups, restoring.groups, &left, Sort::Group);
        place(&mut state.shards, restoring.shards, &left, Sort::Shard);
        place(&mut state.seen.filters, restoring.seen, &left, Sort::Seen);
        place(&mut state.links.known, restoring.links, &left, Sort::Link);
        state.take_census();
    }
}

impl State {
    fn open_cut(&mut self, next_offset: i64) {
        if self.cut.is_open() {
            return;
        }
        self.rest_slot ^= 1;
        let rest = Rest {
            fleet: self.fleet.clone(),
            calibration: self.calibration.clone(),
            budget: self.budget.clone(),
            clock: self.clock.clone(),
            hand: self.hand,
            seen_floor: self.seen.floor,
        };
        let entry = Entry { id: 0, mark: Mark::written(0, self.rest_slot), value: rest };
        self.cut.open(next_offset, |cut| vec![codec::write(Sort::Fleet, 0, &entry, cut)]);
    }
}

fn take<T: DeserializeOwned>(
    known: &mut HashMap<u64, Version<T>>,
    id: u64,
    slot: u8,
    record: &Record<'_>,
) -> Result<(), StateError> {
    if known.get(&id).is_none_or(|known| known.cut < record.cut) {
        known.insert(id, version(slot, record)?);
    }
    Ok(())
}

fn version<T: DeserializeOwned>(slot: u8, record: &Record<'_>) -> Result<Version<T>, StateError> {
    let value = if record.gone { None } else { Some(record.payload()?) };
    Ok(Version { cut: record.cut, slot, place: record.place, value })
}

/// Removed parts whose keys were not deleted yet stay known as gone, so that the next cut does it. Where a slot holds a
/// leftover, the next cut writes over it: the part itself, or that it is gone.
fn place<T>(store: &mut Store<T>, versions: HashMap<u64, Version<T>>, left: &HashMap<(Sort, u64), u8>, sort: Sort) {
    for (id, version) in versions {
        let mark = Mark::written(version.cut, version.slot);
        match version.value {
            Some(value) => store.put(version.place, Entry { id, mark, value }),
            None => {
                store.gone.insert(id, mark);
            }
        }
    }
    for (&(_, id), slot) in left.iter().filter(|((of, _), _)| *of == sort) {
        match store.find(id) {
            Some(place) => store.entry_mut(place).mark.dirty = true,
            None => {
                // A removal is written to the other slot than the one that is noted.
                store.gone.entry(id).or_insert(Mark::written(0, slot ^ 1));
            }
        }
    }
}
