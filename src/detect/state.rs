//! Everything that a result depends on, and the ways to it that keep the open cut whole.

use std::collections::BTreeSet;

use crate::config::{BudgetConfig, DetectConfig};
use crate::event::{Attributed, Kind, Timestamp};

use super::ahead::Ahead;
use super::baseline::{Baseline, Closing};
use super::budget::{Budget, Pool};
use super::calibration::Calibration;
use super::clock::StreamClock;
use super::codec::Sort;
use super::cut::CutBook;
use super::decay::Decay;
use super::dedup::SeenIds;
use super::effects::{Census, Counts, PoolCensus};
use super::fleet::{self, Fleet, Group, MATURE_HOURS, MIN_MATURE, SHARDS, Shard};
use super::hash::Hasher;
use super::links::Links;
use super::store::Store;

/// Roles of texts in the hashes of identities and groups; those of values are below.
const IDENTITY: u8 = 100;
const BY_TEMPLATE: u8 = 101;
const BY_KIND: u8 = 102;
const EVENT_ID: u8 = 103;
/// A group that there was no room for.
pub const NO_GROUP: u32 = u32::MAX;
/// Members that a group by template needs to be what its members are compared with.
const MIN_PEERS: u32 = 3;
/// Identities that are looked at to evict one.
const EVICTION_SAMPLE: usize = 16;

/// Numbers derived from the configuration.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Forgetting of what an identity does.
    pub own_decay: Decay,
    /// Forgetting of who is known to have a value, and of what groups do.
    pub peer_decay: Decay,
    /// Hours after which a value that was not seen is new again.
    pub forget_hours: i64,
    /// The configuration itself.
    pub config: DetectConfig,
    /// How many alerts there may be.
    pub budget: BudgetConfig,
}

/// The state of one events partition.
#[derive(Debug, Clone)]
pub struct State {
    /// Baselines.
    pub identities: Store<Baseline>,
    /// Peer groups.
    pub groups: Store<Group>,
    /// Values of the fleet.
    pub shards: Store<Shard>,
    /// Ids of the events of the last hours.
    pub seen: SeenIds,
    /// Who was issued which credential.
    pub links: Links,
    /// The rest of the fleet.
    pub fleet: Fleet,
    /// What bits mean in it.
    pub calibration: Calibration,
    /// What alerts there may be, and from which evidence on.
    pub budget: Budget,
    /// Stream time and positions.
    pub clock: StreamClock,
    /// When open incidents will have been quiet for long enough, with the place of their identity.
    pub deadlines: BTreeSet<(Timestamp, u32)>,
    /// Where eviction goes on.
    pub hand: u32,
    /// The slot that holds the last version of the fleet's own record.
    pub rest_slot: u8,
    /// The open cut.
    pub cut: CutBook,
    /// What there is.
    pub census: Census,
    /// What tables stand for, hashed.
    pub hasher: Hasher,
    /// Numbers.
    pub settings: Settings,
}

/// The id of an event's identity.
pub fn id_of(event: &Attributed<'_>, hasher: &Hasher) -> u64 {
    hasher.texts(IDENTITY, [&event.identity.scope, &event.identity.principal])
}

/// What an event's own id is known by.
pub fn event_id_of(event: &Attributed<'_>, hasher: &Hasher) -> u64 {
    hasher.text(EVENT_ID, &event.event.id)
}

impl Settings {
    /// Half-life of who is known to have a value, in days (model, section 2.2).
    const PEER_HALF_LIFE_DAYS: f64 = 30.0;

    fn new(config: &DetectConfig, budget: &BudgetConfig) -> Settings {
        Settings {
            own_decay: Decay::half_life_hours(config.half_life_days * 24.0),
            peer_decay: Decay::half_life_hours(Self::PEER_HALF_LIFE_DAYS * 24.0),
            forget_hours: i64::from(config.forget_after_days) * 24,
            config: config.clone(),
            budget: budget.clone(),
        }
    }
}

