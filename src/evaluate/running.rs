//! The `evaluate` command: files of events and a file of labels → a report.

#![allow(clippy::disallowed_methods, reason = "reads the labels, and the clock to tell events a second")]

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, anyhow, bail};

use super::attack::parse_labels;
use super::contest::Contest;
use super::report::{Report, Settings};
use crate::config::Config;
use crate::replay::each_event;
use crate::simulate::AttackLabel;

/// What was asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The file of labels.
    pub labels: PathBuf,
    /// What is measured, and from when on.
    pub settings: Settings,
    /// Whether to show how far it has come, where standard error is a terminal.
    pub progress: bool,
}

/// Replays the files that `paths` stand for with every entrant, and holds what they found against the labels.
/// `standard_input` stands for `-`; remarks go to `notes`.
///
/// # Errors
/// Where a path or the labels cannot be read, or nothing is left to count.
pub fn run(
    config: &Config,
    options: &Options,
    paths: &[PathBuf],
    standard_input: Box<dyn Read>,
    notes: &mut dyn Write,
) -> Result<Report> {
    let labels = read_labels(&options.labels)?;
    let mut contest = Contest::new(config, &options.settings.budgets);
    let start = Instant::now();
    each_event(config, paths, standard_input, notes, options.progress, &mut |event| contest.event(event))?;
    let seconds = start.elapsed().as_secs_f64();
    let scores = contest.scores();
    let mut report = Report::new(&scores, &labels, &options.settings);
    if report.stream.identity_days <= 0.0 {
        let days = options.settings.warm_up_days;
        bail!("nothing is left to count: the events end within the {days} days of warm-up (see --warm-up-days)");
    }
    report.events_per_second = scores.events as f64 / seconds.max(1e-9);
    Ok(report)
}

fn read_labels(path: &Path) -> Result<Vec<AttackLabel>> {
    let name = path.display().to_string().escape_debug().to_string();
    let text = fs::read_to_string(path).map_err(|error| anyhow!("cannot read the labels {name}: {error}"))?;
    parse_labels(&name, &text).map_err(|error| anyhow!(error))
}
