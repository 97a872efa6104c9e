//! What can be typed, and what the help says of it.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use super::config::ConfigCommand;
use super::decode::{self, DecodeArguments};
use super::demo::{self, DemoArguments};
use super::detections::DetectionsCommand;
use super::evaluate::{self, EvaluateArguments};
use super::output::Color;
use super::replay::{self, ReplayArguments};
use super::run::{self, RunArguments};
use super::simulate::{self, SimulateArguments};
use super::topics::TopicsCommand;

const ABOUT: &str = "Watches non-human identities: cloud audit events from Kafka in, explained alerts to the SIEM out.";

const EXAMPLES: &str = "\
Examples:
  nhiwatch demo                                 see it work, without a Kafka of your own
  nhiwatch decode logs/ --summary               what does it see in my logs?
  nhiwatch replay logs/ > alerts.ndjson         what would it have told me?
  nhiwatch evaluate --labels truth.jsonl logs/  does it find anything?
  nhiwatch topics plan -c nhiwatch.toml         what topics does it need?
  nhiwatch detections list                      what does it look at?
  nhiwatch run -c nhiwatch.toml                 watch

Exit codes: 0 done, 1 failed, 2 wrong usage.";

/// Everything that was typed.
#[derive(Debug, Parser)]
#[command(name = "nhiwatch", version, about = ABOUT, after_help = EXAMPLES)]
#[command(arg_required_else_help = true)]
pub(super) struct Arguments {
    /// Configuration file (TOML); without it the defaults hold
    #[arg(
        short,
        long,
        value_name = "FILE",
        global = true,
        help_heading = "Everywhere",
        env = "NHIWATCH_CONFIG",
        hide_env_values = true
    )]
    pub config: Option<PathBuf>,
    /// Set one key, for example detect.warm_hours=8; may be given more than once
    #[arg(long, value_name = "KEY=VALUE", global = true, help_heading = "Everywhere")]
    pub set: Vec<String>,
    /// Least level that is logged
    #[arg(long, value_name = "LEVEL", global = true, help_heading = "Everywhere")]
    pub log_level: Option<Level>,
    /// Form of the log
    #[arg(long, value_name = "FORMAT", global = true, help_heading = "Everywhere")]
    pub log_format: Option<Format>,
    /// When to use colours
    #[arg(long, value_name = "WHEN", global = true, help_heading = "Everywhere", default_value = "auto")]
    pub color: Color,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Everything in one process: embedded broker, simulated fleet, staged attacks, alerts on the terminal
    #[command(after_help = demo::EXAMPLES)]
    Demo(DemoArguments),
    /// Watch: read audit topics, publish alerts
    #[command(after_help = run::EXAMPLES)]
    Run(RunArguments),
    /// Score files or a topic; alerts as NDJSON on standard output
    #[command(after_help = replay::EXAMPLES)]
    Replay(ReplayArguments),
    /// Tell what is seen in files: one JSON line a record on standard output
    #[command(after_help = decode::EXAMPLES)]
    Decode(DecodeArguments),
    /// Write the records of a simulated fleet to files, and what attackers did in it
    #[command(after_help = simulate::EXAMPLES)]
    Simulate(SimulateArguments),
    /// Tell what is found at how many false alerts, beside two rules: events and labels in, a table out
    #[command(after_help = evaluate::EXAMPLES)]
    Evaluate(EvaluateArguments),
    /// Check or print the configuration, or its JSON Schema
    #[command(subcommand)]
    Config(ConfigCommand),
    /// List the detections: what each sees, needs and learns
    #[command(subcommand)]
    Detections(DetectionsCommand),
    /// Plan or create the topics that are needed
    #[command(subcommand)]
    Topics(TopicsCommand),
}

/// A log level, as [`LogLevel`](crate::config::LogLevel) describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl Level {
    /// Its value in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Level::Error => "error",
            Level::Warn => "warn",
            Level::Info => "info",
            Level::Debug => "debug",
            Level::Trace => "trace",
        }
    }
}

/// A form of the log, as [`LogFormat`](crate::config::LogFormat) describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    Text,
    Json,
}

impl Format {
    /// Its value in the configuration.
    pub fn name(self) -> &'static str {
        match self {
            Format::Text => "text",
            Format::Json => "json",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_contradict_nothing() {
        Arguments::command().debug_assert();
    }
}