impl State {
    /// Nothing is known yet but the shipped beginning.
    pub fn new(config: &DetectConfig, budget: &BudgetConfig) -> State {
        let mut shards = Store::default();
        for id in 0..SHARDS as u64 {
            shards.insert(id, Shard::default(), 0);
        }
        State {
            identities: Store::default(),
            groups: Store::default(),
            shards,
            seen: SeenIds::new(config.max_dedup_bytes),
            links: Links::new(config),
            fleet: Fleet::shipped(),
            calibration: Calibration::default(),
            budget: Budget::new(config, budget),
            clock: StreamClock::default(),
            deadlines: BTreeSet::new(),
            hand: 0,
            rest_slot: 0,
            cut: CutBook::default(),
            census: Census::default(),
            hasher: Hasher::new(&config.hash_key),
            settings: Settings::new(config, budget),
        }
    }

    /// What is known of the identity of an event.
    pub fn known(&self, ahead: &Ahead<'_>) -> Option<&Baseline> {
        self.identities.find_near(ahead.identity, ahead.place).map(|place| self.identities.value(place))
    }

    /// The place of the identity of an event, which may be new.
    pub fn identity(&mut self, ahead: &Ahead<'_>, counts: &mut Counts) -> u32 {
        let (event, identity) = (ahead.event, &ahead.event.identity);
        if let Some(place) = self.identities.find_near(ahead.identity, ahead.place) {
            self.cut.preserve(Sort::Identity, place, self.identities.entry_mut(place));
            return place;
        }
        if self.identities.len() >= self.settings.config.max_identities.max(1) {
            self.evict(counts);
        }
        let groups = self.join_groups(event);
        let baseline = Baseline::new(identity.kind, groups, event.event.time);
        self.census.state_bytes += baseline.bytes() as u64;
        self.census.identities[identity.kind as usize] += 1;
        self.census.learning += 1;
        counts.identities_created[identity.kind as usize] += 1;
        self.identities.insert(ahead.identity, baseline, self.cut.current())
    }

    /// Whether an identity has too little history, and too few peers to be judged by.
    pub fn is_learning(&self, prior_hours: u32, groups: [u32; 2]) -> bool {
        prior_hours < self.settings.config.warm_hours
            && self.peers(groups).is_none_or(|peers| peers.mature < MIN_MATURE)
    }

    /// The group that an identity is compared with: by template where that has members enough, else by kind.
    pub fn peers(&self, groups: [u32; 2]) -> Option<&Group> {
        self.peers_place(groups).map(|place| self.groups.value(place))
    }

    /// That group, to note what one of its members does.
    pub fn peers_mut(&mut self, groups: [u32; 2]) -> Option<&mut Group> {
        let place = self.peers_place(groups)?;
        Some(self.group_mut(place))
    }

    /// The other group that it is in.
    pub fn other_group_mut(&mut self, groups: [u32; 2]) -> Option<&mut Group> {
        let peers = self.peers_place(groups);
        let other = groups.into_iter().find(|place| *place != NO_GROUP && Some(*place) != peers)?;
        Some(self.group_mut(other))
    }

    fn group_mut(&mut self, place: u32) -> &mut Group {
        let entry = self.groups.entry_mut(place);
        self.cut.preserve(Sort::Group, place, entry);
        &mut entry.value
    }

    fn peers_place(&self, groups: [u32; 2]) -> Option<u32> {
        let [by_template, by_kind] = groups.map(|place| (place != NO_GROUP).then_some(place));
        by_template.filter(|place| self.groups.value(*place).members >= MIN_PEERS).or(by_kind)
    }

    /// Identities of the fleet that are known to have a value.
    pub fn fleet_count(&self, fingerprint: u32, hour: i64) -> u32 {
        let shard = self.shards.value(fleet::shard_of(fingerprint));
        fleet::identities(shard.values.count(fingerprint, hour, &self.settings.peer_decay))
    }

