//! What an event of OCSF says at the paths that anything is made of, and the parts of a user and of a session.

use super::super::json::Value;
use super::super::names::Names;
use super::super::paths::{self, Found, Paths, Slot};
use super::super::text::part;
use crate::event::Text;

/// The paths, in order. What CloudTrail's mapping has no place for lies in `unmapped`, flat (`"userIdentity.type"`) or nested.
const ALL: [&str; 76] = [
    "action_id",
    "activity",
    "activity_id",
    "activity_name",
    "actor.app_name",
    "actor.app_uid",
    "actor.idp.name",
    "actor.invoked_by",
    "actor.process.name",
    "actor.session",
    "actor.user",
    "api.operation",
    "api.request.data",
    "api.response.code",
    "api.response.data",
    "api.response.error",
    "api.service.name",
    "class_uid",
    "disposition_id",
    "cloud.account.uid",
    "cloud.account_uid",
    "cloud.org.uid",
    "cloud.project_uid",
    "cloud.provider",
    "cloud.region",
    "device.ip",
    "http_request.user_agent",
    "http_response.code",
    "identity.invoked_by",
    "identity.session",
    "identity.user",
    "is_mfa",
    "message",
    "metadata.event_code",
    "metadata.log_provider",
    "metadata.original_event_uid",
    "metadata.original_time",
    "metadata.product.feature.name",
    "metadata.product.name",
    "metadata.product.vendor_name",
    "metadata.tenant_uid",
    "metadata.uid",
    "ref_event_uid",
    "resources",
    "service",
    "session",
    "src_endpoint.autonomous_system.number",
    "src_endpoint.domain",
    "src_endpoint.hostname",
    "src_endpoint.ip",
    "src_endpoint.location.country",
    "src_endpoint.name",
    "src_endpoint.svc_name",
    "src_endpoint.uid",
    "status",
    "status_code",
    "status_id",
    "time",
    "time_dt",
    "type_uid",
    "unmapped.eventCategory",
    "unmapped.managementEvent",
    "unmapped.readOnly",
    "unmapped.recipientAccountId",
    "unmapped.sessionCredentialFromConsole",
    "unmapped.sharedEventID",
    "unmapped.userIdentity.onBehalfOf.identityStoreArn",
    "unmapped.userIdentity.onBehalfOf.userId",
    "unmapped.userIdentity.sessionContext.ec2RoleDelivery",
    "unmapped.userIdentity.sessionContext.sessionIssuer.accountId",
    "unmapped.userIdentity.sessionContext.sessionIssuer.type",
    "unmapped.userIdentity.sessionContext.sessionIssuer.userName",
    "unmapped.userIdentity.sessionContext.sourceIdentity",
    "unmapped.userIdentity.sessionContext.webIdFederationData.attributes",
    "unmapped.userIdentity.sessionContext.webIdFederationData.federatedProvider",
    "user",
];

/// Finds them.
pub(super) static PATHS: Paths<{ ALL.len() }> = Paths::new(ALL);

/// An event that was read.
pub(super) type Record<'t, 'a> = Found<'t, 'a, { ALL.len() }>;

/// The slot of a path.
pub(super) const fn slot(path: &str) -> Slot {
    paths::slot(&ALL, path)
}

/// The slots of paths.
pub(super) const fn slots<const N: usize>(paths: [&str; N]) -> [Slot; N] {
    paths::slots(&ALL, paths)
}

/// The account, project or subscription that it happened in.
pub(super) fn account_of_cloud<'a>(record: &Record<'_, 'a>) -> Option<Text<'a>> {
    const PLACES: [Slot; 4] = slots(["cloud.account.uid", "cloud.account_uid", "cloud.project_uid", "cloud.org.uid"]);
    let found = record.first_or_digits(&PLACES)?;
    // Of a cluster's events it may be the ARN of whoever was let in.
    let of_arn =
        part(&found, |text| text.strip_prefix("arn:")?.split(':').nth(3).filter(|account| !account.is_empty()));
    Some(of_arn.unwrap_or(found))
}

