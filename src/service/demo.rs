//! `demo`: the whole pipeline in one process, over an embedded broker and a simulated fleet.
//!
//! ```text
//!  fleet ─▶ audit.demo ─▶ ingest ─▶ events ─▶ detect ─▶ alerts ─▶ terminal   (each ─▶ a topic of the broker)
//! ```
//!
//! Two weeks of history as fast as it goes, then live, one minute of simulated time a second. The broker drops what it has
//! no room for, so the fleet waits whenever too much is unread. Standard output has the alerts, standard error the rest.

mod report;
mod time;

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};
use indicatif::{ProgressBar, ProgressStyle};

use self::report::Report;
use self::time::DemoTime;
use super::{Parts, Role, readiness, setup};
use crate::alert::text::{Colour, render};
use crate::config::Config;
use crate::event::{Finding, Timestamp};
use crate::http;
use crate::kafka::feed::{Feed, follow};
use crate::kafka::mock::MockBroker;
use crate::kafka::{Patience, Stop, Watch, wall_clock};
use crate::metrics::Metrics;
use crate::simulate::{Fleet, FleetConfig};

/// The audit topic of all sources: records are told apart by their content.
const AUDIT_TOPIC: &str = "audit.demo";
const AUDIT_PARTITIONS: u32 = 2;
const EVENTS_PARTITIONS: u32 = 2;
/// Records that may be unread: some 3 MiB, where a partition of the broker keeps 5 MiB.
const MAX_UNREAD: u64 = 2_000;
/// Records between two looks at how much is unread.
const LOOK_EVERY: u64 = 250;
/// One wait for the pipeline to catch up.
const PAUSE: Duration = Duration::from_millis(5);
/// One wait for the next record's time.
const LIVE_PAUSE: Duration = Duration::from_millis(100);
/// Longest wait for what is on its way when the demo ends.
const DRAIN: Duration = Duration::from_secs(20);
/// The live part begins at least so long before now, so that its hurried time does not run into the future.
const HEADSTART_HOURS: i64 = 12;
/// It begins on a Wednesday at nine (UTC), whenever the demo is started: the same seed shows the same. 1970 began on a
/// Thursday.
const LIVE_DAY_OF_WEEK: i64 = 6;
const LIVE_HOUR: i64 = 9;

/// What was asked of the demo.
#[derive(Debug, Clone)]
pub struct DemoOptions {
    /// Seed of the fleet.
    pub seed: u64,
    /// How long it runs; without it, until it is stopped.
    pub duration: Option<Duration>,
    /// Whether alerts are coloured.
    pub colour: Colour,
}

/// Findings on their way to the alerts topic, by the id of their record.
type Pending = Arc<Mutex<HashMap<String, Finding>>>;

/// Runs the demo until `stop`, or for the asked duration, and ends it with a summary.
///
/// # Errors
/// Where a part cannot start or dies, or standard output cannot be written.
pub fn run(config: &Config, options: &DemoOptions, metrics: &Arc<Metrics>, stop: &Stop) -> Result<()> {
    let broker = MockBroker::start()?;
    let config = configured(config, &broker)?;
    broker.create_topic(AUDIT_TOPIC, AUDIT_PARTITIONS)?;
    broker.create_own_topics(&config.kafka)?;

    let live = live_before(wall_clock());
    let demo = Demo {
        fleet: FleetConfig::demo(options.seed, live),
        time: Arc::new(DemoTime::new(live)),
        metrics: Arc::clone(metrics),
        bar: progress_bar(),
        ends: options.duration.map(|duration| Instant::now() + duration),
        stop: stop.clone(),
    };
    let pending = Pending::default();
    let mut parts_setup = setup(&config, Role::All, Arc::clone(metrics))?;
    let time = Arc::clone(&demo.time);
    parts_setup.clock = Arc::new(move || time.now());
    parts_setup.watch = Some(watch(&pending));

    let server = http::start(&config.http, Arc::clone(metrics), readiness(&parts_setup.health))?;
    demo.say(&report::opening(&demo.fleet, &config.kafka, &server.address().to_string(), MAX_UNREAD));
    let parts = Parts::start(&parts_setup, Role::All, Patience::Seconds(15), stop)?;
    let outcome = demo.play(&config, options.colour, parts, &pending);
    server.stop();
    outcome
}

