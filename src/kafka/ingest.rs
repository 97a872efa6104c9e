//! Audit topics → events topic: one loop a thread, which reads, decodes, resolves and produces.
//!
//! In: messages of the audit topics. Out: an entry an event, in the partition of its scope; a tick a second to every events
//! partition; a dead letter for each message that could not be used whole. An offset is committed once everything made
//! of its message is acknowledged. What is absent on purpose: no state of any identity.

mod bundles;
mod intake;
mod membership;
mod ownership;

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use self::intake::Intake;
use self::membership::Membership;
use super::connect::words;
use super::{Setup, Stop, group, settings};
use crate::metrics::{Client, Stage};

/// One wait for messages.
const POLL: Duration = Duration::from_millis(50);
/// Longest time with nothing but messages: ticks, commits and delivery reports have their turn too.
const FAIR: Duration = Duration::from_millis(25);
/// Messages between two looks at the clock.
const LOOK: usize = 16;
/// While the broker acknowledges nothing for so long, partitions are paused, so that the group still hears of us.
const STALL: Duration = Duration::from_secs(10);

type IngestConsumer = BaseConsumer<Membership>;

/// Reads audit topics until `stop`; then waits for the acknowledgements, commits and leaves the group. `worker` numbers
/// the loops of this process; `events_partitions` is how many partitions the events topic has.
///
/// # Errors
/// Where reading or producing cannot go on. A message that cannot be used is no error.
pub fn run(setup: &Setup, worker: usize, events_partitions: i32, stop: &Stop) -> Result<()> {
    let consumer = subscribe(setup, worker, events_partitions, stop)?;
    let outcome = read(&consumer, setup, stop).and_then(|()| drain(&consumer, setup));
    group::leave(consumer, &setup.kafka.ingest_group, Duration::from_secs(setup.kafka.drain_timeout_s));
    outcome
}

fn read(consumer: &IngestConsumer, setup: &Setup, stop: &Stop) -> Result<()> {
    let mut pace = Pace::new(setup);
    while !stop.is_requested() {
        read_some(consumer, setup)?;
        serve(consumer, setup, &mut pace)?;
        hold_back(consumer, setup, &mut pace)?;
    }
    Ok(())
}

/// What happens by the clock in the loop.
struct Pace {
    tick_every: Duration,
    next_tick: Instant,
    commit_every: Duration,
    next_commit: Instant,
    stalled_since: Option<Instant>,
    paused: bool,
}

impl Pace {
    fn new(setup: &Setup) -> Pace {
        let tick_every = Duration::from_millis(setup.kafka.tick_interval_ms);
        let commit_every = Duration::from_millis(setup.kafka.commit_interval_ms);
        let now = Instant::now();
        Pace {
            tick_every,
            next_tick: now + tick_every,
            commit_every,
            next_commit: now + commit_every,
            stalled_since: None,
            paused: false,
        }
    }
}

fn subscribe(setup: &Setup, worker: usize, events_partitions: i32, stop: &Stop) -> Result<IngestConsumer> {
    let config = settings::group_consumer(&setup.kafka, &setup.kafka.ingest_group, &format!("-ingest-{worker}"))?;
    let intake = Intake::new(setup.clone(), events_partitions, stop.clone())?;
    let consumer: IngestConsumer =
        config.create_with_context(Membership::new(intake, setup.clone())).map_err(settings::refusal)?;
    let topics: Vec<&str> = setup.kafka.audit_topics.iter().map(String::as_str).collect();
    consumer.subscribe(&topics).with_context(|| format!("cannot subscribe to {}", topics.join(", ")))?;
    Ok(consumer)
}

/// Takes messages until there is none for the moment, a batch is full, or other things have their turn.
fn read_some(consumer: &IngestConsumer, setup: &Setup) -> Result<()> {
    let begun = Instant::now();
    let mut wait = consumer.context().intake().patience().map_or(POLL, |patience| patience.min(POLL));
    if let Some(trouble) = consumer.context().trouble() {
        return Err(trouble);
    }
    for taken in 0..setup.kafka.batch_max_events {
        match consumer.poll(wait) {
            None => break,
            Some(Ok(message)) => {
                if consumer.context().intake().take(&message)? == intake::Room::Full {
                    break;
                }
            }
            Some(Err(KafkaError::PartitionEOF(partition))) => at_end(consumer, partition),
            Some(Err(error)) => note(consumer, setup, &error)?,
        }
        if taken % LOOK == 0 && begun.elapsed() > FAIR {
            break;
        }
        wait = Duration::ZERO;
    }
    Ok(())
}

/// librdkafka names the partition that was read to its end, but not the topic; where several could be meant, the broker
/// is asked.
fn at_end(consumer: &IngestConsumer, partition: i32) {
    let candidates = consumer.context().intake().owned.unfinished(partition);
    let sure = candidates.len() == 1;
    for (topic, next) in candidates {
        let ends = || consumer.fetch_watermarks(&topic, partition, Duration::from_secs(1)).map(|(_, high)| high);
        if sure || ends().is_ok_and(|high| next >= high) {
            consumer.context().intake().owned.read_to_end(&topic, partition);
        }
    }
}

