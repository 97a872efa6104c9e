//! Waves: what several peers do for the first time within hours is a roll-out more likely than a theft (model, section
//! 2.4).
//!
//! ```text
//! c = other identities of the group with at least half the bits in the same feature, n = other active ones, both in 12 h
//! c ≥ 2  →  bits ← min(bits, −log₂(c/(n+2)) + ¼·bits)
//! ```
//!
//! A quarter keeps order inside a wave. What an attacker could do to many identities at once is not excused for it
//! (a network of another operator, two networks in one hour), and a group in which three members would have come close to the threshold gets one notice.

use serde::{Deserialize, Serialize};

use crate::event::{Campaign, Feature, Timestamp, Wave};

/// Hours in which peers are looked for.
const WINDOW_HOURS: usize = 12;
const WINDOW_MS: i64 = WINDOW_HOURS as i64 * Timestamp::HOUR_MS;
/// Others that make a wave.
const LEAST_ALIKE: usize = 2;
/// Bits from which something new is worth remembering.
const LEAST_BITS: f64 = 3.0;
/// Identities that are remembered by feature, the newest.
const MAX_ENTRIES: usize = 64;
/// Members that make a campaign.
const CAMPAIGN_MEMBERS: usize = 3;
/// Names of members that a notice lists.
const MAX_NAMES: usize = 20;
/// One notice in so long.
const NOTICE_MS: i64 = Timestamp::DAY_MS;

/// What was new in one peer group within the last hours.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Waves {
    active: Active,
    features: Vec<(Feature, Vec<Entry>)>,
    suspects: Vec<Suspect>,
    /// When a wave last lowered something.
    lowered: Option<Timestamp>,
    /// When the last notice went out.
    notice: Option<Timestamp>,
}

/// Members by the last hour in which each was active.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Active {
    newest: i64,
    counts: [u32; WINDOW_HOURS],
}

/// One identity's newest entry in one feature.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Entry {
    identity: u64,
    time: Timestamp,
    bits: f32,
}

/// A member whose evidence, not lowered, comes close to the threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Suspect {
    identity: u64,
    time: Timestamp,
    principal: String,
}

/// Whether something new in this feature may be excused by what peers do.
pub fn is_discounted(feature: Feature) -> bool {
    !matches!(feature, Feature::Asn | Feature::TwoNetworks)
}

impl Waves {
    /// Bytes behind pointers, names left out.
    pub fn bytes(&self) -> usize {
        let entries = self.features.iter().map(|(_, entries)| entries.capacity()).sum::<usize>();
        let features = self.features.capacity() * size_of::<(Feature, Vec<Entry>)>();
        features + entries * size_of::<Entry>() + self.suspects.capacity() * size_of::<Suspect>()
    }

    /// Reads who is active, so that it is at hand soon.
    pub fn touch(&self) -> u32 {
        self.active.counts[0]
    }

    /// A member becomes active in `hour`; `before` is the last hour in which it was.
    pub fn mark_active(&mut self, before: Option<i64>, hour: i64) {
        self.active.mark(before, hour);
    }

    /// What is left of an identity's bits beside what its peers did; none where they did nothing like it.
    pub fn discount(&self, feature: Feature, identity: u64, bits: f64, time: Timestamp) -> Option<Wave> {
        let entries = self.entries(feature)?;
        let alike =
            |entry: &&Entry| entry.identity != identity && f64::from(entry.bits) >= bits / 2.0 && entry.is_within(time);
        let (mut count, mut oldest) = (0usize, time);
        for entry in entries.iter().filter(alike) {
            count += 1;
            oldest = oldest.min(entry.time);
        }
        if count < LEAST_ALIKE {
            return None;
        }
        let since = if entries.len() == MAX_ENTRIES { entries[0].time } else { time.plus_millis(1 - WINDOW_MS) };
        let others = self.active.since(since.hour()).saturating_sub(1).max(count as u32);
        let left = -libm::log2(count as f64 / (f64::from(others) + 2.0)) + bits / 4.0;
        let hours = (time.since(oldest).max(1) as u64).div_ceil(Timestamp::HOUR_MS as u64) as u32;
        (left < bits).then_some(Wave { alike: count as u32, active: others, hours, bits: left })
    }

