//! One active hour of one identity → its calls.
//!
//! Comes in: the world, the identity's [`Track`] and the hour. Goes out: the calls of that hour, in order. Natural
//! novelty and benign changes happen here; attacks do not.

use super::call::{Call, Fault, Session, session_length};
use super::catalogue::{OPERATIONS, operation};
use super::mood::{self, Key, Mood};
use super::names::{self, Operator};
use super::rng::Rng;
use super::scan::sweep;
use super::world::{Habit, Hidden, Member, Pair, Runtime, Target, World};

/// Milliseconds in an hour.
pub const HOUR: i64 = 3_600_000;
/// Calls of one identity in one hour at most, which bounds the memory that a fleet takes.
pub const MAX_CALLS: usize = 4_096;
/// Added to a session's number where its credentials were renewed for calls that its own plan does not know.
const RENEWED: u32 = 1 << 20;
/// Additional pairs that an identity keeps, and the weight of each beside its group's pool.
const MAX_EXTRAS: usize = 16;
const EXTRA_WEIGHT: f64 = 0.3;
/// The share of new tools in the calls of an agent.
const TOOLS_SHARE: f64 = 0.3;

/// What moves on with time for one identity.
#[derive(Debug)]
pub struct Track {
    /// Its own random numbers.
    pub rng: Rng,
    /// The calls of its present hour, the next one last.
    pub queue: Vec<Call>,
    session: Session,
    /// The session before: an hour is planned when it begins, and its session may be opened later in it.
    earlier: Session,
    networks: Vec<u32>,
    extras: Vec<Pair>,
}

impl Track {
    /// At the beginning.
    pub fn new(member: &Member, rng: Rng) -> Track {
        let session = Session { number: 0, started: i64::MIN / 2 };
        let networks = member.networks.clone();
        Track { rng, queue: Vec::new(), session, earlier: session, networks, extras: Vec::new() }
    }

    /// The first active hour from `hour` on and before `end`, both since the Unix epoch.
    pub fn next_active_hour(&mut self, member: &Member, hour: i64, end: i64) -> Option<i64> {
        (hour.max(member.born / HOUR)..end).find(|&hour| {
            let chance = mood::chance_of_activity(member, hour);
            chance >= 1.0 || (chance > 0.0 && self.rng.chance(chance))
        })
    }

    /// Fills the queue with the calls of an hour; `scale` multiplies their mean number.
    pub fn plan(&mut self, world: &World, index: u32, hour: i64, scale: f64) {
        let member = &world.members[index as usize];
        let start = hour * HOUR;
        let mood = Mood::of(&member.changes, start);
        let (fresh, passing) = self.novelty(world, member);
        let swept = if member.habit == Habit::Scanner { sweep(world, member, hour, &mut self.rng) } else { Vec::new() };
        let mean = member.mean * scale * mood.rate;
        let drawn = self.rng.negative_binomial(mean, member.size).max(1).max(fresh.len()).max(swept.len());
        let times = self.times(member.habit, start, drawn.min(MAX_CALLS));
        let opening = self.open_session(world, index, times[0], mood.key.as_ref());
        self.queue.clear();
        for (at, time) in times.into_iter().enumerate() {
            let pair = match swept.get(at).map(|(pair, _)| pair).or_else(|| fresh.get(at)) {
                Some(pair) => *pair,
                None => self.pair(world, member, &mood),
            };
            let mut call = self.call(world, index, time, pair, &mood, passing);
            if let Some(&(_, region)) = swept.get(at) {
                call.region = region;
            }
            self.queue.push(call);
        }
        self.queue.extend(opening);
        // The next call is taken from the end. The session's opening lies before all others.
        self.queue.sort_by_key(|call| std::cmp::Reverse(call.time));
    }

