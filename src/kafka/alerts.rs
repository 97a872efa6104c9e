//! A finding as a record of the alerts topic: what `alert` renders, with the partition and the timestamp that Kafka
//! needs.

use rdkafka::message::{Header, OwnedHeaders};

use super::murmur2;
use crate::alert::{ProductInfo, Rendered, ocsf};
use crate::config::AlertsConfig;
use crate::event::{Finding, Timestamp};

/// Rendered, and placed.
pub(super) struct Alert {
    pub(super) rendered: Rendered,
    pub(super) finding: Finding,
    /// When the entry that led to it was appended to the events topic.
    pub(super) appended: Timestamp,
}

impl Alert {
    pub(super) fn new(finding: Finding, appended: Timestamp, config: &AlertsConfig) -> Alert {
        let build = ProductInfo { version: env!("CARGO_PKG_VERSION") };
        Alert { rendered: ocsf::render(&finding, config, &build), finding, appended }
    }

    /// The partition: all alerts of an identity share one, and keep their order.
    pub(super) fn partition(&self, partitions: i32) -> i32 {
        murmur2::partition(self.rendered.partition_hash_key.as_bytes(), partitions)
    }

    pub(super) fn headers(&self) -> OwnedHeaders {
        let empty = OwnedHeaders::new_with_capacity(self.rendered.headers.len());
        self.rendered
            .headers
            .iter()
            .fold(empty, |headers, (key, value)| headers.insert(Header { key, value: Some(value.as_str()) }))
    }
}

/// The record timestamp of an alert of this time. Brokers refuse timestamps ahead of their clock, and delete at once
/// what seems older than the topic's retention; the body keeps the true time.
pub(super) fn record_time(time: Timestamp, clock: Timestamp) -> i64 {
    time.min(clock).max(clock.plus_millis(-Timestamp::DAY_MS)).as_millis()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn record_times_stay_within_a_day_before_the_clock() {
        let clock = Timestamp::from_millis(1_769_903_999_000);
        let day = Timestamp::DAY_MS;
        for (time, expected) in [(-5, -5), (5, 0), (-day - 5, -day), (i64::MIN, -day)] {
            assert_eq!(record_time(clock.plus_millis(time), clock), clock.as_millis() + expected);
        }
    }
}
