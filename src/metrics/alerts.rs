//! What was published, and what was written of the state behind it.

use prometheus::{Gauge, Histogram, IntCounter, IntCounterVec, Registry};

use super::table::{counters, gauges, histograms};
use crate::event::{Activity, Band, Finding, Muted, Timestamp};

/// What was published.
pub struct AlertMetrics {
    alerts: IntCounterVec,
    suppressed: IntCounterVec,
    publish_errors: IntCounter,
    score: Histogram,
    delay: Histogram,
    last: Gauge,
}

impl AlertMetrics {
    pub(super) fn register(registry: &Registry) -> AlertMetrics {
        let none: &[&str] = &[];
        let metrics = AlertMetrics {
            alerts: counters(registry, "nhi_alerts_total"),
            suppressed: counters(registry, "nhi_alerts_suppressed_total"),
            publish_errors: counters(registry, "nhi_alert_publish_errors_total").with_label_values(none),
            score: histograms(registry, "nhi_score").with_label_values(none),
            delay: histograms(registry, "nhi_ingest_to_alert_seconds").with_label_values(none),
            last: gauges(registry, "nhi_last_alert_timestamp_seconds").with_label_values(none),
        };
        for severity in ["informational", "low", "medium", "high", "critical"] {
            for activity in ["create", "update", "close"] {
                metrics.alerts.with_label_values(&[severity, activity]);
            }
        }
        for reason in Muted::ALL {
            metrics.suppressed.with_label_values(&[reason.name()]);
        }
        metrics
    }

    /// A finding was acknowledged by the alerts topic at `now`, which is `delay_ms` after its last event was ingested,
    /// where that is known. A finding that alerts nobody counts as `informational`.
    pub fn published(&self, finding: &Finding, delay_ms: Option<i64>, now: Timestamp) {
        self.alerts.with_label_values(&[severity(finding), activity(finding.activity)]).inc();
        if let Some(reason) = finding.muted {
            self.suppressed.with_label_values(&[reason.name()]).inc();
        }
        self.score.observe(finding.score);
        if let Some(delay) = delay_ms {
            self.delay.observe(delay.max(0) as f64 / 1_000.0);
        }
        self.last.set(super::seconds(now));
    }

    /// A finding could not be published at the first attempt.
    pub fn publish_failed(&self) {
        self.publish_errors.inc();
    }
}

fn severity(finding: &Finding) -> &'static str {
    match finding.band {
        _ if !finding.is_alert() => "informational",
        Band::Low => "low",
        Band::Medium => "medium",
        Band::High => "high",
        Band::Critical => "critical",
    }
}

fn activity(activity: Activity) -> &'static str {
    match activity {
        Activity::Create => "create",
        Activity::Update => "update",
        Activity::Close => "close",
    }
}

/// What was written and read back of the state.
pub struct StateMetrics {
    records: IntCounter,
    bytes: IntCounter,
    restore_remaining: Gauge,
    restore_duration: Histogram,
    restore_lost: IntCounter,
    cut_duration: Histogram,
    last_cut: Gauge,
}

impl StateMetrics {
    pub(super) fn register(registry: &Registry) -> StateMetrics {
        let none: &[&str] = &[];
        StateMetrics {
            records: counters(registry, "nhi_changelog_records_total").with_label_values(none),
            bytes: counters(registry, "nhi_changelog_bytes_total").with_label_values(none),
            restore_remaining: gauges(registry, "nhi_restore_remaining_records").with_label_values(none),
            restore_duration: histograms(registry, "nhi_restore_duration_seconds").with_label_values(none),
            restore_lost: counters(registry, "nhi_restore_lost_total").with_label_values(none),
            cut_duration: histograms(registry, "nhi_snapshot_duration_seconds").with_label_values(none),
            last_cut: gauges(registry, "nhi_snapshot_last_success_timestamp_seconds").with_label_values(none),
        }
    }

    /// So many records of so many bytes in all were acknowledged by the changelog.
    pub fn written(&self, records: u64, bytes: u64) {
        self.records.inc_by(records);
        self.bytes.inc_by(bytes);
    }

    /// Adds to what restores have yet to read: a positive number when one starts, negative ones as it gets on.
    pub fn restore_remaining(&self, records: i64) {
        self.restore_remaining.add(records as f64);
    }

    /// The restore of one partition is done.
    pub fn restored(&self, seconds: f64) {
        self.restore_duration.observe(seconds);
    }

    /// A restore could not go back far enough.
    pub fn restore_lost(&self) {
        self.restore_lost.inc();
    }

    /// A cut that took so long was closed at `now`.
    pub fn cut_closed(&self, seconds: f64, now: Timestamp) {
        self.cut_duration.observe(seconds);
        self.last_cut.set(super::seconds(now));
    }
}
