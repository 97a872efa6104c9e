//! Attacks: chooses when and whom, lets a script act, and labels what it did.
//!
//! The victim goes on with its own work meanwhile.

mod scripts;

use super::call::{Call, Session};
use super::config::AttackPlan;
use super::hour::{HOUR, usual_call};
use super::labels::{ATTACK_VERSION, AttackLabel, LabelledIdentity, Scenario};
use super::rng::Rng;
use super::world::{Pair, World};
use super::{activity, names};
use crate::event::Timestamp;

/// Active hours that a victim must have had, so that there is a habit to leave.
const EXPERIENCE: f64 = 48.0;
/// The same for seldom used accounts.
const EXPERIENCE_RARE: f64 = 10.0;
/// How long a dormant key was not used, at least.
const DORMANT: i64 = 250 * HOUR;

/// Plans all attacks of a span; adds their calls to `scripts` and returns their labels by time.
pub fn stage(
    world: &mut World,
    plan: &AttackPlan,
    span: (i64, i64),
    seed: u64,
    rng: &mut Rng,
    scripts: &mut Vec<Vec<Call>>,
) -> Vec<AttackLabel> {
    let mut labels: Vec<AttackLabel> = Vec::new();
    let mut taken: Vec<u32> = Vec::new();
    for (time, scenario) in schedule(plan, span, rng) {
        let Some(victim) = victim(world, scenario, (span.0, time), &taken, rng) else { continue };
        taken.push(victim);
        if scenario == Scenario::A3 {
            make_dormant(world, victim, time);
        }
        let id = labels.len() as u32;
        let mut attack = Attack { id, time, victim, actors: vec![victim], calls: Vec::new(), world, rng };
        scripts::run(&mut attack, scenario);
        attack.calls.retain(|call| call.time < span.1);
        if let Some(label) = label(&attack, scenario, seed) {
            labels.push(label);
            scripts.push(attack.calls);
        }
    }
    labels
}

/// Times and scenarios, in the order of time.
fn schedule(plan: &AttackPlan, (start, end): (i64, i64), rng: &mut Rng) -> Vec<(i64, Scenario)> {
    let mut attacks: Vec<(i64, Scenario)> = match plan {
        AttackPlan::None => Vec::new(),
        AttackPlan::Staged(attacks) => attacks.iter().map(|&(time, scenario)| (time.as_millis(), scenario)).collect(),
        AttackPlan::Random { per_30_days, not_before } => {
            let first = not_before.as_millis().max(start);
            let last = (end - 8 * HOUR).max(first);
            let count = (per_30_days * (end - first) as f64 / (720 * HOUR) as f64).round().max(0.0) as usize;
            let mut scenarios = Scenario::ALL;
            rng.shuffle(&mut scenarios);
            (0..count).map(|n| (rng.between(first, last), scenarios[n % scenarios.len()])).collect()
        }
    };
    attacks.retain(|&(time, _)| (start..end).contains(&time));
    attacks.sort_by_key(|&(time, _)| time);
    attacks
}

/// One whom the scenario suits, with enough history within `(from, until)`, who was no victim yet; where there is none,
/// the most experienced that is left.
fn victim(world: &World, scenario: Scenario, (from, until): (i64, i64), taken: &[u32], rng: &mut Rng) -> Option<u32> {
    let mut candidates: Vec<(f64, u32)> = Vec::new();
    for (index, member) in world.members.iter().enumerate() {
        let index = index as u32;
        if !scenario.victims().contains(&member.habit) || taken.contains(&index) || member.born >= until {
            continue;
        }
        let hours = (until - from.max(member.born)) as f64 / HOUR as f64;
        candidates.push((member.activity.share() * hours, index));
    }
    let enough = if scenario == Scenario::A3 { EXPERIENCE_RARE } else { EXPERIENCE };
    let experienced: Vec<u32> = candidates.iter().filter(|c| c.0 >= enough).map(|c| c.1).collect();
    if experienced.is_empty() {
        return candidates.iter().max_by(|a, b| a.0.total_cmp(&b.0)).map(|c| c.1);
    }
    Some(*rng.pick(&experienced))
}

