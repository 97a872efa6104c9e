//! Attacks that take days, or hide in what the victim does anyway (model, section 4.1).

use std::sync::Arc;

use super::super::catalogue::{Operation, operation, operations_where};
use super::super::hour::HOUR;
use super::super::mood::chance_of_activity;
use super::super::names;
use super::super::resource::ResourceKind;
use super::super::world::{Change, Effect, Hidden, Pair, Target};
use super::Attack;

const DAY: i64 = 24 * HOUR;
/// Index of python-requests in `names::CLIENTS`.
const CLIENT_REQUESTS: u16 = 7;

impl Attack<'_> {
    /// Hides in the victim's own calls from one time to another.
    fn hide(&mut self, from: i64, until: i64, rate: f64, bytes: f64, pairs: Vec<Pair>) {
        let hidden = Arc::new(Hidden { attack: self.id, rate, bytes, pairs });
        let change = Change { from, until, effect: Effect::Hidden(hidden) };
        self.world.members[self.victim as usize].changes.push(change);
        let (first, last) = self.hidden.unwrap_or((from, until));
        self.hidden = Some((first.min(from), last.max(until)));
    }
}

/// A5: for 8 days, in the hours of the victim and with its own pairs, 1.8 to 2.5 times the calls and 3 to 6 times the
/// bytes.
pub fn slow_exfiltration(attack: &mut Attack<'_>) {
    let (rate, bytes) = (attack.rng.uniform(1.8, 2.5), attack.rng.uniform(3.0, 6.0));
    attack.hide(attack.time, attack.time + 8 * DAY, rate, bytes, Vec::new());
}

/// A12: for 14 days, one new pair a day (an operation of the group; 30 % of them on a resource of nobody's team), calls
/// and bytes 6 % more each day; on the last day 1.5 times the calls and twice the bytes.
pub fn boiling_frog(attack: &mut Attack<'_>) {
    let mut pairs = Vec::new();
    for day in 0..14 {
        let known = attack.own_pair();
        pairs.push(attack.pair_of(&[known.operation]));
        let grown = libm::pow(1.06, f64::from(day));
        let last = if day == 13 { (1.5, 2.0) } else { (1.0, 1.0) };
        let from = attack.time + i64::from(day) * DAY;
        attack.hide(from, from + DAY, grown * last.0, grown * last.1, pairs.clone());
    }
}

/// A16: from a hosting company with python-requests: 5 to 20 reads a day for 1 to 3 days, then for 1 to 5 days two
/// hours of 20 to 200 times the vendor's calls, over 3 to 10 buckets that it never read. (The rest of the scenario is in
/// the logs of the integrated product.)
pub fn integration_theft(attack: &mut Attack<'_>) {
    let mut place = attack.outside();
    place.client = CLIENT_REQUESTS;
    let recon = operations_where(Operation::is_recon);
    let recon_days = attack.rng.between(1, 3);
    for day in 0..recon_days {
        for at in 0..attack.rng.between(5, 20) {
            let pair = attack.pair_of(&recon);
            let late = if day == 0 && at == 0 { 0 } else { attack.rng.between(0, DAY - 1) };
            attack.call_from(place, attack.time + day * DAY + late, pair);
        }
    }
    let buckets: Vec<Pair> = (0..attack.rng.between(3, 10)).map(|_| attack.named("s3:GetObject")).collect();
    for day in 0..attack.rng.between(1, 5) {
        let factor = attack.rng.uniform(20.0, 200.0);
        let hour = (recon_days + day) * 24 + attack.rng.between(0, 21);
        for hour in [hour, hour + 1] {
            for time in attack.times(hour, attack.volume(factor)) {
                let pair = *attack.rng.pick(&buckets);
                attack.call_from(place, time, pair);
            }
        }
    }
}

/// A25: models invoked for 6 to 72 hours, in 1 to 3 regions and of as many models, by bursts of exp(6 ± 1) calls an
/// hour.
pub fn model_abuse(attack: &mut Attack<'_>) {
    let count = attack.rng.between(1, 3) as usize;
    let account = attack.account() as usize;
    let mut models = attack.world.accounts[account].by_kind[ResourceKind::Model as usize].clone();
    attack.rng.shuffle(&mut models);
    let mut regions: Vec<u8> = (names::HOME_REGIONS as u8..names::REGIONS.len() as u8).collect();
    attack.rng.shuffle(&mut regions);
    let invoke = operation("bedrock:InvokeModel");
    for hour in 0..attack.rng.between(6, 72) {
        let burst = attack.rng.lognormal(6.0, 1.0).clamp(1.0, super::MAX_PER_HOUR) as i64;
        for time in attack.times(hour, burst) {
            let at = attack.rng.below(count);
            let pair = Pair { operation: invoke, target: Target::Resource(models[at % models.len()]) };
            attack.call(time, pair).region = regions[at];
        }
    }
}

/// A26: the victim's own pairs, from its own network, as many as ever, in hours in which it is active less than once in
/// a hundred; in 1 to 3 nights.
pub fn odd_hours(attack: &mut Attack<'_>) {
    let nights = attack.rng.between(1, 3);
    let mut hour = attack.time / HOUR;
    for _ in 0..nights {
        // Weekends are odd enough for a pipeline.
        let member = &attack.world.members[attack.victim as usize];
        let Some(odd) = (hour..hour + 168).find(|&hour| chance_of_activity(member, hour) < 0.01) else { return };
        let from = (odd * HOUR).max(attack.time);
        for _ in 0..attack.volume(1.0).max(3) {
            let pair = attack.own_pair();
            let time = attack.rng.between(from, (odd + 1) * HOUR - 1);
            attack.call(time, pair);
        }
        hour = odd + 20;
    }
}
