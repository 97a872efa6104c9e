//! `run`: the service, until it is asked to end.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::config::Config;
use crate::kafka::{self, Stop};
use crate::metrics::Metrics;
use crate::service::{self, Role};

/// `run`
#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// Which parts run in this process
    #[arg(long, value_name = "ROLE", default_value = "all")]
    role: RoleName,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoleName {
    /// Read and decode audit records
    Ingest,
    /// Score events
    Detect,
    /// Both
    All,
}

/// Runs until SIGTERM or Ctrl-C.
///
/// # Errors
/// Where a part cannot start or dies.
pub(super) fn run(arguments: &RunArguments, config: &Config) -> Result<ExitCode> {
    let role = match arguments.role {
        RoleName::Ingest => Role::Ingest,
        RoleName::Detect => Role::Detect,
        RoleName::All => Role::All,
    };
    let stop = Stop::default();
    service::stop_on_signals(&stop)?;
    service::run(config, role, Arc::new(Metrics::new(kafka::wall_clock())), &stop)?;
    Ok(ExitCode::SUCCESS)
}
