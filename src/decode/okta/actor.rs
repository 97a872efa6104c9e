//! Who did it: the `actor` of a LogEvent, and what the event says of his session and his token → [`Actor`].
//!
//! Source: Okta Developer, "System Log API": Actor, AuthenticationContext, Transaction and Client objects.

use super::super::Delivery;
use super::super::json::Value;
use super::Record;
use crate::event::{Actor, Credential, CredentialClass, Delegator, Relation, Text};

/// Reads who did it.
pub(super) fn actor<'a>(record: &Record<'_, 'a>, delivery: &Delivery<'_>) -> Actor<'a> {
    let at = |name| record.actor.and_then(|actor| actor.text_at(&[name]));
    let class = at("type").unwrap_or(Text::Borrowed("Unknown"));
    Actor {
        name: record.actor.and_then(name_of).unwrap_or_default(),
        uid: at("id"),
        short_name: at("displayName").filter(is_said),
        account: delivery.scope.map(|scope| Text::Owned(scope.to_owned())),
        issuer: None,
        session: session(record),
        credential: credential(record, &class),
        delegators: delegators(record),
        via_service: class == "SystemPrincipal",
        class,
    }
}

/// The name of an actor or a target: the one that people sign in with, else the one that is shown, else the id.
pub(super) fn name_of<'a>(value: Value<'_, 'a>) -> Option<Text<'a>> {
    let named = ["alternateId", "displayName"].into_iter().find_map(|name| value.text_at(&[name]).filter(is_said));
    named.or_else(|| value.text_at(&["id"]))
}

/// Okta writes `unknown` where it has no name.
fn is_said(name: &Text<'_>) -> bool {
    !name.eq_ignore_ascii_case("unknown")
}

fn session<'a>(record: &Record<'_, 'a>) -> Option<Text<'a>> {
    record.authentication?.text_at(&["externalSessionId"]).filter(is_said)
}

/// The API token; else that an app came with one of OAuth, or a person in a session.
fn credential<'a>(record: &Record<'_, 'a>, class: &str) -> Option<Credential<'a>> {
    let token = record.transaction.and_then(|it| it.member("detail"));
    let token = token.and_then(|it| it.text_at(&["requestApiTokenId"]).or_else(|| it.text_at(&["rootApiTokenId"])));
    let mfa = || {
        let means = record.authentication?.text_at(&["credentialType"])?;
        Some(matches!(means.as_ref(), "OTP" | "SMS" | "CERTIFICATE" | "WEBAUTHN"))
    };
    let (id, class) = match token {
        Some(token) => (token, CredentialClass::LongTerm),
        None if class == "PublicClientApp" => (client(record)?, CredentialClass::OauthToken),
        None if class == "User" && session(record).is_some() => (Text::default(), CredentialClass::Console),
        None => return None,
    };
    Some(Credential { id, class, issued: None, mfa: mfa().unwrap_or(false) })
}

/// The client of OAuth that made the request.
fn client<'a>(record: &Record<'_, 'a>) -> Option<Text<'a>> {
    let of_request = record.client.and_then(|client| client.text_at(&["id"])).filter(is_said);
    of_request.or_else(|| record.debug?.text_at(&["debugData", "clientId"])).or_else(|| record.actor?.text_at(&["id"]))
}

/// The app through which a person works, and the identity provider that vouched for him.
fn delegators<'a>(record: &Record<'_, 'a>) -> Vec<Delegator<'a>> {
    let own = record.actor.and_then(|actor| actor.text_at(&["id"]));
    let app = client(record).filter(|client| own.as_ref() != Some(client));
    let issuer = record.authentication.and_then(|it| it.text_at(&["issuer", "id"]));
    let through = [(Relation::Application, app), (Relation::FederatedProvider, issuer)];
    through.into_iter().filter_map(|(relation, name)| Some(Delegator { relation, name: name? })).collect()
}
