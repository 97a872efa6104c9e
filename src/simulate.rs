//! A fleet of identities, attacks and benign change, as native CloudTrail records with labels.
//!
//! ```text
//!  FleetConfig ─▶ population ─▶ world ─▶ hour (one active hour of one identity ─▶ calls) ─┐
//!                     confounders: changes to groups ──────────┘                          ├─▶ fleet: merged by time ─▶ record: bytes
//!                     attacks: scripts on chosen victims ─▶ calls, labels ────────────────┘
//! ```
//!
//! Deterministic: equal configurations give equal bytes on every machine; no clock, no file, no other source of chance.
//! Shares, rates and scenarios are those of the model's scenario catalogue (section 4).
//!
//! What is absent: bytes moved (CloudTrail shows them for S3 only), other providers, delivery (lag, duplicates).
//!
//! ```
//! use nhiwatch::event::Timestamp;
//! use nhiwatch::simulate::{Fleet, FleetConfig};
//!
//! let mut fleet = Fleet::new(&FleetConfig::demo(7, Timestamp::parse("2026-03-18T09:00:00Z").expect("a time")));
//! let mut record = Vec::new();
//! while let Some(_emitted) = fleet.next(&mut record) {
//!     record.clear(); // a use of the record comes before this
//! }
//! ```

mod activity;
mod attacks;
mod call;
mod catalogue;
mod config;
mod confounders;
mod fleet;
mod hour;
mod labels;
mod names;
mod population;
mod record;
mod resource;
mod rng;
mod world;

pub use config::{AttackPlan, FleetConfig};
pub use fleet::{Emitted, Fleet};
pub use labels::{ATTACK_VERSION, AttackLabel, LabelledIdentity, Scenario};
