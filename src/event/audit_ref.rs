//! An event as a finding keeps it: enough to find its audit record again, and to show who did what from where.

use serde::{Deserialize, Serialize};

use super::{Access, CredentialClass, NetworkClass, Outcome, Relation, Sensitivity, Tactic, Timestamp};

/// An event of an incident: enough to find the audit record and to show who did what from where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AuditRef {
    /// The provider's id of the event.
    pub id: String,
    /// When it happened.
    pub time: Timestamp,
    /// Where its record was read: topic or file, partition, offset, index within the message.
    pub topic: String,
    /// See `topic`.
    pub partition: i32,
    /// See `topic`.
    pub offset: i64,
    /// See `topic`.
    pub index: u32,
    /// The service (`iam`).
    pub service: String,
    /// The operation (`CreateAccessKey`).
    pub operation: String,
    /// What it does.
    pub access: Access,
    /// Whether its class weighs by itself.
    pub sensitivity: Option<Sensitivity>,
    /// The ATT&CK tactic that it serves in known attacks.
    pub tactic: Option<Tactic>,
    /// The ATT&CK technique, likewise (`T1098.001`).
    pub technique: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// The provider's error code.
    pub error: Option<String>,
    /// The actor's name as the log gives it.
    pub actor_name: String,
    /// The provider's id of the actor.
    pub actor_uid: Option<String>,
    /// The provider's word for the type of actor.
    pub actor_class: String,
    /// The account that owns the actor.
    pub account: Option<String>,
    /// The credential's public id.
    pub credential: Option<String>,
    /// The credential's class.
    pub credential_class: CredentialClass,
    /// The session's name.
    pub session: Option<String>,
    /// On whose behalf.
    pub delegators: Vec<(Relation, String)>,
    /// The source address.
    pub source_ip: Option<String>,
    /// The class of the source address.
    pub network_class: NetworkClass,
    /// The autonomous system of the source address.
    pub asn: Option<u32>,
    /// The country of the source address (ISO 3166-1 alpha-2).
    pub country: Option<String>,
    /// Whether the source address is hosting.
    pub hosting: Option<bool>,
    /// The user agent.
    pub user_agent: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The targets: type and name.
    pub targets: Vec<(String, String)>,
}
