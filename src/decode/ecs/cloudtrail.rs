//! CloudTrail's records as Elastic's integration keeps them (`aws.cloudtrail.*`), put together again.

use super::super::json::Value;
use super::super::rebuilt::{Rebuilt, time_text};
use super::super::{Decoded, Delivery};
use super::fields::{at, text_at};
use crate::config::DecodeConfig;
use crate::event::{Outcome, Source, Text, Timestamp};

/// Decodes what the record was; none where the document is of no such record.
pub(super) fn decode<'a>(
    value: Value<'_, 'a>,
    time: Timestamp,
    record: &[u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Option<Decoded<'a>> {
    let kept = at(value, &["aws", "cloudtrail"])?;
    let text = |path: &[&str]| text_at(value, path);
    let own = |path: &[&str]| text_at(kept, path);
    let mut rebuilt = Rebuilt::default();
    rebuilt.text(&["eventVersion"], own(&["event_version"]).or(Some(Text::Borrowed("1.08"))));
    rebuilt.text(&["eventTime"], Some(time_text(time)));
    rebuilt.text(&["eventSource"], Some(text(&["event", "provider"])?));
    rebuilt.text(&["eventName"], Some(text(&["event", "action"])?));
    rebuilt.text(&["eventID"], text(&["event", "id"]));
    rebuilt.text(&["eventCategory"], own(&["event_category"]));
    rebuilt.text(&["readOnly"], flag(at(kept, &["read_only"])));
    rebuilt.text(&["managementEvent"], flag(at(kept, &["management_event"])));
    rebuilt.text(&["sharedEventID"], own(&["shared_event_id"]));
    rebuilt.text(&["awsRegion"], text(&["cloud", "region"]));
    rebuilt.text(&["recipientAccountId"], own(&["recipient_account_id"]));
    rebuilt.text(&["sourceIPAddress"], text(&["source", "ip"]).or_else(|| text(&["source", "address"])));
    rebuilt.text(&["vpcEndpointId"], own(&["vpc_endpoint_id"]));
    rebuilt.text(&["userAgent"], text(&["user_agent", "original"]));
    rebuilt.text(&["errorCode"], own(&["error_code"]));
    identity(&mut rebuilt, value, kept);
    let parameters = ["flattened", "request_parameters"];
    rebuilt.json(&["requestParameters"], at(kept, &parameters).or_else(|| at(kept, &["request_parameters"])));
    rebuilt.json(
        &["responseElements"],
        at(kept, &["flattened", "response_elements"]).or_else(|| at(kept, &["response_elements"])),
    );
    let outcome = match text(&["event", "outcome"]).as_deref() {
        Some("success") => Some(Outcome::Success),
        Some("failure") => Some(Outcome::Failure),
        _ => None,
    };
    rebuilt.decode(Source::Ecs, outcome, record, delivery, config)
}

fn identity(rebuilt: &mut Rebuilt, value: Value<'_, '_>, kept: Value<'_, '_>) {
    let own = |path: &[&str]| text_at(kept, &[&["user_identity"], path].concat());
    let context = |path: &[&str]| text_at(kept, &[&["user_identity", "session_context"], path].concat());
    let user = text_at(value, &["user", "name"]).filter(|_| own(&["type"]).is_none_or(|class| class != "AssumedRole"));
    let principal = own(&["principal_id"]).or_else(|| text_at(value, &["user", "id"]));
    let account = own(&["account_id"]).or_else(|| text_at(value, &["cloud", "account", "id"]));
    rebuilt.text(&["userIdentity", "type"], own(&["type"]));
    rebuilt.text(&["userIdentity", "arn"], own(&["arn"]));
    rebuilt.text(&["userIdentity", "principalId"], principal);
    rebuilt.text(&["userIdentity", "accountId"], account);
    rebuilt.text(&["userIdentity", "userName"], user);
    rebuilt.text(&["userIdentity", "accessKeyId"], own(&["access_key_id"]));
    rebuilt.text(&["userIdentity", "invokedBy"], own(&["invoked_by"]));
    let issuer = |name| context(&["session_issuer", name]);
    let (class, arn) = (issuer("type"), issuer("arn"));
    let (owner, name) = (issuer("account_id"), issuer("user_name"));
    let created = context(&["creation_date"]).or_else(|| context(&["attributes", "creation_date"]));
    let mfa = at(kept, &["user_identity", "session_context", "mfa_authenticated"]);
    rebuilt.text(&["userIdentity", "sessionContext", "sessionIssuer", "type"], class);
    rebuilt.text(&["userIdentity", "sessionContext", "sessionIssuer", "arn"], arn);
    rebuilt.text(&["userIdentity", "sessionContext", "sessionIssuer", "accountId"], owner);
    rebuilt.text(&["userIdentity", "sessionContext", "sessionIssuer", "userName"], name);
    rebuilt.text(&["userIdentity", "sessionContext", "attributes", "creationDate"], created);
    rebuilt.text(&["userIdentity", "sessionContext", "attributes", "mfaAuthenticated"], flag(mfa));
}

fn flag(value: Option<Value<'_, '_>>) -> Option<Text<'static>> {
    value?.truth().map(|truth| Text::Borrowed(if truth { "true" } else { "false" }))
}
