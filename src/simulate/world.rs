//! What there is: accounts, resources, groups of identities stamped from one template, and the identities.
//!
//! Everything here is fixed when the fleet is made; what moves on with time is kept in `fleet`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::activity::Activity;
use super::catalogue::{BY_CHANCE, OPERATIONS, operation};
use super::names;
use super::resource::{Resource, ResourceKind};
use super::rng::Rng;

/// An account of the organisation.
#[derive(Debug)]
pub struct Account {
    /// Its twelve digits.
    pub id: String,
    /// Its main region, an index of [`names::REGIONS`].
    pub home: u8,
    /// Its resources by kind: indices of [`World::resources`].
    pub by_kind: Vec<Vec<u32>>,
    /// The /24 prefixes behind which its networks reach the internet.
    pub egress: Vec<u32>,
}

/// What sort of life an identity leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Habit {
    /// A service, busy all day.
    Service,
    /// A scheduled job.
    Cron,
    /// A build or deployment pipeline.
    Ci,
    /// A vendor's integration.
    Vendor,
    /// An AI agent.
    Agent,
    /// Infrastructure automation.
    Admin,
    /// A seldom used account.
    Rare,
    /// A person.
    Human,
    /// A vendor's inventory of everything, once a week (B12).
    Scanner,
}

/// How an identity comes to its credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runtime {
    /// The cloud's service of this name assumes the role for it.
    Service(&'static str),
    /// A federated token of the pipeline.
    WebIdentity,
    /// The vendor with this index assumes the role from its own account.
    Vendor(usize),
    /// A long-lived access key of an IAM user.
    AccessKey,
    /// A single sign-on session.
    SingleSignOn,
}

/// Identities stamped from one template.
#[derive(Debug)]
pub struct Group {
    /// What sort of life they lead.
    pub habit: Habit,
    /// Index of their account.
    pub account: u32,
    /// The template's name.
    pub name: String,
    /// How they come to their credentials.
    pub runtime: Runtime,
    /// What they do, most used first.
    pub pool: Vec<Pair>,
    /// Running sums of the weights of `pool`.
    pub sums: Vec<f32>,
    /// Whether their calls to storage go through a VPC endpoint.
    pub endpoint: bool,
    /// Their indices in [`World::members`], from and to (excluded).
    pub members: (u32, u32),
}

/// An operation on a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// Index of [`OPERATIONS`].
    pub operation: u16,
    /// On what.
    pub target: Target,
}

/// What a call is made on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Nothing that it names.
    Nothing,
    /// The resource with this index.
    Resource(u32),
    /// The role or user of the identity with this index.
    Member(u32),
}

/// One identity.
#[derive(Debug)]
pub struct Member {
    /// Index of its group.
    pub group: u32,
    /// Index of its account.
    pub account: u32,
    /// What sort of life it leads.
    pub habit: Habit,
    /// How it comes to its credentials.
    pub runtime: Runtime,
    /// Its ARN, which ends with its name: what a baseline is kept for.
    pub principal: String,
    /// A number of its own, from which its ids are made.
    pub key: u64,
    /// The clients that it uses, the usual one first.
    pub clients: [u16; 2],
    /// The /24 prefixes that it comes from at first.
    pub networks: Vec<u32>,
    /// When it is active.
    pub activity: Activity,
    /// The pairs of its group's pool that it uses, by bit.
    pub uses: u64,
    /// Mean number of calls in an active hour, before scaling.
    pub mean: f64,
    /// Size of the negative binomial of its calls.
    pub size: f64,
    /// Share of its calls that fail.
    pub error_rate: f64,
    /// Milliseconds since the Unix epoch from which it exists.
    pub born: i64,
    /// A time in which it does nothing.
    pub silent: Option<(i64, i64)>,
    /// Changes that befall it.
    pub changes: Vec<Change>,
}

/// A change that befalls an identity for a time.
#[derive(Debug, Clone)]
pub struct Change {
    /// From when, in milliseconds since the Unix epoch.
    pub from: i64,
    /// Until when (excluded).
    pub until: i64,
    /// What is different meanwhile.
    pub effect: Effect,
}

/// What a change makes different.
#[derive(Debug, Clone)]
pub enum Effect {
    /// It does these as well, each with the weight 0.3.
    Pairs(Arc<[Pair]>),
    /// Another client.
    Client(u16),
    /// This share of its calls goes to another region.
    Region(u8, f64),
    /// Calls by a factor.
    Rate(f64),
    /// Other networks, used for this share of calls.
    Networks(Arc<[u32]>, f64),
    /// This share of its calls is denied.
    Denials(f64),
    /// It is active in these hours too (bits).
    Hours(u32),
    /// Its access key is of this generation; the one before is in use for so many milliseconds more.
    Key {
        /// The generation, from 0.
        number: u32,
        /// Milliseconds in which both are in use.
        overlap: i64,
    },
    /// Its clock on the wall is ahead of what it was by so many hours.
    Clock(i8),
    /// It does not work in this share of its hours.
    Idle(f64),
    /// It knows resources by their new names: an index of [`World::renamed`].
    Renamed(u32),
    /// It has new tools, which make 30 % of its calls: these pairs, all of them after so many milliseconds.
    Tools(Arc<[Pair]>, i64),
    /// An attacker hides in what it does anyway.
    Hidden(Arc<Hidden>),
}

