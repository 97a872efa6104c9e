//! What the Kafka tests share: a foreign producer and consumer, CloudTrail records, a running pipeline.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use nhiwatch::config::Config;
use nhiwatch::event::{Entry, decode_entries};
use nhiwatch::kafka::{Patience, Setup, Stop};
use nhiwatch::metrics::Metrics;
use nhiwatch::service::{self, Parts, Role};
use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Headers, Message, OwnedMessage};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};

/// How long anything may take before a test gives up.
pub const PATIENCE: Duration = Duration::from_secs(60);
/// The audit topic of the tests.
pub const AUDIT: &str = "audit.aws";

/// A pipeline under test.
pub struct Pipeline {
    pub setup: Setup,
    pub parts: Parts,
}

impl Pipeline {
    /// Starts the parts of a role.
    pub fn start(config: &Config, role: Role) -> Pipeline {
        let metrics = Arc::new(Metrics::new(nhiwatch::kafka::wall_clock()));
        let setup = service::setup(config, role, metrics).unwrap();
        let parts = Parts::start(&setup, role, Patience::Seconds(20), &Stop::default()).unwrap();
        Pipeline { setup, parts }
    }

    /// The sum of all series of a metric of which the labels contain `label`.
    pub fn count(&self, metric: &str, label: &str) -> u64 {
        let text = self.setup.metrics.render();
        let series = text.lines().filter(|line| {
            line.strip_prefix(metric).is_some_and(|rest| rest.starts_with(['{', ' '])) && line.contains(label)
        });
        series.map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap() as u64).sum()
    }

    /// Waits until it holds, or fails with what is counted.
    pub fn wait_until(&mut self, what: &str, holds: impl Fn(&Pipeline) -> bool) {
        let begun = Instant::now();
        while !holds(self) {
            if let Some(trouble) = self.parts.trouble(Duration::from_millis(20)) {
                panic!("{what}: {trouble:#}");
            }
            assert!(begun.elapsed() < PATIENCE, "{what} did not happen:\n{}", self.setup.metrics.render());
        }
    }

    /// Reads = events + ignored + dead, when nothing is in flight.
    pub fn assert_balanced(&self) {
        let read = self.count("nhi_ingest_records_total", "");
        let events = self.count("nhi_events_total", "");
        let ignored = self.count("nhi_events_discarded_total", "");
        let dead = self.count("nhi_decode_errors_total", "");
        assert_eq!(read, events + ignored + dead, "read {read}, events {events}, ignored {ignored}, dead {dead}");
    }
}

/// A producer that knows nothing of nhiwatch.
pub struct Foreign {
    producer: BaseProducer,
    servers: String,
}

impl Foreign {
    pub fn new(servers: &str) -> Foreign {
        let producer = ClientConfig::new()
            .set("bootstrap.servers", servers)
            .set("message.max.bytes", "60000000")
            .create()
            .unwrap();
        Foreign { producer, servers: servers.to_owned() }
    }

    /// Produces one message, with a header of its own.
    pub fn send(&self, topic: &str, partition: i32, key: &str, value: Option<&[u8]>) {
        let headers = rdkafka::message::OwnedHeaders::new()
            .insert(rdkafka::message::Header { key: "shipper", value: Some("foreign") });
        let mut record = BaseRecord::<str, [u8]>::to(topic).key(key).partition(partition).headers(headers);
        record.payload = value;
        loop {
            match self.producer.send(record) {
                Ok(()) => break,
                Err((_, again)) => record = again,
            }
            self.producer.poll(Duration::from_millis(10));
        }
    }

    pub fn flush(&self) {
        self.producer.flush(PATIENCE).unwrap();
    }

    /// The messages of a topic from its beginning, as soon as `enough`.
    pub fn read(&self, topic: &str, mut enough: impl FnMut(&[OwnedMessage]) -> bool) -> Vec<OwnedMessage> {
        let consumer: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", &self.servers)
            .set("group.id", "foreign")
            .set("isolation.level", "read_committed")
            .create()
            .unwrap();
        let metadata = consumer.fetch_metadata(Some(topic), PATIENCE).unwrap();
        let mut assignment = rdkafka::TopicPartitionList::new();
        for partition in metadata.topics()[0].partitions() {
            assignment.add_partition_offset(topic, partition.id(), rdkafka::Offset::Beginning).unwrap();
        }
        consumer.assign(&assignment).unwrap();
        let (begun, mut read) = (Instant::now(), Vec::new());
        while !enough(&read) {
            if let Some(message) = consumer.poll(Duration::from_millis(50)) {
                read.push(message.unwrap().detach());
            }
            assert!(begun.elapsed() < PATIENCE, "{topic} has {} messages, not enough", read.len());
        }
        read
    }

    /// How many records a topic holds.
    pub fn count(&self, topic: &str) -> i64 {
        let client = self.producer.client();
        let metadata = client.fetch_metadata(Some(topic), PATIENCE).unwrap();
        let of = |partition: i32| client.fetch_watermarks(topic, partition, PATIENCE).unwrap();
        metadata.topics()[0].partitions().iter().map(|partition| of(partition.id())).map(|(low, high)| high - low).sum()
    }
}

/// A CloudTrail record of a role's call.
pub fn call(id: &str, time: &str, role: &str, service: &str, action: &str, ip: &str) -> String {
    format!(
        r#"{{"eventVersion":"1.11","userIdentity":{{"type":"AssumedRole","principalId":"AROA{role}:s","arn":"arn:aws:sts::111122223333:assumed-role/{role}/s","accountId":"111122223333","accessKeyId":"ASIAEXAMPLE{role}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROA{role}","arn":"arn:aws:iam::111122223333:role/{role}","accountId":"111122223333","userName":"{role}"}}}}}},"eventTime":"{time}","eventSource":"{service}.amazonaws.com","eventName":"{action}","awsRegion":"eu-central-1","sourceIPAddress":"{ip}","userAgent":"Boto3/1.34","requestParameters":null,"responseElements":null,"requestID":"r-{id}","eventID":"{id}","readOnly":true,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management"}}"#
    )
}

/// Records as AWS delivers them.
pub fn delivery(records: &[String]) -> Vec<u8> {
    format!(r#"{{"Records":[{}]}}"#, records.join(",")).into_bytes()
}

/// The headers of a message, by name.
pub fn headers(message: &OwnedMessage) -> BTreeMap<String, String> {
    let text = |bytes: Option<&[u8]>| String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned();
    let headers = message.headers().into_iter().flat_map(Headers::iter);
    headers.map(|header| (header.key.to_owned(), text(header.value))).collect()
}

/// The ids of the events among the entries of the events topic, in order of partition and offset.
pub fn event_ids(entries: &[OwnedMessage]) -> Vec<String> {
    let mut records: Vec<&OwnedMessage> = entries.iter().collect();
    records.sort_by_key(|record| (record.partition(), record.offset()));
    let id = |entry: Result<Entry<'_>, _>| match entry.unwrap() {
        Entry::Event(event) => Some(event.event.id.to_string()),
        Entry::Tick(_) => None,
    };
    records.into_iter().flat_map(|record| decode_entries(record.payload().unwrap()).filter_map(id)).collect()
}
