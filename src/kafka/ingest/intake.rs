//! One audit message: taken apart, each record decoded, resolved and produced; what could not be used becomes one dead
//! letter.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, bail};
use rdkafka::Timestamp as RecordTime;
use rdkafka::message::{BorrowedMessage, Headers, Message};

use super::super::dead_letter::{self, Complaint, Stage};
use super::super::outbox::{Outbox, Outgoing, Sent};
use super::super::{Setup, Stop, murmur2, settings};
use super::bundles::{Bundles, Joined};
use super::ownership::{Owned, Place};
use crate::config::DecodeConfig;
use crate::decode::{DecodeError, Decoded, Delivery, NoEvent, RecordInfo, Scratch, decode_message};
use crate::event::{Entry, Event, Identity, Position, Source, Tick, Timestamp, encode_entry};
use crate::identity::Resolver;
use crate::metrics::{Client, IngestCounts, Lags};

/// How a scope ends that has no name.
const UNNAMED: &str = "/unnamed";

/// The reason of a record whose event is larger than the events topic takes.
const EVENT_TOO_LARGE: &str = "event_too_large";

/// Whether more may be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// Yes.
    Free,
    /// Not before some is acknowledged.
    Full,
}

/// A message of which everything is handed over.
struct Done {
    place: Place,
    events: [u64; Source::ALL.len()],
    dead_letter: Option<&'static str>,
}

impl Done {
    /// What it weighs among what waits for acknowledgements: its events, and itself.
    fn weight(&self) -> usize {
        usize::try_from(self.events.iter().sum::<u64>()).expect("they were counted one by one") + 1
    }
}

/// The messages that are done once the record is acknowledged that this is the receipt of, and all records before it.
#[derive(Default)]
pub(super) struct Receipt(Vec<Done>);

/// Everything between a message and the outbox. Owned by one loop.
pub(super) struct Intake {
    setup: Setup,
    /// That of `setup`, shared so that it can be read while records are made.
    decode: Arc<DecodeConfig>,
    events_partitions: i32,
    outbox: Outbox<Receipt>,
    bundles: Bundles,
    /// Messages whose last events may still wait in a bundle.
    bundled: Vec<Done>,
    /// Events and messages of which not all is acknowledged.
    in_flight: usize,
    pub(super) owned: Owned,
    scratch: Scratch,
    resolver: Resolver,
    buffer: Vec<u8>,
    counts: IngestCounts,
    /// Whether a tick went out: the clock goes ahead of the first event, so that history is known for what it is.
    ticked: bool,
    /// Whether it was said that a log does not name its cluster.
    told_unnamed: bool,
    lags: Lags,
    read: Reads,
}

/// Messages and bytes read since the last publication, by topic; the topic of the last message is at hand.
#[derive(Default)]
struct Reads {
    topic: String,
    messages: u64,
    bytes: u64,
}

impl Intake {
    pub(super) fn new(setup: Setup, events_partitions: i32, stop: Stop) -> Result<Intake> {
        let mut config = settings::events_producer(&setup.kafka)?;
        config.set("enable.gapless.guarantee", "true");
        let wait = Duration::from_secs(setup.kafka.drain_timeout_s);
        let outbox = Outbox::new(config, "ingest producer", |_| true, stop, wait)?;
        let owned = Owned::new(setup.kafka.audit_epoch);
        let lags = setup.metrics.ingest.lags();
        Ok(Intake {
            decode: Arc::new(setup.decode.clone()),
            resolver: Resolver::new(&setup.identity),
            setup,
            events_partitions,
            outbox,
            bundles: Bundles::new(events_partitions),
            bundled: Vec::new(),
            in_flight: 0,
            owned,
            scratch: Scratch::default(),
            buffer: Vec::new(),
            counts: IngestCounts::default(),
            ticked: false,
            told_unnamed: false,
            lags,
            read: Reads::default(),
        })
    }

    /// Makes events, and a dead letter where needed, of one message.
    pub(super) fn take(&mut self, message: &BorrowedMessage<'_>) -> Result<Room> {
        // Asked once: librdkafka's answer is measured and checked each time.
        let topic = message.topic();
        self.note_read(topic, message);
        let Some(place) = self.owned.arrived(topic, message.partition(), message.offset()) else {
            return Ok(Room::Free);
        };
        if !self.ticked {
            self.tick()?;
        }
        self.bundles.wait();
        let mut records = Records::new(self, topic, message, place);
        records.decode()?;
        let Records { complaint, events, .. } = records;
        let reason = (!complaint.is_empty()).then_some(complaint.reason);
        if reason.is_some() {
            self.outbox.begin(Receipt::default());
            dead_letter::bury(&mut self.outbox, message, &complaint, Stage::Decode, &self.setup.kafka)?;
        }
        let done = Done { place, events, dead_letter: reason };
        self.in_flight += done.weight();
        self.bundled.push(done);
        Ok(if self.in_flight >= self.setup.kafka.max_in_flight { Room::Full } else { Room::Free })
    }

