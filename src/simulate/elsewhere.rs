//! Identities that live elsewhere: service accounts of two Kubernetes clusters and of Google Cloud's projects, and apps
//! on GitHub, as native records of those logs.
//!
//! Comes in: a seed and a span. Goes out: one record after the other, in order, each with who acted; they arrive at once.
//! Everyone has a few habits of his own, resources, a network and a client that stay the same. The numbers are a stream of
//! their own: what the fleet in AWS does with a seed is the same with and without those elsewhere. Attacks on them are written
//! as their own records are.

mod attacks;
mod gcp;
mod github;
mod kubernetes;
mod render;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::config::FleetConfig;
use super::hour::HOUR;
use super::labels::AttackLabel;
use super::names;
use super::rng::{Rng, mix};
use crate::event::Source;

/// Sets these random numbers apart from those of the fleet.
const STREAM: u64 = 0xe15e;

/// When somebody works, in hours of the day (UTC).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shift {
    /// At any hour.
    Always,
    /// On working days, from seven to nineteen.
    Office,
    /// At this hour, every day.
    Daily(i64),
}

/// Something that somebody does now and then.
#[derive(Debug)]
struct Habit {
    /// The chance that it is done, once, in an hour of his shift.
    share: f64,
    /// Its record, with the placeholders of `render`.
    template: String,
}

/// Whose log somebody's records are in, and what stays the same in all of them.
#[derive(Debug)]
enum Who {
    Kubernetes(kubernetes::Account),
    Gcp(gcp::Account),
    Github(github::App),
}

/// Somebody.
#[derive(Debug)]
struct Member {
    who: Who,
    /// As the detector names him.
    principal: String,
    /// His client.
    agent: &'static str,
    shift: Shift,
    /// Whence he calls.
    address: u32,
    habits: Vec<Habit>,
}

/// What somebody's turn is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    /// His hour is planned.
    Plan,
    /// One of his habits.
    Habit(usize),
    /// An attacker acts as he: one of the acts.
    Attack(usize),
}

/// What comes next: its time, whose turn it is, and what for.
type Due = (i64, usize, Turn);

/// Those who live elsewhere, as a stream of records.
#[derive(Debug)]
pub struct Elsewhere {
    seed: u64,
    end: i64,
    members: Vec<Member>,
    acts: Vec<attacks::Act>,
    random: Vec<Rng>,
    due: BinaryHeap<Reverse<Due>>,
    happened: u64,
}

/// What was written.
#[derive(Debug)]
pub struct Written {
    /// When, in milliseconds.
    pub time: i64,
    /// Who acted.
    pub member: usize,
    /// In which log.
    pub source: Source,
    /// The attack that it is part of: the index of its label.
    pub attack: Option<u32>,
}

impl Elsewhere {
    /// Nobody.
    pub fn nobody() -> Elsewhere {
        let (members, acts, random) = (Vec::new(), Vec::new(), Vec::new());
        Elsewhere { seed: 0, end: 0, members, acts, random, due: BinaryHeap::new(), happened: 0 }
    }

    /// Those of a fleet; appends the labels of the attacks on them.
    pub fn of(config: &FleetConfig, labels: &mut Vec<AttackLabel>) -> Elsewhere {
        let (start, end) = (config.start.as_millis(), config.end.as_millis());
        let seed = mix(config.seed, STREAM);
        let mut rng = Rng::new(seed, 0);
        let mut members = kubernetes::members(&mut rng);
        members.extend(gcp::members(&mut rng));
        members.extend(github::members(&mut rng));
        let random = (1..).map(|stream| Rng::new(seed, stream)).take(members.len()).collect();
        let acts = attacks::stage(&members, config, labels);
        let planned = (0..members.len()).map(|member| (start, member, Turn::Plan));
        let attacked = acts.iter().zip(0..).map(|(act, at)| (act.time, act.member, Turn::Attack(at)));
        let due = planned.chain(attacked).map(Reverse).collect();
        let mut elsewhere = Elsewhere { seed, end, members, acts, random, due, happened: 0 };
        elsewhere.plan_due();
        elsewhere
    }

