//! What was done to whom: the truth that alerts are measured against, kept apart from the records.

use serde::{Deserialize, Serialize};

use super::world::Habit;
use crate::event::Timestamp;

/// The version of ATT&CK that [`AttackLabel::technique`] refers to.
pub const ATTACK_VERSION: &str = "19";

/// An attack that is hidden among the records. One line of JSON each in a labels file:
///
/// ```json
/// {"attack_id":"7-0000","scenario":"A1","technique":"T1552.005, T1078.004, T1580","attack_version":"19",
///  "identities":[{"scope":"aws/123456789012","principal":"arn:aws:iam::123456789012:role/orders-api-0a1b2c3d4e"}],
///  "start":"2026-03-18T09:03:07.250Z","end":"2026-03-18T12:41:55.014Z"}
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttackLabel {
    /// Its name, unlike that of every other attack: the fleet's seed and a number.
    pub attack_id: String,
    /// Which scenario: its number in the catalogue, `A1` ([`Scenario::describe`]).
    pub scenario: String,
    /// Ids of the techniques, with commas (ATT&CK; ATLAS for AI agents).
    pub technique: String,
    /// The version of ATT&CK that has them.
    pub attack_version: String,
    /// Those whom the attacker acted as, the first victim first.
    pub identities: Vec<LabelledIdentity>,
    /// Time of the first record; the record itself has whole seconds, rounded down.
    #[serde(with = "rfc3339")]
    pub start: Timestamp,
    /// Time of the last record.
    #[serde(with = "rfc3339")]
    pub end: Timestamp,
}

/// An identity as `identity` resolves it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LabelledIdentity {
    /// Provider and account: `aws/123456789012`, `kubernetes/<cluster>`, `gcp/<project>`, `github/<organisation>`.
    pub scope: String,
    /// What its baseline is kept for: the ARN of a role or user, the name of one elsewhere.
    pub principal: String,
}

impl AttackLabel {
    /// Whether the attacker acted as this identity.
    pub fn names(&self, scope: &str, principal: &str) -> bool {
        self.identities.iter().any(|identity| identity.scope == scope && identity.principal == principal)
    }
}

/// Times as people read them.
mod rfc3339 {
    use serde::{Deserialize, Deserializer, Serializer, de};

    use crate::event::Timestamp;

    pub fn serialize<S: Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(time)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
        let text = String::deserialize(deserializer)?;
        Timestamp::parse(&text).map_err(|error| de::Error::custom(format_args!("{text:?} is {error}")))
    }
}

/// The scenarios of the catalogue (model, section 4.1): those that CloudTrail alone can show, and those elsewhere.
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
    /// Slow exfiltration within known actions.
    A5,
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
    /// Boiling frog: a little more every day.
    A12,
    /// Six identities of one group from one foreign network.
    A13,
    /// Theft of a vendor's integration.
    A16,
    /// Snapshot shared out.
    A17,
    /// Ransom: versions purged, objects overwritten.
    A18,
    /// Noisy reconnaissance with denials.
    A19,
    /// A function as a back door.
    A20,
    /// Commands run on many hosts.
    A21,
    /// Federation or trust changed, used later.
    A22,
    /// Cloud firewall opened.
    A23,
    /// An attacker within the same cloud.
    A24,
    /// Abuse of models.
    A25,
    /// Own habits replayed at odd hours.
    A26,
    /// A pod's token used by whoever got into the pod.
    A14,
    /// The token of a Kubernetes service account used from outside.
    A27,
    /// The leaked key of a Google Cloud service account.
    A28,
    /// The same account used from where it runs.
    A29,
    /// The stolen token of an app on GitHub.
    A30,
    /// The same token used from where the app runs.
    A31,
}

impl Scenario {
    /// Those in Kubernetes, Google Cloud and GitHub, by which an attack begins from elsewhere and from the victim's own place.
    pub const ELSEWHERE: [Scenario; 6] =
        [Scenario::A27, Scenario::A14, Scenario::A28, Scenario::A29, Scenario::A30, Scenario::A31];

    /// Every scenario that CloudTrail alone can show, in the catalogue's order.
    pub const ALL: [Scenario; 24] = [
        Scenario::A1,
        Scenario::A2,
        Scenario::A3,
        Scenario::A4,
        Scenario::A5,
        Scenario::A6,
        Scenario::A7,
        Scenario::A8,
        Scenario::A9,
        Scenario::A10,
        Scenario::A11,
        Scenario::A12,
        Scenario::A13,
        Scenario::A16,
        Scenario::A17,
        Scenario::A18,
        Scenario::A19,
        Scenario::A20,
        Scenario::A21,
        Scenario::A22,
        Scenario::A23,
        Scenario::A24,
        Scenario::A25,
        Scenario::A26,
    ];

