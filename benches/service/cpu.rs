//! Processor time for a million events, by role, beside the yardsticks of the same run.

use std::time::{Duration, Instant};

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

/// Fills a topic, lets both roles go through it, and measures each on the records behind those that warm it.
pub fn run(servers: &str, fleet: &Fleet) {
    let per_cent = (fleet.rate_scale * 100.0).round();
    let site = Site::new(servers, &format!("cpu-{}-{per_cent}", fleet.identities), "");
    let mut records = feed::fleet(fleet.identities, fleet.rate_scale, fleet.days);
    let feed = Feed::open(&site);
    feed.send_fleet(&mut records, fleet.warm);
    feed.flush();
    let starts = ends(&site);
    let bytes = feed.send_fleet(&mut records, fleet.measured);
    feed.flush();
    let ends = ends(&site);

    let (mut ingest, mut detect) = (site.start("ingest"), site.start("detect"));
    let (ingested, scored) = std::thread::scope(|scope| {
        let ingested = scope.spawn(|| Stretch::measure(&mut ingest, Service::made, fleet));
        let scored = Stretch::measure(&mut detect, Service::scored, fleet);
        (ingested.join().expect("ingest is measured"), scored)
    });
    let (identities, learning) = (detect.metric("nhi_identities", ""), detect.metric("nhi_identities_learning", ""));
    ingest.stop();
    detect.stop();

    println!(
        "\ncpu: {} identities ({learning} still learning) at {per_cent} % of the usual rate, {} records of {} bytes, behind \
         {} that warmed",
        identities,
        fleet.measured,
        bytes / fleet.measured,
        fleet.warm
    );
    report(&ingested, &scored, &Yardsticks::measure(&site, &starts, &ends));
}

/// What a process used for the measured events, and how it went.
struct Stretch {
    /// Seconds of processor time for a million events.
    usage: Usage,
    /// Events a second.
    rate: f64,
    /// Cuts that were closed meanwhile.
    cuts: f64,
    /// Events of which the time was long past by the stream's own; hardly any in a stream that is in order.
    late: f64,
}

impl Stretch {
    /// From the first event behind those that warm to the last, by the process's own count.
    fn measure(service: &mut Service, done: fn(&Service) -> u64, fleet: &Fleet) -> Stretch {
        let mut reading = |events| {
            let counted = service.await_count(done, events);
            let (cuts, late) = ("nhi_snapshot_duration_seconds_count", "nhi_events_late_total");
            let (cuts, late) = (service.metric(cuts, ""), service.metric(late, ""));
            (counted, Instant::now(), process::usage(service.pid()), cuts, late)
        };
        let (before, begun, used_before, cuts_before, late_before) = reading(fleet.warm);
        let (after, ended, used, cuts, late) = reading(fleet.warm + fleet.measured);
        let events = (after - before) as f64;
        let mut usage = process::between(&used_before, &used);
        usage.values_mut().for_each(|seconds| *seconds *= 1e6 / events);
        let rate = events / ended.duration_since(begun).as_secs_f64();
        Stretch { usage, rate, cuts: cuts - cuts_before, late: late - late_before }
    }
}

/// Seconds for a million records.
struct Yardsticks {
    consume: f64,
    parse: f64,
}

impl Yardsticks {
    /// The mean of three runs each over all that was measured: the machine's speed changes from one to the next, and it
    /// was the service's once.
    fn measure(site: &Site, starts: &[i64], ends: &[i64]) -> Yardsticks {
        const RUNS: u32 = 3;
        let mean = |yardstick| {
            let seconds = (0..RUNS).map(|_| yardstick::measure(yardstick, site, starts, ends));
            seconds.sum::<f64>() / f64::from(RUNS)
        };
        Yardsticks { consume: mean(Yardstick::Consume), parse: mean(Yardstick::Parse) }
    }
}

fn report(ingested: &Stretch, scored: &Stretch, yardsticks: &Yardsticks) {
    let line = |name: &str, seconds: f64| {
        println!("  {name:<38} {seconds:>6.2} s  {:>5.2} ×", seconds / yardsticks.parse);
    };
    println!("  {:<38} {:>8}  {:>7}", "processor time", "million", "parse");
    line("consume only", yardsticks.consume);
    line("consume + typed serde_json parse", yardsticks.parse);
    line("service, end to end", ingested.usage.values().chain(scored.usage.values()).sum());
    for (process, stretch) in [("ingest", ingested), ("detect", scored)] {
        for (role, seconds) in stretch.usage.iter().filter(|(_, seconds)| **seconds >= 0.005) {
            line(&format!("  {process}: {role}"), *seconds);
        }
    }
    println!(
        "  ingest {:.0} events/s, detect {:.0}; {} cuts of the state closed meanwhile, {} events late; load {}",
        ingested.rate,
        scored.rate,
        scored.cuts,
        scored.late,
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
