//! Who did it: CloudTrail's `userIdentity` element → [`Actor`].
//!
//! Source: "CloudTrail userIdentity element", AWS CloudTrail User Guide; prefixes of access keys from "IAM
//! identifiers", AWS IAM User Guide. What the log gives is kept as it is; who that really is, is decided elsewhere.

use super::super::json::Value;
use super::super::text::{part, split_first};
use super::arn::{self, Arn};
use super::record::Record;
use super::session::{self, Session};
use crate::decode::DecodeError;
use crate::event::{Actor, Delegator, Issuer, Relation, Text};

/// The members of `userIdentity` that anything is made of.
#[derive(Debug, Default)]
pub struct UserIdentity<'t, 'a> {
    pub class: Option<Text<'a>>,
    pub principal_id: Option<Text<'a>>,
    pub arn: Option<Text<'a>>,
    pub account_id: Option<Text<'a>>,
    pub access_key_id: Option<Text<'a>>,
    pub user_name: Option<Text<'a>>,
    pub invoked_by: Option<Text<'a>>,
    pub identity_provider: Option<Text<'a>>,
    pub invoked_by_delegate: Option<Value<'t, 'a>>,
    /// The user of IAM Identity Center, and the ARN of the store that he is kept in.
    pub on_behalf_of: [Option<Text<'a>>; 2],
    pub session_context: Option<Value<'t, 'a>>,
    /// The credentials were issued to a function, a container or an instance (`inScopeOf`).
    pub of_machine: bool,
    /// The access key's id is there but hidden or empty.
    pub hidden_key: bool,
}

/// Checks that there is nobody or an object that tells who did it.
///
/// # Errors
/// Where `userIdentity` is there but no object.
pub fn check(record: &Record<'_, '_>) -> Result<(), DecodeError> {
    let is_other = record.user_identity.is_some_and(|identity| !identity.is_object());
    if is_other { Err(DecodeError::WrongType { field: "userIdentity", expected: "an object" }) } else { Ok(()) }
}

/// Reads who did it.
pub fn actor<'a>(record: &Record<'_, 'a>) -> Actor<'a> {
    let mut identity = user_identity(record.user_identity);
    if identity.is("IdentityCenterUser") {
        identity.name_portal_user(record.additional_event_data);
    }
    let session = session::read(identity.session_context, record.session_credential_from_console);
    identity.complete_by(record);
    of_identity(identity, session, record.source_ip_address)
}

/// The same from an identity that was read.
pub fn of_identity<'a>(
    identity: UserIdentity<'_, 'a>,
    session: Session<'a>,
    source_ip: Option<Value<'_, 'a>>,
) -> Actor<'a> {
    let issuer = issuer(&identity, &session);
    let via_service = is_via_service(&identity, source_ip);
    Actor {
        name: name(&identity).unwrap_or_default(),
        account: account(&identity, issuer.as_ref()),
        session: session_name(&identity),
        credential: session::credential(&identity, &session),
        delegators: delegators(&identity, session),
        issuer,
        via_service,
        class: identity.class.unwrap_or(Text::Borrowed("Unknown")),
        uid: identity.principal_id,
        short_name: identity.user_name,
    }
}

/// Whoever an ARN names, as CloudTrail would tell of him, for AWS's logs that say no more. `account` is where the call was made;
/// it stands in where the ARN names none.
pub fn of_arn<'a>(arn: Option<Text<'a>>, account: Option<Text<'a>>) -> Actor<'a> {
    let class = arn.as_deref().and_then(class_of_arn);
    let identity = UserIdentity { class: class.map(Text::Borrowed), arn, ..UserIdentity::default() };
    let issuer = issuer_of_assumed_role(&identity);
    Actor {
        name: name(&identity).unwrap_or_default(),
        account: self::account(&identity, issuer.as_ref()).or(account),
        session: session_name(&identity),
        credential: None,
        delegators: Vec::new(),
        issuer,
        via_service: false,
        class: identity.class.unwrap_or(Text::Borrowed("Unknown")),
        uid: None,
        short_name: None,
    }
}

fn class_of_arn(arn: &str) -> Option<&'static str> {
    let Arn { resource, .. } = Arn::parse(arn)?;
    Some(match resource.split('/').next()? {
        "assumed-role" => "AssumedRole",
        "role" => "Role",
        "user" => "IAMUser",
        "federated-user" => "FederatedUser",
        "root" => "Root",
        _ => return None,
    })
}

/// Whether this is how CloudTrail names one of the cloud's own services.
pub fn is_service_name(text: &str) -> bool {
    text.eq_ignore_ascii_case("AWS Internal")
        || text.ends_with(".amazonaws.com")
        || text.ends_with(".amazonaws.com.cn")
        || text.ends_with(".aws.internal")
}

