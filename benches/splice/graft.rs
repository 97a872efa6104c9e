//! A recorded attack as if the victim's credentials had been used for it.
//!
//! The actor, the account, the region, ids and times become the victim's (the recordings' regions and accounts are invented:
//! they would give them away); actions, resources and parameters stay. Network and client stay too, or are the victim's
//! own.

use nhiwatch::event::Timestamp;
use serde_json::{Map, Value};

use super::cases::Case;

/// Where the attack seems to come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// From the recorded network, with the recorded client.
    Stranger,
    /// From the victim's own network, with its own client.
    Mimic,
}

impl Variant {
    /// Both.
    pub const ALL: [Variant; 2] = [Variant::Stranger, Variant::Mimic];
}

/// The attack's records with their times, the first one at `start`. `own` is a record of the victim's from that time.
pub fn graft(case: &Case, own: &[u8], start: Timestamp, variant: Variant) -> Vec<(Timestamp, Vec<u8>)> {
    let own: Map<String, Value> = serde_json::from_slice(own).expect("the simulator writes JSON");
    let account = own["userIdentity"]["accountId"].as_str().or(own["recipientAccountId"].as_str()).unwrap_or_default();
    let graft_one = |(number, (after, record)): (usize, &(i64, Value))| {
        let time = start.plus_millis(*after);
        let mut record = in_account(record, account);
        record.retain(|name, _| !name.starts_with("p_") && name != "sharedEventID" && name != "requestID");
        let id = format!("spliced-{}-{number}", start.as_millis());
        record.insert("eventTime".into(), time.to_string().into());
        record.insert("eventID".into(), id.into());
        record.insert("recipientAccountId".into(), account.into());
        for name in ["userIdentity", "awsRegion"] {
            copy(&own, &mut record, name);
        }
        match variant {
            Variant::Stranger => {
                if let Some(address) = record.get("sourceIPAddress").and_then(Value::as_str).map(without_zeros) {
                    record.insert("sourceIPAddress".into(), address.into());
                }
            }
            Variant::Mimic => {
                for name in ["sourceIPAddress", "userAgent", "vpcEndpointId", "vpcEndpointAccountId", "tlsDetails"] {
                    copy(&own, &mut record, name);
                }
            }
        }
        (time, Value::Object(record).to_string().into_bytes())
    };
    case.events.iter().enumerate().map(graft_one).collect()
}

/// The record with the account that it was recorded in replaced wherever it is named.
fn in_account(record: &Value, account: &str) -> Map<String, Value> {
    let recorded = record["userIdentity"]["accountId"].as_str().or(record["recipientAccountId"].as_str());
    let text = record.to_string();
    let text = match recorded.filter(|recorded| recorded.len() == 12) {
        Some(recorded) => text.replace(recorded, account),
        None => text,
    };
    serde_json::from_str(&text).expect("digits in place of digits")
}

fn copy(from: &Map<String, Value>, to: &mut Map<String, Value>, name: &str) {
    match from.get(name) {
        Some(value) => to.insert(name.into(), value.clone()),
        None => to.remove(name),
    };
}

/// Recorded addresses were made anonymous digit by digit: `075.050.255.67` is no address, `75.50.255.67` is.
fn without_zeros(address: &str) -> String {
    let is_address = address.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !is_address {
        return address.to_owned();
    }
    let part = |part: &str| part.parse::<u32>().map_or(part.to_owned(), |number| number.to_string());
    address.split('.').map(part).collect::<Vec<_>>().join(".")
}
