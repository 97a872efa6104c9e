//! One active hour of one identity → its calls.
//!
//! Comes in: the world, the identity's [`Track`] and the hour. Goes out: the calls of that hour, in order. Natural
//! novelty and benign changes happen here; attacks do not.

use super::call::{Call, Fault, Session, session_length};
use super::catalogue::{OPERATIONS, operation};
use super::names::{self, Operator};
use super::rng::Rng;
use super::world::{Change, Effect, Habit, Member, Pair, Runtime, Target, World};

/// Milliseconds in an hour.
pub const HOUR: i64 = 3_600_000;
/// Calls of one identity in one hour at most, which bounds the memory that a fleet takes.
pub const MAX_CALLS: usize = 4_096;
/// Added to a session's number where its credentials were renewed for calls that its own plan does not know.
const RENEWED: u32 = 1 << 20;
/// Additional pairs that an identity keeps, and the weight of each beside its group's pool.
const MAX_EXTRAS: usize = 16;
const EXTRA_WEIGHT: f64 = 0.3;

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

/// What is different in an hour.
struct Mood {
    rate: f64,
    pairs: Vec<Pair>,
    fresh: Vec<Pair>,
    client: Option<u16>,
    region: Option<(u8, f64)>,
    networks: Option<(Vec<u32>, f64)>,
    denials: Option<f64>,
    key: Option<(u32, bool)>,
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
            let time = hour * HOUR;
            let is_silent = member.silent.is_some_and(|(from, until)| (from..until).contains(&time));
            let is_active = member.activity.is_active(hour, &mut self.rng) || has_extra_hour(member, hour);
            is_active && !is_silent
        })
    }

    /// Fills the queue with the calls of an hour; `scale` multiplies their mean number.
    pub fn plan(&mut self, world: &World, index: u32, hour: i64, scale: f64) {
        let member = &world.members[index as usize];
        let start = hour * HOUR;
        let mut mood = Mood::of(&member.changes, start);
        self.novelty(world, member, &mut mood);
        let mean = member.mean * scale * mood.rate;
        let drawn = self.rng.negative_binomial(mean, member.size).max(1).max(mood.fresh.len());
        let times = self.times(member.habit, start, drawn.min(MAX_CALLS));
        let opening = self.open_session(world, index, times[0], mood.key);
        self.queue.clear();
        for (at, time) in times.into_iter().enumerate() {
            let pair = self.pair(world, member, &mood, at);
            let call = self.call(world, index, time, pair, &mood);
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
    fn novelty(&mut self, world: &World, member: &Member, mood: &mut Mood) {
        let (new_pairs, new_prefix) = member.habit.novelty();
        if self.rng.chance(new_pairs) {
            for _ in 0..self.rng.geometric(0.5) {
                let pair = self.new_pair(world, member);
                mood.fresh.push(pair);
                if self.extras.len() < MAX_EXTRAS && self.rng.chance(0.5) {
                    self.extras.push(pair);
                }
            }
        }
        if self.rng.chance(new_prefix) {
            let operator = if self.rng.chance(0.85) { world.operator(member) } else { Operator::OwnCloud };
            let prefix = names::prefix(operator, &mut self.rng);
            let replaced = self.rng.below(self.networks.len());
            if self.rng.chance(0.5) {
                self.networks[replaced] = prefix;
            }
            mood.networks.get_or_insert((vec![prefix], 0.7));
        }
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
    fn open_session(&mut self, world: &World, index: u32, first: i64, key: Option<(u32, bool)>) -> Option<Call> {
        let member = &world.members[index as usize];
        let Some(length) = session_length(member.runtime) else {
            self.session = Session { number: key.map_or(0, |(number, _)| number), started: 0 };
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

    fn pair(&mut self, world: &World, member: &Member, mood: &Mood, at: usize) -> Pair {
        if let Some(fresh) = mood.fresh.get(at) {
            return *fresh;
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

    fn call(&mut self, world: &World, index: u32, time: i64, pair: Pair, mood: &Mood) -> Call {
        let member = &world.members[index as usize];
        let rng = &mut self.rng;
        let mut call = usual_call(world, index, time, pair);
        let prefix = match &mood.networks {
            Some((networks, share)) if rng.chance(*share) => *rng.pick(networks),
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
        if let Some((number, true)) = mood.key {
            let older = number.saturating_sub(u32::from(rng.chance(0.5)));
            call.session = Some(Session { number: older, started: 0 });
        } else {
            call.session = Some(self.session);
        }
        call
    }
}

impl Mood {
    fn of(changes: &[Change], time: i64) -> Mood {
        let mut mood = Mood {
            rate: 1.0,
            pairs: Vec::new(),
            fresh: Vec::new(),
            client: None,
            region: None,
            networks: None,
            denials: None,
            key: None,
        };
        for change in changes.iter().filter(|change| (change.from..change.until).contains(&time)) {
            match &change.effect {
                Effect::Pairs(pairs) => mood.pairs.extend(pairs),
                Effect::Client(client) => mood.client = Some(*client),
                Effect::Region(region, share) => mood.region = Some((*region, *share)),
                Effect::Rate(factor) => mood.rate *= factor,
                Effect::Networks(networks, share) => mood.networks = Some((networks.clone(), *share)),
                Effect::Denials(share) => mood.denials = Some(*share),
                Effect::Hours(_) => {}
                Effect::Key { number, overlap } => mood.key = Some((*number, time - change.from < *overlap)),
            }
        }
        mood
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

fn has_extra_hour(member: &Member, hour: i64) -> bool {
    member.changes.iter().any(|change| {
        let Effect::Hours(hours) = change.effect else { return false };
        (change.from..change.until).contains(&(hour * HOUR)) && hours >> hour.rem_euclid(24) & 1 == 1
    })
}
