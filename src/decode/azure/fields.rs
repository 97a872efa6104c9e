//! The members of an Azure record that anything is made of, under one name each, however the way of export spells them.
//!
//! Diagnostic settings write `callerIpAddress`, some pipelines `calleripaddress`, Log Analytics `CallerIpAddress` or
//! `CallerIPAddress`, and its older tables put the type behind (`clientInfo_s`, `httpStatusCode_d`). Here all of them are
//! [`Field::CallerIp`] and so on: capitals and such endings say nothing.

use super::super::json::Value;
use super::super::lookup::{Index, hash_folded};
use super::super::text::is;
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

#[rustfmt::skip]
static NAMES: [(&str, Field); 155] = [
    ("_resourceid", Field::ResourceId),
    ("aadclientid", Field::RequesterApp),
    ("aademail", Field::RequesterUpn),
    ("aadobjectid", Field::RequesterObject),
    ("aadprincipalid", Field::RequesterObject),
    ("aadtenantid", Field::DirectoryTenant),
    ("accountname", Field::AccountName),
    ("action_name", Field::ActionName),
    ("actionid", Field::ActionId),
    ("actionname", Field::ActionName),
    ("activitydatetime", Field::ActivityDateTime),
    ("activitydisplayname", Field::ActivityDisplayName),
    ("activityname", Field::EventName),
    ("activitystatus", Field::Status),
    ("activitystatusvalue", Field::Status),
    ("activitysubstatus", Field::SubStatus),
    ("activitysubstatusvalue", Field::SubStatus),
    ("actorclientid", Field::ActorClient),
    ("actorcuid", Field::ActorCuid),
    ("actordisplayname", Field::ActorName),
    ("actortype", Field::IdType),
    ("actorupn", Field::ActorUpn),
    ("actoruserid", Field::ActorUser),
    ("additionaldetails", Field::AdditionalDetails),
    ("agent", Field::Agent),
    ("appdisplayname", Field::AppDisplayName),
    ("appid", Field::AppId),
    ("application_name", Field::ApplicationName),
    ("applicationname", Field::ApplicationName),
    ("appownertenantid", Field::AppOwnerTenant),
    ("authenticationhash", Field::AuthenticationHash),
    ("authenticationmechanism", Field::Mechanism),
    ("authenticationrequirement", Field::AuthenticationRequirement),
    ("authenticationtype", Field::AuthenticationType),
    ("authid", Field::AuthKey),
    ("authkey", Field::AuthKey),
    ("authorization", Field::Authorization),
    ("authorizationdetails", Field::AuthorizationDetails),
    ("authtokentype", Field::AuthenticationType), ("authtype", Field::AuthenticationType),
    ("autonomoussystemnumber", Field::AsNumber),
    ("c_idtyp", Field::IdType),
    ("caller", Field::Caller),
    ("calleripaddress", Field::CallerIp),
    ("callername", Field::Caller),
    ("category", Field::Category),
    ("categoryvalue", Field::Category),
    ("claims", Field::Claims),
    ("client_ip", Field::ClientIp),
    ("clientauthmethod", Field::ClientAuthMethod),
    ("clientcredentialtype", Field::CredentialType),
    ("clientinfo", Field::ClientInfo),
    ("clientip", Field::ClientIp),
    ("clientipaddress", Field::ClientIp),
    ("createddatetime", Field::CreatedDateTime),
    ("data", Field::Data),
    ("database_principal_name", Field::DatabasePrincipal),
    ("databaseprincipalname", Field::DatabasePrincipal),
    ("event_id", Field::AuditEventId),
    ("event_time", Field::AuditTime),
    ("eventdataid", Field::EventDataId),
    ("eventid", Field::AuditEventId),
    ("eventname", Field::EventName),
    ("eventtime", Field::AuditTime),
    ("eventtimestamp", Field::EventTime),
    ("eventtimestring", Field::EventTime),
    ("extendedproperties", Field::Properties),
    ("federatedcredentialid", Field::FederatedCredential),
    ("httpmethod", Field::RequestMethod),
    ("httprequest", Field::HttpRequest),
    ("httpstatuscode", Field::StatusCode),
    ("id", Field::Id),
    ("identity", Field::Identity),
    ("identity_claim_appid", Field::IdentityAppId),
    ("identity_claim_http_schemas_microsoft_com_identity_claims_objectidentifier", Field::IdentityObject),
    ("identity_claim_http_schemas_xmlsoap_org_ws_2005_05_identity_claims_upn", Field::IdentityUpn),
    ("identity_claim_oid", Field::IdentityObject),
    ("identity_claim_unique_name", Field::IdentityUpn),
    ("identity_claim_upn", Field::IdentityUpn),
    ("identity_claim_xms_az_rid", Field::IdentityResource),
    ("identity_claim_xms_mirid", Field::IdentityResource),
    ("idtyp", Field::IdType),
    ("initiatedby", Field::InitiatedBy),
    ("ipaddress", Field::IpAddress),
    ("location", Field::Location),
    ("locationdetails", Field::LocationDetails),
    ("log", Field::Log),
    ("loggedbyservice", Field::LoggedByService),
    ("managedidentitytype", Field::ManagedIdentityType),
    ("managedserviceidentity", Field::ManagedIdentity),
    ("metricresponsetype", Field::MetricResponse),
    ("objectid", Field::ObjectId),
    ("objectkey", Field::ObjectKey),
    ("operationname", Field::OperationName),
    ("operationnamevalue", Field::OperationNameValue),
    ("projectid", Field::ProjectId),
    ("projectname", Field::ProjectName),
    ("properties", Field::Properties),
    ("requestbody", Field::RequestBody),
    ("requesterappid", Field::RequesterApp),
    ("requesterobjectid", Field::RequesterObject),
    ("requestertenantid", Field::RequesterTenant),
    ("requesterupn", Field::RequesterUpn),
    ("requestid", Field::RequestId),
    ("requestmethod", Field::RequestMethod),
    ("requesturi", Field::RequestUri),
    ("resourcedisplayname", Field::ResourceDisplayName),
    ("resourceid", Field::ResourceId),
    ("resourceidentity", Field::ResourceIdentity),
    ("resourcetenantid", Field::ResourceTenant),
    ("resourceuri", Field::ResourceId),
    ("response", Field::Response),
    ("responsecode", Field::ResponseStatus),
    ("responsestatuscode", Field::ResponseStatus),
    ("result", Field::Result),
    ("resultdescription", Field::ResultDescription),
    ("resultsignature", Field::ResultSignature),
    ("resulttype", Field::ResultType),
    ("scopedisplayname", Field::ScopeName),
    ("sequence_number", Field::SequenceNumber),
    ("sequencenumber", Field::SequenceNumber),
    ("server_principal_name", Field::ServerPrincipal),
    ("serverprincipalname", Field::ServerPrincipal),
    ("serviceprincipalcredentialkeyid", Field::CredentialKey),
    ("serviceprincipalcredentialthumbprint", Field::CredentialThumbprint),
    ("serviceprincipalid", Field::ServicePrincipalId),
    ("serviceprincipalname", Field::ServicePrincipalName),
    ("session_server_principal_name", Field::SessionPrincipal),
    ("sessionid", Field::SessionId),
    ("sessionserverprincipalname", Field::SessionPrincipal),
    ("signinactivityid", Field::SignInActivity),
    ("signineventtypes", Field::SignInKinds),
    ("sourceipaddress", Field::ClientIp),
    ("status", Field::Status),
    ("statuscode", Field::StatusCode),
    ("statusmessage", Field::StatusMessage),
    ("statustext", Field::StatusText),
    ("substatus", Field::SubStatus),
    ("succeeded", Field::Succeeded),
    ("targetresources", Field::TargetResources),
    ("tenantid", Field::Tenant),
    ("time", Field::Time),
    ("timegenerated", Field::TimeGenerated),
    ("timestamp", Field::Timestamp),
    ("type", Field::Type),
    ("uniquetokenidentifier", Field::TokenId),
    ("uri", Field::Uri),
    ("user", Field::User),
    ("useraddress", Field::ClientIp),
    ("useragent", Field::UserAgent),
    ("useragentheader", Field::UserAgentHeader),
    ("userdisplayname", Field::UserDisplayName),
    ("userid", Field::UserId),
    ("userprincipalname", Field::UserPrincipalName),
    ("uti", Field::TokenId),
];

