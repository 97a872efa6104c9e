//! Everything that a result depends on, and the ways to it that keep the open cut whole.

use crate::config::DetectConfig;
use crate::event::{Attributed, Kind, Timestamp};

use super::baseline::{Baseline, Closing};
use super::clock::StreamClock;
use super::codec::Sort;
use super::cut::CutBook;
use super::decay::Decay;
use super::effects::{Census, Counts};
use super::fleet::{self, Fleet, Group, MATURE_HOURS, SHARDS, Shard};
use super::hash::Hasher;
use super::store::Store;

/// Roles of texts in the hashes of identities and groups; those of values are below.
const IDENTITY: u8 = 100;
const BY_TEMPLATE: u8 = 101;
const BY_KIND: u8 = 102;
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
    /// The rest of the fleet.
    pub fleet: Fleet,
    /// Stream time and positions.
    pub clock: StreamClock,
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

impl Settings {
    /// Half-life of who is known to have a value, in days (model, section 2.2).
    const PEER_HALF_LIFE_DAYS: f64 = 30.0;

    fn new(config: &DetectConfig) -> Settings {
        Settings {
            own_decay: Decay::half_life_hours(config.half_life_days * 24.0),
            peer_decay: Decay::half_life_hours(Self::PEER_HALF_LIFE_DAYS * 24.0),
            forget_hours: i64::from(config.forget_after_days) * 24,
            config: config.clone(),
        }
    }
}

impl State {
    /// Nothing is known yet but the shipped beginning.
    pub fn new(config: &DetectConfig) -> State {
        let mut shards = Store::default();
        for id in 0..SHARDS as u64 {
            shards.insert(id, Shard::default(), 0);
        }
        State {
            identities: Store::default(),
            groups: Store::default(),
            shards,
            fleet: Fleet::shipped(),
            clock: StreamClock::default(),
            hand: 0,
            rest_slot: 0,
            cut: CutBook::default(),
            census: Census::default(),
            hasher: Hasher::new(&config.hash_key),
            settings: Settings::new(config),
        }
    }

    /// The place of the identity of an event, which may be new.
    pub fn identity(&mut self, event: &Attributed<'_>, counts: &mut Counts) -> u32 {
        let identity = &event.identity;
        let id = self.hasher.texts(IDENTITY, &[&identity.scope, &identity.principal]);
        if let Some(place) = self.identities.find(id) {
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
        self.identities.insert(id, baseline, self.cut.current())
    }

    /// The group that an identity is compared with: by template where that has members enough, else by kind.
    pub fn peers(&self, groups: [u32; 2]) -> Option<&Group> {
        let by = |place: u32| (place != NO_GROUP).then(|| self.groups.value(place));
        by(groups[0]).filter(|group| group.members >= MIN_PEERS).or(by(groups[1]))
    }

    /// Identities of the fleet that are known to have a value.
    pub fn fleet_count(&self, fingerprint: u32, hour: i64) -> u32 {
        let shard = self.shards.value(fleet::shard_of(fingerprint));
        fleet::identities(shard.values.count(fingerprint, hour, &self.settings.peer_decay))
    }

    /// Groups and fleet learn a closed hour of an identity. While it has an open incident, they do not.
    pub fn learn_closed(&mut self, groups: [u32; 2], closing: &Closing, in_incident: bool) {
        let warm = closing.ordinal > self.settings.config.warm_hours;
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
            self.hasher.texts(BY_TEMPLATE, &[&identity.scope, kind, &identity.template]),
            self.hasher.texts(BY_KIND, &[&identity.scope, kind]),
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
            let in_incident = baseline.open.as_ref().is_some_and(|open| open.incident.is_some());
            Some((in_incident, baseline.active_hours(), baseline.last_seen, place as u32))
        };
        let Some((.., place)) = sample.filter_map(informative).take(EVICTION_SAMPLE).min() else { return };
        self.hand = ((start + EVICTION_SAMPLE) % places) as u32;
        self.forget(place);
        counts.identities_evicted += 1;
    }

    fn forget(&mut self, place: u32) {
        self.cut.preserve(Sort::Identity, place, self.identities.entry_mut(place));
        let baseline = self.identities.remove(place).expect("the least informative identity is there");
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
        census.open_incidents -= u64::from(baseline.open.as_ref().is_some_and(|open| open.incident.is_some()));
    }

    /// What there is, counted anew: after a restart.
    pub fn take_census(&mut self) {
        let mut census = Census::default();
        for place in 0..self.identities.places() {
            let Some(entry) = self.identities.get(place) else { continue };
            let baseline = &entry.value;
            census.identities[baseline.kind as usize] += 1;
            census.state_bytes += baseline.bytes() as u64;
            census.learning += u64::from(baseline.active_hours() < self.settings.config.warm_hours);
            census.open_incidents += u64::from(baseline.open.as_ref().is_some_and(|open| open.incident.is_some()));
        }
        let group_bytes = |place| self.groups.get(place).map_or(0, |g| size_of::<Group>() + g.value.values.bytes());
        census.state_bytes += (0..self.groups.places()).map(group_bytes).sum::<usize>() as u64;
        let shard_bytes = |place| self.shards.get(place).map_or(0, |shard| shard.value.values.bytes());
        census.state_bytes += (0..self.shards.places()).map(shard_bytes).sum::<usize>() as u64;
        self.census = census;
    }

    /// Whether alerts are for this kind.
    pub fn alerts_for(&self, kinds: [Kind; 2]) -> bool {
        !kinds.iter().all(|kind| self.settings.config.record_only.contains(kind))
    }

    /// Stream time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
