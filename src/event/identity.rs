//! Who really acted: the key of a baseline, and what is said of it.

use serde::{Deserialize, Serialize};

use super::Text;

/// Who really acted: the key of a baseline, and what is said of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Identity<'a> {
    /// Provider and account that own the actor: `aws/123456789012`. Part of every key.
    pub scope: Text<'a>,
    /// What a baseline is kept for: the role, user, account or service (an ARN without session).
    pub principal: Text<'a>,
    /// The pattern that the principal was stamped from: its name with generated parts replaced by `*`.
    pub template: Text<'a>,
    /// What it is.
    pub kind: Kind,
    /// Why it is thought to be that, for people: `role name matches ^ci-`, `session issued by bedrock-agentcore`.
    pub kind_reason: Text<'a>,
    /// Who answers for it, by the configuration.
    pub owner: Option<Text<'a>>,
    /// Whose product uses it, by the configuration.
    pub vendor: Option<Text<'a>>,
    /// How much depends on it, by the configuration.
    pub criticality: Option<Criticality>,
}

/// How much depends on an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Criticality {
    /// A sandbox's, a test's.
    Low,
    /// As most are.
    Medium,
    /// The business feels its loss.
    High,
    /// The business stops with it, or its permissions reach everything.
    Critical,
}

impl Criticality {
    /// Every one, in the order of declaration.
    pub const ALL: [Criticality; 4] = [Criticality::Low, Criticality::Medium, Criticality::High, Criticality::Critical];

    /// The name used in output and configuration.
    pub fn name(self) -> &'static str {
        match self {
            Criticality::Low => "low",
            Criticality::Medium => "medium",
            Criticality::High => "high",
            Criticality::Critical => "critical",
        }
    }
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
