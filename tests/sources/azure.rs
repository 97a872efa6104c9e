//! Golden cases and recorded events of Azure's activity and resource logs, and of Entra ID's logs.

use nhiwatch::config::DecodeConfig;
use nhiwatch::decode::Delivery;
use serde_json::Value;

use crate::common::{check_cases, outcomes, outcomes_with, recorded};
use crate::mutation;

#[test]
fn azure_cases() {
    check_cases("azure", 16);
}

#[test]
fn entra_cases() {
    check_cases("entra", 12);
}

/// The text at the first of these places.
fn text<'v>(record: &'v Value, pointers: &[&str]) -> Option<&'v str> {
    pointers.iter().find_map(|pointer| record.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty()))
}

/// The address of a record without its port.
fn address(record: &Value) -> Option<&str> {
    let address = text(record, &["/properties/ipAddress", "/callerIpAddress", "/calleripaddress", "/ipAddress"])?;
    Some(address.split_once(':').filter(|(_, port)| !port.contains(':')).map_or(address, |(ip, _)| ip))
}

#[test]
fn recorded_activity_says_what_its_raw_records_say() {
    let (mut events, mut clusters) = (0, 0);
    for line in recorded("panther/azure_monitor_activity.ndjson") {
        let raw: Value = serde_json::from_str(&line).expect("JSON");
        let seen = outcomes(line.as_bytes()).remove(0);
        let category = text(&raw, &["/category"]);
        if category == Some("kube-audit") {
            clusters += 1;
            check_cluster(&raw, &seen, &line);
            continue;
        }
        if category == Some("Recommendation") {
            assert_eq!(seen["ignored"], "not_audit", "{line}");
            continue;
        }
        if raw.get("time").is_none() {
            // Written by hand for another tool's test: nothing says when it was.
            assert_eq!(seen["dead_letter"], "missing_field", "{line}");
            continue;
        }
        events += 1;
        let event = &seen["event"];
        let operation = text(&raw, &["/operationName", "/operationName/value"]).expect("an operation");
        assert_eq!(event["action"]["operation"], operation, "{line}");
        assert_eq!(event["origin"]["ip"].as_str(), address(&raw), "{line}");
        check_outcome(&raw, event, &line);
        let named = ["/identity/claims/name", "/identity/claims/appid", "/identity/authorization/evidence/principalId"];
        match text(&raw, &named) {
            Some(name) => assert_eq!(event["actor"]["name"], name, "{line}"),
            None => {
                assert!(matches!(event["actor"]["class"].as_str(), Some("Unknown" | "SAS" | "AccountKey")), "{line}")
            }
        }
        assert_eq!(seen["identity"]["scope"].as_str().map(|scope| scope.starts_with("azure/")), Some(true), "{line}");
    }
    assert!(events == 0 || (events > 200 && clusters > 30), "{events} events, {clusters} of clusters");
}

/// An audit event of a cluster is read out of its record; what was written by hand without a time is a dead letter.
fn check_cluster(raw: &Value, seen: &Value, line: &str) {
    let log = text(raw, &["/properties/log"]);
    let Some(log) = log.and_then(|log| serde_json::from_str::<Value>(log).ok()) else {
        return assert_eq!(seen["dead_letter"], "missing_field", "{line}");
    };
    if matches!(log["stage"].as_str(), Some("RequestReceived" | "ResponseStarted")) {
        return assert_eq!(seen["ignored"], "part", "{line}");
    }
    // An event without a time has the record's.
    let times = ["requestReceivedTimestamp", "stageTimestamp"].iter().filter_map(|name| log.get(name));
    if times.count() == 0 && text(raw, &["/time"]).is_none() {
        return assert_eq!(seen["dead_letter"], "missing_field", "{line}");
    }
    assert_eq!(seen["event"]["source"], "kubernetes.audit", "{line}");
    assert_eq!(seen["event"]["action"]["operation"].as_str().is_some(), log["verb"].is_string(), "{line}");
}

fn check_outcome(raw: &Value, event: &Value, line: &str) {
    let code = raw["statusCode"].as_u64();
    let answer = text(raw, &["/properties/metricResponseType"]);
    let failed = code.is_some_and(|code| code >= 400)
        || text(raw, &["/resultType"]).is_some_and(|word| word.starts_with("Fail"))
        || answer.is_some_and(|word| !word.contains("Success"));
    let said = code.is_some() || answer.is_some() || raw.get("resultType").is_some();
    let expected = if failed {
        "failure"
    } else if said {
        "success"
    } else {
        "unknown"
    };
    assert_eq!(event["outcome"], expected, "{line}");
}

