//! Events topic → alerts topic: the group's share of the partitions, a worker for each, one publisher for all.
//!
//! In: entries of the events topic. Out: alerts, state, committed offsets. A partition that comes is paused until its
//! worker has restored its state; before one goes, its worker has finished and its offset is committed.

mod membership;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail};
use rdkafka::Offset;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::Message;

pub(super) use self::membership::Membership;
use super::changelog::Standing;
use super::connect::words;
use super::publisher::{self, Handover};
use super::worker::{self, Order, Start, Tenure};
use super::{Setup, Stop, group, settings};
use crate::metrics::{Client, Stage};

/// One wait for news of the group.
const POLL: Duration = Duration::from_millis(100);

/// The consumer of the events topic.
pub(super) type DetectConsumer = BaseConsumer<Membership>;

/// A worker and its thread.
pub(super) struct Hand {
    pub(super) tenure: Arc<Tenure>,
    thread: JoinHandle<()>,
}

impl Hand {
    /// Waits for the thread's end; what went wrong there was reported by itself.
    pub(super) fn join(self) {
        let _ = self.thread.join();
    }
}

/// Scores the events partitions that the group gives us until `stop`; then every worker finishes its batch, everything
/// is published and committed, state is checkpointed, and the group left. `alerts_partitions` is how many partitions
/// the alerts topic has.
///
/// # Errors
/// Where reading, restoring or publishing cannot go on.
pub fn run(setup: &Setup, alerts_partitions: i32, stop: &Stop) -> Result<()> {
    let (outlet, inlet) = sync_channel(setup.kafka.max_queued_batches);
    let (trouble, troubles) = channel();
    let consumer = subscribe(setup)?;
    let publisher = {
        let (setup, consumer, stop, trouble) = (setup.clone(), Arc::clone(&consumer), stop.clone(), trouble.clone());
        spawn("publisher", trouble, move || publisher::run(&setup, &consumer, alerts_partitions, &inlet, &stop))?
    };
    let service = Service { setup, consumer: &consumer, outlet: &outlet, trouble: &trouble };
    let outcome = service.serve(&troubles, stop);
    consumer.context().end_all(if outcome.is_ok() { Order::Drain } else { Order::Drop });
    // Where the publisher is gone it told why.
    let _ = outlet.send(Handover::End);
    let _ = publisher.join();
    group::leave(consumer, &setup.kafka.detect_group, Duration::from_secs(setup.kafka.drain_timeout_s));
    outcome.and_then(|()| troubles.try_recv().map_or(Ok(()), Err))
}

struct Service<'a> {
    setup: &'a Setup,
    consumer: &'a Arc<DetectConsumer>,
    outlet: &'a SyncSender<Handover>,
    trouble: &'a Sender<anyhow::Error>,
}

impl Service<'_> {
    fn serve(&self, troubles: &Receiver<anyhow::Error>, stop: &Stop) -> Result<()> {
        while !stop.is_requested() {
            self.setup.metrics.heartbeat(Stage::Detect, super::wall_clock());
            match self.consumer.poll(POLL) {
                None | Some(Err(KafkaError::PartitionEOF(_))) => {}
                Some(Ok(record)) => {
                    // Fetched before its partition had a queue of its own: its worker reads it again.
                    let at = Offset::Offset(record.offset());
                    self.consumer.seek(record.topic(), record.partition(), at, Duration::from_secs(10))?;
                }
                Some(Err(error)) => self.note(&error)?,
            }
            for standing in self.consumer.context().arrivals()? {
                self.start_worker(standing)?;
            }
            if let Ok(trouble) = troubles.try_recv() {
                return Err(trouble);
            }
        }
        Ok(())
    }

    fn start_worker(&self, standing: Standing) -> Result<()> {
        let topic = &self.setup.kafka.events_topic;
        let queue = self
            .consumer
            .split_partition_queue(topic, standing.partition)
            .with_context(|| format!("{topic} partition {} has no queue", standing.partition))?;
        let tenure = Arc::new(Tenure::new(standing));
        let start = Start {
            setup: self.setup.clone(),
            standing,
            tenure: Arc::clone(&tenure),
            consumer: Arc::clone(self.consumer),
            queue,
            outlet: self.outlet.clone(),
        };
        let thread = spawn("worker", self.trouble.clone(), move || worker::run(start))?;
        self.consumer.context().took_up(Hand { tenure, thread });
        Ok(())
    }

    fn note(&self, error: &KafkaError) -> Result<()> {
        let kafka = &self.setup.kafka;
        self.setup.metrics.kafka.failed(Client::DetectConsumer, super::logs::kind(error));
        match error {
            KafkaError::MessageConsumptionFatal(code) => bail!("reading {} cannot go on: {code}", kafka.events_topic),
            KafkaError::MessageConsumption(
                RDKafkaErrorCode::GroupAuthorizationFailed | RDKafkaErrorCode::TopicAuthorizationFailed,
            ) => bail!(
                "these credentials may not read {} as group {}: allow Read on both",
                kafka.events_topic,
                kafka.detect_group
            ),
            _ => self.consumer.context().log().error(error, &words(error)),
        }
        Ok(())
    }
}

fn subscribe(setup: &Setup) -> Result<Arc<DetectConsumer>> {
    let mut config = settings::group_consumer(&setup.kafka, &setup.kafka.detect_group, "-detect")?;
    config.set("auto.offset.reset", "error");
    let consumer: DetectConsumer =
        config.create_with_context(Membership::new(setup.clone())).map_err(settings::refusal)?;
    let topic = setup.kafka.events_topic.as_str();
    consumer.subscribe(&[topic]).with_context(|| format!("cannot subscribe to {topic}"))?;
    Ok(Arc::new(consumer))
}

/// A thread of which neither errors nor panics go unnoticed.
fn spawn(
    name: &'static str,
    trouble: Sender<anyhow::Error>,
    work: impl FnOnce() -> Result<()> + Send + 'static,
) -> Result<JoinHandle<()>> {
    let body = move || {
        let outcome = catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(anyhow!("the {name} panicked")));
        if let Err(error) = outcome {
            // Nobody listens any more where the service has ended already.
            let _ = trouble.send(error);
        }
    };
    std::thread::Builder::new().name(name.into()).spawn(body).with_context(|| format!("cannot start the {name}"))
}
