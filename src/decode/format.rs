//! Which log a record is of, by its own keys, and whose decoder it goes to.
//!
//! In: a record that was read. Out: its [`Source`], and whether it may be a wrapping; then what its decoder makes of it. The
//! keys of the record are looked at once, and no decoder is tried; CloudTrail, the most frequent, is told by its first keys.

use super::json::Value;
use super::names::Names;
use super::{
    Decoded, Delivery, NoEvent, Read, anthropic, azure, bedrock, cloudtrail, ecs, gcp, generic, github, kubernetes,
    ocsf, okta, openai, text, workspace,
};
use crate::config::DecodeConfig;
use crate::event::Source;

/// The keys of records by which logs are told apart; each has a bit.
const NAMES: [&str; 82] = [
    "eventVersion",
    "userIdentity",
    "eventSource",
    "eventName",
    "insightDetails",
    "protoPayload",
    "logName",
    "insertId",
    "auditID",
    "apiVersion",
    "stage",
    "verb",
    "category",
    "operationName",
    "resourceId",
    "properties",
    "_document_id",
    "@timestamp",
    "action",
    "actor",
    "eventType",
    "published",
    "uuid",
    "events",
    "id",
    "effective_at",
    "type",
    "created_at",
    "schemaType",
    "class_uid",
    "metadata",
    "ecs",
    "event",
    "jsonPayload",
    "time",
    "createdDateTime",
    "at_sign_timestamp",
    "programmatic_access_type",
    "eventtype",
    "protopayload",
    "proto_payload",
    "protopayload_auditlog",
    "textPayload",
    "methodName",
    "authenticationInfo",
    "kind",
    "objectRef",
    "operationname",
    "OperationName",
    "OperationNameValue",
    "TimeGenerated",
    "Type",
    "RequestUri",
    "eventTimestamp",
    "activityDisplayName",
    "initiatedBy",
    "appId",
    "status",
    "type_uid",
    "ecs.version",
    "event.action",
    "payload",
    "data",
    "data_base64",
    "message",
    "log",
    "_source",
    "eventname",
    "eventsource",
    "CloudTrailEvent",
    "eventData",
    "result",
    "_raw",
    "@message",
    "event_name",
    "event_source",
    "Category",
    "CreatedDateTime",
    "AppId",
    "Status",
    "ActivityDisplayName",
    "InitiatedBy",
];

/// The same, to be found among a record's keys.
static PLACES: Names<{ NAMES.len() }> = Names::new(NAMES);

/// Keys of `NAMES`, a bit for each.
type Keys = u128;

/// The keys that a record has; of CloudTrail's records no more than tell them.
fn keys_of(value: Value<'_, '_>) -> Keys {
    let mut keys = 0;
    value.visit(|key, _| {
        keys |= PLACES.find(key).map_or(0, |name| 1 << name);
        !is_cloudtrail(keys)
    });
    keys
}

/// Two of the keys that every version has, and those of Insights, make a CloudTrail record.
fn is_cloudtrail(keys: Keys) -> bool {
    let found = keys & CLOUDTRAIL;
    found & found.wrapping_sub(1) != 0
}

/// CloudTrail's keys.
const CLOUDTRAIL: Keys = bits(&["eventVersion", "userIdentity", "eventSource", "eventName", "insightDetails"]);

