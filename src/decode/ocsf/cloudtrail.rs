//! CloudTrail's records in OCSF, put together again.
//!
//! Source: the mappings of CloudTrail in ocsf/examples, for 1.0.0-rc.2, 1.1.0 and 1.5.0, and Amazon Security Lake's; what they
//! have no place for lies in `unmapped`, under CloudTrail's own names.

use super::super::json::Value;
use super::super::rebuilt::{Rebuilt, time_text};
use super::super::{Decoded, Delivery};
use super::account_of_cloud;
use crate::config::DecodeConfig;
use crate::event::{Outcome, Source, Text, Timestamp};

/// Whether an event was made of a CloudTrail record.
pub(super) fn is_of(value: Value<'_, '_>) -> bool {
    let product = value.text_at(&["metadata", "product", "name"]);
    let service = value.text_at(&["api", "service", "name"]);
    let of_aws = value.text_at(&["cloud", "provider"]).is_some_and(|provider| provider.eq_ignore_ascii_case("aws"));
    let named = product.is_some_and(|product| product.to_ascii_lowercase().contains("cloudtrail"));
    let called = service.is_some_and(|service| service.ends_with(".amazonaws.com"));
    (named || (of_aws && called)) && value.text_at(&["api", "operation"]).is_some()
}

/// Decodes what the record was; none where it cannot be put together.
pub(super) fn decode<'a>(
    value: Value<'_, 'a>,
    time: Timestamp,
    outcome: Outcome,
    record: &[u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Option<Decoded<'a>> {
    let mut rebuilt = Rebuilt::default();
    let text = |path: &[&str]| value.text_at(path);
    let category = unmapped(value, "eventCategory").filter(|word| matches!(&**word, "Data" | "Management"));
    let endpoint = text(&["src_endpoint", "uid"]).filter(|uid| uid.starts_with("vpce-"));
    let address = ["ip", "domain", "svc_name", "hostname"].into_iter().find_map(|name| text(&["src_endpoint", name]));
    rebuilt.text(&["eventVersion"], Some(Text::Borrowed("1.08")));
    rebuilt.text(&["eventTime"], Some(time_text(time)));
    rebuilt.text(&["eventSource"], text(&["api", "service", "name"]));
    rebuilt.text(&["eventName"], text(&["api", "operation"]));
    rebuilt.text(&["eventID"], text(&["metadata", "uid"]));
    rebuilt.text(&["sharedEventID"], unmapped(value, "sharedEventID"));
    rebuilt.text(&["eventCategory"], category);
    rebuilt.text(&["readOnly"], unmapped(value, "readOnly"));
    rebuilt.text(&["managementEvent"], unmapped(value, "managementEvent"));
    rebuilt.text(&["awsRegion"], text(&["cloud", "region"]));
    rebuilt.text(&["recipientAccountId"], unmapped(value, "recipientAccountId").or_else(|| account_of_cloud(value)));
    rebuilt.text(&["sourceIPAddress"], address);
    rebuilt.text(&["vpcEndpointId"], endpoint);
    rebuilt.text(&["userAgent"], text(&["http_request", "user_agent"]));
    rebuilt.text(&["errorCode"], text(&["api", "response", "error"]));
    identity(&mut rebuilt, value);
    rebuilt.json(&["requestParameters"], value.at(&["api", "request", "data"]));
    rebuilt.json(&["responseElements"], value.at(&["api", "response", "data"]));
    resources(&mut rebuilt, value);
    let outcome = (outcome != Outcome::Unknown).then_some(outcome);
    rebuilt.decode(Source::Ocsf, outcome, record, delivery, config)
}

/// Members that name a user; the last is his short name.
const NAMES: [&str; 4] = ["uid", "uuid", "uid_alt", "name"];

/// `userIdentity`. Which of its ids is the ARN is told by its form: versions differ in where they put it.
fn identity(rebuilt: &mut Rebuilt, value: Value<'_, '_>) {
    // Of a sign-in the actor may have a type alone; who it was, is the user then.
    let is_named = |user: &Value<'_, '_>| NAMES.iter().any(|name| user.text_at(&[name]).is_some());
    let acting = value.at(&["actor", "user"]);
    let user = acting.filter(is_named).or_else(|| value.at(&["user"]).filter(is_named)).or(acting);
    let Some(user) = user else {
        return rebuilt.text(&["userIdentity", "invokedBy"], value.text_at(&["actor", "invoked_by"]));
    };
    let ids = NAMES.map(|name| user.text_at(&[name]));
    let is_arn = |id: &Text<'_>| id.starts_with("arn:");
    let arn = ids.iter().flatten().find(|id| is_arn(id)).cloned();
    let principal = ids[..3].iter().flatten().find(|id| !is_arn(id)).cloned();
    let account = user.at(&["account", "uid"]).or_else(|| user.at(&["account_uid"])).and_then(Value::text_or_digits);
    let listed = || user.member("programmatic_credentials")?.items().next()?.text_at(&["uid"]);
    let of = |path: &[&str]| value.text_at(path);
    rebuilt.text(&["userIdentity", "type"], user.text_at(&["type"]));
    rebuilt.text(&["userIdentity", "arn"], arn);
    rebuilt.text(&["userIdentity", "principalId"], principal);
    rebuilt.text(&["userIdentity", "accountId"], account);
    rebuilt.text(&["userIdentity", "userName"], ids[3].clone().filter(|name| !is_arn(name)));
    let key = user.text_at(&["credential_uid"]).or_else(listed).or_else(|| of(&["actor", "session", "credential_uid"]));
    match key {
        // An id that the log left empty is a key that it hides.
        None if user.member("credential_uid").and_then(Value::text).is_some() => {
            rebuilt.raw(&["userIdentity", "accessKeyId"], "\"\"");
        }
        key => rebuilt.text(&["userIdentity", "accessKeyId"], key),
    }
    rebuilt.text(&["userIdentity", "invokedBy"], of(&["actor", "invoked_by"]));
    rebuilt.text(
        &["userIdentity", "identityProvider"],
        of(&["actor", "idp", "name"])
            .filter(|_| user.text_at(&["type"]).is_some_and(|class| class == "WebIdentityUser" || class == "SAMLUser")),
    );
    rebuilt.text(&["userIdentity", "onBehalfOf", "userId"], unmapped(value, "userIdentity.onBehalfOf.userId"));
    rebuilt.text(
        &["userIdentity", "onBehalfOf", "identityStoreArn"],
        unmapped(value, "userIdentity.onBehalfOf.identityStoreArn"),
    );
    session(rebuilt, value);
}

