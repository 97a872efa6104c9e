//! Events → baselines → evidence → findings. Pure: the worker that owns an events partition owns one [`Detector`].
//!
//! Each event is judged by what was known before it, then learned:
//!
//! ```text
//!  admit ─▶ duplicate? ─▶ find the identity ─▶ close its past hours ─▶ look values up ─▶ judge ─▶ conclude ─▶ share ─▶ learn
//!  (position,  (id)        (new: join peer     (peers and fleet        (what is new?)   (bits →   (incident,  (peers'  (own table;
//!   time)                   groups; evict)      learn them)                             evidence)  finding)    waves)   peers later)
//! ```
//!
//! The model is described in the documentation of the parts: what is compared (`features`), how surprising it is
//! (`surprise`), less what peers do as well (`wave`), what that is worth (`calibration`, `signal`, `evidence`), when
//! somebody is told (`peaks`, `budget`, `incident`, `conclude`). What is kept: `baseline`, `fleet`, `dedup`, all of it
//! in `state`, written to the changelog as cuts (`cut`, `codec`).
//!
//! Absent on purpose: clocks, random numbers, and anything whose order is not that of the events.

mod baseline;
mod budget;
mod calibration;
mod changelog;
mod clock;
mod codec;
mod conclude;
mod cut;
mod decay;
mod dedup;
mod effects;
mod evidence;
mod features;
mod finding;
mod fleet;
mod hash;
mod incident;
mod judge;
mod learn;
mod peaks;
mod score;
mod signal;
mod state;
mod store;
mod surprise;
mod values;
mod wave;

pub use effects::{Census, Counts, Effects, PoolCensus, StateChange};

use crate::config::{BudgetConfig, DetectConfig};
use crate::event::{Attributed, Tick, Timestamp};

use baseline::Baseline;
use changelog::Restoring;
use features::{Value, values_of};
use judge::{Found, Judge, look_up};
use signal::Judged;
use state::State;

/// Role of event ids in hashes.
const EVENT_ID: u8 = 103;

/// A closed cut, as its marker names it: state is complete up to, not including, `next_offset`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Number of the cut; each cut has a higher one.
    pub id: u64,
    /// The offset in the events partition of the first entry that is not in it.
    pub next_offset: i64,
}

impl Cut {
    /// Before every cut: nothing was ever closed.
    pub const NONE: Cut = Cut { id: 0, next_offset: 0 };
}

/// Why a record of the state changelog cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// Not written by us, damaged, or of a version that is not known.
    #[error("the state record is damaged or of an unknown version: {0}")]
    Damaged(String),
}

/// Everything known of the identities of one events partition.
#[derive(Debug, Clone)]
pub struct Detector {
    state: State,
    restoring: Option<Box<Restoring>>,
    /// Whether events carry positions that only go up (a topic), or are merged from files.
    has_positions: bool,
    values: Vec<Value>,
    found: Vec<Found>,
}

impl Detector {
    /// A detector for an events partition; it knows nothing yet.
    pub fn new(config: &DetectConfig, budget: &BudgetConfig) -> Detector {
        let state = State::new(config, budget);
        Detector { state, restoring: None, has_positions: true, values: Vec::new(), found: Vec::new() }
    }

    /// A detector for events merged from files, whose positions do not tell what was read before.
    pub fn for_files(config: &DetectConfig, budget: &BudgetConfig) -> Detector {
        Detector { has_positions: false, ..Detector::new(config, budget) }
    }

    /// Judges one event by what was known before it, then learns it.
    pub fn apply(&mut self, event: &Attributed<'_>, effects: &mut Effects) {
        self.settle();
        effects.evidence_bits = 0.0;
        if !self.admit(event, effects) {
            return;
        }
        self.advance(effects);
        values_of(event, &self.state.hasher, &mut self.values);
        if self.is_duplicate(event) {
            effects.counts.duplicate += 1;
            return;
        }
        self.count(event, &mut effects.counts);
        let (id, place) = self.state.identity(event, &mut effects.counts);
        let mut baseline = self.take(place);
        let deadline = self.state.deadline_of(&baseline);
        let open_hour = self.roll(&mut baseline, event, effects);
        look_up(&baseline, &self.values, event.event.time.hour(), &self.state.settings, &mut self.found);
        let judged = self.judge(id, &mut baseline, open_hour, event, &mut effects.counts);
        if judged.rose {
            self.conclude(&mut baseline, event, effects);
        }
        if !judged.signals.is_empty() {
            self.share(id, &mut baseline, &judged, event, effects);
        }
        self.learn(&mut baseline, open_hour, event, &mut effects.counts);
        self.reschedule(place, deadline, &baseline);
        self.put_back(place, baseline);
    }

    /// Takes ingest's word on how far time has come. `appended` is the broker's time of the tick.
    pub fn tick(&mut self, tick: &Tick<'_>, appended: Timestamp, effects: &mut Effects) {
        self.settle();
        effects.counts.ticks += 1;
        self.state.clock.tick(tick, appended);
        self.advance(effects);
    }

