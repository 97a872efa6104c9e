//! One row of Defender's tables about identities and apps → one event: sign-ins that its sensors saw, what was done in Active Directory,
//! what was asked of it, and what was done in apps.
//!
//! In: a row of `IdentityLogonEvents`, `IdentityDirectoryEvents`, `IdentityQueryEvents` or `CloudAppEvents`, in Log Analytics or in
//! `properties` of Defender's stream of tables. Out: its event. Where an app's own record (`RawEventData`) is of a log that is known,
//! that is decoded instead, by whoever asks here.
//!
//! The service is the app (`Application`), the operation the table's `ActionType`. The tables tell of what was done, so an action
//! succeeded where neither its name nor its reason to fail says otherwise.
//!
//! Sources: the tables' pages of "Advanced hunting schema tables" (Microsoft Defender XDR).

use super::super::json::Value;
use super::super::names::{Names, required, time_of};
use super::super::platform_actions::by_verb;
use super::super::record::hash_of;
use super::super::text::{begins, holds};
use super::super::{DecodeError, Decoded, Delivery};
use super::actor::{UNKNOWN, lower};
use super::origin;
use crate::config::DecodeConfig;
use crate::event::{Access, Action, Actor, Delegator, Event, Origin, Outcome, Relation, Source, Target, Text};

/// The tables, in small letters.
const TABLES: [&str; 4] = ["cloudappevents", "identitydirectoryevents", "identitylogonevents", "identityqueryevents"];

/// Whether a table, or a category of the stream (`AdvancedHunting-CloudAppEvents`), is one of these.
pub(super) fn is_named(table: &str) -> bool {
    const FRONT: &str = "advancedhunting-";
    let table = if begins(table, FRONT) { &table[FRONT.len()..] } else { table };
    TABLES.iter().any(|name| table.eq_ignore_ascii_case(name))
}

/// Whether an object has the columns of one of these tables: what was done, in which app, by whose account.
pub(super) fn is_row(row: Value<'_, '_>) -> bool {
    let has = |name: &&str| row.member(name).is_some();
    ["ActionType", "Application"].iter().all(has)
        && ["AccountUpn", "AccountObjectId", "AccountId", "AccountName"].iter().any(has)
}

/// What a row has.
struct Row<'t, 'a> {
    value: Value<'t, 'a>,
    action: Option<Value<'t, 'a>>,
    application: Option<Value<'t, 'a>>,
    reason: Option<Value<'t, 'a>>,
    class: Option<Value<'t, 'a>>,
    app: Option<Value<'t, 'a>>,
    address: Option<Value<'t, 'a>>,
    user_agent: Option<Value<'t, 'a>>,
}

impl<'t, 'a> Row<'t, 'a> {
    fn find(value: Value<'t, 'a>) -> Row<'t, 'a> {
        static NAMES: Names<7> = Names::new([
            "ActionType",
            "Application",
            "FailureReason",
            "AccountType",
            "OAuthAppId",
            "IPAddress",
            "UserAgent",
        ]);
        let [action, application, reason, class, app, address, user_agent] = NAMES.of(value);
        Row { value, action, application, reason, class, app, address, user_agent }
    }

    fn text(&self, name: &str) -> Option<Text<'a>> {
        self.value.text_at(&[name]).filter(|text| !text.is_empty())
    }

    /// What the app itself says of what was done.
    fn raw(&self, name: &str) -> Option<Text<'a>> {
        self.value.text_at(&["RawEventData", name]).filter(|text| !text.is_empty())
    }
}

/// Decodes a row: the record itself, or what its `properties` are.
pub(super) fn decode<'a>(
    record: Value<'_, 'a>,
    bytes: &[u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let within = record.member("properties").filter(|properties| properties.is_object());
    let row = &Row::find(within.unwrap_or(record));
    let times = [row.value.member("Timestamp"), record.member("TimeGenerated"), record.member("time")];
    let time = time_of(times.into_iter().flatten().next(), ("Timestamp", "a date"), delivery, config)?;
    let service = row.application.and_then(Value::filled).map_or(Text::Borrowed("defender"), lower);
    let action = action(row, service)?;
    let outcome = outcome(row, &action.operation);
    let reason = row.reason.and_then(Value::filled).filter(|_| outcome == Outcome::Failure);
    Ok(Event {
        source: Source::AzureActivity,
        provider: Text::Borrowed("azure"),
        id: row.text("ReportId").unwrap_or_else(|| hash_of(bytes).into()),
        time,
        actor: actor(row, record, delivery),
        action,
        outcome,
        error: reason,
        origin: place(row),
        region: None,
        target_account: None,
        targets: target(row).into_iter().take(config.max_targets).collect(),
        issued: Vec::new(),
    })
}

