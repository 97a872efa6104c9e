//! How the members of Azure's records are called: which [`Field`] a key names, however the way of export spells it.
//!
//! In: a key. Out: the field, where something is made of it. The most frequent keys are found as they are, all others without
//! regard to capitals and to the endings of types in Log Analytics.

use super::super::lookup::{Index, hash_folded};
use super::super::names::Names;
use super::super::text::is;
use super::fields::Field;

#[rustfmt::skip]
static NAMES: [(&str, Field); 157] = [
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
    ("authtokentype", Field::AuthenticationType),
    ("authtype", Field::AuthenticationType),
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
    ("raweventdata", Field::RawEvent),
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
    ("resultreason", Field::ResultReason),
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

/// Several times as many places as there are names, so that most other keys meet a free one.
static INDEX: Index<1024> = {
    let mut index = Index::empty();
    let mut row = 0;
    while row < NAMES.len() {
        index.add(hash_folded(NAMES[row].0.as_bytes()), row);
        row += 1;
    }
    index
};

/// The most frequent keys, as most logs write them.
static USUAL: Names<{ USUAL_NAMES.len() }> = Names::new(USUAL_NAMES);

#[rustfmt::skip]
const USUAL_NAMES: [&str; 92] = [
    "time", "resourceId", "operationName", "operationVersion", "category", "tenantId", "resultType", "resultSignature",
    "resultDescription", "callerIpAddress", "correlationId", "identity", "properties", "location", "Level", "level", "durationMs",
    "id", "createdDateTime", "userDisplayName", "userPrincipalName", "userId", "appId", "appDisplayName", "ipAddress", "status",
    "userAgent", "servicePrincipalId", "servicePrincipalName", "resourceDisplayName", "isInteractive", "authenticationProtocol",
    "conditionalAccessStatus", "tokenIssuerType", "riskLevelDuringSignIn", "riskLevelAggregated", "riskDetail", "riskState",
    "uniqueTokenIdentifier", "processingTimeInMilliseconds", "activityDateTime", "activityDisplayName", "additionalDetails",
    "initiatedBy", "loggedByService", "operationType", "result", "resultReason", "targetResources", "claims", "authorization",
    "TenantId", "SourceSystem", "CallerIpAddress", "CategoryValue", "CorrelationId", "Authorization", "Authorization_d",
    "Claims", "Claims_d", "OperationNameValue", "Properties", "Properties_d", "Caller", "EventDataId",
    "EventSubmissionTimestamp", "HTTPRequest", "OperationId", "ResourceGroup", "ResourceProviderValue", "ActivityStatusValue",
    "ActivitySubstatusValue", "Hierarchy", "TimeGenerated", "SubscriptionId", "OperationName", "ActivityStatus",
    "ActivitySubstatus", "Category", "ResourceId", "ResourceProvider", "Resource", "_ResourceId", "Type",
    "statusCode", "serviceRequestId", "eventCategory", "entity", "message", "hierarchy", "httpStatusCode", "requestUri",
];

/// The fields that they name.
static USUAL_FIELDS: [Option<Field>; USUAL_NAMES.len()] = {
    let (mut fields, mut at) = ([None; USUAL_NAMES.len()], 0);
    while at < USUAL_NAMES.len() {
        let mut row = 0;
        while row < NAMES.len() {
            if NAMES[row].0.as_bytes().eq_ignore_ascii_case(without_type(USUAL_NAMES[at].as_bytes())) {
                fields[at] = Some(NAMES[row].1);
            }
            row += 1;
        }
        at += 1;
    }
    fields
};

/// The field that a key names.
#[inline]
pub(super) fn field_of(key: &[u8]) -> Option<Field> {
    match USUAL.find(key) {
        Some(usual) => USUAL_FIELDS[usual],
        None => field_in_any_spelling(key),
    }
}

fn field_in_any_spelling(key: &[u8]) -> Option<Field> {
    let name = without_type(key);
    let row = INDEX.find(hash_folded(name), |row| is(name, NAMES[row].0.as_bytes()))?;
    Some(NAMES[row].1)
}

/// A key without the type that Log Analytics puts behind.
#[inline]
const fn without_type(key: &[u8]) -> &[u8] {
    match key {
        [name @ .., b'_', b's' | b'g' | b'd' | b'b' | b't' | b'S' | b'G' | b'D' | b'B' | b'T'] => name,
        name => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_columns_are_fields() {
        assert!(super::super::NESTED.iter().all(|name| field_of(name.as_bytes()).is_some()));
    }

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
        for name in USUAL_NAMES {
            assert_eq!(field_of(name.as_bytes()), field_in_any_spelling(name.as_bytes()), "{name}");
        }
    }
}
