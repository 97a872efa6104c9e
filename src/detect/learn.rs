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
use super::values::Inserted;

/// Slots of an identity's own table at most.
const MAX_OWN_VALUES: usize = 480;
/// Hours after which an identity that goes on using a value renews its word for it.
const RENEWAL_HOURS: i64 = 7 * 24;

impl Detector {
    /// Learns an event's values.
    pub(super) fn learn(
        &mut self,
        baseline: &mut Baseline,
        open_hour: usize,
        event: &Attributed<'_>,
        counts: &mut Counts,
    ) {
        let hour = event.event.time.hour();
        let in_incident = baseline.open.as_ref().is_some_and(|open| open.incident.is_some());
        for index in 0..self.found.len() {
            let found = self.found[index];
            if found.value.dimension == Dimension::Network && baseline.first_network[open_hour] == 0 {
                baseline.first_network[open_hour] = found.value.fingerprint;
            }
            if found.is_new {
                let decay = &self.state.settings.own_decay;
                let fingerprint = found.value.fingerprint;
                let inserted = baseline.values.insert_on_probation(fingerprint, hour, decay, MAX_OWN_VALUES);
                counts.values_evicted += u64::from(inserted == Inserted::Evicted);
            } else {
                self.use_again(baseline, found, hour, in_incident, counts);
            }
        }
    }

    /// A known value is used again: at most one occasion an hour counts.
    fn use_again(&mut self, baseline: &mut Baseline, found: Found, hour: i64, in_incident: bool, counts: &mut Counts) {
        // A value of this event may have moved, or been pushed out, when another one went in.
        let Some(place) = baseline.values.find(found.value.fingerprint) else { return };
        let slot = baseline.values.slot(place);
        let age = slot.age(hour);
        if age == 0 {
            return;
        }
        if slot.on_probation() {
            let second = i64::from(self.state.settings.config.second_occasion_hours);
            if age.abs() < second || in_incident {
                return;
            }
            self.tell_others(baseline, found, 1.0, hour, counts);
        } else if age > 0 && !in_incident {
            let weeks = hour / RENEWAL_HOURS - (hour - age) / RENEWAL_HOURS;
            if weeks > 0 {
                let left = self.state.settings.peer_decay.factor(weeks * RENEWAL_HOURS);
                self.tell_others(baseline, found, 1.0 - left, hour, counts);
            }
        }
        baseline.values.raise(place, 1.0, hour, &self.state.settings.own_decay);
    }

    fn tell_others(&mut self, baseline: &Baseline, found: Found, weight: f32, hour: i64, counts: &mut Counts) {
        if found.value.dimension.scored().is_some() {
            self.state.vouch(baseline.groups, found.value.fingerprint, weight, hour, counts);
        }
    }
}
