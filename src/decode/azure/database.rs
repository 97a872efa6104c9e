//! One record of Azure SQL's audit → one event: who ran what on a database, or signed in to it.
//!
//! In: a record of the category `SQLSecurityAuditEvents`, whose members have underscores (`server_principal_name`), those and their
//! types (`server_principal_name_s`) or capitals (`ServerPrincipalName`). Out: its event. The action is the audit's `action_name`
//! (`BATCH COMPLETED`, `DATABASE AUTHENTICATION FAILED`), since `operationName` is `AuditEvent` of all of them.
//!
//! | class | name |
//! |---|---|
//! | `ServicePrincipal` | app id, of `<app>@<tenant>` |
//! | `User` | principal name |
//! | `SqlLogin` | name of a login that the server itself keeps |
//!
//! What is too long for one record is split; what follows the first is a part of it. Source: "SQL Database audit log format"
//! (Microsoft).

use super::super::client::is_uuid;
use super::super::record::hash_of;
use super::super::text::part;
use super::super::{DecodeError, Decoded, Delivery, IgnoreReason};
use super::actor::{self, lower, subscription_of, tenant};
use super::fields::{Field, Record};
use super::{event_time, operation, origin, target};
use crate::config::DecodeConfig;
use crate::event::{Access, Actor, Event, Outcome, Source, Text};

/// Decodes one record.
pub(super) fn decode<'a>(
    bytes: &[u8],
    record: &Record<'_, 'a>,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    if record.text(Field::SequenceNumber).and_then(|number| number.parse().ok()).is_some_and(|number: u32| number > 1) {
        return Err(IgnoreReason::Part.into());
    }
    let time = event_time(record, &[Field::AuditTime, Field::Time, Field::TimeGenerated], delivery, config)?;
    let named = record.text(Field::ActionName).or_else(|| record.word(Field::OperationName));
    let named = named.ok_or(DecodeError::MissingField { field: "action_name" })?;
    let resource = target::resource_id(record);
    let subscription = resource.as_ref().and_then(subscription_of).map(lower);
    let actor = actor(record, subscription.as_ref(), delivery);
    let mut action = operation::action(named, resource.as_deref());
    action.access = access(&action.operation);
    Ok(Event {
        source: Source::AzureActivity,
        provider: Text::Borrowed("azure"),
        id: record.text(Field::AuditEventId).unwrap_or_else(|| hash_of(bytes).into()),
        time,
        action,
        outcome: outcome(record),
        error: None,
        origin: origin(record.text(Field::ClientIp), record.text(Field::ApplicationName), false),
        region: record.outer.text(Field::Location),
        targets: target::targets(record, resource, subscription.clone(), config.max_targets),
        target_account: subscription.filter(|subscription| actor.account.as_ref() != Some(subscription)),
        issued: Vec::new(),
        actor,
    })
}

/// Whether what was tried was allowed; of sign-ins, whether they succeeded.
fn outcome(record: &Record<'_, '_>) -> Outcome {
    let said = record.get(Field::Succeeded);
    let word = said.and_then(|said| said.text_or_digits()).unwrap_or_default().to_ascii_lowercase();
    match (said.and_then(|said| said.truth()), &*word) {
        (Some(true), _) | (_, "true" | "1") => Outcome::Success,
        (Some(false), _) | (_, "false" | "0") => Outcome::Failure,
        _ => Outcome::Unknown,
    }
}

fn actor<'a>(record: &Record<'_, 'a>, subscription: Option<&Text<'a>>, delivery: &Delivery<'_>) -> Actor<'a> {
    let named = [Field::ServerPrincipal, Field::SessionPrincipal, Field::DatabasePrincipal];
    let name = named.into_iter().find_map(|field| record.text(field)).unwrap_or_default();
    let app = part(&name, |name| is_app(name).then_some(name.split_once('@')?.0));
    let of_app = part(&name, |name| is_app(name).then_some(name.split_once('@')?.1));
    let class = match () {
        () if app.is_some() => "ServicePrincipal",
        () if name.contains('@') => "User",
        () if name.is_empty() => actor::UNKNOWN,
        () => "SqlLogin",
    };
    let account = of_app.or_else(|| tenant(record, delivery)).or_else(|| subscription.cloned()).map(lower);
    Actor {
        class: Text::Borrowed(class),
        name: app.unwrap_or(name),
        uid: None,
        short_name: None,
        account,
        issuer: None,
        session: None,
        credential: None,
        delegators: Vec::new(),
        via_service: false,
    }
}

/// Whether a name is that of an app of the directory: `<app id>@<tenant id>`.
fn is_app(name: &str) -> bool {
    name.split_once('@').is_some_and(|(app, tenant)| is_uuid(app) && is_uuid(tenant))
}

/// What an audited action does, by its first words; statements that are audited as a whole (`BATCH COMPLETED`) say nothing of it.
fn access(action: &str) -> Access {
    let action = action.to_ascii_uppercase();
    let begins = |words: &[&str]| words.iter().any(|word| action.starts_with(word));
    if begins(&["SELECT", "RECEIVE", "BACKUP"]) {
        Access::DataRead
    } else if begins(&["INSERT", "UPDATE", "DELETE"]) {
        Access::DataWrite
    } else if begins(&["GRANT", "REVOKE", "DENY", "ADD MEMBER", "DROP MEMBER", "TAKE OWNERSHIP", "CHANGE OWN"]) {
        Access::Permissions
    } else if begins(&["CREATE", "ALTER", "DROP", "CHANGE", "RESET", "RESTORE"]) {
        Access::Write
    } else {
        Access::Unknown
    }
}
