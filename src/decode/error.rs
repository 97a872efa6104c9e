//! Why a record is not scored: not understood ([`DecodeError`], a dead letter) or not meant to be ([`IgnoreReason`]).
//!
//! Both are closed: `reason()` is the word used as metric label, in dead-letter headers and in `decode` output; the
//! sentence (`Display`) is for people. Text of the message that is quoted in a sentence is cut and escaped first
//! ([`quote`]).

use crate::event::Timestamp;

/// Characters of quoted text that are kept in a sentence.
const QUOTED_CHARS: usize = 60;

/// Why a record or a message is a dead letter. Offsets count bytes from 0, within the record where one could be cut out
/// of its message, else within the unpacked message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The text breaks the grammar of JSON.
    #[error("not JSON: at byte {offset} there should be {expected}")]
    NotJson {
        /// The first byte that does not fit.
        offset: usize,
        /// What would be right there ("a value", "`,` or `}}`").
        expected: &'static str,
    },
    /// The JSON stops before it is complete.
    #[error("cut short: the JSON ends after {bytes} bytes in the middle of a value")]
    Truncated {
        /// How much there is.
        bytes: usize,
    },
    /// Bytes that are not UTF-8.
    #[error("not UTF-8: the text has an invalid byte at offset {offset}")]
    NotUtf8 {
        /// The first invalid byte.
        offset: usize,
    },
    /// The message is larger than `decode.max_message_bytes`.
    #[error("message of {bytes} bytes; decode.max_message_bytes allows {limit}")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The message unpacks to more than `decode.max_unpacked_bytes`.
    #[error("message unpacks to more than {limit} bytes, the limit set by decode.max_unpacked_bytes")]
    UnpackedTooLarge {
        /// The limit.
        limit: usize,
    },
    /// Objects and arrays are nested deeper than `decode.max_depth`.
    #[error("nested {depth} deep; decode.max_depth allows {limit}")]
    TooDeep {
        /// How deep.
        depth: usize,
        /// The limit.
        limit: usize,
    },
    /// The message holds more records than `decode.max_records`; what lies beyond was not read.
    #[error("message holds more than {limit} records, the limit set by decode.max_records; the rest was not read")]
    TooManyRecords {
        /// The limit.
        limit: usize,
    },
    /// The record is larger than `decode.max_record_bytes`.
    #[error("record of {bytes} bytes; decode.max_record_bytes allows {limit}")]
    RecordTooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// More wrappings around the record than `decode.max_unwraps`.
    #[error("wrapped more than {limit} times, the limit set by decode.max_unwraps")]
    TooManyWrappings {
        /// The limit.
        limit: usize,
    },
    /// Damaged compression.
    #[error("{format} cannot be unpacked: {problem}")]
    Compression {
        /// `gzip`, `zstd` or `base64`.
        format: &'static str,
        /// The decompressor's words.
        problem: String,
    },
    /// An object, but of no provider that is known.
    #[error("object of no known provider; its first keys are {keys}")]
    UnknownFormat {
        /// Its first keys, quoted and bounded.
        keys: String,
    },
    /// Something else where a record should be.
    #[error("{found} where an object should be")]
    NotAnObject {
        /// What there is ("a number").
        found: &'static str,
    },
    /// A field without which the record says nothing.
    #[error("field {field} is missing")]
    MissingField {
        /// Its path (`userIdentity.type`).
        field: &'static str,
    },
    /// A field that has another type than it must have.
    #[error("field {field} should be {expected}")]
    WrongType {
        /// Its path.
        field: &'static str,
        /// What would be right ("a string").
        expected: &'static str,
    },
    /// A time that is none.
    #[error("field {field} is {text}, which is not a time in RFC 3339 form such as 2026-01-31T23:59:59Z")]
    BadTime {
        /// Its path.
        field: &'static str,
        /// What it says, by [`quote`].
        text: String,
    },
    /// A time before the provider wrote audit logs.
    #[error("dated {time}; nothing was audited before {earliest}")]
    TimeRange {
        /// What it says.
        time: Timestamp,
        /// The earliest time that is believed.
        earliest: Timestamp,
    },
    /// Dated later than its arrival allows (law 6).
    #[error("dated {time}, more than decode.future_limit_min ({limit_min}) minutes after its arrival at {arrival}")]
    Future {
        /// What it says.
        time: Timestamp,
        /// When it arrived.
        arrival: Timestamp,
        /// The limit in minutes.
        limit_min: u32,
    },
}

