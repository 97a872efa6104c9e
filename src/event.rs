//! The one internal model: what an audit record says ([`Event`]), whose it is ([`Identity`]), where it was read
//! ([`Position`]), and what was concluded from it ([`Finding`]).
//!
//! Every room meets in this one: `decode` makes events, `identity` makes identities, `detect` reads both and makes
//! findings, `alert` reads findings. Text is borrowed from the message that it was read from wherever that is
//! possible (`Cow`), so that a record costs no allocation on its way.
//!
//! What is absent on purpose: no clock, no I/O, no statistics.

mod action;
mod actor;
mod audit_ref;
mod finding;
mod identity;
mod origin;
mod timestamp;
mod wire;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use action::{Access, Action, Outcome, Sensitivity, Tactic, Target};
pub use actor::{Actor, Credential, CredentialClass, Delegator, Issuer, Relation};
pub use audit_ref::AuditRef;
pub use finding::{
    Activity, Band, Campaign, ChainLink, Expectation, Family, Feature, Finding, Maturity, Muted, NewHere, Reason, Wave,
};
pub use identity::{Criticality, Identity, Kind};
pub use origin::{NetworkClass, Origin};
pub use timestamp::{Timestamp, TimestampError};
pub use wire::{
    Entry, EntryError, PartitionProgress, Record, Tick, WIRE_VERSION, decode_entries, decode_entry, encode_entry,
};

/// Text that is borrowed from the message where possible.
pub type Text<'a> = Cow<'a, str>;

/// The kind of log that a record came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Source {
    /// AWS CloudTrail: management, data and network-activity events.
    #[serde(rename = "aws.cloudtrail")]
    AwsCloudtrail,
    /// Amazon Bedrock's model invocation log.
    #[serde(rename = "aws.bedrock_invocation")]
    AwsBedrock,
    /// Google Cloud Audit Logs: admin activity, data access, system event, policy denied.
    #[serde(rename = "gcp.audit")]
    GcpAudit,
    /// Azure's activity log.
    #[serde(rename = "azure.activity")]
    AzureActivity,
    /// Sign-ins to Microsoft Entra ID: of users, of service principals, of managed identities.
    #[serde(rename = "entra.signin")]
    EntraSignIn,
    /// Microsoft Entra ID's directory audit.
    #[serde(rename = "entra.audit")]
    EntraAudit,
    /// Microsoft Graph's activity log.
    #[serde(rename = "entra.graph_activity")]
    GraphActivity,
    /// The audit log of Kubernetes' API server (`audit.k8s.io/v1`).
    #[serde(rename = "kubernetes.audit")]
    KubernetesAudit,
    /// GitHub's audit log of an enterprise or an organisation.
    #[serde(rename = "github.audit")]
    GithubAudit,
    /// Okta's System Log.
    #[serde(rename = "okta.system")]
    OktaSystem,
    /// Google Workspace's reports: tokens, logins, administration and others.
    #[serde(rename = "google_workspace.activity")]
    WorkspaceActivity,
    /// OpenAI's audit log of an organisation.
    #[serde(rename = "openai.audit")]
    OpenaiAudit,
    /// Anthropic's activity log of an organisation.
    #[serde(rename = "anthropic.activity")]
    AnthropicActivity,
    /// OCSF: API Activity, Authentication, Account Change, Entity Management.
    #[serde(rename = "ocsf")]
    Ocsf,
    /// Documents in the Elastic Common Schema.
    #[serde(rename = "ecs")]
    Ecs,
    /// Any other log, by a table of the configuration.
    #[serde(rename = "generic")]
    Generic,
}

impl Source {
    /// Every source, in the order of declaration.
    pub const ALL: [Source; 16] = [
        Source::AwsCloudtrail,
        Source::AwsBedrock,
        Source::GcpAudit,
        Source::AzureActivity,
        Source::EntraSignIn,
        Source::EntraAudit,
        Source::GraphActivity,
        Source::KubernetesAudit,
        Source::GithubAudit,
        Source::OktaSystem,
        Source::WorkspaceActivity,
        Source::OpenaiAudit,
        Source::AnthropicActivity,
        Source::Ocsf,
        Source::Ecs,
        Source::Generic,
    ];

    /// The name used in metrics, output and configuration, for example `aws.cloudtrail`.
    pub fn name(self) -> &'static str {
        match self {
            Source::AwsCloudtrail => "aws.cloudtrail",
            Source::AwsBedrock => "aws.bedrock_invocation",
            Source::GcpAudit => "gcp.audit",
            Source::AzureActivity => "azure.activity",
            Source::EntraSignIn => "entra.signin",
            Source::EntraAudit => "entra.audit",
            Source::GraphActivity => "entra.graph_activity",
            Source::KubernetesAudit => "kubernetes.audit",
            Source::GithubAudit => "github.audit",
            Source::OktaSystem => "okta.system",
            Source::WorkspaceActivity => "google_workspace.activity",
            Source::OpenaiAudit => "openai.audit",
            Source::AnthropicActivity => "anthropic.activity",
            Source::Ocsf => "ocsf",
            Source::Ecs => "ecs",
            Source::Generic => "generic",
        }
    }
}

/// One thing that one actor did, as the audit log tells it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event<'a> {
    /// Which log.
    pub source: Source,
    /// Whose cloud, platform or service it happened in, one word in small letters (`aws`, `gcp`, `azure`, `kubernetes`,
    /// `github`, `okta` …): the first part of every scope.
    pub provider: Text<'a>,
    /// The provider's own id of the event, by which duplicates are known (CloudTrail: `sharedEventID`, else `eventID`;
    /// a hash of the record where there is none).
    pub id: Text<'a>,
    /// When it happened (event time).
    pub time: Timestamp,
    /// Who did it, as the log gives it.
    pub actor: Actor<'a>,
    /// What was done.
    pub action: Action<'a>,
    /// How it ended.
    pub outcome: Outcome,
    /// The provider's error code where it failed (`AccessDenied`).
    pub error: Option<Text<'a>>,
    /// Where it came from.
    pub origin: Origin<'a>,
    /// The provider's region, where the log gives one (`eu-central-1`).
    pub region: Option<Text<'a>>,
    /// The account that the call was made in, where it is not the actor's own.
    pub target_account: Option<Text<'a>>,
    /// What it was done to, most telling first; bounded by the decoder.
    pub targets: Vec<Target<'a>>,
    /// Public ids of the credentials that the call issued, as later events name them; bounded by the decoder.
    pub issued: Vec<Text<'a>>,
}

/// Where an audit record was read: enough to drop what was read before, and to find it again.
///
/// Ordered within one partition by `(epoch, offset, index)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Position<'a> {
    /// The audit topic, or the file's name.
    pub topic: Text<'a>,
    /// The partition; 0 for a file.
    pub partition: i32,
    /// Raised when a topic was made anew and its offsets began again.
    pub epoch: u32,
    /// The offset of the message, or the record's number in the file (0-based).
    pub offset: i64,
    /// Its place in the unwrapped message, before anything was left out (0-based).
    pub index: u32,
}

/// An event that knows whose it is and where it was read: what the events topic carries, and what is scored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attributed<'a> {
    /// Where its audit record was read.
    pub position: Position<'a>,
    /// Whose it is.
    pub identity: Identity<'a>,
    /// What happened.
    pub event: Event<'a>,
}
