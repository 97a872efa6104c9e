//! One record of Microsoft Entra ID's logs → one event: a sign-in, a change in the directory, a request to Microsoft Graph.
//!
//! They come in three forms: diagnostic settings (`category`, `properties`), Microsoft Graph's own answer
//! (`createdDateTime`, `activityDateTime`, no wrapping), and Log Analytics (`TimeGenerated`, columns with capitals, nested
//! ones as text). All have the same members under the same names but for their capitals, so [`Record`] reads them as one.
//!
//! The time is that of the sign-in or the change (`createdDateTime`, `activityDateTime`); `time` is when it was logged.
//! A sign-in's action is the provider's `Sign-in activity`, its target the resource that was signed in to. Risk that the
//! provider saw, provisioning and the like are no audit of what somebody did.
//!
//! Sources: "Sign-in logs schema", "Audit logs schema" and "Microsoft Graph activity logs" (Microsoft Entra), `signIn`,
//! `directoryAudit`, `managedIdentity` and `agentSignIn` (Microsoft Graph reference).

mod audit;
mod directory;
mod graph;
mod path;
mod signin;

use super::azure::{self, Field, Record};
use super::json::Value;
use super::record::hash_of;
use super::{DecodeError, Decoded, Delivery};
use crate::config::DecodeConfig;
use crate::event::{Event, Source, Text};

pub(super) use audit::audit;
pub(super) use graph::graph;
pub(super) use signin::sign_in;

/// Decodes one record of any of these logs; its content tells which.
pub(super) fn decode<'a>(
    _log: Source,
    value: Value<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    azure::decode(value, record, delivery, config)
}

/// The provider's own id of the event, else the record's hash.
fn id<'a>(bytes: &[u8], record: &Record<'_, 'a>, field: Field) -> Text<'a> {
    record.text(field).unwrap_or_else(|| hash_of(bytes).into())
}

fn decoded<'a>(event: Result<Event<'a>, DecodeError>, config: &DecodeConfig) -> Decoded<'a> {
    match event {
        Ok(mut event) => {
            super::text::bound(&mut event, config.max_text_bytes);
            Decoded::Event(event)
        }
        Err(error) => Decoded::Dead(error),
    }
}
