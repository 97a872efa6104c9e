//! GitHub: what an account is by its class and its login.
//!
//! GitHub's own apps do GitHub's work, but for two: Actions runs the workflows of a repository, and Dependabot changes its code. Every
//! other app's account is that of whoever wrote the app, which its name may tell.

use super::super::kind::Verdict;
use super::super::words;
use crate::event::{Event, Kind, Text};

/// Accounts in whose name GitHub itself acts.
const OWN: [&str; 6] = ["GitHub", "GitHub System", "github", "github-staff", "secret-scanning[bot]", "web-flow"];

/// What the actor is.
pub(super) fn kind(event: &Event<'_>) -> Verdict {
    let actor = &event.actor;
    let login = actor.name.strip_suffix("[bot]").unwrap_or(&actor.name);
    match &*actor.class {
        "Agent" => (Kind::AiAgent, "GitHub says that it is an agent"),
        "DeployKey" => (Kind::ServiceAccount, "a deploy key of a repository"),
        _ if login == "github-actions" => (Kind::CiPipeline, "the app of GitHub Actions, in whose name workflows run"),
        _ if login == "Copilot" => (Kind::AiAgent, "GitHub's Copilot"),
        _ if OWN.contains(&&*actor.name) => (Kind::CloudService, "an account in whose name GitHub itself acts"),
        "Bot" if login.starts_with("github-") => (Kind::CloudService, "an app of GitHub's own"),
        "Bot" => words::of_program(login).unwrap_or((Kind::VendorApp, "an app of GitHub's marketplace or its owner's")),
        "User" => super::account(login, "a user's account"),
        _ => (Kind::Unknown, "the log names no actor"),
    }
}

/// A deploy key goes by the repository that it opens: the key may be replaced.
pub(super) fn deploy_key<'a>(event: &Event<'a>) -> Option<Text<'a>> {
    let repository = event.targets.iter().find(|target| target.kind == "github:repository")?;
    Some(Text::Owned(format!("deploy_key/{}", repository.name)))
}