    /// Leaves an event where it waits for others that go to the same partition; a large one goes at once. The bytes of
    /// one that is larger than the producer may send are returned.
    fn post(&mut self, position: &Position<'_>, identity: &Identity<'_>, event: &Event<'_>) -> Result<Option<usize>> {
        let partition = murmur2::partition(identity.scope.as_bytes(), self.events_partitions);
        let mut joined = self.bundles.join(partition, position, identity, event);
        if joined == Joined::Full {
            self.send_bundle(partition)?;
            joined = self.bundles.join(partition, position, identity, event);
        }
        if joined != Joined::Alone {
            return Ok(None);
        }
        let record = self.bundles.record(partition);
        let sent = send(&mut self.outbox, &self.setup, partition, record)?;
        let too_large = (sent == Sent::TooLarge).then_some(record.len());
        self.bundles.clear(partition);
        Ok(too_large)
    }

    fn send_bundle(&mut self, partition: i32) -> Result<()> {
        let record = self.bundles.record(partition);
        if !record.is_empty() && send(&mut self.outbox, &self.setup, partition, record)? == Sent::TooLarge {
            bail!("a record of {} bytes is more than the producer may send: raise message.max.bytes", record.len());
        }
        self.bundles.clear(partition);
        Ok(())
    }

    /// Sends what waits in bundles.
    pub(super) fn close(&mut self) -> Result<()> {
        for partition in 0..self.events_partitions {
            self.send_bundle(partition)?;
        }
        self.bundles.rest();
        if !self.bundled.is_empty() {
            self.outbox.begin(Receipt(std::mem::take(&mut self.bundled)));
        }
        Ok(())
    }

    /// How long what waits in bundles may still wait.
    pub(super) fn patience(&self) -> Option<Duration> {
        self.bundles.patience()
    }

    /// Takes delivery reports for up to `wait`, and books what is acknowledged by now.
    pub(super) fn serve(&mut self, wait: Duration) -> Result<()> {
        self.outbox.serve(wait)?;
        self.settle();
        Ok(())
    }

    /// Sends everything and waits for the acknowledgements, for as long as `wait`; whether all came.
    pub(super) fn flush(&mut self, wait: Duration) -> Result<bool> {
        self.close()?;
        let all = self.outbox.flush(wait);
        self.settle();
        all
    }

    /// Events and messages of which not all is acknowledged.
    pub(super) fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// A tick to every events partition.
    pub(super) fn tick(&mut self) -> Result<()> {
        // What it says of the partitions is true only behind their events.
        self.close()?;
        let partitions = self.owned.progress();
        if partitions.is_empty() {
            return Ok(());
        }
        encode_entry(&Entry::Tick(Tick { clock: (self.setup.clock)(), partitions }), &mut self.buffer);
        for partition in 0..self.events_partitions {
            send(&mut self.outbox, &self.setup, partition, &self.buffer)?;
        }
        self.ticked = true;
        self.counts.ticks += u64::from(self.events_partitions.unsigned_abs());
        Ok(())
    }

    /// Books what is acknowledged by now.
    fn settle(&mut self) {
        for done in self.outbox.settled().flat_map(|Receipt(messages)| messages) {
            self.in_flight -= done.weight();
            for (count, events) in self.counts.events.iter_mut().zip(done.events) {
                *count += events;
            }
            if let Some(reason) = done.dead_letter {
                self.counts.dead_letters.count(reason);
            }
            self.owned.acknowledged(done.place);
        }
    }

    /// Adds what was counted to the metrics.
    pub(super) fn publish_counts(&mut self) {
        let Setup { metrics, .. } = &self.setup;
        if self.read.messages > 0 {
            metrics.kafka.read(&self.read.topic, self.read.messages, self.read.bytes);
            (self.read.messages, self.read.bytes) = (0, 0);
        }
        metrics.kafka.produced(Client::IngestProducer, self.outbox.take_acknowledged(), 0);
        if self.counts != IngestCounts::default() {
            metrics.ingest.add(&std::mem::take(&mut self.counts));
            self.lags.flush();
        }
    }

    fn note_read(&mut self, topic: &str, message: &BorrowedMessage<'_>) {
        if self.read.topic != topic {
            self.publish_counts();
            topic.clone_into(&mut self.read.topic);
        }
        self.read.messages += 1;
        self.read.bytes += (message.payload_len() + message.key_len()) as u64;
    }
}

