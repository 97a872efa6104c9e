//! AWS: the scope and the principal of an actor, and what its type says.
//!
//! | CloudTrail type | principal |
//! |---|---|
//! | AssumedRole | ARN of the role, path kept, never the session |
//! | IAMUser | ARN of the user |
//! | Root | `arn:aws:iam::<account>:root` |
//! | AWSService | host name of the service |
//! | AWSAccount | `<account>/<principalId>` without session: the log of another account knows no more |
//! | FederatedUser | ARN of the IAM user that federated |
//! | WebIdentityUser, SAMLUser | `<provider>/<subject>`, the subject cut to what stays (`repo:org/name`) |
//! | IdentityCenterUser | id of the user |
//!
//! Roles of permission sets (`AWSReservedSSO_…`) are shared by persons: the principal is the role all the same, and
//! the person is told by the session. A baseline for each person would need the session's name in the key, which is
//! what whoever opens a session chooses.

use super::arn::{Arn, before, is_account, part};
use super::kind::Verdict;
use super::provider::{delegator, is_name};
use super::words;
use crate::event::{Actor, CredentialClass, Event, Kind, Relation, Text};

/// `aws/<account>`: the account that owns the actor, else the one that recorded the call, else `aws/unknown`.
pub(super) fn scope<'a>(event: &Event<'a>) -> Text<'a> {
    let account = owner(&event.actor).or(event.target_account.as_deref().filter(|account| is_account(account)));
    match account {
        Some(account) => Text::Owned(["aws/", account].concat()),
        None => Text::Borrowed("aws/unknown"),
    }
}

/// The account that owns the actor, as far as the actor's own fields say it.
fn owner<'e>(actor: &'e Actor<'_>) -> Option<&'e str> {
    let account = |account: Option<&'e str>| account.filter(|account| is_account(account));
    let in_name = |name: &'e str| account(Arn::parse(name).map(|arn| arn.account));
    let issuer = actor.issuer.as_ref();
    account(actor.account.as_deref())
        .or_else(|| account(issuer.and_then(|issuer| issuer.account.as_deref())))
        .or_else(|| in_name(&actor.name))
        .or_else(|| issuer.and_then(|issuer| in_name(&issuer.name)))
}

/// What the baseline is kept for; never empty.
pub(super) fn principal<'a>(event: &Event<'a>) -> Text<'a> {
    let actor = &event.actor;
    let found = match &*actor.class {
        "AssumedRole" | "Role" => role(actor),
        "Root" => Some(root(actor)),
        "IAMUser" => user(actor),
        "FederatedUser" => federated_user(actor),
        "AWSAccount" => foreign(actor),
        "AWSService" => service(actor),
        "WebIdentityUser" | "SAMLUser" => federated_subject(actor),
        "IdentityCenterUser" => identity_center_user(actor),
        _ => None,
    };
    found.or_else(|| by_any_name(actor)).unwrap_or(Text::Borrowed("unknown"))
}

/// The role behind an assumed role.
fn role<'a>(actor: &Actor<'a>) -> Option<Text<'a>> {
    issuer(actor).or_else(|| role_of_session(&actor.name)).or_else(|| by_uid(actor)).or_else(|| named(actor, "role"))
}

/// The issuer's ARN, where the log gives one.
fn issuer<'a>(actor: &Actor<'a>) -> Option<Text<'a>> {
    let name = &actor.issuer.as_ref()?.name;
    Arn::parse(name).map(|_| name.clone())
}

/// The role that the ARN of a session names. Its path is not in there; roles of one account differ by name alone.
pub(super) fn role_of_session<'a>(name: &Text<'a>) -> Option<Text<'a>> {
    let Arn { partition, account, resource } = Arn::parse(name)?;
    match resource.strip_prefix("assumed-role/") {
        Some(role_and_session) => {
            let role = role_and_session.split('/').next().filter(|role| !role.is_empty())?;
            Some(Text::Owned(format!("arn:{partition}:iam::{account}:role/{role}")))
        }
        None => resource.starts_with("role/").then(|| name.clone()),
    }
}

/// `<account>/<principalId>` without the session that follows it after a colon.
fn by_uid<'a>(actor: &Actor<'a>) -> Option<Text<'a>> {
    let uid = before(actor.uid.as_ref().filter(|uid| is_name(uid))?, ':');
    match owner(actor) {
        Some(account) if account == &*uid && actor.short_name.is_some() => None,
        Some(account) if account != uid && !uid.is_empty() => Some(Text::Owned(format!("{account}/{uid}"))),
        _ => Some(uid).filter(|uid| !uid.is_empty()),
    }
}

