//! How records come in: some late, some twice (B10, B11). The times within them stay as they are.
//!
//! Comes in: records in the order of their events. Goes out: the same in the order of their arrival, held back as long
//! as they take, and repetitions. What is held is bounded by what happens in a few hours.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use super::call::{Call, Session};
use super::hour::HOUR;
use super::rng::{Rng, mix};

const MINUTE: i64 = 60_000;
/// How long the arrival of a backfill takes.
const BACKFILL_TAKES: i64 = 20 * MINUTE;
/// Of 1,000 records, those that come late, and how late in minutes.
const LATE: u64 = 100;
const LATE_MINUTES: (i64, i64) = (15, 360);
/// Of 1,000 hours of an identity, those whose records all come twice; one more of 1,000 with other event ids.
const REPEATED: u64 = 10;
const RENUMBERED: u64 = 1;
/// A repetition comes within so many minutes.
const REPEATED_WITHIN: i64 = 30;

/// How a record came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Delivery {
    /// For the first time.
    First,
    /// Once more, byte for byte.
    Repeated,
    /// Once more, with another event id.
    Renumbered,
}

/// A record on its way.
#[derive(Debug, Clone)]
pub struct Sent {
    /// What it tells of.
    pub call: Call,
    /// The session that the call is made in.
    pub session: Session,
    /// Its number in the order of events, from which its ids are made.
    pub sequence: u64,
    /// When it comes in, in milliseconds since the Unix epoch.
    pub arrival: i64,
    /// How it comes in.
    pub delivery: Delivery,
}

/// Records of one account of so many hours, which all come in after them.
#[derive(Debug, Clone, Copy)]
struct Backfill {
    account: u32,
    from: i64,
    until: i64,
}

/// What is on its way.
#[derive(Debug)]
pub struct Mail {
    seed: u64,
    /// Whether anything is late or comes twice.
    is_disturbed: bool,
    backfills: Vec<Backfill>,
    held: BinaryHeap<Reverse<Held>>,
}

impl Mail {
    /// Everything arrives at once and in order.
    pub fn undisturbed() -> Mail {
        Mail { seed: 0, is_disturbed: false, backfills: Vec::new(), held: BinaryHeap::new() }
    }

    /// Lateness, repetitions, and three backfills of 4 to 12 hours of an account in 30 days.
    pub fn disturbed(seed: u64, accounts: usize, (start, end): (i64, i64)) -> Mail {
        let mut rng = Rng::new(seed, 0xb10);
        let expected = 3.0 * (end - start) as f64 / (720 * HOUR) as f64;
        let count = expected as usize + usize::from(rng.chance(expected.fract()));
        let mut backfills = Vec::new();
        for _ in 0..count {
            let from = rng.between(start, end);
            let until = from + rng.between(4, 12) * HOUR;
            backfills.push(Backfill { account: rng.below(accounts) as u32, from, until });
        }
        Mail { seed, is_disturbed: true, backfills, held: BinaryHeap::new() }
    }

    /// What has arrived before `time`, or at all where there is none; the earliest first.
    pub fn arrived(&mut self, time: Option<i64>) -> Option<Sent> {
        let Reverse(Held(first)) = self.held.peek()?;
        if time.is_some_and(|time| first.arrival >= time) {
            return None;
        }
        self.held.pop().map(|Reverse(Held(sent))| sent)
    }

    /// Sends a record of an account: gives it back where it arrives at once, else holds it.
    pub fn send(&mut self, mut sent: Sent, account: u32) -> Option<Sent> {
        if !self.is_disturbed {
            return Some(sent);
        }
        sent.arrival = self.arrival(&sent, account);
        if let Some(again) = self.repetition(&sent) {
            self.held.push(Reverse(Held(again)));
        }
        if sent.arrival == sent.call.time {
            return Some(sent);
        }
        self.held.push(Reverse(Held(sent)));
        None
    }

    /// How many records are held.
    pub fn held(&self) -> usize {
        self.held.len()
    }

    fn arrival(&self, sent: &Sent, account: u32) -> i64 {
        let time = sent.call.time;
        let covers =
            |backfill: &&Backfill| backfill.account == account && (backfill.from..backfill.until).contains(&time);
        if let Some(Backfill { from, until, .. }) = self.backfills.iter().find(covers) {
            return until + (time - from) * BACKFILL_TAKES / (until - from);
        }
        let drawn = mix(self.seed ^ 0xb10, sent.sequence);
        match drawn % 1_000 < LATE {
            true => time + within(drawn >> 16, LATE_MINUTES.0 * MINUTE, LATE_MINUTES.1 * MINUTE),
            false => time,
        }
    }

    fn repetition(&self, sent: &Sent) -> Option<Sent> {
        let hour = sent.call.time.div_euclid(HOUR) as u64;
        let drawn = mix(mix(self.seed ^ 0xb11, u64::from(sent.call.actor)), hour) % 1_000;
        let delivery = match drawn {
            ..REPEATED => Delivery::Repeated,
            _ if drawn < REPEATED + RENUMBERED => Delivery::Renumbered,
            _ => return None,
        };
        let after = within(mix(self.seed, sent.sequence) >> 16, 1, REPEATED_WITHIN * MINUTE);
        Some(Sent { arrival: sent.arrival + after, delivery, ..sent.clone() })
    }
}

/// A number from `low` to `high` that stands for `drawn`.
fn within(drawn: u64, low: i64, high: i64) -> i64 {
    low + (drawn % (high - low + 1) as u64) as i64
}

/// Ordered by arrival, then as the events were.
#[derive(Debug)]
struct Held(Sent);

impl Ord for Held {
    fn cmp(&self, other: &Held) -> Ordering {
        let key = |held: &Held| (held.0.arrival, held.0.sequence, held.0.delivery);
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for Held {
    fn partial_cmp(&self, other: &Held) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Held {
    fn eq(&self, other: &Held) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Held {}
