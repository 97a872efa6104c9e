//! `[replay]`: what reading files may cost.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What reading files may cost in memory, and what is believed of their dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReplayConfig {
    /// A file of up to this many bytes, unpacked, is read as a whole and put in order of time; larger ones are read
    /// piece by piece.
    pub whole_file_bytes: usize,
    /// Events of a larger file that are held to put it in order of time.
    pub reorder_events: usize,
    /// Files that are read at the same time because they overlap in time; beyond it events may be late.
    pub max_open_files: usize,
    /// A record in a file that is dated further than this after now is a dead letter (`future`), in days. As files
    /// are read in order of time, such a record makes nothing late.
    pub future_limit_days: u32,
}

impl Default for ReplayConfig {
    fn default() -> ReplayConfig {
        ReplayConfig { whole_file_bytes: 16 << 20, reorder_events: 65_536, max_open_files: 256, future_limit_days: 366 }
    }
}
