//! The rules to beat (model, section 3.1).
//!
//! R3: what is new to the identity **and** was not seen among its peers either. Points per identity-hour: the number of
//! dimensions with such a value, then the number of values. R4: the same and 2 points where the identity uses a sensitive
//! class of action for the first time.
//!
//! An identity learns for 7 days from its first event; what was not seen for 30 days is new again. Dimensions, peers and
//! sensitive classes are those of our own model, so that what is compared is the method and not what it is shown.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::event::Attributed;

/// Hours in which an identity only learns.
const LEARNING_HOURS: i64 = 7 * 24;
/// Hours after which a value is new again.
const FORGET_HOURS: i64 = 30 * 24;
/// Members that a template needs for its members to be compared with each other and not with all of their kind.
const MIN_PEERS: u32 = 3;
/// Targets of one event that are looked at.
const TARGETS: usize = 4;
/// Points for the first use of a sensitive class.
const SENSITIVE_POINTS: f64 = 2.0;
/// Dimensions; the last one, the sensitive classes, is for R4 only.
const SENSITIVE: u8 = 7;

/// Points of an identity's current hour.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Points {
    /// By R3.
    pub r3: f64,
    /// By R4.
    pub r4: f64,
}

/// What both rules know.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// By place in the roster.
    identities: Vec<Own>,
    groups: Vec<Group>,
    places: HashMap<u64, u32>,
    values: Vec<(u8, u64)>,
}

/// What is known of one identity, and what is new in its current hour.
#[derive(Debug, Clone)]
struct Own {
    first_hour: i64,
    /// Groups by template and by kind.
    groups: [u32; 2],
    /// When each value was seen last.
    seen: HashMap<u64, i64>,
    hour: i64,
    dimensions: u8,
    new_values: u32,
    is_sensitive: bool,
}

/// What is known of a peer group.
#[derive(Debug, Clone, Default)]
struct Group {
    members: u32,
    seen: HashMap<u64, Users>,
}

/// Who used a value last, and who else before: enough to say whether anybody but one did.
#[derive(Debug, Clone, Copy)]
struct Users {
    last: (u32, i64),
    other: Option<(u32, i64)>,
}

impl Users {
    fn add(&mut self, identity: u32, hour: i64) {
        if self.last.0 != identity {
            self.other = Some(self.last);
        }
        self.last = (identity, hour);
    }

    /// When anybody but `identity` used it last.
    fn by_others(&self, identity: u32) -> Option<i64> {
        if self.last.0 == identity { self.other.map(|(_, hour)| hour) } else { Some(self.last.1) }
    }
}

impl Rules {
    /// Judges an event of the identity with this place in the roster, then learns it. Returns the hour's points where
    /// they rose.
    pub fn event(&mut self, identity: u32, event: &Attributed<'_>) -> Option<Points> {
        let hour = event.event.time.hour();
        if self.identities.len() <= identity as usize {
            self.join(event, hour);
        }
        let mut values = std::mem::take(&mut self.values);
        values_of(event, &mut values);
        let own = &mut self.identities[identity as usize];
        own.begin(hour);
        let before = own.points();
        let by_template = self.groups[own.groups[0] as usize].members >= MIN_PEERS;
        let peers = own.groups[usize::from(!by_template)] as usize;
        for &(dimension, value) in &values {
            let is_known = own.seen.insert(value, hour).is_some_and(|last| hour - last < FORGET_HOURS);
            if dimension != SENSITIVE {
                let by_peers = self.groups[peers].seen.get(&value).and_then(|users| users.by_others(identity));
                let is_peers = by_peers.is_some_and(|last| hour - last < FORGET_HOURS);
                own.take(dimension, is_known || is_peers);
            } else if !is_known && !own.is_learning() {
                own.is_sensitive = true;
            }
        }
        let (after, groups) = (own.points(), own.groups);
        for group in groups {
            self.groups[group as usize].learn(identity, hour, &values);
        }
        self.values = values;
        (after != before).then_some(after)
    }

    /// A new identity takes the next place.
    fn join(&mut self, event: &Attributed<'_>, hour: i64) {
        let identity = &event.identity;
        let kind = identity.kind.name();
        let keys = [hash(100, &[&identity.scope, kind, &identity.template]), hash(101, &[&identity.scope, kind])];
        let groups = keys.map(|key| self.group(key));
        for group in groups {
            self.groups[group as usize].members += 1;
        }
        self.identities.push(Own::new(hour, groups));
    }

    fn group(&mut self, key: u64) -> u32 {
        let next = self.groups.len() as u32;
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.groups.push(Group::default());
        }
        place
    }
}

impl Own {
    fn new(hour: i64, groups: [u32; 2]) -> Own {
        let seen = HashMap::new();
        Own { first_hour: hour, groups, seen, hour, dimensions: 0, new_values: 0, is_sensitive: false }
    }

    /// Goes on to an hour; what was new before is not.
    fn begin(&mut self, hour: i64) {
        if hour > self.hour {
            (self.hour, self.dimensions, self.new_values, self.is_sensitive) = (hour, 0, 0, false);
        }
    }

    fn is_learning(&self) -> bool {
        self.hour - self.first_hour < LEARNING_HOURS
    }

    fn take(&mut self, dimension: u8, is_known: bool) {
        if !is_known && !self.is_learning() {
            self.dimensions |= 1 << dimension;
            self.new_values += 1;
        }
    }

    /// Dimensions first; a thousandth for each value orders those that are equal in them.
    fn points(&self) -> Points {
        let r3 = f64::from(self.dimensions.count_ones()) + f64::from(self.new_values.min(999)) / 1_000.0;
        Points { r3, r4: r3 + if self.is_sensitive { SENSITIVE_POINTS } else { 0.0 } }
    }
}

impl Group {
    fn learn(&mut self, identity: u32, hour: i64, values: &[(u8, u64)]) {
        for &(_, value) in values.iter().filter(|(dimension, _)| *dimension != SENSITIVE) {
            self.seen
                .entry(value)
                .and_modify(|users| users.add(identity, hour))
                .or_insert(Users { last: (identity, hour), other: None });
        }
    }
}

/// The values of an event, each once, with their dimensions. `values` is cleared first.
fn values_of(event: &Attributed<'_>, values: &mut Vec<(u8, u64)>) {
    values.clear();
    let event = &event.event;
    let mut add = |dimension: u8, texts: &[&str]| {
        let value = (dimension, hash(dimension, texts));
        if !values.contains(&value) {
            values.push(value);
        }
    };
    let (service, operation) = (&*event.action.service, &*event.action.operation);
    add(0, &[service, operation]);
    for target in event.targets.iter().take(TARGETS) {
        add(1, &[&target.kind, &target.container]);
        add(2, &[service, operation, &target.kind, &target.container]);
    }
    // What the cloud did for the actor says nothing of the actor's own network and client.
    let single = [
        (3, event.origin.network.as_deref().filter(|_| !event.actor.via_service)),
        (4, event.region.as_deref()),
        (5, event.target_account.as_deref()),
        (6, event.origin.client.as_deref().filter(|_| !event.actor.via_service)),
    ];
    for (dimension, text) in single {
        if let Some(text) = text {
            add(dimension, &[text]);
        }
    }
    if let Some(class) = event.action.sensitivity {
        add(SENSITIVE, &[class.name()]);
    }
}

fn hash(tag: u8, texts: &[&str]) -> u64 {
    texts.iter().fold(u64::from(tag) + 1, |seed, text| xxh3_64_with_seed(text.as_bytes(), seed))
}

#[cfg(test)]
mod tests;
