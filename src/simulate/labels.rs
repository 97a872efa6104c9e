//! What was done to whom: the truth that alerts are measured against, kept apart from the records.

use super::world::Habit;
use crate::event::Timestamp;

/// An attack that is hidden among the records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttackLabel {
    /// Its number, from 0.
    pub id: u32,
    /// Which scenario.
    pub scenario: Scenario,
    /// ARNs of the identities that the attacker acted as, the first victim first.
    pub principals: Vec<String>,
    /// Time of the first record.
    pub from: Timestamp,
    /// Time of the last record.
    pub to: Timestamp,
}

/// The scenarios of the catalogue (model, section 4.1) that CloudTrail alone can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scenario {
    /// Instance credentials used from outside.
    A1,
    /// Abuse of a pipeline's OIDC token.
    A2,
    /// Revival of a dormant key.
    A3,
    /// Secret enumeration.
    A4,
    /// Prompt injection of an AI agent: authorised, out of habit.
    A6,
    /// Recursive identity creation.
    A7,
    /// Role chaining across accounts.
    A8,
    /// Region hopping, crypto-mining.
    A9,
    /// Log tampering.
    A10,
    /// Mimicry of peers.
    A11,
    /// Snapshot shared out.
    A17,
    /// Noisy reconnaissance with denials.
    A19,
    /// Cloud firewall opened.
    A23,
    /// An attacker within the same cloud.
    A24,
}

impl Scenario {
    /// Every scenario, in the catalogue's order.
    pub const ALL: [Scenario; 14] = [
        Scenario::A1,
        Scenario::A2,
        Scenario::A3,
        Scenario::A4,
        Scenario::A6,
        Scenario::A7,
        Scenario::A8,
        Scenario::A9,
        Scenario::A10,
        Scenario::A11,
        Scenario::A17,
        Scenario::A19,
        Scenario::A23,
        Scenario::A24,
    ];

    /// Its number in the catalogue (`A1`), title, and techniques (ATT&CK version 19, ATLAS for agents).
    pub fn describe(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Scenario::A1 => ("A1", "instance credentials used from outside", "T1552.005, T1078.004, T1580"),
            Scenario::A2 => ("A2", "abuse of a pipeline's OIDC token", "T1528, T1550.001, T1199"),
            Scenario::A3 => ("A3", "revival of a dormant key", "T1078.004"),
            Scenario::A4 => ("A4", "secret enumeration", "T1555.006"),
            Scenario::A6 => ("A6", "prompt injection of an AI agent", "AML.T0051.001, AML.T0053, AML.T0086"),
            Scenario::A7 => ("A7", "recursive identity creation", "T1136.003, T1098.001, T1098.003"),
            Scenario::A8 => ("A8", "role chaining across accounts", "T1550.001, T1199, T1548.005"),
            Scenario::A9 => ("A9", "region hopping for crypto-mining", "T1535, T1496.001, T1578.002"),
            Scenario::A10 => ("A10", "log tampering", "T1685.002"),
            Scenario::A11 => ("A11", "mimicry of peers", "T1078.004"),
            Scenario::A17 => ("A17", "snapshot shared out", "T1537, T1578.001"),
            Scenario::A19 => ("A19", "noisy reconnaissance with denials", "T1580, T1087.004, T1069.003, T1619"),
            Scenario::A23 => ("A23", "cloud firewall opened", "T1686.001"),
            Scenario::A24 => ("A24", "attacker within the same cloud", "T1078.004"),
        }
    }

    /// The habits of those that it befalls.
    pub(super) fn victims(self) -> &'static [Habit] {
        use Habit::{Admin, Agent, Ci, Cron, Rare, Service, Vendor};
        match self {
            Scenario::A1 => &[Service, Cron],
            Scenario::A2 => &[Ci],
            Scenario::A3 => &[Rare],
            Scenario::A4 => &[Service, Agent],
            Scenario::A6 => &[Agent],
            Scenario::A7 | Scenario::A9 => &[Ci, Service, Admin],
            Scenario::A8 | Scenario::A23 => &[Ci, Service],
            Scenario::A10 => &[Admin, Service, Ci],
            Scenario::A11 | Scenario::A24 => &[Service],
            Scenario::A17 => &[Admin, Service],
            Scenario::A19 => &[Service, Cron, Ci, Vendor, Agent, Admin],
        }
    }
}
