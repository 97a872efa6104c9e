//! Audit records of a simulated fleet, written as a collector would: lz4, batches as they come.

use std::time::Duration;

use nhiwatch::event::Timestamp;
use nhiwatch::simulate::{AttackPlan, Fleet, FleetConfig};
use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer, ThreadedProducer};

use super::site::{PARTITIONS, Site};

/// One wait for the broker.
const WAIT: Duration = Duration::from_secs(60);

/// A fleet whose records end about now.
pub fn fleet(identities: usize, rate_scale: f64, days: i64) -> Fleet {
    let end = nhiwatch::kafka::wall_clock();
    Fleet::new(&FleetConfig {
        seed: 7,
        identities,
        accounts: (identities / 100).max(10),
        start: end.plus_millis(-days * Timestamp::DAY_MS),
        end,
        attacks: AttackPlan::None,
        confounders: true,
        rate_scale,
        elsewhere: false,
    })
}

/// The partition of a record: one for all of an identity, so that its records stay in order.
pub fn partition(identity: Option<usize>) -> i32 {
    (identity.unwrap_or(0) % PARTITIONS as usize) as i32
}

/// Writes records to the audit topic.
pub struct Feed<'a> {
    site: &'a Site,
    producer: ThreadedProducer<DefaultProducerContext>,
}

impl<'a> Feed<'a> {
    /// Records that can be read as soon as they are written.
    pub fn open(site: &'a Site) -> Feed<'a> {
        Feed { site, producer: settings(site).create().expect("a producer") }
    }

    /// Writes one record.
    pub fn send(&self, partition: i32, record: &[u8]) {
        let mut next = BaseRecord::<[u8], [u8]>::to(&self.site.audit).partition(partition).payload(record);
        while let Err((error, same)) = self.producer.send(next) {
            let full = KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull);
            assert_eq!(error, full, "a record cannot be written");
            self.producer.poll(Duration::from_millis(10));
            next = same;
        }
    }

    /// Writes the next `count` records of the fleet; says how many bytes they had.
    pub fn send_fleet(&self, fleet: &mut Fleet, count: u64) -> u64 {
        let (mut record, mut bytes) = (Vec::new(), 0);
        for _ in 0..count {
            let emitted = fleet.next(&mut record).expect("the fleet's span is long enough");
            self.send(partition(emitted.identity), &record);
            bytes += record.len() as u64;
            record.clear();
        }
        bytes
    }

    /// Everything written is acknowledged.
    pub fn flush(&self) {
        self.producer.flush(WAIT).expect("the broker acknowledges");
    }
}

fn settings(site: &Site) -> ClientConfig {
    let mut settings = ClientConfig::new();
    settings
        .set("bootstrap.servers", &site.servers)
        .set("compression.codec", "lz4")
        .set("linger.ms", "20")
        .set("enable.idempotence", "true");
    settings
}