impl DecodeError {
    /// Every reason, in the order of declaration.
    pub const REASONS: [&'static str; 17] = [
        "not_json",
        "truncated",
        "not_utf8",
        "too_large",
        "unpacked_too_large",
        "too_deep",
        "too_many_records",
        "record_too_large",
        "too_many_wrappings",
        "compression",
        "unknown_format",
        "not_an_object",
        "missing_field",
        "wrong_type",
        "bad_time",
        "time_range",
        "future",
    ];

    /// The reason's place in [`DecodeError::REASONS`], by which it is counted in a plain array.
    pub fn index(&self) -> usize {
        match self {
            DecodeError::NotJson { .. } => 0,
            DecodeError::Truncated { .. } => 1,
            DecodeError::NotUtf8 { .. } => 2,
            DecodeError::TooLarge { .. } => 3,
            DecodeError::UnpackedTooLarge { .. } => 4,
            DecodeError::TooDeep { .. } => 5,
            DecodeError::TooManyRecords { .. } => 6,
            DecodeError::RecordTooLarge { .. } => 7,
            DecodeError::TooManyWrappings { .. } => 8,
            DecodeError::Compression { .. } => 9,
            DecodeError::UnknownFormat { .. } => 10,
            DecodeError::NotAnObject { .. } => 11,
            DecodeError::MissingField { .. } => 12,
            DecodeError::WrongType { .. } => 13,
            DecodeError::BadTime { .. } => 14,
            DecodeError::TimeRange { .. } => 15,
            DecodeError::Future { .. } => 16,
        }
    }

    /// The word for it in metrics, headers and output.
    pub fn reason(&self) -> &'static str {
        DecodeError::REASONS[self.index()]
    }
}

/// Why a record is not scored although it was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum IgnoreReason {
    /// No value at all.
    Tombstone,
    /// A value, or a wrapping, that holds no record.
    Empty,
    /// CloudWatch Logs' own message that the subscription works.
    ControlMessage,
    /// A CloudTrail digest file: signatures of log files, no events.
    Digest,
    /// A CloudTrail Insights event: a provider's finding, not something that an identity did.
    Insight,
    /// Well-formed, but not the audit of a call (EventBridge's other events).
    NotAudit,
    /// Part of a call that another record stands for: an earlier stage, a later part, the end of a long operation.
    Part,
}

impl IgnoreReason {
    /// Every reason, in the order of declaration.
    pub const ALL: [IgnoreReason; 7] = [
        IgnoreReason::Tombstone,
        IgnoreReason::Empty,
        IgnoreReason::ControlMessage,
        IgnoreReason::Digest,
        IgnoreReason::Insight,
        IgnoreReason::NotAudit,
        IgnoreReason::Part,
    ];

    /// The word for it in metrics and output.
    pub fn reason(self) -> &'static str {
        match self {
            IgnoreReason::Tombstone => "tombstone",
            IgnoreReason::Empty => "empty",
            IgnoreReason::ControlMessage => "control_message",
            IgnoreReason::Digest => "digest",
            IgnoreReason::Insight => "insight",
            IgnoreReason::NotAudit => "not_audit",
            IgnoreReason::Part => "part",
        }
    }
}

/// Text of a message as a sentence may show it: in quotation marks, escaped, cut to a bounded length.
pub fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    quoted.extend(text.chars().take(QUOTED_CHARS).flat_map(char::escape_debug));
    if text.chars().nth(QUOTED_CHARS).is_some() {
        quoted.push('…');
    }
    quoted.push('"');
    quoted
}