    /// Groups and fleet learn a closed hour of an identity. While it has an open incident, they do not.
    pub fn learn_closed(&mut self, groups: [u32; 2], closing: &Closing, in_incident: bool) {
        let warm = closing.ordinal > self.settings.config.warm_hours;
        if warm || self.peers(groups).is_some_and(|peers| peers.mature >= MIN_MATURE) {
            self.calibration.learn(closing.hour, closing.ordinal - 1, &closing.bits);
        }
        if closing.ordinal == MATURE_HOURS {
            self.each_group(groups, |group, _| group.mature += 1);
        }
        if in_incident {
            return;
        }
        if warm {
            let hour = closing.hour;
            self.each_group(groups, |group, settings| group.habits.learn(hour, &closing.closed, &settings.peer_decay));
        }
        self.fleet.learn(closing, warm, &self.settings.peer_decay);
    }

    /// An identity is active in another hour than its newest one so far (none where it is new).
    pub fn mark_active(&mut self, groups: [u32; 2], before: Option<i64>, hour: i64) {
        if before.is_none_or(|before| hour > before) {
            self.each_group(groups, |group, _| group.waves.mark_active(before, hour));
        }
    }

    /// An identity is known to have a value: its groups and the fleet may know it.
    pub fn vouch(&mut self, groups: [u32; 2], fingerprint: u32, weight: f32, hour: i64, counts: &mut Counts) {
        let (mut evicted, limit) = (0, self.settings.config.max_group_values);
        self.each_group(groups, |group, settings| {
            evicted += fleet::vouch(&mut group.values, fingerprint, weight, hour, &settings.peer_decay, limit);
        });
        let place = fleet::shard_of(fingerprint);
        let shard = self.shards.entry_mut(place);
        self.cut.preserve(Sort::Shard, place, shard);
        let (before, limit) = (shard.value.values.bytes(), self.settings.config.max_fleet_values / SHARDS);
        evicted += fleet::vouch(&mut shard.value.values, fingerprint, weight, hour, &self.settings.peer_decay, limit);
        self.census.state_bytes += (shard.value.values.bytes() - before) as u64;
        counts.values_evicted += evicted;
    }

    fn each_group(&mut self, groups: [u32; 2], mut change: impl FnMut(&mut Group, &Settings)) {
        for place in groups.into_iter().filter(|place| *place != NO_GROUP) {
            let entry = self.groups.entry_mut(place);
            self.cut.preserve(Sort::Group, place, entry);
            let before = entry.value.values.bytes();
            change(&mut entry.value, &self.settings);
            self.census.state_bytes += (entry.value.values.bytes() - before) as u64;
        }
    }

    fn join_groups(&mut self, event: &Attributed<'_>) -> [u32; 2] {
        let identity = &event.identity;
        let kind = identity.kind.name();
        let ids = [
            self.hasher.texts(BY_TEMPLATE, [&identity.scope, kind, &identity.template]),
            self.hasher.texts(BY_KIND, [&identity.scope, kind]),
        ];
        let groups = ids.map(|id| self.group(id));
        self.each_group(groups, |group, _| group.members += 1);
        groups
    }

    fn group(&mut self, id: u64) -> u32 {
        match self.groups.find(id) {
            Some(place) => place,
            None if self.groups.len() >= self.settings.config.max_groups => NO_GROUP,
            None => {
                self.census.state_bytes += size_of::<Group>() as u64;
                self.groups.insert(id, Group::empty(), self.cut.current())
            }
        }
    }

    /// Makes room: of the next few identities, the one with the least history goes, one without an incident first.
    fn evict(&mut self, counts: &mut Counts) {
        let places = self.identities.places().max(1);
        let start = self.hand as usize;
        let sample = (0..places).map(|step| (start + step) % places);
        let informative = |place: usize| {
            let baseline = &self.identities.get(place)?.value;
            Some((baseline.in_incident(), baseline.active_hours(), baseline.last_seen, place as u32))
        };
        let Some((.., place)) = sample.filter_map(informative).take(EVICTION_SAMPLE).min() else { return };
        self.hand = ((start + EVICTION_SAMPLE) % places) as u32;
        self.forget(place);
        counts.identities_evicted += 1;
    }