/// The records of one message on their way to the outbox.
struct Records<'i, 'm> {
    intake: &'i mut Intake,
    topic: &'m str,
    message: &'m BorrowedMessage<'m>,
    place: Place,
    /// When the message arrived, by the clock or the broker.
    arrival: Timestamp,
    complaint: Complaint,
    events: [u64; Source::ALL.len()],
    failed: Option<anyhow::Error>,
}

impl<'i, 'm> Records<'i, 'm> {
    fn new(intake: &'i mut Intake, topic: &'m str, message: &'m BorrowedMessage<'m>, place: Place) -> Records<'i, 'm> {
        let arrival = match message.timestamp() {
            RecordTime::LogAppendTime(millis) => Timestamp::from_millis(millis),
            _ => (intake.setup.clock)(),
        };
        let (complaint, events) = (Complaint::default(), [0; Source::ALL.len()]);
        Records { intake, topic, message, place, arrival, complaint, events, failed: None }
    }

    fn decode(&mut self) -> Result<()> {
        let mut scratch = std::mem::take(&mut self.intake.scratch);
        let config = Arc::clone(&self.intake.decode);
        let payload = self.message.payload();
        let header = |name: &str| text_of_header(self.message, name);
        let delivery = Delivery::of_topic(self.topic, &config, header).at(self.arrival);
        let decoded = decode_message(payload, delivery, &config, &mut scratch, &mut |info, decoded| {
            self.record(info, decoded);
        });
        self.intake.scratch = scratch;
        match decoded {
            Ok(envelope) => self.intake.counts.envelopes.count(envelope.name()),
            Err(error) => {
                self.intake.counts.records += 1;
                self.dead(None, delivery.format, &error);
            }
        }
        self.failed.take().map_or(Ok(()), Err)
    }

    fn record(&mut self, RecordInfo { index, source }: RecordInfo, decoded: Decoded<'_>) {
        if self.failed.is_some() {
            return;
        }
        self.intake.counts.records += 1;
        match decoded {
            Ok(event) => self.event(index, event),
            Err(NoEvent::Ignored(reason)) => self.intake.counts.ignored.count((source, reason.reason())),
            Err(NoEvent::Dead(error)) => self.dead(Some(index), source, &error),
        }
    }

    fn event(&mut self, index: u32, mut event: Event<'_>) {
        let intake = &mut *self.intake;
        intake.setup.networks.describe(&mut event.origin);
        let (source, time) = (event.source, event.time);
        let identity = intake.resolver.attribute(&mut event);
        let position = Position {
            topic: self.topic.into(),
            partition: self.message.partition(),
            epoch: self.place.epoch,
            offset: self.message.offset(),
            index,
        };
        if identity.scope.ends_with(UNNAMED) {
            intake.counts.unnamed += 1;
            if !std::mem::replace(&mut intake.told_unnamed, true) {
                tracing::warn!(
                    "records of {} do not name their cluster: all of them are one scope, {}; give it a name in \
                     decode.topics",
                    self.topic,
                    identity.scope
                );
            }
        }
        match intake.post(&position, &identity, &event) {
            Ok(None) => self.written(source, time),
            Ok(Some(bytes)) => {
                intake.counts.dead.count((Some(source), EVENT_TOO_LARGE));
                let sentence =
                    || format!("its event has {bytes} bytes, more than the producer may send (message.max.bytes)");
                self.complaint.add(Some(index), EVENT_TOO_LARGE, sentence);
            }
            Err(error) => self.failed = Some(error),
        }
    }

    fn written(&mut self, source: Source, time: Timestamp) {
        let at = Source::ALL.iter().position(|known| *known == source).unwrap_or(0);
        self.events[at] += 1;
        let newest = &mut self.intake.counts.newest[at];
        *newest = (*newest).max(Some(time));
        self.intake.owned.saw(self.place, time);
        self.intake.lags.observe(time, self.arrival);
    }

    fn dead(&mut self, index: Option<u32>, source: Option<Source>, error: &DecodeError) {
        self.intake.counts.dead.count((source, error.reason()));
        self.complaint.add(index, error.reason(), || error.to_string());
    }
}

/// Sends a record to a partition of the events topic.
fn send(outbox: &mut Outbox<Receipt>, setup: &Setup, partition: i32, record: &[u8]) -> Result<Sent> {
    outbox.begin(Receipt::default());
    let topic = &setup.kafka.events_topic;
    outbox.send(Outgoing { topic, partition: Some(partition), value: Some(record), ..Outgoing::default() })
}

fn text_of_header<'m>(message: &'m BorrowedMessage<'_>, name: &str) -> Option<&'m str> {
    let header = message.headers()?.iter().find(|header| header.key == name)?;
    std::str::from_utf8(header.value?).ok()
}
