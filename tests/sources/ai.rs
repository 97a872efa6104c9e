//! OpenAI's audit log, Anthropic's activity feed, Amazon Bedrock's invocation log and its agents in CloudTrail.

use serde_json::Value;

use crate::common::{check_cases, recorded};
use crate::mutation;
use crate::records::decoded;

#[test]
fn golden_cases() {
    check_cases("openai", 10);
    check_cases("anthropic", 11);
    check_cases("bedrock", 8);
    check_cases("cloudtrail_agents", 2);
}

#[test]
fn changed_records() {
    mutation::check_mutations("openai");
    mutation::check_mutations("anthropic");
    mutation::check_mutations("bedrock");
}

#[test]
fn recorded_openai() {
    for (raw, seen) in decoded("panther/openai_audit.ndjson") {
        let event = &seen["event"];
        assert_eq!(event["action"]["operation"], raw["type"]);
        assert_eq!(event["id"], raw["id"]);
        let seconds = raw["effective_at"].as_i64().expect("a number");
        assert_eq!(event["time"], seconds * 1_000);
        let session = &raw["actor"]["session"];
        let key = &raw["actor"]["api_key"];
        let given = [&session["user"]["email"], &key["user"]["email"], &key["service_account"]["id"]];
        let name = given.into_iter().find(|name| !name.is_null()).expect("a name");
        assert_eq!(&event["actor"]["name"], name);
        assert_eq!(event["origin"]["ip"], session["ip_address"]);
        let failed = raw["type"] == "login.failed";
        assert_eq!(event["outcome"], if failed { "failure" } else { "success" });
        let service = !key["service_account"].is_null();
        assert_eq!(seen["identity"]["kind"], if service { "service_account" } else { "human" });
    }
}

#[test]
fn recorded_anthropic() {
    for (raw, seen) in decoded("panther/anthropic_activity.ndjson") {
        let (event, actor) = (&seen["event"], &raw["actor"]);
        assert_eq!(event["action"]["operation"], raw["type"]);
        assert_eq!(event["actor"]["class"], actor["type"]);
        assert_eq!(event["actor"]["account"], raw["organization_id"]);
        assert_eq!(event["origin"]["ip"], actor["ip_address"]);
        let failed = raw["type"].as_str().is_some_and(|name| name.ends_with("_failed"));
        assert_eq!(event["outcome"], if failed { "failure" } else { "success" });
        let kind = match actor["type"].as_str() {
            Some("user_actor") => "human",
            Some("api_actor") => "service_account",
            _ => "unknown",
        };
        assert_eq!(seen["identity"]["kind"], kind, "{raw}");
    }
}

#[test]
fn recorded_bedrock() {
    for (raw, seen) in decoded("panther/aws_bedrock_invocation.ndjson") {
        let event = &seen["event"];
        assert_eq!(event["action"]["operation"], raw["operation"]);
        assert_eq!(event["actor"]["name"], raw["identity"]["arn"]);
        assert_eq!(event["targets"][0]["name"], raw["modelId"]);
        assert_eq!(seen["identity"]["principal"], "arn:aws:iam::111111111111:role/role_details");
    }
}

/// Nothing of what was asked or answered leaves the decoder.
#[test]
fn prompts_and_answers_are_not_kept() {
    for line in recorded("panther/aws_bedrock_invocation.ndjson") {
        let seen = Value::from(crate::common::outcomes(line.as_bytes())).to_string();
        assert!(!seen.contains("question") && !seen.contains("assistant"), "{seen}");
    }
    let own =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sources/cases/bedrock/agentcore_session/input.json"));
    let seen = Value::from(crate::common::outcomes(&own.expect("the case"))).to_string();
    assert!(seen.contains("ConverseStream") && !seen.contains("a secret"), "{seen}");
}
