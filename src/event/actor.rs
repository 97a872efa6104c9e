//! Who did something, as the log gives it, before it is resolved to an identity.

use serde::{Deserialize, Serialize};

use super::{Text, Timestamp};

/// Who did something, as the log gives it, before it is resolved to an [`Identity`](super::Identity).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Actor<'a> {
    /// The provider's word for the type of actor, unchanged (CloudTrail `userIdentity.type`: `AssumedRole`, `IAMUser` …).
    pub class: Text<'a>,
    /// The actor's full name as the log gives it (an ARN, an account, a service's host name); empty where it gives none.
    pub name: Text<'a>,
    /// The provider's stable id of the actor (CloudTrail `principalId`), where there is one.
    pub uid: Option<Text<'a>>,
    /// The short name (CloudTrail `userName`), where there is one.
    pub short_name: Option<Text<'a>>,
    /// The account that owns the actor.
    pub account: Option<Text<'a>>,
    /// What issued the session: the role behind an assumed role, the federated user's owner.
    pub issuer: Option<Issuer<'a>>,
    /// The session's name (the last part of an assumed role's ARN), chosen by whoever opened it.
    pub session: Option<Text<'a>>,
    /// The credential that was used.
    pub credential: Option<Credential<'a>>,
    /// On whose behalf: the nearest first. Federated subject, source identity, the service that passed the call on.
    pub delegators: Vec<Delegator<'a>>,
    /// The cloud's own service made this call for the actor (`invokedBy`, `AWS Internal`): its network and client are
    /// the service's, not the actor's (requirement U5).
    pub via_service: bool,
}

/// What issued a session.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Issuer<'a> {
    /// The provider's word for its type (`Role`, `Root`, `IAMUser`).
    pub class: Text<'a>,
    /// Its full name (ARN).
    pub name: Text<'a>,
    /// Its short name (`userName`).
    pub short_name: Text<'a>,
    /// The account that owns it.
    pub account: Option<Text<'a>>,
}

/// The credential that a call was made with. The secret itself never appears here.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Credential<'a> {
    /// Its public id (`AKIA…`, `ASIA…`); empty where the log hides it.
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
    /// A temporary credential that a machine, a container or a function got from the platform that it runs on.
    Instance,
    /// A temporary credential that was got with a federated (OIDC, SAML) token.
    Federated,
    /// The root user's.
    Root,
    /// A credential that the cloud keeps for a workload and nobody ever sees (an Azure managed identity, a service account
    /// attached to a virtual machine).
    Managed,
    /// An access or refresh token of OAuth that an app holds.
    OauthToken,
    /// A signed URL or token that carries its own permission (a shared access signature).
    Signed,
    /// Not said, or not known to us.
    Unknown,
}

impl CredentialClass {
    /// Every class, in the order of declaration.
    pub const ALL: [CredentialClass; 10] = [
        CredentialClass::LongTerm,
        CredentialClass::Temporary,
        CredentialClass::Console,
        CredentialClass::Instance,
        CredentialClass::Federated,
        CredentialClass::Root,
        CredentialClass::Managed,
        CredentialClass::OauthToken,
        CredentialClass::Signed,
        CredentialClass::Unknown,
    ];

    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            CredentialClass::LongTerm => "long_term",
            CredentialClass::Temporary => "temporary",
            CredentialClass::Console => "console",
            CredentialClass::Instance => "instance",
            CredentialClass::Federated => "federated",
            CredentialClass::Root => "root",
            CredentialClass::Managed => "managed",
            CredentialClass::OauthToken => "oauth_token",
            CredentialClass::Signed => "signed",
            CredentialClass::Unknown => "unknown",
        }
    }
}

/// Someone on whose behalf, or through whom, a call was made.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Delegator<'a> {
    /// How it is linked to the actor.
    pub relation: Relation,
    /// Its name (a provider's ARN, a subject, a service's host name).
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
    /// Whoever lent the actor this call by impersonation: a link of a chain of service accounts.
    DelegatedBy,
    /// Whom the actor made itself out to be (Kubernetes' `Impersonate-User`).
    Impersonates,
    /// The app or client through which the actor worked.
    Application,
    /// The run of a pipeline that made the call.
    PipelineRun,
    /// The pod that holds the credential.
    Pod,
    /// The machine that holds the credential.
    Node,
    /// Whoever made the call that issued the credential, as an earlier event told.
    IssuedTo,
    /// The federated credential by whose trust the actor signed in (`federatedCredentialId` of Entra ID).
    FederatedCredential,
    /// What a link of the configuration says that the actor works for.
    Configured,
}

impl Relation {
    /// Every one, in the order of declaration.
    pub const ALL: [Relation; 14] = [
        Relation::InvokedBy,
        Relation::OnBehalfOf,
        Relation::FederatedProvider,
        Relation::FederatedSubject,
        Relation::SourceIdentity,
        Relation::DelegatedBy,
        Relation::Impersonates,
        Relation::Application,
        Relation::PipelineRun,
        Relation::Pod,
        Relation::Node,
        Relation::IssuedTo,
        Relation::FederatedCredential,
        Relation::Configured,
    ];

    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Relation::InvokedBy => "invoked_by",
            Relation::OnBehalfOf => "on_behalf_of",
            Relation::FederatedProvider => "federated_provider",
            Relation::FederatedSubject => "federated_subject",
            Relation::SourceIdentity => "source_identity",
            Relation::DelegatedBy => "delegated_by",
            Relation::Impersonates => "impersonates",
            Relation::Application => "application",
            Relation::PipelineRun => "pipeline_run",
            Relation::Pod => "pod",
            Relation::Node => "node",
            Relation::IssuedTo => "issued_to",
            Relation::FederatedCredential => "federated_credential",
            Relation::Configured => "configured",
        }
    }
}
