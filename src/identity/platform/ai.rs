//! OpenAI and Anthropic: what an actor is by its type and its name.

use super::super::kind::Verdict;
use crate::event::{Event, Kind};

/// What an actor of OpenAI's audit log is; none where its type says nothing.
pub(super) fn openai(event: &Event<'_>) -> Option<Verdict> {
    let actor = &event.actor;
    Some(match &*actor.class {
        "service_account" => (Kind::ServiceAccount, "a service account of a project"),
        "session" => super::account(&actor.name, "a user in a session"),
        "user" => super::account(&actor.name, "a user"),
        "api_key" if actor.uid.is_some() || actor.name.contains('@') => {
            super::account(&actor.name, "a user, by an API key of his own")
        }
        "api_key" => (Kind::ServiceAccount, "an API key of which the log names no holder"),
        _ => return None,
    })
}

/// What an actor of Anthropic's activity feed is; none where its type says nothing.
pub(super) fn anthropic(event: &Event<'_>) -> Option<Verdict> {
    let actor = &event.actor;
    Some(match &*actor.class {
        "user_actor" => super::account(&actor.name, "a user who had signed in"),
        "unauthenticated_user_actor" if actor.name.contains('@') => {
            super::account(&actor.name, "a user, before he had signed in")
        }
        "unauthenticated_user_actor" => (Kind::Unknown, "nobody who had signed in"),
        "api_actor" => (Kind::ServiceAccount, "an API key"),
        "admin_api_key_actor" => (Kind::ServiceAccount, "an admin API key"),
        "service_account_actor" => (Kind::ServiceAccount, "a service account of the organisation"),
        "scim_directory_sync_actor" => (Kind::VendorApp, "an identity provider that keeps the directory in step"),
        "anthropic_actor" => (Kind::CloudService, "Anthropic's own staff or tools"),
        "system_actor" => (Kind::CloudService, "Anthropic's own systems"),
        "session_actor" => (Kind::AiAgent, "a session of an agent"),
        class if class.starts_with("agent") => (Kind::AiAgent, "an agent"),
        "attested_device_actor" => (Kind::Workload, "an app on an attested device"),
        _ => return None,
    })
}
