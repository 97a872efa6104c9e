//! What detection concludes: an incident of one principal, with its reasons in numbers, or a notice of what a group of
//! peers did at once.
//!
//! `detect` makes findings, `alert` writes them for a person and a SIEM. The contributions of the reasons add up to
//! the evidence (law 9).

use serde::{Deserialize, Serialize};

use super::{AuditRef, Criticality, Kind, NetworkClass, Relation, Tactic, Timestamp};

/// A statement about an incident or a campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Opened, updated or closed.
    pub activity: Activity,
    /// 0 for the opening, then one more for each statement about the same incident.
    pub sequence: u32,
    /// Id of the source event that opened the incident: with scope and principal it names the incident.
    pub opening_event: String,
    /// Provider and account of the identity.
    pub scope: String,
    /// The identity; of a campaign notice the group: its template, or its kind.
    pub principal: String,
    /// The pattern that it was stamped from.
    pub template: String,
    /// What it is.
    pub kind: Kind,
    /// Why it is thought to be that.
    pub kind_reason: String,
    /// Who answers for it, by the configuration.
    pub owner: Option<String>,
    /// Whose product uses it, by the configuration.
    pub vendor: Option<String>,
    /// How much depends on it, by the configuration.
    pub criticality: Option<Criticality>,
    /// When the incident was opened: the event time of the opening event.
    pub opened: Timestamp,
    /// Event time of the oldest event with evidence.
    pub first: Timestamp,
    /// Event time of the newest event with evidence.
    pub last: Timestamp,
    /// The evidence A, in bits: the sum of the reasons' contributions.
    pub evidence_bits: f64,
    /// The threshold τ that it passed, in bits.
    pub threshold_bits: f64,
    /// Alerts per 1,000 identities and day that the threshold is set for.
    pub budget: f64,
    /// The score S: about one identity-day in 2^S of this fleet reaches this evidence.
    pub score: f64,
    /// 0–99: 50 at the threshold, 70 four bits above it, 90 eight bits above.
    pub risk_score: u8,
    /// The band of the risk score.
    pub band: Band,
    /// Why nobody is to be alerted and it is for the record alone; none where it is an alert.
    pub muted: Option<Muted>,
    /// What a group of peers did at once, where the finding is the notice of a campaign.
    pub campaign: Option<Campaign>,
    /// The reasons, largest contribution first; contributions add up to `evidence_bits`.
    pub reasons: Vec<Reason>,
    /// What is new since the last statement; empty for the opening.
    pub news: Vec<NewHere>,
    /// Events with evidence so far.
    pub count: u64,
    /// ATT&CK tactics of the actions with evidence, in order.
    pub tactics: Vec<Tactic>,
    /// ATT&CK techniques of the actions with evidence, in order of appearance.
    pub techniques: Vec<String>,
    /// How much is known of the identity.
    pub maturity: Maturity,
    /// The events with evidence, oldest first: the first and the newest ones, bounded.
    pub events: Vec<AuditRef>,
    /// How many events with evidence are not listed in `events`.
    pub events_omitted: u64,
    /// By way of whom the identity came to act, the nearest first: what its newest event says, then what earlier events
    /// said of the credential that it used; bounded.
    #[serde(default)]
    pub chain: Vec<ChainLink>,
}

/// One of those by way of whom an identity came to act: a federated subject, the run of a pipeline, a pod, whoever got the
/// credential issued.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChainLink {
    /// How it is linked to what stands before it.
    pub relation: Relation,
    /// Its name.
    pub name: String,
}

impl Finding {
    /// Whether somebody is to be alerted; else it is for the record.
    pub fn is_alert(&self) -> bool {
        self.muted.is_none()
    }
}

/// What a finding says of its incident.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// The incident was opened.
    Create,
    /// Something was added to it, or it turned out to be less than it seemed.
    Update,
    /// It was quiet for so long that it takes up nothing more.
    Close,
}

/// Why a finding alerts nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Muted {
    /// Incidents of its kind are recorded only (`detect.record_only`).
    Kind,
    /// Its newest event is too old to be news (`budget.max_age_hours`).
    Age,
    /// The hard cap on alerts was reached.
    Cap,
    /// It is the notice of a campaign: informational.
    Notice,
}

impl Muted {
    /// Every reason, in the order of declaration.
    pub const ALL: [Muted; 4] = [Muted::Kind, Muted::Age, Muted::Cap, Muted::Notice];

    /// The name used in output and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Muted::Kind => "kind",
            Muted::Age => "age",
            Muted::Cap => "cap",
            Muted::Notice => "notice",
        }
    }
}

/// What several members of a peer group did within hours: a roll-out, or one thief with many keys.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Campaign {
    /// Members whose evidence, not lowered for what their peers did, comes close to the threshold or passes it.
    pub members: u32,
    /// Members active in the window.
    pub active: u32,
    /// Their principals, in order of appearance; bounded.
    pub principals: Vec<String>,
    /// The window, in hours.
    pub window_hours: u32,
}

/// The bands of the risk score (model, section 2.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    /// Below the threshold: lowered after peers turned out to do the same.
    Low,
    /// At or above the threshold.
    Medium,
    /// Four bits above it.
    High,
    /// Eight bits above it.
    Critical,
}

/// Why an update was worth a statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NewHere {
    /// Evidence of a further family.
    Family(Family),
    /// An action of a further tactic.
    Tactic(Tactic),
    /// A source of a further class.
    Network(NetworkClass),
    /// A higher band.
    Band(Band),
    /// Peers turned out to do the same: evidence was lowered, the feature's bits with it.
    Wave(Feature),
    /// It was muted (its kind, its age, the hard cap), and alerts now.
    Released,
}

