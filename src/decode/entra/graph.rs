//! Requests to Microsoft Graph, and to Azure AD Graph before it: their activity logs.
//!
//! The operation is the method and the pattern of the path (`GET /users/{id}/messages`): the log's own `operationName` is
//! the same for all of them.

use super::super::azure::{Field, Record, event_time, lower, origin, tenant};
use super::super::{DecodeError, Decoded, Delivery};
use super::{id, path};
use crate::config::DecodeConfig;
use crate::event::{
    Access, Action, Actor, Credential, CredentialClass, Delegator, Event, Outcome, Relation, Sensitivity, Source,
    Tactic, Target, Text,
};

/// Decodes a request.
pub(in crate::decode) fn graph<'a>(
    bytes: &[u8],
    record: &Record<'_, 'a>,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let time = event_time(record, &[Field::TimeGenerated, Field::Time], delivery, config)?;
    let method = record.text(Field::RequestMethod).ok_or(DecodeError::MissingField { field: "requestMethod" })?;
    let address = record.text(Field::RequestUri).ok_or(DecodeError::MissingField { field: "requestUri" })?;
    let path = path::path(&address);
    let pattern = path::pattern(path);
    let (outcome, error) = ending(record);
    let address = record.text(Field::IpAddress).or_else(|| record.text(Field::CallerIp));
    let target = Target {
        kind: Text::Owned(["graph:", pattern.split('/').nth(1).unwrap_or_default()].concat()),
        name: Text::Owned(["/", path].concat()),
        container: Text::Owned(pattern.clone()),
        account: None,
    };
    Ok(Event {
        source: Source::GraphActivity,
        provider: Text::Borrowed("azure"),
        id: id(bytes, record, Field::RequestId),
        time,
        actor: actor(record, delivery),
        action: action(&method, &pattern),
        outcome,
        error,
        origin: origin(address, record.text(Field::UserAgent), false),
        region: None,
        target_account: None,
        targets: [target].into_iter().take(config.max_targets).collect(),
        issued: Vec::new(),
    })
}

fn ending<'a>(record: &Record<'_, 'a>) -> (Outcome, Option<Text<'a>>) {
    let code = record.text(Field::ResponseStatus).or_else(|| record.text(Field::StatusCode));
    let code = code.or_else(|| record.outer.text(Field::ResultSignature));
    match code.as_deref().and_then(|code| code.parse::<u32>().ok()) {
        Some(100..400) => (Outcome::Success, None),
        Some(_) => (Outcome::Failure, code),
        None => (Outcome::Unknown, None),
    }
}

fn actor<'a>(record: &Record<'_, 'a>, delivery: &Delivery<'_>) -> Actor<'a> {
    let app = record.text(Field::AppId);
    let (user, principal) = (record.text(Field::UserId), record.text(Field::ServicePrincipalId));
    let of_app = match record.text(Field::IdType).as_deref() {
        Some("app" | "Application") => true,
        Some("user" | "User") => false,
        _ => user.is_none() && (app.is_some() || principal.is_some()),
    };
    let (class, name, uid) = match (of_app, user) {
        (true, _) => ("ServicePrincipal", app.clone().or_else(|| principal.clone()), principal),
        (false, Some(user)) => ("User", Some(user.clone()), Some(user)),
        (false, None) => ("Unknown", None, None),
    };
    let proof = match record.text(Field::ClientAuthMethod).as_deref() {
        _ if !of_app => CredentialClass::OauthToken,
        Some("1" | "2") => CredentialClass::LongTerm,
        _ => CredentialClass::Unknown,
    };
    let through = app.filter(|_| !of_app);
    Actor {
        class: Text::Borrowed(class),
        name: name.unwrap_or_default(),
        uid: uid.map(lower),
        short_name: None,
        account: tenant(record, delivery).map(lower),
        issuer: None,
        session: record.text(Field::SignInActivity),
        credential: Some(Credential { id: Text::default(), class: proof, issued: None, mfa: false }),
        delegators: through
            .map(|name| Delegator { relation: Relation::Application, name: lower(name) })
            .into_iter()
            .collect(),
        via_service: false,
    }
}

fn action<'a>(method: &str, pattern: &str) -> Action<'a> {
    let method = method.to_ascii_uppercase();
    let changes = matches!(&*method, "POST" | "PATCH" | "PUT" | "DELETE");
    let known = KNOWN.iter().find(|(part, ..)| changes && pattern.contains(part));
    Action {
        service: Text::Borrowed("graph"),
        operation: Text::Owned([&*method, " ", pattern].concat()),
        access: access(&method, pattern, known.is_some()),
        sensitivity: known.map(|_| Sensitivity::IamWrite),
        tactic: known.map(|known| known.1),
        technique: known.map(|known| Text::Borrowed(known.2)),
    }
}

/// Parts of paths that change who may do what, where something is written to them (sources as in `directory`).
const KNOWN: [(&str, Tactic, &str); 13] = [
    ("/addPassword", Tactic::Persistence, "T1098.001"),
    ("/addKey", Tactic::Persistence, "T1098.001"),
    ("/federatedIdentityCredentials", Tactic::Persistence, "T1098.001"),
    ("/addTokenSigningCertificate", Tactic::Persistence, "T1098.001"),
    ("/appRoleAssignments", Tactic::Persistence, "T1098.003"),
    ("/appRoleAssignedTo", Tactic::Persistence, "T1098.003"),
    ("/oauth2PermissionGrants", Tactic::Persistence, "T1098.003"),
    ("/roleManagement/", Tactic::Persistence, "T1098.003"),
    ("/directoryRoles", Tactic::Persistence, "T1098.003"),
    ("/owners", Tactic::Persistence, "T1098.003"),
    ("/authentication/", Tactic::Persistence, "T1556.006"),
    ("/identity/conditionalAccess", Tactic::DefenseImpairment, "T1556.009"),
    ("/federationConfiguration", Tactic::PrivilegeEscalation, "T1484.002"),
];

fn access(method: &str, pattern: &str, permissions: bool) -> Access {
    let ends = |words: &[&str]| words.iter().any(|word| pattern.ends_with(word));
    let asks = ["/$batch", "/search/query", "/getByIds", "/getMemberGroups", "/checkMemberGroups", "/getMemberObjects"];
    match method {
        _ if permissions => Access::Permissions,
        "GET" | "HEAD" if ends(&["/content", "/$value", "/messages", "/messages/{id}", "/attachments"]) => {
            Access::DataRead
        }
        "GET" | "HEAD" if ends(&["{id}", "/me", "/organization", "/$count"]) => Access::Read,
        "GET" | "HEAD" => Access::List,
        "POST" if ends(&asks) => Access::Read,
        "POST" | "PATCH" | "PUT" | "DELETE" => Access::Write,
        _ => Access::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_requests_do() {
        for (method, pattern, expected, technique) in [
            ("GET", "/users", Access::List, None),
            ("GET", "/users/{id}", Access::Read, None),
            ("GET", "/users/{id}/messages", Access::DataRead, None),
            ("POST", "/applications/{id}/addPassword", Access::Permissions, Some("T1098.001")),
            ("GET", "/applications/{id}/owners", Access::List, None),
            ("POST", "/$batch", Access::Read, None),
            ("patch", "/users/{id}", Access::Write, None),
        ] {
            let action = action(method, pattern);
            assert_eq!((action.access, action.technique.as_deref()), (expected, technique), "{method} {pattern}");
        }
    }
}
