//! What is kept of one identity: its counters, its values, its open hours.
//!
//! Fixed numbers stand in the struct, values in one bounded table, and what only identities with something new need
//! behind one pointer ([`Open`]), so that a quiet identity costs a few hundred bytes.

use serde::{Deserialize, Serialize};

use crate::event::{Kind, Timestamp};

use super::calibration::FEATURES;
use super::decay::Decay;
use super::evidence::Open;
use super::surprise::{ClosedHour, DIMENSIONS, RUNGS};
use super::values::ValueTable;

/// Hours that an identity keeps open: the newest and two before it.
pub const OPEN_HOURS: usize = 3;

/// Days without any event after which an identity's waking is looked at (`revive`).
const REST_MS: i64 = 7 * Timestamp::DAY_MS;

/// What is known of one identity.
///
/// With its id and its mark it fills two cache lines, what every event needs in the first one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[repr(C)]
pub struct Baseline {
    /// Its known values.
    pub values: ValueTable,
    /// What is new in its open hours, and its evidence.
    pub open: Option<Box<Open>>,
    /// Its newest event.
    pub last_seen: Timestamp,
    /// Its peer groups: by template, by kind.
    pub groups: [u32; 2],
    /// The newest open hour.
    newest_hour: i32,
    /// Hours from the one that the counters are decayed to, to the newest open one.
    behind: u16,
    /// Bit by open hour, newest first: whether it was active.
    active: u8,
    /// What it is, as first seen.
    pub kind: Kind,
    /// Closed active hours, not decayed.
    closed_hours: u32,
    /// First network of each open hour, 0 for none.
    pub first_network: [u32; OPEN_HOURS],
    /// Its first event.
    pub first_seen: Timestamp,
    /// Closed active hours, decayed (`behind`) (n_i).
    hours: f32,
    /// Closed active hours with something new, by dimension, decayed likewise (k_i).
    novel: [f32; DIMENSIONS],
}

/// Hours of any time that a log may hold.
fn short(hour: i64) -> i32 {
    hour.clamp(i32::MIN.into(), i32::MAX.into()) as i32
}

/// What is new in one open hour.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct HourNews {
    /// New values by dimension and rung.
    pub values: [[u16; RUNGS]; DIMENSIONS],
    /// Texts of the first new values by dimension, bounded; the newest is not among them.
    pub texts: Vec<(u8, String)>,
    /// Category of networks (see `networks`), 0 for one.
    pub networks: u8,
    /// Bits by sensitive class: first used in this hour.
    pub sensitive: u8,
    /// New things after a rest of seven days or more, where it came after one.
    pub revival: Option<u8>,
    /// The most bits of each feature so far, waves taken off.
    pub bits: [f32; FEATURES],
}

/// An hour that was closed: what its identity's groups and the fleet learn from it.
#[derive(Debug, Clone, Copy)]
pub struct Closing {
    /// The hour.
    pub hour: i64,
    /// Which active hour of the identity it was, from 1.
    pub ordinal: u32,
    /// What was new.
    pub closed: ClosedHour,
    /// Category of networks, where it had any.
    pub networks: Option<u8>,
    /// New things after a rest, where it came after one.
    pub revival: Option<u8>,
    /// The most bits of each feature.
    pub bits: [f32; FEATURES],
}

impl Baseline {
    /// Of an identity that is seen for the first time.
    pub fn new(kind: Kind, groups: [u32; 2], time: Timestamp) -> Baseline {
        Baseline {
            kind,
            groups,
            first_seen: time,
            last_seen: time,
            hours: 0.0,
            novel: [0.0; DIMENSIONS],
            behind: 0,
            closed_hours: 0,
            newest_hour: short(time.hour()),
            active: 0,
            first_network: [0; OPEN_HOURS],
            values: ValueTable::default(),
            open: None,
        }
    }

    /// Active hours so far, the open ones included; not decayed.
    pub fn active_hours(&self) -> u32 {
        self.closed_hours + self.active.count_ones()
    }

    /// Active hours other than the given open one; not decayed.
    pub fn prior_hours(&self, open_hour: usize) -> u32 {
        self.closed_hours + (self.active & !(1 << open_hour)).count_ones()
    }

    /// Reads what every event needs, so that it is at hand soon.
    pub fn touch(&self) -> u64 {
        self.values.bytes() as u64 ^ self.first_seen.as_millis() as u64
    }

