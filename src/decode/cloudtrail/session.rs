//! How the credentials were got: CloudTrail's `sessionContext` element, and the class of the credential that follows
//! from it (requirement U8).

use super::super::json::Value;
use super::actor::UserIdentity;
use crate::event::{Credential, CredentialClass, Text, Timestamp};

/// What `sessionContext` says.
#[derive(Debug, Default)]
pub struct Session<'a> {
    /// Whether the record has the element at all.
    pub exists: bool,
    pub issuer: SessionIssuer<'a>,
    pub federated_provider: Option<Text<'a>>,
    pub federated_subject: Option<Text<'a>>,
    pub source_identity: Option<Text<'a>>,
    pub issued: Option<Timestamp>,
    pub mfa: bool,
    /// Got from the instance metadata service (`ec2RoleDelivery`: its version).
    pub from_instance: bool,
    /// Got by signing in to the console.
    pub from_console: bool,
}

/// `sessionIssuer`, as it is.
#[derive(Debug, Default)]
pub struct SessionIssuer<'a> {
    pub class: Option<Text<'a>>,
    pub arn: Option<Text<'a>>,
    pub account_id: Option<Text<'a>>,
    pub user_name: Option<Text<'a>>,
}

/// Reads `sessionContext`; `from_console` is the record's own `sessionCredentialFromConsole`.
pub fn read<'a>(value: Option<Value<'_, 'a>>, from_console: Option<Value<'_, 'a>>) -> Session<'a> {
    let is_true = |value: Value<'_, 'a>| value.truth() == Some(true);
    let mut session = Session { from_console: from_console.is_some_and(is_true), ..Session::default() };
    let Some(value) = value.filter(|value| value.is_object()) else { return session };
    session.exists = true;
    for (key, value) in value.members() {
        match key.as_ref() {
            "sessionIssuer" => session.issuer = session_issuer(value),
            "webIdFederationData" => session.read_federation(value),
            "attributes" => session.read_attributes(value),
            "sourceIdentity" => session.source_identity = value.filled(),
            "ec2RoleDelivery" => session.from_instance = value.text_or_digits().is_some(),
            "sessionCredentialFromConsole" => session.from_console |= is_true(value),
            _ => {}
        }
    }
    session
}

fn session_issuer<'a>(value: Value<'_, 'a>) -> SessionIssuer<'a> {
    let mut issuer = SessionIssuer::default();
    for (key, value) in value.members() {
        match key.as_ref() {
            "type" => issuer.class = value.filled(),
            "arn" => issuer.arn = value.filled(),
            "accountId" => issuer.account_id = value.text_or_digits(),
            "userName" => issuer.user_name = value.filled(),
            _ => {}
        }
    }
    issuer
}

impl<'a> Session<'a> {
    fn read_federation(&mut self, value: Value<'_, 'a>) {
        for (key, value) in value.members() {
            match key.as_ref() {
                "federatedProvider" => self.federated_provider = value.filled(),
                "attributes" => self.federated_subject = subject(value),
                _ => {}
            }
        }
    }

    fn read_attributes(&mut self, value: Value<'_, 'a>) {
        for (key, value) in value.members() {
            match key.as_ref() {
                "creationDate" => self.issued = value.text().and_then(|text| creation_date(&text)),
                "mfaAuthenticated" => self.mfa = value.truth() == Some(true),
                "sessionCredentialFromConsole" => self.from_console |= value.truth() == Some(true),
                "sourceIdentity" => self.source_identity = value.filled().or(self.source_identity.take()),
                _ => {}
            }
        }
    }
}

/// The subject among the attributes of a web identity: the keys are the provider's name and a claim
/// (`accounts.google.com:sub`, `www.amazon.com:user_id`, `graph.facebook.com:id`).
pub fn subject<'a>(attributes: Value<'_, 'a>) -> Option<Text<'a>> {
    let claims = [":sub", ":user_id", ":id"];
    let claim = |claim: &str| attributes.members().find(|(key, _)| key.ends_with(claim)).and_then(|(_, v)| v.filled());
    claims.into_iter().find_map(claim)
}

/// Written as RFC 3339, and in the User Guide's examples in the basic form of ISO 8601 (`20131102T010628Z`).
pub fn creation_date(text: &str) -> Option<Timestamp> {
    if text.len() != 16 || !text.is_ascii() {
        return Timestamp::parse(text).ok();
    }
    let (date, time) = text.split_at(9);
    let extended =
        format!("{}-{}-{}{}:{}:{}", &date[..4], &date[4..6], &date[6..], &time[..2], &time[2..4], &time[4..]);
    Timestamp::parse(&extended).ok()
}

/// The credential that a call was made with; none where the log tells of no key and of no session.
pub fn credential<'a>(identity: &UserIdentity<'_, 'a>, session: &Session<'a>) -> Option<Credential<'a>> {
    if identity.access_key_id.is_none() && !identity.hidden_key && !session.exists {
        return None;
    }
    let id = identity.access_key_id.clone().unwrap_or_default();
    let class = class(identity, session, &id);
    Some(Credential { id, class, issued: session.issued, mfa: session.mfa })
}

fn class(identity: &UserIdentity<'_, '_>, session: &Session<'_>, id: &str) -> CredentialClass {
    if identity.is("Root") {
        return CredentialClass::Root;
    }
    match id.get(..4) {
        // Access keys, service-specific credentials, and uploaded public keys and certificates.
        Some("AKIA" | "ACCA" | "APKA" | "ASCA") => return CredentialClass::LongTerm,
        Some("ASIA" | "ABIA") => {}
        _ if session.exists => {}
        _ => return CredentialClass::Unknown,
    }
    if session.from_console {
        CredentialClass::Console
    } else if session.from_instance || identity.of_machine {
        CredentialClass::Instance
    } else if session.federated_provider.is_some() || identity.is("FederatedUser") {
        CredentialClass::Federated
    } else {
        CredentialClass::Temporary
    }
}
