//! Every setting: one section a file, each with its type, default and limits, and how they are read.
//!
//! Layers, the later wins: the defaults, the file, the environment (`NHIWATCH__DETECT__WARM_HOURS=8`), the flags
//! (`--set detect.warm_hours=8`). Each layer is checked strictly by itself before they are laid over one another, so
//! that an error names its place: file, line and column, variable or flag. Nothing is coerced: `"yes"` is not `true`
//! and `"8"` is not a number. What the types cannot say (contradictions between keys) is [`Config::validate`].
//!
//! The keys, types and texts of errors and of the printed configuration come from the types below and their doc
//! comments; nothing is listed twice.

pub mod alerts;
pub mod budget;
pub mod decode;
pub mod detect;
pub mod http;
pub mod identity;
pub mod kafka;
pub mod log;
pub mod network;
pub mod replay;

mod check;
mod error;
mod file;
mod glob;
mod json_schema;
mod load;
mod print;
mod schema;
mod text;
mod validate;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use alerts::AlertsConfig;
pub use budget::{BudgetConfig, KindBudget, KindBudgets};
pub use decode::{DecodeConfig, MappingConfig, SampleConfig, TopicConfig};
pub use detect::DetectConfig;
pub use error::{ConfigError, ConfigErrors, Place};
pub use http::HttpConfig;
pub use identity::{ActorLink, IdentityConfig, IdentityPattern};
pub use json_schema::json_schema;
pub use kafka::KafkaConfig;
pub use load::{ENVIRONMENT_PREFIX, Sources, load};
pub use log::{LogConfig, LogFormat, LogLevel};
pub use network::NetworkConfig;
pub use print::{print_default, print_effective};
pub use replay::ReplayConfig;

/// Every setting.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Brokers, topics, groups, intervals and limits of the Kafka side.
    pub kafka: KafkaConfig,
    /// Limits on what one message may cost. Reaching one makes the message or the record a dead letter.
    pub decode: DecodeConfig,
    /// How identities are told apart and what kind they are.
    pub identity: IdentityConfig,
    /// Autonomous systems, countries and hosting of source addresses, where files say them.
    pub network: NetworkConfig,
    /// How many alerts there may be; the thresholds follow it.
    pub budget: BudgetConfig,
    /// The detection model: its numbers and its limits.
    pub detect: DetectConfig,
    /// How alerts are written.
    pub alerts: AlertsConfig,
    /// Reading files.
    pub replay: ReplayConfig,
    /// Metrics and health over HTTP.
    pub http: HttpConfig,
    /// The log, on standard error.
    pub log: LogConfig,
}