    /// The session at a time: the present one, the one before where that is not open yet, or another where it has run
    /// out.
    pub fn session_at(&mut self, member: &Member, time: i64) -> Session {
        let Some(length) = session_length(member.runtime) else { return self.session };
        let is_early = self.session.started > time;
        let session = if is_early { self.earlier } else { self.session };
        if time - session.started <= length {
            return session;
        }
        let another = Session { number: session.number + RENEWED, started: time - 1_000 };
        *if is_early { &mut self.earlier } else { &mut self.session } = another;
        another
    }

    /// Natural novelty (model, section 4.2, last paragraph): new pairs in geometric batches, now and then a new prefix.
    fn novelty(&mut self, world: &World, member: &Member) -> (Vec<Pair>, Option<u32>) {
        let (new_pairs, new_prefix) = member.habit.novelty();
        let mut fresh = Vec::new();
        if self.rng.chance(new_pairs) {
            for _ in 0..self.rng.geometric(0.5) {
                let pair = self.new_pair(world, member);
                fresh.push(pair);
                if self.extras.len() < MAX_EXTRAS && self.rng.chance(0.5) {
                    self.extras.push(pair);
                }
            }
        }
        let mut passing = None;
        if self.rng.chance(new_prefix) {
            let operator = if self.rng.chance(0.85) { world.operator(member) } else { Operator::OtherCloud };
            let prefix = names::prefix(operator, &mut self.rng);
            let replaced = self.rng.below(self.networks.len());
            if self.rng.chance(0.5) {
                self.networks[replaced] = prefix;
            }
            passing = Some(prefix);
        }
        (fresh, passing)
    }

    /// 70 %: an operation of its group on another resource; else anything of the catalogue that harms nobody.
    fn new_pair(&mut self, world: &World, member: &Member) -> Pair {
        if self.rng.chance(0.7) {
            let known = world.own_pair(member, &mut self.rng);
            return world.pair_on_any(known.operation, member.account, &mut self.rng);
        }
        loop {
            let pair = world.catalogue_pair(member.account, &mut self.rng);
            let operation = &OPERATIONS[usize::from(pair.operation)];
            if operation.is_everyday() {
                return pair;
            }
        }
    }

    /// When the calls of an hour happen: jobs in one go, all others spread over the hour.
    fn times(&mut self, habit: Habit, start: i64, count: usize) -> Vec<i64> {
        let rng = &mut self.rng;
        let mut times: Vec<i64> = if matches!(habit, Habit::Cron | Habit::Ci | Habit::Vendor) {
            let first = start + rng.between(1_000, HOUR / 2);
            let gap = (HOUR / 2 - 60_000) / count as i64;
            (0..count as i64).map(|n| first + n * gap.min(20_000) + rng.between(0, gap.min(2_000))).collect()
        } else {
            (0..count).map(|_| start + rng.between(1_000, HOUR - 1)).collect()
        };
        times.sort_unstable();
        times
    }

    /// Begins another session where the present one has run out; the record of its opening, where there is one.
    fn open_session(&mut self, world: &World, index: u32, first: i64, key: Option<&Key>) -> Option<Call> {
        let member = &world.members[index as usize];
        let Some(length) = session_length(member.runtime) else {
            self.session = Session { number: key.map_or(0, |key| key.number), started: 0 };
            return None;
        };
        if first - self.session.started < length - HOUR / 2 {
            return None;
        }
        self.earlier = self.session;
        self.session = Session { number: self.session.number % RENEWED + 1, started: first - 1_000 };
        if member.runtime == Runtime::SingleSignOn {
            return None;
        }
        let mut call = opening(world, index, self.session);
        call.address = names::address(self.networks[0], member.key);
        Some(call)
    }

    fn pair(&mut self, world: &World, member: &Member, mood: &Mood<'_>) -> Pair {
        if !mood.tools.is_empty() && self.rng.chance(TOOLS_SHARE) {
            return *self.rng.pick(mood.tools);
        }
        let extra = self.extras.len() + mood.pairs.len();
        let group = &world.groups[member.group as usize];
        let weight = EXTRA_WEIGHT * extra as f64;
        let total = f64::from(group.sums.last().copied().unwrap_or(1.0));
        if extra > 0 && self.rng.chance(weight / (weight + total)) {
            let drawn = self.rng.below(extra);
            return self.extras.get(drawn).copied().unwrap_or_else(|| mood.pairs[drawn - self.extras.len()]);
        }
        world.own_pair(member, &mut self.rng)
    }

