//! Whatever stands in a record, it ends in one counted outcome: nothing panics, and a wrong type where it does not
//! matter costs that one thing only.

use nhiwatch::config::DecodeConfig;
use nhiwatch::decode::{Decoded, NoEvent, cloudtrail};
use nhiwatch::event::Timestamp;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// A record with every member that is looked into.
fn full_record() -> Value {
    json!({
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": "AROAEXAMPLE:build-17",
            "arn": "arn:aws:sts::111122223333:assumed-role/ci-deploy/build-17",
            "accountId": "111122223333",
            "accessKeyId": "ASIAEXAMPLE",
            "userName": "ci-deploy",
            "invokedBy": "athena.amazonaws.com",
            "identityProvider": "idp",
            "credentialId": "x",
            "invokedByDelegate": { "accountId": "444455556666" },
            "onBehalfOf": { "userId": "u-1", "identityStoreArn": "arn:aws:identitystore::1:identitystore/d-1" },
            "inScopeOf": { "issuerType": "AWS::Lambda::Function", "credentialsIssuedTo": "function:f" },
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": "AROAEXAMPLE",
                    "arn": "arn:aws:iam::111122223333:role/ci-deploy",
                    "accountId": "111122223333",
                    "userName": "ci-deploy"
                },
                "webIdFederationData": { "federatedProvider": "idp", "attributes": { "idp:sub": "repo:example/shop" } },
                "attributes": { "creationDate": "2026-03-02T01:00:00Z", "mfaAuthenticated": "false" },
                "sourceIdentity": "anna",
                "ec2RoleDelivery": "2.0",
                "sessionCredentialFromConsole": "true"
            }
        },
        "eventTime": "2026-03-02T04:05:06Z",
        "eventSource": "ssm.amazonaws.com",
        "eventName": "GetParameters",
        "awsRegion": "eu-central-1",
        "sourceIPAddress": "198.51.100.24",
        "userAgent": "aws-cli/2.17.32",
        "errorCode": "AccessDenied",
        "errorMessage": "no",
        "requestParameters": {
            "names": ["/prod/a/b"],
            "withDecryption": true,
            "instancesSet": { "items": [{ "instanceId": "i-1" }] }
        },
        "responseElements": { "GetParameters": "Success" },
        "additionalEventData": { "a": 1 },
        "serviceEventDetails": { "GetParameters": "Success" },
        "resources": [{
            "ARN": "arn:aws:ssm:eu-central-1:111122223333:parameter/prod/a/b",
            "accountId": "111122223333",
            "type": "AWS::SSM::Parameter"
        }],
        "readOnly": true,
        "managementEvent": true,
        "eventCategory": "Management",
        "eventType": "AwsApiCall",
        "requestID": "r-1",
        "eventID": "e-1",
        "sharedEventID": "s-1",
        "recipientAccountId": "111122223333",
        "vpcEndpointId": "vpce-1",
        "sessionCredentialFromConsole": "true",
        "tlsDetails": { "tlsVersion": "TLSv1.3" }
    })
}

/// The paths of all values below `value`.
fn paths(value: &Value, path: &str, found: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (key, value) in members {
        let path = format!("{path}/{}", key.replace('/', "~1"));
        paths(value, &path, found);
        found.push(path);
    }
}

fn oddities() -> Vec<Value> {
    let nested = (0..50).fold(json!(1), |inner, _| json!([inner]));
    vec![
        Value::Null,
        json!(true),
        json!(-7),
        json!(1e300),
        json!(""),
        json!("arn:"),
        json!(":::::::"),
        json!("AROA:"),
        json!("\u{0}\u{1b}[31mé\u{202e}\"\\"),
        json!("x".repeat(200_000)),
        json!([]),
        json!(["a", {"ARN": 7}, null]),
        json!({}),
        json!({"": {"": ""}}),
        nested,
    ]
}

fn decode(record: &Value) -> Decoded<'static> {
    let bytes: &'static [u8] = record.to_string().into_bytes().leak();
    cloudtrail::decode(bytes, None, &DecodeConfig::default())
}

#[test]
fn a_wrong_type_costs_no_more_than_its_own_field() {
    let record = full_record();
    let mut all = Vec::new();
    paths(&record, "", &mut all);
    assert!(all.len() > 70, "{}", all.len());
    for path in all {
        let matters = ["/eventTime", "/eventSource", "/eventName", "/userIdentity"].contains(&path.as_str());
        for oddity in oddities() {
            let mut mutant = record.clone();
            *mutant.pointer_mut(&path).expect("the path was taken from the record") = oddity.clone();
            match decode(&mutant) {
                Ok(event) => {
                    let largest = event.actor.name.len().max(event.origin.user_agent.map_or(0, |agent| agent.len()));
                    assert!(largest <= DecodeConfig::default().max_text_bytes);
                }
                Err(NoEvent::Dead(error)) => {
                    assert!(matters, "{path} = {oddity:.50}: {error}");
                    let named = error.to_string();
                    assert!(named.contains(&path[1..]), "{named} does not name {path}");
                }
                Err(NoEvent::Ignored(reason)) => panic!("{path} = {oddity:.50}: {reason:?}"),
            }
        }
    }
}

