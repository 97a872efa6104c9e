//! The same core over files, without Kafka, or over a topic once: `decode` shows what is seen in files,
//! `replay` what would have been alerted.
//!
//! In: paths (directories, files, `-`), or a topic's name. Out: JSON lines on one stream, remarks, progress and the summary on another.
//!
//! * `input`, `open`: paths → files → unpacked bytes.
//! * `split`, `scan`, `records`: bytes → pieces of bounded size → decoded records with their numbers.
//! * `earliest`, `merge`: many files → events in order of time, in bounded memory.
//! * `line`, `decoding`: the command `decode`. `events`: events for `evaluate`.
//! * `running` (files), `topic` (audit topics and the events topic), `judging`, `progress`, `summary`, `tally`: the
//!   command `replay`.
//!
//! What is absent on purpose: any judgement; records are decoded, resolved, scored and rendered by the pure rooms.

#![allow(clippy::disallowed_methods, reason = "reads files, and the clock to know dates that lie ahead")]

mod decoding;
mod earliest;
mod events;
mod input;
mod judging;
mod line;
mod merge;
mod open;
mod output;
mod progress;
mod records;
mod running;
mod scan;
mod split;
mod summary;
mod table;
mod tally;
mod topic;

use std::time::{SystemTime, UNIX_EPOCH};

use crate::event::Timestamp;

pub use decoding::{Show, decode};
pub use events::each_event;
pub use running::{Streams, run};
pub use summary::Summary;
pub use tally::Tally;
pub use topic::run_topic;

/// The wall clock; it serves only to know dates that lie ahead.
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
