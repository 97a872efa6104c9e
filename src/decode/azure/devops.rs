//! One record of Azure DevOps' audit log → one event: what somebody did to an organisation, its repositories and its pipelines.
//!
//! In: a record as the audit interface, a stream or a download has it (`actionId`, `ActionId`), a row of the table
//! `AzureDevOpsAuditing` (`OperationName`) or of `ADOAuditLogs_CL`. Out: its event. The log tells of what was done, so an action
//! succeeded where its details do not say otherwise.
//!
//! | class | name |
//! |---|---|
//! | `ServicePrincipal` | client id |
//! | `User` | principal name |
//! | `ServiceIdentity` (a build service, Azure DevOps itself) | name to show |
//!
//! Sources: "Auditing events list" and "Access, export, and filter audit logs" (Azure DevOps), "AzureDevOpsAuditing" of the Azure
//! Monitor Logs reference (Microsoft).

use super::super::json::Value;
use super::super::platform_actions::{self, Row, Table};
use super::super::record::hash_of;
use super::super::text::{begins, part};
use super::super::{DecodeError, Decoded, Delivery};
use super::actor::{UNKNOWN, lower};
use super::fields::{Field, Record};
use super::{event_time, origin};
use crate::config::DecodeConfig;
use crate::event::Access::{DataRead, Permissions, Write};
use crate::event::Sensitivity::{Destructive, IamWrite, LogControl};
use crate::event::Tactic::{DefenseImpairment, Impact, Persistence, PrivilegeEscalation};
use crate::event::{Access, Action, Actor, Credential, CredentialClass, Event, Outcome, Source, Target, Text};

/// What stands for nobody.
const NOBODY: &str = "00000000-0000-0000-0000-000000000000";