/// One run.
struct Demo {
    fleet: FleetConfig,
    time: Arc<DemoTime>,
    metrics: Arc<Metrics>,
    bar: ProgressBar,
    ends: Option<Instant>,
    stop: Stop,
}

impl Demo {
    /// Feeds the pipeline and shows its alerts; then drains it and sums up.
    fn play(&self, config: &Config, colour: Colour, mut parts: Parts, pending: &Pending) -> Result<()> {
        let readers_stop = Stop::default();
        let report = Mutex::new(Report::default());
        std::thread::scope(|scope| {
            let reader = scope.spawn(|| self.show(config, colour, pending, &report, &readers_stop));
            let fed = self.feed(config, &mut parts);
            let written = fed.as_ref().map_or(0, |fed| fed.written);
            self.wait_for(DRAIN, || self.settled() >= written);
            let drained = parts.drain();
            readers_stop.request();
            let read = reader.join().unwrap_or_else(|_| Err(anyhow!("the reader of the alerts panicked")));
            self.bar.finish_and_clear();
            let fed = fed?;
            let report = report.lock().unwrap_or_else(PoisonError::into_inner);
            self.say(&report.summary(&fed, &self.metrics, self.time.now()));
            drained.and(read)
        })
    }

    /// History as fast as the pipeline takes it, then live; returns when it is over.
    fn feed(&self, config: &Config, parts: &mut Parts) -> Result<Fed> {
        let feed = Feed::open(&config.kafka, AUDIT_TOPIC)?;
        let mut fleet = Fleet::new(&self.fleet);
        let (mut record, begun) = (Vec::new(), Instant::now());
        let mut fed = Fed { written: 0, labels: fleet.labels().to_vec() };
        while let Some(emitted) = fleet.next(&mut record) {
            if emitted.time >= self.time.live_from() && self.time.go_live() {
                self.wait_for(DRAIN, || self.settled() >= fed.written);
                self.say(&report::going_live(fed.written, begun.elapsed(), &self.metrics, &fed.labels));
            }
            if !self.await_time(emitted.time, fed.written, parts)? {
                break;
            }
            self.time.reach(emitted.time);
            feed.send(&key(emitted.identity), &record, emitted.time)?;
            record.clear();
            fed.written += 1;
            if fed.written.is_multiple_of(LOOK_EVERY) {
                self.show_progress(fed.written);
                self.wait_for(DRAIN, || fed.written.saturating_sub(self.settled()) <= MAX_UNREAD);
            }
        }
        feed.flush(DRAIN)?;
        Ok(fed)
    }

    /// Waits for the time of a record. Says no where the demo is over before.
    fn await_time(&self, time: Timestamp, written: u64, parts: &mut Parts) -> Result<bool> {
        loop {
            if self.is_over() {
                return Ok(false);
            }
            if !self.time.is_live() || time <= self.time.now() {
                return Ok(true);
            }
            self.show_progress(written);
            if let Some(trouble) = parts.trouble(LIVE_PAUSE) {
                return Err(trouble);
            }
        }
    }

    fn is_over(&self) -> bool {
        self.stop.is_requested() || self.ends.is_some_and(|ends| Instant::now() >= ends)
    }

    /// Audit records that have come to their end: scored, or counted as something else.
    fn settled(&self) -> u64 {
        report::OUTCOMES.iter().map(|(_, metric, label)| self.metrics.total(metric, *label)).sum()
    }

    /// Waits until it is so, or too long.
    fn wait_for(&self, longest: Duration, is_so: impl Fn() -> bool) {
        let begun = Instant::now();
        while !is_so() && begun.elapsed() < longest {
            std::thread::sleep(PAUSE);
        }
    }

