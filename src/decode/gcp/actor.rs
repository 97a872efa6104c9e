//! Who did it: `authenticationInfo` → [`Actor`].
//!
//! Source: "AuthenticationInfo", Cloud Audit Logs' reference. The mail is the name where there is one; federated principals
//! and Kubernetes' users have none. A chain of service accounts is written in the order in which it was built, so its last
//! link is the nearest.

use super::super::json::Value;
use super::super::text::part;
use super::entry::{AuditLog, Authentication, Entry};
use super::subject::{self, Federated};
use super::{origin, spelling};
use crate::event::{Actor, Credential, CredentialClass, Delegator, Issuer, Relation, Text};

/// Links of a chain that are kept.
const MAX_LINKS: usize = 16;

/// Reads who did it; `owner` owns what it was done to.
pub fn actor<'a>(entry: &Entry<'_, 'a>, log: &AuditLog<'_, 'a>, owner: Option<&Text<'a>>) -> Actor<'a> {
    let Authentication { mail, subject, selector, third_party: other, .. } = &log.authentication;
    let name = mail.clone().or_else(|| subject.as_ref().map(without_class)).or_else(|| selector.clone());
    let name = name.or_else(|| third_party((*other)?)).or_else(|| suspected(log));
    let federated = subject.as_ref().and_then(|subject| Some((subject, subject::federated(subject)?)));
    let delegators = delegators(&log.authentication, federated.as_ref());
    Actor {
        class: class(entry, name.as_deref(), subject.as_ref()),
        account: account(mail.as_ref(), federated.as_ref()).or_else(|| owner.cloned()),
        issuer: federated.map(|(subject, found)| issuer(subject, &found)),
        credential: credential(&log.authentication, &delegators),
        uid: subject.clone(),
        short_name: None,
        session: None,
        via_service: origin::is_within_google(log),
        delegators,
        name: name.or_else(|| by_system(entry, log)).unwrap_or_default(),
    }
}

/// `alice@example.com` of `user:alice@example.com`; an identifier of a federated principal as it is.
fn without_class<'a>(subject: &Text<'a>) -> Text<'a> {
    let bare = part(subject, bare_of);
    bare.filter(|bare| !bare.is_empty()).unwrap_or_else(|| subject.clone())
}

fn bare_of(subject: &str) -> Option<&str> {
    let class = subject::class(subject)?;
    (!class.starts_with("principal")).then(|| &subject[class.len() + 1..])
}

/// Google's word for the type of actor; its own where it says none.
fn class<'a>(entry: &Entry<'_, 'a>, name: Option<&str>, subject: Option<&Text<'a>>) -> Text<'a> {
    // A federated principal that borrowed a service account is named by both.
    let borrowed = name.is_some_and(|name| name.ends_with(".gserviceaccount.com"));
    if let Some(class) = subject.filter(|_| !borrowed).and_then(|subject| part(subject, subject::class)) {
        return class;
    }
    Text::Borrowed(match name {
        Some(name) if name.ends_with(".gserviceaccount.com") => "serviceAccount",
        Some(name) if name.starts_with("system:") => "kubernetes",
        None | Some("system@google.com") if entry.is_log("system_event") => "system",
        Some("system@google.com" | "google-internal") => "system",
        Some(name) if name.contains('@') => "user",
        _ => "unknown",
    })
}

/// A system event names the service that acted where it names nobody.
fn by_system<'a>(entry: &Entry<'_, 'a>, log: &AuditLog<'_, 'a>) -> Option<Text<'a>> {
    log.service_name.clone().filter(|_| entry.is_log("system_event"))
}

/// Whose sign-in Workspace suspects: its warnings name nobody but in a parameter. That Google disabled an account is not the account's
/// doing.
fn suspected<'a>(log: &AuditLog<'_, 'a>) -> Option<Text<'a>> {
    let method = log.method_name?.filled()?;
    let is_sign_in = method.starts_with("google.login.LoginService.suspicious");
    is_sign_in.then(|| log.workspace_parameter("affected_email_address"))?
}

