//! The members of an OCSF 1.8.0 Detection Finding that we fill, in the order in which they are written.
//!
//! Only shapes: what goes into them is decided in the files beside this one. Member names are OCSF's.

use serde::Serialize;

use super::unmapped::Unmapped;
use crate::event::Text;

/// Class 2004.
#[derive(Serialize)]
pub struct DetectionFinding<'a> {
    pub activity_id: u8,
    pub activity_name: &'static str,
    pub category_uid: u8,
    pub category_name: &'static str,
    pub class_uid: u16,
    pub class_name: &'static str,
    pub type_uid: u32,
    pub type_name: &'static str,
    pub time: i64,
    pub start_time: i64,
    pub end_time: i64,
    pub count: u64,
    pub severity_id: u8,
    pub severity: &'static str,
    pub status_id: u8,
    pub status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_detail: Option<String>,
    pub is_alert: bool,
    pub action_id: u8,
    pub action: &'static str,
    pub disposition_id: u8,
    pub disposition: &'static str,
    pub confidence_id: u8,
    pub confidence: &'static str,
    pub risk_score: u8,
    pub risk_level_id: u8,
    pub risk_level: &'static str,
    pub risk_details: String,
    pub message: String,
    pub finding_info: FindingInfo<'a>,
    pub cloud: Cloud<'a>,
    pub resources: Vec<Resource<'a>>,
    pub anomaly_analyses: Vec<AnomalyAnalysis<'a>>,
    pub evidences: Vec<Evidence<'a>>,
    pub observables: Vec<Observable<'a>>,
    pub remediation: Remediation,
    pub metadata: Metadata<'a>,
    pub unmapped: Unmapped<'a>,
}

/// `finding_info`.
#[derive(Serialize)]
pub struct FindingInfo<'a> {
    pub uid: &'a str,
    pub title: String,
    pub desc: String,
    pub types: [&'static str; 1],
    pub created_time: i64,
    pub modified_time: i64,
    pub first_seen_time: i64,
    pub last_seen_time: i64,
    pub analytic: Analytic<'a>,
    pub attacks: Vec<Attack<'a>>,
    pub data_sources: Vec<&'a str>,
    pub related_events: Vec<RelatedEvent<'a>>,
    pub related_events_count: u64,
    pub tags: Vec<Tag<'a>>,
}

/// What found it.
#[derive(Serialize)]
pub struct Analytic<'a> {
    pub uid: &'static str,
    pub name: &'static str,
    pub type_id: u8,
    #[serde(rename = "type")]
    pub type_name: &'static str,
    pub algorithm: &'static str,
    pub version: &'a str,
}

/// A technique with its tactic, or a tactic alone.
#[derive(Serialize)]
pub struct Attack<'a> {
    pub version: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tactic: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technique: Option<Named<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_technique: Option<Named<'a>>,
}

/// Something with an id and, where we know it, a name.
#[derive(Serialize)]
pub struct Named<'a> {
    pub uid: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'static str>,
}

/// What is known by its name alone: whoever answers for a resource, an identity provider, a service.
#[derive(Serialize)]
pub struct ByName<'a> {
    pub name: Text<'a>,
}

/// A source event, by the provider's id.
#[derive(Serialize)]
pub struct RelatedEvent<'a> {
    pub uid: Text<'a>,
    pub title: Text<'a>,
    pub first_seen_time: i64,
}

/// A name with one value or several.
#[derive(Serialize)]
pub struct Tag<'a> {
    pub name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<&'static str>,
}

/// Provider, account and region (profile `cloud`).
#[derive(Serialize)]
pub struct Cloud<'a> {
    pub provider: Text<'a>,
    pub account: Account<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Text<'a>>,
}

/// An account of the provider.
#[derive(Serialize)]
pub struct Account<'a> {
    pub uid: Text<'a>,
    pub type_id: u8,
    #[serde(rename = "type")]
    pub type_name: &'static str,
}

/// `resource_details`: the identity, or what something was done to.
#[derive(Serialize)]
pub struct Resource<'a> {
    pub uid: Text<'a>,
    pub name: Text<'a>,
    #[serde(rename = "type")]
    pub type_name: Text<'a>,
    pub role_id: u8,
    pub role: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<ByName<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub criticality: Option<&'static str>,
}

/// One reason: observed against expected.
#[derive(Serialize)]
pub struct AnomalyAnalysis<'a> {
    pub analysis_targets: [AnalysisTarget<'a>; 1],
    pub anomalies: [Anomaly<'a>; 1],
    pub baselines: [Anomaly<'a>; 1],
}

/// Whose behaviour is looked at.
#[derive(Serialize)]
pub struct AnalysisTarget<'a> {
    pub name: Text<'a>,
    #[serde(rename = "type")]
    pub type_name: &'static str,
}

/// OCSF's objects `anomaly` and `baseline`, which have the same members.
#[derive(Serialize)]
pub struct Anomaly<'a> {
    pub observation_parameter: &'static str,
    pub observation_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub observed_pattern: Option<&'static str>,
    pub observations: Vec<Observation<'a>>,
}

