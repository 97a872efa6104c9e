//! A producer with a memory: what was made of which input, and which of it was acknowledged.
//!
//! Each input (an audit message, a worker's batch) is a slot with a receipt; every record made of it belongs to the
//! slot. Receipts come back in the order of the inputs, each once all of its records are acknowledged.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use rdkafka::ClientConfig;
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{Message, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, DeliveryResult, Producer, ProducerContext};

use super::logs::ClientLog;
use super::{Stop, settings};

/// One wait for delivery reports.
const STEP: Duration = Duration::from_millis(1);

/// One record to be produced.
#[derive(Debug, Default)]
pub(super) struct Outgoing<'a> {
    pub(super) topic: &'a str,
    /// Chosen by the key where not given.
    pub(super) partition: Option<i32>,
    pub(super) key: Option<&'a [u8]>,
    pub(super) value: Option<&'a [u8]>,
    pub(super) headers: Option<OwnedHeaders>,
    /// Milliseconds since the Unix epoch; the time of producing where not given.
    pub(super) timestamp: Option<i64>,
}

/// What became of a record that was to be produced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sent {
    /// On its way; or dropped, where its input became unwanted while the queue was full.
    Queued,
    /// Larger than the producer may send; nothing was queued.
    TooLarge,
}

/// A producer that knows what is still unacknowledged.
pub(super) struct Outbox<R> {
    config: ClientConfig,
    name: &'static str,
    producer: BaseProducer<Deliveries>,
    /// Whether what was made of this input should still go out.
    wanted: fn(&R) -> bool,
    /// Number of the first slot in `slots`.
    first: usize,
    slots: VecDeque<Slot<R>>,
    in_flight: usize,
    acknowledged: u64,
    stop: Stop,
    drain_timeout: Duration,
    told: Option<Instant>,
}

struct Slot<R> {
    receipt: R,
    outstanding: usize,
}

impl<R> Outbox<R> {
    /// A producer with these settings. After `stop` it waits for a stuck broker no longer than `drain_timeout`.
    pub(super) fn new(
        config: ClientConfig,
        name: &'static str,
        wanted: fn(&R) -> bool,
        stop: Stop,
        drain_timeout: Duration,
    ) -> Result<Outbox<R>> {
        Ok(Outbox {
            producer: produce_with(&config, name)?,
            config,
            name,
            wanted,
            first: 0,
            slots: VecDeque::new(),
            in_flight: 0,
            acknowledged: 0,
            stop,
            drain_timeout,
            told: None,
        })
    }

    /// Begins the slot of the next input.
    pub(super) fn begin(&mut self, receipt: R) {
        self.slots.push_back(Slot { receipt, outstanding: 0 });
    }

    /// Gives the newest slot another receipt, once it is known what became of its input.
    pub(super) fn amend(&mut self, receipt: R) {
        if let Some(slot) = self.slots.back_mut() {
            slot.receipt = receipt;
        }
    }

