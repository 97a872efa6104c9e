//! `detections list`.

use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use super::output;
use crate::alert::contract::{Contract, Periods, contract, markdown};
use crate::config::DetectConfig;

/// `detections`
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub(super) enum DetectionsCommand {
    /// Print what each detection sees, needs, learns, and what makes it fire falsely
    List {
        /// Everything, as JSON
        #[arg(long, conflicts_with = "markdown")]
        json: bool,
        /// Everything, as a document
        #[arg(long)]
        markdown: bool,
    },
}

/// Prints it for the configuration in force.
///
/// # Errors
/// Where standard output cannot be written to.
pub(super) fn run(what: DetectionsCommand, detect: &DetectConfig) -> Result<ExitCode> {
    let contract = contract(periods(detect));
    let DetectionsCommand::List { json, markdown: as_markdown } = what;
    let text = match (json, as_markdown) {
        (true, _) => serde_json::to_string_pretty(&contract)? + "\n",
        (_, true) => markdown(&contract),
        _ => table(&contract),
    };
    output::print(&text)?;
    Ok(ExitCode::SUCCESS)
}

fn periods(detect: &DetectConfig) -> Periods {
    Periods {
        half_life_days: detect.half_life_days,
        forget_after_days: detect.forget_after_days,
        warm_hours: detect.warm_hours,
        second_occasion_hours: detect.second_occasion_hours,
        incident_quiet_hours: detect.incident_quiet_hours,
    }
}

/// One detection a line.
fn table(contract: &Contract) -> String {
    let mut text = format!("{:<15} {:<7} {:<31} {}\n", "FEATURE", "FAMILY", "DETECTS", "NEEDS");
    for detection in &contract.detections {
        let fields = detection.fields.join(", ");
        text += &format!("{:<15} {:<7} {:<31} {fields}\n", detection.feature, detection.family, detection.title);
    }
    text + "\nAll of each with --json or --markdown.\n"
}
