//! Azure and Microsoft Entra ID: the scope and the principal of an actor, and what its type says.
//!
//! | class | principal |
//! |---|---|
//! | `ServicePrincipal`, `ManagedIdentity`, `AgentIdentity` | `app/<app id>`, the same in sign-ins, activity and Graph; `object/<object id>` where the log gives that alone |
//! | `User` | principal name in small letters; `user/<object id>` where the log gives that alone |
//! | keys and signatures of a storage account | `<account>/<how>/<key>` |
//!
//! The scope is the tenant that issued the token; the subscription where no tenant is known.
//!
//! Kinds come from what the log says first: an agent, an app of Microsoft's own, a managed identity. Names to show are
//! chosen by whoever makes an app, so they count less than these, but more than nothing.

mod microsoft;

use super::kind::Verdict;
use super::provider::is_name;
use super::words::{self, Weight};
use crate::event::{Actor, Event, Kind, Text};

/// `azure/<tenant or subscription>`, else `azure/unknown`.
pub(super) fn scope<'a>(event: &Event<'a>) -> Text<'a> {
    match event.actor.account.as_deref().or(event.target_account.as_deref()).filter(|account| is_name(account)) {
        Some(account) => Text::Owned(["azure/", &account.to_ascii_lowercase()].concat()),
        None => Text::Borrowed("azure/unknown"),
    }
}

/// What the baseline is kept for; never empty.
pub(super) fn principal<'a>(event: &Event<'a>) -> Text<'a> {
    let actor = &event.actor;
    let name = [Some(&actor.name), actor.uid.as_ref(), actor.short_name.as_ref()];
    let Some(name) = name.into_iter().flatten().find(|name| is_name(name)) else {
        return Text::Borrowed("unknown");
    };
    let by_object = actor.uid.as_deref().is_some_and(|uid| uid.eq_ignore_ascii_case(name));
    match &*actor.class {
        _ if name.contains('@') => user(name),
        "User" if is_id(name) => Text::Owned(["user/", &name.to_ascii_lowercase()].concat()),
        "User" => user(name),
        _ if is_id(name) && (by_object || actor.class == "Principal") => {
            Text::Owned(["object/", &name.to_ascii_lowercase()].concat())
        }
        _ if is_id(name) => Text::Owned(["app/", &name.to_ascii_lowercase()].concat()),
        _ => name.clone(),
    }
}

/// A user's name in small letters, without the mark of personal accounts (`live.com#`).
fn user<'a>(name: &Text<'a>) -> Text<'a> {
    let bare = name.split_once('#').filter(|(front, _)| *front == "live.com").map_or(&**name, |(_, rest)| rest);
    if bare.len() == name.len() && !bare.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return name.clone();
    }
    Text::Owned(bare.to_ascii_lowercase())
}

/// Whether a text is a UUID.
fn is_id(text: &str) -> bool {
    let dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let fits = |(at, byte): (usize, u8)| if dash(at) { byte == b'-' } else { byte.is_ascii_hexdigit() };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

/// Types of actor that leave no doubt, and what else tells of one.
pub(super) fn certain(event: &Event<'_>) -> Option<Verdict> {
    let actor = &event.actor;
    match &*actor.class {
        "User" if microsoft::is_named(&actor.name) => Some((Kind::CloudService, "a service of Microsoft's own")),
        "AgentIdentity" => Some((Kind::AiAgent, "an agent identity of Entra")),
        "MicrosoftServicePrincipal" => Some((Kind::CloudService, "a service of Microsoft's own signed in by itself")),
        "User" => Some(of_user(actor)),
        "ServicePrincipal" | "ManagedIdentity" => of_app(event),
        "Unknown" | "ServiceIdentity" if actor.short_name.as_deref().is_some_and(microsoft::is_named) => {
            Some((Kind::CloudService, "a service of Microsoft's own"))
        }
        _ => None,
    }
}

/// Where nothing said anything.
pub(super) fn otherwise(event: &Event<'_>) -> Verdict {
    match &*event.actor.class {
        "SAS" | "DelegationSas" => (Kind::ServiceAccount, "came with a shared access signature"),
        class if class.ends_with("MasterKey") => (Kind::ServiceAccount, "came with a key of the database account"),
        "AccountKey" | "SharedKey" => (Kind::ServiceAccount, "came with a key of the storage account"),
        "ServiceIdentity" => (Kind::ServiceAccount, "an identity that Azure DevOps made for a service"),
        "SqlLogin" => (Kind::ServiceAccount, "a login that a database keeps by itself, nobody's of the directory"),
        _ => (Kind::Unknown, "nothing in the log says what it is"),
    }
}

/// Users are people, but for those whose name says that they were made for a program.
fn of_user(actor: &Actor<'_>) -> Verdict {
    let own = actor.name.split('@').next().unwrap_or_default();
    if own.starts_with("Sync_") || own.starts_with("ADToAADSyncServiceAccount") {
        return (Kind::ServiceAccount, "the account of Entra Connect's synchronisation");
    }
    let for_program = |kind| matches!(kind, Kind::ServiceAccount | Kind::CiPipeline | Kind::AiAgent);
    match words::strongest(own).filter(|said| said.weight == Weight::Product || for_program(said.kind)) {
        Some(said) if for_program(said.kind) => (said.kind, said.reason),
        _ => (Kind::Human, "a user of the directory"),
    }
}

/// Service principals: whose app it is, what it is called, what its client is.
fn of_app(event: &Event<'_>) -> Option<Verdict> {
    let actor = &event.actor;
    let name = actor.short_name.as_deref().unwrap_or_default();
    let owner = actor.issuer.as_ref().filter(|issuer| issuer.class == "Tenant").map(|issuer| &*issuer.name);
    // The directory's audit log names most of Microsoft's services by their names alone, or with the object's id.
    let by_object = actor.uid.as_deref() == Some(&*actor.name);
    if microsoft::is_tenant(owner.unwrap_or_default())
        || microsoft::is_app(&actor.name)
        || microsoft::is_named(&actor.name)
        || (by_object && microsoft::is_named(name))
    {
        return Some((Kind::CloudService, "an app of Microsoft's own"));
    }
    if says_pipeline(event.origin.user_agent.as_deref().unwrap_or_default()) {
        return Some((Kind::CiPipeline, "its client runs in a build service"));
    }
    let said = words::strongest(name);
    let product = said.filter(|said| said.weight == Weight::Product).map(|said| (said.kind, said.reason));
    if actor.class == "ManagedIdentity" {
        let pipeline = product.filter(|(kind, _)| matches!(kind, Kind::CiPipeline | Kind::AiAgent));
        return pipeline.or(Some((Kind::Workload, "a managed identity")));
    }
    if let Some(product) = product {
        return Some(product);
    }
    if owner.is_some_and(|owner| actor.account.as_deref().is_some_and(|account| account != owner)) {
        return Some((Kind::VendorApp, "an app that another tenant owns"));
    }
    // A plain word for what runs somewhere says no more than that it is no person.
    let telling = said.filter(|said| matches!(said.kind, Kind::CiPipeline | Kind::AiAgent | Kind::VendorApp));
    telling.map(|said| (said.kind, said.reason)).or(Some((Kind::ServiceAccount, "a service principal")))
}

/// How build services make the tools of Azure name themselves (`AZURE_HTTP_USER_AGENT` of Azure's actions and tasks).
fn says_pipeline(agent: &str) -> bool {
    ["GITHUBACTIONS", "GitHubActions", "VSTS_", "AzureDevOps", "AZUREDEVOPS", "azure-pipelines", "GitLab-CI"]
        .iter()
        .any(|word| agent.contains(word))
}
