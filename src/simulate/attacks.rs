//! Attacks: chooses when and whom, lets a script act, and labels what it did.
//!
//! The victim goes on with its own work meanwhile.

mod platform;
mod scripts;
mod slow;

use super::activity::Activity;
use super::call::{Call, Session};
use super::catalogue::{Access, OPERATIONS, Operation};
use super::config::{AttackPlan, FleetConfig};
use super::hour::{HOUR, usual_call};
use super::labels::{ATTACK_VERSION, AttackLabel, LabelledIdentity, Scenario};
use super::names;
use super::population::principal;
use super::rng::Rng;
use super::world::{Habit, Member, Pair, Runtime, World};
use crate::event::Timestamp;

/// Active hours that a victim must have had, so that there is a habit to leave.
const EXPERIENCE: f64 = 48.0;
/// The same for seldom used accounts.
const EXPERIENCE_RARE: f64 = 10.0;
/// Calls that an attacker makes in one hour at most.
const MAX_PER_HOUR: f64 = 4_096.0;

/// Plans all attacks of a span; adds their calls to `scripts` and returns their labels in the order of `schedule`.
pub fn stage(world: &mut World, config: &FleetConfig, rng: &mut Rng, scripts: &mut Vec<Vec<Call>>) -> Vec<AttackLabel> {
    let span = (config.start.as_millis(), config.end.as_millis());
    let mut labels: Vec<AttackLabel> = Vec::new();
    let mut taken: Vec<u32> = Vec::new();
    let is_strict = matches!(config.attacks, AttackPlan::Random { .. });
    for (time, scenario) in schedule(&config.attacks, &Scenario::ALL, span, rng) {
        let Some(victim) = victim(world, scenario, (span.0, time), &taken, is_strict, rng) else { continue };
        let id = labels.len() as u32;
        let (calls, actors) = (Vec::new(), vec![victim]);
        let mut attack = Attack { id, time, victim, actors, calls, hidden: None, scale: config.rate_scale, world, rng };
        scripts::run(&mut attack, scenario);
        attack.calls.retain(|call| call.time < span.1);
        if let Some(label) = label(&attack, scenario, config) {
            taken.extend(&attack.actors);
            labels.push(label);
            scripts.push(attack.calls);
        }
    }
    labels
}

/// Times and scenarios of a plan, in the order of time, as far as they are among `scenarios`.
pub fn schedule(
    plan: &AttackPlan,
    scenarios: &[Scenario],
    (start, end): (i64, i64),
    rng: &mut Rng,
) -> Vec<(i64, Scenario)> {
    let mut attacks: Vec<(i64, Scenario)> = match plan {
        AttackPlan::None => Vec::new(),
        AttackPlan::Staged(attacks) => attacks.iter().map(|&(time, scenario)| (time.as_millis(), scenario)).collect(),
        AttackPlan::Random { per_30_days, not_before } => {
            let first = not_before.as_millis().max(start);
            let per_30_days = per_30_days * (scenarios.len() as f64 / Scenario::ALL.len() as f64);
            let count = (per_30_days * (end - first) as f64 / (720 * HOUR) as f64).round().max(0.0) as usize;
            let mut scenarios = scenarios.to_vec();
            rng.shuffle(&mut scenarios);
            let mut at = |scenario: Scenario| rng.between(first, (end - scenario.days() * 24 * HOUR).max(first));
            scenarios.into_iter().cycle().take(count).map(|scenario| (at(scenario), scenario)).collect()
        }
    };
    attacks.retain(|&(time, scenario)| (start..end).contains(&time) && scenarios.contains(&scenario));
    attacks.sort_by_key(|&(time, _)| time);
    attacks
}

