//! Every metric: one table of what there is ([`TABLE`]), and one part a stage that is told what happened.
//!
//! Who works counts in plain fields and hands them over once a batch (`metrics.ingest.add(&counts)`,
//! `metrics.detect.add(&counts)`), because a labelled counter costs 50 ns and an event some hundreds. What comes out
//! is the classic text format of Prometheus. Nothing is global: who makes a [`Metrics`] owns its registry.
//!
//! What is absent on purpose: no clock (points in time are arguments), and no label whose value an audit record could
//! choose (reasons are `&'static str`, topics are those configured and bounded in number).

mod alerts;
mod detect;
mod ingest;
mod kafka;
mod pools;
mod table;
mod tally;

use prometheus::{GaugeVec, Registry, TextEncoder};

pub use alerts::{AlertMetrics, StateMetrics};
pub use detect::DetectMetrics;
pub use ingest::{IngestCounts, IngestMetrics, Lags};
pub use kafka::{Client, KafkaErrorKind, KafkaMetrics, Rebalance};
pub use table::{Definition, Shape, TABLE};
pub use tally::{SourceTally, Tally};

use crate::event::Timestamp;
use table::gauges;

/// A stage whose loop shows by a heartbeat that it goes round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Audit records → events.
    Ingest,
    /// Events → findings.
    Detect,
    /// Findings → alerts topic.
    Publish,
}

impl Stage {
    /// Every stage, in the order of data.
    pub const ALL: [Stage; 3] = [Stage::Ingest, Stage::Detect, Stage::Publish];

    /// The value of label `stage`.
    pub fn name(self) -> &'static str {
        match self {
            Stage::Ingest => "ingest",
            Stage::Detect => "detect",
            Stage::Publish => "publish",
        }
    }
}

/// Everything that is counted in this process. Shared by reference between threads.
pub struct Metrics {
    /// The Kafka clients.
    pub kafka: KafkaMetrics,
    /// Audit records → events.
    pub ingest: IngestMetrics,
    /// Events → findings.
    pub detect: DetectMetrics,
    /// Findings → alerts topic.
    pub alerts: AlertMetrics,
    /// The changelog: cuts and restores.
    pub state: StateMetrics,
    heartbeats: GaugeVec,
    registry: Registry,
}

impl Metrics {
    /// All metrics, known label values at 0, in a registry of their own. `started` is when the process did.
    pub fn new(started: Timestamp) -> Metrics {
        let registry = Registry::new();
        register_process(&registry);
        gauges(&registry, "nhi_build_info").with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1.0);
        gauges(&registry, "nhi_start_time_seconds").with_label_values::<&str>(&[]).set(seconds(started));
        let heartbeats = gauges(&registry, "nhi_heartbeat_timestamp_seconds");
        for stage in Stage::ALL {
            heartbeats.with_label_values(&[stage.name()]);
        }
        Metrics {
            kafka: KafkaMetrics::register(&registry),
            ingest: IngestMetrics::register(&registry),
            detect: DetectMetrics::register(&registry),
            alerts: AlertMetrics::register(&registry),
            state: StateMetrics::register(&registry),
            heartbeats,
            registry,
        }
    }

    /// The stage's loop went round at `now`.
    pub fn heartbeat(&self, stage: Stage, now: Timestamp) {
        self.heartbeats.with_label_values(&[stage.name()]).set(seconds(now));
    }

    /// When the stage's loop last went round; nothing where it never did.
    pub fn last_heartbeat(&self, stage: Stage) -> Option<Timestamp> {
        let seconds = self.heartbeats.with_label_values(&[stage.name()]).get();
        (seconds > 0.0).then(|| Timestamp::from_millis((seconds * 1_000.0).round() as i64))
    }

    /// The sum of a counter's or gauge's values, over all of its labels or those with one value of one label, rounded
    /// down; 0 where there is no such metric.
    pub fn total(&self, name: &str, label: Option<(&str, &str)>) -> u64 {
        let families = self.registry.gather();
        let samples = families.iter().filter(|family| family.name() == name).flat_map(|family| family.get_metric());
        let wanted = samples.filter(|sample| {
            label.is_none_or(|(key, value)| sample.get_label().iter().any(|l| l.name() == key && l.value() == value))
        });
        wanted.map(|sample| sample.get_counter().get_value() + sample.get_gauge().get_value()).sum::<f64>() as u64
    }

    /// All of it as text (exposition format 0.0.4).
    pub fn render(&self) -> String {
        let mut text = String::with_capacity(32 << 10);
        TextEncoder::new()
            .encode_utf8(&self.registry.gather(), &mut text)
            .expect("every metric has a name and a value");
        text
    }
}

/// CPU, memory and open files of this process; crate `prometheus` knows them on Linux only.
fn register_process(registry: &Registry) {
    #[cfg(target_os = "linux")]
    {
        let collector = prometheus::process_collector::ProcessCollector::for_self();
        registry.register(Box::new(collector)).expect("it is registered once");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = registry;
}

/// Seconds since 1970.
fn seconds(time: Timestamp) -> f64 {
    time.as_millis() as f64 / 1_000.0
}
