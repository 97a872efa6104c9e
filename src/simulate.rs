//! A fleet of identities, attacks and benign change, as native CloudTrail records with labels; and, where asked, others
//! that live elsewhere, with the records of their logs.
//!
//! ```text
//!  FleetConfig ─▶ population ─▶ world ─▶ hour (one active hour of one identity ─▶ calls) ─┐
//!                     confounders: changes to groups ──────────┘                          ├─▶ fleet: merged by time
//!                     attacks: scripts on chosen victims ─▶ calls, labels ────────────────┘       │
//!                                          record: bytes ◀─ delivery: some late, some twice ◀─────┘
//!  elsewhere (Kubernetes, Google Cloud, GitHub), with attacks and labels of its own ─▶ bytes, merged by time
//! ```
//!
//! Deterministic: equal configurations give equal bytes on every machine; no clock, no file, no other source of chance.
//! Shares, rates and scenarios are those of the model's scenario catalogue (section 4).
//!
//! What is absent: bytes moved (CloudTrail shows them for S3 only), attacks that pass from one log to another.
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
mod delivery;
mod elsewhere;
mod fleet;
mod hour;
mod labels;
mod mood;
mod names;
mod population;
mod record;
mod resource;
mod rng;
mod scan;
mod world;

pub use config::{AttackPlan, FleetConfig};
pub use delivery::Delivery;
pub use fleet::{Emitted, Fleet};
pub use labels::{ATTACK_VERSION, AttackLabel, LabelledIdentity, Scenario};
