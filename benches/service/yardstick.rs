//! What the same records cost somebody who only reads them, or reads and parses them: a process of its own, with one
//! consumer and librdkafka's defaults (but for its pause of a second whenever the local queue is full).
//!
//! `yardstick consume|parse SERVERS TOPIC COUNT START…`: COUNT records, from the offset START of each partition on.
//! Prints the processor seconds of the whole process from before the consumer was made until the last record.

use std::hint::black_box;
use std::process::Command;
use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::Message;
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

use super::{process, typed};

/// Which yardstick.
#[derive(Clone, Copy)]
pub enum Yardstick {
    /// Reads the records.
    Consume,
    /// Reads them and parses each into a typed struct that borrows its text.
    Parse,
}

impl Yardstick {
    fn name(self) -> &'static str {
        match self {
            Yardstick::Consume => "consume",
            Yardstick::Parse => "parse",
        }
    }
}

/// Processor seconds for so many records of the topic, measured in a new process.
pub fn measure(yardstick: Yardstick, servers: &str, topic: &str, count: u64, starts: &[i64]) -> f64 {
    let output = Command::new(std::env::current_exe().expect("it runs"))
        .args(["yardstick", yardstick.name(), servers, topic, &count.to_string()])
        .args(starts.iter().map(i64::to_string))
        .output()
        .expect("it starts again");
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

/// The process that is measured.
pub fn run(arguments: &[String]) {
    let [yardstick, servers, topic, count, starts @ ..] = arguments else { panic!("too few arguments") };
    let parses = yardstick == Yardstick::Parse.name();
    let count: u64 = count.parse().expect("a number of records");
    let before = process::process_seconds(std::process::id());
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", servers)
        .set("group.id", "yardstick")
        .set("isolation.level", "read_committed")
        .set("fetch.queue.backoff.ms", "10")
        .create()
        .expect("a consumer");
    let mut assignment = TopicPartitionList::new();
    for (partition, start) in (0..).zip(starts) {
        let start = Offset::Offset(start.parse().expect("an offset"));
        assignment.add_partition_offset(topic, partition, start).expect("an offset");
    }
    consumer.assign(&assignment).expect("an assignment");
    let mut read = 0;
    while read < count {
        let Some(record) = consumer.poll(Duration::from_secs(1)) else { continue };
        let record = record.expect("a record");
        let payload = black_box(record.payload().unwrap_or_default());
        if parses {
            drop(black_box(typed::read(payload)));
        }
        read += 1;
    }
    println!("{}", process::process_seconds(std::process::id()) - before);
}
