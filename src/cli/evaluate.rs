//! `evaluate`.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Args;

use super::output;
use crate::config::Config;
use crate::evaluate::{self, Options, Settings};

/// What the help says below the options.
pub(super) const EXAMPLES: &str = "\
Labels are JSON lines, one attack each:
  {\"attack_id\":\"1\",\"scenario\":\"A1\",\"technique\":\"T1552.005\",\"attack_version\":\"19\",\"identities\":
   [{\"scope\":\"aws/111122223333\",\"principal\":\"arn:aws:iam::111122223333:role/app\"}],
   \"start\":\"2026-03-18T09:00:00Z\",\"end\":\"2026-03-18T11:00:00Z\"}

Examples:
  nhiwatch evaluate --labels labels.jsonl records.ndjson.zst
  nhiwatch evaluate --labels labels.jsonl --budgets 0.2,1 --json AWSLogs/ > report.json";

/// `evaluate`
#[derive(Debug, Args)]
pub(super) struct EvaluateArguments {
    /// Files, folders, or - for standard input
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,
    /// The attacks that are hidden among the events: JSON lines
    #[arg(long, value_name = "FILE")]
    pub labels: PathBuf,
    /// Alerts per 1,000 identities and day to measure at
    #[arg(long, value_name = "RATES", value_delimiter = ',', default_value = "0.2,0.5,1,2,5", value_parser = rate)]
    pub budgets: Vec<f64>,
    /// Days from the first event on in which no alert is counted
    #[arg(long, value_name = "DAYS", default_value_t = 10)]
    pub warm_up_days: u32,
    /// Print a JSON object instead
    #[arg(long)]
    pub json: bool,
}

/// Prints how many attacks were found at how many false alerts.
///
/// # Errors
/// Where a path or the labels cannot be read, or the output not be written.
pub(super) fn run(arguments: &EvaluateArguments, config: &Config) -> Result<ExitCode> {
    let settings = Settings { budgets: arguments.budgets.clone(), warm_up_days: arguments.warm_up_days };
    let options = Options { labels: arguments.labels.clone(), settings, progress: true };
    let report = evaluate::run(config, &options, &arguments.paths, Box::new(io::stdin()), &mut io::stderr())?;
    let text = match arguments.json {
        true => serde_json::to_string_pretty(&report).context("a report can always be written as JSON")?,
        false => report.to_string(),
    };
    output::print(&format!("{text}\n"))?;
    Ok(ExitCode::SUCCESS)
}

/// A rate of alerts.
fn rate(text: &str) -> Result<f64, String> {
    let rate: f64 = text.trim().parse().map_err(|_| format!("{text:?} is no number, such as 0.5"))?;
    if rate > 0.0 && rate <= 1_000.0 { Ok(rate) } else { Err(format!("{text} is not above 0 and at most 1000")) }
}
