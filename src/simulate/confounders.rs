//! Benign change (model, section 4.2), as far as CloudTrail alone shows it: changes to groups and identities, and
//! people who work through an automation's role. Whatever alerts on them is a false alert.
//!
//! Numbers are for about 2,044 identities in 90 groups over 30 days, and are scaled to the fleet and its span.
//! Those that befall more than a group or bring resources of their own are in `wide`; what befalls the records on their
//! way (B10, B11) is in `delivery`, what scanners do (B12) in `scan`.

mod wide;

use std::collections::HashMap;
use std::sync::Arc;

use super::call::Call;
use super::catalogue::Operation;
use super::hour::{HOUR, usual_call};
use super::names::{self, Operator};
use super::population::Builder;
use super::rng::Rng;
use super::world::{Change, Effect, Habit, Pair, Runtime, World};

const DAY: i64 = 24 * HOUR;
/// What the catalogue's numbers are for.
const CATALOGUE_IDENTITIES: f64 = 2_044.0;
const CATALOGUE_DAYS: f64 = 30.0;

/// New services (B9): groups of 4 to 11 identities without history. Scanners (B12): one for each fleet of the
/// catalogue's size.
pub fn newcomers(builder: &mut Builder<'_>, start: i64, end: i64) {
    let mut rng = Rng::new(builder.world.members.len() as u64, 0xb9);
    let factor = scale(&builder.world, (start, end));
    let scanners = (builder.world.members.len() as f64 / CATALOGUE_IDENTITIES).round().max(1.0);
    for _ in 0..scanners as usize {
        builder.add_group(Habit::Scanner, 1, start);
    }
    for _ in 0..times(6.0, factor, &mut rng) {
        let size = rng.between(4, 11) as usize;
        let born = rng.between(start + (end - start) / 8, end);
        builder.add_group(Habit::Service, size, born);
    }
}

/// Applies all other changes of a span (from, until in milliseconds), and returns the calls that belong to no habit.
pub fn apply(world: &mut World, span: (i64, i64), rng: &mut Rng) -> Vec<Vec<Call>> {
    let factor = scale(world, span);
    let days = (span.1 - span.0) as f64 / DAY as f64;
    let mut apply = Apply { groups: by_habit(world), world, span, rng };
    apply.each(40.0 * factor, Apply::deploy);
    apply.each(4.0 * factor, Apply::region_roll_out);
    apply.each(60.0 * factor, Apply::traffic);
    apply.each(4.0 * factor, Apply::vendor_moves);
    apply.each(4.0 * factor, Apply::failover);
    apply.each(8.6 * factor, Apply::client_upgrade);
    apply.each(6.0 * factor, Apply::permissions_tightened);
    apply.key_rotation();
    apply.month_end();
    apply.new_egress();
    apply.each(2.0 * factor, Apply::tool_release);
    apply.each(days / CATALOGUE_DAYS, Apply::clock_change);
    apply.each(days / CATALOGUE_DAYS, Apply::holiday);
    apply.field_is_filled();
    let migrations = times(1.0, factor, apply.rng);
    let incidents = times(6.0, factor, apply.rng);
    let mut scripts: Vec<Vec<Call>> = (0..migrations).filter_map(|_| apply.migration()).collect();
    scripts.extend((0..incidents).filter_map(|_| apply.incident_response()));
    scripts
}

/// The groups of each habit, by their first members.
fn by_habit(world: &World) -> HashMap<Habit, Vec<u32>> {
    let mut groups: HashMap<Habit, Vec<u32>> = HashMap::new();
    for (index, group) in world.groups.iter().enumerate() {
        groups.entry(group.habit).or_default().push(index as u32);
    }
    groups
}

/// By how much a fleet and its span are larger than those of the catalogue.
fn scale(world: &World, (start, end): (i64, i64)) -> f64 {
    world.members.len() as f64 / CATALOGUE_IDENTITIES * ((end - start) as f64 / DAY as f64 / CATALOGUE_DAYS)
}

/// A mean number of times → a whole number: the rest by chance.
fn times(mean: f64, factor: f64, rng: &mut Rng) -> usize {
    let expected = mean * factor;
    expected as usize + usize::from(rng.chance(expected.fract()))
}

struct Apply<'a> {
    groups: HashMap<Habit, Vec<u32>>,
    world: &'a mut World,
    span: (i64, i64),
    rng: &'a mut Rng,
}