    /// Reads the alerts topic as a SIEM would, and shows each alert as it comes.
    fn show(
        &self,
        config: &Config,
        colour: Colour,
        pending: &Pending,
        report: &Mutex<Report>,
        stop: &Stop,
    ) -> Result<()> {
        let mut failure = None;
        follow(&config.kafka, &config.kafka.alerts_topic, &mut |id| {
            let Some(id) = id else { return !stop.is_requested() };
            let finding = pending.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
            let Some(finding) = finding else { return true };
            let text = render(&finding, colour);
            report.lock().unwrap_or_else(PoisonError::into_inner).read_back(finding);
            failure = self.bar.suspend(|| writeln!(io::stdout(), "{text}")).err();
            failure.is_none()
        })?;
        failure.map_or(Ok(()), |error| Err(error).context("standard output cannot be written"))
    }

    fn show_progress(&self, written: u64) {
        let alerts = self.metrics.total("nhi_alerts_total", None);
        let written = report::grouped(written);
        let minute = self.time.now().as_millis() / 60_000 * 60_000;
        self.bar.set_message(format!("{}  {written} records, {alerts} alerts", Timestamp::from_millis(minute)));
        self.bar.tick();
    }

    /// Standard error has everything but the alerts. Nobody reading it is no reason to stop.
    fn say(&self, text: &str) {
        self.bar.suspend(|| {
            let _ = writeln!(io::stderr(), "{text}");
        });
    }
}

/// What the fleet wrote.
struct Fed {
    written: u64,
    labels: Vec<crate::simulate::AttackLabel>,
}

fn configured(config: &Config, broker: &MockBroker) -> Result<Config> {
    let mut config = config.clone();
    config.kafka.audit_topics = vec![AUDIT_TOPIC.into()];
    config.kafka.ingest_threads = 1;
    config.kafka.create.events_partitions = EVENTS_PARTITIONS;
    config.kafka.commit_interval_ms = config.kafka.commit_interval_ms.min(200);
    broker.configure(&mut config.kafka);
    // The embedded broker answers a fetch that finds nothing only after this.
    config.kafka.consumer.properties.set("fetch.wait.max.ms", "10");
    Ok(config)
}

fn watch(pending: &Pending) -> Watch {
    let pending = Arc::clone(pending);
    Arc::new(move |finding, rendered| {
        let id = rendered.headers.iter().find(|(key, _)| *key == "ce_id").map(|(_, id)| id.clone());
        if let Some(id) = id {
            pending.lock().unwrap_or_else(PoisonError::into_inner).insert(id, finding.clone());
        }
    })
}

/// All records of an identity in one partition, in order.
fn key(identity: Option<usize>) -> Vec<u8> {
    identity.map_or_else(|| b"cloud".to_vec(), |identity| identity.to_string().into_bytes())
}

/// When the live part begins for a demo that is started at `now`.
fn live_before(now: Timestamp) -> Timestamp {
    let latest = now.plus_millis(-(HEADSTART_HOURS + LIVE_HOUR) * Timestamp::HOUR_MS).day();
    let day = latest - (latest - LIVE_DAY_OF_WEEK).rem_euclid(7);
    Timestamp::from_millis(day * Timestamp::DAY_MS + LIVE_HOUR * Timestamp::HOUR_MS)
}

/// Drawn only where standard error is a terminal.
fn progress_bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {msg}").expect("the template is well formed");
    ProgressBar::new_spinner().with_style(style)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_live_on_a_wednesday_at_nine_well_before_now() {
        let now = Timestamp::parse("2026-11-22T18:00:00Z").expect("a time");
        for hours in 0..400 {
            let now = now.plus_millis(hours * Timestamp::HOUR_MS);
            let live = live_before(now);
            assert!(now.since(live) >= HEADSTART_HOURS * Timestamp::HOUR_MS && now.since(live) < 8 * Timestamp::DAY_MS);
        }
        assert_eq!(live_before(now).to_string(), "2026-11-18T09:00:00Z");
    }
}