    /// The time of the next record.
    pub fn next_time(&self) -> Option<i64> {
        self.due.peek().map(|Reverse((time, ..))| *time)
    }

    /// Appends the next record.
    pub fn next(&mut self, out: &mut Vec<u8>) -> Option<Written> {
        let Reverse((time, member, turn)) = self.due.pop()?;
        let who = &self.members[member];
        let (template, address, token, attack) = match turn {
            Turn::Attack(at) => {
                let act = &self.acts[at];
                (&act.template, act.address.unwrap_or(who.address), act.token, Some(act.attack))
            }
            Turn::Habit(at) => (&who.habits[at].template, who.address, time, None),
            Turn::Plan => unreachable!("plans are made before"),
        };
        let number = mix(self.seed, self.happened);
        let hourly = mix(self.seed ^ member as u64, token.div_euclid(HOUR) as u64);
        render::Moment { time, number, hourly, address }.fill(template, out);
        self.happened += 1;
        let source = who.source();
        self.plan_due();
        Some(Written { time, member, source, attack })
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// His name.
    pub fn principal(&self, member: usize) -> &str {
        &self.members[member].principal
    }

    /// How many records are planned.
    pub fn planned(&self) -> usize {
        self.due.iter().filter(|Reverse((.., turn))| *turn != Turn::Plan).count()
    }

    /// Plans hours until a record comes next.
    fn plan_due(&mut self) {
        while let Some(Reverse((time, member, Turn::Plan))) = self.due.peek().copied() {
            self.due.pop();
            let (hour, from) = (time.div_euclid(HOUR), time);
            let next = (hour + 1) * HOUR;
            if self.members[member].shift.covers(hour) {
                self.plan(member, from, next.min(self.end));
            }
            if next < self.end {
                self.due.push(Reverse((next, member, Turn::Plan)));
            }
        }
    }

    fn plan(&mut self, member: usize, from: i64, until: i64) {
        let rng = &mut self.random[member];
        for (habit, Habit { share, .. }) in self.members[member].habits.iter().enumerate() {
            if rng.chance(*share) {
                self.due.push(Reverse((rng.between(from, until - 1), member, Turn::Habit(habit))));
            }
        }
    }
}

impl Member {
    fn source(&self) -> Source {
        match self.who {
            Who::Kubernetes(_) => Source::KubernetesAudit,
            Who::Gcp(_) => Source::GcpAudit,
            Who::Github(_) => Source::GithubAudit,
        }
    }

    /// Provider and account, as the detector names them.
    fn scope(&self) -> String {
        match &self.who {
            Who::Kubernetes(account) => account.scope(),
            Who::Gcp(account) => account.scope(),
            Who::Github(_) => github::App::scope(),
        }
    }

    /// In how many hours of a span he is expected to do something.
    fn active_hours(&self, (from, until): (i64, i64)) -> f64 {
        let idle = self.habits.iter().fold(1.0, |idle, habit| idle * (1.0 - habit.share));
        let hours = from.div_euclid(HOUR)..until.div_euclid(HOUR);
        hours.filter(|hour| self.shift.covers(*hour)).count() as f64 * (1.0 - idle)
    }
}

impl Shift {
    /// Whether it covers an hour since the Unix epoch, which began on a Thursday.
    fn covers(self, hour: i64) -> bool {
        let (day, hour) = (hour.div_euclid(24), hour.rem_euclid(24));
        match self {
            Shift::Always => true,
            Shift::Office => (day + 3).rem_euclid(7) < 5 && (7..19).contains(&hour),
            Shift::Daily(at) => hour == at,
        }
    }
}

/// An address that somebody keeps.
fn address(operator: names::Operator, rng: &mut Rng) -> u32 {
    names::address(names::prefix(operator, rng), rng.bits())
}
