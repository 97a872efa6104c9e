//! Topics in, over librdkafka's mock cluster: the same answers as from files, and those of `run` from the events topic.

#![allow(clippy::disallowed_methods, reason = "waits for the mock cluster, with a limit")]

#[path = "kafka/harness.rs"]
mod harness;

use std::io::Cursor;

use harness::{AUDIT, Foreign, call, delivery};
use nhiwatch::alert::{ProductInfo, ocsf};
use nhiwatch::config::Config;
use nhiwatch::detect::{Detector, Effects};
use nhiwatch::event::{Attributed, Entry, PartitionProgress, Position, Tick, Timestamp, decode_entry, encode_entry};
use nhiwatch::kafka::mock::MockBroker;
use nhiwatch::replay::{Streams, Summary, run, run_topic};
use rdkafka::message::Message;
use serde_json::Value;

fn mock() -> (MockBroker, Config, Foreign) {
    let broker = MockBroker::start().unwrap();
    let mut config = Config::default();
    config.kafka.create.events_partitions = 2;
    config.detect.warm_hours = 8;
    // Fleets of one identity: what is shown is that both ways give the same alerts, not how high thresholds are.
    config.budget.acute_per_1000_per_day = 10.0;
    broker.configure(&mut config.kafka);
    broker.create_own_topics(&config.kafka).unwrap();
    broker.create_topic(AUDIT, 1).unwrap();
    let foreign = Foreign::new(&broker.bootstrap_servers());
    (broker, config, foreign)
}

/// What a replay said: its summary, its alerts, its remarks.
fn replayed(
    config: &Config,
    replay: impl for<'s> FnOnce(&'s Config, Streams<'s>) -> anyhow::Result<Summary>,
    input: &[u8],
) -> (anyhow::Result<Summary>, Vec<String>, String) {
    let (mut alerts, mut notes) = (Vec::new(), Vec::new());
    let standard_input = Box::new(Cursor::new(input.to_vec()));
    let streams = Streams { standard_input, alerts: &mut alerts, notes: &mut notes, progress: false };
    let summary = replay(config, streams);
    let alerts = String::from_utf8(alerts).unwrap();
    (summary, alerts.lines().map(str::to_owned).collect(), String::from_utf8(notes).unwrap())
}

/// Days of a backup's routine, then what it never did before; `account` is the last digit of the account.
fn story(account: u8) -> Vec<String> {
    let own = |text: String| text.replace("111122223333", &format!("11112222333{account}"));
    let mut records = Vec::new();
    for hour in 0..240 {
        let time = format!("2026-02-{:02}T{:02}:05:00Z", 1 + hour / 24, hour % 24);
        records.push(own(call(&format!("{account}-{hour}"), &time, "backup", "s3", "ListBuckets", "203.0.113.7")));
    }
    for (number, (service, action)) in
        [("iam", "CreateAccessKey"), ("iam", "AttachUserPolicy"), ("cloudtrail", "StopLogging"), ("iam", "CreateUser")]
            .into_iter()
            .enumerate()
    {
        let time = format!("2026-02-11T00:{number:02}:30Z");
        records.push(own(call(&format!("{account}-x{number}"), &time, "backup", service, action, "198.51.100.99")));
    }
    records
}

/// An alert but for where its audit records were read.
fn without_positions(alert: &str) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.remove("position");
                fields.values_mut().for_each(strip);
            }
            Value::Array(values) => values.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut alert = serde_json::from_str(alert).unwrap();
    strip(&mut alert);
    alert
}

#[test]
fn an_audit_topic_says_what_a_file_says() {
    let (_broker, config, foreign) = mock();
    let records = story(1);
    for batch in records.chunks(7) {
        foreign.send(AUDIT, 0, "k", Some(&delivery(batch)));
    }
    foreign.send(AUDIT, 0, "k", Some(b"this is not JSON"));
    foreign.flush();
    let text: String = records.iter().map(|record| format!("{record}\n")).collect();
    let text = format!("{text}this is not JSON\n");
    let (of_topic, alerts, notes) = replayed(&config, |config, streams| run_topic(config, AUDIT, streams), b"");
    let (of_file, file_alerts, _) =
        replayed(&config, |config, streams| run(config, &["-".into()], streams), text.as_bytes());
    let of_topic = of_topic.unwrap();
    assert!(of_topic.adds_up() && of_topic.findings() > 0, "{notes}");
    assert_eq!(of_topic, of_file.unwrap());
    assert_eq!((of_topic.tally.records, of_topic.tally.dead_in_all()), (245, 1));
    assert!(notes.contains("The outcomes add up: 245 read = 244 scored + 0 ignored + 1 dead letters."), "{notes}");
    let plain = |alerts: &[String]| alerts.iter().map(|alert| without_positions(alert)).collect::<Vec<_>>();
    assert_eq!(plain(&alerts), plain(&file_alerts));
    let first: Value = serde_json::from_str(&alerts[0]).unwrap();
    let position = &first["evidences"][0]["data"]["position"];
    assert_eq!((&position["topic"], &position["offset"]), (&AUDIT.into(), &34.into()), "{position}");
}

