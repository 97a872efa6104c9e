//! The records of many files in order of time, in bounded memory.
//!
//! A file is opened when the merge has come to its earliest event, and held open until it is read; each file passes
//! through a window in which its own events are put in order. What is held are events in the compact form of the
//! events topic. Events of one time go by their ids, so that neither the order of the paths nor how events are spread over
//! files makes a difference.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use anyhow::Result;

use super::earliest::earliest;
use super::input::Input;
use super::open::Opener;
use super::records::{Reading, Records};
use super::tally::Tally;
use crate::config::{IdentityConfig, ReplayConfig};
use crate::decode::Decoded;
use crate::event::{Attributed, Entry, Event, Position, Source, Timestamp, encode_entry};
use crate::identity::Resolver;

/// An event that waits for its turn: an [`Entry`] in its compact form.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Waiting {
    time: Timestamp,
    id: Box<str>,
    /// The place of its file among all files, in order of their names.
    file: usize,
    record: u64,
    /// The entry.
    pub(super) entry: Vec<u8>,
}

/// A file that is to be opened when its time has come.
struct Unopened {
    start: Timestamp,
    file: usize,
}

/// All files in order of time.
pub(super) struct Merge<'c> {
    inputs: Vec<Input>,
    opener: Opener,
    reading: &'c Reading,
    resolver: Resolver,
    config: &'c ReplayConfig,
    /// The next one last.
    unopened: Vec<Unopened>,
    open: Vec<Option<Window<'c>>>,
    open_files: usize,
    heads: BinaryHeap<Reverse<Waiting>>,
    /// Time of the last event that was handed out.
    reached: Timestamp,
    /// What was read so far.
    pub(super) tally: Tally,
    /// Files that could not be opened in time because too many overlap.
    pub(super) opened_late: u64,
}

impl<'c> Merge<'c> {
    /// Looks at every file and puts them in order. `looked_at` is called for each file.
    ///
    /// # Errors
    /// Where a file cannot be read.
    pub(super) fn new(
        mut inputs: Vec<Input>,
        mut opener: Opener,
        reading: &'c Reading,
        identity: &'c IdentityConfig,
        config: &'c ReplayConfig,
        looked_at: &mut dyn FnMut(usize),
    ) -> Result<Merge<'c>> {
        inputs.sort_by(|a, b| a.name.cmp(&b.name));
        let mut unopened = Vec::new();
        for (file, input) in inputs.iter().enumerate() {
            // What can be read once only, or alone, is opened at once.
            let is_regular = input.bytes.is_some() && inputs.len() > 1;
            let start = if is_regular { earliest(input, &mut opener, config.whole_file_bytes)? } else { None };
            unopened.push(Unopened { start: start.unwrap_or(Timestamp::from_millis(i64::MIN)), file });
            looked_at(file + 1);
        }
        unopened.sort_by_key(|unopened| Reverse((unopened.start, unopened.file)));
        opener.read.set(0);
        let open = inputs.iter().map(|_| None).collect();
        Ok(Merge {
            inputs,
            opener,
            reading,
            resolver: Resolver::new(identity),
            config,
            unopened,
            open,
            open_files: 0,
            heads: BinaryHeap::new(),
            reached: Timestamp::from_millis(i64::MIN),
            tally: Tally::default(),
            opened_late: 0,
        })
    }

    /// The next event; none at the end.
    ///
    /// # Errors
    /// Where a file cannot be read.
    pub(super) fn next(&mut self) -> Result<Option<Waiting>> {
        while self.is_time_to_open() {
            self.open_next()?;
        }
        let Some(Reverse(next)) = self.heads.pop() else { return Ok(None) };
        self.reached = self.reached.max(next.time);
        self.advance(next.file)?;
        Ok(Some(next))
    }

    /// Whether the next unopened file may hold an event that comes before all that wait.
    fn is_time_to_open(&self) -> bool {
        let Some(next) = self.unopened.last() else { return false };
        match self.heads.peek() {
            None => true,
            Some(Reverse(head)) => next.start <= head.time && self.open_files < self.config.max_open_files,
        }
    }

    fn open_next(&mut self) -> Result<()> {
        let Some(Unopened { start, file }) = self.unopened.pop() else { return Ok(()) };
        self.opened_late += u64::from(start < self.reached && start.as_millis() != i64::MIN);
        let records = Records::open(&self.inputs[file], &mut self.opener, self.reading)?;
        self.open[file] = Some(Window { records, events: BinaryHeap::new() });
        self.open_files += 1;
        self.advance(file)
    }

    /// Brings the next event of a file to the merge, and closes the file behind its last one.
    fn advance(&mut self, file: usize) -> Result<()> {
        let Some(window) = &mut self.open[file] else { return Ok(()) };
        window.fill(self.config.reorder_events, &mut |record, decoded| {
            self.tally.count(&decoded);
            match decoded {
                Ok(event) => Some(waiting(event, &self.inputs[file].name, file, record, &mut self.resolver)),
                _ => None,
            }
        })?;
        match window.events.pop() {
            Some(event) => self.heads.push(event),
            None => {
                self.open[file] = None;
                self.open_files -= 1;
            }
        }
        Ok(())
    }
}

/// Puts the events of one open file in order.
struct Window<'c> {
    records: Records<'c>,
    events: BinaryHeap<Reverse<Waiting>>,
}

impl Window<'_> {
    /// Reads on until more than `limit` events wait, or to the end.
    fn fill(&mut self, limit: usize, make: &mut dyn FnMut(u64, Decoded<'_>) -> Option<Waiting>) -> Result<()> {
        while self.events.len() <= limit {
            let events = &mut self.events;
            let mut take = |record: u64, _: Option<Source>, decoded: Decoded<'_>| {
                events.extend(make(record, decoded).map(Reverse))
            };
            if !self.records.read_on(&mut take)? {
                break;
            }
        }
        Ok(())
    }
}

fn waiting(mut event: Event<'_>, topic: &str, file: usize, record: u64, resolver: &mut Resolver) -> Waiting {
    let offset = i64::try_from(record).unwrap_or(i64::MAX) - 1;
    let position = Position { topic: topic.into(), partition: 0, epoch: 0, offset, index: 0 };
    let (time, id) = (event.time, Box::from(&*event.id));
    let identity = resolver.attribute(&mut event);
    let mut entry = Vec::new();
    encode_entry(&Entry::Event(Attributed { position, identity, event }), &mut entry);
    Waiting { time, id, file, record, entry }
}

#[cfg(test)]
mod tests;
