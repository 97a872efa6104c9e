//! What `/metrics` says: the naming rules, the bounds on labels, and the balance of the hops.

use std::collections::{BTreeMap, BTreeSet};

use nhiwatch::detect::{Census, Counts};
use nhiwatch::event::{Source, Timestamp};
use nhiwatch::metrics::{Client, IngestCounts, KafkaErrorKind, Metrics, Rebalance, Shape, Stage, TABLE};

const UNITS: [&str; 6] = ["_seconds", "_bytes", "_ratio", "_total", "_info", "_bits"];
/// Gauges that count things have no unit.
const COUNTED: [&str; 8] = [
    "nhi_kafka_consumer_lag",
    "nhi_kafka_assigned_partitions",
    "nhi_identities",
    "nhi_identities_learning",
    "nhi_open_incidents",
    "nhi_restore_remaining_records",
    "nhi_budget_per_1000_per_day",
    "nhi_realised_per_1000_per_day",
];

fn metrics() -> Metrics {
    Metrics::new(Timestamp::from_millis(1_767_225_600_000))
}

/// Samples by series, without comments.
fn samples(text: &str) -> BTreeMap<String, f64> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.rsplit_once(' ').unwrap()).map(|(k, v)| (k.to_owned(), v.parse().unwrap())).collect()
}

#[test]
fn names_follow_the_rules_of_prometheus() {
    let mut names = BTreeSet::new();
    for row in TABLE {
        let name = row.name;
        assert!(names.insert(name), "{name} stands in the table twice");
        assert!(name.starts_with("nhi_"), "{name}: prefix nhi_");
        assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_'), "{name}: lower case");
        assert_eq!(
            row.shape == Shape::Counter,
            name.ends_with("_total"),
            "{name}: counters end in _total, and only they"
        );
        let unit = UNITS.iter().any(|unit| name.ends_with(unit))
            || COUNTED.contains(&name)
            || ["nhi_score", "nhi_threshold_evidence"].contains(&name);
        assert!(unit, "{name}: a base unit as suffix");
        assert!(row.help.ends_with('.') || row.help.contains("; 0: never."), "{name}: help is a sentence");
        assert!(row.labels.len() <= 2, "{name}: at most two labels");
        for label in row.labels {
            assert!(!["identity", "principal", "account", "ip", "arn", "le"].contains(label), "{name}: label {label}");
        }
        if let Shape::Histogram(buckets) = row.shape {
            assert!(buckets.is_sorted() && buckets.len() <= 15, "{name}: buckets ascend and are few");
        }
    }
}

#[test]
fn every_row_of_the_table_is_exposed_and_nothing_else() {
    let metrics = metrics();
    metrics.kafka.read("audit.aws", 1, 1);
    metrics.kafka.set_lag("audit.aws", 0, 1);
    let text = metrics.render();
    let shown: BTreeSet<&str> =
        text.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let ours: BTreeSet<&str> = shown.iter().copied().filter(|name| !name.starts_with("process_")).collect();
    assert_eq!(ours, TABLE.iter().map(|row| row.name).collect());
    if cfg!(target_os = "linux") {
        assert!(shown.contains("process_resident_memory_bytes"), "the process is there too");
    }
}

#[test]
fn what_is_known_beforehand_starts_at_zero() {
    let samples = samples(&metrics().render());
    for series in [
        r#"nhi_alerts_total{activity="create",severity="high"}"#,
        r#"nhi_events_total{source="aws.cloudtrail"}"#,
        r#"nhi_dlq_messages_total{reason="not_json"}"#,
        r#"nhi_dlq_messages_total{reason="entry_damaged"}"#,
        r#"nhi_events_discarded_total{reason="tombstone",source="unknown"}"#,
        r#"nhi_alerts_total{activity="close",severity="low"}"#,
        r#"nhi_alerts_suppressed_total{reason="cap"}"#,
        r#"nhi_detect_outcomes_total{outcome="duplicate"}"#,
        r#"nhi_feature_fired_total{feature="twonet"}"#,
        r#"nhi_detect_outcomes_total{outcome="damaged"}"#,
        r#"nhi_kafka_commits_total{client="ingest_consumer",result="failed"}"#,
        r#"nhi_heartbeat_timestamp_seconds{stage="detect"}"#,
    ] {
        assert_eq!(samples.get(series), Some(&0.0), "{series}");
    }
    assert_eq!(samples["nhi_start_time_seconds"], 1_767_225_600.0);
}

