//! Events → baselines → evidence → findings. Pure: the worker that owns an events partition owns one [`Detector`].
//!
//! Each event is judged by what was known before it, then learned:
//!
//! ```text
//!  admit ─▶ find the identity ─▶ close its past hours ─▶ look values up ─▶ judge ─▶ conclude ─▶ learn
//!  (position,  (new: join peer     (peers and fleet       (what is new?)   (bits →   (incident,  (own table;
//!   time)       groups; evict)      learn them)                            evidence)  finding)    peers later)
//! ```
//!
//! The model is described in the documentation of the parts: what is compared (`features`), how surprising it is
//! (`surprise`), what that is worth (`evidence`, `score`), when somebody is told (`incident`). What is kept:
//! `baseline`, `fleet`, all of it in `state`, written to the changelog as cuts (`cut`, `codec`).
//!
//! Absent on purpose: clocks, random numbers, and anything whose order is not that of the events.

mod baseline;
mod changelog;
mod clock;
mod codec;
mod cut;
mod decay;
mod effects;
mod evidence;
mod features;
mod finding;
mod fleet;
mod hash;
mod incident;
mod judge;
mod learn;
mod score;
mod state;
mod store;
mod surprise;
mod values;

pub use effects::{Census, Counts, Effects, StateChange};

use crate::config::DetectConfig;
use crate::event::{Attributed, Feature, Maturity, Tick, Timestamp};

use baseline::Baseline;
use changelog::Restoring;
use features::{Value, values_of};
use finding::{Statement, audit_ref, state};
use incident::Incident;
use judge::{Found, Judge, look_up};
use score::Reference;
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
    values: Vec<Value>,
    found: Vec<Found>,
}

impl Detector {
    /// A detector for an events partition; it knows nothing yet.
    pub fn new(config: &DetectConfig) -> Detector {
        let state = State::new(config);
        Detector { state, restoring: None, has_positions: true, values: Vec::new(), found: Vec::new() }
    }

    /// A detector for events merged from files, whose positions do not tell what was read before.
    pub fn for_files(config: &DetectConfig) -> Detector {
        Detector { has_positions: false, ..Detector::new(config) }
    }

    /// Judges one event by what was known before it, then learns it.
    pub fn apply(&mut self, event: &Attributed<'_>, effects: &mut Effects) {
        self.settle();
        if !self.admit(event, effects) {
            return;
        }
        let place = self.state.identity(event, &mut effects.counts);
        let mut baseline = self.take(place);
        let open_hour = self.roll(&mut baseline, event);
        values_of(event, &self.state.hasher, &mut self.values);
        look_up(&baseline, &self.values, event.event.time.hour(), &self.state.settings, &mut self.found);
        if self.judge(&mut baseline, open_hour, event, &mut effects.counts) {
            self.conclude(&mut baseline, event, effects);
        }
        self.learn(&mut baseline, open_hour, event, &mut effects.counts);
        self.put_back(place, baseline);
    }

    /// Takes ingest's word on how far time has come. `appended` is the broker's time of the tick.
    pub fn tick(&mut self, tick: &Tick<'_>, appended: Timestamp, effects: &mut Effects) {
        self.settle();
        effects.counts.ticks += 1;
        self.state.clock.tick(tick, appended);
    }

    /// Stream time: never goes back.
    pub fn stream_time(&self) -> Timestamp {
        self.state.now()
    }

    /// What there is now, for gauges; cheap.
    pub fn census(&self) -> Census {
        self.state.census.clone()
    }

    /// Positions, stream time, lateness. Says whether the event is to be judged.
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
        let lateness = i64::from(self.state.settings.config.lateness_min) * 60_000;
        effects.counts.scored += 1;
        effects.counts.late += u64::from(self.state.now().since(time) > lateness);
        true
    }

    /// Closes the hours that the event leaves behind; the identity's groups and the fleet learn them.
    fn roll(&mut self, baseline: &mut Baseline, event: &Attributed<'_>) -> usize {
        let time = event.event.time;
        let quiet = i64::from(self.state.settings.config.incident_quiet_hours) * Timestamp::HOUR_MS;
        if let Some(open) = &mut baseline.open
            && open.incident.as_ref().is_some_and(|incident| incident.is_quiet(time, quiet))
        {
            open.incident = None;
            self.state.census.open_incidents -= 1;
        }
        let in_incident = baseline.open.as_ref().is_some_and(|open| open.incident.is_some());
        let groups = baseline.groups;
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

    /// Returns whether some evidence rose.
    fn judge(&self, baseline: &mut Baseline, open_hour: usize, event: &Attributed<'_>, counts: &mut Counts) -> bool {
        let prior_hours = baseline.prior_hours(open_hour);
        let rested = baseline.mark_active(open_hour, event.event.time);
        let judge = Judge {
            event,
            settings: &self.state.settings,
            fleet: &self.state.fleet,
            peers: self.state.peers(baseline.groups),
            open_hour,
            prior_hours,
        };
        counts.learning += u64::from(judge.is_learning());
        judge.judge(&self.state, baseline, &self.found, rested)
    }

    /// Evidence rose: opens an incident, adds to it, or remembers the event for one.
    fn conclude(&mut self, baseline: &mut Baseline, event: &Attributed<'_>, effects: &mut Effects) {
        let time = event.event.time;
        let config = &self.state.settings.config;
        let statement = self.statement(baseline, event);
        let open = baseline.open.as_mut().expect("evidence that rose is kept");
        count_fired(&open.families, time, &mut effects.counts);
        let reference = audit_ref(event);
        let opens = open.incident.is_none() && open.evidence(time) >= statement.threshold_bits && open.is_broad(time);
        if opens {
            let mut incident = Incident::open(&reference, &open.prelude);
            for earlier in std::mem::take(&mut open.prelude) {
                incident.add_event(earlier, config.max_events_per_finding);
            }
            open.incident = Some(incident);
            self.state.census.open_incidents += 1;
        }
        match &mut open.incident {
            None => open.add_prelude(reference),
            Some(incident) => {
                incident.add_event(reference, config.max_events_per_finding);
                let news = incident.take_in(&open.families, time, statement.threshold_bits);
                if opens || !news.is_empty() {
                    effects.findings.push(state(incident, &statement, news));
                }
            }
        }
    }

    fn statement<'a>(&self, baseline: &Baseline, event: &'a Attributed<'a>) -> Statement<'a> {
        let reference = Reference::shipped(baseline.kind);
        let active_hours = baseline.active_hours();
        Statement {
            event,
            maturity: Maturity {
                first_seen: baseline.first_seen,
                active_hours,
                learning: active_hours <= self.state.settings.config.warm_hours,
            },
            reference,
            threshold_bits: reference.threshold(self.state.settings.config.acute_per_1000_per_day),
            is_alert: self.state.alerts_for([baseline.kind, event.identity.kind]),
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

/// Counts the features whose evidence rose with the event.
fn count_fired(families: &[Option<evidence::FamilyEvidence>], time: Timestamp, counts: &mut Counts) {
    for evidence in families.iter().flatten().filter(|evidence| evidence.rose == time) {
        let feature = Feature::ALL.iter().position(|feature| *feature == evidence.feature);
        counts.features_fired[feature.expect("every feature is in the list")] += 1;
    }
}
