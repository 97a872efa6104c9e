//! What files and topics have in common: events are judged one by one, findings are written as alerts, all is counted.

use std::io::{BufWriter, Write};

use anyhow::Result;

use super::output::{note, told};
use super::progress::Progress;
use super::running::Streams;
use super::summary::Summary;
use crate::alert::{ProductInfo, ocsf};
use crate::config::AlertsConfig;
use crate::detect::{Detector, Effects};
use crate::event::{Attributed, Finding, Tick, Timestamp};

/// A replay on its way.
pub(super) struct Judging<'r> {
    config: &'r AlertsConfig,
    effects: Effects,
    alerts: BufWriter<&'r mut dyn Write>,
    notes: &'r mut dyn Write,
    /// What became of everything so far.
    pub(super) summary: Summary,
    /// How far it has come.
    pub(super) progress: Progress,
    /// Whether anybody reads the alerts.
    pub(super) is_wanted: bool,
}

impl<'r> Judging<'r> {
    /// Nothing is judged yet.
    pub(super) fn new(config: &'r AlertsConfig, streams: Streams<'r>, progress: Progress) -> Judging<'r> {
        Judging {
            config,
            effects: Effects::default(),
            alerts: BufWriter::new(streams.alerts),
            notes: streams.notes,
            summary: Summary::default(),
            progress,
            is_wanted: true,
        }
    }

    /// Judges one event, and writes what was found.
    ///
    /// # Errors
    /// Where an alert cannot be written. That nobody reads it is no error.
    pub(super) fn event(&mut self, detector: &mut Detector, event: &Attributed<'_>) -> Result<()> {
        detector.apply(event, &mut self.effects);
        for finding in std::mem::take(&mut self.effects.findings) {
            self.summary.found(&finding);
            if self.is_wanted {
                self.publish(&finding)?;
            }
        }
        self.progress.event(self.summary.findings());
        Ok(())
    }

    /// The passing of time; `appended` is the broker's time of the tick.
    pub(super) fn tick(&mut self, detector: &mut Detector, tick: &Tick<'_>, appended: Timestamp) {
        detector.tick(tick, appended, &mut self.effects);
    }

    /// Tells something for people, beside the progress.
    pub(super) fn tell(&mut self, what: String) {
        let notes = &mut self.notes;
        self.progress.beside(|| note(*notes, Some(what)));
    }

    /// Ends it: tells the summary, where anybody still reads.
    pub(super) fn finish<'d>(mut self, detectors: impl IntoIterator<Item = &'d Detector>) -> Summary {
        self.progress.finish();
        self.summary.judged(&self.effects.counts);
        detectors.into_iter().for_each(|detector| self.summary.add_census(&detector.census()));
        if self.is_wanted {
            note(self.notes, Some(self.summary.to_string()));
        }
        self.summary
    }

    fn publish(&mut self, finding: &Finding) -> Result<()> {
        let build = ProductInfo { version: env!("CARGO_PKG_VERSION") };
        let rendered = ocsf::render(finding, self.config, &build);
        let alerts = &mut self.alerts;
        let write = || {
            alerts.write_all(&rendered.body)?;
            alerts.write_all(b"\n")?;
            alerts.flush()
        };
        let written = self.progress.beside(write);
        self.is_wanted = written.is_ok();
        told(written)
    }
}