#[test]
fn each_hop_balances() {
    let metrics = metrics();
    let mut ingest = IngestCounts { records: 9, ..IngestCounts::default() };
    ingest.events[0] = 5;
    ingest.ignored.add((Some(Source::AwsCloudtrail), "digest"), 3);
    ingest.dead.count((None, "not_json"));
    assert_eq!(ingest.outcomes(), ingest.records);
    metrics.ingest.add(&ingest);
    metrics.detect.read(11);
    metrics.detect.add(&Counts { scored: 4, late: 1, repeated: 1, duplicate: 3, ticks: 2, ..Counts::default() });
    metrics.detect.damaged(1);

    let samples = samples(&metrics.render());
    let sum =
        |name: &str| -> f64 { samples.iter().filter(|(k, _)| k.split('{').next() == Some(name)).map(|(_, v)| v).sum() };
    let outcomes = sum("nhi_events_total") + sum("nhi_events_discarded_total") + sum("nhi_decode_errors_total");
    assert_eq!(sum("nhi_ingest_records_total"), outcomes);
    assert_eq!(sum("nhi_detect_entries_total"), sum("nhi_detect_outcomes_total"));
}

#[test]
fn a_metric_has_few_series() {
    let samples = samples(&metrics().render());
    for row in TABLE {
        let count = samples.keys().filter(|series| series.split('{').next() == Some(row.name)).count();
        assert!(count <= 40, "{} starts with {count} series", row.name);
    }
}

#[test]
fn a_pattern_that_matches_thousands_of_topics_costs_few_series() {
    let metrics = metrics();
    for i in 0..5_000 {
        let topic = format!("audit.{i}");
        metrics.kafka.read(&topic, 1, 100);
        metrics.kafka.set_lag(&topic, i, 7);
    }
    let samples = samples(&metrics.render());
    let of = |name: &str| samples.keys().filter(|series| series.split('{').next() == Some(name)).count();
    assert_eq!(of("nhi_kafka_messages_total"), 51);
    assert!(of("nhi_kafka_consumer_lag") <= 100, "{}", of("nhi_kafka_consumer_lag"));
    assert_eq!(samples[r#"nhi_kafka_messages_total{topic="other"}"#], 4_950.0);
}

#[test]
fn gauges_add_up_the_partitions_that_are_owned() {
    let metrics = metrics();
    let census = |learning| Census { learning, state_bytes: 1_000, ..Census::default() };
    metrics.detect.set_census(0, &census(3), Timestamp::from_millis(20_000));
    metrics.detect.set_census(1, &census(4), Timestamp::from_millis(10_000));
    let both = samples(&metrics.render());
    assert_eq!(both["nhi_identities_learning"], 7.0);
    assert_eq!(both["nhi_state_bytes"], 2_000.0);
    assert_eq!(both["nhi_watermark_timestamp_seconds"], 10.0);
    metrics.detect.forget_partition(1);
    let one = samples(&metrics.render());
    assert_eq!(one["nhi_identities_learning"], 3.0);
    assert_eq!(one["nhi_watermark_timestamp_seconds"], 20.0);
}

#[test]
fn the_newest_event_time_never_goes_back() {
    let metrics = metrics();
    for millis in [5_000, 3_000] {
        let mut newest = IngestCounts::default().newest;
        newest[0] = Some(Timestamp::from_millis(millis));
        metrics.ingest.add(&IngestCounts { newest, ..IngestCounts::default() });
    }
    let samples = samples(&metrics.render());
    assert_eq!(samples[r#"nhi_last_event_timestamp_seconds{source="aws.cloudtrail"}"#], 5.0);
}

#[test]
fn what_the_clients_report_is_counted() {
    let metrics = metrics();
    metrics.kafka.failed(Client::DetectProducer, KafkaErrorKind::Authentication);
    metrics.kafka.rebalanced(Client::DetectConsumer, Rebalance::Lost);
    metrics.kafka.produced(Client::IngestProducer, 10, 2);
    metrics.heartbeat(Stage::Publish, Timestamp::from_millis(1_500));
    let mut lags = metrics.ingest.lags();
    lags.observe(Timestamp::from_millis(1_000), Timestamp::from_millis(3_000));
    lags.observe(Timestamp::from_millis(9_000), Timestamp::from_millis(3_000));
    lags.flush();
    let samples = samples(&metrics.render());
    assert_eq!(samples[r#"nhi_kafka_errors_total{client="detect_producer",kind="authentication"}"#], 1.0);
    assert_eq!(samples[r#"nhi_kafka_rebalances_total{client="detect_consumer",type="lost"}"#], 1.0);
    assert_eq!(samples[r#"nhi_kafka_produced_total{client="ingest_producer",result="failed"}"#], 2.0);
    assert_eq!(samples[r#"nhi_heartbeat_timestamp_seconds{stage="publish"}"#], 1.5);
    assert_eq!(samples["nhi_event_lag_seconds_sum"], 2.0);
    assert_eq!(samples["nhi_event_lag_seconds_count"], 2.0);
}
