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
    let mut session = Session::default();
    session.from_console |= from_console.is_some_and(is_true);
    let Some(value) = value.filter(|value| value.is_object()) else { return session };
    session.exists = true;
    value.visit(|key, value| {
        match key {
            b"sessionIssuer" => session.issuer = session_issuer(value),
            b"webIdFederationData" => session.read_federation(value),
            b"attributes" => session.read_attributes(value),
            b"sourceIdentity" => session.source_identity = value.filled(),
            b"ec2RoleDelivery" => session.from_instance = value.text_or_digits().is_some(),
            b"sessionCredentialFromConsole" => session.from_console |= is_true(value),
            _ => {}
        }
        true
    });
    session
}

fn session_issuer<'a>(value: Value<'_, 'a>) -> SessionIssuer<'a> {
    let mut issuer = SessionIssuer::default();
    value.visit(|key, value| {
        match key {
            b"type" => issuer.class = value.filled(),
            b"arn" => issuer.arn = value.filled(),
            b"accountId" => issuer.account_id = value.text_or_digits(),
            b"userName" => issuer.user_name = value.filled(),
            _ => {}
        }
        true
    });
    issuer
}

impl<'a> Session<'a> {
    fn read_federation(&mut self, value: Value<'_, 'a>) {
        value.visit(|key, value| {
            match key {
                b"federatedProvider" => self.federated_provider = value.filled(),
                b"attributes" => self.federated_subject = subject(value),
                _ => {}
            }
            true
        });
    }

    fn read_attributes(&mut self, value: Value<'_, 'a>) {
        value.visit(|key, value| {
            match key {
                b"creationDate" => self.issued = value.text().and_then(|text| creation_date(&text)),
                b"mfaAuthenticated" => self.mfa = value.truth() == Some(true),
                b"sessionCredentialFromConsole" => self.from_console |= value.truth() == Some(true),
                b"sourceIdentity" => self.source_identity = value.filled().or(self.source_identity.take()),
                _ => {}
            }
            true
        });
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