fn user_identity<'t, 'a>(value: Option<Value<'t, 'a>>) -> UserIdentity<'t, 'a> {
    let mut identity = UserIdentity::default();
    let Some(value) = value else { return identity };
    value.visit(|key, value| {
        match key {
            b"type" => identity.class = value.filled(),
            b"principalId" => identity.principal_id = value.filled(),
            b"arn" => identity.arn = value.filled(),
            b"accountId" => identity.account_id = value.text_or_digits(),
            b"accessKeyId" => identity.set_access_key(value.text()),
            b"credentialId" => identity.set_credential_id(value.filled()),
            b"userName" => identity.user_name = value.filled(),
            b"invokedBy" => identity.invoked_by = value.filled(),
            b"identityProvider" => identity.identity_provider = value.filled(),
            b"invokedByDelegate" => identity.invoked_by_delegate = Some(value),
            b"onBehalfOf" => {
                identity.on_behalf_of = ["userId", "identityStoreArn"].map(|name| value.member(name)?.filled());
            }
            b"sessionContext" => identity.session_context = Some(value),
            b"inScopeOf" => identity.of_machine = value.member("credentialsIssuedTo").is_some(),
            _ => {}
        }
        true
    });
    identity.complete();
    identity
}

impl<'a> UserIdentity<'_, 'a> {
    /// Sensitive ids are left empty, or say that they are hidden (`HIDDEN_DUE_TO_SECURITY_REASONS`).
    pub fn set_access_key(&mut self, id: Option<Text<'a>>) {
        self.hidden_key = id.as_ref().is_some_and(|id| id.is_empty() || id.starts_with("HIDDEN"));
        self.access_key_id = id.filter(|_| !self.hidden_key);
    }

    /// The bearer token's id of an IAM Identity Center user stands where others have an access key.
    fn set_credential_id(&mut self, id: Option<Text<'a>>) {
        if self.access_key_id.is_none() {
            self.access_key_id = id;
        }
    }

    /// Whether it is of this type.
    pub fn is(&self, class: &str) -> bool {
        self.class.as_deref() == Some(class)
    }

    /// An event that a service of the cloud tells of itself (`AwsServiceEvent`) may name it and nobody else, and no type.
    fn complete(&mut self) {
        let nobody = [&self.class, &self.arn, &self.user_name, &self.principal_id].iter().all(|it| it.is_none());
        if nobody && self.invoked_by.as_deref().is_some_and(is_service_name) {
            self.class = Some(Text::Borrowed("AWSService"));
        }
    }

    /// Where nobody is named at all, and the event is one that a service tells of itself from within the cloud, it was that service.
    fn complete_by(&mut self, record: &Record<'_, 'a>) {
        let is =
            |value: Option<Value<'_, '_>>, word: &str| value.and_then(Value::text).is_some_and(|text| text == word);
        let named = [&self.class, &self.arn, &self.user_name, &self.principal_id, &self.invoked_by];
        if named.iter().all(|it| it.is_none())
            && is(record.event_type, "AwsServiceEvent")
            && is(record.source_ip_address, "AWS Internal")
        {
            self.class = Some(Text::Borrowed("AWSService"));
            self.invoked_by = record.event_source.and_then(Value::filled);
        }
    }

    /// Where a user of IAM Identity Center signs in, the event has his name beside his identity ("IAM Identity Center information in
    /// CloudTrail"); his id stays what he is told apart by.
    fn name_portal_user(&mut self, additional: Option<Value<'_, 'a>>) {
        self.principal_id = self.principal_id.take().or_else(|| self.on_behalf_of_user());
        self.user_name =
            self.user_name.take().or_else(|| additional?.text_at(&["UserName"]).filter(|name| !name.is_empty()));
    }

    fn is_web_or_saml(&self) -> bool {
        self.is("WebIdentityUser") || self.is("SAMLUser")
    }

    /// The user of IAM Identity Center.
    fn on_behalf_of_user(&self) -> Option<Text<'a>> {
        self.on_behalf_of[0].clone()
    }
}

/// The fullest name that the log gives.
fn name<'a>(identity: &UserIdentity<'_, 'a>) -> Option<Text<'a>> {
    let UserIdentity { arn, user_name, principal_id, account_id, invoked_by, .. } = identity;
    let service = invoked_by.clone().filter(|_| identity.is("AWSService"));
    arn.clone()
        .or(service)
        .or_else(|| user_name.clone())
        .or_else(|| identity.on_behalf_of_user())
        .or_else(|| principal_id.clone())
        .or_else(|| account_id.clone())
        .or_else(|| invoked_by.clone())
}

