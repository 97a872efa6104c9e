//! The one internal model: what an audit record says ([`Event`]), whose it is ([`Identity`]), where it was read
//! ([`Position`]), and what was concluded from it ([`Finding`]).
//!
//! Every room meets in this one: `decode` makes events, `identity` makes identities, `detect` reads both and makes
//! findings, `alert` reads findings. Text is borrowed from the message that it was read from wherever that is
//! possible (`Cow`), so that a record costs no allocation on its way.
//!
//! What is absent on purpose: no clock, no I/O, no statistics.

mod action;
mod actor;
mod audit_ref;
mod finding;
mod identity;
mod origin;
mod timestamp;
mod wire;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

pub use action::{Access, Action, Outcome, Sensitivity, Tactic, Target};
pub use actor::{Actor, Credential, CredentialClass, Delegator, Issuer, Relation};
pub use audit_ref::AuditRef;
pub use finding::{
    Activity, Band, Campaign, Expectation, Family, Feature, Finding, Maturity, Muted, NewHere, Reason, Wave,
};
pub use identity::{Identity, Kind};
pub use origin::{NetworkClass, Origin};
pub use timestamp::{Timestamp, TimestampError};
pub use wire::{Entry, EntryError, PartitionProgress, Tick, WIRE_VERSION, decode_entry, encode_entry};

/// Text that is borrowed from the message where possible.
pub type Text<'a> = Cow<'a, str>;

/// The kind of log that a record came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Source {
    /// AWS CloudTrail: management, data and network-activity events.
    #[serde(rename = "aws.cloudtrail")]
    AwsCloudtrail,
}

impl Source {
    /// Every source, in the order of declaration.
    pub const ALL: [Source; 1] = [Source::AwsCloudtrail];

    /// The name used in metrics and output, for example `aws.cloudtrail`.
    pub fn name(self) -> &'static str {
        match self {
            Source::AwsCloudtrail => "aws.cloudtrail",
        }
    }
}

/// One thing that one actor did, as the audit log tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event<'a> {
    /// Which log.
    pub source: Source,
    /// The provider's own id of the event, by which duplicates are known (CloudTrail: `sharedEventID`, else `eventID`;
    /// a hash of the record where there is none).
    #[serde(borrow, deserialize_with = "wire::borrowed_text")]
    pub id: Text<'a>,
    /// When it happened (event time).
    pub time: Timestamp,
    /// Who did it, as the log gives it.
    #[serde(borrow)]
    pub actor: Actor<'a>,
    /// What was done.
    #[serde(borrow)]
    pub action: Action<'a>,
    /// How it ended.
    pub outcome: Outcome,
    /// The provider's error code where it failed (`AccessDenied`).
    #[serde(borrow, default, deserialize_with = "wire::borrowed")]
    pub error: Option<Text<'a>>,
    /// Where it came from.
    #[serde(borrow)]
    pub origin: Origin<'a>,
    /// The provider's region, where the log gives one (`eu-central-1`).
    #[serde(borrow, default, deserialize_with = "wire::borrowed")]
    pub region: Option<Text<'a>>,
    /// The account that the call was made in, where it is not the actor's own.
    #[serde(borrow, default, deserialize_with = "wire::borrowed")]
    pub target_account: Option<Text<'a>>,
    /// What it was done to, most telling first; bounded by the decoder.
    #[serde(borrow)]
    pub targets: Vec<Target<'a>>,
}

/// Where an audit record was read: enough to drop what was read before, and to find it again.
///
/// Ordered within one partition by `(epoch, offset, index)`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Position<'a> {
    /// The audit topic, or the file's name.
    #[serde(borrow, deserialize_with = "wire::borrowed_text")]
    pub topic: Text<'a>,
    /// The partition; 0 for a file.
    pub partition: i32,
    /// Raised when a topic was made anew and its offsets began again.
    pub epoch: u32,
    /// The offset of the message, or the record's number in the file (0-based).
    pub offset: i64,
    /// Its place in the unwrapped message, before anything was left out (0-based).
    pub index: u32,
}

/// An event that knows whose it is and where it was read: what the events topic carries, and what is scored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attributed<'a> {
    /// Where its audit record was read.
    #[serde(borrow)]
    pub position: Position<'a>,
    /// Whose it is.
    #[serde(borrow)]
    pub identity: Identity<'a>,
    /// What happened.
    #[serde(borrow)]
    pub event: Event<'a>,
}