    /// Produces a record that belongs to the newest slot; waits while the producer's queue is full.
    ///
    /// # Errors
    /// Where the producer cannot go on, or the broker is stuck and we are to stop.
    pub(super) fn send(&mut self, outgoing: Outgoing<'_>) -> Result<Sent> {
        let slot = self.first + self.slots.len().checked_sub(1).context("no slot was begun")?;
        let mut record = BaseRecord::<[u8], [u8], usize>::with_opaque_to(outgoing.topic, slot);
        record.partition = outgoing.partition;
        record.key = outgoing.key;
        record.payload = outgoing.value;
        record.headers = outgoing.headers;
        record.timestamp = outgoing.timestamp;
        let mut stuck_since = None;
        loop {
            match self.producer.send(record) {
                Ok(()) => break,
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), again)) => record = again,
                Err((KafkaError::MessageProduction(RDKafkaErrorCode::MessageSizeTooLarge), _)) => {
                    return Ok(Sent::TooLarge);
                }
                Err((error, _)) => return Err(self.failure(outgoing.topic, &error)),
            }
            if self.slots.back().is_some_and(|slot| !(self.wanted)(&slot.receipt)) {
                return Ok(Sent::Queued);
            }
            self.serve(STEP)?;
            self.give_up_when_stopping(&mut stuck_since)?;
        }
        self.in_flight += 1;
        self.slots.back_mut().context("no slot was begun")?.outstanding += 1;
        Ok(Sent::Queued)
    }

    /// Takes delivery reports for up to `wait`.
    ///
    /// # Errors
    /// Where a record was refused for good.
    pub(super) fn serve(&mut self, wait: Duration) -> Result<()> {
        self.producer.poll(wait);
        // One poll takes the reports of one batch only.
        while self.take_reports()? {
            self.producer.poll(Duration::ZERO);
        }
        Ok(())
    }

    /// Books the delivery reports that were served; whether there were any.
    fn take_reports(&mut self) -> Result<bool> {
        let done = std::mem::take(&mut *self.producer.context().done.lock().unwrap_or_else(PoisonError::into_inner));
        let any = !done.is_empty();
        for delivery in done {
            if let Some((error, topic)) = delivery.error {
                return Err(self.failure(&topic, &error));
            }
            self.in_flight -= 1;
            self.acknowledged += 1;
            if let Some(slot) = self.slots.get_mut(delivery.slot - self.first) {
                slot.outstanding -= 1;
            }
        }
        Ok(any)
    }

    /// The receipts of the inputs of which everything is acknowledged by now, oldest first. Not to be called while
    /// records are still being made of the newest input.
    pub(super) fn settled(&mut self) -> impl Iterator<Item = R> + '_ {
        std::iter::from_fn(|| {
            self.slots.front().filter(|slot| slot.outstanding == 0)?;
            self.first += 1;
            self.slots.pop_front().map(|slot| slot.receipt)
        })
    }

    /// Whether the oldest input that is not settled is one that became unwanted.
    pub(super) fn is_stale(&self) -> bool {
        self.slots.front().is_some_and(|slot| !(self.wanted)(&slot.receipt))
    }

    /// Whether any input that is not settled became unwanted.
    pub(super) fn has_stale(&self) -> bool {
        self.slots.iter().any(|slot| !(self.wanted)(&slot.receipt))
    }

    /// Takes back everything that is not acknowledged, with a new producer: none of it is sent any more. Returns the
    /// receipts of the inputs that are still wanted, oldest first; they are to be sent again.
    ///
    /// # Errors
    /// Where there can be no new producer.
    pub(super) fn take_back(&mut self) -> Result<Vec<R>> {
        // The old one forgets its queue when it is dropped.
        self.producer = produce_with(&self.config, self.name)?;
        self.in_flight = 0;
        self.first += self.slots.len();
        let wanted = self.wanted;
        Ok(self.slots.drain(..).map(|slot| slot.receipt).filter(wanted).collect())
    }

    /// Waits until everything is acknowledged, for as long as `wait`; whether it is.
    ///
    /// # Errors
    /// Where a record was refused for good.
    pub(super) fn flush(&mut self, wait: Duration) -> Result<bool> {
        let begun = Instant::now();
        while self.in_flight > 0 && begun.elapsed() < wait {
            // `rd_kafka_flush` makes librdkafka send at once what lingers.
            let _ = self.producer.flush(Duration::ZERO);
            self.serve(STEP)?;
        }
        Ok(self.in_flight == 0)
    }

    /// Records acknowledged since this was asked last.
    pub(super) fn take_acknowledged(&mut self) -> u64 {
        std::mem::take(&mut self.acknowledged)
    }

    /// Records that are not acknowledged yet.
    pub(super) fn in_flight(&self) -> usize {
        self.in_flight
    }

    fn give_up_when_stopping(&mut self, stuck_since: &mut Option<Instant>) -> Result<()> {
        let stuck = stuck_since.get_or_insert_with(Instant::now).elapsed();
        if self.stop.is_requested() && stuck > self.drain_timeout {
            bail!("stopped with {} records that no broker acknowledged; they will be made again", self.in_flight);
        }
        if stuck > Duration::from_secs(5) && self.told.is_none_or(|told| told.elapsed() > Duration::from_secs(60)) {
            tracing::warn!(waiting = self.in_flight, "the brokers do not acknowledge; reading waits for them");
            self.told = Some(Instant::now());
        }
        Ok(())
    }

    fn failure(&self, topic: &str, error: &KafkaError) -> anyhow::Error {
        if let Some((code, reason)) = self.producer.client().fatal_error() {
            return anyhow!("topic {topic} cannot be written any more: {code} ({reason})");
        }
        match error.rdkafka_error_code() {
            Some(RDKafkaErrorCode::UnknownTopic | RDKafkaErrorCode::UnknownTopicOrPartition) => {
                anyhow!("topic {topic} does not exist (any more); `nhiwatch topics create` makes it")
            }
            Some(RDKafkaErrorCode::TopicAuthorizationFailed) => {
                anyhow!("these credentials may not write to topic {topic}; allow Write and Describe on it")
            }
            Some(RDKafkaErrorCode::MessageSizeTooLarge) => anyhow!(
                "topic {topic} refuses a record as too large; raise its max.message.bytes or lower \
                 kafka.dead_letter_max_bytes and alerts.max_bytes"
            ),
            _ => anyhow!("topic {topic} cannot be written: {error}"),
        }
    }
}