static INDEX: Index<256> = {
    let mut index = Index::empty();
    let mut row = 0;
    while row < NAMES.len() {
        index.add(hash_folded(NAMES[row].0.as_bytes()), row);
        row += 1;
    }
    index
};

/// The field that a key names.
fn field_of(key: &[u8]) -> Option<Field> {
    let name = match key {
        [name @ .., b'_', b's' | b'g' | b'd' | b'b' | b't' | b'S' | b'G' | b'D' | b'B' | b'T'] => name,
        name => name,
    };
    let row = INDEX.find(hash_folded(name), |row| is(name, NAMES[row].0.as_bytes()))?;
    Some(NAMES[row].1)
}

/// The members of one object, by their places in the record; 0 where there is none.
#[derive(Debug)]
pub(in crate::decode) struct Fields<'t, 'a> {
    record: Value<'t, 'a>,
    places: [u32; COUNT],
}

impl<'t, 'a> Fields<'t, 'a> {
    /// Finds those of an object of the record. `null` and empty text are as if they were not there. Of several spellings in one
    /// object the first counts, but an object more than a text that says the same.
    fn find(&mut self, object: Value<'t, 'a>) {
        object.visit(|key, value| {
            let Some(field) = field_of(key) else { return true };
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
        let none = || Fields { record: value, places: [0; COUNT] };
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_field() {
        for key in ["callerIpAddress", "calleripaddress", "CallerIPAddress", "callerIpAddress_s"] {
            assert_eq!(field_of(key.as_bytes()), Some(Field::CallerIp), "{key}");
        }
        assert_eq!(field_of(b"httpStatusCode_d"), Some(Field::StatusCode));
        assert_eq!(field_of(&[b'x'; 1_000]), None);
        assert_eq!(field_of("é".as_bytes()), None);
        assert_eq!(field_of(b"_s"), None);
        for (name, field) in NAMES {
            assert_eq!(field_of(name.as_bytes()), Some(field), "{name}");
        }
    }
}
