//! Cuts: everything that a result depends on, as it was at one offset, written in the background (law 4).
//!
//! ```text
//!  Idle ── open(offset) ──▶ Writing ── all handed out ──▶ Written ── close ──▶ Idle
//!                            │  ▲
//!                            └──┘ a part that changes before it was written is copied first
//! ```

use serde::Serialize;

use super::codec::{Sort, write, write_gone};
use super::store::{Entry, Store};
use super::{Cut, StateChange};

/// The cut that is being written, and the number of the last one.
#[derive(Debug, Clone, Default)]
pub struct CutBook {
    last: u64,
    open: Option<OpenCut>,
}

#[derive(Debug, Clone)]
struct OpenCut {
    cut: Cut,
    /// Next place to look at, by store.
    next: [usize; 5],
    /// Written already, not handed out yet.
    ready: Vec<StateChange>,
    /// Keys that may be deleted once the cut is closed.
    gone: Vec<(Sort, u64)>,
    written: bool,
}

impl CutBook {
    /// The number that parts made now are marked with: they are not part of the open cut.
    pub fn current(&self) -> u64 {
        self.open.as_ref().map_or(self.last, |open| open.cut.id)
    }

    /// Whether a cut is being written or waits to be closed.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// The numbers begin after that of the cut that was restored.
    pub fn resume_after(&mut self, cut: u64) {
        self.last = self.last.max(cut);
    }

    /// Opens a cut; `ready` is what belongs to it from the start. Nothing happens while one is open.
    pub fn open(&mut self, next_offset: i64, ready: impl FnOnce(u64) -> Vec<StateChange>) {
        if self.open.is_none() {
            self.last += 1;
            let cut = Cut { id: self.last, next_offset };
            let ready = ready(cut.id);
            self.open = Some(OpenCut { cut, next: [0; 5], ready, gone: Vec::new(), written: false });
        }
    }

    /// To be called before a part changes: copies it first where the open cut has not passed it, and marks it as changed.
    pub fn preserve<T: Serialize>(&mut self, sort: Sort, place: u32, entry: &mut Entry<T>) {
        if let Some(open) = &mut self.open {
            open.pass(sort, place, entry);
        }
        entry.mark.dirty = true;
    }

    /// Hands out what is ready, and looks at up to `budget` further parts of a store. Says whether the store is done.
    pub fn write_on<T: Serialize>(&mut self, sort: Sort, store: &mut Store<T>, budget: &mut usize) -> bool {
        let Some(open) = &mut self.open else { return true };
        let next = sort as usize - 1;
        while open.next[next] < store.places() && *budget > 0 {
            let place = open.next[next];
            open.next[next] += 1;
            *budget -= 1;
            if let Some(entry) = store.get_mut(place) {
                open.pass(sort, place as u32, entry);
            }
        }
        if open.next[next] < store.places() {
            return false;
        }
        open.bury(sort, store);
        true
    }

    /// Hands out what is ready. Returns the cut once `done`.
    pub fn hand_out(&mut self, done: bool, changes: &mut Vec<StateChange>) -> Option<Cut> {
        let open = self.open.as_mut()?;
        changes.append(&mut open.ready);
        open.written |= done;
        open.written.then_some(open.cut)
    }

    /// Closes a written cut. Returns it, with the keys that may be deleted.
    pub fn close(&mut self) -> Option<(Cut, Vec<(Sort, u64)>)> {
        let open = self.open.take_if(|open| open.written)?;
        Some((open.cut, open.gone))
    }
}

impl OpenCut {
    fn pass<T: Serialize>(&mut self, sort: Sort, place: u32, entry: &mut Entry<T>) {
        if self.written || entry.mark.is_of(self.cut.id) {
            return;
        }
        entry.mark.pass(self.cut.id);
        if entry.mark.dirty {
            entry.mark.slot ^= 1;
            entry.mark.dirty = false;
            self.ready.push(write(sort, place, entry, self.cut.id));
        }
    }

    /// Writes down which parts were removed since the last cut. Those removed after this one was opened are written as
    /// they were by [`CutBook::preserve`], and stay for the next.
    fn bury<T>(&mut self, sort: Sort, store: &mut Store<T>) {
        if self.written {
            return;
        }
        let cut = self.cut.id;
        for (&id, mark) in store.gone.iter_mut().filter(|(_, mark)| !mark.is_of(cut)) {
            mark.slot ^= 1;
            self.ready.push(write_gone(sort, id, mark.slot, cut));
            self.gone.push((sort, id));
        }
        store.gone.retain(|_, mark| mark.is_of(cut));
    }
}
