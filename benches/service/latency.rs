//! From an audit record's arrival in Kafka to the readable alert, while the service is offered a steady stream.
//!
//! Warm identities of a simulated fleet make the stream. Among it, identities of known habits turn on their owner, one
//! every [`EVERY`]: each is one measurement, from the broker's append time of the record that the first alert names last
//! until a reader of committed records has that alert.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use nhiwatch::event::Timestamp;
use nhiwatch::kafka::wall_clock;
use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::Message;
use rdkafka::producer::{BaseRecord, DeliveryResult, Producer, ProducerContext, ThreadedProducer};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

use super::feed::{self, Feed};
use super::process;
use super::site::{PARTITIONS, Site};

#[path = "marker.rs"]
mod marker;
#[path = "template.rs"]
mod template;

use template::Template;

/// Events offered in a second.
const RATES: [u64; 2] = [5_000, 25_000];
/// How long each rate is offered.
const SPAN: Duration = Duration::from_secs(40);
/// Nothing is measured before the stream flows.
const LEAD: Duration = Duration::from_secs(8);
/// One measurement each.
const EVERY: Duration = Duration::from_millis(100);
/// How long the last alerts are awaited.
const GRACE: Duration = Duration::from_secs(10);
/// Identities of the stream, the days of their past, and how many records those have but for the last of them.
const IDENTITIES: usize = 60_000;
const DAYS: i64 = 2;
const HISTORY: u64 = 1_500_000;
/// Different records of the stream, the last of the past; then they come again with other ids and times.
const TEMPLATES: usize = 200_000;

/// Measures at each rate.
pub fn run(servers: &str) {
    // As many alerts as there are: what holds alerts back is not measured here.
    let site = Site::new(servers, "latency", "[budget]\nacute_per_1000_per_day = 50");
    let per_rate = ((SPAN - LEAD).as_millis() / EVERY.as_millis()) as usize;
    let mut records = feed::fleet(IDENTITIES, 0.02, DAYS);
    let history = Feed::open(&site);
    history.send_fleet(&mut records, HISTORY);
    let past = marker::past(per_rate * RATES.len(), wall_clock());
    past.iter().for_each(|(partition, record)| history.send(*partition, record));
    history.flush();
    let mut service = site.start("all");
    service.await_scored(HISTORY + past.len() as u64);
    let templates = template::of_fleet(&mut records, TEMPLATES);
    println!("\nlatency: {IDENTITIES} identities, {} s at each rate", SPAN.as_secs());
    for (turn, rate) in RATES.into_iter().enumerate() {
        let reader = Reader::start(&site);
        let offered = Offer::new(&site).run(&templates, rate, turn * per_rate);
        report(rate, per_rate, &offered, &reader.end());
    }
    service.stop();
}

/// What was sent of one measurement: when each step of it arrived.
type Arrivals = HashMap<usize, i64>;

/// What came of an offer.
struct Offered {
    arrivals: Arrivals,
    sent: u64,
    took: Duration,
}

/// Hands records over at a steady rate.
struct Offer<'a> {
    site: &'a Site,
    producer: ThreadedProducer<Delivered>,
    arrivals: Arc<Mutex<Arrivals>>,
    number: u64,
}

