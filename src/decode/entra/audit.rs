//! What was done in the directory: Entra ID's audit log.

use super::super::azure::{Field, Record, event_time, lower, origin, tenant};
use super::super::json::Value;
use super::super::network::is_address;
use super::super::text::{begins, small};
use super::super::{DecodeError, Decoded, Delivery};
use super::{directory, id, nested};
use crate::config::DecodeConfig;
use crate::event::{Actor, Delegator, Event, Origin, Outcome, Relation, Source, Target, Text};

/// Decodes a change in the directory.
pub(in crate::decode) fn audit<'a>(
    bytes: &[u8],
    record: &Record<'_, 'a>,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let time = event_time(record, &[Field::ActivityDateTime, Field::Time, Field::TimeGenerated], delivery, config)?;
    let operation = record.word(Field::OperationName).or_else(|| record.word(Field::ActivityDisplayName));
    let operation = operation.ok_or(DecodeError::MissingField { field: "operationName" })?;
    let targets = targets(record, config.max_targets);
    let outcome = outcome(record);
    // A reason of several words is for people to read: it may hold names and ids.
    let reason = || record.text(Field::ResultReason).filter(|reason| !reason.contains(' '));
    Ok(Event {
        source: Source::EntraAudit,
        provider: Text::Borrowed("azure"),
        id: id(bytes, record, Field::Id),
        time,
        action: directory::action(operation, changed(record)),
        outcome,
        error: (outcome == Outcome::Failure).then(reason).flatten(),
        origin: where_from(record),
        region: None,
        target_account: None,
        targets,
        issued: Vec::new(),
        actor: actor(record, delivery),
    })
}

fn outcome(record: &Record<'_, '_>) -> Outcome {
    let said = record.text(Field::Result).or_else(|| record.outer.text(Field::ResultType));
    let said = said.or_else(|| record.outer.text(Field::ResultSignature)).unwrap_or_default();
    let mut room = [0; 16];
    match small(&said, &mut room) {
        b"success" | b"succeeded" | b"0" => Outcome::Success,
        b"timeout" | b"clienterror" | b"servererror" => Outcome::Failure,
        _ if begins(&said, "fail") => Outcome::Failure,
        _ => Outcome::Unknown,
    }
}

/// Who did it: `initiatedBy` names a user, an app, or both.
fn actor<'a>(record: &Record<'_, 'a>, delivery: &Delivery<'_>) -> Actor<'a> {
    let initiated = record.get(Field::InitiatedBy);
    let of = |who: &str, name: &str| nested(initiated?, &[who, name])?.filled();
    let user = of("user", "userPrincipalName").or_else(|| of("user", "id"));
    let app = of("app", "appId").or_else(|| of("app", "servicePrincipalId")).or_else(|| of("app", "displayName"));
    let app = app.or_else(|| of("app", "servicePrincipalName"));
    let (class, name, uid, short_name) = match (user, app.clone()) {
        (Some(user), _) => ("User", user, of("user", "id"), of("user", "displayName")),
        (None, Some(app)) => ("ServicePrincipal", app, of("app", "servicePrincipalId"), of("app", "displayName")),
        (None, None) => otherwise(record, of("user", "displayName")),
    };
    let through = app.filter(|_| class == "User");
    Actor {
        class: Text::Borrowed(class),
        name,
        uid: uid.map(lower),
        short_name: short_name.or_else(|| record.outer.text(Field::Identity)),
        account: tenant(record, delivery).map(lower),
        issuer: None,
        session: None,
        credential: None,
        delegators: through.map(|name| Delegator { relation: Relation::Application, name }).into_iter().collect(),
        via_service: false,
    }
}

/// Who did it where `initiatedBy` does not say: Intune's `Actor` ("Send log data from Intune"), or whoever the record is said to be of.
fn otherwise<'a>(
    record: &Record<'_, 'a>,
    shown: Option<Text<'a>>,
) -> (&'static str, Text<'a>, Option<Text<'a>>, Option<Text<'a>>) {
    let of = |name| record.root.text_at(&["properties", "Actor", name]).filter(|text| !text.is_empty());
    let said = of("UPN").or_else(|| record.outer.text(Field::Identity)).filter(|name| name.contains('@'));
    if let Some(name) = said {
        return ("User", name, of("ObjectId"), shown);
    }
    match of("Application").filter(|_| of("ApplicationName").is_some()) {
        Some(app) => ("ServicePrincipal", app, of("ObjectId"), of("ApplicationName")),
        None => ("Unknown", Text::default(), None, shown),
    }
}

/// Where from: the user's address, and the user agent among the details.
fn where_from<'a>(record: &Record<'_, 'a>) -> Origin<'a> {
    let initiated = record.get(Field::InitiatedBy);
    let address = initiated
        .and_then(|initiated| nested(initiated, &["user", "ipAddress"])?.filled())
        .or_else(|| record.outer.text(Field::CallerIp).filter(|address| is_address(address)))
        .or_else(|| record.text(Field::IpAddress))
        .or_else(|| detail(record, "ipaddr"));
    let agent = detail(record, "User-Agent").or_else(|| record.text(Field::UserAgent));
    origin(address, agent, false)
}

/// A member of `additionalDetails`, a list of keys and values.
fn detail<'a>(record: &Record<'_, 'a>, key: &str) -> Option<Text<'a>> {
    let mut details = record.get(Field::AdditionalDetails)?.items().take(64);
    details.find(|detail| detail.text_at(&["key"]).is_some_and(|it| it == key))?.text_at(&["value"])
}

/// What it was done to.
fn targets<'a>(record: &Record<'_, 'a>, limit: usize) -> Vec<Target<'a>> {
    record.get(Field::TargetResources).into_iter().flat_map(Value::items).filter_map(target).take(limit).collect()
}

fn target<'a>(resource: Value<'_, 'a>) -> Option<Target<'a>> {
    let text = |name| nested(resource, &[name])?.filled();
    let name = text("userPrincipalName").or_else(|| text("displayName")).or_else(|| text("id"))?;
    let kind = text("type").map(|class| class.to_ascii_lowercase()).filter(|class| !class.is_empty());
    let kind = kind.map_or(Text::Borrowed("entra:object"), |class| Text::Owned(["entra:", &class].concat()));
    Some(Target { kind, container: name.clone(), name, account: None })
}

/// Names of the properties that were changed.
fn changed<'a>(record: &Record<'_, 'a>) -> impl Iterator<Item = Text<'a>> {
    let resources = record.get(Field::TargetResources).into_iter().flat_map(Value::items).take(8);
    let properties = resources.filter_map(|resource| nested(resource, &["modifiedProperties"])).flat_map(Value::items);
    properties.filter_map(|property| nested(property, &["displayName"])?.filled()).take(32)
}