/// An ARN made of the short name, for records that give only that.
fn named<'a>(actor: &Actor<'a>, class: &str) -> Option<Text<'a>> {
    let name = actor.short_name.as_ref().filter(|name| is_name(name))?;
    match owner(actor) {
        Some(account) => Some(Text::Owned(format!("arn:aws:iam::{account}:{class}/{name}"))),
        None => Some(name.clone()),
    }
}

fn user<'a>(actor: &Actor<'a>) -> Option<Text<'a>> {
    role_of_session(&actor.name)
        .or_else(|| Arn::parse(&actor.name).map(|_| actor.name.clone()))
        .or_else(|| named(actor, "user"))
        .or_else(|| by_uid(actor))
}

fn root<'a>(actor: &Actor<'a>) -> Text<'a> {
    match (Arn::parse(&actor.name), owner(actor)) {
        (Some(Arn { resource: "root", .. }), _) => actor.name.clone(),
        (_, Some(account)) => Text::Owned(format!("arn:aws:iam::{account}:root")),
        _ => Text::Borrowed("root"),
    }
}

/// The user that called `GetFederationToken`; the federated name is chosen by the caller, as a session's is.
fn federated_user<'a>(actor: &Actor<'a>) -> Option<Text<'a>> {
    let nameless = || {
        let Arn { partition, account, resource } = Arn::parse(&actor.name)?;
        resource.strip_prefix("federated-user/")?;
        Some(Text::Owned(format!("arn:{partition}:sts::{account}:federated-user")))
    };
    issuer(actor).or_else(nameless)
}

/// An identity of another account, of which the log has the id alone; its ARN where it gives one.
fn foreign<'a>(actor: &Actor<'a>) -> Option<Text<'a>> {
    role_of_session(&actor.name)
        .or_else(|| Arn::parse(&actor.name).map(|_| actor.name.clone()))
        .or_else(|| by_uid(actor))
        .or_else(|| actor.account.clone().filter(|account| is_name(account)))
}

/// The host name of the service: the actor's name, or whoever passed the call on.
fn service<'a>(actor: &Actor<'a>) -> Option<Text<'a>> {
    if is_name(&actor.name) { Some(actor.name.clone()) } else { delegator(actor, Relation::InvokedBy) }
}

fn identity_center_user<'a>(actor: &Actor<'a>) -> Option<Text<'a>> {
    delegator(actor, Relation::OnBehalfOf).or_else(|| actor.uid.clone().filter(|uid| is_name(uid)))
}

/// `<provider>/<subject>` of whoever came with a token or an assertion.
fn federated_subject<'a>(actor: &Actor<'a>) -> Option<Text<'a>> {
    let subject = delegator(actor, Relation::FederatedSubject)
        .or_else(|| actor.short_name.clone().filter(|name| is_name(name)))
        .or_else(|| actor.uid.clone().filter(|uid| is_name(uid)));
    let provider = delegator(actor, Relation::FederatedProvider);
    match (provider, subject) {
        (Some(provider), Some(subject)) => {
            Some(Text::Owned(format!("{}/{}", provider_name(&provider), stable_subject(&subject))))
        }
        (Some(provider), None) => {
            Some(part(&provider, provider.len() - provider_name(&provider).len()..provider.len()))
        }
        (None, Some(subject)) => Some(part(&subject, 0..stable_subject(&subject).len())),
        (None, None) => None,
    }
}

/// The provider's own name: what follows `oidc-provider/` or `saml-provider/` in its ARN, all of it where it is none.
pub(super) fn provider_name(provider: &str) -> &str {
    match Arn::parse(provider) {
        Some(arn) => arn.resource.split_once('/').map_or(arn.resource, |(_, name)| name),
        None => provider.strip_prefix("https://").unwrap_or(provider),
    }
}

/// The part of a subject that stays from run to run: `repo:org/name` of `repo:org/name:ref:refs/heads/main`, GitLab's
/// `project_path:group/name`, Terraform Cloud's `organization:…:project:…:workspace:name`; all of it otherwise
/// (`system:serviceaccount:namespace:name`).
pub(super) fn stable_subject(subject: &str) -> &str {
    let fields = match subject.split(':').next() {
        Some("repo" | "repository" | "project_path" | "job_workflow_ref") => 2,
        Some("organization" | "org") => 6,
        _ => return subject,
    };
    match subject.match_indices(':').nth(fields - 1) {
        Some((end, _)) => &subject[..end],
        None => subject,
    }
}

