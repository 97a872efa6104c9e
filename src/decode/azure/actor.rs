//! Who did it: the claims of the token, the caller, the requester → [`Actor`].
//!
//! | class | name | uid | short name |
//! |---|---|---|---|
//! | `User` | principal name, else object id | object id | name to show |
//! | `ServicePrincipal`, `ManagedIdentity`, `AgentIdentity` | app id, else object id | object id | name to show |
//! | `SAS`, `AccountKey`, `Anonymous` … (storage) | account and key | hash of the token | – |
//!
//! A managed identity's resource is its issuer. An app through which a user works is a delegator.

use super::super::Delivery;
use super::super::client::is_uuid;
use super::super::text::{begins, part};
use super::claims::Claims;
use super::fields::{Field, Record};
use crate::event::{Actor, Credential, CredentialClass, Delegator, Issuer, Relation, Text};

/// The class of an actor of whom nothing is known.
pub(super) const UNKNOWN: &str = "Unknown";

/// Who did it, in whose subscription (in small letters).
pub(super) fn actor<'a>(
    record: &Record<'_, 'a>,
    subscription: Option<&Text<'a>>,
    delivery: &Delivery<'_>,
) -> Actor<'a> {
    let claims = Claims::of(record);
    let owner = claims.tenant.clone().or_else(|| tenant(record, delivery)).map(lower).or_else(|| subscription.cloned());
    let caller = record.outer.text(Field::Caller).or_else(|| record.outer.text(Field::Identity));
    let caller = caller.or_else(|| record.inner.text(Field::Caller)).or_else(|| record.outer.text(Field::User));
    let caller = caller.filter(|_| claims.upn.is_none() || !claims.any);
    let is_nameless = claims.app.is_none() && claims.upn.is_none() && claims.object.is_none();
    match is_nameless.then(|| storage_class(record)).flatten() {
        Some(class) => by_key(record, class, subscription.cloned()),
        None => by_claims(record, claims, caller, owner),
    }
}

/// The tenant that a record says it is of, else the one that is known of the whole topic.
pub(in crate::decode) fn tenant<'a>(record: &Record<'_, 'a>, delivery: &Delivery<'_>) -> Option<Text<'a>> {
    let own = record.outer.text(Field::Tenant).filter(|_| !record.is_of_log_analytics());
    let inner = || record.inner.text(Field::Tenant);
    let of_path = || part(&record.outer.text(Field::ResourceId)?, tenant_of_path);
    let known = || delivery.scope_in(record.root);
    let found = record.text(Field::DirectoryTenant).or(own).or_else(of_path).or_else(inner);
    found.or_else(|| record.text(Field::ResourceTenant)).or_else(known)
}

/// `/tenants/<id>/providers/Microsoft.aadiam`.
fn tenant_of_path(path: &str) -> Option<&str> {
    let (_, rest) = path.get(..9).filter(|front| front.eq_ignore_ascii_case("/tenants/")).map(|_| path.split_at(9))?;
    rest.split('/').next().filter(|id| !id.is_empty())
}

/// A text in small letters; ids are written in both.
pub(in crate::decode) fn lower(text: Text<'_>) -> Text<'_> {
    // Without a way out of the loop, so that it is one of vectors.
    if text.bytes().fold(false, |any, byte| any | byte.is_ascii_uppercase()) {
        Text::Owned(text.to_ascii_lowercase())
    } else {
        text
    }
}

fn by_claims<'a>(
    record: &Record<'_, 'a>,
    claims: Claims<'a>,
    caller: Option<Text<'a>>,
    tenant: Option<Text<'a>>,
) -> Actor<'a> {
    let class = match class(&claims, caller.as_deref(), || evidence(record).map(|(_, class)| class)) {
        "ServicePrincipal" if claims.app.is_none() && caller.as_deref().is_some_and(|it| !is_told(record, it)) => {
            "Principal"
        }
        class => class,
    };
    let of_evidence = || evidence(record).map(|(id, _)| id);
    let by_id = |text: &Text<'a>| !text.contains('@');
    let own_id = caller.clone().filter(|caller| by_id(caller) && claims.app.as_ref() != Some(caller));
    let uid = claims.object.clone().or(own_id).or_else(of_evidence);
    let name = match class {
        "User" => claims.upn.clone().or_else(|| caller.clone()).or_else(|| uid.clone()),
        _ => claims.app.clone().or_else(|| caller.clone()).or_else(|| uid.clone()).or_else(|| claims.upn.clone()),
    };
    let through = claims.app.clone().filter(|_| class == "User");
    Actor {
        class: Text::Borrowed(class),
        name: name.unwrap_or_default(),
        uid: uid.map(lower),
        short_name: claims.display_name.clone(),
        account: tenant,
        issuer: claims.managed_resource.clone().map(managed_by),
        session: claims.token.clone(),
        credential: credential(class, &claims),
        delegators: through
            .map(|name| Delegator { relation: Relation::Application, name: lower(name) })
            .into_iter()
            .collect(),
        via_service: false,
    }
}

