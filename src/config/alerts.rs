//! `[alerts]`: how alerts are written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How alerts are written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AlertsConfig {
    /// Largest alert, in bytes (at least 65536); beyond it evidence is left out and the alert says so
    /// (`metadata.is_truncated`, `metadata.untruncated_size`).
    pub max_bytes: usize,
    /// Longest text taken over from an audit record into an alert, in bytes (at least 64); longer ones are cut and end
    /// in `…`.
    pub max_text_bytes: usize,
    /// Most observables (addresses, credentials, names to search for) of one alert.
    pub max_observables: usize,
    /// Most resources of one alert, the identity included.
    pub max_resources: usize,
}

impl AlertsConfig {
    /// Least value of `max_bytes`: what an alert needs for its numbers, however hostile its texts are.
    pub const MIN_BYTES: usize = 64 << 10;
    /// Least value of `max_text_bytes`: an ARN's beginning can be recognised.
    pub const MIN_TEXT_BYTES: usize = 64;
}

impl Default for AlertsConfig {
    fn default() -> AlertsConfig {
        AlertsConfig { max_bytes: 256 << 10, max_text_bytes: 1 << 10, max_observables: 64, max_resources: 32 }
    }
}