/// Whatever the log gives, where the type of actor is not known or its own field is missing.
fn by_any_name<'a>(actor: &Actor<'a>) -> Option<Text<'a>> {
    role_of_session(&actor.name)
        .or_else(|| Some(actor.name.clone()).filter(|name| is_name(name)))
        .or_else(|| by_uid(actor))
        .or_else(|| actor.short_name.clone().filter(|name| is_name(name)))
        .or_else(|| delegator(actor, Relation::InvokedBy))
        .or_else(|| actor.account.clone().filter(|account| is_name(account)))
}

/// Types of actor that leave no doubt.
pub(super) fn certain(event: &Event<'_>) -> Option<Verdict> {
    match &*event.actor.class {
        "AWSService" => Some((Kind::CloudService, "a service of the cloud acted by itself")),
        "Root" => Some((Kind::Human, "the account's root user")),
        "IdentityCenterUser" => Some((Kind::Human, "a user of IAM Identity Center")),
        _ => None,
    }
}

/// A user's own name, by the ARN.
fn name_of_user<'e>(actor: &'e Actor<'_>) -> Option<&'e str> {
    Arn::parse(&actor.name)?.resource.strip_prefix("user/")?.rsplit('/').next()
}

/// Whether a role is called a service's, as consoles and templates call those that they make for one (`AWSBackupDefaultServiceRole`).
fn is_of_service(actor: &Actor<'_>) -> bool {
    let role = role_name(actor);
    role.contains("ServiceRole") || role.contains("service-role")
}

/// A role's own name, by the ARN of the issuer or of the session.
fn role_name<'e>(actor: &'e Actor<'_>) -> &'e str {
    let own = |resource: &'e str| match resource.strip_prefix("assumed-role/") {
        Some(session) => session.split('/').next(),
        None => resource.rsplit('/').next(),
    };
    let role = actor.issuer.as_ref().map_or(&actor.name, |issuer| &issuer.name);
    Arn::parse(role).and_then(|arn| own(arn.resource)).unwrap_or_default()
}

/// Where nothing said anything.
pub(super) fn otherwise(event: &Event<'_>) -> Verdict {
    let actor = &event.actor;
    let key = actor.credential.as_ref().is_some_and(|credential| credential.class == CredentialClass::LongTerm);
    match &*actor.class {
        "IAMUser" if actor.short_name.as_deref().or_else(|| name_of_user(actor)).is_some_and(words::names_person) => {
            (Kind::Human, "a user named as people are")
        }
        "IAMUser" if key => (Kind::ServiceAccount, "a user with an access key, used without browser and second factor"),
        "IAMUser" => (Kind::ServiceAccount, "a user that no sign-in was seen of"),
        "FederatedUser" => (Kind::ServiceAccount, "sessions that a user's access key opened"),
        // A role of an agent that watches machines calls no models.
        "AssumedRole" | "Role"
            if event.action.service.starts_with("bedrock") && words::says_agent(role_name(actor)) =>
        {
            (Kind::AiAgent, "a role named an agent's, which calls models")
        }
        "AssumedRole" | "Role" if is_of_service(actor) => {
            (Kind::Workload, "a role named as those made for services are")
        }
        "WebIdentityUser" => (Kind::Workload, "came with a token of an identity provider"),
        "Directory" => (Kind::Human, "a user of a directory"),
        // Whoever signs in to the access portal has no type of his own ("IAM Identity Center information in CloudTrail").
        "Unknown" if is_portal(&event.action.service) && actor.short_name.is_some() => {
            (Kind::Human, "signed in to the portal of IAM Identity Center")
        }
        "Unknown" if event.action.service == "rolesanywhere" && event.action.operation == "CreateSession" => {
            (Kind::Workload, "came with a certificate, which programs outside of the cloud have")
        }
        "AWSAccount" => (Kind::Unknown, "an identity of another account, which this log does not name"),
        _ => (Kind::Unknown, "nothing in the log says what it is"),
    }
}

/// Services in which people sign in to IAM Identity Center.
fn is_portal(service: &str) -> bool {
    matches!(service, "sso" | "signin" | "sso-directory" | "identitystore")
}
