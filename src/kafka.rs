//! The only code that knows Kafka: it consumes, hands messages to the pure rooms, and produces what they say.
//!
//! In the order in which data flows: [`ingest`] reads audit topics and writes events, ticks and dead letters;
//! [`detect`] gives each events partition to a worker of its own, whose findings and state go out through one
//! publisher a process. Around them: client settings and logs, [`topics`], [`read`] of a topic without a group, and
//! the embedded [`mock`] broker.
//!
//! A position is committed only after everything made of it was acknowledged. What is absent on purpose: no
//! statistics, no alert format, no metric names.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "owns threads and clients; librdkafka calls back, so what its callbacks share stands behind a lock"
)]

mod alerts;
mod changelog;
mod connect;
mod dead_letter;
mod group;
mod health;
mod lag;
mod logs;
mod murmur2;
mod outbox;
mod publisher;
mod settings;
mod worker;

pub mod detect;
pub mod feed;
pub mod ingest;
pub mod mock;
pub mod read;
pub mod topics;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::alert::Rendered;
use crate::config::{AlertsConfig, BudgetConfig, DecodeConfig, DetectConfig, IdentityConfig, KafkaConfig};
use crate::event::{Finding, Timestamp};
use crate::metrics::Metrics;
use crate::network::Networks;

pub use connect::{Patience, Topics, topics_ready};
pub use health::{Group, Health};

/// Tells the time: the wall clock, or a simulation's.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Looks on at the findings that go out.
pub type Watch = Arc<dyn Fn(&Finding, &Rendered) + Send + Sync>;

/// What the Kafka side works with: the sections of the configuration that it hands on, the clock, and the books.
#[derive(Clone)]
pub struct Setup {
    /// Brokers, topics, intervals.
    pub kafka: KafkaConfig,
    /// For `decode`.
    pub decode: DecodeConfig,
    /// For `identity`.
    pub identity: IdentityConfig,
    /// What is known of source addresses.
    pub networks: Networks,
    /// For the thresholds of `detect`.
    pub budget: BudgetConfig,
    /// For `detect`.
    pub detect: DetectConfig,
    /// For `alert`.
    pub alerts: AlertsConfig,
    /// Asked for ticks and for the time of arrival only.
    pub clock: Clock,
    /// Where everything is counted.
    pub metrics: Arc<Metrics>,
    /// Whether the parts are ready.
    pub health: Arc<Health>,
    /// Told of every finding as it is handed to the alerts topic, where somebody looks on.
    pub watch: Option<Watch>,
}

/// Asks the running parts to end, once.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Asks.
    pub fn request(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// Whether it was asked.
    pub fn is_requested(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// The wall clock.
pub fn wall_clock() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
