//! Judges one event by what was known before it: values → what of them is new → bits → evidence by family.
//!
//! Reads the state and changes only what the identity keeps of its open hours; learning comes afterwards (law 1).

use std::borrow::Cow;

use crate::event::{Attributed, Expectation, Feature, Sensitivity, Timestamp};

use super::baseline::Baseline;
use super::calibration::Calibration;
use super::evidence::Open;
use super::features::{Dimension, Value};
use super::fleet::{Fleet, Group, MIN_MATURE, identities};
use super::signal::{Judged, Observed, Signal, raise};
use super::state::{Settings, State};
use super::surprise::{self, bits, ordinal_probability, own_novelty, strangeness};
use super::values::Slot;

/// Impact of a first use by sensitive class, in the order of [`Sensitivity::ALL`] (model, section 2.3).
const IMPACT: [f64; 4] = [1.0, 1.25, 1.75, 1.5];
/// What is left of the bits of an identity that is judged by others' first hours.
const COLD_FACTOR: f64 = 0.7;
/// Texts of new values that are kept for each dimension of an hour.
const MAX_TEXTS: usize = 8;

/// A value of the event, and what the identity knows of it.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// The value.
    pub value: Value,
    /// Where it stands in the identity's table, if it does.
    pub place: Option<usize>,
    /// Whether it counts as new: not there, or forgotten.
    pub is_new: bool,
    /// Known before this hour: neither new nor first seen in it.
    pub is_old: bool,
}

/// What the event is judged with.
pub struct Judge<'a> {
    /// The event.
    pub event: &'a Attributed<'a>,
    /// The id of its identity.
    pub identity: u64,
    /// Numbers.
    pub settings: &'a Settings,
    /// The fleet.
    pub fleet: &'a Fleet,
    /// What bits mean in this fleet.
    pub calibration: &'a Calibration,
    /// The peer group; none where there was no room for it.
    pub peers: Option<&'a Group>,
    /// Which open hour of the identity the event belongs to.
    pub open_hour: usize,
    /// Active hours of the identity before this one.
    pub prior_hours: u32,
}

/// Looks up what the identity knows of the event's values.
pub fn look_up(baseline: &Baseline, values: &[Value], hour: i64, settings: &Settings, found: &mut Vec<Found>) {
    found.clear();
    found.extend(values.iter().map(|&value| {
        let place = baseline.values.find(value.fingerprint);
        let slot = place.map(|place| baseline.values.slot(place));
        let is_new = slot.is_none_or(|slot| slot.age(hour) > settings.forget_hours);
        let is_old = !is_new && slot.is_some_and(|slot| !(slot.on_probation() && slot.age(hour) == 0));
        Found { value, place, is_new, is_old }
    }));
}

/// What is new of an event. An operator is not where its network is known: then it is the file of operators that changed.
fn news(found: &[Found]) -> impl Iterator<Item = &Found> {
    let network = found.iter().any(|found| found.is_new && found.value.dimension == Dimension::Network);
    found.iter().filter(move |found| found.is_new && (network || found.value.dimension != Dimension::Asn))
}

/// How networks were mixed in an open hour so far: 0 one, 1 several, 2 a known one again after a new one, 3 after a new
/// one of another operator.
pub fn network_category(baseline: &Baseline, open_hour: usize, found: &[Found]) -> u8 {
    let Some(network) = found.iter().find(|found| found.value.dimension == Dimension::Network) else { return 0 };
    let first = baseline.first_network[open_hour];
    if first == 0 || first == network.value.fingerprint {
        return 0;
    }
    let open = baseline.open.as_ref();
    let new_before = |dimension| open.is_some_and(|open| open.hours[open_hour].any_in(dimension as usize));
    match network.is_old && new_before(Dimension::Network) {
        true => 2 + u8::from(new_before(Dimension::Asn)),
        false => 1,
    }
}

