//! Bytes → native records → events.
//!
//! In: the value of one Kafka record, or the content of one file, and when it arrived. Out: for each audit record in it, in
//! order, its index and what became of it: an event, ignored with a reason, or a dead letter with a reason. Nothing is
//! lost in between (law 2): a message gives at least one outcome, a damaged record costs itself only, and what cannot
//! be cut any further is one dead letter.
//!
//! What is absent on purpose: who the actor is (that is `identity`), and any JSON tree; records are cut out of the
//! message by their bytes and read once, borrowing their text from it.

mod aws_actions;
pub mod cloudtrail;

mod anthropic;
mod attack;
mod azure;
mod bedrock;
mod client;
mod delivery;
mod ecs;
mod embedded;
mod entra;
mod envelope;
mod error;
mod format;
mod gcp;
mod generic;
mod github;
mod json;
mod known;
mod kubernetes;
mod lookup;
mod named_scope;
mod names;
mod network;
mod ocsf;
mod okta;
mod openai;
mod paths;
mod platform_actions;
mod rebuilt;
mod record;
mod restart;
mod shape;
mod spelling;
mod syslog;
mod text;
mod time;
mod unpack;
mod vendor;
mod workspace;
mod wrapping;

use crate::config::DecodeConfig;
use crate::event::{Event, Source};

use envelope::Unwrapping;
use json::Tape;

pub use delivery::Delivery;
pub use error::{DecodeError, IgnoreReason, quote};
pub use generic::{SampleError, check_samples};

/// Memory that is used again from message to message.
#[derive(Debug, Default)]
pub struct Scratch {
    buffers: Vec<Vec<u8>>,
    tape: Tape,
}

impl Scratch {
    /// Memory that is kept for the next message, in bytes.
    pub fn kept_bytes(&self) -> usize {
        self.buffers.iter().map(Vec::capacity).sum::<usize>() + self.tape.kept_bytes()
    }
}

/// What became of one record of a message: an event, or why there is none. A plain result, so that what a decoder returns is
/// handed on where it lies: events are large.
pub type Decoded<'a> = Result<Event<'a>, NoEvent>;

/// Why a record gives no event.
#[derive(Debug, PartialEq)]
pub enum NoEvent {
    /// Read, understood, and not an event to be scored.
    Ignored(IgnoreReason),
    /// Not understood.
    Dead(DecodeError),
}

impl From<IgnoreReason> for NoEvent {
    fn from(reason: IgnoreReason) -> NoEvent {
        NoEvent::Ignored(reason)
    }
}

impl From<DecodeError> for NoEvent {
    fn from(error: DecodeError) -> NoEvent {
        NoEvent::Dead(error)
    }
}

/// Which record of a message something became of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordInfo {
    /// Its place in the unwrapped message, before anything is left out.
    pub index: u32,
    /// The log that it is of; none where that could not be told.
    pub source: Option<Source>,
}

/// How the records of a message were wrapped: the outermost wrapping of JSON, whatever compression lies around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Envelope {
    /// Nothing that could be told: empty, a tombstone, damaged.
    Nothing,
    /// One object.
    Single,
    /// Objects one after another: a record a line, or without anything between them.
    Sequence,
    /// A list.
    Array,
    /// `{"Records":[…]}`, as CloudTrail writes its files, or `{"records":[…]}`, as Azure's diagnostic settings do; `{"Events":[…]}`,
    /// as CloudTrail answers who looks events up.
    Records,
    /// `{"items":[…]}`: a list of Kubernetes, or of a Google API; `{"data":[…],"has_more":…}`, or `{"value":[…]}` of Microsoft: a page
    /// of another one.
    Items,
    /// An EventBridge event.
    EventBridge,
    /// A CloudWatch Logs subscription message, or what its Insights found.
    CloudwatchLogs,
    /// A JSON string with the record in it.
    JsonString,
    /// Kafka Connect's `schema` and `payload`.
    ConnectSchema,
    /// A CloudEvent in structured mode, or an event in Azure Event Grid's own schema.
    CloudEvents,
    /// A Pub/Sub push message.
    PubSub,
    /// An Okta event hook.
    OktaHook,
    /// An event for Splunk's HTTP event collector, or what Splunk found.
    SplunkEvent,
    /// A hit of Elasticsearch.
    ElasticHit,
    /// A log shipper's document, or an answer to who looks events up, with the record as a line in it.
    Shipper,
    /// A text of Azure's that was no JSON and was mended (`decode.azure_lenient_json`).
    MendedAzure,
}

