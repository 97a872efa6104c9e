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

use super::azure::{Field, Record};
use super::json::Value;
use super::record::hash_of;
use crate::event::Text;

pub(super) use audit::audit;
pub(super) use graph::graph;
pub(super) use signin::sign_in;

/// A nested member, whose keys PowerShell's modules write with capitals (`Status.ErrorCode`).
fn nested<'t, 'a>(value: Value<'t, 'a>, path: &[&str]) -> Option<Value<'t, 'a>> {
    let folded = |value: Value<'t, 'a>, name: &str| value.members().find(|(key, _)| key.eq_ignore_ascii_case(name));
    let step = |value: Value<'t, 'a>, name: &&str| value.member(name).or_else(|| Some(folded(value, name)?.1));
    path.iter().try_fold(value, step).filter(|found| !found.is_null())
}

/// The provider's own id of the event, else the record's hash.
fn id<'a>(bytes: &[u8], record: &Record<'_, 'a>, field: Field) -> Text<'a> {
    record.text(field).unwrap_or_else(|| hash_of(bytes).into())
}