/// The bits of these keys, of which each is one of `NAMES`.
const fn bits(names: &[&str]) -> Keys {
    assert!(NAMES.len() <= Keys::BITS as usize);
    let (mut bits, mut at) = (0, 0);
    while at < names.len() {
        let mut row = 0;
        while !is_same(NAMES[row], names[at]) {
            row += 1;
        }
        bits |= 1 << row;
        at += 1;
    }
    bits
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// Keys of wrappings under which a record may lie (`wrapping`).
const WRAPPING: Keys = bits(&[
    "payload",
    "data",
    "data_base64",
    "message",
    "log",
    "event",
    "_source",
    "CloudTrailEvent",
    "eventData",
    "result",
    "_raw",
    "@message",
]);

/// What an object is, by its own keys.
#[derive(Debug, Clone, Copy)]
pub(super) struct Format {
    /// The log that it is a record of; none where it is of none that is known.
    pub log: Option<Source>,
    /// Whether it has a key under which wrappings have a record.
    pub may_wrap: bool,
}

/// The log that a record is of; none where it is of none that is known.
pub(super) fn of(value: Value<'_, '_>) -> Option<Source> {
    look(value).log
}

/// What an object is.
pub(super) fn look(value: Value<'_, '_>) -> Format {
    let keys = keys_of(value);
    if is_cloudtrail(keys) {
        return Format { log: Some(Source::AwsCloudtrail), may_wrap: false };
    }
    let fits = |(_, needed, also): &&(Source, Keys, Check)| keys & needed == *needed && also(value);
    let log = RULES.iter().find(fits).map(|(source, _, _)| *source);
    Format { log, may_wrap: keys & WRAPPING != 0 }
}

/// Whether a record with the keys of a rule is of its log after all.
type Check = fn(Value<'_, '_>) -> bool;

/// What tells each log: the keys that every record of it has, and what they must say. The first that fits decides, so the
/// stricter ones come first.
const RULES: &[(Source, Keys, Check)] = &[
    (Source::KubernetesAudit, bits(&["auditID", "verb"]), any),
    (Source::KubernetesAudit, bits(&["auditID", "stage"]), any),
    (Source::KubernetesAudit, bits(&["apiVersion", "kind"]), kubernetes::is_audit),
    (Source::KubernetesAudit, bits(&["verb", "objectRef"]), any),
    (Source::GcpAudit, bits(&["protoPayload"]), any),
    (Source::GcpAudit, bits(&["protopayload"]), any),
    (Source::GcpAudit, bits(&["proto_payload"]), any),
    (Source::GcpAudit, bits(&["protopayload_auditlog"]), any),
    (Source::GcpAudit, bits(&["jsonPayload", "logName", "insertId"]), any),
    (Source::GcpAudit, bits(&["textPayload", "logName", "insertId"]), any),
    (Source::GcpAudit, bits(&["methodName", "authenticationInfo"]), any),
    (Source::WorkspaceActivity, bits(&["id"]), workspace::is_activity),
    (Source::OktaSystem, bits(&["eventType", "published", "uuid"]), any),
    (Source::Ocsf, bits(&["class_uid", "metadata"]), any),
    (Source::AwsBedrock, bits(&["schemaType"]), bedrock::is_record),
    (Source::GithubAudit, bits(&["action", "_document_id"]), github::is_record),
    (Source::GithubAudit, bits(&["action", "actor"]), github::is_record),
    (Source::GithubAudit, bits(&["action", "@timestamp"]), github::is_record),
    (Source::GithubAudit, bits(&["action", "created_at"]), github::is_record),
    (Source::GithubAudit, bits(&["action", "programmatic_access_type"]), github::is_record),
    (Source::OktaSystem, bits(&["eventType", "actor"]), okta::is_record),
    (Source::OktaSystem, bits(&["eventtype", "actor"]), okta::is_record),
    (Source::OpenaiAudit, bits(&["type", "actor"]), openai::is_record),
    (Source::AnthropicActivity, bits(&["type", "actor"]), anthropic::is_record),
    // Nobody is named where nobody had signed in.
    (Source::OpenaiAudit, bits(&["type", "effective_at"]), openai::is_record),
    (Source::AnthropicActivity, bits(&["type", "created_at"]), anthropic::is_record),
    (Source::Ocsf, bits(&["type_uid", "metadata"]), any),
    // Azure's logs and the directory's have one form for each way of export; which of them it is, their decoder tells.
    (Source::AzureActivity, bits(&["category", "operationName"]), any),
    (Source::AzureActivity, bits(&["category", "operationname"]), any),
    (Source::AzureActivity, bits(&["time", "operationName", "resourceId"]), any),
    (Source::AzureActivity, bits(&["category", "resourceId"]), azure::is_of_bus),
    (Source::AzureActivity, bits(&["eventTimestamp", "operationName"]), any),
    (Source::AzureActivity, bits(&["TimeGenerated", "OperationName"]), any),
    (Source::AzureActivity, bits(&["TimeGenerated", "OperationNameValue"]), any),
    (Source::AzureActivity, bits(&["TimeGenerated", "RequestUri"]), any),
    (Source::AzureActivity, bits(&["TimeGenerated", "Type"]), azure::is_table),
    (Source::AwsCloudtrail, bits(&["TimeGenerated", "Type"]), cloudtrail::has_columns),
    (Source::AwsCloudtrail, bits(&["eventname", "eventsource"]), cloudtrail::has_columns),
    (Source::AwsCloudtrail, bits(&["event_name", "event_source"]), cloudtrail::has_telling_columns),
    (Source::AzureActivity, bits(&["Category", "OperationName"]), any),
    (Source::EntraAudit, bits(&["activityDisplayName", "initiatedBy"]), any),
    (Source::EntraAudit, bits(&["ActivityDisplayName", "InitiatedBy"]), any),
    (Source::EntraSignIn, bits(&["createdDateTime", "appId", "status"]), any),
    (Source::EntraSignIn, bits(&["CreatedDateTime", "AppId", "Status"]), any),
    (Source::Ecs, bits(&["@timestamp", "event"]), ecs::is_document),
    (Source::Ecs, bits(&["@timestamp", "event.action"]), ecs::is_document),
    (Source::Ecs, bits(&["@timestamp", "ecs.version"]), ecs::is_document),
];

fn any(_: Value<'_, '_>) -> bool {
    true
}

/// Decodes a record of this log.
pub(super) fn decode<'a>(
    log: Source,
    value: Value<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    match read(log, value, record, delivery, config) {
        Ok(mut event) => {
            text::bound(&mut event, config.max_text_bytes);
            Decoded::Event(event)
        }
        Err(NoEvent::Ignored(reason)) => Decoded::Ignored(reason),
        Err(NoEvent::Dead(error)) => Decoded::Dead(error),
    }
}

/// The same, its texts as long as they are.
pub(super) fn read<'a>(
    log: Source,
    value: Value<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Read<'a> {
    let decode = match log {
        Source::AwsCloudtrail => cloudtrail::decode_value,
        Source::GcpAudit => gcp::decode,
        // The forms of these logs differ by the way of export; which of them it is, their decoder tells.
        Source::AzureActivity | Source::EntraSignIn | Source::EntraAudit | Source::GraphActivity => azure::decode,
        Source::KubernetesAudit => kubernetes::decode,
        Source::GithubAudit => github::decode,
        Source::OktaSystem => okta::decode,
        Source::WorkspaceActivity => workspace::decode,
        Source::OpenaiAudit => openai::decode,
        Source::AnthropicActivity => anthropic::decode,
        Source::AwsBedrock => bedrock::decode,
        Source::Ocsf => ocsf::decode,
        Source::Ecs => ecs::decode,
        Source::Generic => generic::decode,
    };
    decode(value, record, delivery, config)
}
