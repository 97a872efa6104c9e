//! nhiwatch watches non-human identities: it reads cloud audit events, keeps a baseline of each identity's habits,
//! scores every event against it and publishes explained alerts.
//!
//! ```text
//!  audit topics ─▶ INGEST ─────────▶ events topic ─▶ DETECT ────────────▶ alerts topic ─▶ SIEM
//!  (any format,    decode            (one key per    one worker a partition   │
//!   any key)       identify           scope)         baseline → surprise →    └▶ state changelog (compacted)
//!                     │                              risk → incident
//!                     └▶ dead-letter topic                                       HTTP: /metrics, health
//! ```
//!
//! The modules in the order in which data flows (P: pure, no clock, file, socket, log or metric inside):
//!
//! * [`config`]: every setting, its default and its limits.
//! * [`event`] P: the one internal model, in which all others meet.
//! * [`decode`] P: bytes → native records → events.
//! * [`identity`] P: who really acted.
//! * [`network`]: what files say of source addresses.
//! * [`detect`] P: events → baselines → evidence → findings.
//! * [`alert`] P: what a person or a SIEM reads.
//! * [`simulate`] P: a fleet of identities and attacks, as native records.
//! * [`kafka`]: the only code that knows Kafka.
//! * [`replay`]: the same core over files.
//! * [`evaluate`]: what it finds, beside rules, held against labels.
//! * [`metrics`], [`http`]: what is counted, and where it is read.
//! * [`service`]: builds the parts, supervises them, drains them in order.
//! * [`cli`]: the commands.

pub mod config;
pub mod event;

pub mod decode;
pub mod identity;
pub mod network;

pub mod detect;

pub mod alert;

pub mod simulate;

pub mod kafka;
pub mod replay;

pub mod evaluate;

pub mod http;
pub mod metrics;
pub mod service;

pub mod cli;
