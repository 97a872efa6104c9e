//! Resolves many events, and remembers what principals' names say: most of the work, and the same for each event of one.
//!
//! In: one event after another. Out: exactly what [`resolve`](super::resolve) says of each (a property test compares the
//! two). What is remembered depends on the principal and the settings alone, and is used only where the whole principal is the same, so
//! that names chosen by an attacker can make it slower, never wrong. Memory is bounded: so many names of so many bytes.

use xxhash_rust::xxh3::xxh3_64;

use super::kind::{self, NameSays};
use super::provider::Provider;
use super::template::{Name, Stamp};
use crate::config::{IdentityConfig, IdentityPattern};
use crate::event::{Criticality, Delegator, Event, Identity, Relation, Text};

/// Places for names that are remembered, each for the latest two that fall there.
const PLACES: usize = 65_536;

/// Names longer than this are read each time, so that what is remembered stays within some 100 MB; ARNs of roles and users take
/// half of that.
const LONGEST: usize = 320;

/// What a principal's name says: all of an identity that depends on nothing else of the event.
#[derive(Debug)]
pub(super) struct NameReading {
    says: NameSays,
    stamp: Stamp,
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
            stamp: Stamp::of(principal),
            owner: text(|pattern| &pattern.owner),
            vendor: text(|pattern| &pattern.vendor),
            criticality: described.iter().find_map(|pattern| pattern.criticality),
        }
    }

    /// The identity of the actor of an event whose principal this was read from.
    pub(super) fn identity<'a>(&self, event: &Event<'a>, principal: Text<'a>) -> Identity<'a> {
        let (kind, kind_reason) = kind::kind(event, &self.says);
        let template = self.stamp.template(&principal);
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

/// A name that was read before, in one piece: with many names, each look at another place waits for memory.
#[derive(Debug)]
struct Known {
    principal: Name,
    reading: NameReading,
}

/// Resolves who really acted, for many events under the same settings.
#[derive(Debug)]
pub struct Resolver {
    config: IdentityConfig,
    known: Vec<[Option<Box<Known>>; 2]>,
}

impl Resolver {
    /// Remembers nothing yet.
    pub fn new(config: &IdentityConfig) -> Resolver {
        Resolver { config: config.clone(), known: std::iter::repeat_with(|| [None, None]).take(PLACES).collect() }
    }

    /// Resolves who really acted, as [`resolve`](super::resolve) does.
    pub fn resolve<'a>(&mut self, event: &Event<'a>) -> Identity<'a> {
        let principal = Provider::of(event).principal(event);
        if principal.len() > LONGEST {
            return NameReading::of(&principal, &self.config).identity(event, principal);
        }
        let place = &mut self.known[place_of(&principal)];
        let is_this = |known: &&Known| known.principal.as_bytes() == principal.as_bytes();
        if let Some(known) = place.iter().flatten().map(Box::as_ref).find(is_this) {
            return known.reading.identity(event, principal);
        }
        place.swap(0, 1);
        let reading = NameReading::of(&principal, &self.config);
        let known = place[0].insert(Box::new(Known { principal: Name::new(&principal), reading }));
        known.reading.identity(event, principal)
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
}

#[expect(clippy::cast_possible_truncation, reason = "the lowest bits are enough for a place")]
fn place_of(principal: &str) -> usize {
    xxh3_64(principal.as_bytes()) as usize % PLACES
}
