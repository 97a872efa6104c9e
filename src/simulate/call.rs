//! One call that is going to be written as one record.

use super::world::{Pair, Runtime};

/// A call of one identity.
#[derive(Debug, Clone)]
pub struct Call {
    /// Milliseconds since the Unix epoch.
    pub time: i64,
    /// Who calls: index of the identity.
    pub actor: u32,
    /// What, and on what.
    pub pair: Pair,
    /// Index of `names::REGIONS`.
    pub region: u8,
    /// The source address, IPv4.
    pub address: u32,
    /// The client (`names::user_agent`).
    pub client: u16,
    /// Why it failed, where it did.
    pub fault: Option<Fault>,
    /// The session that it is made in; none for the one that the actor has at the time.
    pub session: Option<Session>,
    /// The session that it opens: the record shows its access key in the response.
    pub opens: Option<Session>,
    /// Not made by the actor but by whoever lends it its credentials, to open `opens`.
    pub by_lender: bool,
    /// The cloud's service that makes the call on the actor's behalf.
    pub via: Option<&'static str>,
    /// Factor on the bytes that it moves.
    pub bytes: f32,
    /// Index of the attack that it is part of.
    pub attack: Option<u32>,
}

/// A session of an identity, or a generation of its access key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// Its number, unique for the identity.
    pub number: u32,
    /// When it was opened, in milliseconds since the Unix epoch.
    pub started: i64,
}

/// Why a call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The caller may not do that.
    Denied,
    /// Too many calls.
    Throttled,
    /// There is no such thing.
    NotFound,
}

impl Fault {
    /// The error code for a service, and the text that follows the caller's name or stands alone.
    pub fn code(self, service: &str) -> &'static str {
        match (self, service) {
            (Fault::Denied, "ec2") => "Client.UnauthorizedOperation",
            (Fault::Denied, "iam" | "s3" | "sts" | "sqs") => "AccessDenied",
            (Fault::Denied, _) => "AccessDeniedException",
            (Fault::Throttled, _) => "ThrottlingException",
            (Fault::NotFound, _) => "ResourceNotFoundException",
        }
    }
}

/// How long a session lasts, in milliseconds; none where the credential is a key that lasts.
pub fn session_length(runtime: Runtime) -> Option<i64> {
    const HOUR: i64 = 3_600_000;
    match runtime {
        Runtime::Service("lambda.amazonaws.com") => Some(12 * HOUR),
        Runtime::Service("codebuild.amazonaws.com") | Runtime::WebIdentity | Runtime::Vendor(_) => Some(HOUR),
        Runtime::Service(_) => Some(6 * HOUR),
        Runtime::SingleSignOn => Some(8 * HOUR),
        Runtime::AccessKey => None,
    }
}
