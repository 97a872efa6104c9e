//! Who there is: every identity of the stream with a number of its own, since when it exists, and whether its kind
//! alerts.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_64_with_seed;

use super::verdict::Period;
use crate::event::{Identity, Kind, Timestamp};

/// One identity.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its scope.
    pub scope: String,
    /// Its name within the scope.
    pub principal: String,
    /// Its kind at its first event.
    pub kind: Kind,
    /// Its first event.
    pub first: Timestamp,
    /// Whether its kind alerts; the others count neither as identities nor as false alerts.
    pub is_watched: bool,
}

/// All identities, in the order of their first events.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// The identities; others refer to them by their places here.
    pub members: Vec<Member>,
    places: HashMap<u64, u32>,
    record_only: Vec<Kind>,
}

impl Roster {
    /// Nobody yet. Identities of the kinds `record_only` alert nobody.
    pub fn new(record_only: &[Kind]) -> Roster {
        Roster { record_only: record_only.to_vec(), ..Roster::default() }
    }

    /// The place of an identity that was met at `time`; whether it is new.
    pub fn meet(&mut self, identity: &Identity<'_>, time: Timestamp) -> (u32, bool) {
        let key = key(&identity.scope, &identity.principal);
        if let Some(&place) = self.places.get(&key) {
            return (place, false);
        }
        let place = self.members.len() as u32;
        self.places.insert(key, place);
        self.members.push(Member {
            scope: identity.scope.clone().into_owned(),
            principal: identity.principal.clone().into_owned(),
            kind: identity.kind,
            first: time,
            is_watched: !self.record_only.contains(&identity.kind),
        });
        (place, true)
    }

    /// The place of an identity, where it was met.
    pub fn find(&self, scope: &str, principal: &str) -> Option<u32> {
        self.places.get(&key(scope, principal)).copied()
    }

    /// Identities whose kind alerts.
    pub fn watched(&self) -> usize {
        self.members.iter().filter(|member| member.is_watched).count()
    }

    /// Days that the watched identities existed in the period, added up: from the first event of each on.
    pub fn identity_days(&self, period: Period) -> f64 {
        let watched = self.members.iter().filter(|member| member.is_watched);
        let millis: f64 = watched.map(|member| period.end.since(period.start.max(member.first)).max(0) as f64).sum();
        millis / Timestamp::DAY_MS as f64
    }
}

fn key(scope: &str, principal: &str) -> u64 {
    xxh3_64_with_seed(principal.as_bytes(), xxh3_64_with_seed(scope.as_bytes(), 1))
}