fn account<'a>(identity: &UserIdentity<'_, 'a>, issuer: Option<&Issuer<'a>>) -> Option<Text<'a>> {
    let own = identity.account_id.clone().filter(|account| !is_anonymous(account));
    own.or_else(|| part(identity.arn.as_ref()?, arn::account))
        .or_else(|| issuer.and_then(|issuer| issuer.account.clone()))
        .or_else(|| part(identity.on_behalf_of[1].as_ref()?, arn::account))
}

/// Calls without credentials have a word where others have an account (S3 and SQS data events).
fn is_anonymous(account: &str) -> bool {
    matches!(account, "ANONYMOUS_PRINCIPAL" | "anonymous")
}

fn session_name<'a>(identity: &UserIdentity<'_, 'a>) -> Option<Text<'a>> {
    let arn = identity.arn.as_ref().and_then(|arn| part(arn, session_of_arn));
    arn.or_else(|| part(identity.principal_id.as_ref()?, session_of_principal_id)).filter(|session| !session.is_empty())
}

fn session_of_arn(arn: &str) -> Option<&str> {
    arn::assumed_role(arn).map(|(_, session)| session).filter(|session| !session.is_empty())
}

/// A role's unique id is followed by the session's name, in the log of another account too, where there is no ARN.
fn session_of_principal_id(id: &str) -> Option<&str> {
    split_first(id, b':').filter(|(role, _)| role.starts_with("AROA")).map(|(_, session)| session)
}

fn issuer<'a>(identity: &UserIdentity<'_, 'a>, session: &Session<'a>) -> Option<Issuer<'a>> {
    let Some(name) = session.issuer.arn.clone() else { return issuer_of_assumed_role(identity) };
    let short_name = session.issuer.user_name.clone().or_else(|| part(&name, last_segment)).unwrap_or_default();
    let account = session.issuer.account_id.clone().or_else(|| part(&name, arn::account));
    let class = session.issuer.class.clone().unwrap_or(Text::Borrowed("Role"));
    Some(Issuer { class, name, short_name, account })
}

/// An assumed role's ARN names its role: where the log leaves the issuer out, it is put together again. (The role's
/// path is not in it.)
fn issuer_of_assumed_role<'a>(identity: &UserIdentity<'_, 'a>) -> Option<Issuer<'a>> {
    let full = identity.arn.as_ref()?;
    let short_name = part(full, role_of_arn)?;
    let Arn { partition, account: owner, .. } = Arn::parse(full)?;
    let name = ["arn:", partition, ":iam::", owner, ":role/", &short_name].concat();
    Some(Issuer { class: "Role".into(), name: name.into(), short_name, account: part(full, arn::account) })
}

fn role_of_arn(arn: &str) -> Option<&str> {
    arn::assumed_role(arn).map(|(role, _)| role)
}

fn last_segment(name: &str) -> Option<&str> {
    Some(name.bytes().rposition(|byte| matches!(byte, b'/' | b':')).map_or(name, |at| &name[at + 1..]))
}

/// Where one of the cloud's services makes the call for the actor, or for itself.
fn is_via_service(identity: &UserIdentity<'_, '_>, source_ip: Option<Value<'_, '_>>) -> bool {
    identity.is("AWSService")
        || identity.invoked_by.as_deref().is_some_and(is_service_name)
        || source_ip.and_then(Value::text).as_deref().is_some_and(is_service_name)
}

fn delegators<'a>(identity: &UserIdentity<'_, 'a>, session: Session<'a>) -> Vec<Delegator<'a>> {
    let UserIdentity { invoked_by, identity_provider, on_behalf_of, invoked_by_delegate, .. } = identity;
    let Session { federated_subject, federated_provider, source_identity, .. } = &session;
    let named =
        [invoked_by, identity_provider, &on_behalf_of[0], federated_subject, federated_provider, source_identity];
    // Most act for themselves.
    if invoked_by_delegate.is_none() && named.iter().all(|name| name.is_none()) && !identity.is_web_or_saml() {
        return Vec::new();
    }
    let invoked_by = identity.invoked_by.clone().filter(|service| name(identity).as_ref() != Some(service));
    let product = identity.invoked_by_delegate.and_then(|it| it.member("accountId")).and_then(Value::text_or_digits);
    let person = identity.on_behalf_of_user().filter(|_| !identity.is("IdentityCenterUser"));
    let subject = identity.user_name.clone().filter(|_| identity.is_web_or_saml());
    let through = [
        (Relation::InvokedBy, invoked_by),
        (Relation::InvokedBy, product),
        (Relation::OnBehalfOf, person),
        (Relation::FederatedSubject, session.federated_subject.or(subject)),
        (Relation::FederatedProvider, session.federated_provider.or_else(|| identity.identity_provider.clone())),
        (Relation::SourceIdentity, session.source_identity),
    ];
    through.into_iter().filter_map(|(relation, name)| Some(Delegator { relation, name: name? })).collect()
}