/// The families in which evidence is added up: the strongest feature of a family counts, families add.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// What was done, and to what.
    What,
    /// From where.
    Net,
    /// In which region, in whose account.
    Region,
    /// With what client.
    Client,
    /// First use of a sensitive class of action.
    Sens,
    /// Awake after a long rest.
    Revive,
}

impl Family {
    /// Every family, in the order of declaration.
    pub const ALL: [Family; 6] =
        [Family::What, Family::Net, Family::Region, Family::Client, Family::Sens, Family::Revive];
    /// Bits of one family, before its weight, that count in full; beyond them half counts.
    pub const FULL_BITS: f64 = 12.0;
    /// Most bits that one family can give, before its weight.
    pub const MOST_BITS: f64 = 24.0;

    /// What its bits are multiplied by.
    pub fn weight(self) -> f64 {
        if self == Family::Sens { 1.5 } else { 1.0 }
    }

    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            Family::What => "what",
            Family::Net => "net",
            Family::Region => "region",
            Family::Client => "client",
            Family::Sens => "sens",
            Family::Revive => "revive",
        }
    }
}

/// What is compared with the baseline (model, section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// The action.
    Action,
    /// The container of the target (bucket, secret prefix, table).
    Resource,
    /// The action on that container.
    Pair,
    /// The source network (prefix or endpoint).
    Network,
    /// The operator of the source network, by its autonomous system number, where a file says it.
    Asn,
    /// Several networks in one hour.
    TwoNetworks,
    /// The region.
    Region,
    /// The account that the call was made in, where it is not the identity's own.
    TargetAccount,
    /// The client family.
    Client,
    /// First use of a sensitive class of action.
    Sensitive,
    /// Awake after seven days or more, with new things.
    Revival,
}

impl Feature {
    /// Every feature, in the order of declaration.
    pub const ALL: [Feature; 11] = [
        Feature::Action,
        Feature::Resource,
        Feature::Pair,
        Feature::Network,
        Feature::Asn,
        Feature::TwoNetworks,
        Feature::Region,
        Feature::TargetAccount,
        Feature::Client,
        Feature::Sensitive,
        Feature::Revival,
    ];

    /// The family that it belongs to.
    pub fn family(self) -> Family {
        match self {
            Feature::Action | Feature::Resource | Feature::Pair => Family::What,
            Feature::Network | Feature::Asn | Feature::TwoNetworks => Family::Net,
            Feature::Region | Feature::TargetAccount => Family::Region,
            Feature::Client => Family::Client,
            Feature::Sensitive => Family::Sens,
            Feature::Revival => Family::Revive,
        }
    }

    /// The name used in metrics, output and configuration.
    pub fn name(self) -> &'static str {
        match self {
            Feature::Action => "action",
            Feature::Resource => "resource",
            Feature::Pair => "pair",
            Feature::Network => "net",
            Feature::Asn => "asn",
            Feature::TwoNetworks => "twonet",
            Feature::Region => "region",
            Feature::TargetAccount => "target_account",
            Feature::Client => "client",
            Feature::Sensitive => "sens",
            Feature::Revival => "revive",
        }
    }
}

/// The evidence of one family: what was observed, what was to be expected, and how many bits it is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The feature that counts in its family.
    pub feature: Feature,
    /// Bits that it adds to the evidence now, after scaling, cap, weight and decay.
    pub contribution: f64,
    /// Bits of surprise before that: −log₂ of the probability, not lowered for what peers did.
    pub surprise_bits: f64,
    /// Factor from surprise to evidence that makes features of this fleet comparable (calibration).
    pub scale: f64,
    /// Peers that did the same within hours, where it lowered the surprise.
    pub wave: Option<Wave>,
    /// The new value, or for features without values what was seen (`known and new network in one hour`).
    pub observed: String,
    /// Further new values of the same hour, bounded.
    pub others: Vec<String>,
    /// New values of that hour in all.
    pub values: u32,
    /// What was to be expected, with sample sizes.
    pub expected: Expectation,
    /// When the family's evidence last rose, event time.
    pub time: Timestamp,
    /// The event that raised it.
    pub event_id: String,
    /// Other features of the family that say the same of it, with their surprise in bits; they add nothing.
    pub also: Vec<(Feature, f64)>,
}

/// Peers that showed as much new in the same feature within hours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Wave {
    /// Other peers that did the same.
    pub alike: u32,
    /// Other peers that were active in that time.
    pub active: u32,
    /// The time since the oldest of them did it, in hours, rounded up.
    pub hours: u32,
    /// Bits of surprise that are left.
    pub bits: f64,
}

/// What the baseline expected, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Expectation {
    /// Active hours of the identity's own history (decayed).
    pub own_hours: f64,
    /// Probability that an active hour of this identity shows something new in this feature (or the category seen).
    pub probability: f64,
    /// Members of the peer group, this identity not counted.
    pub peers: u32,
    /// Those of them that are known to have the value.
    pub peers_with_value: u32,
    /// Identities outside the peer group that are known to have it.
    pub others_with_value: u32,
    /// When the identity itself had it last, where it is known but was forgotten.
    pub last_seen: Option<Timestamp>,
}

/// How much is known of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Maturity {
    /// Its first event.
    pub first_seen: Timestamp,
    /// Hours with events so far (not decayed).
    pub active_hours: u32,
    /// Whether it has too little history of its own and is judged by its peers'.
    pub learning: bool,
}