#[test]
fn recorded_directory_events_say_what_their_raw_records_say() {
    for line in recorded("panther/azure_entra.ndjson") {
        let raw: Value = serde_json::from_str(&line).expect("JSON");
        let seen = outcomes(line.as_bytes()).remove(0);
        let (event, identity) = (&seen["event"], &seen["identity"]);
        let operation = text(&raw, &["/operationName", "/operationname"]).expect("an operation");
        assert_eq!(event["action"]["operation"], operation, "{line}");
        let sign_in = operation == "Sign-in activity";
        assert_eq!(event["source"], if sign_in { "entra.signin" } else { "entra.audit" }, "{line}");
        let user = ["/properties/userPrincipalName", "/properties/initiatedBy/user/userPrincipalName"];
        let app = ["/properties/appId", "/properties/initiatedBy/app/servicePrincipalId"];
        let kind = if let Some(user) = text(&raw, &user) {
            assert_eq!(identity["principal"], user.to_ascii_lowercase(), "{line}");
            "human"
        } else {
            assert_eq!(event["actor"]["name"].as_str(), text(&raw, &app), "{line}");
            "service_account"
        };
        assert_eq!(identity["kind"], kind, "{line}");
        let code = raw.pointer("/properties/status/errorCode").and_then(Value::as_u64);
        if let Some(code) = code {
            assert_eq!(event["outcome"], if code == 0 { "success" } else { "failure" }, "{line}");
        }
        if let Some(result) = text(&raw, &["/properties/result"]) {
            assert_eq!(event["outcome"], if result == "success" { "success" } else { "failure" }, "{line}");
        }
        let initiator = text(&raw, &["/properties/initiatedBy/user/ipAddress"]);
        assert!(event["origin"]["ip"].as_str() == initiator.or(address(&raw)) || initiator.is_none(), "{line}");
    }
}

#[test]
fn recorded_rows_of_sentinel_are_read() {
    for line in recorded("otrf/entra_goldensaml_sentinel_auditlogs.ndjson") {
        let raw: Value = serde_json::from_str(&line).expect("JSON");
        let seen = outcomes(line.as_bytes()).remove(0);
        assert_eq!(seen["event"]["action"]["operation"], raw["OperationName"], "{line}");
        assert_eq!(seen["event"]["id"], raw["Id"], "{line}");
        assert_eq!(seen["event"]["origin"]["user_agent"], raw["UserAgent"], "{line}");
        assert_eq!(seen["identity"]["kind"], "human", "{line}");
        assert!(!seen["event"]["targets"].as_array().expect("targets").is_empty(), "{line}");
    }
}

/// One service principal is the same identity in sign-ins, in the activity log and in Graph's.
#[test]
fn one_app_is_one_identity_in_all_logs() {
    let identity = |case: &str| {
        let path = format!("{}/tests/sources/cases/{case}/input.json", env!("CARGO_MANIFEST_DIR"));
        let seen = outcomes(&std::fs::read(path).expect("a case"));
        (seen[0]["identity"]["scope"].clone(), seen[0]["identity"]["principal"].clone())
    };
    let sign_in = identity("entra/service_principals");
    for case in [
        "entra/graph_requests",
        "entra/sign_ins_of_log_analytics",
        "azure/service_principal_lists_keys",
        "azure/log_analytics",
        "azure/storage",
    ] {
        assert_eq!(identity(case), sign_in, "{case}");
    }
}

/// What is no JSON is read only where the configuration asks for it.
#[test]
fn damaged_json_is_mended_on_demand() {
    let message = b"{'time':'2026-03-02T04:05:06Z','category':'Administrative',\
        'operationName':'Microsoft.Web/sites/write','resourceId':'/subscriptions/s','resultDescription':\"two\nlines\"}";
    let lenient = DecodeConfig { azure_lenient_json: true, ..DecodeConfig::default() };
    let mended = outcomes_with(message, Delivery::default(), &lenient);
    assert_eq!(mended[0]["event"]["action"]["operation"], "Microsoft.Web/sites/write");
    assert!(outcomes(message).iter().all(|seen| seen.get("event").is_none()));
}

/// Whatever stands in a member, there is one outcome for each record, and no text is longer than allowed.
#[test]
fn any_member_may_be_anything() {
    mutation::check_mutations("azure");
    mutation::check_mutations("entra");
}
