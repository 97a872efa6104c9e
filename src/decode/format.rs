//! Which log a record is of, by its own keys, and whose decoder it goes to.
//!
//! In: a record that was read. Out: its [`Source`], and whether it may be a wrapping; then what its decoder makes of it. The
//! keys of the record are looked at once, and no decoder is tried; CloudTrail, the most frequent, is told by its first keys.

use super::json::Value;
use super::known::{Found, Keys, Known, bits, key, numbers};
use super::{
    Decoded, Delivery, anthropic, azure, bedrock, cloudtrail, ecs, gcp, generic, github, kubernetes, ocsf, okta,
    openai, workspace,
};
use crate::config::DecodeConfig;
use crate::event::Source;

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
    "integration",
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
    look(&Known { value, found: &Found::of(value) }).log
}

/// What an object is.
pub(super) fn look(known: &Known<'_, '_>) -> Format {
    if is_cloudtrail(known.telling()) {
        let log = if azure::is_of_rest(known) { Source::AzureActivity } else { Source::AwsCloudtrail };
        return Format { log: Some(log), may_wrap: false };
    }
    let asked = numbers(known.telling()).fold(0, |rules, name| rules | ASKED[name]);
    let keys = known.keys();
    let fits = |(_, needed, also): &&Rule| keys & needed == *needed && also(known);
    let log = numbers(asked).map(|rule| &RULES[rule]).find(fits).map(|(source, _, _)| *source);
    Format { log, may_wrap: keys & WRAPPING != 0 }
}

/// Two of the keys that every version has, and those of Insights, make a CloudTrail record.
#[inline(always)]
pub(super) fn is_cloudtrail(telling: u64) -> bool {
    #[expect(clippy::cast_possible_truncation, reason = "they are among the first 64")]
    const OWN: u64 = bits(&["eventVersion", "userIdentity", "eventSource", "eventName", "insightDetails"]) as u64;
    let found = telling & OWN;
    found & found.wrapping_sub(1) != 0
}

/// Whether a record with the keys of a rule is of its log after all.
type Check = fn(&Known<'_, '_>) -> bool;

/// What tells each log: the keys that every record of it has, and what they must say. The first that fits decides, so the
/// stricter ones come first.
const RULES: &[Rule] = &[
    (Source::KubernetesAudit, bits(&["auditID", "verb"]), any),
    (Source::KubernetesAudit, bits(&["auditID", "stage"]), any),
    (Source::KubernetesAudit, bits(&["auditID"]), kubernetes::is_of_rancher),
    (Source::KubernetesAudit, bits(&["apiVersion", "kind"]), kubernetes::is_audit),
    (Source::KubernetesAudit, bits(&["verb", "objectRef"]), any),
    (Source::GcpAudit, bits(&["protoPayload"]), any),
    (Source::GcpAudit, bits(&["protopayload"]), any),
    (Source::GcpAudit, bits(&["proto_payload"]), any),
    (Source::GcpAudit, bits(&["protopayload_auditlog"]), any),
    (Source::GcpAudit, bits(&["jsonPayload", "logName", "insertId"]), gcp::is_own),
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
    (Source::GithubAudit, bits(&["action"]), github::is_of_graph),
    (Source::OktaSystem, bits(&["eventType", "actor"]), okta::is_record),
    (Source::OktaSystem, bits(&["eventtype", "actor"]), okta::is_record),
    (Source::OpenaiAudit, bits(&["type", "actor"]), openai::is_record),
    (Source::AnthropicActivity, bits(&["type", "actor"]), anthropic::is_record),
    // Nobody is named where nobody had signed in.
    (Source::OpenaiAudit, bits(&["type", "effective_at"]), openai::is_record),
    (Source::AnthropicActivity, bits(&["type", "created_at"]), anthropic::is_record),
    (Source::Ocsf, bits(&["type_uid", "metadata"]), any),
    (Source::Ocsf, bits(&["class_uid", "time"]), any),
    // Azure's logs and the directory's have one form for each way of export; which of them it is, their decoder tells.
    (Source::AzureActivity, bits(&["category", "operationName"]), azure::is_own),
    (Source::AzureActivity, bits(&["category", "operationname"]), any),
    (Source::AzureActivity, bits(&["time", "operationName", "resourceId"]), any),
    (Source::AzureActivity, bits(&["category", "resourceId"]), azure::is_of_bus),
    (Source::AzureActivity, bits(&["category"]), azure::is_of_directory),
    (Source::AzureActivity, bits(&["category", "actionId"]), azure::is_of_devops),
    (Source::AzureActivity, bits(&["Category", "ActionId"]), azure::is_of_devops),
    (Source::AzureActivity, bits(&["eventTimestamp", "operationName"]), any),
    (Source::AzureActivity, bits(&["TimeGenerated", "OperationName"]), any),
    (Source::AzureActivity, bits(&["TimeGenerated", "OperationNameValue"]), any),
    (Source::AzureActivity, bits(&["TimeGenerated", "RequestUri"]), any),
    (Source::AzureActivity, bits(&["TimeGenerated", "Type"]), azure::is_table),
    (Source::AwsCloudtrail, bits(&["TimeGenerated", "Type"]), in_columns),
    (Source::AzureActivity, bits(&["TimeGenerated"]), azure::is_row),
    (Source::AzureActivity, bits(&["eventType", "data"]), azure::is_of_grid),
    (Source::AzureActivity, bits(&["type", "data"]), azure::is_of_grid),
    (Source::AwsCloudtrail, bits(&["eventname", "eventsource"]), in_columns),
    (Source::AwsCloudtrail, bits(&["event_name", "event_source"]), in_telling_columns),
    (Source::AwsCloudtrail, bits(&["EventSource"]), is_looked_up),
    (Source::AzureActivity, bits(&["Category", "OperationName"]), any),
    (Source::EntraAudit, bits(&["activityDisplayName", "initiatedBy"]), any),
    (Source::EntraAudit, bits(&["ActivityDisplayName", "InitiatedBy"]), any),
    (Source::EntraSignIn, bits(&["createdDateTime", "appId", "status"]), any),
    (Source::EntraSignIn, bits(&["CreatedDateTime", "AppId", "Status"]), any),
    (Source::EntraSignIn, bits(&["createdDateTime"]), azure::is_sign_in),
    (Source::EntraSignIn, bits(&["CreatedDateTime"]), azure::is_sign_in),
    (Source::Ecs, bits(&["@timestamp", "event"]), ecs::is_document),
    (Source::Ecs, bits(&["@timestamp", "event.action"]), ecs::is_document),
    (Source::Ecs, bits(&["@timestamp", "ecs.version"]), ecs::is_document),
];