    /// The newest open hour.
    pub fn newest_hour(&self) -> i64 {
        self.newest_hour.into()
    }

    /// The open hour of an event of that time, where it closes none and is not the first of its hour.
    pub fn known_hour(&self, time: Timestamp) -> Option<usize> {
        let age = usize::try_from(self.newest_hour() - time.hour()).ok()?;
        let open_hour = age.min(OPEN_HOURS - 1);
        (self.active & (1 << open_hour) != 0).then_some(open_hour)
    }

    /// Whether the identity has an open incident.
    pub fn in_incident(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.incident.is_some())
    }

    /// Closed active hours; not decayed.
    pub fn closed_hours(&self) -> u32 {
        self.closed_hours
    }

    /// Bytes that it holds.
    pub fn bytes(&self) -> usize {
        size_of::<Baseline>() + self.values.bytes() + self.open.as_ref().map_or(0, |open| open.bytes())
    }

    /// Makes room for an event: closes the hours that fall out of the window, oldest first. Returns which open hour the
    /// event belongs to (0 the newest); one that came too late belongs to the oldest.
    pub fn roll(&mut self, time: Timestamp, decay: &Decay, mut close: impl FnMut(Closing)) -> usize {
        let hour = time.hour();
        while hour > self.newest_hour() {
            if self.active == 0 {
                self.advance(short(hour));
                break;
            }
            self.close_oldest(decay, &mut close);
            self.advance(self.newest_hour + 1);
        }
        usize::try_from(self.newest_hour() - hour).map_or(0, |age| age.min(OPEN_HOURS - 1))
    }

    /// Whether an event of that time wakes the identity from a rest of seven days or more.
    pub fn is_rested(&self, time: Timestamp) -> bool {
        self.active_hours() > 0 && time.since(self.last_seen) >= REST_MS
    }

    /// Notes that the identity was active in an open hour. Returns whether this woke it from a rest of seven days or more.
    pub fn mark_active(&mut self, open_hour: usize, time: Timestamp) -> bool {
        let rested = self.is_rested(time);
        self.active |= 1 << open_hour;
        self.last_seen = self.last_seen.max(time);
        rested
    }

    /// Active hours other than the given open one, decayed (n_i as the hour found it).
    pub fn hours_before(&self, open_hour: usize, decay: &Decay) -> f64 {
        let others = (self.active & !(1 << open_hour)).count_ones();
        f64::from(self.hours * decay.factor(self.behind.into())) + f64::from(others)
    }

    /// Of those, the ones with something new in a dimension (k_i as the hour found it). `open` is what is new in the open
    /// hours.
    pub fn novel_before(&self, open: &Open, open_hour: usize, dimension: usize, decay: &Decay) -> f64 {
        let others = open.hours.iter().enumerate();
        let others = others.filter(|(hour, news)| *hour != open_hour && news.any_in(dimension)).count();
        f64::from(self.novel[dimension] * decay.factor(self.behind.into())) + others as f64
    }

    /// The hour that an open hour stands for.
    pub fn hour_of(&self, open_hour: usize) -> i64 {
        self.newest_hour() - open_hour as i64
    }

    /// Moves the newest open hour. Counters that are decayed to an hour centuries ago hold nothing any more.
    fn advance(&mut self, hour: i32) {
        let hours = u16::try_from(i64::from(hour) - i64::from(self.newest_hour)).unwrap_or(u16::MAX);
        self.behind = self.behind.saturating_add(hours);
        self.newest_hour = hour;
    }

    /// Shifts the window by one hour, closing the oldest.
    fn close_oldest(&mut self, decay: &Decay, close: &mut impl FnMut(Closing)) {
        let oldest = OPEN_HOURS - 1;
        if self.active & (1 << oldest) != 0 {
            let closing = self.closing(oldest);
            self.learn(&closing, decay);
            close(closing);
        }
        self.active = (self.active << 1) & ((1 << OPEN_HOURS) - 1);
        self.first_network.rotate_right(1);
        self.first_network[0] = 0;
        if let Some(open) = &mut self.open {
            open.hours.rotate_right(1);
            open.hours[0] = HourNews::default();
        }
    }

    fn closing(&self, open_hour: usize) -> Closing {
        let news = self.open.as_ref().map(|open| &open.hours[open_hour]);
        Closing {
            hour: self.hour_of(open_hour),
            ordinal: self.closed_hours + 1,
            closed: news.map(HourNews::closed).unwrap_or_default(),
            networks: (self.first_network[open_hour] != 0).then(|| news.map_or(0, |news| news.networks)),
            revival: news.and_then(|news| news.revival),
            bits: news.map_or([0.0; FEATURES], |news| news.bits),
        }
    }

    fn learn(&mut self, closing: &Closing, decay: &Decay) {
        let to_newest = u16::try_from(self.newest_hour() - closing.hour).unwrap_or(u16::MAX);
        let factor = decay.factor(i64::from(self.behind) - i64::from(to_newest));
        self.behind = self.behind.min(to_newest);
        self.hours = self.hours * factor + 1.0;
        for (count, novel) in self.novel.iter_mut().zip(&closing.closed.novel) {
            *count = *count * factor + if novel.is_some() { 1.0 } else { 0.0 };
        }
        self.closed_hours = self.closed_hours.saturating_add(1);
    }
}

