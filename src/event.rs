//! The one internal model: what an audit record says ([`Event`]), whose it is ([`Identity`]), where it was read
//! ([`Position`]), and what was concluded from it ([`Finding`]).
//!
//! Every room meets in this one: `decode` makes events, `identity` makes identities, `detect` reads both and makes
//! findings, `alert` reads findings. Text is borrowed from the message that it was read from wherever that is
//! possible (`Cow`), so that a record costs no allocation on its way.
//!
//! What is absent on purpose: no clock, no I/O, no statistics.

mod finding;
mod timestamp;
mod wire;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use finding::{Activity, AuditRef, Band, Expectation, Family, Feature, Finding, Maturity, NewHere, Reason};
pub use timestamp::{Timestamp, TimestampError};
pub use wire::{Entry, EntryError, PartitionProgress, Tick, WIRE_VERSION, decode_entry, encode_entry};

/// Text that is borrowed from the message where possible.
pub type Text<'a> = Cow<'a, str>;

/// The kind of log that a record came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Source {
    /// AWS CloudTrail: management, data and network-activity events.
    #[serde(rename = "aws.cloudtrail")]
    AwsCloudtrail,
}

impl Source {
    /// Every source, in the order of declaration.
    pub const ALL: [Source; 1] = [Source::AwsCloudtrail];

    /// The name used in metrics and output, for example `aws.cloudtrail`.
    pub fn name(self) -> &'static str {
        match self {
            Source::AwsCloudtrail => "aws.cloudtrail",
        }
    }
}

/// One thing that one actor did, as the audit log tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event<'a> {
    /// Which log.
    pub source: Source,
    /// The provider's own id of the event, by which duplicates are known (CloudTrail: `sharedEventID`, else `eventID`;
    /// a hash of the record where there is none).
    #[serde(borrow)]
    pub id: Text<'a>,
    /// When it happened (event time).
    pub time: Timestamp,
    /// Who did it, as the log gives it.
    #[serde(borrow)]
    pub actor: Actor<'a>,
    /// What was done.
    #[serde(borrow)]
    pub action: Action<'a>,
    /// How it ended.
    pub outcome: Outcome,
    /// The provider's error code where it failed (`AccessDenied`).
    #[serde(borrow)]
    pub error: Option<Text<'a>>,
    /// Where it came from.
    #[serde(borrow)]
    pub origin: Origin<'a>,
    /// The provider's region, where the log gives one (`eu-central-1`).
    #[serde(borrow)]
    pub region: Option<Text<'a>>,
    /// The account that the call was made in, where it is not the actor's own.
    #[serde(borrow)]
    pub target_account: Option<Text<'a>>,
    /// What it was done to, most telling first; bounded by the decoder.
    #[serde(borrow)]
    pub targets: Vec<Target<'a>>,
}

/// Who did something, as the log gives it, before it is resolved to an [`Identity`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Actor<'a> {
    /// The provider's word for the type of actor, unchanged (CloudTrail `userIdentity.type`: `AssumedRole`, `IAMUser` …).
    #[serde(borrow)]
    pub class: Text<'a>,
    /// The actor's full name as the log gives it (an ARN, an account, a service's host name); empty where it gives none.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// The provider's stable id of the actor (CloudTrail `principalId`), where there is one.
    #[serde(borrow)]
    pub uid: Option<Text<'a>>,
    /// The short name (CloudTrail `userName`), where there is one.
    #[serde(borrow)]
    pub short_name: Option<Text<'a>>,
    /// The account that owns the actor.
    #[serde(borrow)]
    pub account: Option<Text<'a>>,
    /// What issued the session: the role behind an assumed role, the federated user's owner.
    #[serde(borrow)]
    pub issuer: Option<Issuer<'a>>,
    /// The session's name (the last part of an assumed role's ARN), chosen by whoever opened it.
    #[serde(borrow)]
    pub session: Option<Text<'a>>,
    /// The credential that was used.
    #[serde(borrow)]
    pub credential: Option<Credential<'a>>,
    /// On whose behalf: the nearest first. Federated subject, source identity, the service that passed the call on.
    #[serde(borrow)]
    pub delegators: Vec<Delegator<'a>>,
    /// The cloud's own service made this call for the actor (`invokedBy`, `AWS Internal`): its network and client are
    /// the service's, not the actor's (requirement U5).
    pub via_service: bool,
}

