//! `replay`.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::config::Config;
use crate::replay::{self, Streams};

/// What the help says below the options.
pub(super) const EXAMPLES: &str = "\
Paths are files or folders of CloudTrail as AWS delivers it, or NDJSON; plain, gzip or zstd; - is standard input.
Files are merged by time, whatever the order of the paths.

Examples:
  nhiwatch replay AWSLogs/ > alerts.ndjson
  zcat trail.json.gz | nhiwatch replay -";

/// `replay`
#[derive(Debug, Args)]
pub(super) struct ReplayArguments {
    /// Files, folders, or - for standard input
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
}

/// Writes what would have been alerted.
///
/// # Errors
/// Where a path cannot be read, or the alerts not be written.
pub(super) fn run(arguments: &ReplayArguments, config: &Config) -> Result<ExitCode> {
    let streams = Streams {
        standard_input: Box::new(io::stdin()),
        alerts: &mut io::stdout(),
        notes: &mut io::stderr(),
        progress: true,
    };
    replay::run(config, &arguments.paths, streams)?;
    Ok(ExitCode::SUCCESS)
}
