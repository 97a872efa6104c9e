//! `decode`.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::config::Config;
use crate::replay::{self, Show};

/// What the help says below the options.
pub(super) const EXAMPLES: &str = "\
Examples:
  nhiwatch decode AWSLogs/ --summary
  nhiwatch decode trail.json.gz | jq 'select(.outcome == \"dead_letter\")'";

/// `decode`
#[derive(Debug, Args)]
pub(super) struct DecodeArguments {
    /// Files, folders, or - for standard input
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// Print counts by source, kind, outcome and reason instead
    #[arg(long)]
    pub summary: bool,
}

/// Shows what is seen in the files.
///
/// # Errors
/// Where a path cannot be read, or the output not be written.
pub(super) fn run(arguments: &DecodeArguments, config: &Config) -> Result<ExitCode> {
    let show = if arguments.summary { Show::Summary } else { Show::Records };
    let (mut out, mut notes) = (io::stdout(), io::stderr());
    replay::decode(config, &arguments.paths, show, Box::new(io::stdin()), &mut out, &mut notes)?;
    Ok(ExitCode::SUCCESS)
}
