//! `run`.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::config::Config;
use crate::kafka::{Stop, wall_clock};
use crate::metrics::Metrics;
use crate::service;

/// What the help says below the options.
pub(super) const EXAMPLES: &str = "\
Examples:
  nhiwatch run -c nhiwatch.toml
  nhiwatch run -c nhiwatch.toml --role detect";

/// `run`
#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// Which part of the work this process does
    #[arg(long, value_name = "ROLE", default_value = "all")]
    pub role: Role,
}

/// Which part of the work a process does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Role {
    /// Audit records to events
    Ingest,
    /// Events to alerts
    Detect,
    /// Both
    All,
}

/// Watches until it is asked to stop (Ctrl-C, SIGTERM); then finishes what was read.
///
/// # Errors
/// Where it cannot start, or not go on.
pub(super) fn run(arguments: &RunArguments, config: &Config) -> Result<ExitCode> {
    let role = match arguments.role {
        Role::Ingest => service::Role::Ingest,
        Role::Detect => service::Role::Detect,
        Role::All => service::Role::All,
    };
    let stop = Stop::default();
    service::stop_on_signals(&stop)?;
    service::run(config, role, Arc::new(Metrics::new(wall_clock())), &stop)?;
    Ok(ExitCode::SUCCESS)
}
