//! `[log]`: what is logged, and how.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is logged, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    /// Least level that is written: `error` (data lost, or somebody must act), `warn`, `info`, `debug` or `trace`.
    pub level: LogLevel,
    /// `text` for people, `json` with one object a line for machines.
    pub format: LogFormat,
}

/// The least level that is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// Data was lost, or somebody must act.
    Error,
    /// Something is not as it should be, and may pass by itself.
    Warn,
    /// Start, stop, assignments: a few lines an hour.
    #[default]
    Info,
    /// What is needed to find a fault.
    Debug,
    /// Everything.
    Trace,
}

/// The form of the log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}