/// An error beside the messages: most pass by themselves.
fn note(consumer: &IngestConsumer, setup: &Setup, error: &KafkaError) -> Result<()> {
    setup.metrics.kafka.failed(Client::IngestConsumer, super::logs::kind(error));
    let log = consumer.context().log();
    match error {
        KafkaError::MessageConsumptionFatal(code) => bail!("reading the audit topics cannot go on: {code}"),
        KafkaError::MessageConsumption(code) if super::logs::is_refusal(Some(*code)) => bail!(
            "the brokers at {} refuse the connection: {}",
            setup.kafka.bootstrap_servers,
            log.refusal().unwrap_or_else(|| code.to_string())
        ),
        KafkaError::MessageConsumption(
            RDKafkaErrorCode::GroupAuthorizationFailed | RDKafkaErrorCode::TopicAuthorizationFailed,
        ) => bail!(
            "these credentials may not read the audit topics as group {}: allow Read on both",
            setup.kafka.ingest_group
        ),
        _ => log.error(error, &words(error)),
    }
    Ok(())
}

/// What happens by the clock: delivery reports, ticks, commits, counts.
fn serve(consumer: &IngestConsumer, setup: &Setup, pace: &mut Pace) -> Result<()> {
    let now = Instant::now();
    let mut intake = consumer.context().intake();
    if intake.patience().is_some_and(|patience| patience.is_zero()) {
        intake.close()?;
    }
    intake.serve(Duration::ZERO)?;
    if now >= pace.next_tick {
        intake.tick()?;
        pace.next_tick = now + pace.tick_every;
        setup.metrics.heartbeat(Stage::Ingest, super::wall_clock());
    }
    intake.publish_counts();
    if now >= pace.next_commit {
        let offsets = intake.owned.take_due();
        pace.next_commit = now + pace.commit_every;
        drop(intake);
        commit(consumer, setup, &offsets, CommitMode::Async);
    }
    Ok(())
}

/// Lets the producer catch up before more is read; where that takes long, partitions are paused meanwhile.
fn hold_back(consumer: &IngestConsumer, setup: &Setup, pace: &mut Pace) -> Result<()> {
    let in_flight = |consumer: &IngestConsumer| consumer.context().intake().in_flight();
    let limit = setup.kafka.max_in_flight;
    while !pace.paused && in_flight(consumer) >= limit {
        let since = *pace.stalled_since.get_or_insert_with(Instant::now);
        let mut intake = consumer.context().intake();
        intake.close()?;
        intake.serve(Duration::from_millis(5))?;
        drop(intake);
        if since.elapsed() > STALL {
            pause(consumer, true)?;
            pace.paused = true;
            tracing::warn!("the brokers acknowledge nothing; reading the audit topics is paused until they do");
        }
    }
    if pace.paused && in_flight(consumer) < limit / 2 {
        pause(consumer, false)?;
        pace.paused = false;
        tracing::info!("reading the audit topics goes on");
    }
    if !pace.paused {
        pace.stalled_since = None;
    }
    Ok(())
}

fn pause(consumer: &IngestConsumer, pause: bool) -> Result<()> {
    let assignment = consumer.assignment()?;
    if pause {
        consumer.pause(&assignment)?
    } else {
        consumer.resume(&assignment)?
    }
    Ok(())
}

/// Commits what is done. A failed commit is repeated with the next: at worst messages are read again and dropped as
/// repeated.
fn commit(consumer: &IngestConsumer, setup: &Setup, offsets: &rdkafka::TopicPartitionList, mode: CommitMode) {
    if offsets.count() == 0 {
        return;
    }
    if let Err(error) = consumer.commit(offsets, mode) {
        setup.metrics.kafka.committed(Client::IngestConsumer, false);
        tracing::warn!("offsets of group {} could not be committed: {}", setup.kafka.ingest_group, words(&error));
    } else if matches!(mode, CommitMode::Sync) {
        setup.metrics.kafka.committed(Client::IngestConsumer, true);
    }
}

/// Everything acknowledged and committed.
fn drain(consumer: &IngestConsumer, setup: &Setup) -> Result<()> {
    let wait = Duration::from_secs(setup.kafka.drain_timeout_s);
    let mut intake = consumer.context().intake();
    let all = intake.flush(wait)?;
    intake.publish_counts();
    let (offsets, left) = (intake.owned.take_due(), intake.in_flight());
    drop(intake);
    commit(consumer, setup, &offsets, CommitMode::Sync);
    if !all {
        bail!("stopped with {left} messages and events that no broker acknowledged; they will be made again");
    }
    Ok(())
}