impl<'a> Offer<'a> {
    fn new(site: &'a Site) -> Offer<'a> {
        let arrivals = Arc::new(Mutex::new(Arrivals::new()));
        let producer = ClientConfig::new()
            .set("bootstrap.servers", &site.servers)
            .set("compression.codec", "lz4")
            .set("linger.ms", "5")
            .create_with_context(Delivered(Arc::clone(&arrivals)))
            .expect("a producer");
        Offer { site, producer, arrivals, number: wall_clock().as_millis().unsigned_abs() }
    }

    fn run(mut self, templates: &[Template], rate: u64, mut next_marker: usize) -> Offered {
        let (begun, mut sent, mut marked) = (Instant::now(), 0, LEAD);
        let mut record = Vec::new();
        while begun.elapsed() < SPAN {
            let now = wall_clock();
            let due = (begun.elapsed().as_secs_f64() * rate as f64) as u64;
            while sent < due {
                let template = &templates[sent as usize % templates.len()];
                self.number += 1;
                template.write(self.number, now, &mut record);
                self.send(template.partition, &record, marker::NONE);
                sent += 1;
            }
            if begun.elapsed() >= marked {
                marked += EVERY;
                for (step, partition, record) in marker::turn(next_marker, now) {
                    self.send(partition, &record, step);
                }
                next_marker += 1;
            }
            std::thread::park_timeout(Duration::from_millis(1));
        }
        let took = begun.elapsed();
        self.producer.flush(Duration::from_secs(60)).expect("the broker acknowledges");
        let arrivals = std::mem::take(&mut *self.arrivals.lock().expect("nothing panics with it"));
        Offered { arrivals, sent, took }
    }

    fn send(&self, partition: i32, record: &[u8], step: usize) {
        let mut next = BaseRecord::<[u8], [u8], usize>::with_opaque_to(&self.site.audit, step);
        next = next.partition(partition).payload(record);
        while let Err((_, same)) = self.producer.send(next) {
            self.producer.poll(Duration::from_millis(1));
            next = same;
        }
    }
}

/// Remembers when the broker appended the steps of the attacks.
struct Delivered(Arc<Mutex<Arrivals>>);

impl ClientContext for Delivered {}

impl ProducerContext for Delivered {
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, step: usize) {
        let record = result.as_ref().expect("the broker takes it");
        if step != marker::NONE {
            let appended = record.timestamp().to_millis().expect("the topic has append times");
            self.0.lock().expect("nothing panics with it").insert(step, appended);
        }
    }
}

/// An alert as it was read: its text, and when.
type Seen = (String, Timestamp);

/// Reads the alerts topic from its end on, as a SIEM would.
struct Reader {
    stop: Sender<()>,
    thread: JoinHandle<Vec<Seen>>,
}

impl Reader {
    fn start(site: &Site) -> Reader {
        let consumer: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", &site.servers)
            .set("group.id", "siem")
            .set("isolation.level", "read_committed")
            .create()
            .expect("a consumer");
        let mut assignment = TopicPartitionList::new();
        for partition in 0..PARTITIONS {
            let (_, end) = consumer.fetch_watermarks(&site.alerts, partition, GRACE).expect("the broker answers");
            assignment.add_partition_offset(&site.alerts, partition, Offset::Offset(end)).expect("an offset");
        }
        consumer.assign(&assignment).expect("an assignment");
        let (stop, stopped) = channel();
        Reader { stop, thread: std::thread::spawn(move || read(&consumer, &stopped)) }
    }

    fn end(self) -> Vec<Seen> {
        self.stop.send(()).expect("it reads until then");
        self.thread.join().expect("it does not panic")
    }
}

fn read(consumer: &BaseConsumer, stopped: &Receiver<()>) -> Vec<Seen> {
    let mut seen = Vec::new();
    let mut end = None;
    while end.is_none_or(|end| Instant::now() < end) {
        if stopped.try_recv().is_ok() {
            end = Some(Instant::now() + GRACE);
        }
        if let Some(alert) = consumer.poll(Duration::from_millis(20)) {
            let alert = alert.expect("an alert");
            seen.push((String::from_utf8_lossy(alert.payload().unwrap_or_default()).into_owned(), wall_clock()));
        }
    }
    seen
}

fn report(rate: u64, markers: usize, offered: &Offered, seen: &[Seen]) {
    let mut milliseconds = Histogram::<u64>::new_with_bounds(1, 600_000, 3).expect("the bounds are legal");
    let mut first = HashMap::new();
    for (alert, at) in seen {
        // The last of its steps that the first alert names is the one that raised it.
        let Some(marker) = marker::of_alert(alert) else { continue };
        let named = marker::steps(marker).filter(|(_, id)| alert.contains(id.as_str()));
        let arrived = named.filter_map(|(step, _)| offered.arrivals.get(&step)).max();
        if let (Some(arrived), false) = (arrived, first.contains_key(&marker)) {
            let delay = at.as_millis().saturating_sub(*arrived).max(1).unsigned_abs();
            milliseconds.saturating_record(delay);
            first.insert(marker, delay);
        }
    }
    println!(
        "  {rate:>6} events/s offered ({:.0} sent): p50 {} ms, p99 {} ms, longest {} ms; {} of {markers} attacks alerted, \
         {} other alerts; load {}",
        offered.sent as f64 / offered.took.as_secs_f64(),
        milliseconds.value_at_quantile(0.5),
        milliseconds.value_at_quantile(0.99),
        milliseconds.max(),
        first.len(),
        seen.iter().filter(|(alert, _)| marker::of_alert(alert).is_none()).count(),
        process::load()
    );
}