/// `userIdentity.sessionContext`.
fn session(rebuilt: &mut Rebuilt, value: Value<'_, '_>) {
    const CONTEXT: [&str; 2] = ["userIdentity", "sessionContext"];
    let [identity, context] = CONTEXT;
    let kept = |name: &str| unmapped(value, &[identity, ".", context, ".", name].concat());
    let session = |name: &str| value.at(&["actor", "session", name]).or_else(|| value.at(&["session", name]));
    let issuer = session("issuer").and_then(Value::filled);
    let class = kept("sessionIssuer.type").filter(|_| issuer.is_some());
    let (user, account) = (kept("sessionIssuer.userName"), kept("sessionIssuer.accountId"));
    rebuilt.text(&[identity, context, "sessionIssuer", "type"], class);
    rebuilt.text(&[identity, context, "sessionIssuer", "arn"], issuer);
    rebuilt.text(&[identity, context, "sessionIssuer", "userName"], user);
    rebuilt.text(&[identity, context, "sessionIssuer", "accountId"], account);
    let federated = kept("webIdFederationData.federatedProvider").or_else(|| value.text_at(&["actor", "idp", "name"]));
    rebuilt.text(&[identity, context, "webIdFederationData", "federatedProvider"], federated);
    rebuilt.json(
        &[identity, context, "webIdFederationData", "attributes"],
        raw(value, "userIdentity.sessionContext.webIdFederationData.attributes"),
    );
    let mfa = session("is_mfa").or_else(|| session("mfa")).and_then(Value::truth);
    let mfa = mfa.or_else(|| value.member("is_mfa")?.truth().filter(|_| session("created_time").is_some()));
    rebuilt.text(
        &[identity, context, "attributes", "creationDate"],
        created(session("created_time_dt"), session("created_time")),
    );
    rebuilt.text(
        &[identity, context, "attributes", "mfaAuthenticated"],
        mfa.map(|mfa| Text::Borrowed(if mfa { "true" } else { "false" })),
    );
    rebuilt.text(&[identity, context, "sourceIdentity"], kept("sourceIdentity"));
    rebuilt.text(&[identity, context, "ec2RoleDelivery"], kept("ec2RoleDelivery"));
    rebuilt.text(&["sessionCredentialFromConsole"], unmapped(value, "sessionCredentialFromConsole"));
}

/// When the session was opened, as text.
fn created<'a>(text: Option<Value<'_, 'a>>, number: Option<Value<'_, 'a>>) -> Option<Text<'a>> {
    let number = || {
        let millis = number?.number().filter(|millis| (0.0..1e14).contains(millis))?;
        #[expect(clippy::cast_possible_truncation, reason = "within the range of the line above")]
        Some(time_text(Timestamp::from_millis(millis as i64)))
    };
    text.and_then(Value::filled).or_else(number)
}

fn resources(rebuilt: &mut Rebuilt, value: Value<'_, '_>) {
    let quoted = |text: &Text<'_>| serde_json::to_string(&**text).expect("a text is JSON");
    let listed = value.member("resources").into_iter().flat_map(Value::items).take(64).filter_map(|resource| {
        let arn = resource.text_at(&["uid"])?;
        let owner = resource.at(&["owner", "account", "uid"]).or_else(|| resource.at(&["account_uid"]));
        let owner = owner.and_then(Value::text_or_digits).map(|owner| [",\"accountId\":", &quoted(&owner)].concat());
        Some(["{\"ARN\":", &quoted(&arn), &owner.unwrap_or_default(), "}"].concat())
    });
    let listed: Vec<String> = listed.collect();
    if !listed.is_empty() {
        rebuilt.raw(&["resources"], &["[", &listed.join(","), "]"].concat());
    }
}

/// What the mapping had no place for: flat (`"userIdentity.type"`) or nested.
fn raw<'t, 'a>(value: Value<'t, 'a>, path: &str) -> Option<Value<'t, 'a>> {
    let kept = value.member("unmapped")?;
    let nested = || path.split('.').try_fold(kept, |value, name| value.member(name));
    kept.member(path).or_else(nested).filter(|value| !value.is_null())
}

fn unmapped<'a>(value: Value<'_, 'a>, path: &str) -> Option<Text<'a>> {
    let found = raw(value, path)?;
    found.text_or_digits().or_else(|| found.truth().map(|truth| Text::Borrowed(if truth { "true" } else { "false" })))
}
