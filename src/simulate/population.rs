//! Makes the fleet: accounts with their resources, groups, and the identities of each, in the shares of the scenario
//! catalogue (model, section 4.2, last paragraph).

use std::collections::BTreeSet;

use super::activity::{Activity, Profile};
use super::catalogue::{self, OPERATIONS, Work, operation};
use super::names::{self, Operator};
use super::resource::{KINDS, ResourceKind};
use super::rng::Rng;
use super::world::{Account, Group, Habit, Member, Pair, Runtime, Target, World};

/// The shares of the habits, in thousandths, people included.
const SHARES: [(Habit, usize); 8] = [
    (Habit::Service, 460),
    (Habit::Cron, 200),
    (Habit::Ci, 80),
    (Habit::Vendor, 70),
    (Habit::Agent, 60),
    (Habit::Admin, 40),
    (Habit::Rare, 90),
    (Habit::Human, 20),
];

/// The exponent of the weights within a group's pool.
const POOL_ZIPF: f64 = 0.8;
/// Pairs that a pool holds at most: an identity's share of them is a set of bits.
const MAX_POOL: usize = 48;

/// Builds groups one after the other.
pub struct Builder<'a> {
    /// What was built so far.
    pub world: World,
    rng: &'a mut Rng,
    taken: BTreeSet<(u32, String)>,
}

