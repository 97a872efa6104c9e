//! What an object has under the keys by which logs and wrappings are told, and under those that some decoders make events of, found
//! while it is read, or in one walk over its own members.
//!
//! In: an object that was read. Out: which of these keys it has, and the value of each. What they tell, `format` and
//! `wrapping` know; the decoders are asked for the rest.

use super::json::Value;
use super::names::{Names, place_in};

/// The keys; the first 128 have a bit each. Those stand in front that few records have beside those of one log, then those that tell
/// nothing but what these are made of, and last those of wrappings that are not read like records.
#[rustfmt::skip]
pub(super) const NAMES: [&str; 182] = [
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
    "eventTime", "p_event_time", "eventCategory", "eventID", "sharedEventID", "UID", "awsRegion", "sourceIPAddress", "userAgent",
    "errorCode", "errorMessage", "requestParameters", "responseElements", "serviceEventDetails", "additionalEventData", "resources",
    "readOnly", "managementEvent", "recipientAccountId", "vpcEndpointId", "sessionCredentialFromConsole",
    "user", "impersonatedUser", "sourceIPs", "sourceIps", "requestURI", "requestObject", "responseStatus", "annotations", "method",
    "remoteAddr", "responseCode", "userLoginName", "cluster", "clusterName", "cluster_name", "k8s_cluster", "_gdch_cluster",
    "requestReceivedTimestamp", "stageTimestamp", "timestamp", "requestTimestamp",
    "project", "organization", "status_code", "error_code", "error", "reason", "failure_reason", "ownerdomain", "ipaddress",
    "ownerDomain", "ipAddress", "networkInfo", "events", "name", "parameters",
    "Records", "records", "items", "Events", "value", "logEvents", "messageType", "detail", "detail-type", "digestS3Bucket",
    "decoratedAuditLogEntries", "resourceLogs", "scopeLogs", "logRecords",
];

/// The first of the last.
const SHAPES: usize = place_in(&NAMES, "Records");

/// The same, to be found among a record's keys.
static PLACES: Names<{ NAMES.len() }> = Names::new(NAMES);

/// Keys among the first of `NAMES`, a bit for each.
pub(super) type Keys = u128;

/// One of `NAMES`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key(usize);

/// The key of this name, which is one of `NAMES`.
pub(super) const fn key(name: &str) -> Key {
    Key(place_in(&NAMES, name))
}

/// The keys of these names.
pub(super) const fn keys<const N: usize>(names: [&str; N]) -> [Key; N] {
    let (mut keys, mut at) = ([Key(0); N], 0);
    while at < N {
        keys[at] = key(names[at]);
        at += 1;
    }
    keys
}

/// The bits of these keys, of which each is among the first of `NAMES`.
pub(super) const fn bits(names: &[&str]) -> Keys {
    let (mut bits, mut at) = (0, 0);
    while at < names.len() {
        let Key(name) = key(names[at]);
        assert!(name < Keys::BITS as usize);
        bits |= 1 << name;
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
    /// The keys: the first 64, and the 64 behind them.
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

    /// Notes a key whose value lies at a place. Whether the object may be a wrapping that is not read like a record, so that `shape` has to
    /// tell.
    #[inline(always)]
    pub fn note(&mut self, key: &[u8], place: u32) -> bool {
        let Some(name) = PLACES.find(key) else { return false };
        if let Some(half) = self.halves.get_mut(name / 64) {
            *half |= 1 << (name % 64);
        }
        self.places[name] = place;
        name >= SHAPES
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
    /// The keys that it has of the first 128.
    pub fn keys(&self) -> Keys {
        let [first, others] = self.found.halves.map(Keys::from);
        others << 64 | first
    }

    /// The keys that it has of the first 64.
    pub fn telling(&self) -> u64 {
        self.found.telling()
    }

    /// What the object has under a key, `null` too.
    #[inline(always)]
    pub fn get(&self, Key(name): Key) -> Option<Value<'t, 'a>> {
        let place = self.found.places[name];
        (place > 0).then(|| self.value.placed(place))
    }

    /// The same where it is not `null`.
    #[inline(always)]
    pub fn given(&self, key: Key) -> Option<Value<'t, 'a>> {
        self.get(key).filter(|value| !value.is_null())
    }

    /// Whether the object has a key.
    pub fn has(&self, Key(name): Key) -> bool {
        self.found.places[name] > 0
    }
}
