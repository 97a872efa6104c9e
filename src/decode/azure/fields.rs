//! The members of an Azure record that anything is made of, under one name each, however the way of export spells them.
//!
//! Diagnostic settings write `callerIpAddress`, some pipelines `calleripaddress`, Log Analytics `CallerIpAddress` or
//! `CallerIPAddress`, and its older tables put the type behind (`clientInfo_s`, `httpStatusCode_d`). Here all of them are
//! [`Field::CallerIp`] and so on: capitals and such endings say nothing.

use super::super::embedded::holds_json;
use super::super::json::Value;
use super::keys::field_of;
use crate::event::Text;

/// A member that something is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::decode) enum Field {
    AccountName,
    ActionId,
    ActionName,
    ActivityDateTime,
    ActivityDisplayName,
    ActorClient,
    ActorCuid,
    ActorName,
    ActorUpn,
    ActorUser,
    AdditionalDetails,
    Agent,
    AppDisplayName,
    AppId,
    AppOwnerTenant,
    ApplicationName,
    AsNumber,
    AuditEventId,
    AuditTime,
    AuthKey,
    AuthenticationHash,
    AuthenticationRequirement,
    AuthenticationType,
    Authorization,
    AuthorizationDetails,
    Caller,
    CallerIp,
    Category,
    Claims,
    ClientAuthMethod,
    ClientInfo,
    ClientIp,
    CreatedDateTime,
    CredentialKey,
    CredentialThumbprint,
    CredentialType,
    Data,
    DatabasePrincipal,
    DirectoryTenant,
    EventDataId,
    EventName,
    EventTime,
    FederatedCredential,
    HttpRequest,
    Id,
    IdType,
    Identity,
    IdentityAppId,
    IdentityObject,
    IdentityResource,
    IdentityUpn,
    InitiatedBy,
    IpAddress,
    Location,
    LocationDetails,
    Log,
    LoggedByService,
    ManagedIdentity,
    ManagedIdentityType,
    Mechanism,
    MetricResponse,
    ObjectId,
    ObjectKey,
    OperationName,
    OperationNameValue,
    ProjectId,
    ProjectName,
    Properties,
    RawEvent,
    RequestBody,
    RequestId,
    RequestMethod,
    RequestUri,
    RequesterApp,
    RequesterObject,
    RequesterTenant,
    RequesterUpn,
    ResourceDisplayName,
    ResourceId,
    ResourceIdentity,
    ResourceTenant,
    Response,
    ResponseStatus,
    Result,
    ResultDescription,
    ResultReason,
    ResultSignature,
    ResultType,
    ScopeName,
    SequenceNumber,
    ServerPrincipal,
    ServicePrincipalId,
    ServicePrincipalName,
    SessionId,
    SessionPrincipal,
    SignInActivity,
    SignInKinds,
    Status,
    StatusCode,
    StatusMessage,
    StatusText,
    SubStatus,
    Succeeded,
    TargetResources,
    Tenant,
    Time,
    TimeGenerated,
    Timestamp,
    TokenId,
    Type,
    Uri,
    User,
    UserAgent,
    UserAgentHeader,
    UserDisplayName,
    UserId,
    UserPrincipalName,
}

/// How many there are.
const COUNT: usize = Field::UserPrincipalName as usize + 1;

/// The members of one object, by their places in the record; 0 where there is none.
#[derive(Debug)]
pub(in crate::decode) struct Fields<'t, 'a> {
    record: Value<'t, 'a>,
    places: [u32; COUNT],
    /// Whether a text among them may hold JSON.
    pub may_hold_json: bool,
}

impl<'t, 'a> Fields<'t, 'a> {
    /// Finds those of an object of the record. `null` and empty text are as if they were not there. Of several spellings in one
    /// object the first counts, but an object more than a text that says the same.
    fn find(&mut self, object: Value<'t, 'a>) {
        object.visit(|key, value| {
            let Some(field) = field_of(key) else { return true };
            self.may_hold_json |= holds_json(value);
            if !value.is_silent() && self.get(field).is_none_or(|known| known.is_text() && value.is_object()) {
                self.places[field as usize] = value.place();
            }
            true
        });
    }

    /// A member.
    pub fn get(&self, field: Field) -> Option<Value<'t, 'a>> {
        let place = self.places[field as usize];
        (place != 0).then(|| self.record.placed(place))
    }

    /// A member's text, or its digits.
    pub fn text(&self, field: Field) -> Option<Text<'a>> {
        self.get(field)?.text_or_digits()
    }

    /// Whether there is one.
    pub fn has(&self, field: Field) -> bool {
        self.get(field).is_some()
    }
}

/// A record: its own members, and those of its `properties`.
#[derive(Debug)]
pub(in crate::decode) struct Record<'t, 'a> {
    /// The whole.
    pub root: Value<'t, 'a>,
    /// Its own.
    pub outer: Fields<'t, 'a>,
    /// Those of `properties`, or of Event Grid's `data`.
    pub inner: Fields<'t, 'a>,
}

impl<'t, 'a> Record<'t, 'a> {
    /// A record that was not looked at yet.
    pub fn unseen(value: Value<'t, 'a>) -> Record<'t, 'a> {
        let none = || Fields { record: value, places: [0; COUNT], may_hold_json: false };
        Record { root: value, outer: none(), inner: none() }
    }

    /// Finds its members.
    pub fn find(&mut self) {
        self.outer.find(self.root);
        if let Some(within) = self.outer.get(Field::Properties).or_else(|| self.outer.get(Field::Data)) {
            self.inner.find(within);
        }
    }

    /// A member of `properties`, else of the record itself.
    pub fn get(&self, field: Field) -> Option<Value<'t, 'a>> {
        self.inner.get(field).or_else(|| self.outer.get(field))
    }

    /// The text of the same.
    pub fn text(&self, field: Field) -> Option<Text<'a>> {
        self.inner.text(field).or_else(|| self.outer.text(field))
    }

    /// The text of the record's own member, else of that of `properties`. The portal and the REST interface write
    /// `{"value": …, "localizedValue": …}`.
    pub fn word(&self, field: Field) -> Option<Text<'a>> {
        let of = |value: Value<'t, 'a>| {
            value.text_or_digits().or_else(|| value.text_at(&["value"])).or_else(|| value.text_at(&["localizedValue"]))
        };
        self.outer.get(field).and_then(of).or_else(|| self.inner.get(field).and_then(of))
    }

    /// Whether Log Analytics wrote it: its `TenantId` is that of the workspace.
    pub fn is_of_log_analytics(&self) -> bool {
        self.outer.has(Field::TimeGenerated)
    }
}
