//! The Kafka side over librdkafka's mock cluster: the real protocol on loopback, without a broker to install.

#![allow(clippy::disallowed_methods, reason = "waits for what runs beside it, with a limit")]

#[path = "kafka/harness.rs"]
mod harness;

use harness::{AUDIT, Foreign, Pipeline, call, delivery, event_ids, headers};
use nhiwatch::config::Config;
use nhiwatch::event::{Entry, decode_entry};
use nhiwatch::kafka::mock::MockBroker;
use nhiwatch::service::Role;
use rdkafka::message::Message;
use rdkafka::types::RDKafkaRespErr;

const TIME: &str = "2026-03-02T10:00:00Z";

fn mock() -> (MockBroker, Config, Foreign) {
    let broker = MockBroker::start().unwrap();
    let mut config = Config::default();
    config.kafka.create.events_partitions = 2;
    config.kafka.create.alerts_partitions = 2;
    config.kafka.ingest_threads = 1;
    config.kafka.tick_interval_ms = 100;
    config.kafka.commit_interval_ms = 50;
    config.kafka.audit_topics = vec![AUDIT.into()];
    broker.configure(&mut config.kafka);
    broker.create_own_topics(&config.kafka).unwrap();
    broker.create_topic(AUDIT, 2).unwrap();
    let foreign = Foreign::new(&broker.bootstrap_servers());
    (broker, config, foreign)
}

fn one(id: &str) -> String {
    call(id, TIME, "backup", "s3", "ListBuckets", "203.0.113.7")
}

/// Law 2: bad records go to the dead letters whole, once, with Connect's headers; the others of the message are events.
#[test]
fn every_record_ends_in_one_outcome_and_bad_ones_harm_no_other() {
    let (_broker, config, foreign) = mock();
    let mut pipeline = Pipeline::start(&config, Role::Ingest);
    let broken = one("b-1").replace(TIME, "yesterday");
    let batch = delivery(&[one("a-1"), broken.clone(), one("a-2"), broken]);
    foreign.send(AUDIT, 0, "k", Some(&batch));
    foreign.send(AUDIT, 0, "k", Some(b"this is not JSON"));
    foreign.send(AUDIT, 1, "k", None);
    foreign.send(AUDIT, 1, "k", Some(b""));
    foreign.send(AUDIT, 1, "k", Some(one("a-3").as_bytes()));
    foreign.flush();

    pipeline.wait_until("three events and two dead letters", |p| {
        p.count("nhi_events_total", "") == 3 && p.count("nhi_dlq_messages_total", "") == 2
    });
    pipeline.wait_until("all is read", |p| p.count("nhi_ingest_records_total", "") == 8);
    pipeline.assert_balanced();
    let entries = foreign.read(&config.kafka.events_topic, |entries| event_ids(entries).len() == 3);
    let mut ids = event_ids(&entries);
    ids.sort();
    assert_eq!(ids, ["a-1", "a-2", "a-3"]);

    let letters = foreign.read(&config.kafka.dead_letter_topic, |letters| letters.len() == 2);
    let letter = letters.iter().find(|letter| letter.payload() == Some(&batch)).expect("the batch as it was");
    let told = headers(letter);
    assert_eq!(letter.key(), Some(b"k".as_slice()));
    assert_eq!(told["shipper"], "foreign");
    assert_eq!(told["__connect.errors.topic"], AUDIT);
    assert_eq!((told["__connect.errors.partition"].as_str(), told["__connect.errors.offset"].as_str()), ("0", "0"));
    assert_eq!(told["__connect.errors.connector.name"], config.kafka.ingest_group);
    assert_eq!(told["__connect.errors.exception.class.name"], "bad_time");
    assert_eq!(told["nhi.error.record_index"], "1,3");
    pipeline.parts.drain().unwrap();
}