    /// A call of the hour; `passing` is a prefix that most of the hour's calls come from.
    fn call(
        &mut self,
        world: &World,
        index: u32,
        time: i64,
        pair: Pair,
        mood: &Mood<'_>,
        passing: Option<u32>,
    ) -> Call {
        let member = &world.members[index as usize];
        let rng = &mut self.rng;
        let mut call = usual_call(world, index, time, world.renamed(pair, &mood.renamed));
        let prefix = match (mood.networks, passing) {
            (Some((networks, share)), _) if rng.chance(share) => *rng.pick(networks),
            (None, Some(prefix)) if rng.chance(0.7) => prefix,
            // The first network carries most: the others are its spares.
            _ if self.networks.len() > 1 && rng.chance(0.3) => *rng.pick(&self.networks[1..]),
            _ => self.networks[0],
        };
        call.address = names::address(prefix, member.key);
        if let Some((region, share)) = mood.region
            && rng.chance(share)
        {
            call.region = region;
        }
        call.client = match mood.client {
            Some(client) => client,
            None => member.clients[usize::from(rng.chance(0.15))],
        };
        call.fault = fault(rng, mood.denials, member.error_rate);
        if OPERATIONS[usize::from(pair.operation)].service == "kms" && rng.chance(0.4) {
            call.via = Some("secretsmanager.amazonaws.com");
        }
        call.session = Some(self.session);
        if let Some(Key { number, overlaps: true }) = mood.key {
            let older = number.saturating_sub(u32::from(rng.chance(0.5)));
            call.session = Some(Session { number: older, started: 0 });
        }
        if let Some(hidden) = mood.hidden {
            hide(hidden, &mut call, rng);
        }
        call
    }
}

/// Marks the calls that an attacker adds to a victim's own; they carry the additional bytes.
fn hide(hidden: &Hidden, call: &mut Call, rng: &mut Rng) {
    let added = (hidden.rate - 1.0).max(0.0);
    if hidden.pairs.contains(&call.pair) || rng.chance(added / hidden.rate) {
        call.attack = Some(hidden.attack);
        call.bytes = if added > 0.001 { ((hidden.bytes - 1.0) / added) as f32 } else { 1.0 };
    }
}

/// A call as the identity usually makes it: from its first network, with its usual client, in its home region.
pub fn usual_call(world: &World, actor: u32, time: i64, pair: Pair) -> Call {
    let member = &world.members[actor as usize];
    Call {
        time,
        actor,
        pair,
        region: world.home(member),
        address: names::address(member.networks[0], member.key),
        client: member.clients[0],
        fault: None,
        session: None,
        opens: None,
        by_lender: false,
        via: None,
        bytes: 1.0,
        attack: None,
    }
}

/// The call by which whoever lends the identity its credentials opens a session.
pub fn opening(world: &World, index: u32, session: Session) -> Call {
    let is_federated = world.members[index as usize].runtime == Runtime::WebIdentity;
    let name = if is_federated { "sts:AssumeRoleWithWebIdentity" } else { "sts:AssumeRole" };
    let pair = Pair { operation: operation(name), target: Target::Member(index) };
    let call = usual_call(world, index, session.started, pair);
    Call { session: Some(session), opens: Some(session), by_lender: true, ..call }
}

fn fault(rng: &mut Rng, denials: Option<f64>, error_rate: f64) -> Option<Fault> {
    if denials.is_some_and(|share| rng.chance(share)) {
        return Some(Fault::Denied);
    }
    rng.chance(error_rate).then(|| *rng.pick(&[Fault::NotFound, Fault::NotFound, Fault::Throttled]))
}
