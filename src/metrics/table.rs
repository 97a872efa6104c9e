//! The table of metrics: name, shape, labels and help of every series that is exposed, and nothing else.
//!
//! The parts of [`Metrics`](super::Metrics) register what stands here and nothing that does not; a test compares the
//! two. Rules (Prometheus' naming guide): prefix `nhi_`, base units as suffix, counters end in `_total`, points in
//! time are `_timestamp_seconds`. A label never has a value that comes from an audit record.

use prometheus::core::Collector;
use prometheus::{GaugeVec, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry};

/// What a metric is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Shape {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// A distribution, with the upper bounds of its buckets.
    Histogram(&'static [f64]),
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Definition {
    /// The name, with its unit.
    pub name: &'static str,
    /// What it is.
    pub shape: Shape,
    /// The names of its labels.
    pub labels: &'static [&'static str],
    /// One sentence for people.
    pub help: &'static str,
}

/// Delays from a tenth of a second to ten days.
const DELAYS: &[f64] =
    &[0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3_600.0, 21_600.0, 86_400.0, 864_000.0];
/// How long work takes, from 10 ms to ten minutes.
const DURATIONS: &[f64] = &[0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0];
/// Scores: one identity-day in 2^S.
const SCORES: &[f64] = &[4.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 20.0, 24.0, 28.0, 32.0, 40.0, 50.0];