impl HourNews {
    /// Whether something was new in the dimension.
    pub fn any_in(&self, dimension: usize) -> bool {
        self.values[dimension].iter().any(|count| *count > 0)
    }

    /// New values in the dimension.
    pub fn count_in(&self, dimension: usize) -> u32 {
        self.values[dimension].iter().map(|count| u32::from(*count)).sum()
    }

    /// The texts that are kept in a dimension, the first ones first.
    pub fn texts_in(&self, dimension: usize) -> impl Iterator<Item = &String> {
        self.texts.iter().filter(move |(of, _)| usize::from(*of) == dimension).map(|(_, text)| text)
    }

    /// Whether the hour holds anything at all.
    pub fn is_empty(&self) -> bool {
        self.networks == 0 && self.sensitive == 0 && self.revival.is_none() && (0..DIMENSIONS).all(|d| !self.any_in(d))
    }

    fn closed(&self) -> ClosedHour {
        let novel = std::array::from_fn(|dimension| {
            let strangest = self.values[dimension].iter().position(|count| *count > 0)?;
            Some((strangest as u8, self.count_in(dimension).min(u32::from(u16::MAX)) as u16))
        });
        ClosedHour { novel, sensitive: self.sensitive }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(hour: i64) -> Timestamp {
        Timestamp::from_millis(hour * Timestamp::HOUR_MS)
    }

    fn run(hours: &[i64]) -> (Baseline, Vec<i64>) {
        let decay = Decay::half_life_hours(336.0);
        let mut baseline = Baseline::new(Kind::Workload, [0, 1], at(hours[0]));
        let mut closed = Vec::new();
        for &hour in hours {
            let open = baseline.roll(at(hour), &decay, |closing| closed.push(closing.hour));
            baseline.mark_active(open, at(hour));
        }
        (baseline, closed)
    }

    #[test]
    fn fills_two_cache_lines() {
        assert_eq!(size_of::<Option<super::super::store::Entry<Baseline>>>(), 128);
    }

    #[test]
    fn an_hour_counts_once_however_many_events_it_has() {
        let (baseline, closed) = run(&[100, 100, 100, 101, 101, 104]);
        assert_eq!(closed, [100, 101]);
        assert_eq!(baseline.active_hours(), 3);
    }

    #[test]
    fn wakes_from_a_rest() {
        let (mut baseline, _) = run(&[100]);
        assert!(!baseline.mark_active(0, at(101)));
        assert!(baseline.mark_active(0, at(101 + 7 * 24)));
    }

    proptest! {
        /// U4: events up to two hours late leave the same counters as events in order.
        #[test]
        fn lateness_within_the_window_changes_nothing(jumps in proptest::collection::vec((0i64..30, 0i64..3), 1..40)) {
            let mut newest = 1_000;
            let hours: Vec<i64> = jumps.iter().map(|(jump, late)| { newest += jump; newest - late.min(&newest) }).collect();
            let end = newest + 10;
            let mut sorted = hours.clone();
            sorted.sort_unstable();
            let first = sorted[0];
            let finish = |mut hours: Vec<i64>| { hours.insert(0, first); hours.push(end); run(&hours) };
            let (late, mut late_closed) = finish(hours);
            let (in_order, closed) = finish(sorted);
            late_closed.sort_unstable();
            prop_assert_eq!(late_closed, closed);
            prop_assert_eq!(late.active_hours(), in_order.active_hours());
        }
    }
}