/// A dead letter that is too large for its topic is cut, with its size and hash in the headers.
#[test]
fn a_huge_dead_letter_is_cut_and_says_so() {
    let (_broker, mut config, foreign) = mock();
    config.kafka.dead_letter_max_bytes = 64 << 10;
    let mut pipeline = Pipeline::start(&config, Role::Ingest);
    let huge = vec![b'x'; 700_000];
    foreign.send(AUDIT, 0, "k", Some(&huge));
    foreign.send(AUDIT, 0, "k", Some(one("a-1").as_bytes()));
    foreign.flush();
    pipeline.wait_until("the one behind it is an event", |p| p.count("nhi_events_total", "") == 1);
    let letters = foreign.read(&config.kafka.dead_letter_topic, |letters| letters.len() == 1);
    let told = headers(&letters[0]);
    assert!(letters[0].payload().unwrap().len() <= 64 << 10);
    assert_eq!((told["nhi.truncated"].as_str(), told["nhi.original.bytes"].as_str()), ("true", "700000"));
    assert_eq!(told["nhi.original.sha256"].len(), 64);
    pipeline.parts.drain().unwrap();
}

/// Law 4: the producer tries again until the broker acknowledges, and nothing is written twice or lost.
#[test]
fn broker_errors_lose_and_repeat_nothing() {
    let (broker, config, foreign) = mock();
    let mut pipeline = Pipeline::start(&config, Role::Ingest);
    let expected: Vec<String> = (0..200).map(|n| format!("e-{n:03}")).collect();
    for (n, id) in expected.iter().enumerate() {
        foreign.send(AUDIT, 0, "k", Some(one(id).as_bytes()));
        if n == 100 {
            foreign.flush();
            broker.fail_produce(&[
                RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                RDKafkaRespErr::RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS,
                RDKafkaRespErr::RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
            ]);
        }
    }
    foreign.flush();
    pipeline.wait_until("all are acknowledged", |p| p.count("nhi_events_total", "") == 200);
    pipeline.assert_balanced();
    let entries = foreign.read(&config.kafka.events_topic, |entries| event_ids(entries).len() >= 200);
    assert_eq!(event_ids(&entries), expected);
    pipeline.parts.drain().unwrap();
}

/// A graceful stop commits everything: the next start repeats nothing.
#[test]
fn a_restart_goes_on_where_the_last_run_ended() {
    let (_broker, config, foreign) = mock();
    for round in 0..3 {
        let mut pipeline = Pipeline::start(&config, Role::Ingest);
        for n in 0..50 {
            foreign.send(AUDIT, n % 2, "k", Some(one(&format!("e-{round}-{n:02}")).as_bytes()));
        }
        foreign.flush();
        pipeline.wait_until("this round's events", |p| p.count("nhi_events_total", "") == 50);
        pipeline.parts.drain().unwrap();
    }
    let entries = foreign.read(&config.kafka.events_topic, |entries| event_ids(entries).len() >= 150);
    let ids = event_ids(&entries);
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!((ids.len(), distinct.len()), (150, 150));
}

/// Law 6: ticks go to every events partition and say how far each audit partition was read.
#[test]
fn ticks_tell_every_events_partition_how_far_time_has_come() {
    let (_broker, config, foreign) = mock();
    let mut pipeline = Pipeline::start(&config, Role::Ingest);
    foreign.send(AUDIT, 1, "k", Some(one("a-1").as_bytes()));
    foreign.flush();
    pipeline.wait_until("the event", |p| p.count("nhi_events_total", "") == 1);
    let told = |partition: i32, entries: &[rdkafka::message::OwnedMessage]| {
        entries.iter().filter(|entry| entry.partition() == partition).any(|entry| {
            let Entry::Tick(tick) = decode_entry(entry.payload().unwrap()).unwrap() else { return false };
            let newest: Vec<_> = tick.partitions.iter().filter_map(|progress| progress.newest).collect();
            tick.partitions.len() == 2
                && tick.partitions.iter().all(|progress| progress.at_end && progress.topic == AUDIT)
                && newest == [nhiwatch::event::Timestamp::parse(TIME).unwrap()]
        })
    };
    foreign.read(&config.kafka.events_topic, |entries| told(0, entries) && told(1, entries));
    pipeline.parts.drain().unwrap();
}