/// One whom the scenario suits, with enough history within `(from, until)`, who was no victim yet; where there is none
/// and we are not strict, the most experienced that is left.
fn victim(
    world: &World,
    scenario: Scenario,
    (from, until): (i64, i64),
    taken: &[u32],
    is_strict: bool,
    rng: &mut Rng,
) -> Option<u32> {
    let mut candidates: Vec<(f64, u32)> = Vec::new();
    for (index, member) in world.members.iter().enumerate() {
        let index = index as u32;
        if !suits(world, scenario, member) || taken.contains(&index) || member.born >= until {
            continue;
        }
        let hours = (until - from.max(member.born)) as f64 / HOUR as f64;
        candidates.push((member.activity.share() * hours, index));
    }
    let enough = if scenario == Scenario::A3 { EXPERIENCE_RARE } else { EXPERIENCE };
    let experienced: Vec<u32> = candidates.iter().filter(|c| c.0 >= enough).map(|c| c.1).collect();
    if experienced.is_empty() && is_strict {
        return None;
    }
    if experienced.is_empty() {
        return candidates.iter().max_by(|a, b| a.0.total_cmp(&b.0)).map(|c| c.1);
    }
    Some(*rng.pick(&experienced))
}

/// Whether an identity is one that the scenario befalls. What moves data befalls those who have data to move.
fn suits(world: &World, scenario: Scenario, member: &Member) -> bool {
    let group = &world.groups[member.group as usize];
    let has = |wanted: fn(&Operation) -> bool| {
        let is_own =
            |(at, pair): (usize, &Pair)| member.uses >> at & 1 == 1 && wanted(&OPERATIONS[usize::from(pair.operation)]);
        group.pool.iter().enumerate().any(is_own)
    };
    scenario.victims().contains(&member.habit)
        && match scenario {
            Scenario::A5 => {
                member.activity.share() > 0.25 && has(|o| o.service == "s3" && o.access == Access::DataRead)
            }
            Scenario::A13 => group.members.1 - group.members.0 >= scripts::COORDINATED,
            Scenario::A18 => has(|o| o.service == "s3" && o.access == Access::DataWrite),
            _ => true,
        }
}

/// What is said of an attack; none where nothing came of it.
fn label(attack: &Attack<'_>, scenario: Scenario, config: &FleetConfig) -> Option<AttackLabel> {
    let times =
        || attack.calls.iter().map(|call| call.time).chain(attack.hidden.into_iter().flat_map(<[i64; 2]>::from));
    let (start, end) = (times().min()?, times().max()?.min(config.end.as_millis() - 1));
    let called = |actor: u32| attack.calls.iter().any(|call| call.actor == actor && !call.by_lender);
    let acted = |actor: &&u32| called(**actor) || (attack.hidden.is_some() && **actor == attack.victim);
    let identities = attack.actors.iter().filter(acted).map(|&actor| identity(attack.world, actor)).collect();
    let (number, _, technique) = scenario.describe();
    Some(AttackLabel {
        attack_id: format!("{}-{:04}", config.seed, attack.id),
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
    /// From when until when it hides in the victim's own calls, where it does.
    hidden: Option<(i64, i64)>,
    /// Factor on the number of calls of everybody.
    scale: f64,
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

    /// Calls of the victim in an hour by a factor, with a limit.
    fn volume(&self, factor: f64) -> i64 {
        let mean = self.world.members[self.victim as usize].mean * self.scale;
        (mean * factor).clamp(1.0, MAX_PER_HOUR) as i64
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

    /// An identity that the attacker makes; it has no life of its own.
    fn add_member(&mut self, runtime: Runtime, name: &str, born: i64) -> u32 {
        let victim = &self.world.members[self.victim as usize];
        let (group, account, client) = (victim.group, victim.account, victim.clients[0]);
        let networks = vec![victim.networks[0]];
        let member = Member {
            group,
            account,
            habit: Habit::Rare,
            runtime,
            principal: principal(&self.world.accounts[account as usize].id, runtime, name),
            key: self.rng.bits(),
            clients: [client; 2],
            networks,
            activity: Activity::Fixed(0),
            uses: 1,
            mean: 0.0,
            size: 1.0,
            error_rate: 0.0,
            born,
            silent: None,
            changes: Vec::new(),
        };
        self.world.members.push(member);
        let index = self.world.members.len() as u32 - 1;
        self.actors.push(index);
        index
    }
}
