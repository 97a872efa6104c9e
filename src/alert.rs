//! What a person or a SIEM reads: a finding comes in, an OCSF record with its Kafka headers ([`ocsf::render`]) or a few
//! lines for the terminal ([`text::render`]) go out, both built from the same sentences ([`explain`]).
//!
//! Everything is a function of the finding and the configuration: the same finding gives the same bytes and the same
//! ids, on every machine and at any time (law 5). Text that an attacker may have written is bounded everywhere and made
//! visible where a person reads it (law 10).
//!
//! What is absent on purpose: no clock, no Kafka, no choice of what alerts: that is what `detect` has concluded.

mod attack;
pub mod contract;
pub mod escape;
pub mod explain;
pub mod ocsf;
mod remedy;
pub mod text;

pub use ocsf::{finding_uid, metadata_uid};

use crate::event::Timestamp;

/// Which build speaks, for `metadata.product` and `finding_info.analytic`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProductInfo<'a> {
    /// Its version (`0.1.0`).
    pub version: &'a str,
}

/// An alert as it goes to the alerts topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The record's key: `finding_info.uid`, the same for the opening and all updates of an incident.
    pub key: String,
    /// CloudEvents attributes in Kafka's binary mode, and the content type.
    pub headers: Vec<(&'static str, String)>,
    /// The Detection Finding, JSON on one line.
    pub body: Vec<u8>,
    /// The record's timestamp: event time of the newest event with evidence.
    pub time: Timestamp,
    /// What the partition is chosen by (murmur2), so that all alerts of an identity keep their order.
    pub partition_hash_key: String,
    /// Whether something was left out because of `alerts.max_bytes`; the body says so as well.
    pub is_truncated: bool,
}