/// Both halves at once, checkpoints included: entries scored are entries written, and a second run repeats none.
#[test]
fn detection_takes_up_where_it_ended() {
    let (_broker, mut config, foreign) = mock();
    config.kafka.checkpoint_interval_s = 1;
    let mut scored = 0;
    for round in 0..2 {
        let mut pipeline = Pipeline::start(&config, Role::All);
        for n in 0..500 {
            foreign.send(AUDIT, 0, "k", Some(one(&format!("e-{round}-{n:03}")).as_bytes()));
        }
        foreign.flush();
        // Some ids look like one that was seen before: those events are duplicates where they bring nothing new.
        let judged = |p: &Pipeline| {
            p.count("nhi_detect_outcomes_total", "scored") + p.count("nhi_detect_outcomes_total", "duplicate")
        };
        pipeline.wait_until("all are judged", |p| p.count("nhi_events_total", "") == 500 && judged(p) == 500);
        scored += judged(&pipeline);
        assert_eq!(pipeline.count("nhi_detect_outcomes_total", "repeated"), 0);
        assert_eq!(pipeline.count("nhi_detect_outcomes_total", "damaged"), 0);
        assert!(pipeline.setup.health.is_ready());
        pipeline.parts.drain().unwrap();
    }
    assert_eq!(scored, 1_000);
}

/// An entry of the events topic that is none of ours goes to the dead letters, and the ones behind it are scored.
#[test]
fn a_damaged_entry_is_a_dead_letter() {
    let (_broker, config, foreign) = mock();
    let damaged = [&[nhiwatch::event::WIRE_VERSION], b"damaged".as_slice()].concat();
    foreign.send(&config.kafka.events_topic, 0, "k", Some(&damaged));
    foreign.send(&config.kafka.events_topic, 0, "k", None);
    foreign.flush();
    let mut pipeline = Pipeline::start(&config, Role::All);
    foreign.send(AUDIT, 0, "k", Some(one("a-1").as_bytes()));
    foreign.flush();
    pipeline.wait_until("two dead letters and an event", |p| {
        p.count("nhi_dlq_messages_total", "entry_") == 2 && p.count("nhi_detect_outcomes_total", "scored") == 1
    });
    assert_eq!(pipeline.count("nhi_detect_outcomes_total", "damaged"), 2);
    let letters = foreign.read(&config.kafka.dead_letter_topic, |letters| letters.len() == 2);
    let told = headers(&letters[0]);
    assert_eq!(letters[0].payload(), Some(damaged.as_slice()));
    assert_eq!(told["__connect.errors.topic"], config.kafka.events_topic);
    assert_eq!(told["__connect.errors.connector.name"], config.kafka.detect_group);
    assert_eq!(told["__connect.errors.exception.class.name"], "entry_damaged");
    pipeline.parts.drain().unwrap();
}

/// `run` with a missing topic: one sentence that names it and the remedy.
#[test]
fn a_missing_topic_is_named_with_its_remedy() {
    let (_broker, mut config, _foreign) = mock();
    config.kafka.alerts_topic = "security.nhi.alerts.v9".into();
    let metrics = std::sync::Arc::new(nhiwatch::metrics::Metrics::new(nhiwatch::kafka::wall_clock()));
    let setup = nhiwatch::service::setup(&config, Role::All, metrics).unwrap();
    let patience = nhiwatch::kafka::Patience::Seconds(1);
    let stop = nhiwatch::kafka::Stop::default();
    let refused = nhiwatch::service::Parts::start(&setup, Role::All, patience, &stop);
    let sentence = format!("{:#}", refused.err().unwrap());
    assert!(sentence.contains("security.nhi.alerts.v9") && sentence.contains("nhiwatch topics create"), "{sentence}");
}

/// `replay --topic`: every message once, up to the end that the topic had, merged by record time.
#[test]
fn a_topic_is_read_once_to_its_end_in_one_order() {
    let (_broker, config, foreign) = mock();
    for n in 0..300 {
        foreign.send(AUDIT, n % 2, "k", Some(one(&format!("e-{n:03}")).as_bytes()));
    }
    foreign.flush();
    let read = || {
        let mut read = Vec::new();
        nhiwatch::kafka::read::read_topic(&config.kafka, AUDIT, &mut |message| {
            assert!(message.payload.is_some());
            read.push((message.time, message.position.partition, message.position.offset, message.progress));
            Ok(std::ops::ControlFlow::Continue(()))
        })
        .unwrap();
        read
    };
    let first = read();
    assert_eq!(first.len(), 300);
    assert_eq!(first.last().unwrap().3, (300, 300));
    assert!(first.is_sorted_by_key(|(time, ..)| *time));
    assert_eq!(first, read());
    let missing = nhiwatch::kafka::read::read_topic(&config.kafka, "audit.nothing", &mut |_| unreachable!());
    assert!(missing.unwrap_err().to_string().contains("audit.nothing"));
}