impl Judge<'_> {
    /// Whether the identity is judged by others' first hours.
    fn is_cold(&self) -> bool {
        self.prior_hours < self.settings.config.warm_hours
    }

    /// Whether it has too little history, and too few peers to be judged by: then only sensitive actions count.
    pub fn is_learning(&self) -> bool {
        self.is_cold() && self.peers.is_none_or(|peers| peers.mature < MIN_MATURE)
    }

    /// Adds the event to the identity's open hour and evidence.
    pub fn judge(&self, state: &State, baseline: &mut Baseline, found: &[Found], rested: bool) -> Judged {
        let category = network_category(baseline, self.open_hour, found);
        let anything = news(found).next().is_some() || category > 0 || rested;
        if !anything {
            return Judged::default();
        }
        let mut open = baseline.open.take().unwrap_or_default();
        self.note_news(state, &mut open, found, category, rested);
        let mut signals = Vec::new();
        if !self.is_learning() {
            self.note_roots(&mut open, found);
            self.weigh_values(state, baseline, &mut open, found, &mut signals);
            self.weigh_ordinals(&open, category, &mut signals);
        }
        self.weigh_sensitive(baseline, found, &mut signals);
        for signal in &mut signals {
            signal.weigh(self.event, self.identity, self.peers, self.calibration, self.prior_hours);
        }
        let judged = raise(&mut open, self.open_hour, self.event, &signals);
        baseline.open = Some(open);
        judged
    }

    fn note_news(&self, state: &State, open: &mut Open, found: &[Found], category: u8, rested: bool) {
        let hour = &mut open.hours[self.open_hour];
        hour.networks = hour.networks.max(category);
        if rested {
            hour.revival = hour.revival.or(Some(0));
        }
        for found in news(found) {
            let dimension = found.value.dimension;
            if dimension == Dimension::Sensitivity {
                hour.sensitive |= 1 << self.class();
                hour.revival = hour.revival.map(|count| count.saturating_add(1));
            }
            let Some(scored) = dimension.scored() else { continue };
            let (peers, elsewhere) = self.who_else(state, found.value);
            let count = &mut hour.values[scored][surprise::rung(peers, elsewhere)];
            *count = count.saturating_add(1);
            if matches!(dimension, Dimension::Network | Dimension::Asn | Dimension::Client | Dimension::Region) {
                hour.revival = hour.revival.map(|count| count.saturating_add(1));
            }
        }
    }

    /// New values that no other new value of the same event implies (model, section 2.5).
    fn note_roots(&self, open: &mut Open, found: &[Found]) {
        let is_new = |dimension| found.iter().any(|f| f.is_new && f.value.dimension == dimension);
        let service = is_new(Dimension::Service);
        let (action, account) = (is_new(Dimension::Action), is_new(Dimension::TargetAccount));
        let resource = is_new(Dimension::Resource);
        for found in found.iter().filter(|found| found.is_new) {
            let implied = match found.value.dimension {
                // The operator of a network comes with it.
                Dimension::Service | Dimension::Sensitivity | Dimension::Asn => true,
                Dimension::Pair => action || resource,
                // The first call to a service brings its resources, and often its one region, with it.
                Dimension::Resource => service || account,
                Dimension::Region => service,
                Dimension::Action | Dimension::Network | Dimension::TargetAccount | Dimension::Client => false,
            };
            if !implied {
                open.add_root(found.value.fingerprint, self.event.event.time);
            }
        }
    }

    fn weigh_values(
        &self,
        state: &State,
        baseline: &Baseline,
        open: &mut Open,
        found: &[Found],
        signals: &mut Vec<Signal>,
    ) {
        for (index, dimension) in Dimension::SCORED.into_iter().enumerate() {
            // Of several in one event the first is what the call is about: targets come in that order.
            let Some(newest) = news(found).find(|found| found.value.dimension == dimension) else { continue };
            let novelty = self.novelty(baseline, open, index);
            let strange = match self.peers {
                Some(peers) => {
                    strangeness(&open.hours[self.open_hour].values[index], &peers.habits, &self.fleet.habits, index)
                }
                None => strangeness(
                    &open.hours[self.open_hour].values[index],
                    &self.fleet.habits,
                    &self.fleet.habits,
                    index,
                ),
            };
            let factor = if self.is_cold() { COLD_FACTOR } else { 1.0 };
            let bits = (bits(novelty) + strange) * factor;
            let hour = &mut open.hours[self.open_hour];
            let (peers, elsewhere) = self.who_else(state, newest.value);
            let before = hour.texts_in(index).count();
            let observed = Observed::Value { value: newest.value, dimension: index, before };
            let expected = self.expected(baseline, novelty, (peers, elsewhere), newest);
            let values = hour.count_in(index);
            signals.push(Signal { values, ..Signal::of(dimension.feature(), bits, expected, observed) });
            self.keep_texts(hour, index, found, dimension);
        }
    }

    fn keep_texts(&self, hour: &mut super::baseline::HourNews, index: usize, found: &[Found], dimension: Dimension) {
        for found in found.iter().filter(|found| found.is_new && found.value.dimension == dimension) {
            if hour.texts_in(index).count() < MAX_TEXTS {
                hour.texts.push((index as u8, found.value.text(self.event)));
            }
        }
    }

    /// ν: the identity's own, or that of others' first hours while it is cold.
    fn novelty(&self, baseline: &Baseline, open: &Open, dimension: usize) -> f64 {
        if self.is_cold() {
            return self.fleet.cold_novelty(dimension, self.prior_hours + 1);
        }
        let decay = &self.settings.own_decay;
        let group = self.peers.map_or(&self.fleet.habits, |peers| &peers.habits);
        let group_novelty = surprise::group_novelty(group, &self.fleet.habits, dimension);
        let novel = baseline.novel_before(open, self.open_hour, dimension, decay);
        own_novelty(baseline.hours_before(self.open_hour, decay), novel, group_novelty)
    }

    fn weigh_ordinals(&self, open: &Open, category: u8, signals: &mut Vec<Signal>) {
        let hour = &open.hours[self.open_hour];
        if category > 0 {
            let probability = ordinal_probability(&self.fleet.networks, usize::from(hour.networks));
            let observed = match hour.networks {
                ..2 => "several networks in one hour",
                2 => "known and new network in one hour",
                3.. => "known network and one of another operator in one hour",
            };
            signals.push(self.ordinal(Feature::TwoNetworks, probability, observed.into()));
        }
        if let Some(count) = hour.revival.filter(|count| *count > 0) {
            let category = usize::from(count).min(self.fleet.revivals.len() - 1);
            let probability = ordinal_probability(&self.fleet.revivals, category);
            let observed = match count {
                1 => "7 days or more at rest, then 1 new thing".into(),
                _ => format!("7 days or more at rest, then {count} new things").into(),
            };
            signals.push(self.ordinal(Feature::Revival, probability, observed));
        }
    }

    fn ordinal(&self, feature: Feature, probability: f64, observed: Cow<'static, str>) -> Signal {
        let peers = self.peers.map_or(0, |peers| peers.members.saturating_sub(1));
        let expected = Expectation {
            own_hours: f64::from(self.prior_hours),
            probability,
            peers,
            peers_with_value: 0,
            others_with_value: 0,
            last_seen: None,
        };
        Signal::of(feature, bits(probability), expected, Observed::Words(observed))
    }

    fn weigh_sensitive(&self, baseline: &Baseline, found: &[Found], signals: &mut Vec<Signal>) {
        let is_sensitive = |found: &&Found| found.is_new && found.value.dimension == Dimension::Sensitivity;
        let Some(found) = found.iter().find(is_sensitive) else { return };
        let group = self.peers.map_or(&self.fleet.habits, |peers| &peers.habits);
        let later = surprise::sensitive_probability(group, &self.fleet.habits, self.class());
        let probability = match self.is_cold() {
            true => self.fleet.cold_sensitive(self.class(), self.prior_hours + 1, later),
            false => later,
        };
        let bits = IMPACT[self.class()] * bits(probability);
        let expected = self.expected(baseline, probability, (0, 0), found);
        let observed = Observed::Words(Sensitivity::ALL[self.class()].name().into());
        signals.push(Signal::of(Feature::Sensitive, bits, expected, observed));
    }

    fn expected(&self, baseline: &Baseline, probability: f64, with_value: (u32, u32), found: &Found) -> Expectation {
        let decay = &self.settings.own_decay;
        Expectation {
            own_hours: baseline.hours_before(self.open_hour, decay),
            probability,
            peers: self.peers.map_or(0, |peers| peers.members.saturating_sub(1)),
            peers_with_value: with_value.0,
            others_with_value: with_value.1,
            last_seen: found.place.map(|place| self.last_seen(baseline.values.slot(place))),
        }
    }

    fn last_seen(&self, slot: Slot) -> Timestamp {
        let time = self.event.event.time;
        time.plus_millis(-slot.age(time.hour()) * Timestamp::HOUR_MS)
    }

    /// Peers, and identities elsewhere, that are known to have a value.
    fn who_else(&self, state: &State, value: Value) -> (u32, u32) {
        let hour = self.event.event.time.hour();
        let peers = self
            .peers
            .map_or(0, |group| identities(group.values.count(value.fingerprint, hour, &self.settings.peer_decay)));
        (peers, state.fleet_count(value.fingerprint, hour).saturating_sub(peers))
    }

    fn class(&self) -> usize {
        self.event.event.action.sensitivity.map_or(0, |class| class as usize)
    }
}
