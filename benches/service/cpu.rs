//! Processor time for a million events, by role, beside the yardsticks of the same run.

use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};

use super::feed::{self, Feed};
use super::process::{self, Usage};
use super::site::{PARTITIONS, Service, Site};
use super::yardstick::{self, Yardstick};

/// What is measured.
pub struct Fleet {
    /// Identities of the simulated fleet.
    pub identities: usize,
    /// Days that the records span, the last of them today.
    pub days: i64,
    /// Calls in an active hour, as a share of what is usual.
    pub rate_scale: f64,
    /// Records from which the baselines are learned.
    pub warm: u64,
    /// Records behind them, which are measured.
    pub measured: u64,
}

/// Fills a topic, warms the service, and measures.
pub fn run(servers: &str, fleet: &Fleet) {
    let site = Site::new(servers, &format!("cpu-{}", fleet.identities), "");
    let mut records = feed::fleet(fleet.identities, fleet.rate_scale, fleet.days);
    let history = Feed::open(&site);
    history.send_fleet(&mut records, fleet.warm);
    history.finish();
    let starts = ends(&site);
    let (ingest, mut detect) = (site.start("ingest"), site.start("detect"));
    detect.await_scored(fleet.warm);

    let measured = Feed::open_transaction(&site);
    let bytes = measured.send_fleet(&mut records, fleet.measured);
    measured.flush();
    let before = Reading::take(&ingest, &detect);
    measured.finish();
    let took = detect.await_scored(fleet.warm + fleet.measured);
    let after = Reading::take(&ingest, &detect);
    let (identities, learning) = (detect.metric("nhi_identities", ""), detect.metric("nhi_identities_learning", ""));
    ingest.stop();
    detect.stop();

    println!(
        "\ncpu: {} identities ({learning} still learning), {} records of {} bytes, behind {} that warmed",
        identities,
        fleet.measured,
        bytes / fleet.measured,
        fleet.warm
    );
    let yardsticks = Yardsticks::measure(&site, fleet.measured, &starts);
    report(&before, &after, &yardsticks, fleet.measured, took);
}

/// What the two processes had used at some time.
struct Reading {
    ingest: Usage,
    detect: Usage,
    /// Cuts that were closed.
    cuts: f64,
}

impl Reading {
    fn take(ingest: &Service, detect: &Service) -> Reading {
        let cuts = detect.metric("nhi_snapshot_duration_seconds_count", "");
        Reading { ingest: process::usage(ingest.pid()), detect: process::usage(detect.pid()), cuts }
    }
}

/// Seconds for all measured records.
struct Yardsticks {
    consume: f64,
    parse: f64,
}

impl Yardsticks {
    /// The least of three: whatever else the machine does only adds.
    fn measure(site: &Site, count: u64, starts: &[i64]) -> Yardsticks {
        let least = |yardstick| {
            let seconds = (0..3).map(|_| yardstick::measure(yardstick, &site.servers, &site.audit, count, starts));
            seconds.fold(f64::INFINITY, f64::min)
        };
        Yardsticks { consume: least(Yardstick::Consume), parse: least(Yardstick::Parse) }
    }
}

fn report(before: &Reading, after: &Reading, yardsticks: &Yardsticks, events: u64, took: Duration) {
    let millions = events as f64 / 1e6;
    let line = |name: &str, seconds: f64| {
        println!("  {name:<38} {:>6.2} s  {:>5.2} ×", seconds / millions, seconds / yardsticks.parse);
    };
    println!("  {:<38} {:>8}  {:>7}", "processor time", "million", "parse");
    line("consume only", yardsticks.consume);
    line("consume + typed serde_json parse", yardsticks.parse);
    let (ingest, detect) =
        (process::between(&before.ingest, &after.ingest), process::between(&before.detect, &after.detect));
    line("service, end to end", ingest.values().chain(detect.values()).sum());
    for (process, usage) in [("ingest", &ingest), ("detect", &detect)] {
        for (role, seconds) in usage.iter().filter(|(_, seconds)| **seconds >= 0.005) {
            line(&format!("  {process}: {role}"), *seconds);
        }
    }
    println!(
        "  done after {:.1} s, {:.0} events/s; {} cuts of the state closed meanwhile; load {}",
        took.as_secs_f64(),
        events as f64 / took.as_secs_f64(),
        after.cuts - before.cuts,
        process::load()
    );
}

/// Where each partition of the audit topic ends now.
fn ends(site: &Site) -> Vec<i64> {
    let consumer: BaseConsumer =
        ClientConfig::new().set("bootstrap.servers", &site.servers).create().expect("a consumer");
    let end = |partition| consumer.fetch_watermarks(&site.audit, partition, Duration::from_secs(10));
    (0..PARTITIONS).map(|partition| end(partition).expect("the broker answers").1).collect()
}