impl<'a> Builder<'a> {
    /// Makes the accounts and what they share.
    pub fn new(accounts: usize, rng: &'a mut Rng) -> Builder<'a> {
        let world = World::default();
        let mut builder = Builder { world, rng, taken: BTreeSet::new() };
        for _ in 0..accounts.max(1) {
            builder.add_account();
        }
        builder
    }

    /// Makes groups until there are so many identities, which exist from `born` on.
    pub fn populate(&mut self, identities: usize, born: i64) {
        for (habit, share) in SHARES {
            let mut left = (identities * share).div_ceil(1_000);
            while left > 0 {
                let mut size = self.group_size(habit).min(left);
                if left - size < 3 {
                    size = left;
                }
                self.add_group(habit, size, born);
                left -= size;
            }
        }
    }

    /// Makes a group of so many identities and returns its index.
    pub fn add_group(&mut self, habit: Habit, size: usize, born: i64) -> u32 {
        let work = self.rng.pick(works(habit));
        let account = self.rng.below(self.world.accounts.len()) as u32;
        let (team, name) = self.group_name(habit, work, account);
        let pool = self.pool(habit, work, account, team);
        let sums = running_sums(pool.len());
        let index = self.world.groups.len() as u32;
        let first = self.world.members.len() as u32;
        let runtime = self.runtime(habit);
        let endpoint = habit == Habit::Service && self.rng.chance(0.25);
        let members = (first, first + size as u32);
        self.world.groups.push(Group { habit, account, name, runtime, pool, sums, endpoint, members });
        let style = self.style(index);
        for _ in 0..size {
            self.add_member(index, born, &style);
        }
        index
    }

    fn add_account(&mut self) {
        let index = self.world.accounts.len() as u32;
        let account = Account {
            id: names::account_id(self.rng),
            home: self.rng.below(names::HOME_REGIONS) as u8,
            by_kind: vec![Vec::new(); KINDS],
            egress: (0..4).map(|_| names::prefix(Operator::OwnCloud, self.rng)).collect(),
        };
        self.world.accounts.push(account);
        for kind in ResourceKind::NAMED {
            for ordinal in 0..kind.shared_count() {
                let team = *self.rng.pick(&names::TEAMS);
                let name = kind.name(team, ordinal, self.rng);
                self.world.add_resource(index, kind, name);
            }
        }
    }

    fn group_size(&mut self, habit: Habit) -> usize {
        match habit {
            Habit::Service | Habit::Cron => self.rng.between(4, 40) as usize,
            Habit::Human => self.rng.between(3, 8) as usize,
            _ => self.rng.between(4, 12) as usize,
        }
    }

    /// A name that no other group of the account has.
    fn group_name(&mut self, habit: Habit, work: &Work, account: u32) -> (&'static str, String) {
        let owners =
            if matches!(habit, Habit::Vendor | Habit::Scanner) { &names::VENDORS[..] } else { &names::TEAMS[..] };
        let team = *self.rng.pick(owners);
        let mut name = format!("{team}-{}", work.word);
        let mut edition = 2;
        while !self.taken.insert((account, name.clone())) {
            name = format!("{team}-{}-v{edition}", work.word);
            edition += 1;
        }
        (team, name)
    }

    fn pool(&mut self, habit: Habit, work: &Work, account: u32, team: &'static str) -> Vec<Pair> {
        let most = match habit {
            Habit::Service | Habit::Ci => 3,
            Habit::Agent => 5,
            _ => 2,
        };
        let mut pool = Vec::new();
        for name in work.operations.split_whitespace() {
            let operation = operation(name);
            let kind = OPERATIONS[usize::from(operation)].kind;
            for _ in 0..if kind == ResourceKind::Nothing { 1 } else { 1 + self.rng.below(most) } {
                pool.push(Pair { operation, target: self.own_resource(kind, account, team) });
            }
        }
        pool.dedup();
        pool.truncate(MAX_POOL);
        pool
    }

    /// A resource of the team's own, half of the time one that the group has made already.
    fn own_resource(&mut self, kind: ResourceKind, account: u32, team: &'static str) -> Target {
        if kind == ResourceKind::Nothing {
            return Target::Nothing;
        }
        let known = &self.world.accounts[account as usize].by_kind[kind as usize];
        if matches!(kind, ResourceKind::Model) || (known.len() > kind.shared_count() && self.rng.chance(0.5)) {
            return Target::Resource(known[known.len() - 1 - self.rng.below(known.len().min(6))]);
        }
        let name = kind.name(team, known.len(), self.rng);
        Target::Resource(self.world.add_resource(account, kind, name))
    }

    fn runtime(&mut self, habit: Habit) -> Runtime {
        const SERVICES: [&str; 3] = ["ec2.amazonaws.com", "ecs-tasks.amazonaws.com", "lambda.amazonaws.com"];
        match habit {
            Habit::Service => Runtime::Service(SERVICES[self.rng.below(3)]),
            Habit::Cron => Runtime::Service(SERVICES[1 + self.rng.below(2)]),
            Habit::Ci => Runtime::WebIdentity,
            Habit::Vendor | Habit::Scanner => Runtime::Vendor(self.rng.below(names::VENDORS.len())),
            Habit::Agent => Runtime::Service("bedrock-agentcore.amazonaws.com"),
            Habit::Admin => Runtime::Service("codebuild.amazonaws.com"),
            Habit::Rare if self.rng.chance(0.6) => Runtime::AccessKey,
            Habit::Rare => Runtime::Service("lambda.amazonaws.com"),
            Habit::Human => Runtime::SingleSignOn,
        }
    }

    fn style(&mut self, group: u32) -> Style {
        let group = &self.world.groups[group as usize];
        let egress = &self.world.accounts[group.account as usize].egress;
        let networks = match group.runtime {
            Runtime::WebIdentity => (0..6).map(|_| names::prefix(Operator::BuildHosts, self.rng)).collect(),
            Runtime::Vendor(vendor) => (0..3).map(|_| names::prefix(Operator::Vendor(vendor), self.rng)).collect(),
            Runtime::SingleSignOn => vec![0xd910_2a00, 0xd910_2b00],
            Runtime::Service(_) | Runtime::AccessKey => egress.clone(),
        };
        let client = match group.habit {
            Habit::Human => names::CLIENT_BROWSER,
            Habit::Admin => names::CLIENT_TERRAFORM,
            _ => self.rng.below(5) as u16,
        };
        Style { networks, client: client | release(self.rng) }
    }

    fn add_member(&mut self, group_index: u32, born: i64, style: &Style) {
        let rng = &mut *self.rng;
        let group = &self.world.groups[group_index as usize];
        let account = &self.world.accounts[group.account as usize];
        let key = rng.bits();
        let name = match group.habit {
            Habit::Human => format!("AWSReservedSSO_{}_{:016x}", group.name.replace('-', ""), rng.bits()),
            _ => format!("{}-{:010x}", group.name, key >> 24),
        };
        let principal = principal(&account.id, group.runtime, &name);
        let mut networks = style.networks.clone();
        rng.shuffle(&mut networks);
        networks.truncate(1 + rng.below(3));
        let second = if rng.chance(0.3) { rng.below(5) as u16 | release(rng) } else { style.client };
        let uses = (0..group.pool.len()).fold(1, |bits: u64, at| bits | (u64::from(rng.chance(0.85)) << at));
        let (mean, size) = volume(group.habit, rng);
        let member = Member {
            group: group_index,
            account: group.account,
            habit: group.habit,
            runtime: group.runtime,
            principal,
            key,
            clients: [style.client, second],
            networks,
            activity: activity(group.habit, rng),
            uses,
            mean,
            size,
            error_rate: rng.uniform(0.0, 0.01),
            born,
            silent: None,
            changes: Vec::new(),
        };
        self.world.members.push(member);
    }
}

/// What the members of a group have in common.
struct Style {
    networks: Vec<u32>,
    client: u16,
}

/// The ARN that stands for a role or user.
pub fn principal(account: &str, runtime: Runtime, name: &str) -> String {
    match runtime {
        Runtime::AccessKey => format!("arn:aws:iam::{account}:user/{name}"),
        Runtime::SingleSignOn => {
            format!("arn:aws:iam::{account}:role/aws-reserved/sso.amazonaws.com/eu-central-1/{name}")
        }
        _ => format!("arn:aws:iam::{account}:role/{name}"),
    }
}

fn works(habit: Habit) -> &'static [Work] {
    match habit {
        Habit::Service => &catalogue::SERVICE,
        Habit::Cron => &catalogue::CRON,
        Habit::Ci => &catalogue::CI,
        Habit::Vendor => &catalogue::VENDOR,
        Habit::Scanner => &catalogue::SCANNER,
        Habit::Agent => &catalogue::AGENT,
        Habit::Admin => &catalogue::ADMIN,
        Habit::Rare => &catalogue::RARE,
        Habit::Human => &catalogue::HUMAN,
    }
}

