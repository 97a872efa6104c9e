//! The running parts: ingest loops and detection, each a thread that is told to stop and awaited.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};

use super::Role;
use crate::config::KafkaConfig;
use crate::kafka::topics::fit_dead_letters;
use crate::kafka::{Patience, Setup, Stop, Topics, detect, ingest, topics_ready};

/// The parts of a running pipeline.
pub struct Parts {
    ingest: Side,
    detect: Side,
    troubles: Receiver<anyhow::Error>,
}

/// Parts that stop together.
#[derive(Default)]
struct Side {
    stop: Stop,
    threads: Vec<JoinHandle<()>>,
}

impl Parts {
    /// Waits for brokers and topics, then starts the parts of `role`. `stop` ends the waiting only; the parts are ended
    /// by [`Parts::drain`].
    ///
    /// # Errors
    /// Where no broker answers in time, a topic is missing, or the settings are refused.
    pub fn start(setup: &Setup, role: Role, patience: Patience, stop: &Stop) -> Result<Parts> {
        let topics = topics_ready(&setup.kafka, &needed(&setup.kafka, role), patience, stop)?;
        setup.health.set_connected();
        let setup = &Setup { kafka: fit_dead_letters(&setup.kafka), ..setup.clone() };
        let (trouble, troubles) = channel();
        let mut parts = Parts { ingest: Side::default(), detect: Side::default(), troubles };
        if role.detects() {
            parts.start_detect(setup, &topics, &trouble)?;
        }
        if role.ingests() {
            parts.start_ingest(setup, &topics, &trouble)?;
        }
        Ok(parts)
    }

    /// The error of a part that died, as soon as there is one; none after `wait`.
    pub fn trouble(&mut self, wait: Duration) -> Option<anyhow::Error> {
        self.troubles.recv_timeout(wait).ok()
    }

    /// Ends the parts in the order in which data flows: each finishes, publishes and commits what it has read.
    ///
    /// # Errors
    /// Where a part could not finish.
    pub fn drain(self) -> Result<()> {
        for (side, name) in [(self.ingest, "ingest"), (self.detect, "detection")] {
            side.stop.request();
            let parts = side.threads.len();
            for thread in side.threads {
                // What went wrong in it was sent.
                let _ = thread.join();
            }
            if parts > 0 {
                tracing::info!("{name} has ended");
            }
        }
        self.troubles.try_recv().map_or(Ok(()), Err)
    }

    fn start_ingest(&mut self, setup: &Setup, topics: &Topics, trouble: &Sender<anyhow::Error>) -> Result<()> {
        let partitions = partitions(topics, &setup.kafka.events_topic)?;
        let threads = match setup.kafka.ingest_threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        };
        for worker in 0..threads {
            let setup = setup.clone();
            let work = move |stop: &Stop| ingest::run(&setup, worker, partitions, stop);
            self.ingest.spawn(format!("ingest-{worker}"), trouble, work)?;
        }
        Ok(())
    }

    fn start_detect(&mut self, setup: &Setup, topics: &Topics, trouble: &Sender<anyhow::Error>) -> Result<()> {
        let partitions = partitions(topics, &setup.kafka.alerts_topic)?;
        let setup = setup.clone();
        self.detect.spawn("detect".into(), trouble, move |stop| detect::run(&setup, partitions, stop))
    }
}

impl Side {
    fn spawn(
        &mut self,
        name: String,
        trouble: &Sender<anyhow::Error>,
        work: impl FnOnce(&Stop) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let (stop, trouble, part) = (self.stop.clone(), trouble.clone(), name.clone());
        let body = move || {
            let outcome = catch_unwind(AssertUnwindSafe(|| work(&stop)));
            if let Err(error) = outcome.unwrap_or_else(|_| Err(anyhow!("{part} panicked"))) {
                // Nobody listens any more where the service has ended already.
                let _ = trouble.send(error);
            }
        };
        let thread = std::thread::Builder::new().name(name).spawn(body).context("a thread cannot be started")?;
        self.threads.push(thread);
        Ok(())
    }
}

/// The topics without which a role cannot work. Audit topics that are named by a pattern may come later.
fn needed(kafka: &KafkaConfig, role: Role) -> Vec<&str> {
    let mut needed = vec![kafka.events_topic.as_str(), &kafka.dead_letter_topic];
    if role.ingests() {
        needed.extend(kafka.audit_topics.iter().map(String::as_str).filter(|topic| !topic.starts_with('^')));
    }
    if role.detects() {
        needed.extend([kafka.alerts_topic.as_str(), kafka.state_topic.as_str()]);
    }
    needed
}

fn partitions(topics: &Topics, topic: &str) -> Result<i32> {
    topics.partitions(topic).with_context(|| format!("topic {topic} does not exist"))
}
