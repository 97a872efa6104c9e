//! Events → baselines → evidence → findings. Pure: the worker that owns an events partition owns one [`Detector`].
//!
//! Each event is judged by what was known before it, then learned:
//!
//! ```text
//!  admit ─▶ duplicate? ─▶ find the identity ─▶ look values up ─▶ close its past hours ─▶ judge ─▶ conclude ─▶ share ─▶ learn
//!  (position,  (id)        (new: join peer     (what is new?)     (peers and fleet       (bits →   (incident,  (peers'  (own table;
//!   time)                   groups; evict)            │            learn them)            evidence)  finding)    waves)   peers later)
//!                                                     └── nothing, and not the first event of its hour ──────────────────▲
//! ```
//!
//! What can be worked out before an event's turn, and read into the processor's caches for many at once, is in `ahead`.
//!
//! The model is described in the documentation of the parts: what is compared (`features`), how surprising it is
//! (`surprise`), less what peers do as well (`wave`), what that is worth (`calibration`, `signal`, `evidence`), when
//! somebody is told (`peaks`, `budget`, `incident`, `conclude`). What is kept: `baseline`, `fleet`, `dedup`, all of it
//! in `state`, written to the changelog as cuts (`cut`, `codec`).
//!
//! Absent on purpose: clocks, random numbers, and anything whose order is not that of the events.

mod ahead;
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
mod index;
mod judge;
mod learn;
mod links;
mod memory;
mod peaks;
mod score;
mod signal;
mod state;
mod store;
mod surprise;
mod values;
mod wave;

pub use ahead::Ahead;
pub use effects::{Census, Counts, Effects, PoolCensus, StateChange};
pub use memory::Memory;

use crate::config::{BudgetConfig, DetectConfig};
use crate::event::{Attributed, Tick, Timestamp};

use baseline::Baseline;
use changelog::Restoring;
use judge::{Found, Judge, look_up, network_category};
use learn::{Lesson, Told};
use signal::Judged;
use state::State;

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
    found: Vec<Found>,
    told: Vec<Told>,
}

impl Detector {
    /// A detector for an events partition; it knows nothing yet.
    pub fn new(config: &DetectConfig, budget: &BudgetConfig) -> Detector {
        let state = State::new(config, budget);
        Detector { state, restoring: None, has_positions: true, found: Vec::new(), told: Vec::new() }
    }

    /// A detector for events merged from files, whose positions do not tell what was read before.
    pub fn for_files(config: &DetectConfig, budget: &BudgetConfig) -> Detector {
        Detector { has_positions: false, ..Detector::new(config, budget) }
    }

    /// Judges one event by what was known before it, then learns it.
    pub fn apply(&mut self, event: &Attributed<'_>, effects: &mut Effects) {
        let ahead = self.state.ahead(event);
        self.apply_ahead(&ahead, effects);
    }

    /// The same for an event that this detector looked at before its turn.
    pub fn apply_ahead(&mut self, ahead: &Ahead<'_>, effects: &mut Effects) {
        self.settle();
        effects.evidence_bits = 0.0;
        if !self.admit(ahead.event, effects) {
            return;
        }
        self.advance(effects);
        if self.is_duplicate(ahead) {
            effects.counts.duplicate += 1;
            return;
        }
        self.count(ahead.event, &mut effects.counts);
        let place = self.state.identity(ahead, &mut effects.counts);
        if !self.pass(place, ahead, &mut effects.counts) {
            self.consider(place, ahead, effects);
        }
        if !ahead.event.event.issued.is_empty() {
            self.state.note_issued(ahead.event);
        }
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
        let time = event.event.time;
        if !self.has_positions {
            self.state.clock.observe_file(time);
            return true;
        }
        let is_further = self.state.clock.observe(&event.position, time);
        effects.counts.repeated += u64::from(!is_further);
        is_further
    }

    /// Does what stream time brings about: each hour the calibration and the thresholds; incidents that were quiet.
    fn advance(&mut self, effects: &mut Effects) {
        let State { budget, calibration, census, seen, links, cut, clock, .. } = &mut self.state;
        let now = clock.now();
        if budget.advance(now.hour(), &census.identities) {
            calibration.refresh(now.hour());
            seen.forget(now, cut);
            links.forget(now, cut);
        }
        self.close_quiet(effects);
    }

    /// Whether the event's id was seen before, and it brings its identity nothing new: a filter's false hit must never hide
    /// a new value.
    fn is_duplicate(&mut self, ahead: &Ahead<'_>) -> bool {
        let (State { seen, cut, .. }, time) = (&mut self.state, ahead.event.event.time);
        if !seen.is_repeated(ahead.event_id, time, cut) {
            return false;
        }
        let Some(baseline) = self.state.known(ahead) else { return false };
        look_up(baseline, ahead.values.as_slice(), time.hour(), &self.state.settings, &mut self.found);
        !baseline.is_rested(time) && !self.found.iter().any(|found| found.is_new)
    }

    fn count(&mut self, event: &Attributed<'_>, counts: &mut Counts) {
        let lateness = i64::from(self.state.settings.config.lateness_min) * 60_000;
        counts.scored += 1;
        counts.late += u64::from(self.state.now().since(event.event.time) > lateness);
    }

    /// Looks the event's values up. Where nothing is new, in an hour in which the identity was active before, there is
    /// nothing to judge and the event is learned right where the baseline stands: so it is with nearly all events. Says
    /// whether it was; else nothing has changed yet.
    fn pass(&mut self, place: u32, ahead: &Ahead<'_>, counts: &mut Counts) -> bool {
        let Detector { state: State { identities, settings, .. }, found, told, .. } = self;
        let (baseline, time) = (&mut identities.entry_mut(place).value, ahead.event.event.time);
        look_up(baseline, ahead.values.as_slice(), time.hour(), settings, found);
        let Some(open_hour) = baseline.known_hour(time) else { return false };
        let is_something = found.iter().any(|found| found.is_new) || network_category(baseline, open_hour, found) > 0;
        if is_something || baseline.in_incident() || baseline.is_rested(time) {
            return false;
        }
        baseline.mark_active(open_hour, time);
        let (groups, prior_hours) = (baseline.groups, baseline.prior_hours(open_hour));
        Lesson { settings, open_hour, hour: time.hour(), in_incident: false }.learn(baseline, found, told);
        counts.learning += u64::from(self.state.is_learning(prior_hours, groups));
        self.tell_others(groups, time.hour(), counts);
        true
    }

    /// Judges an event that may bring something new, and learns it.
    fn consider(&mut self, place: u32, ahead: &Ahead<'_>, effects: &mut Effects) {
        let (id, event) = (ahead.identity, ahead.event);
        let mut baseline = self.take(place);
        let deadline = self.state.deadline_of(&baseline);
        let open_hour = self.roll(&mut baseline, event, effects);
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

    /// Closes the hours that the event leaves behind; the identity's groups and the fleet learn them.
    fn roll(&mut self, baseline: &mut Baseline, event: &Attributed<'_>, effects: &mut Effects) -> usize {
        let time = event.event.time;
        if self.state.deadline_of(baseline).is_some_and(|deadline| deadline <= time) {
            self.close(baseline, effects);
        }
        let (groups, in_incident) = (baseline.groups, baseline.in_incident());
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
