//! `[network]`: what is known of source addresses.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Autonomous systems, countries and hosting of source addresses, where files say them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NetworkConfig {
    /// Files in MaxMind's format (GeoLite2-ASN, GeoLite2-Country, GeoIP2 Anonymous IP, and others with the same fields); what
    /// one does not say another may. None: addresses are known by their prefix alone.
    pub databases: Vec<String>,
    /// How often the files are looked at; a changed one is read again, without a restart. In seconds.
    pub reload_s: u64,
    /// Autonomous systems whose addresses are hosting, beside the well-known ones.
    pub hosting_asns: Vec<u32>,
}

impl Default for NetworkConfig {
    fn default() -> NetworkConfig {
        NetworkConfig { databases: Vec::new(), reload_s: 60, hosting_asns: Vec::new() }
    }
}
