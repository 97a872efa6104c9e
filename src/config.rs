//! Every setting: one section a file, each with its type, default and limits.

pub mod alerts;
pub mod decode;
pub mod detect;
pub mod identity;
pub mod kafka;

pub use alerts::AlertsConfig;
pub use decode::DecodeConfig;
pub use detect::DetectConfig;
pub use identity::IdentityConfig;
pub use kafka::KafkaConfig;
