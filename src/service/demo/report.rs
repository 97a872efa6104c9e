//! What the demo says beside its alerts: what it is, how it goes, how it ended.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Fed;
use super::time::SPEED;
pub(super) use crate::alert::explain::grouped;
use crate::config::KafkaConfig;
use crate::event::{Activity, Finding, Source, Timestamp};
use crate::metrics::Metrics;
use crate::simulate::{AttackLabel, FleetConfig, Scenario};

/// Name and value of the one label that is looked at, where it is not the sum over all.
type Label = Option<(&'static str, &'static str)>;

/// The outcomes of an audit record: name, metric, label.
pub(super) const OUTCOMES: [(&str, &str, Label); 5] = [
    ("scored", "nhi_detect_outcomes_total", Some(("outcome", "scored"))),
    ("duplicates", "nhi_detect_outcomes_total", Some(("outcome", "duplicate"))),
    ("repeated", "nhi_detect_outcomes_total", Some(("outcome", "repeated"))),
    ("ignored", "nhi_events_discarded_total", None),
    ("dead letters", "nhi_decode_errors_total", None),
];
/// An attack counts as found until so long after its last record.
const GRACE_MS: i64 = 6 * Timestamp::HOUR_MS;

/// What was read back from the alerts topic.
#[derive(Default)]
pub(super) struct Report {
    findings: Vec<Finding>,
}

/// What the demo is, for whoever just started it.
pub(super) fn opening(fleet: &FleetConfig, kafka: &KafkaConfig, address: &str, max_unread: u64) -> String {
    format!(
        "nhiwatch demo: some {} simulated identities of AWS, and some 50 of Kubernetes, Google Cloud and GitHub, write the\n\
         records of their logs to an embedded Kafka broker.\n\
         \x20 broker   {}  volatile: it ends with this process. It keeps at most 5 MiB a partition and drops what\n\
         \x20          is older, so the fleet waits whenever {} records are unread: nothing is dropped.\n\
         \x20 metrics  http://{address}/metrics\n\
         \x20 fleet    seed {}, {} days of history first, as fast as it goes\n",
        fleet.identities,
        kafka.bootstrap_servers,
        grouped(max_unread),
        fleet.seed,
        FleetConfig::DEMO_HISTORY_DAYS
    )
}

/// The history is over.
pub(super) fn going_live(written: u64, took: Duration, metrics: &Metrics, labels: &[AttackLabel]) -> String {
    let seconds = took.as_secs_f64().max(0.001);
    format!(
        "learned {} records in {seconds:.1} s ({}/s): {} identities, {} of them with little history.\n\
         Live now, {} minute of simulated time a second; {} attacks are staged. Ctrl-C ends.\n",
        grouped(written),
        grouped((written as f64 / seconds) as u64),
        metrics.total("nhi_identities", None),
        metrics.total("nhi_identities_learning", None),
        SPEED / 60,
        labels.len()
    )
}

impl Report {
    /// An alert came back from the topic.
    pub(super) fn read_back(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// How it ended; the outcomes add up to what was written.
    pub(super) fn summary(&self, fed: &Fed, metrics: &Metrics, now: Timestamp) -> String {
        let mut text =
            format!("\nended at {now} simulated time\n  audit records written  {:>12}\n", grouped(fed.written));
        let mut all = 0;
        for (name, metric, label) in OUTCOMES {
            let count = metrics.total(metric, label);
            all += count;
            text += &format!("    {name:<20} {:>12}\n", grouped(count));
        }
        text += &match all == fed.written {
            true => "    every record has one outcome\n".to_owned(),
            false => format!("    {} records have no outcome yet\n", grouped(fed.written.saturating_sub(all))),
        };
        text += &by_source(metrics);
        text += &self.alerts(metrics);
        text + &self.attacks(&fed.labels, now)
    }

    fn alerts(&self, metrics: &Metrics) -> String {
        let incidents = || self.findings.iter().filter(|finding| finding.campaign.is_none());
        let count = |activity| incidents().filter(|finding| finding.activity == activity).count();
        format!(
            "  alerts published       {:>12}  ({} read back: {} new, {} updates, {} closed, {} campaigns)\n",
            grouped(metrics.total("nhi_alerts_total", None)),
            self.findings.len(),
            count(Activity::Create),
            count(Activity::Update),
            count(Activity::Close),
            self.findings.len() - incidents().count()
        )
    }

    /// What was staged, and whether an alert named a victim while it happened.
    fn attacks(&self, labels: &[AttackLabel], now: Timestamp) -> String {
        let begun: Vec<&AttackLabel> = labels.iter().filter(|label| label.start <= now).collect();
        let mut text = format!("  staged attacks begun   {:>12}  (of {})\n", begun.len(), labels.len());
        for label in &begun {
            let title = Scenario::of(&label.scenario).map_or("", |scenario| scenario.describe().1);
            let (number, technique) = (&label.scenario, &label.technique);
            let found = match self.first_alert(label) {
                Some(time) => format!("found after {} min", time.since(label.start).max(0) / 60_000),
                None => "not found so far".to_owned(),
            };
            text += &format!("    {number:<4} {title:<46} {found:<20} {technique}\n");
        }
        text + &self.others(labels)
    }

    fn others(&self, labels: &[AttackLabel]) -> String {
        let is_victim = |finding: &&Finding| labels.iter().any(|label| concerns(label, finding));
        let others: BTreeSet<&str> =
            self.findings.iter().filter(|f| f.is_alert() && !is_victim(f)).map(|f| f.principal.as_str()).collect();
        format!("  alerts on other identities {:>8}", others.len())
    }

    fn first_alert(&self, label: &AttackLabel) -> Option<Timestamp> {
        self.findings.iter().filter(|finding| concerns(label, finding)).map(|finding| finding.last).min()
    }
}

/// How many events were read from which log.
fn by_source(metrics: &Metrics) -> String {
    let count = |source: Source| metrics.total("nhi_events_total", Some(("source", source.name())));
    let lines = Source::ALL.into_iter().map(|source| (source, count(source))).filter(|(_, count)| *count > 0);
    let lines = lines.map(|(source, count)| format!("    {:<20} {:>12}\n", source.name(), grouped(count)));
    lines.fold("  events by source\n".to_owned(), |text, line| text + &line)
}

fn concerns(label: &AttackLabel, finding: &Finding) -> bool {
    // Records have whole seconds.
    let while_it_happened =
        finding.last >= label.start.plus_millis(-1_000) && finding.last <= label.end.plus_millis(GRACE_MS);
    finding.is_alert() && while_it_happened && label.names(&finding.scope, &finding.principal)
}