/// What issued a session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Issuer<'a> {
    /// The provider's word for its type (`Role`, `Root`, `IAMUser`).
    #[serde(borrow)]
    pub class: Text<'a>,
    /// Its full name (ARN).
    #[serde(borrow)]
    pub name: Text<'a>,
    /// Its short name (`userName`).
    #[serde(borrow)]
    pub short_name: Text<'a>,
    /// The account that owns it.
    #[serde(borrow)]
    pub account: Option<Text<'a>>,
}

/// The credential that a call was made with. The secret itself never appears here.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Credential<'a> {
    /// Its public id (`AKIA…`, `ASIA…`); empty where the log hides it.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// Its class (requirement U8).
    pub class: CredentialClass,
    /// When it was issued, where the log says it (session creation).
    pub issued: Option<Timestamp>,
    /// Whether it was got with a second factor.
    pub mfa: bool,
}

/// The class of a credential (requirement U8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialClass {
    /// A long-lived access key.
    LongTerm,
    /// A temporary credential of a session.
    Temporary,
    /// A temporary credential of a person's console session.
    Console,
    /// A temporary credential that a machine got from its instance metadata service.
    Instance,
    /// A temporary credential that was got with a federated (OIDC, SAML) token.
    Federated,
    /// The root user's.
    Root,
    /// Not said, or not known to us.
    Unknown,
}

impl CredentialClass {
    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            CredentialClass::LongTerm => "long_term",
            CredentialClass::Temporary => "temporary",
            CredentialClass::Console => "console",
            CredentialClass::Instance => "instance",
            CredentialClass::Federated => "federated",
            CredentialClass::Root => "root",
            CredentialClass::Unknown => "unknown",
        }
    }
}

/// Someone on whose behalf, or through whom, a call was made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Delegator<'a> {
    /// How it is linked to the actor.
    pub relation: Relation,
    /// Its name (a provider's ARN, a subject, a service's host name).
    #[serde(borrow)]
    pub name: Text<'a>,
}

/// How a delegator is linked to the actor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// The service that passed the call on (`invokedBy`).
    InvokedBy,
    /// The person for whom it was made (`onBehalfOf`).
    OnBehalfOf,
    /// The identity provider of a federated session (`webIdFederationData.federatedProvider`).
    FederatedProvider,
    /// The subject of a federated session (OIDC `sub`, SAML name).
    FederatedSubject,
    /// The `sourceIdentity` set when the role was assumed.
    SourceIdentity,
}

impl Relation {
    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Relation::InvokedBy => "invoked_by",
            Relation::OnBehalfOf => "on_behalf_of",
            Relation::FederatedProvider => "federated_provider",
            Relation::FederatedSubject => "federated_subject",
            Relation::SourceIdentity => "source_identity",
        }
    }
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Action<'a> {
    /// The service, short (`iam`, `s3`).
    #[serde(borrow)]
    pub service: Text<'a>,
    /// The operation as the provider names it (`CreateAccessKey`).
    #[serde(borrow)]
    pub operation: Text<'a>,
    /// What it does to its target.
    pub access: Access,
    /// Whether it is one of the few actions whose first use weighs by itself.
    pub sensitivity: Option<Sensitivity>,
    /// The MITRE ATT&CK tactic that it serves in known attacks, where it is in our catalogue.
    pub tactic: Option<Tactic>,
    /// The ATT&CK technique or sub-technique (`T1098.001`), where it is in our catalogue.
    #[serde(borrow)]
    pub technique: Option<Text<'a>>,
}

impl Action<'_> {
    /// `service:operation`, for example `iam:CreateAccessKey`.
    pub fn name(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }
}

/// What an action does to its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Lists what there is.
    List,
    /// Reads settings or metadata.
    Read,
    /// Reads the data itself (objects, items, messages).
    DataRead,
    /// Changes something.
    Write,
    /// Changes the data itself.
    DataWrite,
    /// Changes who may do what.
    Permissions,
    /// Changes tags only.
    Tagging,
    /// Not known to us and not said by the log.
    Unknown,
}

