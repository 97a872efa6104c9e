//! The log: text or JSON lines on standard error, so that standard output holds results only.

use anyhow::Result;
use tracing_subscriber::EnvFilter;

use super::output::Color;
use crate::config::{LogConfig, LogFormat, LogLevel};

/// Starts the log of this process. Libraries are heard from `warn` on; below that only what is ours.
pub(super) fn start(config: &LogConfig, color: Color) -> Result<()> {
    let level = match config.level {
        LogLevel::Error => "error",
        LogLevel::Warn => "warn",
        LogLevel::Info => "info",
        LogLevel::Debug => "debug",
        LogLevel::Trace => "trace",
    };
    let others = if config.level == LogLevel::Error { "error" } else { "warn" };
    let filter = EnvFilter::try_new(format!("{others},nhiwatch={level}"))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = match config.format {
        LogFormat::Text => log.with_target(false).with_ansi(color.on_stderr()).try_init(),
        LogFormat::Json => log.json().flatten_event(true).with_ansi(false).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("the log cannot be started: {error}"))
}