/// Whether a caller's name tells that it is an app's: the activity log names apps by their ids and Microsoft's services by their
/// names; registries (`identity`) and event hubs (`Portal`) have names of other kinds, too.
fn is_told(record: &Record<'_, '_>, caller: &str) -> bool {
    is_uuid(caller) || (record.outer.has(Field::Caller) && !record.outer.has(Field::EventName))
}

/// The resource that a managed identity belongs to, as what vouches for it.
pub(in crate::decode) fn managed_by(resource: Text<'_>) -> Issuer<'_> {
    let short_name = part(&resource, |path| path.rsplit('/').next()).unwrap_or_default();
    Issuer { class: Text::Borrowed("ManagedIdentity"), short_name, account: subscription_of(&resource), name: resource }
}

/// `/subscriptions/<id>/…`.
pub(super) fn subscription_of<'a>(resource: &Text<'a>) -> Option<Text<'a>> {
    const FRONT: &str = "/subscriptions/";
    part(resource, |path| {
        let rest = begins(path, FRONT).then(|| &path[FRONT.len()..])?;
        let end = memchr::memchr(b'/', rest.as_bytes()).unwrap_or(rest.len());
        Some(&rest[..end]).filter(|id| !id.is_empty())
    })
}

/// Whom the assignment that granted the access names: the caller, or a group that he is in.
fn evidence<'a>(record: &Record<'_, 'a>) -> Option<(Text<'a>, Text<'a>)> {
    let identity = || record.outer.get(Field::Identity)?.at(&["authorization"]);
    let authorization = record.outer.get(Field::Authorization).or_else(identity)?;
    let evidence = authorization.at(&["evidence"])?;
    let class = evidence.text_at(&["principalType"]).filter(|class| matches!(&**class, "User" | "ServicePrincipal"))?;
    Some((evidence.text_at(&["principalId"])?, class))
}

/// Clients that people work with, and that can get no token but a person's: the portal, PowerShell (three of them), the command
/// line interface, Visual Studio Code ("Verify first-party Microsoft applications in sign-in reports", Microsoft).
const PUBLIC: [&str; 6] = [
    "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",
    "1950a258-227b-4e31-a9cf-717495945fc2",
    "1b730954-1685-4b74-9bfd-dac224a7b894",
    "14d82eec-204b-4c2f-b7e8-296a70dab67e",
    "04b07795-8ddb-461a-bbee-02f9e1bf7b46",
    "aebc6443-996d-45c2-90f0-388ff96faa56",
];

/// The class of an actor, by the most telling of what is known.
fn class<'a>(claims: &Claims<'_>, caller: Option<&str>, evidence: impl FnOnce() -> Option<Text<'a>>) -> &'static str {
    if claims.facets.as_deref().is_some_and(says_agent) {
        return "AgentIdentity";
    }
    if claims.managed_resource.is_some() {
        return "ManagedIdentity";
    }
    match claims.id_type.as_deref() {
        Some("app") => return "ServicePrincipal",
        Some("user") => return "User",
        _ => {}
    }
    let public = || claims.app.as_deref().is_some_and(|app| PUBLIC.contains(&app));
    let of_user = claims.upn.as_deref().or(caller).is_some_and(|name| name.contains('@')) || public();
    if of_user || claims.scopes.as_deref().is_some_and(|scopes| scopes.contains("user_impersonation")) {
        return "User";
    }
    if claims.app.is_some() || caller.is_some() {
        return "ServicePrincipal";
    }
    match evidence().as_deref() {
        Some("ServicePrincipal") => "ServicePrincipal",
        Some(_) => "User",
        _ if claims.object.is_some() => "Principal",
        _ if claims.upn.is_some() => "ServicePrincipal",
        _ => UNKNOWN,
    }
}

