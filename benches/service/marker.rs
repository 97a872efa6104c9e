//! Identities of steady habits which turn on their owner when it is their turn: each in an account of its own, so that
//! none is explained by another.

use nhiwatch::event::Timestamp;

use super::super::site::PARTITIONS;

/// Days of habit.
const DAYS: i64 = 10;
/// Hours between two calls of a habit.
const PAUSE: i64 = 3;

/// What is done when it is its turn.
const STEPS: [(&str, &str); 7] = [
    ("sts", "GetCallerIdentity"),
    ("iam", "ListUsers"),
    ("secretsmanager", "GetSecretValue"),
    ("iam", "CreateAccessKey"),
    ("iam", "AttachUserPolicy"),
    ("cloudtrail", "StopLogging"),
    ("kms", "ScheduleKeyDeletion"),
];

/// The number of no step.
pub const NONE: usize = usize::MAX;

/// The habits of so many until now, each record with its partition, in the order of time.
pub fn past(markers: usize, now: Timestamp) -> Vec<(i32, Vec<u8>)> {
    let calls = DAYS * 24 / PAUSE;
    let begin = now.plus_millis(-calls * PAUSE * Timestamp::HOUR_MS);
    let mut records = Vec::new();
    for call in 0..calls {
        let time = begin.plus_millis(call * PAUSE * Timestamp::HOUR_MS);
        for marker in 0..markers {
            let id = format!("past-{marker}-{call}");
            records.push((partition(marker), record(marker, &id, time, ("s3", "ListBuckets"), "203.0.113.7")));
        }
    }
    records
}

/// What happens at the turn of one: number of the step, partition, record.
pub fn turn(marker: usize, now: Timestamp) -> impl Iterator<Item = (usize, i32, Vec<u8>)> {
    steps(marker)
        .zip(STEPS)
        .map(move |((step, id), call)| (step, partition(marker), record(marker, &id, now, call, "198.51.100.99")))
}

/// Number and event id of each of its steps; no id is the beginning of another.
pub fn steps(marker: usize) -> impl Iterator<Item = (usize, String)> {
    (0..STEPS.len()).map(move |step| (marker * STEPS.len() + step, format!("turn-{marker:06}-{step}")))
}

/// Whose alert it is.
pub fn of_alert(alert: &str) -> Option<usize> {
    let (_, rest) = alert.split_once("turn-")?;
    rest.split('-').next()?.parse().ok()
}

fn partition(marker: usize) -> i32 {
    (marker % PARTITIONS as usize) as i32
}

fn record(marker: usize, id: &str, time: Timestamp, (service, action): (&str, &str), ip: &str) -> Vec<u8> {
    let account = 700_000_000_000 + marker;
    let time = Timestamp::from_millis(time.as_millis() / 1_000 * 1_000);
    let role = "nightly-backup";
    format!(
        r#"{{"eventVersion":"1.11","userIdentity":{{"type":"AssumedRole","principalId":"AROA{marker}:s","arn":"arn:aws:sts::{account}:assumed-role/{role}/s","accountId":"{account}","accessKeyId":"ASIAEXAMPLE{marker}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROA{marker}","arn":"arn:aws:iam::{account}:role/{role}","accountId":"{account}","userName":"{role}"}}}}}},"eventTime":"{time}","eventSource":"{service}.amazonaws.com","eventName":"{action}","awsRegion":"eu-central-1","sourceIPAddress":"{ip}","userAgent":"Boto3/1.34","requestParameters":null,"responseElements":null,"requestID":"r-{id}","eventID":"{id}","readOnly":true,"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"{account}","eventCategory":"Management"}}"#
    )
    .into_bytes()
}