    /// Its number in the catalogue (`A1`), title, and techniques (ATT&CK version 19, ATLAS for agents).
    pub fn describe(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Scenario::A1 => ("A1", "instance credentials used from outside", "T1552.005, T1078.004, T1580"),
            Scenario::A2 => ("A2", "abuse of a pipeline's OIDC token", "T1528, T1550.001, T1199"),
            Scenario::A3 => ("A3", "revival of a dormant key", "T1078.004"),
            Scenario::A4 => ("A4", "secret enumeration", "T1555.006"),
            Scenario::A5 => ("A5", "slow exfiltration within known actions", "T1530, T1030"),
            Scenario::A6 => ("A6", "prompt injection of an AI agent", "AML.T0051.001, AML.T0053, AML.T0086"),
            Scenario::A7 => ("A7", "recursive identity creation", "T1136.003, T1098.001, T1098.003"),
            Scenario::A8 => ("A8", "role chaining across accounts", "T1550.001, T1199, T1548.005"),
            Scenario::A9 => ("A9", "region hopping for crypto-mining", "T1535, T1496.001, T1578.002"),
            Scenario::A10 => ("A10", "log tampering", "T1685.002"),
            Scenario::A11 => ("A11", "mimicry of peers", "T1078.004"),
            Scenario::A12 => ("A12", "boiling frog", "T1030"),
            Scenario::A13 => ("A13", "coordinated peers", "T1078.004"),
            Scenario::A16 => ("A16", "theft of a vendor's integration", "T1528, T1199, T1567"),
            Scenario::A17 => ("A17", "snapshot shared out", "T1537, T1578.001"),
            Scenario::A18 => ("A18", "ransom by overwriting objects", "T1486, T1485, T1490"),
            Scenario::A19 => ("A19", "noisy reconnaissance with denials", "T1580, T1087.004, T1069.003, T1619"),
            Scenario::A20 => ("A20", "serverless back door", "T1648, T1546"),
            Scenario::A21 => ("A21", "commands run on many hosts", "T1651, T1021.007"),
            Scenario::A22 => ("A22", "trust changed and used", "T1484.002, T1606.002"),
            Scenario::A23 => ("A23", "cloud firewall opened", "T1686.001"),
            Scenario::A24 => ("A24", "attacker within the same cloud", "T1078.004"),
            Scenario::A25 => ("A25", "abuse of models", "T1496.004"),
            Scenario::A26 => ("A26", "own habits at odd hours", "T1078.004"),
            Scenario::A14 => ("A14", "Kubernetes token used in its pod", "T1528, T1552.007, T1613, T1609"),
            Scenario::A27 => ("A27", "Kubernetes token used from outside", "T1528, T1552.007, T1613, T1609, T1098.006"),
            Scenario::A28 => {
                ("A28", "Google Cloud key used from outside", "T1078.004, T1555.006, T1098.001, T1098.003")
            }
            Scenario::A29 => {
                ("A29", "Google Cloud account used where it runs", "T1078.004, T1555.006, T1098.001, T1098.003")
            }
            Scenario::A30 => ("A30", "GitHub token used from outside", "T1528, T1213.003, T1098.001, T1685, T1648"),
            Scenario::A31 => ("A31", "GitHub token used where it belongs", "T1528, T1213.003, T1098.001, T1685, T1648"),
        }
    }

    /// The scenario with this number in the catalogue.
    pub fn of(number: &str) -> Option<Scenario> {
        Scenario::ALL.into_iter().chain(Scenario::ELSEWHERE).find(|scenario| scenario.describe().0 == number)
    }

    /// Days that it takes at most.
    pub(super) fn days(self) -> i64 {
        match self {
            Scenario::A12 => 14,
            Scenario::A22 => 11,
            Scenario::A5 | Scenario::A16 => 8,
            Scenario::A20 | Scenario::A26 => 5,
            Scenario::A25 => 3,
            _ => 1,
        }
    }

    /// The habits of those that it befalls; none where they live elsewhere.
    pub(super) fn victims(self) -> &'static [Habit] {
        use Habit::{Admin, Agent, Ci, Cron, Rare, Service, Vendor};
        match self {
            Scenario::A1 => &[Service, Cron],
            Scenario::A2 => &[Ci],
            Scenario::A3 => &[Rare],
            Scenario::A4 | Scenario::A5 => &[Service, Agent],
            Scenario::A6 => &[Agent],
            Scenario::A7 | Scenario::A9 => &[Ci, Service, Admin],
            Scenario::A8 | Scenario::A23 => &[Ci, Service],
            Scenario::A10 => &[Admin, Service, Ci],
            Scenario::A11 | Scenario::A12 | Scenario::A18 | Scenario::A24 => &[Service],
            Scenario::A13 => &[Service, Cron],
            Scenario::A16 => &[Vendor],
            Scenario::A20 | Scenario::A21 => &[Admin, Ci],
            Scenario::A22 => &[Admin],
            Scenario::A25 => &[Service, Vendor],
            Scenario::A26 => &[Cron, Ci],
            Scenario::A17 => &[Admin, Service],
            Scenario::A19 => &[Service, Cron, Ci, Vendor, Agent, Admin],
            Scenario::A14 | Scenario::A27 | Scenario::A28 | Scenario::A29 | Scenario::A30 | Scenario::A31 => &[],
        }
    }
}