fn running_sums(length: usize) -> Vec<f32> {
    let mut sum = 0.0;
    (1..=length)
        .map(|rank| {
            sum += libm::pow(rank as f64, -POOL_ZIPF);
            sum as f32
        })
        .collect()
}

/// A release within a client's major version: the bits that `names::user_agent` reads.
fn release(rng: &mut Rng) -> u16 {
    (rng.below(names::RELEASES) as u16) << 8
}

/// Mean calls in an active hour (lognormal over identities) and their dispersion (size from 1 to 6).
fn volume(habit: Habit, rng: &mut Rng) -> (f64, f64) {
    let (median, sigma) = match habit {
        Habit::Service => (20.0, 0.9),
        Habit::Cron => (12.0, 0.5),
        Habit::Ci => (18.0, 0.6),
        Habit::Vendor | Habit::Scanner => (24.0, 0.7),
        Habit::Agent | Habit::Admin => (15.0, 0.7),
        Habit::Rare => (5.0, 0.5),
        Habit::Human => (8.0, 0.5),
    };
    (rng.lognormal(libm::log(median), sigma), rng.uniform(1.0, 6.0))
}

fn activity(habit: Habit, rng: &mut Rng) -> Activity {
    let ahead = *rng.pick(&[-6, 0, 1, 2]);
    let mut daily = |day: (f64, f64), night: (f64, f64), weekend: f64| {
        let (day, night) = (rng.uniform(day.0, day.1) as f32, rng.uniform(night.0, night.1) as f32);
        Activity::Daily(Profile { day, night, weekend: weekend as f32, ahead })
    };
    match habit {
        Habit::Service => daily((0.6, 1.0), (0.3, 0.9), 0.8),
        Habit::Ci => daily((0.3, 0.7), (0.01, 0.05), 0.15),
        Habit::Agent => daily((0.3, 0.6), (0.03, 0.15), 0.4),
        Habit::Admin => daily((0.15, 0.35), (0.01, 0.03), 0.2),
        Habit::Human => daily((0.1, 0.3), (0.0, 0.01), 0.05),
        Habit::Rare => daily((0.03, 0.15), (0.01, 0.05), 0.5),
        Habit::Scanner => Activity::Weekly(rng.below(168) as u8),
        Habit::Cron => Activity::Fixed((0..1 + rng.below(4)).fold(0, |hours, _| hours | 1 << rng.below(24))),
        Habit::Vendor => {
            let period = *rng.pick(&[1u8, 2, 3, 6]);
            Activity::Every { period, phase: rng.below(usize::from(period)) as u8 }
        }
    }
}
