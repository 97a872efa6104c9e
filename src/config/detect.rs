//! `[detect]`: the detection model's numbers (model, section 2.11) and its limits.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::event::Kind;

/// The detection model's settings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DetectConfig {
    /// Kinds whose incidents are recorded but alert nobody.
    #[schemars(with = "Vec<String>")]
    pub record_only: Vec<Kind>,
    /// Half-life of what an identity did, in days.
    pub half_life_days: f64,
    /// An identity's value that was not seen for so many days is new again.
    pub forget_after_days: u32,
    /// Active hours after which an identity is judged by its own history.
    pub warm_hours: u32,
    /// A value informs peers only when its identity used it again so many hours after the first time.
    pub second_occasion_hours: u32,
    /// An open incident takes up further evidence until it was quiet for so many hours.
    pub incident_quiet_hours: u32,
    /// An event older than stream time by more than this counts as late, in minutes.
    pub lateness_min: u32,
    /// Identities that one events partition may hold; beyond it the least informative is evicted.
    pub max_identities: usize,
    /// Values known to all identities of one events partition together.
    pub max_fleet_values: usize,
    /// Peer groups that one events partition may hold.
    pub max_groups: usize,
    /// Values known to the members of one peer group.
    pub max_group_values: usize,
    /// Bytes that the ids of events seen before may take, of one events partition; beyond it the oldest minutes go.
    pub max_dedup_bytes: usize,
    /// Issued credentials of which it is known who got them, of one events partition; beyond it the oldest go.
    pub max_links: usize,
    /// Days of stream time for which that is known.
    pub link_days: u32,
    /// Events listed in a finding.
    pub max_events_per_finding: usize,
    /// Key of the hashes that values are kept by; a secret of at least 16 characters, so that nobody can aim at a slot.
    /// Changing it makes every identity new.
    pub hash_key: String,
}

impl Default for DetectConfig {
    fn default() -> DetectConfig {
        DetectConfig {
            record_only: vec![Kind::Human],
            half_life_days: 14.0,
            forget_after_days: 45,
            warm_hours: 6,
            second_occasion_hours: 2,
            incident_quiet_hours: 24,
            lateness_min: 15,
            max_identities: 1_000_000,
            max_fleet_values: 4_000_000,
            max_groups: 100_000,
            max_group_values: 4_096,
            max_dedup_bytes: 64 << 20,
            max_links: 20_000,
            link_days: 7,
            max_events_per_finding: 20,
            hash_key: "nhiwatch: change me to a secret".into(),
        }
    }
}