#[test]
fn a_field_left_out_costs_no_more_than_itself() {
    let record = full_record();
    for key in record.as_object().expect("an object").keys() {
        let mut mutant = record.clone();
        mutant.as_object_mut().expect("an object").remove(key);
        let matters = ["eventTime", "eventName"].contains(&key.as_str());
        assert_eq!(matches!(decode(&mutant), Err(NoEvent::Dead(_))), matters, "{key}");
    }
}

#[test]
fn broken_text_is_named_as_such() {
    let config = DecodeConfig { max_record_bytes: 5_000, ..DecodeConfig::default() };
    let whole = full_record().to_string();
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(100), "]".repeat(100));
    for (record, reason) in [
        (whole.as_bytes()[..whole.len() - 9].to_vec(), "truncated"),
        (whole.replace(':', ";").into_bytes(), "not_json"),
        (b"{\"eventName\":\"\xff\"}".to_vec(), "not_utf8"),
        (deep.into_bytes(), "too_deep"),
        (whole.replace("build", &"b".repeat(5_000)).into_bytes(), "record_too_large"),
        (b"{}".to_vec(), "missing_field"),
        (Vec::new(), "truncated"),
        (b"[]".to_vec(), "not_json"),
    ] {
        match cloudtrail::decode(&record, None, &config) {
            Err(NoEvent::Dead(error)) => assert_eq!(error.reason(), reason, "{error}"),
            other => panic!("{reason}: {other:?}"),
        }
    }
}

#[test]
fn targets_are_bounded() {
    let mut record = full_record();
    let resources = (0..5_000).map(|n| json!({ "ARN": format!("arn:aws:s3:::bucket-{n}/key") }));
    record["resources"] = resources.collect();
    match decode(&record) {
        Ok(event) => assert_eq!(event.targets.len(), DecodeConfig::default().max_targets),
        other => panic!("{other:?}"),
    }
}

/// Any JSON value, a few levels deep, with the names of real members among its keys.
fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        Just("userIdentity".to_owned()),
        Just("sessionContext".to_owned()),
        Just("arn".to_owned()),
        Just("resources".to_owned()),
        Just("ARN".to_owned()),
        Just("requestParameters".to_owned()),
        Just("userAgent".to_owned()),
        Just("sourceIPAddress".to_owned()),
        "\\PC{0,8}",
    ];
    let text =
        prop_oneof!["\\PC{0,30}", "arn:aws:[a-z0-9]{0,5}:[a-z]{0,3}:[0-9]{0,3}:[a-z/:*-]{0,20}", "[0-9a-f.:]{0,20}"];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        let members = prop::collection::vec((key.clone(), inner.clone()), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    /// Any object with the three fields that matter is an event, whatever else is in it; any other value is answered.
    #[test]
    fn anything_is_answered(
        value in any_json(),
        identity in any_json(),
        parameters in any_json(),
        source in "[a-z0-9]{1,9}",
    ) {
        let _ = decode(&value);
        let mut record = value.as_object().cloned().unwrap_or_default();
        record.insert("eventTime".into(), json!("2026-03-02T04:05:06Z"));
        record.insert("eventSource".into(), json!(format!("{source}.amazonaws.com")));
        record.insert("eventName".into(), json!("Do20150331v2"));
        record.insert("requestParameters".into(), parameters);
        // Tables have it as text, which may be cut short.
        let is_text = |text: &str| text.starts_with('{');
        let is_object = identity.is_object() || identity.is_null() || identity.as_str().is_some_and(is_text);
        record.insert("userIdentity".into(), identity);
        match decode(&Value::Object(record)) {
            Ok(event) => {
                prop_assert!(is_object);
                prop_assert_eq!(event.time, Timestamp::parse("2026-03-02T04:05:06Z").expect("a time"));
            }
            Err(NoEvent::Dead(_)) => prop_assert!(!is_object),
            Err(NoEvent::Ignored(_)) => prop_assert!(false, "nothing here is ignored"),
        }
    }

    /// No bytes make it panic.
    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = cloudtrail::recognises(&bytes);
        let _ = cloudtrail::decode(&bytes, None, &DecodeConfig::default());
    }
}
