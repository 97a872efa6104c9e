//! What an object has under the keys by which logs and wrappings are told, found while it is read, or in one walk over its own members.
//!
//! In: an object that was read. Out: which of these keys it has, and the value of each. What they tell, `format` and
//! `wrapping` know; the decoders are asked for the rest.

use super::json::Value;
use super::names::{Names, place_in};

/// The keys; each has a bit. Those stand in front that few records have beside those of one log.
#[rustfmt::skip]
pub(super) const NAMES: [&str; 111] = [
    "eventVersion", "userIdentity", "eventSource", "eventName", "insightDetails",
    "auditID", "objectRef", "protoPayload", "protopayload", "proto_payload", "protopayload_auditlog", "jsonPayload",
    "textPayload", "authenticationInfo", "class_uid", "type_uid", "schemaType", "_document_id", "programmatic_access_type",
    "eventtype", "eventsource", "event_source", "EventSource", "effective_at", "eventTimestamp", "RequestUri", "OperationNameValue",
    "OperationName", "operationname", "operationName", "TimeGenerated", "activityDisplayName", "createdDateTime",
    "ActivityDisplayName", "CreatedDateTime",
    "apiVersion", "eventType", "action", "actor", "event.action", "ecs.version", "event", "created_at",
    "@timestamp", "id", "type",
    "logName", "insertId", "stage", "verb", "category", "resourceId", "published", "uuid", "metadata", "ActionId", "time",
    "methodName", "kind", "Type", "initiatedBy", "appId", "status", "eventname", "event_name",
    "payload", "data", "data_base64", "message", "log", "_source", "CloudTrailEvent", "eventData", "result", "_raw",
    "@message", "@log", "schema", "specversion", "source", "sourcetype", "_index", "has_more", "object", "publish_time",
    "event.original", "event.kind", "event.category", "event.dataset", "event.module", "event.outcome",
    "organization_id", "organization_uuid", "actor_id", "actor_ip", "actor_location", "at_sign_timestamp", "business",
    "Category", "AppId", "Status", "InitiatedBy", "hashed_token", "operation_type", "org", "org_id", "repo", "repository", "ecs",
    "actionId", "integration",
];

/// The same, to be found among a record's keys.
static PLACES: Names<{ NAMES.len() }> = Names::new(NAMES);

/// Keys of `NAMES`, a bit for each.
pub(super) type Keys = u128;

/// One of `NAMES`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key(usize);

/// The key of this name, which is one of `NAMES`.
pub(super) const fn key(name: &str) -> Key {
    Key(place_in(&NAMES, name))
}

/// The bits of these keys, of which each is one of `NAMES`.
pub(super) const fn bits(names: &[&str]) -> Keys {
    assert!(NAMES.len() <= Keys::BITS as usize);
    let (mut bits, mut at) = (0, 0);
    while at < names.len() {
        bits |= 1 << key(names[at]).0;
        at += 1;
    }
    bits
}

/// The numbers of the bits that are set, in order.
pub(super) fn numbers(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let number = (bits != 0).then(|| bits.trailing_zeros() as usize)?;
        bits &= bits - 1;
        Some(number)
    })
}

/// Which of `NAMES` an object has, and where: noted while it is read.
#[derive(Debug)]
pub(super) struct Found {
    /// The keys: the first 64, and the others.
    halves: [u64; 2],
    /// Where the value of each lies, of several of one name the last; 0, where the object itself lies, for those that it lacks.
    places: [u32; NAMES.len()],
}

impl Found {
    /// Nothing.
    #[inline(always)]
    pub fn nothing() -> Found {
        Found { halves: [0; 2], places: [0; NAMES.len()] }
    }

    /// Notes a key whose value lies at a place; whether it is one of `NAMES`.
    #[inline(always)]
    pub fn note(&mut self, key: &[u8], place: u32) -> bool {
        let Some(name) = PLACES.find(key) else { return false };
        self.halves[name / 64] |= 1 << (name % 64);
        self.places[name] = place;
        true
    }

    /// The keys of the first 64.
    #[inline(always)]
    pub fn telling(&self) -> u64 {
        self.halves[0]
    }

    /// What an object has.
    pub fn of(value: Value<'_, '_>) -> Found {
        let mut found = Found::nothing();
        value.visit(|key, value| {
            found.note(key, value.place());
            true
        });
        found
    }
}

/// An object, and what it has under the keys of `NAMES`.
#[derive(Debug)]
pub(super) struct Known<'t, 'a> {
    /// The object.
    pub value: Value<'t, 'a>,
    /// What it has.
    pub found: &'t Found,
}

impl<'t, 'a> Known<'t, 'a> {
    /// The keys that it has.
    pub fn keys(&self) -> Keys {
        let [first, others] = self.found.halves.map(Keys::from);
        others << 64 | first
    }

    /// The keys that it has of the first 64.
    pub fn telling(&self) -> u64 {
        self.found.telling()
    }

    /// What the object has under a key, `null` too.
    pub fn get(&self, Key(name): Key) -> Option<Value<'t, 'a>> {
        let place = self.found.places[name];
        (place > 0).then(|| self.value.placed(place))
    }

    /// Whether the object has a key.
    pub fn has(&self, Key(name): Key) -> bool {
        self.found.places[name] > 0
    }
}

#[cfg(test)]
mod tests {
    use super::super::shape::may_wrap;
    use super::*;

    /// Who reads an object asks about a key here first, and only of those that are not noted whether they may be a wrapping's.
    #[test]
    fn no_name_is_one_of_those_that_shapes_are_told_by() {
        assert!(!NAMES.iter().any(|name| may_wrap(name.as_bytes())));
    }
}
