//! `[identity]`: what tells kinds of identity apart, and who stands behind principals where no log says it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::{Criticality, Kind};

/// How identities are told apart and what kind they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct IdentityConfig {
    /// What is known of principals beforehand: kind, owner, vendor, criticality. Of each, the first pattern counts that describes a
    /// principal and says it; a kind that is given so decides before anything else does.
    pub patterns: Vec<IdentityPattern>,
    /// Links given by hand, for alerts: by way of whom principals act where their log does not say it. The first that
    /// describes a principal counts.
    pub links: Vec<ActorLink>,
}

/// By way of whom the principals act that a pattern describes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActorLink {
    /// The whole principal, with `*` for any characters: `arn:aws:iam::*:role/deploy-*`.
    #[serde(rename = "match")]
    pub pattern: String,
    /// Who stands behind them, as alerts shall show it: `github/acme: repo:acme/app`.
    pub to: String,
}

impl ActorLink {
    /// Whether it describes a principal.
    pub fn describes(&self, principal: &str) -> bool {
        super::glob::matches(&self.pattern, principal)
    }
}

/// What is known of the principals that a pattern describes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdentityPattern {
    /// The whole principal, with `*` for any characters: `arn:aws:iam::*:role/ci-*`.
    #[serde(rename = "match")]
    pub pattern: String,
    /// What it is: `human`, `service_account`, `workload`, `ci_pipeline`, `vendor_app`, `ai_agent`, `cloud_service`,
    /// `unknown`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub kind: Option<Kind>,
    /// Who answers for them, as alerts shall show it: a team, a person, a channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub owner: Option<String>,
    /// Whose product uses them: `Datadog`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub vendor: Option<String>,
    /// How much depends on them: `low`, `medium`, `high`, `critical`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub criticality: Option<Criticality>,
}

impl IdentityPattern {
    /// Whether it says nothing of them.
    pub fn says_nothing(&self) -> bool {
        let texts = [&self.owner, &self.vendor];
        self.kind.is_none()
            && self.criticality.is_none()
            && texts.iter().all(|text| text.as_deref().is_none_or(str::is_empty))
    }

    /// Whether it describes a principal.
    pub fn describes(&self, principal: &str) -> bool {
        super::glob::matches(&self.pattern, principal)
    }
}
