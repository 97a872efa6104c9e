//! Learning, after judging (model, section 2.6).
//!
//! A value enters its identity's own table at once, on probation. Peers and fleet hear of it only when the identity
//! used it again on another occasion, some hours after the first, and never while the identity has an open incident: so
//! an attacker cannot make a value known to others quickly, and one identity adds at most one to any count.

use crate::event::Attributed;

use super::Detector;
use super::baseline::Baseline;
use super::effects::Counts;
use super::features::Dimension;
use super::judge::Found;
use super::state::Settings;
use super::values::{Inserted, ValueTable};

/// Slots of an identity's own table at most.
const MAX_OWN_VALUES: usize = 480;
/// Hours after which an identity that goes on using a value renews its word for it.
const RENEWAL_HOURS: i64 = 7 * 24;

/// What others are told: a value, and how much more of an identity is known to have it.
pub(super) type Told = (u32, f32);

/// One event's place in an identity's history.
pub(super) struct Lesson<'a> {
    pub(super) settings: &'a Settings,
    /// Which open hour of the identity it belongs to.
    pub(super) open_hour: usize,
    pub(super) hour: i64,
    pub(super) in_incident: bool,
}

impl Detector {
    /// Learns an event's values.
    pub(super) fn learn(
        &mut self,
        baseline: &mut Baseline,
        open_hour: usize,
        event: &Attributed<'_>,
        counts: &mut Counts,
    ) {
        let (hour, in_incident) = (event.event.time.hour(), baseline.in_incident());
        let lesson = Lesson { settings: &self.state.settings, open_hour, hour, in_incident };
        counts.values_evicted += lesson.learn(baseline, &self.found, &mut self.told);
        self.tell_others(baseline.groups, hour, counts);
    }

    /// Groups and fleet hear of the values that a lesson left to be told.
    pub(super) fn tell_others(&mut self, groups: [u32; 2], hour: i64, counts: &mut Counts) {
        for (fingerprint, weight) in self.told.drain(..) {
            self.state.vouch(groups, fingerprint, weight, hour, counts);
        }
    }
}

impl Lesson<'_> {
    /// An identity learns values that were looked up before. Returns how many others were pushed out; `told` takes what
    /// others are to be told.
    pub(super) fn learn(&self, baseline: &mut Baseline, found: &[Found], told: &mut Vec<Told>) -> u64 {
        let (mut inserted, mut evicted) = (false, 0);
        for found in found {
            let fingerprint = found.value.fingerprint;
            if found.value.dimension == Dimension::Network && baseline.first_network[self.open_hour] == 0 {
                baseline.first_network[self.open_hour] = fingerprint;
            }
            if found.is_new {
                let (values, decay) = (&mut baseline.values, &self.settings.own_decay);
                let outcome = values.insert_on_probation(fingerprint, self.hour, decay, MAX_OWN_VALUES);
                evicted += u64::from(outcome == Inserted::Evicted);
                inserted = true;
                continue;
            }
            // A value of this event may have moved, or been pushed out, when another one went in.
            let place = if inserted { baseline.values.find(fingerprint) } else { found.place };
            if let Some(place) = place {
                self.use_again(&mut baseline.values, place, found, told);
            }
        }
        evicted
    }

    /// A known value is used again: at most one occasion an hour counts.
    fn use_again(&self, values: &mut ValueTable, place: usize, found: &Found, told: &mut Vec<Told>) {
        let slot = values.slot(place);
        let age = slot.age(self.hour);
        if age == 0 {
            return;
        }
        let scored = found.value.dimension.scored().is_some();
        if slot.on_probation() {
            let second = i64::from(self.settings.config.second_occasion_hours);
            if age.abs() < second || self.in_incident {
                return;
            }
            told.extend(scored.then_some((found.value.fingerprint, 1.0)));
        } else if age > 0 && !self.in_incident {
            let weeks = self.hour / RENEWAL_HOURS - (self.hour - age) / RENEWAL_HOURS;
            if weeks > 0 {
                let left = self.settings.peer_decay.factor(weeks * RENEWAL_HOURS);
                told.extend(scored.then_some((found.value.fingerprint, 1.0 - left)));
            }
        }
        values.raise(place, 1.0, self.hour, &self.settings.own_decay);
    }
}
