//! Golden cases of the common schemas, OCSF and ECS, and what came to them from CloudTrail.

use serde_json::{Map, Value, json};

use crate::common::{check_cases, outcomes, recorded};
use crate::mutation;

#[test]
fn ocsf_cases() {
    check_cases("ocsf", 10);
    check_cases("cloudtrail_columns", 1);
}

#[test]
fn ecs_cases() {
    check_cases("ecs", 8);
}

/// Files of recorded CloudTrail records.
const FILES: [&str; 3] =
    ["panther/aws_cloudtrail.ndjson", "stratus/aws_cloudtrail.ndjson", "traildiscover/aws_cloudtrail.ndjson"];

fn text<'v>(record: &'v Value, pointer: &str) -> Option<&'v str> {
    record.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// An object without the members that are not there.
fn object(members: &[(&str, Value)]) -> Value {
    let there = members.iter().filter(|(_, value)| !value.is_null());
    Value::Object(there.map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

fn at(record: &Value, pointer: &str) -> Value {
    record.pointer(pointer).cloned().unwrap_or_default()
}

fn as_text(value: &Value) -> Value {
    match value {
        Value::Null => Value::Null,
        Value::String(text) => json!(text),
        other => json!(other.to_string()),
    }
}

/// A CloudTrail record as ocsf/examples map it to 1.5: what has no place is kept flat in `unmapped`.
fn as_ocsf(record: &Value) -> Option<Value> {
    let time = nhiwatch::event::Timestamp::parse(text(record, "/eventTime")?).ok()?;
    let context = "/userIdentity/sessionContext";
    let kept = [
        "readOnly",
        "eventCategory",
        "managementEvent",
        "sharedEventID",
        "recipientAccountId",
        "sessionCredentialFromConsole",
        "userIdentity.sessionContext.sessionIssuer.userName",
        "userIdentity.sessionContext.sessionIssuer.type",
        "userIdentity.sessionContext.sessionIssuer.accountId",
        "userIdentity.sessionContext.sourceIdentity",
        "userIdentity.sessionContext.ec2RoleDelivery",
        "userIdentity.sessionContext.webIdFederationData.federatedProvider",
        "userIdentity.onBehalfOf.userId",
        "userIdentity.onBehalfOf.identityStoreArn",
    ];
    let unmapped: Map<String, Value> = kept
        .iter()
        .map(|path| ((*path).to_owned(), as_text(&at(record, &format!("/{}", path.replace('.', "/"))))))
        .filter(|(_, value)| !value.is_null())
        .collect();
    let user = object(&[
        ("type", at(record, "/userIdentity/type")),
        ("uid", at(record, "/userIdentity/arn")),
        ("uid_alt", at(record, "/userIdentity/principalId")),
        ("name", at(record, "/userIdentity/userName")),
        ("credential_uid", at(record, "/userIdentity/accessKeyId")),
        ("account", object(&[("uid", at(record, "/userIdentity/accountId"))])),
    ]);
    let session = object(&[
        ("issuer", at(record, &format!("{context}/sessionIssuer/arn"))),
        ("is_mfa", at(record, &format!("{context}/attributes/mfaAuthenticated"))),
        ("created_time_dt", at(record, &format!("{context}/attributes/creationDate"))),
    ]);
    let address = text(record, "/sourceIPAddress").unwrap_or_default();
    let host = address.parse::<std::net::IpAddr>().is_err();
    let data = |pointer: &str| record.pointer(pointer).filter(|it| it.is_object()).map(|it| json!(it.to_string()));
    let failed = text(record, "/errorCode").or_else(|| text(record, "/errorMessage")).is_some();
    Some(json!({
        "class_uid": 6003, "type_uid": 600_399, "activity_id": 99, "time": time.as_millis(),
        "metadata": { "uid": at(record, "/eventID"), "version": "1.5.0", "product": { "name": "CloudTrail", "vendor_name": "AWS" } },
        "cloud": { "provider": "AWS", "region": at(record, "/awsRegion"), "account": { "uid": at(record, "/recipientAccountId") } },
        "actor": { "user": user, "session": session, "invoked_by": at(record, "/userIdentity/invokedBy") },
        "api": {
            "operation": at(record, "/eventName"), "service": { "name": at(record, "/eventSource") },
            "request": { "data": data("/requestParameters") },
            "response": { "error": at(record, "/errorCode"), "data": data("/responseElements") },
        },
        "src_endpoint": { if host { "domain" } else { "ip" }: address, "uid": at(record, "/vpcEndpointId") },
        "http_request": { "user_agent": at(record, "/userAgent") },
        "status": if failed { "Failure" } else { "Success" },
        "unmapped": unmapped,
    }))
}

/// The targets of an event by name; this test's own mapping does not keep the order of members.
fn targets(seen: &Value) -> Vec<String> {
    let mut targets: Vec<String> =
        seen["event"]["targets"].as_array().into_iter().flatten().map(|target| target.to_string()).collect();
    targets.sort();
    targets
}

/// Who acted, what was done, from where and how it ended is the same whichever way a CloudTrail record came.
#[test]
fn cloudtrail_through_ocsf_is_as_cloudtrail() {
    let (mut same, mut skipped) = (0, 0);
    for line in FILES.iter().flat_map(|file| recorded(file)) {
        let record: Value = serde_json::from_str(&line).expect("JSON");
        let native = outcomes(line.as_bytes()).remove(0);
        // Sign-ins tell their outcome in the answer, which the mapping's `status` would have to repeat.
        let unusual = ["/userIdentity/sessionContext/webIdFederationData", "/resources", "/userIdentity/credentialId"];
        let told_by_answer = native["event"]["outcome"] == "failure" && record.get("errorCode").is_none();
        let Some(mapped) = as_ocsf(&record).filter(|_| native.get("event").is_some() && !told_by_answer) else {
            skipped += 1;
            continue;
        };
        let seen = outcomes(mapped.to_string().as_bytes()).remove(0);
        assert_eq!(seen["identity"], native["identity"], "{line}\n{seen:#}");
        assert_eq!(seen["event"]["source"], "ocsf");
        for part in ["time", "provider", "action", "outcome", "error", "origin", "region", "id"] {
            // What has no id has that of its bytes.
            if part != "id" || record.get("eventID").is_some() {
                assert_eq!(seen["event"][part], native["event"][part], "{part}: {line}");
            }
        }
        if unusual.iter().all(|pointer| record.pointer(pointer).is_none()) {
            assert_eq!(seen["event"]["actor"], native["event"]["actor"], "{line}");
            assert_eq!(targets(&seen), targets(&native), "{line}");
        }
        same += 1;
    }
    assert!(same == 0 || (same > 500 && skipped < same / 5), "{same} the same, {skipped} skipped");
}

/// A document that still holds its native record is read as that.
#[test]
fn originals_are_read_as_they_are() {
    for line in recorded("panther/aws_cloudtrail.ndjson").into_iter().take(200) {
        let native = outcomes(line.as_bytes()).remove(0);
        if native.get("event").is_none() {
            continue;
        }
        let document = json!({
            "@timestamp": "2026-03-02T04:05:06Z", "ecs": { "version": "8.11.0" },
            "event": { "kind": "event", "action": "x", "original": line },
        });
        assert_eq!(outcomes(document.to_string().as_bytes()).remove(0), native, "{line}");
    }
}

/// Whatever stands in a member, there is one outcome for each record, and no text is longer than allowed.
#[test]
fn any_member_may_be_anything() {
    mutation::check_mutations("ocsf");
    mutation::check_mutations("cloudtrail_columns");
    mutation::check_mutations("ecs");
}