/// A log, the keys that every record of it has, and what else must be so.
type Rule = (Source, Keys, Check);

/// The rules that are asked where a record has a key, a bit for each: a rule hangs on the first of its keys in `NAMES`, where those
/// stand in front that few records have.
static ASKED: [u64; 64] = {
    let (mut asked, mut rule) = ([0; 64], 0);
    while rule < RULES.len() {
        asked[RULES[rule].1.trailing_zeros() as usize] |= 1 << rule;
        rule += 1;
    }
    asked
};

fn any(_: &Known<'_, '_>) -> bool {
    true
}

fn in_columns(known: &Known<'_, '_>) -> bool {
    cloudtrail::has_columns(known.value)
}

/// Whether an object is what `LookupEvents` tells of an event beside the event itself, which whoever asked left out.
fn is_looked_up(known: &Known<'_, '_>) -> bool {
    let source = known.get(const { key("EventSource") }).and_then(Value::text);
    source.is_some_and(|source| source.ends_with(".amazonaws.com")) && in_columns(known)
}

fn in_telling_columns(known: &Known<'_, '_>) -> bool {
    cloudtrail::has_telling_columns(known.value)
}

/// Decodes a record of this log, its texts as long as they are.
pub(super) fn decode<'a>(
    log: Source,
    known: &Known<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let decode = match log {
        // What these are made of was noted while the record was read.
        Source::AwsCloudtrail => return cloudtrail::decode_known(known, record, delivery, config),
        Source::KubernetesAudit => return kubernetes::decode(known, record, delivery, config),
        Source::WorkspaceActivity => return workspace::decode(known, record, delivery, config),
        Source::OpenaiAudit => return openai::decode(known, record, delivery, config),
        Source::AnthropicActivity => return anthropic::decode(known, record, delivery, config),
        Source::GcpAudit => gcp::decode,
        // The forms of these logs differ by the way of export; which of them it is, their decoder tells.
        Source::AzureActivity | Source::EntraSignIn | Source::EntraAudit | Source::GraphActivity => azure::decode,
        Source::GithubAudit => github::decode,
        Source::OktaSystem => okta::decode,
        Source::AwsBedrock => bedrock::decode,
        Source::Ocsf => ocsf::decode,
        Source::Ecs => ecs::decode,
        Source::Generic => generic::decode,
    };
    decode(known.value, record, delivery, config)
}