impl Envelope {
    /// Every envelope, in the order of declaration.
    pub const ALL: [Envelope; 17] = [
        Envelope::Nothing,
        Envelope::Single,
        Envelope::Sequence,
        Envelope::Array,
        Envelope::Records,
        Envelope::Items,
        Envelope::EventBridge,
        Envelope::CloudwatchLogs,
        Envelope::JsonString,
        Envelope::ConnectSchema,
        Envelope::CloudEvents,
        Envelope::PubSub,
        Envelope::OktaHook,
        Envelope::SplunkEvent,
        Envelope::ElasticHit,
        Envelope::Shipper,
        Envelope::MendedAzure,
    ];

    /// The name used in metrics and output.
    pub fn name(self) -> &'static str {
        match self {
            Envelope::Nothing => "nothing",
            Envelope::Single => "single",
            Envelope::Sequence => "sequence",
            Envelope::Array => "array",
            Envelope::Records => "records",
            Envelope::Items => "items",
            Envelope::EventBridge => "eventbridge",
            Envelope::CloudwatchLogs => "cloudwatch_logs",
            Envelope::JsonString => "json_string",
            Envelope::ConnectSchema => "connect_schema",
            Envelope::CloudEvents => "cloudevents",
            Envelope::PubSub => "pubsub",
            Envelope::OktaHook => "okta_hook",
            Envelope::SplunkEvent => "splunk_event",
            Envelope::ElasticHit => "elastic_hit",
            Envelope::Shipper => "shipper",
            Envelope::MendedAzure => "azure_mended",
        }
    }
}

/// Takes a message apart and calls `each` for every record in it, in order.
///
/// `payload` is the value of a Kafka record (none: a tombstone) or the content of a file, `delivery` what is known of it
/// beside.
///
/// A message that can be read calls `each` at least once. One record after a damage may be the rest of the message.
///
/// # Errors
/// Where nothing of the message can be read: then `each` was not called, and the message as a whole is one dead letter, its
/// index 0.
pub fn decode_message<'m>(
    payload: Option<&[u8]>,
    delivery: impl Into<Delivery<'m>>,
    config: &DecodeConfig,
    scratch: &mut Scratch,
    each: &mut dyn FnMut(RecordInfo, Decoded<'_>),
) -> Result<Envelope, DecodeError> {
    let Some(payload) = payload else {
        let source = delivery.into().format;
        each(RecordInfo { index: 0, source }, Err(IgnoreReason::Tombstone.into()));
        return Ok(Envelope::Nothing);
    };
    let (bytes, limit) = (payload.len(), config.max_message_bytes);
    if bytes > limit {
        return Err(DecodeError::TooLarge { bytes, limit });
    }
    let mut unwrapping = Unwrapping {
        config,
        delivery: delivery.into(),
        buffers: &mut scratch.buffers,
        tape: &mut scratch.tape,
        each,
        next_index: 0,
        envelope: None,
        named_scope: None,
        text_bytes: bytes,
        unpacked_bytes: 0,
        damage_bytes: 0,
    };
    unwrapping.payload(payload, 0, None)?;
    if unwrapping.next_index == 0 {
        unwrapping.emit(Err(IgnoreReason::Empty.into()));
    }
    Ok(unwrapping.envelope.unwrap_or(Envelope::Nothing))
}