    /// Stream time: never goes back.
    pub fn stream_time(&self) -> Timestamp {
        self.state.now()
    }

    /// What there is now, for gauges; cheap.
    pub fn census(&self) -> Census {
        self.state.census_now()
    }

    /// Positions and stream time. Says whether the event is to be looked at.
    fn admit(&mut self, event: &Attributed<'_>, effects: &mut Effects) -> bool {
        let (position, time) = (&event.position, event.event.time);
        if !self.has_positions {
            self.state.clock.observe_file(time);
        } else if self.state.clock.is_further(position) {
            self.state.clock.observe(position, time);
        } else {
            effects.counts.repeated += 1;
            return false;
        }
        true
    }

    /// Does what stream time brings about: each hour the calibration and the thresholds; incidents that were quiet.
    fn advance(&mut self, effects: &mut Effects) {
        let State { budget, calibration, census, seen, cut, clock, .. } = &mut self.state;
        let now = clock.now();
        if budget.advance(now.hour(), &census.identities) {
            calibration.refresh(now.hour());
            seen.forget(now, cut);
        }
        self.close_quiet(effects);
    }

    /// Whether the event's id was seen before, and it brings its identity nothing new: a filter's false hit must never hide
    /// a new value.
    fn is_duplicate(&mut self, event: &Attributed<'_>) -> bool {
        let State { seen, hasher, cut, .. } = &mut self.state;
        if !seen.is_repeated(hasher.text(EVENT_ID, &event.event.id), event.event.time, cut) {
            return false;
        }
        let Some(baseline) = self.state.known(event) else { return false };
        let rests = baseline.is_rested(event.event.time);
        look_up(baseline, &self.values, event.event.time.hour(), &self.state.settings, &mut self.found);
        !rests && !self.found.iter().any(|found| found.is_new)
    }

    fn count(&mut self, event: &Attributed<'_>, counts: &mut Counts) {
        let lateness = i64::from(self.state.settings.config.lateness_min) * 60_000;
        counts.scored += 1;
        counts.late += u64::from(self.state.now().since(event.event.time) > lateness);
    }

    /// Closes the hours that the event leaves behind; the identity's groups and the fleet learn them.
    fn roll(&mut self, baseline: &mut Baseline, event: &Attributed<'_>, effects: &mut Effects) -> usize {
        let time = event.event.time;
        if self.state.deadline_of(baseline).is_some_and(|deadline| deadline <= time) {
            self.close(baseline, effects);
        }
        let in_incident = baseline.open.as_ref().is_some_and(|open| open.incident.is_some());
        let groups = baseline.groups;
        let before = (baseline.active_hours() > 0).then(|| baseline.last_seen.hour());
        self.state.mark_active(groups, before, time.hour());
        let mut closings = Vec::new();
        let open_hour = baseline.roll(time, &self.state.settings.own_decay, |closing| closings.push(closing));
        for closing in &closings {
            self.state.learn_closed(groups, closing, in_incident);
        }
        if !closings.is_empty() {
            baseline.open.take_if(|open| open.is_over(time));
        }
        open_hour
    }

    fn judge(
        &self,
        id: u64,
        baseline: &mut Baseline,
        open_hour: usize,
        event: &Attributed<'_>,
        counts: &mut Counts,
    ) -> Judged {
        let prior_hours = baseline.prior_hours(open_hour);
        let rested = baseline.mark_active(open_hour, event.event.time);
        let judge = Judge {
            event,
            identity: id,
            settings: &self.state.settings,
            fleet: &self.state.fleet,
            calibration: &self.state.calibration,
            peers: self.state.peers(baseline.groups),
            open_hour,
            prior_hours,
        };
        counts.learning += u64::from(judge.is_learning());
        judge.judge(&self.state, baseline, &self.found, rested)
    }

    /// Keeps the time at which an identity's incident will close.
    fn reschedule(&mut self, place: u32, before: Option<Timestamp>, baseline: &Baseline) {
        let after = self.state.deadline_of(baseline);
        if before == after {
            return;
        }
        if let Some(before) = before {
            self.state.deadlines.remove(&(before, place));
        }
        if let Some(after) = after {
            self.state.deadlines.insert((after, place));
        }
    }

    /// The baseline, to be put back; what the census says of it is taken out meanwhile.
    fn take(&mut self, place: u32) -> Baseline {
        let baseline = self.state.identities.entry_mut(place);
        let empty = Baseline::new(baseline.value.kind, baseline.value.groups, baseline.value.first_seen);
        let baseline = std::mem::replace(&mut baseline.value, empty);
        self.state.census.state_bytes -= baseline.bytes() as u64;
        self.state.census.learning -= u64::from(self.is_young(&baseline));
        baseline
    }

    fn put_back(&mut self, place: u32, baseline: Baseline) {
        self.state.census.state_bytes += baseline.bytes() as u64;
        self.state.census.learning += u64::from(self.is_young(&baseline));
        self.state.identities.entry_mut(place).value = baseline;
    }

    fn is_young(&self, baseline: &Baseline) -> bool {
        baseline.active_hours() < self.state.settings.config.warm_hours
    }
}