impl Apply<'_> {
    fn each(&mut self, mean: f64, change: fn(&mut Self)) {
        for _ in 0..times(mean, 1.0, self.rng) {
            change(self);
        }
    }

    fn moment(&mut self) -> i64 {
        self.rng.between(self.span.0, self.span.1)
    }

    fn group(&mut self, habits: &[Habit]) -> Option<u32> {
        let of = |habit| self.groups.get(habit).map_or(&[][..], |groups| &groups[..]);
        let mut drawn = self.rng.below(habits.iter().map(|habit| of(habit).len()).sum());
        for habit in habits {
            match of(habit).get(drawn) {
                Some(group) => return Some(*group),
                None => drawn -= of(habit).len(),
            }
        }
        None
    }

    /// Makes something different for all members of a group, each up to `stagger` milliseconds after the first.
    fn befall(&mut self, group: u32, stagger: i64, window: (i64, i64), effect: &Effect) {
        let (first, last) = self.world.groups[group as usize].members;
        for member in first..last {
            let late = self.rng.between(0, stagger);
            let change = Change { from: window.0 + late, until: window.1.saturating_add(late), effect: effect.clone() };
            self.world.members[member as usize].changes.push(change);
        }
    }

    /// B1: 1 to 4 new pairs for all members, 70 % of them with an operation of the group; half of the time a new
    /// client.
    fn deploy(&mut self) {
        let Some(group) = self.group(&[Habit::Service, Habit::Cron]) else { return };
        let from = self.moment();
        let count = self.rng.between(1, 4) as usize;
        let pairs = self.new_pairs(group, count, 0.7);
        self.befall(group, 5 * HOUR, (from, i64::MAX), &Effect::Pairs(pairs.into()));
        if self.rng.chance(0.5) {
            let (first, _) = self.world.groups[group as usize].members;
            let client = self.world.members[first as usize].clients[0] ^ 1 << 8;
            self.befall(group, 5 * HOUR, (from, i64::MAX), &Effect::Client(client));
        }
    }

    fn new_pairs(&mut self, group: u32, count: usize, of_group: f64) -> Vec<Pair> {
        let (first, _) = self.world.groups[group as usize].members;
        let member = &self.world.members[first as usize];
        let mut pairs = Vec::new();
        while pairs.len() < count {
            let known = self.world.own_pair(member, self.rng);
            let pair = if self.rng.chance(of_group) {
                self.world.pair_on_any(known.operation, member.account, self.rng)
            } else {
                self.world.catalogue_pair(member.account, self.rng)
            };
            if super::catalogue::OPERATIONS[usize::from(pair.operation)].is_everyday()
                || pair.operation == known.operation
            {
                pairs.push(pair);
            }
        }
        pairs
    }

    /// B2: long-lived keys are exchanged every 30 to 90 days, with 1 to 24 hours in which both are in use. (Roles have
    /// another with every session.)
    fn key_rotation(&mut self) {
        for member in self.world.members.iter_mut().filter(|member| member.runtime == Runtime::AccessKey) {
            let period = self.rng.between(30, 90) * DAY;
            let mut from = self.span.0 + self.rng.between(0, period);
            let mut number = 1;
            while from < self.span.1 {
                let overlap = self.rng.between(1, 24) * HOUR;
                member.changes.push(Change { from, until: i64::MAX, effect: Effect::Key { number, overlap } });
                from += period;
                number += 1;
            }
        }
    }

    /// B3: one more region for a whole group.
    fn region_roll_out(&mut self) {
        let Some(group) = self.group(&[Habit::Service, Habit::Cron, Habit::Ci]) else { return };
        let from = self.moment();
        let region = self.rng.below(8) as u8;
        self.befall(group, 48 * HOUR, (from, i64::MAX), &Effect::Region(region, 0.3));
    }

    /// B4: a group's rate times 3 to 8 for 2 to 8 hours.
    fn traffic(&mut self) {
        let Some(group) = self.group(&[Habit::Service]) else { return };
        let from = self.moment();
        let until = from + self.rng.between(2, 8) * HOUR;
        let factor = self.rng.uniform(3.0, 8.0);
        self.befall(group, 0, (from, until), &Effect::Rate(factor));
    }

    /// B5: 30 % of the jobs also run from 01 to 03 h in the last two or three nights of a month, ten times as much, with 3 to
    /// 8 new containers a night.
    fn month_end(&mut self) {
        let nights: Vec<i64> = (self.span.0 / DAY..=self.span.1 / DAY).filter(|&day| is_month_end(day)).collect();
        for member in 0..self.world.members.len() {
            if self.world.members[member].habit != Habit::Cron || !self.rng.chance(0.3) {
                continue;
            }
            // Nights come in threes but where the span cuts them.
            let last = self.rng.between(2, 3) as usize;
            for &night in
                nights.chunk_by(|a, b| a + 1 == *b).flat_map(|month| &month[month.len().saturating_sub(last)..])
            {
                let (from, until) = (night * DAY + HOUR, night * DAY + 4 * HOUR);
                let count = self.rng.between(3, 8) as usize;
                let group = self.world.members[member].group;
                let pairs = self.new_pairs(group, count, 1.0);
                for effect in [Effect::Hours(0b1110), Effect::Rate(10.0), Effect::Pairs(pairs.into())] {
                    self.world.members[member].changes.push(Change { from, until, effect });
                }
            }
        }
    }

    /// B6: people work through an automation's role for three hours: 7 to 19 pairs an hour, from the office, with the
    /// command line.
    fn incident_response(&mut self) -> Option<Vec<Call>> {
        let group = self.group(&[Habit::Admin])?;
        let (first, last) = self.world.groups[group as usize].members;
        let actor = self.rng.between(i64::from(first), i64::from(last) - 1) as u32;
        let account = self.world.members[actor as usize].account;
        let recon = super::catalogue::operations_where(Operation::is_everyday);
        let prefix = names::prefix(Operator::Office, self.rng);
        let from = self.moment();
        let mut calls = Vec::new();
        for hour in 0..3 {
            for _ in 0..self.rng.between(7, 19) {
                let operation = *self.rng.pick(&recon);
                let pair = self.world.pair_on_any(operation, account, self.rng);
                let time = from + hour * HOUR + self.rng.between(0, HOUR - 1);
                let mut call = usual_call(self.world, actor, time, pair);
                call.address = names::address(prefix, 1);
                call.client = names::CLIENT_CLI;
                calls.push(call);
            }
        }
        Some(calls)
    }

    /// B8: all networks of a vendor are replaced by others, within 3 hours; 30 % with a day of mixed use.
    fn vendor_moves(&mut self) {
        let Some(group) = self.group(&[Habit::Vendor]) else { return };
        let from = self.moment();
        let other = self.rng.below(names::VENDORS.len());
        let networks: Arc<[u32]> = (0..3).map(|_| names::prefix(Operator::Vendor(other + 8), self.rng)).collect();
        let is_mixed = self.rng.chance(0.3);
        if is_mixed {
            self.befall(group, 3 * HOUR, (from, from + DAY), &Effect::Networks(networks.clone(), 0.5));
        }
        let all_at = from + if is_mixed { DAY } else { 0 };
        self.befall(group, 3 * HOUR, (all_at, i64::MAX), &Effect::Networks(networks, 1.0));
    }

    /// B13: a failover test: another region and another network for three hours.
    fn failover(&mut self) {
        let Some(group) = self.group(&[Habit::Service]) else { return };
        let from = self.moment();
        let window = (from, from + 3 * HOUR);
        let region = self.rng.below(8) as u8;
        let networks = Arc::from([names::prefix(Operator::OwnCloud, self.rng)]);
        self.befall(group, 0, window, &Effect::Region(region, 1.0));
        self.befall(group, 0, window, &Effect::Networks(networks, 1.0));
    }

    /// B14: the client's next major version, which makes one or two calls of its own.
    fn client_upgrade(&mut self) {
        let Some(group) = self.group(&[Habit::Service, Habit::Cron, Habit::Ci]) else { return };
        let from = self.moment();
        let (first, _) = self.world.groups[group as usize].members;
        let client = self.world.members[first as usize].clients[0] | names::NEXT_MAJOR;
        let count = self.rng.between(1, 2) as usize;
        let pairs = self.new_pairs(group, count, 0.0);
        self.befall(group, 5 * HOUR, (from, i64::MAX), &Effect::Client(client));
        self.befall(group, 5 * HOUR, (from, i64::MAX), &Effect::Pairs(pairs.into()));
    }

    /// B15: once a quarter an account's networks reach the internet from other addresses.
    fn new_egress(&mut self) {
        let chance = (self.span.1 - self.span.0) as f64 / (90 * DAY) as f64;
        for account in 0..self.world.accounts.len() as u32 {
            if !self.rng.chance(chance) {
                continue;
            }
            let from = self.moment();
            let networks: Arc<[u32]> = (0..3).map(|_| names::prefix(Operator::OwnCloud, self.rng)).collect();
            for member in self.world.members.iter_mut().filter(|member| member.account == account) {
                if matches!(member.runtime, Runtime::Service(_) | Runtime::AccessKey) {
                    let effect = Effect::Networks(networks.clone(), 1.0);
                    member.changes.push(Change { from, until: i64::MAX, effect });
                }
            }
        }
    }

    /// B19: permissions are tightened: 5 to 20 times as many calls are denied, until it is mended after 2 to 48 hours.
    fn permissions_tightened(&mut self) {
        let Some(group) = self.group(&[Habit::Service, Habit::Cron, Habit::Ci]) else { return };
        let from = self.moment();
        let until = from + self.rng.between(2, 48) * HOUR;
        let share = self.rng.uniform(0.025, 0.2);
        self.befall(group, 0, (from, until), &Effect::Denials(share));
    }
}

/// Whether a day (since 1970-01-01) is one of the last three of its month: a month begins within three days of it.
fn is_month_end(day: i64) -> bool {
    let date = |day: i64| crate::event::Timestamp::from_millis(day * DAY).to_string()[8..10].to_owned();
    (1..=3).any(|ahead| date(day + ahead) == "01")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_on_their_last_three_days() {
        // 2026-01-01 is day 20,454.
        let ends: Vec<i64> = (0..59).filter(|day| is_month_end(20_454 + day)).collect();
        assert_eq!(ends, [28, 29, 30, 56, 57, 58]);
    }
}