    fn forget(&mut self, place: u32) {
        self.cut.preserve(Sort::Identity, place, self.identities.entry_mut(place));
        let baseline = self.identities.remove(place).expect("the least informative identity is there");
        if let Some(deadline) = self.deadline_of(&baseline) {
            self.deadlines.remove(&(deadline, place));
        }
        let mature = u32::from(baseline.closed_hours() >= MATURE_HOURS);
        self.each_group(baseline.groups, |group, _| {
            group.members = group.members.saturating_sub(1);
            group.mature = group.mature.saturating_sub(mature);
        });
        self.count_out(&baseline);
    }

    fn count_out(&mut self, baseline: &Baseline) {
        let census = &mut self.census;
        census.identities[baseline.kind as usize] -= 1;
        census.state_bytes = census.state_bytes.saturating_sub(baseline.bytes() as u64);
        census.learning -= u64::from(baseline.active_hours() < self.settings.config.warm_hours);
        census.open_incidents -= u64::from(baseline.in_incident());
    }

    /// When an identity's open incident will have been quiet for long enough, where it has one.
    pub fn deadline_of(&self, baseline: &Baseline) -> Option<Timestamp> {
        let quiet = i64::from(self.settings.config.incident_quiet_hours) * Timestamp::HOUR_MS;
        let incident = baseline.open.as_ref()?.incident.as_ref()?;
        Some(incident.last.plus_millis(quiet))
    }

    /// What there is, counted anew: after a restart.
    pub fn take_census(&mut self) {
        self.seen.take_stock();
        self.links.take_stock();
        let places = 0..self.identities.places();
        let due = |place| Some((self.deadline_of(&self.identities.get(place)?.value)?, place as u32));
        self.deadlines = places.filter_map(due).collect();
        let mut census = Census::default();
        for place in 0..self.identities.places() {
            let Some(entry) = self.identities.get(place) else { continue };
            let baseline = &entry.value;
            census.identities[baseline.kind as usize] += 1;
            census.state_bytes += baseline.bytes() as u64;
            census.learning += u64::from(baseline.active_hours() < self.settings.config.warm_hours);
            census.open_incidents += u64::from(baseline.in_incident());
        }
        let group_bytes = |place| self.groups.get(place).map_or(0, |g| size_of::<Group>() + g.value.values.bytes());
        census.state_bytes += (0..self.groups.places()).map(group_bytes).sum::<usize>() as u64;
        let shard_bytes = |place| self.shards.get(place).map_or(0, |shard| shard.value.values.bytes());
        census.state_bytes += (0..self.shards.places()).map(shard_bytes).sum::<usize>() as u64;
        self.census = census;
    }

    /// The kind by which an identity is held to a budget: what it was first seen as, unless that is recorded only.
    pub fn kind_of(&self, baseline: &Baseline, now: Kind) -> Kind {
        if self.is_recorded_only(baseline.kind) { now } else { baseline.kind }
    }

    /// What there is now, for gauges.
    pub fn census_now(&self) -> Census {
        let pool = |pool: &Pool| PoolCensus {
            name: pool.kind.map_or("default", Kind::name),
            asked: pool.per_1000_per_day,
            realised: pool.realised(),
            threshold_bits: pool.threshold(),
        };
        let covered = self.seen.covered_since().map_or(0, |since| self.now().since(since).max(0));
        Census {
            pools: self.budget.pools().iter().map(pool).collect(),
            dedup_covered_s: covered as u64 / 1_000,
            state_bytes: self.census.state_bytes + (self.seen.bytes() + self.links.bytes()) as u64,
            ..self.census.clone()
        }
    }

    /// Whether incidents of this kind alert nobody.
    pub fn is_recorded_only(&self, kind: Kind) -> bool {
        self.settings.config.record_only.contains(&kind)
    }

    /// Whether something of that time is too old to be news. Before the first tick nothing is.
    pub fn is_old(&self, time: Timestamp) -> bool {
        let most = i64::from(self.settings.budget.max_age_hours) * Timestamp::HOUR_MS;
        self.clock.clock().is_some_and(|clock| clock.since(time) > most)
    }

    /// Stream time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