/// The facets of agents among those that tokens name (11: an agent identity, 13: an agent's user; "Agent identity token
/// claims reference", Microsoft Entra).
fn says_agent(facets: &str) -> bool {
    facets.split([' ', ',']).any(|facet| matches!(facet, "11" | "13"))
}

fn credential<'a>(class: &str, claims: &Claims<'a>) -> Option<Credential<'a>> {
    if !claims.any {
        return None;
    }
    let proof = match (class, claims.app_proof.as_deref()) {
        ("ManagedIdentity", _) => CredentialClass::Managed,
        ("User", _) => CredentialClass::OauthToken,
        (_, Some("1" | "2")) => CredentialClass::LongTerm,
        _ => CredentialClass::Unknown,
    };
    let mfa = claims.methods.as_deref().is_some_and(|methods| methods.split(',').any(|it| it.trim() == "mfa"));
    Some(Credential { id: Text::default(), class: proof, issued: None, mfa })
}

/// How storage let a call in: `OAuth`, `SAS`, `AccountKey`, `Anonymous` …; a signature in the address says the same.
fn storage_class<'a>(record: &Record<'_, 'a>) -> Option<Text<'a>> {
    let identity = record.outer.get(Field::Identity).and_then(|identity| identity.text_at(&["type"]));
    let column = || record.outer.text(Field::AuthenticationType).or_else(|| master_key(record));
    let signed = || {
        let address = record.outer.text(Field::Uri)?;
        address.split(['?', '&']).any(|it| it.starts_with("sig=")).then_some(Text::Borrowed("SAS"))
    };
    identity.or_else(column).or_else(signed)
}

/// A key of a database account ("Azure Cosmos DB monitoring data reference", `authTokenType`).
fn master_key<'a>(record: &Record<'_, 'a>) -> Option<Text<'a>> {
    record.inner.text(Field::AuthenticationType).filter(|class| class.ends_with("MasterKey"))
}

/// Whoever came with a key or a signature of a storage account has no name but that of the key.
fn by_key<'a>(record: &Record<'_, 'a>, class: Text<'a>, subscription: Option<Text<'a>>) -> Actor<'a> {
    let hash = record.outer.get(Field::Identity).and_then(|identity| identity.text_at(&["tokenHash"]));
    let hash = hash.or_else(|| record.outer.text(Field::AuthenticationHash));
    let account = account_name(record).unwrap_or_default();
    let policy = record.text(Field::AuthKey);
    let key = hash.as_deref().and_then(key_name).or(policy.as_deref());
    let name = [Some(&*account), Some(&*class), key].into_iter().flatten().filter(|it| !it.is_empty());
    let name = name.collect::<Vec<_>>().join("/");
    let proof = match &*class {
        "SAS" | "DelegationSas" => CredentialClass::Signed,
        "AccountKey" | "SharedKey" => CredentialClass::LongTerm,
        class if class.ends_with("MasterKey") => CredentialClass::LongTerm,
        _ => CredentialClass::Unknown,
    };
    let id = hash.as_ref().and_then(|hash| part(hash, signature));
    let held = class != "Anonymous";
    Actor {
        name: if held { Text::Owned(name) } else { Text::default() },
        class,
        uid: None,
        short_name: None,
        account: subscription,
        issuer: None,
        session: None,
        credential: held.then(|| Credential { id: id.unwrap_or_default(), class: proof, issued: None, mfa: false }),
        delegators: Vec::new(),
        via_service: false,
    }
}

fn account_name<'a>(record: &Record<'_, 'a>) -> Option<Text<'a>> {
    let host = |address: &Text<'a>| {
        part(address, |address| address.split("://").nth(1)?.split(['.', '/']).next().filter(|name| !name.is_empty()))
    };
    let of_bus = || {
        record.text(Field::AuthKey).or_else(|| master_key(record))?;
        part(&record.outer.text(Field::ResourceId)?, |id| id.rsplit('/').next()).map(lower)
    };
    record.text(Field::AccountName).or_else(|| host(&record.outer.text(Field::Uri)?)).or_else(of_bus)
}

/// `key1` of `key1(HASH),SasSignature(HASH)`.
fn key_name(hash: &str) -> Option<&str> {
    hash.split(['(', ',']).next().filter(|key| matches!(*key, "key1" | "key2" | "kerb1" | "kerb2"))
}

/// The hash of the signature itself, the last of those in brackets.
fn signature(hash: &str) -> Option<&str> {
    let (_, last) = hash.rsplit_once('(')?;
    last.strip_suffix(')')
}
