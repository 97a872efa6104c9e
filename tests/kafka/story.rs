//! What the tests on a real broker share: a story with three attacks, and what must come of it.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;

use nhiwatch::alert::{ProductInfo, ocsf};
use nhiwatch::event::Timestamp;
use rdkafka::message::{Message, OwnedMessage};

use super::harness::{Foreign, call, event_ids, headers};
use super::service::{Site, undisturbed};

/// The broker's address; where there is none, the test says so past the capture of the test runner.
pub fn broker(test: &str) -> Option<String> {
    let servers = std::env::var("NHIWATCH_TEST_KAFKA").ok();
    if servers.is_none() {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "SKIPPED {test}: set NHIWATCH_TEST_KAFKA to the address of a broker (deploy/kafka)").unwrap();
    }
    servers
}

/// Days of steady work by some roles in two accounts, three of which turn on their owner at some time; ends now, so that
/// nothing is late. In the order of time.
pub fn history(days: i64) -> Vec<(String, String)> {
    let now = nhiwatch::kafka::wall_clock();
    let mut records = Vec::new();
    for hour in 0..days * 24 {
        for (n, role) in ["backup", "report", "deploy", "sync"].iter().enumerate() {
            for account in ["111122223333", "444455556666", "777788889999"] {
                let minute = (hour * 7 + n as i64 * 13) % 50;
                let time = now.plus_millis(-days * Timestamp::DAY_MS + hour * Timestamp::HOUR_MS + minute * 60_000);
                let habits = [("s3", "ListBuckets"), ("s3", "GetBucketAcl"), ("ec2", "DescribeInstances")];
                for (service, action) in habits {
                    records.push(record(records.len(), time, account, role, service, action, "203.0.113.7"));
                }
            }
        }
    }
    let attacks = [(40, "111122223333", "backup"), (60, "777788889999", "report"), (100, "111122223333", "deploy")];
    for (percent, account, role) in attacks {
        let when = now.plus_millis(-days * Timestamp::DAY_MS * (100 - percent) / 100 - 120_000);
        records.extend(attack(when, records.len(), account, role));
    }
    records.sort_by_key(|(time, _, _)| *time);
    records.into_iter().map(|(_, id, text)| (id, text)).collect()
}

type Record = (Timestamp, String, String);

fn attack(when: Timestamp, first: usize, account: &str, role: &str) -> Vec<Record> {
    let steps = [
        ("sts", "GetCallerIdentity"),
        ("iam", "ListUsers"),
        ("secretsmanager", "GetSecretValue"),
        ("iam", "CreateAccessKey"),
        ("iam", "AttachUserPolicy"),
        ("cloudtrail", "StopLogging"),
        ("kms", "ScheduleKeyDeletion"),
    ];
    let at = |n: usize| when.plus_millis(n as i64 * 10_000);
    let steps = steps.iter().enumerate();
    steps
        .map(|(n, (service, action))| record(first + n, at(n), account, role, service, action, "198.51.100.99"))
        .collect()
}

fn record(n: usize, time: Timestamp, account: &str, role: &str, service: &str, action: &str, ip: &str) -> Record {
    let id = format!("e-{n:06}");
    let seconds = Timestamp::from_millis(time.as_millis() / 1_000 * 1_000);
    let text = call(&id, &seconds.to_string(), role, service, action, ip).replace("111122223333", account);
    (time, id, text)
}

pub fn send(foreign: &Foreign, topic: &str, records: &[(String, String)]) {
    for (_, text) in records {
        foreign.send(topic, 0, "k", Some(text.as_bytes()));
    }
    foreign.flush();
}

/// The same over two partitions.
pub fn spread(foreign: &Foreign, topic: &str, records: &[(String, String)]) {
    for (partition, (_, text)) in [0, 1].into_iter().cycle().zip(records) {
        foreign.send(topic, partition, "k", Some(text.as_bytes()));
    }
    foreign.flush();
}

/// What identifies an alert, and what it says.
fn published(alerts: &[OwnedMessage]) -> BTreeMap<(String, String), Vec<u8>> {
    alerts.iter().map(|alert| (id_of(alert), alert.payload().unwrap().to_vec())).collect()
}

fn id_of(alert: &OwnedMessage) -> (String, String) {
    (text(alert.key().unwrap()), headers(alert)["ce_id"].clone())
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Law 4 as at-least-once: every record became one event, and the alerts are those of one undisturbed pass over the
/// events log, byte for byte: none is missing, and few are repeated. Returns the bodies of that pass.
pub fn assert_as_undisturbed(site: &Site, foreign: &Foreign, records: usize) -> BTreeMap<(String, String), Vec<u8>> {
    let (kafka, up_to) = (&site.config.kafka, site.committed());
    let entries = foreign.read(&kafka.events_topic, |entries| entries.len() as i64 >= up_to.iter().sum::<i64>());
    let findings = undisturbed(&site.config, &entries, &up_to);
    let build = ProductInfo { version: env!("CARGO_PKG_VERSION") };
    let expected: BTreeMap<_, _> = findings
        .iter()
        .map(|finding| ocsf::render(finding, &site.config.alerts, &build))
        .map(|alert| {
            let id = alert.headers.iter().find(|(name, _)| *name == "ce_id").unwrap().1.clone();
            ((alert.key, id), alert.body)
        })
        .collect();
    assert_eq!(BTreeSet::from_iter(event_ids(&entries)).len(), records);
    assert!(expected.len() >= 3, "the attacks are found: {} findings", expected.len());
    let count = foreign.count(&kafka.alerts_topic) as usize;
    let alerts = foreign.read(&kafka.alerts_topic, |alerts| alerts.len() >= count);
    let published = published(&alerts);
    let missing: Vec<_> = expected.keys().filter(|id| !published.contains_key(id)).collect();
    let unexpected: Vec<_> = published.keys().filter(|id| !expected.contains_key(id)).collect();
    assert!(
        missing.is_empty() && unexpected.is_empty(),
        "missing {missing:?}, unexpected {unexpected:?}, up to {up_to:?}"
    );
    for alert in &alerts {
        let body = &expected[&id_of(alert)];
        assert_eq!(text(alert.payload().unwrap()), text(body), "the same alert says the same");
    }
    if std::env::var_os("SHOW").is_some() {
        eprintln!("{count} alerts for {} findings, {} entries, {records} records", expected.len(), entries.len());
    }
    assert!(count <= 2 * expected.len(), "{count} alerts published for {} findings", expected.len());
    expected
}
