//! `replay`.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::builder::NonEmptyStringValueParser;
use clap::{ArgGroup, Args};

use crate::config::Config;
use crate::replay::{self, Streams};

/// What the help says below the options.
pub(super) const EXAMPLES: &str = "\
Paths are files or folders of audit records, as CloudTrail delivers them or one a line; plain, gzip or zstd; - is standard input.
Files are merged by time, whatever the order of the paths. A topic is read from its beginning to the end that it has
now, outside any consumer group; in the events topic (kafka.events_topic) the alerts are those of `run`.

Examples:
  nhiwatch replay AWSLogs/ > alerts.ndjson
  zcat trail.json.gz | nhiwatch replay -
  nhiwatch replay -c nhiwatch.toml --topic audit.aws.cloudtrail > alerts.ndjson";

/// `replay`
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("input").required(true).args(["paths", "topic"]))]
pub(super) struct ReplayArguments {
    /// Files, folders, or - for standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Read this Kafka topic instead: one of audit records, or the events topic
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub topic: Option<String>,
}

/// Writes what would have been alerted.
///
/// # Errors
/// Where a path or the topic cannot be read, or the alerts not be written.
pub(super) fn run(arguments: &ReplayArguments, config: &Config) -> Result<ExitCode> {
    let streams = Streams {
        standard_input: Box::new(io::stdin()),
        alerts: &mut io::stdout(),
        notes: &mut io::stderr(),
        progress: true,
    };
    match &arguments.topic {
        Some(topic) => replay::run_topic(config, topic, streams)?,
        None => replay::run(config, &arguments.paths, streams)?,
    };
    Ok(ExitCode::SUCCESS)
}
