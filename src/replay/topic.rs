//! The `replay` command over a Kafka topic, from its beginning to the end that it has now.
//!
//! An audit topic is decoded, resolved and judged in the order in which its messages were appended, by one detector.
//! The events topic is judged as `run` judges it (law 5): a detector for each partition, its entries in order of their
//! offsets, ticks included; so the alerts are those of `run`, as far back as the topic goes.
//!
//! What is absent on purpose: Kafka itself (`kafka::read`); nothing is committed, and nothing written but the alerts.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use anyhow::{Result, bail};

use super::judging::Judging;
use super::now;
use super::progress::Progress;
use super::running::Streams;
use super::summary::Summary;
use super::tally::Tally;
use crate::config::Config;
use crate::decode::{Decoded, Delivery, NoEvent, RecordInfo, Scratch, decode_message};
use crate::detect::Detector;
use crate::event::{Attributed, Entry, EntryError, Position, Timestamp, decode_entries};
use crate::identity::Resolver;
use crate::kafka::read::{TopicMessage, read_topic};
use crate::network::Networks;

/// Replays a topic: the events topic of the configuration, else one of audit records; says in the end what became of
/// every record. That nobody reads the alerts any more ends it, and is no error.
///
/// # Errors
/// Where no broker answers, the topic does not exist, holds what nhiwatch itself writes, or cannot be read to its end,
/// and where alerts cannot be written.
pub fn run_topic<'s>(config: &'s Config, topic: &str, streams: Streams<'s>) -> Result<Summary> {
    let kafka = &config.kafka;
    for (own, key, what) in [
        (&kafka.alerts_topic, "kafka.alerts_topic", "alerts"),
        (&kafka.state_topic, "kafka.state_topic", "the state of the detection"),
    ] {
        if topic == own {
            bail!("topic {topic} ({key}) holds {what}; replay reads audit topics and {}", kafka.events_topic);
        }
    }
    let progress = Progress::of_topic(streams.progress);
    let judging = Judging::new(&config.alerts, streams, progress);
    if topic == kafka.events_topic {
        replay_events(config, topic, judging)
    } else {
        replay_audit(config, topic, judging)
    }
}

fn replay_audit(config: &Config, topic: &str, mut judging: Judging<'_>) -> Result<Summary> {
    let mut audit = Audit {
        config,
        detector: Detector::for_files(&config.detect, &config.budget),
        scratch: Scratch::default(),
        resolver: Resolver::new(&config.identity),
        networks: Networks::open(&config.network)?,
        tally: Tally::default(),
        now: now(),
    };
    read_topic(&config.kafka, topic, &mut |message| {
        judging.progress.message(message.progress);
        audit.message(message, &mut judging)?;
        Ok(going_on(&judging))
    })?;
    judging.summary.read(&audit.tally, 0);
    Ok(judging.finish([&audit.detector]))
}

fn going_on(judging: &Judging<'_>) -> ControlFlow<()> {
    if judging.is_wanted { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
}

/// An audit topic on its way.
struct Audit<'c> {
    config: &'c Config,
    detector: Detector,
    scratch: Scratch,
    resolver: Resolver,
    networks: Networks,
    tally: Tally,
    /// Serves only to know dates that lie ahead.
    now: Timestamp,
}

impl Audit<'_> {
    fn message(&mut self, message: &TopicMessage<'_>, judging: &mut Judging<'_>) -> Result<()> {
        let Audit { config, detector, scratch, resolver, networks, tally, now } = self;
        let mut judged = Ok(());
        let mut record = |RecordInfo { index, .. }, decoded: Decoded<'_>| {
            tally.count(&decoded);
            if let (Ok(mut event), true) = (decoded, judged.is_ok()) {
                networks.describe(&mut event.origin);
                let identity = resolver.attribute(&mut event);
                let position = Position { index, ..message.position.clone() };
                judged = judging.event(detector, &Attributed { position, identity, event });
            }
        };
        let delivery = Delivery::of_topic(&message.position.topic, &config.decode, |_| None).at(*now);
        let decoded = decode_message(message.payload, delivery, &config.decode, scratch, &mut record);
        if let Err(error) = decoded {
            tally.count(&Err(NoEvent::Dead(error)));
        }
        judged
    }
}

fn replay_events(config: &Config, topic: &str, mut judging: Judging<'_>) -> Result<Summary> {
    let mut detectors = BTreeMap::new();
    let mut tally = Tally::default();
    read_topic(&config.kafka, topic, &mut |message| {
        judging.progress.message(message.progress);
        let detector = detectors
            .entry(message.position.partition)
            .or_insert_with(|| Detector::new(&config.detect, &config.budget));
        for entry in decode_entries(message.payload.unwrap_or_default()) {
            match entry {
                Ok(Entry::Event(event)) => {
                    tally.count_event(event.event.time);
                    judging.event(detector, &event)?;
                }
                Ok(Entry::Tick(tick)) => {
                    tally.count_tick();
                    judging.tick(detector, &tick, message.time.unwrap_or_default());
                }
                Err(error) => damaged(&mut tally, &mut judging, &message.position, &error),
            }
        }
        Ok(going_on(&judging))
    })?;
    judging.summary.read(&tally, 0);
    Ok(judging.finish(detectors.values()))
}

/// Counts an entry that is none of ours; the first one is told.
fn damaged(tally: &mut Tally, judging: &mut Judging<'_>, position: &Position<'_>, error: &EntryError) {
    if tally.damaged == 0 {
        let Position { topic, partition, offset, .. } = position;
        let place = format!("{topic} partition {partition} offset {offset}");
        judging.tell(format!("{place}: {error}; it is passed over, as are others like it"));
    }
    tally.count_damaged();
}
