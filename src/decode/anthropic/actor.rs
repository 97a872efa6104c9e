//! Who did it: the `actor` of an activity → [`Actor`].
//!
//! An actor's `type` says which other members it has. Source: Claude Docs, "Compliance API", "List compliance activities" (Actor).

use super::super::Delivery;
use super::super::json::Value;
use crate::event::{Actor, Credential, CredentialClass, Delegator, Relation, Text};

/// Members that name an actor, the most telling first. No actor has more than one or two of them.
const NAMES: [&str; 12] = [
    "email_address",
    "unauthenticated_email_address",
    "service_account_id",
    "subject",
    "user_id",
    "admin_api_key_id",
    "api_key_id",
    "service",
    "directory_id",
    "external_client_id",
    "id",
    "name",
];

/// Members that tell an actor's type where it does not say it, which it need not; the most telling first.
const TYPES: [(&str, &str); 10] = [
    ("user_id", "user_actor"),
    ("admin_api_key_id", "admin_api_key_actor"),
    ("api_key_id", "api_actor"),
    ("service_account_id", "service_account_actor"),
    ("unauthenticated_email_address", "unauthenticated_user_actor"),
    ("directory_id", "scim_directory_sync_actor"),
    ("external_client_id", "attested_device_actor"),
    ("email_address", "user_actor"),
    ("issuer", "federated_identity_actor"),
    ("subject", "federated_actor"),
];

/// Reads who did it.
pub(super) fn actor<'a>(record: Value<'_, 'a>, delivery: &Delivery<'_>) -> Actor<'a> {
    let actor = record.at(&["actor"]);
    let at = |path: &[&str]| actor.and_then(|actor| actor.text_at(path));
    let told = || TYPES.iter().find(|(member, _)| at(&[member]).is_some()).map(|(_, class)| Text::Borrowed(*class));
    let class = at(&["type"]).or_else(told).unwrap_or(Text::Borrowed("Unknown"));
    let own = matches!(&*class, "anthropic_actor" | "system_actor");
    let signed = at(&["provider", "signed_principal"]);
    let name = signed.or_else(|| NAMES.into_iter().find_map(|name| at(&[name])));
    Actor {
        name: name.or_else(|| own.then_some(Text::Borrowed("anthropic"))).unwrap_or_default(),
        uid: at(&["user_id"]).or_else(|| at(&["service_account_id"])),
        short_name: at(&["name"]),
        account: account(record, delivery),
        issuer: None,
        session: None,
        credential: credential(actor, &class),
        delegators: delegators(actor),
        via_service: own,
        class,
    }
}

/// The organisation; logins and calls of the interface itself name none: then what the topic is configured for.
fn account<'a>(record: Value<'_, 'a>, delivery: &Delivery<'_>) -> Option<Text<'a>> {
    let named = record.text_at(&["organization_id"]).or_else(|| record.text_at(&["organization_uuid"]));
    named.or_else(|| delivery.scope.map(|scope| Text::Owned(scope.to_owned())))
}

fn credential<'a>(actor: Option<Value<'_, 'a>>, class: &str) -> Option<Credential<'a>> {
    let at = |name| actor.and_then(|actor| actor.text_at(&[name]));
    let (id, class) = match (at("admin_api_key_id").or_else(|| at("api_key_id")), class) {
        (Some(key), _) => (key, CredentialClass::LongTerm),
        (None, "federated_identity_actor" | "federated_actor") => (Text::default(), CredentialClass::Federated),
        (None, "user_actor") => (Text::default(), CredentialClass::Console),
        _ => return None,
    };
    Some(Credential { id, class, issued: None, mfa: false })
}

/// Who vouched for a federated identity, and as whom; the identity provider that keeps the directory.
fn delegators<'a>(actor: Option<Value<'_, 'a>>) -> Vec<Delegator<'a>> {
    let at = |path: &[&str]| actor.and_then(|actor| actor.text_at(path));
    let vouched =
        [&["issuer"][..], &["provider", "issuer"], &["provider", "account_id"], &["provider", "project_number"]];
    let subscription = || at(&["provider", "subscription_id"]);
    let provider = vouched.into_iter().find_map(at).or_else(subscription).or_else(|| at(&["idp_connection_type"]));
    let through = [(Relation::FederatedSubject, at(&["subject"])), (Relation::FederatedProvider, provider)];
    through.into_iter().filter_map(|(relation, name)| Some(Delegator { relation, name: name? })).collect()
}