/// What an attacker adds to the work of a victim.
#[derive(Debug)]
pub struct Hidden {
    /// Index of the attack.
    pub attack: u32,
    /// The victim's calls by a factor of at least 1; what is above 1 is the attacker's.
    pub rate: f64,
    /// The bytes that it moves by a factor of at least 1.
    pub bytes: f64,
    /// Pairs that are the attacker's.
    pub pairs: Vec<Pair>,
}

/// A field of the log that is filled from some time on (B17).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filled {
    /// Which one.
    pub field: LateField,
    /// The service whose records lacked it.
    pub service: &'static str,
    /// Milliseconds since the Unix epoch.
    pub from: i64,
}

/// A field of the log that may be filled late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LateField {
    /// `userAgent`
    UserAgent,
    /// `vpcEndpointId` and `vpcEndpointAccountId`
    Endpoint,
}

/// Everything there is.
#[derive(Debug, Default)]
pub struct World {
    /// Accounts.
    pub accounts: Vec<Account>,
    /// Groups.
    pub groups: Vec<Group>,
    /// Identities, those of a group side by side.
    pub members: Vec<Member>,
    /// Resources of all accounts.
    pub resources: Vec<Resource>,
    /// Migrations: resources by the one that took their place.
    pub renamed: Vec<BTreeMap<u32, u32>>,
    /// The field that the log lacks at first, where there is one.
    pub filled: Option<Filled>,
}

impl Member {
    /// The name of its role or user.
    pub fn name(&self) -> &str {
        self.principal.rsplit('/').next().unwrap_or(&self.principal)
    }
}

impl Habit {
    /// The chance of something new in an active hour, and of a new network prefix (model, section 4.2, last paragraph).
    pub fn novelty(self) -> (f64, f64) {
        match self {
            Habit::Service => (0.002, 0.0008),
            Habit::Cron => (0.001, 0.0008),
            Habit::Ci => (0.010, 0.02),
            Habit::Vendor => (0.002, 0.002),
            Habit::Agent => (0.08, 0.002),
            Habit::Admin | Habit::Human => (0.03, 0.003),
            Habit::Rare => (0.02, 0.004),
            Habit::Scanner => (0.0, 0.0),
        }
    }
}

impl World {
    /// Adds a resource and returns its index.
    pub fn add_resource(&mut self, account: u32, kind: ResourceKind, name: String) -> u32 {
        let index = self.resources.len() as u32;
        self.accounts[account as usize].by_kind[kind as usize].push(index);
        self.resources.push(Resource { kind, account, name });
        index
    }

    /// The operation on some resource of the account.
    pub fn pair_on_any(&self, operation: u16, account: u32, rng: &mut Rng) -> Pair {
        let kind = OPERATIONS[usize::from(operation)].kind;
        let target = match &self.accounts[account as usize].by_kind[kind as usize][..] {
            [] => Target::Nothing,
            resources => Target::Resource(*rng.pick(resources)),
        };
        Pair { operation, target }
    }

    /// The operation of this name (`service:Operation`) on some resource of the account.
    pub fn named_pair(&self, name: &str, account: u32, rng: &mut Rng) -> Pair {
        self.pair_on_any(operation(name), account, rng)
    }

    /// A pair of the catalogue: popular operations sooner (Zipf with exponent 0.7), on any resource of the account.
    pub fn catalogue_pair(&self, account: u32, rng: &mut Rng) -> Pair {
        // The inverse of the Zipf distribution's continuous form: rank ~ n · u^(1 / (1 - 0.7)).
        let rank = BY_CHANCE as f64 * libm::pow(rng.unit(), 1.0 / 0.3);
        // The table is by service, so ranks are scattered over it by a step that is prime to its length.
        let operation = (rank as usize * 73) % BY_CHANCE;
        self.pair_on_any(operation as u16, account, rng)
    }

    /// One of the pairs that the identity usually makes, by their weights.
    pub fn own_pair(&self, member: &Member, rng: &mut Rng) -> Pair {
        let group = &self.groups[member.group as usize];
        let total = group.sums.last().copied().unwrap_or(0.0);
        for _ in 0..32 {
            let drawn = rng.unit() as f32 * total;
            let at = group.sums.partition_point(|&sum| sum <= drawn).min(group.pool.len() - 1);
            if member.uses >> at & 1 == 1 {
                return group.pool[at];
            }
        }
        group.pool[member.uses.trailing_zeros() as usize % group.pool.len()]
    }

    /// The pair as it is called after migrations.
    pub fn renamed(&self, mut pair: Pair, migrations: &[u32]) -> Pair {
        for &migration in migrations {
            let Target::Resource(old) = pair.target else { return pair };
            let new = self.renamed[migration as usize].get(&old);
            pair.target = Target::Resource(new.copied().unwrap_or(old));
        }
        pair
    }

    /// Whether the pair belongs to those that the identity usually makes.
    pub fn is_own(&self, member: &Member, pair: Pair) -> bool {
        let pool = &self.groups[member.group as usize].pool;
        pool.iter().position(|&p| p == pair).is_some_and(|at| member.uses >> at & 1 == 1)
    }

    /// The home region of the identity's account.
    pub fn home(&self, member: &Member) -> u8 {
        self.accounts[member.account as usize].home
    }

    /// The operator of the networks that the identity comes from.
    pub fn operator(&self, member: &Member) -> names::Operator {
        match member.runtime {
            Runtime::WebIdentity => names::Operator::BuildHosts,
            Runtime::Vendor(vendor) => names::Operator::Vendor(vendor),
            Runtime::SingleSignOn => names::Operator::Office,
            Runtime::Service(_) | Runtime::AccessKey => names::Operator::OwnCloud,
        }
    }
}
