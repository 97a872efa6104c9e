//! Benign changes that befall whole habits, the log itself, or bring resources of their own.

use std::collections::BTreeMap;

use super::super::call::Call;
use super::super::catalogue::{OPERATIONS, operation};
use super::super::hour::{HOUR, usual_call};
use super::super::names;
use super::super::resource::ResourceKind;
use super::super::world::{Change, Effect, Filled, Habit, LateField, Pair, Target};
use super::{Apply, DAY};

impl Apply<'_> {
    /// B7: summer time begins or ends: whoever lives by an office's clock shifts by an hour on one day.
    pub(super) fn clock_change(&mut self) {
        let from = self.moment() / DAY * DAY + HOUR;
        let hours = if self.rng.chance(0.5) { 1 } else { -1 };
        self.all_of(&[Habit::Human, Habit::Ci, Habit::Agent, Habit::Admin], (from, i64::MAX), &Effect::Clock(hours));
    }

    /// B18: pipelines and agents do a fifth of their work for 2 to 10 days; then the backlog, twice as much for a day or
    /// two.
    pub(super) fn holiday(&mut self) {
        let from = self.moment() / DAY * DAY;
        let until = from + self.rng.between(2, 10) * DAY;
        let caught_up = until + self.rng.between(1, 2) * DAY;
        self.all_of(&[Habit::Ci, Habit::Agent], (from, until), &Effect::Idle(0.8));
        self.all_of(&[Habit::Ci, Habit::Agent], (until, caught_up), &Effect::Rate(2.0));
    }

    fn all_of(&mut self, habits: &[Habit], (from, until): (i64, i64), effect: &Effect) {
        for member in self.world.members.iter_mut().filter(|member| habits.contains(&member.habit)) {
            member.changes.push(Change { from, until, effect: effect.clone() });
        }
    }

    /// B17: a service begins to log a field that it left out before, for everybody at once.
    pub(super) fn field_is_filled(&mut self) {
        let (field, services) = match self.rng.chance(0.5) {
            true => (LateField::UserAgent, ["sqs", "kms"]),
            false => (LateField::Endpoint, ["s3", "dynamodb"]),
        };
        self.world.filled = Some(Filled { field, service: self.rng.pick::<&str>(&services), from: self.moment() });
    }

    /// B20: an agent's release brings 1 to 3 actions on 20 to 200 resources, taken up over 3 days.
    pub(super) fn tool_release(&mut self) {
        let Some(group) = self.group(&[Habit::Agent]) else { return };
        let account = self.world.groups[group as usize].account;
        let tools: Vec<u16> = super::super::catalogue::operations_where(|o| {
            o.is_everyday() && matches!(o.kind, ResourceKind::Table | ResourceKind::Bucket | ResourceKind::Function)
        });
        let mut pairs = Vec::new();
        for _ in 0..self.rng.between(1, 3) {
            let operation = *self.rng.pick(&tools);
            let kind = OPERATIONS[usize::from(operation)].kind;
            let count = self.rng.between(20, 200) as usize;
            let resources = self.resources(account, kind, count);
            pairs.extend(resources.into_iter().map(|index| Pair { operation, target: Target::Resource(index) }));
        }
        self.rng.shuffle(&mut pairs);
        let window = (self.moment(), i64::MAX);
        self.befall(group, 5 * HOUR, window, &Effect::Tools(pairs.into(), 3 * DAY));
    }

    /// B16: in 1 to 3 nights a pipeline moves 50 to 500 containers of an account to new names; whoever uses them follows
    /// within 48 hours.
    pub(super) fn migration(&mut self) -> Option<Vec<Call>> {
        let group = self.group(&[Habit::Ci])?;
        let (actor, _) = self.world.groups[group as usize].members;
        let account = self.world.members[actor as usize].account;
        let count = self.rng.between(50, 500) as usize;
        let renamed = self.rename(account, count);
        let (from, nights) = (self.moment() / DAY * DAY + 22 * HOUR, self.rng.between(1, 3));
        let mut calls = Vec::new();
        for (&old, &new) in &renamed {
            let time = from + self.rng.between(0, nights - 1) * DAY + self.rng.between(0, 5 * HOUR);
            let (read, write) = match self.world.resources[old as usize].kind {
                ResourceKind::Bucket => ("s3:ListObjects", "s3:CopyObject"),
                _ => ("dynamodb:Scan", "dynamodb:BatchWriteItem"),
            };
            for (name, target, late) in [(read, old, 0), (write, new, 2_000)] {
                let pair = Pair { operation: operation(name), target: Target::Resource(target) };
                calls.push(usual_call(self.world, actor, time + late, pair));
            }
        }
        self.follow(account, renamed, from + nights * DAY);
        Some(calls)
    }

    /// New resources for so many buckets and tables of an account, by the old ones.
    fn rename(&mut self, account: u32, count: usize) -> BTreeMap<u32, u32> {
        let kinds = [ResourceKind::Bucket, ResourceKind::Table];
        let mut old = Vec::new();
        for kind in kinds {
            old.extend(&self.world.accounts[account as usize].by_kind[kind as usize]);
        }
        self.rng.shuffle(&mut old);
        old.truncate(count);
        let mut renamed = BTreeMap::new();
        for index in old {
            let resource = self.world.resources[index as usize].clone();
            let new = self.world.add_resource(account, resource.kind, format!("{}-v2", resource.name));
            renamed.insert(index, new);
        }
        renamed
    }

    /// Lets the groups of an account that use any of these learn the new names within 48 hours of a time.
    fn follow(&mut self, account: u32, renamed: BTreeMap<u32, u32>, time: i64) {
        let effect = Effect::Renamed(self.world.renamed.len() as u32);
        let is_used = |pair: &Pair| matches!(pair.target, Target::Resource(index) if renamed.contains_key(&index));
        let readers: Vec<u32> = (0..self.world.groups.len() as u32)
            .filter(|&group| self.world.groups[group as usize].account == account)
            .filter(|&group| self.world.groups[group as usize].pool.iter().any(is_used))
            .collect();
        self.world.renamed.push(renamed);
        for group in readers {
            self.befall(group, 48 * HOUR, (time, i64::MAX), &effect);
        }
    }

    /// So many resources of a kind; makes what is missing.
    fn resources(&mut self, account: u32, kind: ResourceKind, count: usize) -> Vec<u32> {
        let mut resources = self.world.accounts[account as usize].by_kind[kind as usize].clone();
        self.rng.shuffle(&mut resources);
        for ordinal in resources.len()..count {
            let name = kind.name(names::TEAMS[ordinal % names::TEAMS.len()], ordinal, self.rng);
            resources.push(self.world.add_resource(account, kind, name));
        }
        resources.truncate(count);
        resources
    }
}