const fn counter(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Definition {
    Definition { name, shape: Shape::Counter, labels, help }
}

const fn gauge(name: &'static str, labels: &'static [&'static str], help: &'static str) -> Definition {
    Definition { name, shape: Shape::Gauge, labels, help }
}

const fn histogram(name: &'static str, buckets: &'static [f64], help: &'static str) -> Definition {
    Definition { name, shape: Shape::Histogram(buckets), labels: &[], help }
}

/// Every metric of ours; `process_*` come from the collector of crate `prometheus`.
///
/// How the hops balance (law 2), both sides counted where the work is done:
///
/// * ingest: `nhi_ingest_records_total` = `nhi_events_total` + `nhi_events_discarded_total` + `nhi_decode_errors_total`
/// * detect: `nhi_detect_entries_total` = the sum of `nhi_detect_outcomes_total` + what is in flight
pub const TABLE: &[Definition] = &[
    // The process.
    gauge("nhi_build_info", &["version"], "Always 1; the version is in the label."),
    gauge("nhi_start_time_seconds", &[], "When the process started, in seconds since 1970."),
    gauge("nhi_heartbeat_timestamp_seconds", &["stage"], "When the stage last went round, by the clock; 0: never."),
    // Kafka.
    counter("nhi_kafka_messages_total", &["topic"], "Messages read from the topic."),
    counter("nhi_kafka_message_bytes_total", &["topic"], "Bytes of keys and values read from the topic."),
    gauge("nhi_kafka_consumer_lag", &["topic", "partition"], "Messages between our position and the end."),
    gauge("nhi_kafka_assigned_partitions", &["client"], "Partitions that the consumer owns."),
    counter("nhi_kafka_rebalances_total", &["client", "type"], "Assignments taken up, given back and lost."),
    counter("nhi_kafka_errors_total", &["client", "kind"], "Errors that the Kafka client reported."),
    counter("nhi_kafka_commits_total", &["client", "result"], "Commits of offsets."),
    counter("nhi_kafka_produced_total", &["client", "result"], "Messages acknowledged or given up by the producer."),
    // Ingest: audit records in, events out.
    counter("nhi_ingest_records_total", &[], "Audit records read; a message that cannot be unwrapped counts as one."),
    counter("nhi_envelopes_total", &["kind"], "Messages unwrapped, by what they were wrapped in."),
    counter("nhi_events_total", &["source"], "Events written to the events topic (with replay: scored)."),
    counter("nhi_events_discarded_total", &["source", "reason"], "Records that need no scoring, by source and reason."),
    counter(
        "nhi_decode_errors_total",
        &["source", "kind"],
        "Records that could not become an event, by source and reason.",
    ),
    counter("nhi_dlq_messages_total", &["reason"], "Messages written to the dead-letter topic, by first reason."),
    counter("nhi_unnamed_scope_events_total", &[], "Events whose cluster neither the log nor the topic names."),
    counter("nhi_ticks_total", &[], "Ticks written to the events topic."),
    histogram("nhi_event_lag_seconds", DELAYS, "Time from when it happened until ingest read the record."),
    gauge("nhi_last_event_timestamp_seconds", &["source"], "Newest event time read."),
    // Detect: events in, findings out.
    counter("nhi_detect_entries_total", &[], "Entries read from the events topic."),
    counter("nhi_detect_outcomes_total", &["outcome"], "Entries of the events topic, by what became of them."),
    counter("nhi_events_late_total", &[], "Events scored that were late against stream time."),
    counter("nhi_events_duplicate_total", &[], "Events whose id was seen before and that brought nothing new."),
    counter("nhi_events_learning_total", &[], "Events scored whose identity was still learning."),
    gauge("nhi_watermark_timestamp_seconds", &[], "Stream time of the owned partition that is furthest behind."),
    gauge("nhi_identities", &["kind"], "Identities with a baseline."),
    gauge("nhi_identities_learning", &[], "Identities that have too little history of their own."),
    gauge("nhi_open_incidents", &[], "Incidents that take up evidence."),
    counter("nhi_identities_created_total", &["kind"], "Identities seen for the first time."),
    counter("nhi_identities_evicted_total", &["reason"], "Identities forgotten to stay within a limit."),
    counter("nhi_values_evicted_total", &[], "Values forgotten because a table of an identity or a group was full."),
    gauge("nhi_state_bytes", &[], "Memory that the baselines take, counted by their parts."),
    counter("nhi_feature_fired_total", &["feature"], "Evidence found, by feature."),
    counter("nhi_waves_discounted_total", &[], "Surprises lowered because peers did the same within hours."),
    gauge(
        "nhi_dedup_covered_seconds",
        &[],
        "How far back repeated events are known, on the partition that knows least.",
    ),
    // The budget, by pool: `default`, and each kind with a budget of its own or recorded only.
    gauge("nhi_budget_per_1000_per_day", &["pool"], "Alerts asked for, per 1,000 identities and day."),
    gauge("nhi_realised_per_1000_per_day", &["pool"], "Alerts realised, likewise, over weeks; NaN in the first day."),
    gauge(
        "nhi_threshold_evidence",
        &["pool"],
        "Evidence that alerts; the mean over the owned partitions, by identities.",
    ),
    counter("nhi_incidents_held_back_total", &[], "Incidents that the hard cap on alerts held back when they opened."),
    counter("nhi_incidents_too_old_total", &[], "Incidents that were too old to be news when they opened."),
    // Alerts.
    histogram("nhi_score", SCORES, "Score of the findings: about one identity-day in 2^score looks like it."),
    counter("nhi_alerts_total", &["severity", "activity"], "Findings acknowledged by the alerts topic."),
    counter("nhi_alerts_suppressed_total", &["reason"], "Findings acknowledged that alert nobody, by reason."),
    counter("nhi_alert_publish_errors_total", &[], "Findings that could not be published at the first attempt."),
    histogram("nhi_ingest_to_alert_seconds", DELAYS, "Time from reading the audit record to the acknowledged alert."),
    gauge("nhi_last_alert_timestamp_seconds", &[], "When the last finding was acknowledged, by the clock; 0: never."),
    // State.
    counter("nhi_changelog_records_total", &[], "Records written to the state changelog."),
    counter("nhi_changelog_bytes_total", &[], "Bytes of keys and values written to the state changelog."),
    gauge("nhi_restore_remaining_records", &[], "Records of changelog and events that a restore has yet to read."),
    histogram("nhi_restore_duration_seconds", DURATIONS, "Time that the restore of one partition took."),
    counter("nhi_restore_lost_total", &[], "Restores that could not go back far enough: something was lost."),
    histogram("nhi_snapshot_duration_seconds", DURATIONS, "Time from opening a cut to closing it."),
    gauge("nhi_snapshot_last_success_timestamp_seconds", &[], "When a cut was last closed, by the clock; 0: never."),
];

/// Registers the counter of this name.
pub(super) fn counters(registry: &Registry, name: &str) -> IntCounterVec {
    let row = row(name);
    assert!(row.shape == Shape::Counter, "{name} is a counter in the table");
    let metric = IntCounterVec::new(Opts::new(row.name, row.help), row.labels).expect("the row is well formed");
    register(registry, metric)
}

/// Registers the gauge of this name.
pub(super) fn gauges(registry: &Registry, name: &str) -> GaugeVec {
    let row = row(name);
    assert!(row.shape == Shape::Gauge, "{name} is a gauge in the table");
    let metric = GaugeVec::new(Opts::new(row.name, row.help), row.labels).expect("the row is well formed");
    register(registry, metric)
}

/// Registers the histogram of this name.
pub(super) fn histograms(registry: &Registry, name: &str) -> HistogramVec {
    let row = row(name);
    let Shape::Histogram(buckets) = row.shape else { panic!("{name} is a histogram in the table") };
    let options = HistogramOpts::new(row.name, row.help).buckets(buckets.to_vec());
    register(registry, HistogramVec::new(options, row.labels).expect("the row is well formed"))
}

fn row(name: &str) -> &'static Definition {
    TABLE.iter().find(|row| row.name == name).expect("every metric stands in the table")
}

fn register<C: Collector + Clone + 'static>(registry: &Registry, metric: C) -> C {
    registry.register(Box::new(metric.clone())).expect("each name is registered once");
    metric
}