    /// Remembers something new of an identity. Returns the others for which this completes or doubles a wave, with what
    /// is left of their bits.
    pub fn note(&mut self, feature: Feature, identity: u64, bits: f64, time: Timestamp) -> Vec<(u64, Wave)> {
        if bits < LEAST_BITS || !is_discounted(feature) {
            return Vec::new();
        }
        let entries = self.entries_mut(feature);
        entries.retain(|entry| entry.is_within(time));
        let known = entries.iter().position(|entry| entry.identity == identity).map(|index| entries.remove(index));
        if known.is_none() && entries.len() == MAX_ENTRIES {
            entries.remove(0);
        }
        let most = known.map_or(0.0, |entry| entry.bits);
        entries.push(Entry { identity, time, bits: most.max(bits as f32) });
        if f64::from(most) >= bits {
            return Vec::new();
        }
        let others: Vec<Entry> = self.entries(feature).into_iter().flatten().copied().collect();
        let joined = |entry: &&Entry| {
            let half = entry.bits / 2.0;
            entry.identity != identity && most < half && bits as f32 >= half
        };
        let revised = others.iter().filter(joined).filter_map(|entry| {
            let wave = self.discount(feature, entry.identity, f64::from(entry.bits), time)?;
            wave.alike.is_power_of_two().then_some((entry.identity, wave))
        });
        revised.collect()
    }

    /// A wave has lowered something.
    pub fn note_lowered(&mut self, time: Timestamp) {
        self.lowered = self.lowered.max(Some(time));
    }

    /// Remembers a member whose evidence, not lowered, comes close to the threshold. Returns the notice where this makes
    /// a campaign of which nothing was said yet.
    pub fn suspect(&mut self, identity: u64, principal: &str, time: Timestamp) -> Option<Campaign> {
        self.suspects.retain(|suspect| time.since(suspect.time) < WINDOW_MS && suspect.identity != identity);
        if self.suspects.len() == MAX_ENTRIES {
            self.suspects.remove(0);
        }
        self.suspects.push(Suspect { identity, time, principal: principal.to_owned() });
        let lowered = self.lowered.is_some_and(|lowered| time.since(lowered) < WINDOW_MS);
        let said = self.notice.is_some_and(|notice| time.since(notice) < NOTICE_MS);
        if self.suspects.len() < CAMPAIGN_MEMBERS || !lowered || said {
            return None;
        }
        self.notice = Some(time);
        Some(Campaign {
            members: self.suspects.len() as u32,
            active: self.active.since(time.hour() - WINDOW_HOURS as i64 + 1).max(self.suspects.len() as u32),
            principals: self.suspects.iter().take(MAX_NAMES).map(|suspect| suspect.principal.clone()).collect(),
            window_hours: WINDOW_HOURS as u32,
        })
    }

    fn entries(&self, feature: Feature) -> Option<&Vec<Entry>> {
        self.features.iter().find(|(known, _)| *known == feature).map(|(_, entries)| entries)
    }

    fn entries_mut(&mut self, feature: Feature) -> &mut Vec<Entry> {
        let known = self.features.iter().position(|(known, _)| *known == feature);
        let index = known.unwrap_or_else(|| {
            self.features.push((feature, Vec::new()));
            self.features.len() - 1
        });
        &mut self.features[index].1
    }
}

impl Entry {
    fn is_within(&self, time: Timestamp) -> bool {
        time.since(self.time).abs() < WINDOW_MS
    }
}

impl Active {
    fn mark(&mut self, before: Option<i64>, hour: i64) {
        self.roll_to(hour);
        if hour <= self.newest - WINDOW_HOURS as i64 {
            return;
        }
        if let Some(before) =
            before.filter(|before| *before > self.newest - WINDOW_HOURS as i64 && *before <= self.newest)
        {
            let count = &mut self.counts[slot(before)];
            *count = count.saturating_sub(1);
        }
        self.counts[slot(hour)] += 1;
    }