/// Actions that weigh by themselves; our judgement, by Microsoft Sentinel's rules for the log.
static TABLE: Table = Table::new(ROWS);

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("AuditLog.DownloadLog", DataRead, None, None),
    ("AuditLog.StreamDeleted", Write, Some(LogControl), Some((DefenseImpairment, "T1562.008"))),
    ("AuditLog.StreamDisabledByUser", Write, Some(LogControl), Some((DefenseImpairment, "T1562.008"))),
    ("AuditLog.StreamModified", Write, Some(LogControl), None),
    ("Git.RepositoryDeleted", Write, Some(Destructive), Some((Impact, "T1485"))),
    ("Git.RepositoryDestroyed", Write, Some(Destructive), Some((Impact, "T1485"))),
    ("Group.UpdateGroupMembership", Permissions, Some(IamWrite), Some((Persistence, "T1098"))),
    ("Group.UpdateGroupMembership.Add", Permissions, Some(IamWrite), Some((Persistence, "T1098"))),
    ("Library.ServiceConnectionCreated", Write, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("Organization.Update.Delete", Write, Some(Destructive), Some((Impact, "T1485"))),
    ("Organization.Update.ForceUpdateOwner", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("Organization.Update.Owner", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("Project.HardDeleteCompleted", Write, Some(Destructive), Some((Impact, "T1485"))),
    ("Project.SoftDeleteCompleted", Write, Some(Destructive), Some((Impact, "T1485"))),
    ("Security.ModifyAccessControlLists", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("Security.ModifyPermission", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("Security.RemoveAccessControlLists", Permissions, Some(IamWrite), None),
    ("Security.RemoveAllAccessControlLists", Permissions, Some(IamWrite), None),
    ("Security.RemovePermission", Permissions, Some(IamWrite), None),
    ("Security.ResetPermission", Permissions, Some(IamWrite), None),
    ("Token.PatCreateEvent", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("Token.PatUpdateEvent", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("Token.SshCreateEvent", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("Token.SshUpdateEvent", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
];

/// Whether an object is a record of this log, by its members.
pub(super) fn is_row(value: Value<'_, '_>) -> bool {
    let mut record = Record::unseen(value);
    record.find();
    is_record(&record)
}

/// The same of a record's members.
pub(super) fn is_record(record: &Record<'_, '_>) -> bool {
    let has = |field| record.outer.has(field);
    (has(Field::ActionId) || has(Field::OperationName))
        && has(Field::ScopeName)
        && [Field::ActorCuid, Field::ActorUpn, Field::ActorUser, Field::Mechanism].into_iter().any(has)
}

/// Decodes one record.
pub(super) fn decode<'a>(
    bytes: &[u8],
    record: &Record<'_, 'a>,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let time = event_time(record, &[Field::Timestamp, Field::Time, Field::TimeGenerated], delivery, config)?;
    let operation = record.outer.text(Field::ActionId).or_else(|| record.outer.text(Field::OperationName));
    let operation = operation.ok_or(DecodeError::MissingField { field: "actionId" })?;
    let actor = actor(record, delivery);
    let outcome = outcome(record);
    Ok(Event {
        source: Source::AzureActivity,
        provider: Text::Borrowed("azure"),
        id: record.outer.text(Field::Id).unwrap_or_else(|| hash_of(bytes).into()),
        time,
        action: action(record, operation),
        outcome,
        error: None,
        origin: origin(record.outer.text(Field::IpAddress), record.outer.text(Field::UserAgent), false),
        region: None,
        target_account: None,
        targets: project(record).into_iter().take(config.max_targets).collect(),
        issued: Vec::new(),
        actor,
    })
}

fn action<'a>(record: &Record<'_, 'a>, operation: Text<'a>) -> Action<'a> {
    let category = record.outer.text(Field::Category).unwrap_or_default();
    let otherwise = if begins(&category, "access") { Access::Read } else { Access::Write };
    platform_actions::action(Text::Borrowed("devops"), operation, &TABLE, otherwise)
}

/// Runs and deployments say how they ended.
fn outcome(record: &Record<'_, '_>) -> Outcome {
    const RESULTS: [&str; 3] = ["DeploymentResult", "RunResult", "Result"];
    const FAILED: [&str; 4] = ["fail", "cancel", "reject", "abandon"];
    let data = record.outer.get(Field::Data).filter(|data| data.is_object());
    let result = data.and_then(|data| RESULTS.iter().find_map(|name| data.text_at(&[name])));
    let failed = |result: Text<'_>| FAILED.iter().any(|word| begins(&result, word));
    if result.is_some_and(failed) { Outcome::Failure } else { Outcome::Success }
}

/// The project that it was done in.
fn project<'a>(record: &Record<'_, 'a>) -> Option<Target<'a>> {
    let name = said(record, Field::ProjectName).or_else(|| said(record, Field::ProjectId))?;
    Some(Target { kind: Text::Borrowed("devops:project"), container: name.clone(), name, account: None })
}

/// A member that says anything.
fn said<'a>(record: &Record<'_, 'a>, field: Field) -> Option<Text<'a>> {
    record.outer.text(field).filter(|text| text != NOBODY)
}

fn actor<'a>(record: &Record<'_, 'a>, delivery: &Delivery<'_>) -> Actor<'a> {
    let said = |field| said(record, field);
    let (app, short_name, uid) = (said(Field::ActorClient), said(Field::ActorName), said(Field::ActorUser));
    let upn = said(Field::ActorUpn).filter(|upn| upn.contains('@'));
    let (class, name) = match (app, upn) {
        (Some(app), _) => ("ServicePrincipal", Some(app)),
        (None, Some(upn)) => ("User", Some(upn)),
        (None, None) if short_name.is_some() => ("ServiceIdentity", short_name.clone()),
        (None, None) => (UNKNOWN, uid.clone()),
    };
    // `acme (Organization)`
    let scope = said(Field::ScopeName);
    let organisation = scope.and_then(|scope| part(&scope, |scope| Some(scope.split(" (").next().unwrap_or(scope))));
    Actor {
        class: Text::Borrowed(class),
        name: name.unwrap_or_default(),
        uid: uid.map(lower),
        short_name,
        account: delivery.scope_in(record.root).or(organisation).map(lower),
        issuer: None,
        session: None,
        credential: said(Field::Mechanism).map(|mechanism| credential(&mechanism)),
        delegators: Vec::new(),
        via_service: false,
    }
}

/// `PAT authorizationId: <id>`: a personal access token; `AAD_Cookie`, `SessionToken`, `JWT` …: what a session or an app got.
fn credential<'a>(mechanism: &Text<'a>) -> Credential<'a> {
    let id = part(mechanism, |text| Some(text.split_once("authorizationId:")?.1.trim()));
    let long = ["PAT", "SSH", "Basic"].iter().any(|front| begins(mechanism, front));
    let class = if long { CredentialClass::LongTerm } else { CredentialClass::OauthToken };
    Credential { id: id.unwrap_or_default(), class, issued: None, mfa: false }
}
