//! Builds the parts, supervises them, drains them in order.
//!
//! In: the configuration, the books, and a request to stop. Out: nothing but what the parts do. A part that dies stops
//! the service with its error. What is absent on purpose: every decision of what a part does.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the parts are threads, a stopping service looks at the clock, and the demo shows what another thread found"
)]

mod demo;
mod parts;
mod signals;

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;

pub use self::demo::{DemoOptions, run as demo};
pub use self::parts::Parts;
pub use self::signals::stop_on_signals;
use crate::config::{Config, DetectConfig};
use crate::http::{self, Check};
use crate::kafka::{self, Group, Health, Patience, Setup, Stop};
use crate::metrics::Metrics;
use crate::network::Networks;

/// One wait for a part that dies.
const LOOK: Duration = Duration::from_millis(100);

/// Which parts run in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    /// Audit topics → events topic.
    Ingest,
    /// Events topic → alerts topic.
    Detect,
    /// Both.
    #[default]
    All,
}

impl Role {
    /// Whether audit records are read here.
    pub fn ingests(self) -> bool {
        self != Role::Detect
    }

    /// Whether events are scored here.
    pub fn detects(self) -> bool {
        self != Role::Ingest
    }

    /// The consumer groups that it joins.
    pub fn groups(self) -> &'static [Group] {
        match self {
            Role::Ingest => &[Group::Ingest],
            Role::Detect => &[Group::Detect],
            Role::All => &[Group::Ingest, Group::Detect],
        }
    }
}

/// Runs until `stop` is requested or a part dies. HTTP is up first, so that probes are answered while brokers are
/// awaited; it ends last.
///
/// # Errors
/// Where a part cannot start or dies, each in one sentence.
pub fn run(config: &Config, role: Role, metrics: Arc<Metrics>, stop: &Stop) -> Result<()> {
    let setup = setup(config, role, metrics)?;
    let server = http::start(&config.http, Arc::clone(&setup.metrics), readiness(&setup.health))?;
    tracing::info!("metrics and health: http://{}/metrics", server.address());
    if role.detects() && config.detect.hash_key == DetectConfig::default().hash_key {
        tracing::warn!("detect.hash_key is the one that everybody knows; set a secret before the baselines matter");
    }
    let outcome = supervise(&setup, role, Duration::from_secs(config.network.reload_s.max(1)), stop);
    server.stop();
    outcome
}

/// What the Kafka side works with, by the wall clock.
///
/// # Errors
/// Where a file of `network.databases` cannot be read.
pub fn setup(config: &Config, role: Role, metrics: Arc<Metrics>) -> Result<Setup> {
    Ok(Setup {
        kafka: config.kafka.clone(),
        decode: config.decode.clone(),
        identity: config.identity.clone(),
        networks: Networks::open(&config.network)?,
        budget: config.budget.clone(),
        detect: config.detect.clone(),
        alerts: config.alerts.clone(),
        clock: Arc::new(kafka::wall_clock),
        metrics,
        health: Arc::new(Health::waiting_for(role.groups())),
        watch: None,
    })
}

/// What `/readyz` asks.
pub fn readiness(health: &Arc<Health>) -> http::Readiness {
    let health = Arc::clone(health);
    Arc::new(move || {
        let restoring = health.restoring();
        vec![
            Check::that("kafka", health.is_connected(), "no broker answered yet, or a topic is missing"),
            Check::that("groups", health.is_assigned(), "waiting for a share of the partitions"),
            Check::that("state", restoring == 0, format!("{restoring} events partitions to restore")),
        ]
    })
}

/// Starts the parts and watches over them; at the end, what was read is finished in the order in which it flows.
fn supervise(setup: &Setup, role: Role, reload_every: Duration, stop: &Stop) -> Result<()> {
    let mut parts = match Parts::start(setup, role, Patience::Forever, stop) {
        Ok(parts) => parts,
        // Nothing ran yet: whoever stops a service that waits for its brokers gets what he asked for.
        Err(_) if stop.is_requested() => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut looked = Instant::now();
    let trouble = loop {
        if looked.elapsed() >= reload_every {
            reload(&setup.networks);
            looked = Instant::now();
        }
        if stop.is_requested() {
            break None;
        }
        if let Some(trouble) = parts.trouble(LOOK) {
            break Some(trouble);
        }
    };
    tracing::info!("draining: what was read is finished, published and committed");
    let drained = parts.drain();
    match trouble {
        Some(trouble) => Err(trouble),
        None => drained,
    }
}

/// Reads the files on networks again where they changed.
fn reload(networks: &Networks) {
    match networks.reload() {
        Ok(true) => tracing::info!("the files of network.databases were read again"),
        Ok(false) => {}
        Err(error) => tracing::warn!("{error:#}; what was read before stays"),
    }
}