/// What owns the actor, where its own name says it.
fn account<'a>(mail: Option<&Text<'a>>, federated: Option<&(&Text<'a>, Federated)>) -> Option<Text<'a>> {
    let by_mail = || part(mail?, subject::project_of_mail);
    let by_pool = || federated.and_then(|(subject, found)| project(subject, found));
    by_mail().or_else(by_pool)
}

/// The pool that vouched for a federated principal.
fn issuer<'a>(subject: &Text<'a>, found: &Federated) -> Issuer<'a> {
    let up_to = |end: usize| part(subject, |subject| Some(&subject[..end])).unwrap_or_default();
    let pool = part(subject, |subject| Some(&subject[found.pool.clone()])).unwrap_or_default();
    let class = if found.project.is_some() { "workloadIdentityPool" } else { "workforcePool" };
    Issuer {
        class: Text::Borrowed(class),
        name: up_to(found.pool.end),
        short_name: pool,
        account: project(subject, found),
    }
}

/// The project that owns the pool.
fn project<'a>(subject: &Text<'a>, found: &Federated) -> Option<Text<'a>> {
    part(subject, |subject| subject.get(found.project.clone()?))
}

/// A key of a service account, a token that was lent or exchanged, or what Google keeps for a service account of its own.
fn credential<'a>(authentication: &Authentication<'_, 'a>, delegators: &[Delegator<'a>]) -> Option<Credential<'a>> {
    let of = |id, class| Some(Credential { id, class, issued: None, mfa: false });
    if let Some(key) = &authentication.key {
        let id = part(key, |key| key.rsplit('/').next()).unwrap_or_default();
        return of(id, CredentialClass::LongTerm);
    }
    let has = |relation| delegators.iter().any(|delegator| delegator.relation == relation);
    if has(Relation::FederatedSubject) {
        return of(Text::Borrowed(""), CredentialClass::Federated);
    }
    if has(Relation::DelegatedBy) {
        return of(Text::Borrowed(""), CredentialClass::Temporary);
    }
    if let Some(client) = delegators.iter().find(|delegator| delegator.relation == Relation::Application) {
        return of(client.name.clone(), CredentialClass::OauthToken);
    }
    const KEPT: [&str; 4] = ["developer", "appspot", "cloudbuild", "cloudservices"];
    let (_, host) = authentication.mail.as_deref()?.strip_suffix(".gserviceaccount.com")?.split_once('@')?;
    let kept = KEPT.contains(&host);
    kept.then(|| of(Text::Borrowed(""), CredentialClass::Managed))?
}

/// On whose behalf, the nearest first.
fn delegators<'a>(
    authentication: &Authentication<'_, 'a>,
    federated: Option<&(&Text<'a>, Federated)>,
) -> Vec<Delegator<'a>> {
    let mut found = Vec::new();
    if let Some((subject, federation)) = federated {
        add_federated(subject, federation, &mut found);
    }
    let links = authentication.chain.into_iter().flat_map(Value::items).filter_map(link);
    let links: Vec<Text<'a>> = links.take(MAX_LINKS).collect();
    for name in links.iter().rev() {
        if let Some(federation) = subject::federated(name) {
            add_federated(name, &federation, &mut found);
        }
        found.push(Delegator { relation: Relation::DelegatedBy, name: without_class(name) });
    }
    let client = authentication.oauth.and_then(|oauth| spelling::text_at(oauth, &["oauthclientid"]));
    found.extend(client.map(|name| Delegator { relation: Relation::Application, name }));
    found
}

/// One link: the subject where it is a federated principal's, else the mail, else what a third party said.
fn link<'a>(link: Value<'_, 'a>) -> Option<Text<'a>> {
    let subject = spelling::text_at(link, &["principalsubject"]);
    let first = |name| spelling::text_at(link, &["firstpartyprincipal", name]);
    first("principalemail")
        .or(subject)
        .or_else(|| first("principalsubject"))
        .or_else(|| third_party(spelling::member(link, "thirdpartyprincipal")?))
}

/// What an identity provider elsewhere said (`thirdPartyPrincipal.thirdPartyClaims`).
fn third_party<'a>(principal: Value<'_, 'a>) -> Option<Text<'a>> {
    let claims = spelling::member(principal, "thirdpartyclaims").or_else(|| spelling::member(principal, "claims"))?;
    ["sub", "subject", "email"].into_iter().find_map(|claim| spelling::text_at(claims, &[claim]))
}

/// The pool and the subject of a federated principal.
fn add_federated<'a>(identifier: &Text<'a>, federation: &Federated, found: &mut Vec<Delegator<'a>>) {
    let Federated { pool, subject, .. } = federation;
    for (relation, range) in [(Relation::FederatedProvider, pool), (Relation::FederatedSubject, subject)] {
        let name = part(identifier, |identifier| identifier.get(range.clone())).filter(|name| !name.is_empty());
        found.extend(name.map(|name| Delegator { relation, name }));
    }
}
