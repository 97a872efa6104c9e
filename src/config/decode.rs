//! `[decode]`: limits on what a message may cost, and logs that are not known natively.

mod mapping;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use super::glob::matches;
pub use mapping::{MappingConfig, SampleConfig, TopicConfig};

/// Limits on what one message may cost (law 7), of which reaching one makes the message or the record a dead letter; and how
/// logs are read that are not known natively.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DecodeConfig {
    /// Largest message that is read, in bytes, before decompression.
    pub max_message_bytes: usize,
    /// Largest message after decompression, in bytes: what a decompression bomb may cost.
    pub max_unpacked_bytes: usize,
    /// Largest single record, in bytes.
    pub max_record_bytes: usize,
    /// Records that one message may hold.
    pub max_records: usize,
    /// Wrappings around a record (gzip, EventBridge, CloudWatch …) that are taken off.
    pub max_unwraps: usize,
    /// Nesting of objects and arrays within a message.
    pub max_depth: usize,
    /// Bytes of one text value that are kept; longer ones are cut at a character boundary.
    pub max_text_bytes: usize,
    /// Targets of one event that are kept.
    pub max_targets: usize,
    /// An event dated further than this after its arrival is a dead letter (`future`), in minutes.
    pub future_limit_min: u32,
    /// What is known of the records of single topics.
    pub topics: Vec<TopicConfig>,
    /// Logs that are not known natively, by tables of paths.
    pub mappings: Vec<MappingConfig>,
    /// Azure's logs that are no JSON, for line breaks or single quotation marks in them, are mended and read after all.
    pub azure_lenient_json: bool,
}

impl Default for DecodeConfig {
    fn default() -> DecodeConfig {
        DecodeConfig {
            max_message_bytes: 64 << 20,
            max_unpacked_bytes: 256 << 20,
            max_record_bytes: 1 << 20,
            max_records: 200_000,
            max_unwraps: 4,
            max_depth: 64,
            max_text_bytes: 1_024,
            max_targets: 16,
            future_limit_min: 60,
            topics: Vec::new(),
            mappings: Vec::new(),
            azure_lenient_json: false,
        }
    }
}
