//! `[identity]`: what tells kinds of identity apart, and who stands behind principals where no log says it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::Kind;

/// How identities are told apart and what kind they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct IdentityConfig {
    /// Kinds given by hand: the first pattern that describes a principal decides, before anything else does.
    pub patterns: Vec<KindPattern>,
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

/// What the principals are that a pattern describes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KindPattern {
    /// The whole principal, with `*` for any characters: `arn:aws:iam::*:role/ci-*`.
    #[serde(rename = "match")]
    pub pattern: String,
    /// What it is: `human`, `service_account`, `workload`, `ci_pipeline`, `vendor_app`, `ai_agent`, `cloud_service`,
    /// `unknown`.
    #[schemars(with = "String")]
    pub kind: Kind,
}

impl KindPattern {
    /// Whether it describes a principal.
    pub fn describes(&self, principal: &str) -> bool {
        super::glob::matches(&self.pattern, principal)
    }
}
