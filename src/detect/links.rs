//! Who was issued which credential, so that a finding can tell by way of whom its identity came to act (U11): the run
//! of a pipeline whose token was exchanged for the keys of a role, the user that made the access key.
//!
//! In: events that issued a credential. Out: the chain behind the credential of an event, the nearest first. Only events
//! of one scope see each other's, as credentials are known by scope and id.
//!
//! Kept are so many credentials for so many days of stream time, the newest ones; they are part of every cut.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::config::DetectConfig;
use crate::event::{Attributed, ChainLink, Event, Relation, Source, Timestamp};

use super::codec::Sort;
use super::cut::CutBook;
use super::state::State;
use super::store::Store;

/// Role of credentials' ids in hashes.
const CREDENTIAL: u8 = 104;
/// Links that are kept of one credential.
const KEPT_LINKS: usize = 4;
/// Links that a finding shows.
const SHOWN_LINKS: usize = 8;
/// Bytes of one name.
const MAX_NAME: usize = 256;

/// What is known of one issued credential.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// Stream time when it was issued, as far as it was read then.
    noted: Timestamp,
    /// Who got it, on whose behalf, and what was known of the credential that they used; the nearest first.
    chain: Vec<ChainLink>,
}

/// What is known of issued credentials.
#[derive(Debug, Clone)]
pub struct Links {
    /// By a hash of scope and id.
    pub known: Store<Link>,
    /// Their places, the oldest first.
    by_age: BTreeSet<(Timestamp, u32)>,
    bytes: usize,
    limit: usize,
    kept_ms: i64,
}

impl Links {
    /// Nothing is known yet.
    pub fn new(config: &DetectConfig) -> Links {
        let kept_ms = i64::from(config.link_days) * 24 * Timestamp::HOUR_MS;
        Links { known: Store::default(), by_age: BTreeSet::new(), bytes: 0, limit: config.max_links.max(1), kept_ms }
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// Forgets what is older than what is kept; to be called now and then.
    pub fn forget(&mut self, now: Timestamp, cut: &mut CutBook) {
        while self.by_age.first().is_some_and(|(noted, _)| now.since(*noted) > self.kept_ms) {
            self.drop_oldest(cut);
        }
    }

    /// Counts anew what there is, after a restart.
    pub fn take_stock(&mut self) {
        self.by_age.clear();
        self.bytes = 0;
        for place in 0..self.known.places() {
            let Some(entry) = self.known.get(place) else { continue };
            self.by_age.insert((entry.value.noted, place as u32));
            self.bytes += entry.value.bytes();
        }
    }

    fn find(&self, id: u64, now: Timestamp) -> &[ChainLink] {
        let link = self.known.find(id).map(|place| self.known.value(place));
        link.filter(|link| now.since(link.noted) <= self.kept_ms).map_or(&[], |link| &link.chain)
    }

    /// What was said of it before, if anything, no longer holds.
    fn note(&mut self, id: u64, link: Link, cut: &mut CutBook) {
        self.bytes += link.bytes();
        let noted = link.noted;
        let place = match self.known.find(id) {
            Some(place) => {
                let entry = self.known.entry_mut(place);
                cut.preserve(Sort::Link, place, entry);
                let before = std::mem::replace(&mut entry.value, link);
                self.bytes -= before.bytes();
                self.by_age.remove(&(before.noted, place));
                place
            }
            None => {
                while self.known.len() >= self.limit {
                    self.drop_oldest(cut);
                }
                self.known.insert(id, link, cut.current())
            }
        };
        self.by_age.insert((noted, place));
    }

    fn drop_oldest(&mut self, cut: &mut CutBook) {
        let Some((_, place)) = self.by_age.pop_first() else { return };
        cut.preserve(Sort::Link, place, self.known.entry_mut(place));
        self.bytes -= self.known.remove(place).map_or(0, |link| link.bytes());
    }
}

impl Link {
    fn bytes(&self) -> usize {
        let names: usize = self.chain.iter().map(|link| size_of::<ChainLink>() + link.name.len()).sum();
        size_of::<Link>() + names
    }
}

impl State {
    /// Remembers who got the credentials that an event issued.
    pub(super) fn note_issued(&mut self, event: &Attributed<'_>) {
        let identity = &event.identity;
        let mut chain = Vec::new();
        add(&mut chain, Relation::IssuedTo, &identity.principal, KEPT_LINKS);
        self.follow(event, &mut chain, KEPT_LINKS);
        let noted = self.now();
        for id in event.event.issued.iter().filter(|id| !id.is_empty()) {
            let id = self.hasher.texts(CREDENTIAL, [&identity.scope, id]);
            self.links.note(id, Link { noted, chain: chain.clone() }, &mut self.cut);
        }
    }

    /// By way of whom an event was made; the chain stays as it was where nothing says so.
    pub(super) fn trace(&self, event: &Attributed<'_>, chain: &mut Vec<ChainLink>) {
        let mut found = Vec::new();
        self.follow(event, &mut found, SHOWN_LINKS);
        // That it got the credential itself is no news.
        found.retain(|link| link.name != event.identity.principal);
        if !found.is_empty() {
            *chain = found;
        }
    }

    /// Adds what an event says itself, then what earlier events said of its credential.
    fn follow(&self, event: &Attributed<'_>, chain: &mut Vec<ChainLink>, limit: usize) {
        let actor = &event.event.actor;
        for delegator in &actor.delegators {
            add(chain, delegator.relation, &delegator.name, limit);
        }
        let Some(credential) = credential(&event.event) else { return };
        let id = self.hasher.texts(CREDENTIAL, [&event.identity.scope, credential]);
        for link in self.links.find(id, self.now()) {
            add(chain, link.relation, &link.name, limit);
        }
    }
}

/// The id of the credential that a call was made with. In Microsoft's logs a token's id names the session, which nobody can
/// choose there.
fn credential<'e>(event: &'e Event<'_>) -> Option<&'e str> {
    let id = match event.source {
        Source::GraphActivity | Source::AzureActivity => event.actor.session.as_deref(),
        _ => event.actor.credential.as_ref().map(|credential| &*credential.id),
    };
    id.filter(|id| !id.is_empty())
}

/// Adds a link, where there is room and nobody of that name is in the chain already.
fn add(chain: &mut Vec<ChainLink>, relation: Relation, name: &str, limit: usize) {
    let name = &name[..name.floor_char_boundary(MAX_NAME)];
    if chain.len() < limit && !name.is_empty() && chain.iter().all(|link| link.name != name) {
        chain.push(ChainLink { relation, name: name.to_owned() });
    }
}