/// Silences an account for ten days and more before `time`, and for a day after; before that it is busier than most of
/// its kind, so that there is a habit to come back from.
fn make_dormant(world: &mut World, victim: u32, time: i64) {
    let member = &mut world.members[victim as usize];
    member.silent = Some((time - DORMANT, time + 24 * HOUR));
    member.activity = activity::Activity::Daily(activity::Profile { day: 0.35, night: 0.05, weekend: 0.8, ahead: 1 });
}

/// What is said of an attack whose calls are these; none where it has none.
fn label(attack: &Attack<'_>, scenario: Scenario, seed: u64) -> Option<AttackLabel> {
    let start = attack.calls.iter().map(|call| call.time).min()?;
    let end = attack.calls.iter().map(|call| call.time).max()?;
    let acted = |actor: &&u32| attack.calls.iter().any(|call| call.actor == **actor && !call.by_lender);
    let identities = attack.actors.iter().filter(acted).map(|&actor| identity(attack.world, actor)).collect();
    let (number, _, technique) = scenario.describe();
    Some(AttackLabel {
        attack_id: format!("{seed}-{:04}", attack.id),
        scenario: number.into(),
        technique: technique.into(),
        attack_version: ATTACK_VERSION.into(),
        identities,
        start: Timestamp::from_millis(start),
        end: Timestamp::from_millis(end),
    })
}

fn identity(world: &World, index: u32) -> LabelledIdentity {
    let member = &world.members[index as usize];
    let scope = format!("aws/{}", world.accounts[member.account as usize].id);
    LabelledIdentity { scope, principal: member.principal.clone() }
}

/// An attack while it is being written.
struct Attack<'a> {
    id: u32,
    /// When it begins.
    time: i64,
    victim: u32,
    /// All that the attacker acts as.
    actors: Vec<u32>,
    calls: Vec<Call>,
    world: &'a mut World,
    rng: &'a mut Rng,
}

/// Where an attacker works from: address and client.
#[derive(Clone, Copy)]
struct Place {
    address: u32,
    client: u16,
}

impl Attack<'_> {
    /// Adds a call of the victim, as the victim would make it.
    fn call(&mut self, time: i64, pair: Pair) -> &mut Call {
        self.call_as(self.victim, time, pair)
    }

    /// Adds a call of any identity, as that would make it.
    fn call_as(&mut self, actor: u32, time: i64, pair: Pair) -> &mut Call {
        let call = Call { attack: Some(self.id), ..usual_call(self.world, actor, time, pair) };
        self.calls.push(call);
        self.calls.last_mut().expect("one was just added")
    }

    /// Adds a call of the victim from another place.
    fn call_from(&mut self, place: Place, time: i64, pair: Pair) -> &mut Call {
        let call = self.call(time, pair);
        call.address = place.address;
        call.client = place.client;
        call
    }

    /// A place outside the fleet's networks, with the command line.
    fn outside(&mut self) -> Place {
        let prefix = names::prefix(names::Operator::External, self.rng);
        Place { address: names::address(prefix, u64::from(self.id)), client: names::CLIENT_CLI }
    }

    /// Where the victim itself works from.
    fn inside(&self) -> Place {
        let usual = usual_call(self.world, self.victim, self.time, self.world.groups[0].pool[0]);
        Place { address: usual.address, client: usual.client }
    }

    fn account(&self) -> u32 {
        self.world.members[self.victim as usize].account
    }

    /// So many times within an hour of the attack, in order.
    fn times(&mut self, hour: i64, count: i64) -> Vec<i64> {
        let start = self.time + hour * HOUR;
        let mut times: Vec<i64> = (0..count).map(|_| start + self.rng.between(0, HOUR - 1)).collect();
        times.sort_unstable();
        times
    }

    /// A pair that the victim makes anyway.
    fn own_pair(&mut self) -> Pair {
        self.world.own_pair(&self.world.members[self.victim as usize], self.rng)
    }

    /// One of these operations on some resource of the victim's account.
    fn pair_of(&mut self, operations: &[u16]) -> Pair {
        let operation = *self.rng.pick(operations);
        self.world.pair_on_any(operation, self.account(), self.rng)
    }

    /// The named operation on some resource of the victim's account.
    fn named(&mut self, name: &str) -> Pair {
        self.world.named_pair(name, self.account(), self.rng)
    }

    /// A session that the attacker opened, and that nobody else has.
    fn session(&self, started: i64) -> Session {
        Session { number: 1_000_000 + self.id, started }
    }
}
