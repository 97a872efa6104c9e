//! Checks of single parts, and what a probe is told of them.

use std::fmt::Write;

use crate::event::Timestamp;
use crate::metrics::{Metrics, Stage};

/// Whether one part is as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    name: &'static str,
    problem: Option<String>,
}

impl Check {
    /// The part is as it should be.
    pub fn ok(name: &'static str) -> Check {
        Check { name, problem: None }
    }

    /// The part is not yet, or no longer, as it should be; `problem` says how (`2 partitions to restore`).
    pub fn not(name: &'static str, problem: impl Into<String>) -> Check {
        Check { name, problem: Some(problem.into()) }
    }

    /// `ok` where it holds, else the problem.
    pub fn that(name: &'static str, holds: bool, problem: impl Into<String>) -> Check {
        if holds { Check::ok(name) } else { Check::not(name, problem) }
    }

    /// Whether the part is as it should be.
    pub fn is_ok(&self) -> bool {
        self.problem.is_none()
    }
}

/// Whether each stage that ever went round did so lately. A stage that has not begun is not alive or dead.
pub(super) fn going_round(metrics: &Metrics, stalled_after_s: u32, now: Timestamp) -> Vec<Check> {
    let check = |stage: Stage| {
        let rest_s = now.since(metrics.last_heartbeat(stage)?) / 1_000;
        let problem = format!("it has not gone round for {rest_s} s");
        Some(Check::that(stage.name(), rest_s <= i64::from(stalled_after_s), problem))
    };
    Stage::ALL.into_iter().filter_map(check).collect()
}

/// The answer: one word where all is well, else what is not; every check where `verbose`.
pub(super) fn told(what: &str, checks: &[Check], verbose: bool) -> String {
    let all_ok = checks.iter().all(Check::is_ok);
    let mut text = String::new();
    for check in checks.iter().filter(|check| verbose || !check.is_ok()) {
        let line = match &check.problem {
            None => writeln!(text, "[+] {} ok", check.name),
            Some(problem) => writeln!(text, "[-] {}: {problem}", check.name),
        };
        line.expect("text can always be written to");
    }
    text + &if all_ok { format!("{what}\n") } else { format!("not {what}\n") }
}
