//! Who did it: GitHub's `actor` and what is said of the token → [`Actor`].
//!
//! Classes: `User`, `Bot` (an app's own account, as GitHub's interfaces call it), `Agent` (a coding agent), `DeployKey`. A
//! deploy key stands for a repository, not for a person: its actor is `deploy_key`, or empty. Source: GitHub Docs, "About token
//! data in the audit log for an enterprise".

use super::super::Delivery;
use super::super::json::Value;
use super::super::text::holds;
use super::record::{Record, named};
use crate::event::{Actor, Credential, CredentialClass, Delegator, Relation, Text};

/// Reads who did it.
pub(super) fn actor<'a>(record: &Record<'_, 'a>, delivery: &Delivery<'_>) -> Actor<'a> {
    let token = record.programmatic_access_type.and_then(Value::filled);
    let name = record.actor.and_then(Value::filled);
    let used = token.as_deref().and_then(token_class);
    let class = class(record, name.as_deref(), token.as_deref(), used);
    let scope = || delivery.scope.map(|scope| Text::Owned(scope.to_owned()));
    Actor {
        name: name.or_else(|| key_name(record, class)).unwrap_or_default(),
        uid: record.actor_id.and_then(Value::text_or_digits).filter(|id| id != "0"),
        short_name: None,
        account: record.owner().or_else(scope),
        issuer: None,
        session: record.actor_session.and_then(Value::text_or_digits),
        credential: credential(record, used, class),
        delegators: delegators(record, class),
        via_service: false,
        class: Text::Borrowed(class),
    }
}

/// What kind of account it is.
fn class(
    record: &Record<'_, '_>,
    name: Option<&str>,
    token: Option<&str>,
    used: Option<CredentialClass>,
) -> &'static str {
    let is_true = |value: Option<Value<'_, '_>>| value.and_then(Value::truth) == Some(true);
    let of_app = used == Some(CredentialClass::Temporary);
    let is_key =
        name == Some("deploy_key") || token.is_some_and(is_deploy_key) || (name.is_none() && record.key.is_some());
    if is_true(record.actor_is_agent) {
        "Agent"
    } else if is_true(record.actor_is_bot) || of_app || name.is_some_and(|name| name.ends_with("[bot]")) {
        "Bot"
    } else if is_key {
        "DeployKey"
    } else if name.is_some() {
        "User"
    } else {
        "Unknown"
    }
}

fn is_deploy_key(token: &str) -> bool {
    token.eq_ignore_ascii_case("deploy key") || token.eq_ignore_ascii_case("deploy_key")
}

/// A deploy key without an actor goes by the repository that it opens.
fn key_name<'a>(record: &Record<'_, 'a>, class: &str) -> Option<Text<'a>> {
    (class == "DeployKey").then_some(Text::Borrowed("deploy_key")).filter(|_| record.repository().is_some())
}

/// The class of a token: GitHub's words for it, and those that exports make of them.
fn token_class(token: &str) -> Option<CredentialClass> {
    match token {
        "GitHub App server-to-server token" => return Some(CredentialClass::Temporary),
        "GitHub App user-to-server token" | "OAuth access token" => return Some(CredentialClass::OauthToken),
        "Personal access token (classic)" | "Fine-grained personal access token" | "Deploy key" | "SSH key" => {
            return Some(CredentialClass::LongTerm);
        }
        _ => {}
    }
    let says = |word: &str| holds(token, word);
    if says("server-to-server") || says("server_to_server") || token.eq_ignore_ascii_case("github_app") {
        Some(CredentialClass::Temporary)
    } else if says("user-to-server") || says("user_to_server") || says("oauth") {
        Some(CredentialClass::OauthToken)
    } else if says("personal access token") || says("personal_access_token") || says("key") {
        Some(CredentialClass::LongTerm)
    } else {
        None
    }
}

/// The token's hash, else its number, else the key's fingerprint.
fn credential<'a>(record: &Record<'_, 'a>, used: Option<CredentialClass>, class: &str) -> Option<Credential<'a>> {
    let number = record.token_id.and_then(Value::text_or_digits).filter(|id| id != "0");
    let key = || record.key.and_then(Value::filled).filter(|_| class == "DeployKey");
    let id = record.hashed_token.and_then(Value::filled).or(number).or_else(key);
    if id.is_none() && used.is_none() {
        return None;
    }
    let class = used.unwrap_or(CredentialClass::Unknown);
    Some(Credential { id: id.unwrap_or_default(), class, issued: None, mfa: false })
}

/// The run of a workflow, the app through which a person works, the name under which his organisation's identity provider knows
/// him.
fn delegators<'a>(record: &Record<'_, 'a>, class: &str) -> Vec<Delegator<'a>> {
    let run = || {
        let number = record.workflow_run_id.and_then(Value::text_or_digits)?;
        let repository = record.repository()?;
        Some(Text::Owned([&repository, "/actions/runs/", &number].concat()))
    };
    let app = named(record.application).or_else(|| named(record.application_id).filter(|id| id != "0"));
    let app = app.filter(|_| record.programmatic_access_type.is_some());
    let person = record.external_name_id.and_then(Value::filled).filter(|_| class == "User");
    let through = [(Relation::PipelineRun, run()), (Relation::Application, app), (Relation::FederatedSubject, person)];
    through.into_iter().filter_map(|(relation, name)| Some(Delegator { relation, name: name? })).collect()
}
