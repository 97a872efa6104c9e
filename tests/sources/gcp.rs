//! Google Cloud Audit Logs: golden cases and recorded events.

use serde_json::Value;

use super::common::{check_cases, outcomes, recorded};

#[test]
fn dump() {
    for file in ["panther/gcp_audit.ndjson", "custodian/gcp_audit.ndjson"] {
        for (number, line) in recorded(file).iter().enumerate() {
            for seen in outcomes(line.as_bytes()) {
                if let Some(event) = seen.get("event") {
                    let t: Vec<String> = event["targets"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .take(2)
                        .map(|t| format!("{}={}", t["kind"], t["container"]))
                        .collect();
                    println!(
                        "{number} {} {} {} {} sens={} {} | {} {} {} ({}) | {} {} {} cli={} r={} | {}",
                        event["time"],
                        event["action"]["service"],
                        event["action"]["operation"],
                        event["action"]["access"],
                        event["action"]["sensitivity"],
                        event["action"]["technique"],
                        seen["identity"]["scope"],
                        seen["identity"]["principal"],
                        seen["identity"]["kind"],
                        seen["identity"]["kind_reason"],
                        event["outcome"],
                        event["error"],
                        event["origin"]["ip"],
                        event["origin"]["client"],
                        event["region"],
                        t.join(" ")
                    );
                } else {
                    println!("{number} {seen}");
                }
            }
        }
    }
    let _: Option<Value> = None;
}
