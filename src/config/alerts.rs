//! `[alerts]`: how alerts are written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How alerts are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AlertsConfig {
    /// Largest alert, in bytes; beyond it evidence is left out and the alert says so (`metadata.is_truncated`).
    pub max_bytes: usize,
}

impl Default for AlertsConfig {
    fn default() -> AlertsConfig {
        AlertsConfig { max_bytes: 256 << 10 }
    }
}