/// An entry of the events topic for a record, as ingest makes it.
fn entry(config: &Config, record: &str, offset: i64) -> Vec<u8> {
    let mut buffer = Vec::new();
    let mut scratch = nhiwatch::decode::Scratch::default();
    let mut take = |nhiwatch::decode::RecordInfo { index, .. }, decoded: nhiwatch::decode::Decoded<'_>| {
        let Ok(event) = decoded else { panic!("{decoded:?}") };
        let identity = nhiwatch::identity::resolve(&event, &config.identity);
        let position = Position { topic: AUDIT.into(), partition: 0, epoch: 0, offset, index };
        encode_entry(&Entry::Event(Attributed { position, identity, event }), &mut buffer);
    };
    let decoded =
        nhiwatch::decode::decode_message(Some(record.as_bytes()), None, &config.decode, &mut scratch, &mut take);
    decoded.unwrap();
    buffer
}

/// Two partitions with an account each; a tick each tenth entry, one entry twice, one damaged.
fn write_events(config: &Config, foreign: &Foreign) {
    let topic = &config.kafka.events_topic;
    for (partition, account) in [(0, 1), (1, 2)] {
        for (offset, record) in (0..).zip(story(account)) {
            let entry = entry(config, &record, offset);
            foreign.send(topic, partition, "k", Some(&entry));
            if offset % 10 == 9 {
                let clock = Timestamp::parse("2026-02-01T00:00:00Z").unwrap().plus_millis(offset * Timestamp::HOUR_MS);
                let progress =
                    PartitionProgress { topic: AUDIT.into(), partition: 0, newest: Some(clock), at_end: true };
                let mut tick = Vec::new();
                encode_entry(&Entry::Tick(Tick { clock, partitions: vec![progress] }), &mut tick);
                foreign.send(topic, partition, "", Some(&tick));
            }
            if offset == 100 {
                foreign.send(topic, partition, "k", Some(&entry));
                foreign.send(topic, partition, "k", Some(b"\x01damaged"));
            }
        }
    }
    foreign.flush();
}

/// What the worker of a partition makes of its entries.
fn judged(config: &Config, foreign: &Foreign, partition: i32) -> Vec<String> {
    let count = usize::try_from(foreign.count(&config.kafka.events_topic)).unwrap();
    let entries = foreign.read(&config.kafka.events_topic, |entries| entries.len() == count);
    let (mut detector, mut effects, mut alerts) =
        (Detector::new(&config.detect, &config.budget), Effects::default(), Vec::new());
    for message in entries.iter().filter(|entry| entry.partition() == partition) {
        let appended = Timestamp::from_millis(message.timestamp().to_millis().unwrap());
        match decode_entry(message.payload().unwrap()) {
            Ok(Entry::Event(event)) => detector.apply(&event, &mut effects),
            Ok(Entry::Tick(tick)) => detector.tick(&tick, appended, &mut effects),
            Err(_) => {}
        }
        let build = ProductInfo { version: env!("CARGO_PKG_VERSION") };
        let rendered =
            std::mem::take(&mut effects.findings).into_iter().map(|found| ocsf::render(&found, &config.alerts, &build));
        alerts.extend(rendered.map(|rendered| String::from_utf8(rendered.body).unwrap()));
    }
    alerts
}

/// Law 5: same order of each events partition, same alerts, byte for byte.
#[test]
fn the_events_topic_gives_the_alerts_of_run() {
    let (_broker, config, foreign) = mock();
    write_events(&config, &foreign);
    let (summary, alerts, notes) =
        replayed(&config, |config, streams| run_topic(config, &config.kafka.events_topic, streams), b"");
    let summary = summary.unwrap();
    let of_account = |account: &str| -> Vec<String> {
        let scope = |alert: &str| serde_json::from_str::<Value>(alert).unwrap()["unmapped"]["scope"] == account;
        alerts.iter().filter(|alert| scope(alert)).cloned().collect()
    };
    for (partition, account) in [(0, "aws/111122223331"), (1, "aws/111122223332")] {
        let expected = judged(&config, &foreign, partition);
        assert!(!expected.is_empty(), "the story alerts");
        assert_eq!(of_account(account), expected);
    }
    assert!(summary.adds_up(), "{notes}");
    assert_eq!((summary.counts.repeated, summary.tally.ticks, summary.tally.damaged), (2, 48, 2));
    assert_eq!(summary.identities.iter().sum::<u64>(), 2);
    assert!(notes.contains("488 scored + 0 ignored + 0 dead letters + 2 repeated + 48 ticks + 2 damaged entries."));
    let damage = format!("{} partition ", config.kafka.events_topic);
    assert_eq!(notes.lines().filter(|line| line.starts_with(&damage)).count(), 1, "{notes}");
}

#[test]
fn a_topic_that_cannot_be_replayed_is_named() {
    let (broker, config, _foreign) = mock();
    let refused = |topic: &str| {
        format!("{:#}", replayed(&config, |config, streams| run_topic(config, topic, streams), b"").0.unwrap_err())
    };
    assert_eq!(refused("no.such"), format!("topic no.such does not exist on {}", broker.bootstrap_servers()));
    let alerts = refused(&config.kafka.alerts_topic);
    assert!(alerts.contains("kafka.alerts_topic") && alerts.contains(&config.kafka.events_topic), "{alerts}");
    let (empty, alerts, _) = replayed(&config, |config, streams| run_topic(config, AUDIT, streams), b"");
    assert_eq!((empty.unwrap().tally.records, alerts.len()), (0, 0));
}