/// One value, or one statement in numbers.
#[derive(Serialize)]
pub struct Observation<'a> {
    pub value: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timespan: Option<Timespan>,
}

/// From, until; epoch milliseconds.
#[derive(Serialize)]
pub struct Timespan {
    pub start_time: i64,
    pub end_time: i64,
}

/// One event.
#[derive(Serialize)]
pub struct Evidence<'a> {
    pub uid: Text<'a>,
    pub name: Text<'a>,
    pub actor: Actor<'a>,
    pub api: Api<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub src_endpoint: Option<Endpoint<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_request: Option<HttpRequest<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<Resource<'a>>,
    pub data: EvidenceData<'a>,
}

/// Who acted, in which session, through whom.
#[derive(Serialize)]
pub struct Actor<'a> {
    pub user: User<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<Session<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoked_by: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub idp: Option<ByName<'a>>,
}

/// The identity, as it appears in one event.
#[derive(Serialize)]
pub struct User<'a> {
    pub uid: Text<'a>,
    pub name: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_name: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid_alt: Option<Text<'a>>,
    pub type_id: u8,
    #[serde(rename = "type")]
    pub type_name: &'static str,
    pub account: Account<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub programmatic_credentials: Vec<Credential<'a>>,
}

/// The public id of a credential; never a secret.
#[derive(Serialize)]
pub struct Credential<'a> {
    pub uid: Text<'a>,
    #[serde(rename = "type")]
    pub type_name: &'static str,
}

/// The session, by its name.
#[derive(Serialize)]
pub struct Session<'a> {
    pub uid: Text<'a>,
    pub issuer: Text<'a>,
}

/// The call.
#[derive(Serialize)]
pub struct Api<'a> {
    pub operation: Text<'a>,
    pub service: ByName<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response: Option<Response<'a>>,
}

/// How it failed.
#[derive(Serialize)]
pub struct Response<'a> {
    pub error: Text<'a>,
}

/// Exactly one of `ip`, `domain`, `name`.
#[derive(Serialize)]
pub struct Endpoint<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ip: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_scope_id: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_scope: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub autonomous_system: Option<AutonomousSystem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<Location<'a>>,
}

#[derive(Serialize)]
pub struct AutonomousSystem {
    pub number: u32,
}

#[derive(Serialize)]
pub struct Location<'a> {
    pub country: Text<'a>,
}

/// The client, in its own words.
#[derive(Serialize)]
pub struct HttpRequest<'a> {
    pub user_agent: Text<'a>,
}

/// Free JSON in OCSF: where the audit record is to be found, and what OCSF has no member for.
#[derive(Serialize)]
pub struct EvidenceData<'a> {
    pub event_id: Text<'a>,
    pub time: i64,
    pub position: Place<'a>,
    pub access: &'static str,
    pub outcome: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensitivity: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Text<'a>>,
    pub network_class: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hosting: Option<bool>,
    pub actor_type: Text<'a>,
    pub credential_class: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub delegators: Vec<Delegation<'a>>,
}

/// Where an audit record was read.
#[derive(Serialize)]
pub struct Place<'a> {
    pub topic: Text<'a>,
    pub partition: i32,
    pub offset: i64,
    pub index: u32,
}

#[derive(Serialize)]
pub struct Delegation<'a> {
    pub relation: &'static str,
    pub name: Text<'a>,
}

/// Something to search for, with the place in the alert where it stands.
#[derive(Serialize)]
pub struct Observable<'a> {
    pub type_id: u8,
    #[serde(rename = "type")]
    pub type_name: &'static str,
    pub name: &'static str,
    pub value: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_uid: Option<Text<'a>>,
}

/// What to do.
#[derive(Serialize)]
pub struct Remediation {
    pub desc: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
}

/// Ids, version, product.
#[derive(Serialize)]
pub struct Metadata<'a> {
    pub uid: String,
    pub correlation_uid: &'a str,
    pub version: &'static str,
    pub profiles: [&'static str; 2],
    pub product: Product<'a>,
    pub event_code: &'static str,
    pub log_name: &'a str,
    pub sequence: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_truncated: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub untruncated_size: Option<usize>,
}

/// Who speaks.
#[derive(Serialize)]
pub struct Product<'a> {
    pub name: &'static str,
    pub vendor_name: &'static str,
    pub version: &'a str,
}