impl Access {
    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Access::List => "list",
            Access::Read => "read",
            Access::DataRead => "data_read",
            Access::Write => "write",
            Access::DataWrite => "data_write",
            Access::Permissions => "permissions",
            Access::Tagging => "tagging",
            Access::Unknown => "unknown",
        }
    }

    /// Whether nothing is changed by it.
    pub fn is_read(self) -> bool {
        matches!(self, Access::List | Access::Read | Access::DataRead)
    }
}

/// The classes of action whose first use by an identity is evidence by itself (model, section 2.3, `sens`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Reads a secret.
    SecretRead,
    /// Creates or changes an identity, a credential, a permission or a trust.
    IamWrite,
    /// Stops, deletes or blinds a log or a detector.
    LogControl,
    /// Destroys data or the means to recover it.
    Destructive,
}

impl Sensitivity {
    /// Every class, in the order of declaration.
    pub const ALL: [Sensitivity; 4] =
        [Sensitivity::SecretRead, Sensitivity::IamWrite, Sensitivity::LogControl, Sensitivity::Destructive];

    /// The name used in output and configuration.
    pub fn name(self) -> &'static str {
        match self {
            Sensitivity::SecretRead => "secret_read",
            Sensitivity::IamWrite => "iam_write",
            Sensitivity::LogControl => "log_control",
            Sensitivity::Destructive => "destructive",
        }
    }
}

/// The tactics of MITRE ATT&CK, Enterprise, version 19.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tactic {
    /// TA0001
    InitialAccess,
    /// TA0002
    Execution,
    /// TA0003
    Persistence,
    /// TA0004
    PrivilegeEscalation,
    /// TA0005 (version 19 calls it Stealth)
    Stealth,
    /// TA0112 (new in version 19, from the former Defense Evasion)
    DefenseImpairment,
    /// TA0006
    CredentialAccess,
    /// TA0007
    Discovery,
    /// TA0008
    LateralMovement,
    /// TA0009
    Collection,
    /// TA0010
    Exfiltration,
    /// TA0040
    Impact,
}

impl Tactic {
    /// Every tactic, in the order of an attack.
    pub const ALL: [Tactic; 12] = [
        Tactic::InitialAccess,
        Tactic::Execution,
        Tactic::Persistence,
        Tactic::PrivilegeEscalation,
        Tactic::Stealth,
        Tactic::DefenseImpairment,
        Tactic::CredentialAccess,
        Tactic::Discovery,
        Tactic::LateralMovement,
        Tactic::Collection,
        Tactic::Exfiltration,
        Tactic::Impact,
    ];

    /// Its id (`TA0003`) and name (`Persistence`).
    pub fn id_and_name(self) -> (&'static str, &'static str) {
        match self {
            Tactic::InitialAccess => ("TA0001", "Initial Access"),
            Tactic::Execution => ("TA0002", "Execution"),
            Tactic::Persistence => ("TA0003", "Persistence"),
            Tactic::PrivilegeEscalation => ("TA0004", "Privilege Escalation"),
            Tactic::Stealth => ("TA0005", "Stealth"),
            Tactic::DefenseImpairment => ("TA0112", "Defense Impairment"),
            Tactic::CredentialAccess => ("TA0006", "Credential Access"),
            Tactic::Discovery => ("TA0007", "Discovery"),
            Tactic::LateralMovement => ("TA0008", "Lateral Movement"),
            Tactic::Collection => ("TA0009", "Collection"),
            Tactic::Exfiltration => ("TA0010", "Exfiltration"),
            Tactic::Impact => ("TA0040", "Impact"),
        }
    }
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It did what was asked.
    Success,
    /// It was refused or failed.
    Failure,
    /// The log does not say.
    Unknown,
}

impl Outcome {
    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Success => "success",
            Outcome::Failure => "failure",
            Outcome::Unknown => "unknown",
        }
    }
}

