//! What becomes of audit records on their way to the events topic.

use prometheus::{GaugeVec, Histogram, IntCounter, IntCounterVec, Registry, local::LocalHistogram};

use super::table::{counters, gauges, histograms};
use super::tally::{SourceTally, Tally, source_name};
use crate::decode::{DecodeError, Envelope, IgnoreReason};
use crate::event::{EntryError, Source, Timestamp};

/// Plain counts of one batch of audit records. `records` = events + ignored + dead (law 2).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IngestCounts {
    /// Records read; a message that could not be unwrapped counts as one.
    pub records: u64,
    /// Messages unwrapped, by kind of envelope.
    pub envelopes: Tally,
    /// Events acknowledged by the events topic, by source in the order of [`Source::ALL`].
    pub events: [u64; Source::ALL.len()],
    /// Records that need no scoring, by source and reason.
    pub ignored: SourceTally,
    /// Records that could not become an event, by source and reason.
    pub dead: SourceTally,
    /// Messages acknowledged by the dead-letter topic, by the reason of their first dead record.
    pub dead_letters: Tally,
    /// Ticks written.
    pub ticks: u64,
    /// Events whose scope has no name of its own (`kubernetes/unnamed`); they are among `events`.
    pub unnamed: u64,
    /// Newest event time read, by source in the order of [`Source::ALL`].
    pub newest: [Option<Timestamp>; Source::ALL.len()],
}

impl IngestCounts {
    /// Events, ignored and dead records together: equal to `records` when nothing is in flight.
    pub fn outcomes(&self) -> u64 {
        self.events.iter().sum::<u64>() + self.ignored.total() + self.dead.total()
    }
}

/// What becomes of audit records.
pub struct IngestMetrics {
    records: IntCounter,
    envelopes: IntCounterVec,
    events: IntCounterVec,
    discarded: IntCounterVec,
    errors: IntCounterVec,
    dead_letters: IntCounterVec,
    ticks: IntCounter,
    unnamed: IntCounter,
    lag: Histogram,
    last_event: GaugeVec,
}

impl IngestMetrics {
    pub(super) fn register(registry: &Registry) -> IngestMetrics {
        let none: &[&str] = &[];
        let metrics = IngestMetrics {
            records: counters(registry, "nhi_ingest_records_total").with_label_values(none),
            envelopes: counters(registry, "nhi_envelopes_total"),
            events: counters(registry, "nhi_events_total"),
            discarded: counters(registry, "nhi_events_discarded_total"),
            errors: counters(registry, "nhi_decode_errors_total"),
            dead_letters: counters(registry, "nhi_dlq_messages_total"),
            ticks: counters(registry, "nhi_ticks_total").with_label_values(none),
            unnamed: counters(registry, "nhi_unnamed_scope_events_total").with_label_values(none),
            lag: histograms(registry, "nhi_event_lag_seconds").with_label_values(none),
            last_event: gauges(registry, "nhi_last_event_timestamp_seconds"),
        };
        metrics.start_at_zero();
        metrics
    }

    /// What is known beforehand starts at 0, so that the first one is seen as an increase.
    fn start_at_zero(&self) {
        self.add(&IngestCounts::default());
        for kind in Envelope::ALL {
            self.envelopes.with_label_values(&[kind.name()]);
        }
        for reason in IgnoreReason::ALL {
            self.discarded.with_label_values(&[source_name(None), reason.reason()]);
        }
        for reason in DecodeError::REASONS {
            self.errors.with_label_values(&[source_name(None), reason]);
            self.dead_letters.with_label_values(&[reason]);
        }
        for reason in EntryError::REASONS {
            self.dead_letters.with_label_values(&[reason]);
        }
    }

    /// Adds the counts of a batch.
    pub fn add(&self, counts: &IngestCounts) {
        self.records.inc_by(counts.records);
        counts.envelopes.add_to(&self.envelopes);
        for (i, source) in Source::ALL.into_iter().enumerate() {
            self.events.with_label_values(&[source.name()]).inc_by(counts.events[i]);
            self.raise_last_event(source, counts.newest[i]);
        }
        counts.ignored.add_to(&self.discarded);
        counts.dead.add_to(&self.errors);
        counts.dead_letters.add_to(&self.dead_letters);
        self.ticks.inc_by(counts.ticks);
        self.unnamed.inc_by(counts.unnamed);
    }

    /// An entry of the events topic that could not be read was acknowledged by the dead-letter topic.
    pub fn buried(&self, reason: &'static str) {
        self.dead_letters.with_label_values(&[reason]).inc();
    }

    /// A distribution for one thread to fill with lags, event by event, and to flush once a batch.
    pub fn lags(&self) -> Lags {
        Lags(self.lag.local())
    }

    fn raise_last_event(&self, source: Source, newest: Option<Timestamp>) {
        let gauge = self.last_event.with_label_values(&[source.name()]);
        if let Some(newest) = newest.map(super::seconds)
            && newest > gauge.get()
        {
            gauge.set(newest);
        }
    }
}

/// Lags of one thread's events, not yet published.
pub struct Lags(LocalHistogram);

impl Lags {
    /// An event of `time` was read at `now`; an event ahead of the clock has no lag.
    pub fn observe(&mut self, time: Timestamp, now: Timestamp) {
        self.0.observe(now.since(time).max(0) as f64 / 1_000.0);
    }

    /// Publishes what was observed since the last time.
    pub fn flush(&self) {
        self.0.flush();
    }
}