fn produce_with(config: &ClientConfig, name: &'static str) -> Result<BaseProducer<Deliveries>> {
    let deliveries = Deliveries { log: ClientLog::new(name), done: Mutex::default() };
    config.create_with_context(deliveries).map_err(settings::refusal)
}

struct Deliveries {
    log: ClientLog,
    done: Mutex<Vec<Delivery>>,
}

struct Delivery {
    slot: usize,
    error: Option<(KafkaError, String)>,
}

impl ClientContext for Deliveries {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        self.log.line(level, facility, message);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.log.error(&error, reason);
    }
}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = usize;

    fn delivery(&self, result: &DeliveryResult<'_>, slot: usize) {
        let error = result.as_ref().err().map(|(error, message)| (error.clone(), message.topic().to_owned()));
        self.done.lock().unwrap_or_else(PoisonError::into_inner).push(Delivery { slot, error });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::KafkaConfig;
    use crate::kafka::mock::MockBroker;

    #[test]
    fn what_is_taken_back_is_not_sent_when_the_broker_is_there_again() {
        let broker = MockBroker::start().unwrap();
        broker.create_topic("t", 1).unwrap();
        let mut kafka = KafkaConfig::default();
        broker.configure(&mut kafka);
        let config = settings::producer(&kafka).unwrap();
        let wanted: fn(&&str) -> bool = |receipt| *receipt != "lost";
        let mut outbox = Outbox::new(config, "test", wanted, Stop::default(), Duration::from_secs(30)).unwrap();
        let send = |outbox: &mut Outbox<&'static str>, receipt| {
            outbox.begin(receipt);
            let value = Some(receipt.as_bytes());
            outbox.send(Outgoing { topic: "t", partition: Some(0), value, ..Outgoing::default() }).unwrap();
        };
        send(&mut outbox, "before");
        assert!(outbox.flush(Duration::from_secs(30)).unwrap());
        assert_eq!(outbox.settled().collect::<Vec<_>>(), ["before"]);
        broker.set_away(true);
        for receipt in ["lost", "kept"] {
            send(&mut outbox, receipt);
        }
        assert!(outbox.is_stale() && outbox.has_stale());
        assert_eq!(outbox.take_back().unwrap(), ["kept"]);
        broker.set_away(false);
        send(&mut outbox, "after");
        assert!(outbox.flush(Duration::from_secs(30)).unwrap());
        assert_eq!(outbox.settled().collect::<Vec<_>>(), ["after"]);
        let (_, end) = outbox.producer.client().fetch_watermarks("t", 0, Duration::from_secs(30)).unwrap();
        assert_eq!(end, 2, "before and after");
    }
}