/// Where a call came from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Origin<'a> {
    /// The address as the log gives it: an IP address, or a service's host name.
    #[serde(borrow)]
    pub ip: Option<Text<'a>>,
    /// What stands for the address in a baseline: the /24 (IPv4) or /48 (IPv6) prefix, the VPC endpoint, or nothing
    /// where the address is not the actor's own.
    #[serde(borrow)]
    pub network: Option<Text<'a>>,
    /// The class of the address.
    pub class: NetworkClass,
    /// The user agent as the log gives it, bounded.
    #[serde(borrow)]
    pub user_agent: Option<Text<'a>>,
    /// The client family and major version taken from it (`aws-cli/2`, `Boto3/1`, `Terraform`); none where it is not
    /// the actor's own.
    #[serde(borrow)]
    pub client: Option<Text<'a>>,
}

/// The class of a source address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NetworkClass {
    /// A public address.
    External,
    /// A private or carrier-internal address (RFC 1918, 6598, 4193, link-local, loopback).
    Private,
    /// A VPC endpoint.
    Endpoint,
    /// One of the cloud's own services.
    CloudInternal,
    /// None given, or not to be understood.
    Unknown,
}

impl NetworkClass {
    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            NetworkClass::External => "external",
            NetworkClass::Private => "private",
            NetworkClass::Endpoint => "endpoint",
            NetworkClass::CloudInternal => "cloud_internal",
            NetworkClass::Unknown => "unknown",
        }
    }
}

/// What something was done to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target<'a> {
    /// Its type (`s3:bucket`, `secretsmanager:secret`, `iam:user`).
    #[serde(borrow)]
    pub kind: Text<'a>,
    /// Its full name as the log gives it (ARN, id or name).
    #[serde(borrow)]
    pub name: Text<'a>,
    /// The container that stands for it in a baseline: bucket, secret path prefix of two segments, table, queue,
    /// namespace; never the object key.
    #[serde(borrow)]
    pub container: Text<'a>,
    /// The account that owns it, where the log says it.
    #[serde(borrow)]
    pub account: Option<Text<'a>>,
}

/// Who really acted: the key of a baseline, and what is said of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identity<'a> {
    /// Provider and account that own the actor: `aws/123456789012`. Part of every key.
    #[serde(borrow)]
    pub scope: Text<'a>,
    /// What a baseline is kept for: the role, user, account or service (an ARN without session).
    #[serde(borrow)]
    pub principal: Text<'a>,
    /// The pattern that the principal was stamped from: its name with generated parts replaced by `*`.
    #[serde(borrow)]
    pub template: Text<'a>,
    /// What it is.
    pub kind: Kind,
    /// Why it is thought to be that, for people: `role name matches ^ci-`, `session issued by bedrock-agentcore`.
    #[serde(borrow)]
    pub kind_reason: Text<'a>,
}

/// What an identity is (requirement U9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A person.
    Human,
    /// A service account, an IAM user with keys that a program uses.
    ServiceAccount,
    /// A workload's role: instance, task, pod, function.
    Workload,
    /// A build or deployment pipeline.
    CiPipeline,
    /// A vendor's integration or an OAuth app.
    VendorApp,
    /// An AI agent.
    AiAgent,
    /// The cloud's own service.
    CloudService,
    /// Nothing in the log says what it is.
    Unknown,
}

impl Kind {
    /// Every kind, in the order of declaration.
    pub const ALL: [Kind; 8] = [
        Kind::Human,
        Kind::ServiceAccount,
        Kind::Workload,
        Kind::CiPipeline,
        Kind::VendorApp,
        Kind::AiAgent,
        Kind::CloudService,
        Kind::Unknown,
    ];

    /// The name used in metrics, output and configuration.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Human => "human",
            Kind::ServiceAccount => "service_account",
            Kind::Workload => "workload",
            Kind::CiPipeline => "ci_pipeline",
            Kind::VendorApp => "vendor_app",
            Kind::AiAgent => "ai_agent",
            Kind::CloudService => "cloud_service",
            Kind::Unknown => "unknown",
        }
    }
}

/// Where an audit record was read: enough to drop what was read before, and to find it again.
///
/// Ordered within one partition by `(epoch, offset, index)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Position<'a> {
    /// The audit topic, or the file's name.
    #[serde(borrow)]
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attributed<'a> {
    /// Where its audit record was read.
    #[serde(borrow)]
    pub position: Position<'a>,
    /// Whose it is.
    #[serde(borrow)]
    pub identity: Identity<'a>,
    /// What happened.
    #[serde(borrow)]
    pub event: Event<'a>,
}
