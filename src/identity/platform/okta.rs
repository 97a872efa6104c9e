//! Okta: what an actor is by its type and its name.

use super::super::kind::{Verdict, is_mail};
use super::super::words;
use crate::event::{Event, Kind};

/// What the actor is; none where its type says nothing.
pub(super) fn kind(event: &Event<'_>) -> Option<Verdict> {
    let actor = &event.actor;
    let shown = actor.short_name.as_deref().unwrap_or(&actor.name);
    Some(match &*actor.class {
        "SystemPrincipal" => (Kind::CloudService, "Okta itself acted"),
        _ if actor.name == "system@okta.com" => (Kind::CloudService, "Okta itself acted"),
        "AIAgent" | "AI_AGENT" | "AiAgent" => (Kind::AiAgent, "Okta says that it is an AI agent"),
        "ServiceAccount" => (Kind::ServiceAccount, "Okta says that it is a service account"),
        "PublicClientApp" | "ConfidentialClientApp" | "OAuthClient" | "ClientApp" | "AppInstance" => {
            words::of_program(shown).unwrap_or((Kind::VendorApp, "an app that comes with OAuth, not a person"))
        }
        "User" | "AppUser" => super::account(&actor.name, "a user's account"),
        "Unknown" if is_mail(&actor.name) => super::account(&actor.name, "an actor without a type, named as users are"),
        class if class.to_ascii_lowercase().ends_with("agent") => {
            (Kind::Workload, "an agent of Okta's that runs beside a directory or an application")
        }
        "IP address" => (Kind::Unknown, "nobody who had signed in: the log has the address alone"),
        _ => return None,
    })
}