    /// Members whose last active hour is `hour` or later.
    fn since(&self, hour: i64) -> u32 {
        let first = hour.max(self.newest - WINDOW_HOURS as i64 + 1);
        (first..=self.newest).map(|hour| self.counts[slot(hour)]).sum()
    }

    fn roll_to(&mut self, hour: i64) {
        let passed = (hour - self.newest).clamp(0, WINDOW_HOURS as i64);
        for step in 0..passed {
            self.counts[slot(hour - step)] = 0;
        }
        self.newest = self.newest.max(hour);
    }
}

fn slot(hour: i64) -> usize {
    hour.rem_euclid(WINDOW_HOURS as i64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_millis(1_000_000 * Timestamp::HOUR_MS + minutes * 60_000)
    }

    /// A group of `active` members, the first `alike` of which showed 12 bits, ten minutes apart.
    fn wave(active: u64, alike: u64) -> Waves {
        let mut waves = Waves::default();
        for _ in 0..active {
            waves.mark_active(None, at(0).hour());
        }
        for identity in 0..alike {
            waves.note(Feature::Action, identity, 12.0, at(identity as i64 * 10));
        }
        waves
    }

    #[test]
    fn forty_roles_of_a_deploy_excuse_one_another() {
        let waves = wave(40, 31);
        let left = waves.discount(Feature::Action, 99, 12.0, at(330)).unwrap();
        assert_eq!((left.alike, left.active, left.hours), (31, 39, 6));
        assert!((3.0..3.5).contains(&left.bits), "{left:?}");
        assert_eq!(waves.discount(Feature::Network, 99, 12.0, at(330)), None);
        assert_eq!(waves.discount(Feature::Action, 99, 12.0, at(12 * 60 + 320)), None);
    }

    #[test]
    fn one_other_is_no_wave_and_neither_are_weaker_ones() {
        assert_eq!(wave(40, 1).discount(Feature::Action, 99, 12.0, at(60)), None);
        assert_eq!(wave(40, 31).discount(Feature::Action, 99, 30.0, at(60)), None);
    }

    #[test]
    fn those_who_came_first_are_told_when_two_have_followed() {
        let mut waves = wave(10, 2);
        let told = waves.note(Feature::Action, 2, 11.0, at(40));
        assert_eq!(told.iter().map(|(identity, _)| *identity).collect::<Vec<_>>(), [0, 1]);
        assert!(waves.note(Feature::Action, 2, 10.0, at(41)).is_empty(), "nothing has changed");
    }

    #[test]
    fn three_members_that_were_lowered_are_a_campaign_once() {
        let mut waves = wave(10, 3);
        waves.note_lowered(at(30));
        let said: Vec<bool> =
            (0..5).map(|identity| waves.suspect(identity, &format!("role-{identity}"), at(30)).is_some()).collect();
        assert_eq!(said, [false, false, true, false, false]);
    }

    proptest! {
        /// Peers never make anything stranger, and what is left keeps its order inside a wave.
        #[test]
        fn a_wave_only_lowers(alike in 0u64..64, a in 3.0f64..24.0, b in 3.0f64..24.0) {
            let waves = wave(64, alike);
            let left = |bits: f64| waves.discount(Feature::Action, 999, bits, at(700)).map_or(bits, |wave| wave.bits);
            prop_assert!(left(a) <= a);
            prop_assert!(left(a.min(b)) <= left(a.max(b)) + 1e-9);
        }

        /// Each member is counted once, in its last active hour, whatever the order.
        #[test]
        fn active_members_are_counted_once(hours in proptest::collection::vec((0u64..6, 0i64..30), 1..60)) {
            let mut active = Active::default();
            let mut last = std::collections::BTreeMap::new();
            for (identity, hour) in hours {
                let before: Option<i64> = last.get(&identity).copied();
                if before.is_none_or(|before| 1_000 + hour > before) {
                    active.mark(before, 1_000 + hour);
                    last.insert(identity, 1_000 + hour);
                }
            }
            let newest = last.values().max().copied().unwrap_or_default();
            let expected = last.values().filter(|hour| **hour > newest - WINDOW_HOURS as i64).count();
            prop_assert_eq!(active.since(0) as usize, expected);
        }
    }
}
