//! The `replay` command over files: files → events in order of time → findings → alerts.

use std::io::{Read, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::input::{Inputs, find};
use super::judging::Judging;
use super::merge::Merge;
use super::now;
use super::open::Opener;
use super::output::note;
use super::progress::Progress;
use super::records::Reading;
use super::summary::Summary;
use crate::config::Config;
use crate::detect::Detector;
use crate::event::{Entry, decode_entry};
use crate::network::Networks;

/// Where a replay reads and writes.
pub struct Streams<'s> {
    /// What `-` stands for.
    pub standard_input: Box<dyn Read>,
    /// Alerts, a JSON object a line.
    pub alerts: &'s mut dyn Write,
    /// Remarks and the summary, for people.
    pub notes: &'s mut dyn Write,
    /// Whether to show how far it has come, on standard error, where that is a terminal.
    pub progress: bool,
}

/// Replays the files that `paths` stand for, and says in the end what became of every record.
///
/// The order of the paths makes no difference. That nobody reads the alerts any more ends it, and is no error.
///
/// # Errors
/// A path that cannot be read, and alerts that cannot be written.
pub fn run<'s>(config: &'s Config, paths: &[PathBuf], mut streams: Streams<'s>) -> Result<Summary> {
    let inputs = find(paths)?;
    note(streams.notes, inputs.note());
    let standard_input = std::mem::replace(&mut streams.standard_input, Box::new(std::io::empty()));
    let opener = Opener::new(standard_input);
    let progress = Progress::of_files(streams.progress, &inputs, opener.read.clone());
    let mut judging = Judging::new(&config.alerts, streams, progress);
    let mut detector = Detector::for_files(&config.detect, &config.budget);
    judge_all(config, inputs, opener, &mut judging, &mut detector)?;
    Ok(judging.finish([&detector]))
}

/// Reads everything, or until nobody reads the alerts any more.
fn judge_all(
    config: &Config,
    inputs: Inputs,
    opener: Opener,
    judging: &mut Judging<'_>,
    detector: &mut Detector,
) -> Result<()> {
    let Config { decode, identity, replay, .. } = config;
    let reading = Reading::new(decode, replay, Networks::open(&config.network)?, now());
    let mut looked_at = |files| judging.progress.looked_at(files);
    let mut merge = Merge::new(inputs.inputs, opener, &reading, identity, replay, &mut looked_at)?;
    judging.progress.start();
    while judging.is_wanted
        && let Some(waiting) = merge.next()?
    {
        let entry = decode_entry(&waiting.entry).context("an event that was just written cannot be read back")?;
        if let Entry::Event(attributed) = &entry {
            judging.event(detector, attributed)?;
        }
    }
    judging.summary.read(&merge.tally, merge.opened_late);
    Ok(())
}
