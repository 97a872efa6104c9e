//! Which log a record is of, by its own keys, and whose decoder it goes to.
//!
//! In: a record that was read. Out: its [`Source`]; then what its decoder makes of it. The keys of the record are looked at
//! once, and no decoder is tried; CloudTrail, the most frequent, is told by its first keys.

use super::json::Value;
use super::{
    Decoded, Delivery, anthropic, azure, bedrock, cloudtrail, ecs, entra, gcp, generic, github, kubernetes, ocsf, okta,
    openai, workspace,
};
use crate::config::DecodeConfig;
use crate::event::Source;

/// Keys of records by which logs are told apart, a bit each.
#[derive(Debug, Clone, Copy, Default)]
struct Keys(u64);

impl Keys {
    const NAMES: &'static [&'static str] = &[
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
    ];

    fn of(value: Value<'_, '_>) -> Keys {
        let bit = |key: &str| Keys::NAMES.iter().position(|name| *name == key);
        Keys(value.members().filter_map(|(key, _)| bit(&key)).fold(0, |keys, bit| keys | 1 << bit))
    }

    fn has(self, names: &[&str]) -> bool {
        names.iter().all(|wanted| {
            Keys::NAMES.iter().position(|name| name == wanted).is_some_and(|bit| self.0 & (1 << bit) != 0)
        })
    }
}

/// The log that a record is of; none where it is of none that is known.
pub(super) fn of(value: Value<'_, '_>) -> Option<Source> {
    if cloudtrail::is_record(value) {
        return Some(Source::AwsCloudtrail);
    }
    let keys = Keys::of(value);
    RULES.iter().find(|(_, names, also)| keys.has(names) && also(value)).map(|(source, _, _)| *source)
}

/// Whether a record with the keys of a rule is of its log after all.
type Check = fn(Value<'_, '_>) -> bool;

/// What tells each log: the keys that every record of it has, and what they must say. The first that fits decides, so the
/// stricter ones come first.
const RULES: &[(Source, &[&str], Check)] = &[
    (Source::KubernetesAudit, &["auditID", "verb"], any),
    (Source::KubernetesAudit, &["auditID", "stage"], any),
    (Source::KubernetesAudit, &["apiVersion", "kind"], kubernetes::is_audit),
    (Source::KubernetesAudit, &["verb", "objectRef"], any),
    (Source::GcpAudit, &["protoPayload"], any),
    (Source::GcpAudit, &["protopayload"], any),
    (Source::GcpAudit, &["proto_payload"], any),
    (Source::GcpAudit, &["protopayload_auditlog"], any),
    (Source::GcpAudit, &["jsonPayload", "logName", "insertId"], any),
    (Source::GcpAudit, &["textPayload", "logName", "insertId"], any),
    (Source::GcpAudit, &["methodName", "authenticationInfo"], any),
    (Source::WorkspaceActivity, &["id"], workspace::is_activity),
    (Source::OktaSystem, &["eventType", "published", "uuid"], any),
    (Source::Ocsf, &["class_uid", "metadata"], any),
    (Source::AwsBedrock, &["schemaType"], bedrock::is_record),
    (Source::GithubAudit, &["action", "_document_id"], github::is_record),
    (Source::GithubAudit, &["action", "actor"], github::is_record),
    (Source::GithubAudit, &["action", "@timestamp"], github::is_record),
    (Source::GithubAudit, &["action", "created_at"], github::is_record),
    (Source::GithubAudit, &["action", "programmatic_access_type"], github::is_record),
    (Source::OktaSystem, &["eventType", "actor"], okta::is_record),
    (Source::OktaSystem, &["eventtype", "actor"], okta::is_record),
    (Source::OpenaiAudit, &["type", "actor"], openai::is_record),
    (Source::AnthropicActivity, &["type", "actor"], anthropic::is_record),
    (Source::Ocsf, &["type_uid", "metadata"], any),
    // Azure's logs and the directory's have one form for each way of export; which of them it is, their decoder tells.
    (Source::AzureActivity, &["category", "operationName"], any),
    (Source::AzureActivity, &["category", "operationname"], any),
    (Source::AzureActivity, &["time", "operationName", "resourceId"], any),
    (Source::AzureActivity, &["eventTimestamp", "operationName"], any),
    (Source::AzureActivity, &["TimeGenerated", "OperationName"], any),
    (Source::AzureActivity, &["TimeGenerated", "OperationNameValue"], any),
    (Source::AzureActivity, &["TimeGenerated", "RequestUri"], any),
    (Source::AzureActivity, &["TimeGenerated", "Type"], azure::is_table),
    (Source::EntraAudit, &["activityDisplayName", "initiatedBy"], any),
    (Source::EntraSignIn, &["createdDateTime", "appId", "status"], any),
    (Source::Ecs, &["@timestamp", "event"], ecs::is_document),
    (Source::Ecs, &["@timestamp", "event.action"], ecs::is_document),
    (Source::Ecs, &["@timestamp", "ecs.version"], ecs::is_document),
];

fn any(_: Value<'_, '_>) -> bool {
    true
}

/// Decodes a record of this log.
pub(super) fn decode<'a>(
    format: Source,
    value: Value<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    match format {
        Source::AwsCloudtrail => cloudtrail::decode_value(value, record, delivery, config),
        Source::GcpAudit => gcp::decode(value, record, delivery, config),
        Source::AzureActivity => azure::decode(value, record, delivery, config),
        Source::EntraSignIn | Source::EntraAudit | Source::GraphActivity => {
            entra::decode(format, value, record, delivery, config)
        }
        Source::KubernetesAudit => kubernetes::decode(value, record, delivery, config),
        Source::GithubAudit => github::decode(value, record, delivery, config),
        Source::OktaSystem => okta::decode(value, record, delivery, config),
        Source::WorkspaceActivity => workspace::decode(value, record, delivery, config),
        Source::OpenaiAudit => openai::decode(value, record, delivery, config),
        Source::AnthropicActivity => anthropic::decode(value, record, delivery, config),
        Source::AwsBedrock => bedrock::decode(value, record, delivery, config),
        Source::Ocsf => ocsf::decode(value, record, delivery, config),
        Source::Ecs => ecs::decode(value, record, delivery, config),
        Source::Generic => generic::decode(value, record, delivery, config),
    }
}
