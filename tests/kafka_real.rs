//! The whole binary against a real broker: run only where `NHIWATCH_TEST_KAFKA` names one (`deploy/kafka run -- cargo
//! test`), because the mock cluster keeps little and compacts nothing.

#![allow(clippy::disallowed_methods, reason = "starts processes and waits for them")]

#[path = "kafka/harness.rs"]
mod harness;
#[path = "kafka/service.rs"]
mod service;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::process::{Command, Stdio};

use harness::{Foreign, call, delivery, event_ids, headers};
use nhiwatch::alert::{ProductInfo, ocsf};
use nhiwatch::event::Timestamp;
use rdkafka::message::{Message, OwnedMessage};
use service::{Site, undisturbed};

/// The broker's address; where there is none, the test says so past the capture of the test runner.
fn broker(test: &str) -> Option<String> {
    let servers = std::env::var("NHIWATCH_TEST_KAFKA").ok();
    if servers.is_none() {
        let mut stderr = std::io::stderr();
        writeln!(stderr, "SKIPPED {test}: set NHIWATCH_TEST_KAFKA to the address of a broker (deploy/kafka)").unwrap();
    }
    servers
}

/// Days of steady work by some roles in two accounts, three of which turn on their owner at some time; ends now, so that
/// nothing is late. In the order of time.
fn history(days: i64) -> Vec<(String, String)> {
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

fn send(foreign: &Foreign, topic: &str, records: &[(String, String)]) {
    for (_, text) in records {
        foreign.send(topic, 0, "k", Some(text.as_bytes()));
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

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Law 4 as at-least-once: killed again and again, the alerts are those of one undisturbed pass over the events log, byte
/// for byte, none is missing, and few are repeated.
#[test]
fn killed_and_started_again_it_loses_nothing_and_does_not_flood() {
    let Some(servers) = broker("killed_and_started_again_it_loses_nothing_and_does_not_flood") else { return };
    let site = Site::new(&servers, "kill", 1);
    let (kafka, foreign) = (&site.config.kafka, Foreign::new(&servers));
    let records = history(20);
    let parts: Vec<_> = records.chunks(records.len() / 4 + 1).collect();
    let mut scored = 0;
    for part in &parts {
        let mut running = site.run("all");
        // Once in the thick of it, and once with a checkpoint behind it and some way to go from there.
        send(&foreign, site.audit(), &part[..part.len() / 2]);
        running.wait_until("some are scored", || site.scored() > scored);
        running.kill();
        running = site.run("all");
        let goal = scored + part.len() as i64 / 2;
        running.wait_until("half are scored", || site.scored() >= goal);
        running.wait_until("a cut is closed", || site.last_cuts(&foreign) >= goal);
        send(&foreign, site.audit(), &part[part.len() / 2..]);
        running.wait_until("some more are scored", || site.scored() > goal + part.len() as i64 / 8);
        scored = site.scored();
        running.kill();
    }
    let mut running = site.run("all");
    running.wait_until("all is ingested", || site.ingested() >= records.len() as i64);
    let all = foreign.count(&kafka.events_topic);
    running.wait_until("all is scored", || site.scored() >= all);
    let log = running.log();
    if std::env::var_os("SHOW").is_some() {
        std::io::stderr().write_all(log.as_bytes()).unwrap();
    }
    assert!(running.terminate().success());
    assert!(!log.contains("ERROR"), "{log}");

    let up_to = site.committed();
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
    assert_eq!(BTreeSet::from_iter(event_ids(&entries)).len(), records.len());
    assert!(expected.len() >= 3, "the attacks are found: {} findings", expected.len());
    let count = foreign.count(&kafka.alerts_topic) as usize;
    let alerts = foreign.read(&kafka.alerts_topic, |alerts| alerts.len() >= count);
    assert_eq!(published(&alerts).keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    for alert in &alerts {
        let body = &expected[&id_of(alert)];
        assert_eq!(text(alert.payload().unwrap()), text(body), "the same alert says the same");
    }
    if std::env::var_os("SHOW").is_some() {
        eprintln!(
            "{count} alerts for {} findings, {} entries, {} records",
            expected.len(),
            entries.len(),
            records.len()
        );
    }
    assert!(count <= 2 * expected.len(), "{count} alerts published for {} findings", expected.len());
}

/// `topics create` makes what `topics plan` asks for.
#[test]
fn after_topics_create_the_plan_has_no_difference() {
    let Some(servers) = broker("after_topics_create_the_plan_has_no_difference") else { return };
    let site = Site::new(&servers, "plan", 1);
    let plan = site.command(&["topics", "plan"]).output().unwrap();
    let text = String::from_utf8(plan.stdout).unwrap();
    assert_eq!(text.lines().count(), 4, "{text}");
    assert!(text.lines().all(|line| line.starts_with("ok ")), "{text}");
}

/// What a foreign producer writes is answered in a form that a foreign consumer reads: Java's console tools.
#[test]
fn javas_console_tools_write_and_read() {
    let Some(servers) = broker("javas_console_tools_write_and_read") else { return };
    let site = Site::new(&servers, "java", 1);
    let mut running = site.run("all");
    let records: Vec<String> = history(12).into_iter().map(|(_, text)| text).collect();
    let mut lines: Vec<Vec<u8>> = records.chunks(100).map(delivery).collect();
    lines.push(b"not a record at all".to_vec());
    console("producer", site.audit(), &["--producer-property", "max.request.size=4000000"], &lines.join(&b'\n'));
    let foreign = Foreign::new(&servers);
    let kafka = &site.config.kafka;
    running.wait_until("alerts and a dead letter", || {
        foreign.count(&kafka.alerts_topic) >= 2 && foreign.count(&kafka.dead_letter_topic) >= 1
    });
    let alerts = console("consumer", &kafka.alerts_topic, &["--max-messages", "2"], b"");
    for alert in alerts.lines() {
        let alert: serde_json::Value = serde_json::from_str(alert).unwrap();
        assert_eq!((alert["class_uid"].as_u64(), alert["is_alert"].as_bool()), (Some(2004), Some(true)));
    }
    let print = ["--max-messages", "1", "--property", "print.headers=true"];
    let letter = console("consumer", &kafka.dead_letter_topic, &print, b"");
    assert!(letter.contains("__connect.errors.exception.class.name:not_json"), "{letter}");
    assert!(letter.contains("not a record at all"), "{letter}");
    assert!(running.terminate().success());
}

/// One of Java's console tools, by way of `deploy/kafka`.
fn console(tool: &str, topic: &str, options: &[&str], input: &[u8]) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/kafka");
    let mut child = Command::new(script)
        .args([tool, topic])
        .args(options)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}
