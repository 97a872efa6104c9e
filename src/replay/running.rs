//! The `replay` command: files → events in order of time → findings → alerts.

use std::io::{BufWriter, Read, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::input::{Inputs, find};
use super::merge::Merge;
use super::now;
use super::open::Opener;
use super::output::{note, told};
use super::progress::Progress;
use super::records::Reading;
use super::summary::Summary;
use crate::alert::{ProductInfo, ocsf};
use crate::config::Config;
use crate::detect::{Detector, Effects};
use crate::event::{Entry, Finding, decode_entry};

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
pub fn run(config: &Config, paths: &[PathBuf], streams: Streams<'_>) -> Result<Summary> {
    let inputs = find(paths)?;
    note(streams.notes, inputs.note());
    let opener = Opener::new(streams.standard_input);
    let progress = Progress::new(streams.progress, &inputs, opener.read.clone());
    let mut replay = Replay {
        config,
        detector: Detector::for_files(&config.detect),
        effects: Effects::default(),
        alerts: BufWriter::new(streams.alerts),
        summary: Summary::default(),
        progress,
    };
    let is_wanted = replay.all(inputs, opener)?;
    replay.progress.finish();
    let summary = replay.summary;
    if is_wanted {
        note(streams.notes, Some(summary.to_string()));
    }
    Ok(summary)
}

/// A replay on its way.
struct Replay<'r> {
    config: &'r Config,
    detector: Detector,
    effects: Effects,
    alerts: BufWriter<&'r mut dyn Write>,
    summary: Summary,
    progress: Progress,
}

impl Replay<'_> {
    /// Reads everything; false where nobody reads the alerts any more.
    fn all(&mut self, inputs: Inputs, opener: Opener) -> Result<bool> {
        let Config { decode, identity, replay, .. } = self.config;
        let reading = Reading::new(decode, replay, now());
        let progress = &self.progress;
        let mut looked_at = |files| progress.looked_at(files);
        let mut merge = Merge::new(inputs.inputs, opener, &reading, identity, replay, &mut looked_at)?;
        self.progress.start();
        while let Some(waiting) = merge.next()? {
            if !self.judge(&waiting.entry)? {
                return Ok(false);
            }
            self.progress.event(self.summary.findings());
        }
        self.summary.read(&merge.tally, merge.opened_late);
        self.summary.judged(&self.effects.counts, &self.detector.census());
        Ok(true)
    }

    fn judge(&mut self, entry: &[u8]) -> Result<bool> {
        let entry = decode_entry(entry).context("an event that was just written cannot be read back")?;
        if let Entry::Event(attributed) = &entry {
            self.detector.apply(attributed, &mut self.effects);
        }
        let mut is_wanted = true;
        for finding in std::mem::take(&mut self.effects.findings) {
            self.summary.found(&finding);
            is_wanted = is_wanted && self.publish(&finding)?;
        }
        Ok(is_wanted)
    }

    /// Writes an alert; false where nobody reads any more.
    fn publish(&mut self, finding: &Finding) -> Result<bool> {
        let build = ProductInfo { version: env!("CARGO_PKG_VERSION") };
        let rendered = ocsf::render(finding, &self.config.alerts, &build);
        let alerts = &mut self.alerts;
        let write = || {
            alerts.write_all(&rendered.body)?;
            alerts.write_all(b"\n")?;
            alerts.flush()
        };
        let written = self.progress.beside(write);
        let is_wanted = written.is_ok();
        told(written).map(|()| is_wanted)
    }
}
