//! Resolves many events, and remembers what principals' names say: most of the work, and the same for each event of one.
//!
//! In: one event after another. Out: exactly what [`resolve`](super::resolve) says of each (a property test compares the
//! two). What is remembered depends on the principal and the settings alone. Memory is bounded: so many names of a few bytes each, as a
//! name is known by its hash and a template by its places in the name.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use xxhash_rust::xxh3::xxh3_128_with_seed;

use super::kind::{self, NameSays};
use super::provider::Provider;
use super::template::{ShortStamp, Stamp};
use crate::config::{IdentityConfig, IdentityPattern};
use crate::event::{Criticality, Delegator, Event, Identity, Relation, Text};

/// Places for names that are remembered, each for the latest two that fall there: 4 MiB.
const PLACES: usize = 65_536;

/// What a principal's name says: all of an identity that depends on nothing else of the event, but for the template.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct NameReading {
    says: NameSays,
    owner: Option<Box<str>>,
    vendor: Option<Box<str>>,
    criticality: Option<Criticality>,
}

impl NameReading {
    /// Reads a principal's name.
    pub(super) fn of(principal: &str, config: &IdentityConfig) -> NameReading {
        let described: Vec<_> = config.patterns.iter().filter(|pattern| pattern.describes(principal)).collect();
        let text = |of: fn(&IdentityPattern) -> &Option<String>| {
            let mut said = described.iter().filter_map(|pattern| of(pattern).as_deref());
            said.find(|text| !text.is_empty()).map(Box::from)
        };
        NameReading {
            says: kind::name_says(principal, &described),
            owner: text(|pattern| &pattern.owner),
            vendor: text(|pattern| &pattern.vendor),
            criticality: described.iter().find_map(|pattern| pattern.criticality),
        }
    }

    /// The identity of the actor of an event whose principal this was read from.
    pub(super) fn identity<'a>(&self, event: &Event<'a>, principal: Text<'a>, template: Text<'a>) -> Identity<'a> {
        let (kind, kind_reason) = kind::kind(event, &self.says);
        let text = |text: &Option<Box<str>>| text.as_deref().map(|text| Text::Owned(text.to_owned()));
        Identity {
            scope: Provider::of(event).scope(event),
            principal,
            template,
            kind,
            kind_reason,
            owner: text(&self.owner),
            vendor: text(&self.vendor),
            criticality: self.criticality,
        }
    }
}

/// A name that was read before, in half a cache line: with many names, each look at memory costs more than all else here.
#[derive(Debug, Clone, Copy)]
struct Known {
    /// What the name is known by; 0 for none.
    fingerprint: u64,
    stamp: ShortStamp,
    /// The place of what it says among the readings.
    reading: u32,
}

/// Two names, the later one first.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Place([Known; 2]);

const NOBODY: Place = Place([Known { fingerprint: 0, stamp: ShortStamp::NONE, reading: 0 }; 2]);

/// What names say, each of it once: it is of few sorts, whatever the names.
#[derive(Debug, Default)]
struct Readings {
    all: Vec<NameReading>,
    places: HashMap<NameReading, u32>,
}

impl Readings {
    fn place(&mut self, reading: NameReading) -> u32 {
        if let Some(place) = self.places.get(&reading) {
            return *place;
        }
        let place =
            u32::try_from(self.all.len()).expect("there are as many as patterns and words of names can be combined");
        self.places.insert(reading.clone(), place);
        self.all.push(reading);
        place
    }
}

/// Resolves who really acted, for many events under the same settings.
#[derive(Debug)]
pub struct Resolver {
    config: IdentityConfig,
    known: Vec<Place>,
    readings: Readings,
    /// Which hash of names is used: nobody knows it, so that nobody can make two names alike.
    seed: u64,
}

impl Resolver {
    /// Remembers nothing yet.
    pub fn new(config: &IdentityConfig) -> Resolver {
        let (known, readings) = (vec![NOBODY; PLACES], Readings::default());
        Resolver { config: config.clone(), known, readings, seed: RandomState::new().hash_one(PLACES) }
    }

    /// Resolves who really acted, as [`resolve`](super::resolve) does.
    pub fn resolve<'a>(&mut self, event: &Event<'a>) -> Identity<'a> {
        let principal = Provider::of(event).principal(event);
        let (place, fingerprint) = self.place_of(&principal);
        let Place(known) = &mut self.known[place];
        if let Some(known) = known.iter().find(|known| known.fingerprint == fingerprint) {
            let template = known.stamp.template(&principal);
            return self.readings.all[known.reading as usize].identity(event, principal, template);
        }
        let stamp = Stamp::of(&principal);
        let reading = self.readings.place(NameReading::of(&principal, &self.config));
        if let Some(stamp) = stamp.short() {
            *known = [Known { fingerprint, stamp, reading }, known[0]];
        }
        let template = stamp.template(&principal);
        self.readings.all[reading as usize].identity(event, principal, template)
    }

    /// Resolves who really acted, and adds the configuration's word on who stands behind him to the event, for alerts.
    pub fn attribute<'a>(&mut self, event: &mut Event<'a>) -> Identity<'a> {
        let identity = self.resolve(event);
        if let Some(link) = self.config.links.iter().find(|link| link.describes(&identity.principal)) {
            let name = Text::Owned(link.to.clone());
            event.actor.delegators.push(Delegator { relation: Relation::Configured, name });
        }
        identity
    }

    /// Where a name is remembered, and what it is known by there: 80 bits of its hash together.
    fn place_of(&self, principal: &str) -> (usize, u64) {
        let hash = xxh3_128_with_seed(principal.as_bytes(), self.seed);
        (hash as usize % PLACES, ((hash >> 64) as u64).max(1))
    }
}
