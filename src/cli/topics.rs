//! `topics plan` and `topics create`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use super::output;
use crate::config::KafkaConfig;
use crate::kafka::topics;

/// `topics`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub(super) enum TopicsCommand {
    /// Print the topics that are needed, with their settings, and how those that exist differ
    Plan,
    /// Create those that are missing; existing ones are left as they are
    Create,
}

/// Prints one topic a line, and a line below for each setting that is not as it should be.
///
/// # Errors
/// Where the brokers do not answer, refuse us, or a topic cannot be created.
pub(super) fn run(what: TopicsCommand, kafka: &KafkaConfig) -> Result<ExitCode> {
    let plans = match what {
        TopicsCommand::Plan => topics::plan(kafka)?,
        TopicsCommand::Create => topics::create(kafka)?,
    };
    let lines: String = plans.iter().map(|plan| format!("{plan}\n")).collect();
    output::print(&lines)?;
    Ok(ExitCode::SUCCESS)
}
