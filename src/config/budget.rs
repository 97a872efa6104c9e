//! `[budget]`: how many alerts operators are ready to read; the thresholds follow it (model, section 2.5).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::Kind;

/// How many alerts operators are ready to read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BudgetConfig {
    /// Alerts per 1,000 identities and day that the thresholds are set for: 0.08 is 20 a day for 250,000 identities.
    pub acute_per_1000_per_day: f64,
    /// An incident whose newest event is older than this is published as logged and alerts nobody, in hours: so a first
    /// start on a topic with months of history pages nobody for them.
    pub max_age_hours: u32,
    /// Budgets of their own for single kinds, for example `[budget.kind.ai_agent]`. Such a kind is compared with itself
    /// alone; all others share one threshold.
    pub kind: KindBudgets,
}

/// Budgets of their own, by kind.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct KindBudgets {
    /// People (alert only where `detect.record_only` does not name them).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub human: Option<KindBudget>,
    /// Service accounts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_account: Option<KindBudget>,
    /// Roles of workloads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workload: Option<KindBudget>,
    /// Build and deployment pipelines.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ci_pipeline: Option<KindBudget>,
    /// Vendors' integrations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor_app: Option<KindBudget>,
    /// AI agents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ai_agent: Option<KindBudget>,
    /// The cloud's own services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_service: Option<KindBudget>,
    /// Identities of which nothing says what they are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unknown: Option<KindBudget>,
}

/// The budget of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KindBudget {
    /// Alerts per 1,000 identities of the kind and day.
    pub acute_per_1000_per_day: f64,
}

impl BudgetConfig {
    /// The budget of its own that a kind has, per 1,000 identities of the kind and day.
    pub fn own(&self, kind: Kind) -> Option<f64> {
        let budgets = &self.kind;
        let budget = match kind {
            Kind::Human => budgets.human,
            Kind::ServiceAccount => budgets.service_account,
            Kind::Workload => budgets.workload,
            Kind::CiPipeline => budgets.ci_pipeline,
            Kind::VendorApp => budgets.vendor_app,
            Kind::AiAgent => budgets.ai_agent,
            Kind::CloudService => budgets.cloud_service,
            Kind::Unknown => budgets.unknown,
        };
        budget.map(|budget| budget.acute_per_1000_per_day)
    }
}

impl Default for BudgetConfig {
    fn default() -> BudgetConfig {
        BudgetConfig { acute_per_1000_per_day: 1.0, max_age_hours: 24, kind: KindBudgets::default() }
    }
}
