//! Platforms and services whose actors have one name each: GitHub, Okta, Google Workspace, OpenAI, Anthropic, and any other: the
//! scope and the principal of an actor, and what its type says.
//!
//! | platform | principal |
//! |---|---|
//! | GitHub | the login; a deploy key's repository: `deploy_key/<owner>/<name>` |
//! | Okta | what people sign in with (a mail address), an app's client |
//! | OpenAI | the mail address, the service account's id |
//! | Anthropic | the mail address, the key's id, the service account's id; `<issuer>/<subject>` of a federated identity, the AWS role that vouched for itself |
//! | any other | the actor's name |
//!
//! People's accounts carry names of their own, and of products and jobs all the same (`claude.dupont`, `datadog@example.com`): a
//! name says that a program is behind such an account only by whole words, and not by what people are called.

mod ai;
mod github;
mod mapped;
mod okta;

use super::aws::{provider_name, role_of_session, stable_subject};
use super::kind::Verdict;
use super::kubernetes;
use super::provider::{delegator, is_name};
use super::words;
use crate::event::{Event, Kind, Relation, Source, Text};

/// `<provider>/<account>`, else `<provider>/unknown`.
pub(super) fn scope<'a>(event: &Event<'a>) -> Text<'a> {
    let account = event.actor.account.as_deref().filter(|account| is_name(account));
    Text::Owned([&event.provider, "/", account.unwrap_or("unknown")].concat())
}

/// The actor's name, else its id, else `unknown`.
pub(super) fn principal<'a>(event: &Event<'a>) -> Text<'a> {
    let actor = &event.actor;
    let special = match (event.source, &*actor.class) {
        (Source::GithubAudit, "DeployKey") if actor.name == "deploy_key" => github::deploy_key(event),
        (Source::AnthropicActivity, "federated_identity_actor") => federated(event),
        (Source::AnthropicActivity, "federated_actor") => role_of_session(&actor.name),
        _ => None,
    };
    let names = [Some(&actor.name), actor.short_name.as_ref(), actor.uid.as_ref()];
    let name = || names.into_iter().flatten().find(|name| is_name(name)).cloned();
    special.or_else(name).unwrap_or(Text::Borrowed("unknown"))
}

/// `<issuer>/<subject>` of a workload that came with a token of its own, the subject cut to what stays from run to run.
fn federated<'a>(event: &Event<'a>) -> Option<Text<'a>> {
    let issuer = delegator(&event.actor, Relation::FederatedProvider)?;
    let subject = delegator(&event.actor, Relation::FederatedSubject)?;
    Some(Text::Owned(format!("{}/{}", provider_name(&issuer), stable_subject(&subject))))
}

/// Types of actor that leave no doubt. Of a log that is read by a mapping the type may be a kind itself.
pub(super) fn certain(event: &Event<'_>) -> Option<Verdict> {
    match (event.source, &*event.provider) {
        (Source::Generic, _) => mapped::certain(event),
        (_, "github") => Some(github::kind(event)),
        (_, "okta") => okta::kind(event),
        (_, "openai") => ai::openai(event),
        (_, "anthropic") => ai::anthropic(event),
        // Common schemas have users of clusters whatever they call the log.
        _ if event.actor.name.starts_with("system:") => kubernetes::by_name(&event.actor.name),
        _ => None,
    }
}

/// Where nothing said anything. Common schemas have a word for the type of actor in whatever log.
pub(super) fn otherwise(event: &Event<'_>) -> Verdict {
    if event.source == Source::Generic
        && let Some(verdict) = mapped::otherwise(event)
    {
        return verdict;
    }
    match &*event.actor.class {
        "User" | "Admin" if matches!(event.source, Source::Ocsf | Source::Ecs) && is_name(&event.actor.name) => {
            (Kind::Human, "the log calls it a user")
        }
        "Service" | "System" | "ServicePrincipal" => (Kind::ServiceAccount, "the log calls it a service's account"),
        "Application" => (Kind::VendorApp, "the log calls it an application"),
        "AI Agent" | "AIAgent" | "ai_agent" => (Kind::AiAgent, "the log calls it an AI agent"),
        "federated_identity_actor" | "federated_actor" => (Kind::Workload, "came with a token of an identity provider"),
        _ => (Kind::Unknown, "nothing in the log says what it is"),
    }
}

/// An account that people sign in with: a person's, unless its name says otherwise.
fn account(name: &str, person: &'static str) -> Verdict {
    if !is_name(name) {
        return (Kind::Unknown, "the log names no actor");
    }
    words::of_account(name).unwrap_or((Kind::Human, person))
}
