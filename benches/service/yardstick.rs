//! What the same records cost somebody who only reads them, or reads and parses them: a process for each partition, all at
//! once, so that the processors are as busy as with the service; each with one consumer and librdkafka's defaults (but for
//! its pause of a second whenever the local queue is full).
//!
//! `yardstick consume|parse SERVERS TOPIC PARTITION START END`: the records from the offset START up to END.
//! Prints the processor seconds of the whole process from before the consumer was made until the last record.

use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::Message;
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

use super::site::Site;
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

/// Processor seconds for a million records, measured in new processes on those between these offsets, one for each partition.
pub fn measure(yardstick: Yardstick, site: &Site, starts: &[i64], ends: &[i64]) -> f64 {
    let start = |(partition, (start, end)): (usize, (&i64, &i64))| {
        Command::new(std::env::current_exe().expect("it runs"))
            .args(["yardstick", yardstick.name(), &site.servers, &site.audit])
            .args([partition.to_string(), start.to_string(), end.to_string()])
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts again")
    };
    let processes: Vec<_> = starts.iter().zip(ends).enumerate().map(start).collect();
    let seconds = processes.into_iter().map(|process| {
        let output = process.wait_with_output().expect("it ends");
        let text = String::from_utf8_lossy(&output.stdout);
        text.trim().parse::<f64>().expect("it prints seconds")
    });
    let records: i64 = starts.iter().zip(ends).map(|(start, end)| end - start).sum();
    seconds.sum::<f64>() * 1e6 / records as f64
}

/// The process that is measured.
pub fn run(arguments: &[String]) {
    let [yardstick, servers, topic, numbers @ ..] = arguments else { panic!("too few arguments") };
    let numbers: Vec<i64> = numbers.iter().map(|number| number.parse().expect("a number")).collect();
    let [partition, start, end] = numbers[..] else { panic!("a partition and two offsets are needed") };
    let parses = yardstick == Yardstick::Parse.name();
    let before = process::process_seconds(std::process::id());
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", servers)
        .set("group.id", "yardstick")
        .set("isolation.level", "read_committed")
        .set("fetch.queue.backoff.ms", "10")
        .create()
        .expect("a consumer");
    let mut assignment = TopicPartitionList::new();
    let partition = i32::try_from(partition).expect("a partition");
    assignment.add_partition_offset(topic, partition, Offset::Offset(start)).expect("an offset");
    consumer.assign(&assignment).expect("an assignment");
    let mut next = start;
    while next < end {
        let Some(record) = consumer.poll(Duration::from_secs(1)) else { continue };
        let record = record.expect("a record");
        let payload = black_box(record.payload().unwrap_or_default());
        if parses {
            drop(black_box(typed::read(payload)));
        }
        next = record.offset() + 1;
    }
    println!("{}", process::process_seconds(std::process::id()) - before);
}