fn action<'a>(row: &Row<'_, 'a>, service: Text<'a>) -> Result<Action<'a>, DecodeError> {
    let operation = required(row.action, "ActionType")?;
    let is_read = ["logon", "ldap", "samr", "dns"].iter().any(|front| begins(&operation, front));
    let access = if is_read { Access::Read } else { by_verb(&lower(Text::Borrowed(&operation))) };
    Ok(Action { service, operation, access, sensitivity: None, tactic: None, technique: None })
}

fn outcome(row: &Row<'_, '_>, operation: &str) -> Outcome {
    let says_failure = |text: &str| ["fail", "denied", "blocked", "error"].iter().any(|word| holds(text, word));
    let result = row.raw("ResultStatus").or_else(|| row.raw("ResultType"));
    match result.as_deref() {
        Some("False" | "false") => return Outcome::Failure,
        Some(result) if says_failure(result) => return Outcome::Failure,
        _ => {}
    }
    let failed = says_failure(operation) || row.reason.and_then(Value::filled).is_some_and(|reason| !is_none(&reason));
    if failed || row.raw("errorCode").is_some() { Outcome::Failure } else { Outcome::Success }
}

/// What stands for no reason to fail.
fn is_none(reason: &str) -> bool {
    ["none", "n/a", "success"].iter().any(|word| reason.eq_ignore_ascii_case(word))
}

fn place<'a>(row: &Row<'_, 'a>) -> Origin<'a> {
    let origin = origin(row.address.and_then(Value::filled), row.user_agent.and_then(Value::filled), false);
    let is_code = |code: &Text<'_>| code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase());
    let country = row.text("CountryCode").or_else(|| row.text("Location")).filter(is_code);
    Origin { country: country.filter(|_| origin.network.is_some()), ..origin }
}

/// What it was done to: an object of an app, or an account or a device in the directory.
fn target<'a>(row: &Row<'_, 'a>) -> Option<Target<'a>> {
    let of = |kind, name: &str| Some((kind, row.text(name)?));
    let (kind, name) = of("defender:object", "ObjectName")
        .or_else(|| of("defender:account", "TargetAccountUpn"))
        .or_else(|| of("defender:account", "TargetAccountDisplayName"))
        .or_else(|| of("defender:query", "QueryTarget"))
        .or_else(|| of("defender:device", "TargetDeviceName"))
        .or_else(|| of("defender:device", "DestinationDeviceName"))?;
    Some(Target { kind: Text::Borrowed(kind), container: name.clone(), name, account: None })
}

/// A user, by his principal name, else what the app calls him; an app, by its id; the system itself.
fn actor<'a>(row: &Row<'_, 'a>, record: Value<'_, 'a>, delivery: &Delivery<'_>) -> Actor<'a> {
    let class = row.class.and_then(Value::filled).unwrap_or_default();
    let app = row.app.and_then(Value::filled);
    let id = row.text("AccountObjectId").or_else(|| row.text("AccountSid"));
    let shown = row.text("AccountDisplayName");
    let user = row.text("AccountUpn").or_else(|| row.text("AccountId").filter(|id| id.contains('@')));
    let user = user.or_else(|| in_domain(row)).or_else(|| row.text("AccountId"));
    let (class, name) = match &*class {
        "Application" => ("ServicePrincipal", app.clone().or(user)),
        "System" => ("ServiceIdentity", shown.clone().or(user)),
        // Who is neither of the directory nor of Active Directory is whatever the app calls so.
        _ if id.is_none() && user.as_deref().is_none_or(|user| !user.contains(['@', '\\'])) => ("Account", user),
        _ => ("User", user),
    };
    let name = name.or_else(|| shown.clone()).or_else(|| id.clone());
    let through = app.filter(|_| class == "User").map(lower);
    Actor {
        class: Text::Borrowed(if name.is_some() { class } else { UNKNOWN }),
        name: name.unwrap_or_default(),
        uid: id.map(lower),
        short_name: shown,
        account: tenant(record).or_else(|| delivery.scope_in(record)).map(lower),
        issuer: None,
        session: row.raw("SessionId"),
        credential: None,
        delegators: through.map(|name| Delegator { relation: Relation::Application, name }).into_iter().collect(),
        via_service: false,
    }
}

/// `CONTOSO\ann`, `ann` where no domain is said.
fn in_domain<'a>(row: &Row<'_, 'a>) -> Option<Text<'a>> {
    let name = row.text("AccountName")?;
    match row.text("AccountDomain") {
        Some(domain) => Some(Text::Owned([&*domain, "\\", &*name].concat())),
        None => Some(name),
    }
}

/// The tenant that the stream of tables names; that of Log Analytics is the workspace's.
fn tenant<'a>(record: Value<'_, 'a>) -> Option<Text<'a>> {
    record.text_at(&["tenantId"]).filter(|tenant| !tenant.is_empty())
}