/// A user's members.
#[derive(Debug, Clone, Copy)]
pub(super) struct User<'t, 'a> {
    pub class: Option<Value<'t, 'a>>,
    pub type_id: Option<Value<'t, 'a>>,
    pub name: Option<Value<'t, 'a>>,
    pub uid: Option<Value<'t, 'a>>,
    pub uuid: Option<Value<'t, 'a>>,
    pub uid_alt: Option<Value<'t, 'a>>,
    pub email: Option<Value<'t, 'a>>,
    pub full_name: Option<Value<'t, 'a>>,
    pub domain: Option<Value<'t, 'a>>,
    pub credential: Option<Value<'t, 'a>>,
    account: Option<Value<'t, 'a>>,
    account_uid: Option<Value<'t, 'a>>,
    org: Option<Value<'t, 'a>>,
    credentials: Option<Value<'t, 'a>>,
}

impl<'t, 'a> User<'t, 'a> {
    /// Finds the members of a user.
    pub(super) fn find(user: Value<'t, 'a>) -> User<'t, 'a> {
        static NAMES: Names<15> = Names::new([
            "type",
            "type_id",
            "name",
            "uid",
            "uuid",
            "uid_alt",
            "email_addr",
            "full_name",
            "display_name",
            "domain",
            "credential_uid",
            "account",
            "account_uid",
            "org",
            "programmatic_credentials",
        ]);
        let [
            class,
            type_id,
            name,
            uid,
            uuid,
            uid_alt,
            email,
            full_name,
            display_name,
            domain,
            credential,
            account,
            account_uid,
            org,
            credentials,
        ] = NAMES.of(user);
        let full_name = full_name.filter(|name| name.filled().is_some()).or(display_name);
        User {
            class,
            type_id,
            name,
            uid,
            uuid,
            uid_alt,
            email,
            full_name,
            domain,
            credential,
            account,
            account_uid,
            org,
            credentials,
        }
    }

    /// Whether anything says who he is.
    pub(super) fn is_named(&self) -> bool {
        [self.uid, self.uuid, self.uid_alt, self.name].into_iter().flatten().any(|name| name.filled().is_some())
    }

    /// The account that he is of.
    pub(super) fn account(&self) -> Option<Text<'a>> {
        let uid = self.account.and_then(|account| account.at(&["uid"])?.text_or_digits());
        uid.or_else(|| self.account_uid?.text_or_digits())
    }

    /// The organisation that he is of.
    pub(super) fn organisation(&self) -> Option<Text<'a>> {
        self.org?.at(&["uid"])?.text_or_digits()
    }

    /// The id of the credential that he came with.
    pub(super) fn credential_id(&self) -> Option<Text<'a>> {
        let listed = || self.credentials?.items().next()?.text_at(&["uid"]);
        self.credential.and_then(Value::filled).or_else(listed)
    }
}

/// A session's members.
#[derive(Debug, Clone, Copy)]
pub(super) struct Session<'t, 'a> {
    pub exists: bool,
    pub uid: Option<Value<'t, 'a>>,
    pub uuid: Option<Value<'t, 'a>>,
    pub issuer: Option<Value<'t, 'a>>,
    pub credential: Option<Value<'t, 'a>>,
    pub created: Option<Value<'t, 'a>>,
    /// In milliseconds.
    pub created_number: Option<Value<'t, 'a>>,
    pub mfa: Option<Value<'t, 'a>>,
}

impl<'t, 'a> Session<'t, 'a> {
    /// Finds the members of the actor's session, else of the event's.
    pub(super) fn find(record: &Record<'t, 'a>) -> Session<'t, 'a> {
        static NAMES: Names<8> =
            Names::new(["uid", "uuid", "issuer", "credential_uid", "created_time_dt", "created_time", "is_mfa", "mfa"]);
        let session = record.at(const { slot("actor.session") }).or(record.at(const { slot("session") }));
        let session = session.or(record.at(const { slot("identity.session") }));
        let [uid, uuid, issuer, credential, created, created_number, is_mfa, mfa] = NAMES.within(session);
        let mfa = is_mfa.or(mfa);
        Session { exists: session.is_some(), uid, uuid, issuer, credential, created, created_number, mfa }
    }
}
