//! The yardstick: serde_json into a typed struct that borrows its text, with the fields that `decode` reads.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

/// Text that is borrowed where it has no escapes.
#[derive(Deserialize)]
#[expect(dead_code, reason = "reading the fields is what is measured")]
pub struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A CloudTrail record.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading the fields is what is measured")]
pub struct Record<'a> {
    #[serde(borrow)]
    event_time: Text<'a>,
    event_source: Text<'a>,
    event_name: Text<'a>,
    event_type: Option<Text<'a>>,
    event_category: Option<Text<'a>>,
    #[serde(rename = "eventID")]
    event_id: Text<'a>,
    #[serde(rename = "sharedEventID")]
    shared_event_id: Option<Text<'a>>,
    user_identity: UserIdentity<'a>,
    aws_region: Option<Text<'a>>,
    #[serde(rename = "sourceIPAddress")]
    source_ip_address: Option<Text<'a>>,
    user_agent: Option<Text<'a>>,
    error_code: Option<Text<'a>>,
    error_message: Option<Text<'a>>,
    request_parameters: Option<&'a RawValue>,
    response_elements: Option<&'a RawValue>,
    resources: Option<Vec<Resource<'a>>>,
    read_only: Option<bool>,
    management_event: Option<bool>,
    recipient_account_id: Option<Text<'a>>,
    vpc_endpoint_id: Option<Text<'a>>,
    session_credential_from_console: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading the fields is what is measured")]
struct UserIdentity<'a> {
    #[serde(rename = "type", borrow)]
    class: Option<Text<'a>>,
    principal_id: Option<Text<'a>>,
    arn: Option<Text<'a>>,
    account_id: Option<Text<'a>>,
    access_key_id: Option<Text<'a>>,
    user_name: Option<Text<'a>>,
    invoked_by: Option<Text<'a>>,
    identity_provider: Option<Text<'a>>,
    on_behalf_of: Option<&'a RawValue>,
    session_context: Option<Session<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading the fields is what is measured")]
struct Session<'a> {
    #[serde(borrow)]
    session_issuer: Option<Issuer<'a>>,
    web_id_federation_data: Option<&'a RawValue>,
    attributes: Option<Attributes<'a>>,
    source_identity: Option<Text<'a>>,
    ec2_role_delivery: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading the fields is what is measured")]
struct Issuer<'a> {
    #[serde(rename = "type", borrow)]
    class: Option<Text<'a>>,
    arn: Option<Text<'a>>,
    account_id: Option<Text<'a>>,
    user_name: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "reading the fields is what is measured")]
struct Attributes<'a> {
    #[serde(borrow)]
    creation_date: Option<Text<'a>>,
    mfa_authenticated: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "reading the fields is what is measured")]
struct Resource<'a> {
    #[serde(rename = "ARN", borrow)]
    arn: Option<Text<'a>>,
    #[serde(rename = "accountId")]
    account_id: Option<Text<'a>>,
    #[serde(rename = "type")]
    class: Option<Text<'a>>,
}

/// Reads one record.
pub fn read(record: &[u8]) -> Record<'_> {
    serde_json::from_slice(record).expect("the records are well formed")
}
