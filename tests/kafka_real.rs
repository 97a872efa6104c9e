//! The whole binary against a real broker: run only where `NHIWATCH_TEST_KAFKA` names one (`deploy/kafka run -- cargo
//! test`), because the mock cluster keeps little and compacts nothing.

#![allow(clippy::disallowed_methods, reason = "starts processes and waits for them")]

#[path = "kafka/harness.rs"]
mod harness;
#[path = "kafka/service.rs"]
mod service;
#[path = "kafka/story.rs"]
mod story;

use std::io::Write;
use std::process::{Command, Stdio};

use harness::{Foreign, delivery};
use service::Site;
use story::{assert_as_undisturbed, broker, history, send};

/// Law 4 as at-least-once: killed again and again, the alerts are those of one undisturbed pass over the events log, byte
/// for byte, none is missing, and few are repeated.
#[test]
fn killed_and_started_again_it_loses_nothing_and_does_not_flood() {
    let Some(servers) = broker("killed_and_started_again_it_loses_nothing_and_does_not_flood") else { return };
    let site = Site::new(&servers, "kill", 1);
    let foreign = Foreign::new(&servers);
    let records = history(20);
    let parts: Vec<_> = records.chunks(records.len() / 4 + 1).collect();
    let mut scored = 0;
    for part in &parts {
        let mut running = site.run("all");
        // Once in the thick of it, and once with a checkpoint behind it and some way to go from there.
        send(&foreign, site.audit(), &part[..part.len() / 2]);
        running.wait_until("some are scored", || site.scored(&foreign) > scored);
        running.kill();
        running = site.run("all");
        let goal = scored + part.len() / 2;
        running.wait_until("half are scored", || site.scored(&foreign) >= goal);
        running.wait_until("a cut is closed", || site.entries_in_cuts(&foreign) >= goal);
        send(&foreign, site.audit(), &part[part.len() / 2..]);
        running.wait_until("some more are scored", || site.scored(&foreign) > goal + part.len() / 8);
        scored = site.scored(&foreign);
        running.kill();
    }
    let mut running = site.run("all");
    running.wait_until("all is ingested", || site.ingested(1) >= records.len() as i64);
    running.wait_until("all is scored", || site.has_scored_all(&foreign));
    let log = running.log();
    if std::env::var_os("SHOW").is_some() {
        std::io::stderr().write_all(log.as_bytes()).unwrap();
    }
    assert!(running.terminate().success());
    assert!(!log.contains("ERROR"), "{log}");

    assert_as_undisturbed(&site, &foreign, records.len());
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

/// Where the dead-letter topic takes less than `kafka.dead_letter_max_bytes`, it is said, and dead letters fit.
#[test]
fn dead_letters_fit_a_topic_that_takes_little() {
    let Some(servers) = broker("dead_letters_fit_a_topic_that_takes_little") else { return };
    let site = Site::new(&servers, "fit", 1);
    let (kafka, foreign) = (&site.config.kafka, Foreign::new(&servers));
    let name = ["--entity-type", "topics", "--entity-name", &kafka.dead_letter_topic];
    let limit = ["--alter", "--add-config", "max.message.bytes=200000"];
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/kafka");
    let set = Command::new(script).arg("configs").args(name).args(limit).stdout(Stdio::null()).status().unwrap();
    assert!(set.success());
    let mut running = site.run("all");
    // Bytes that no codec makes smaller: a batch of some of them is larger than the topic takes, too.
    let noise: Vec<u8> = (0..700_000_u64).map(|n| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as u8).collect();
    for _ in 0..5 {
        foreign.send(site.audit(), 0, "k", Some(&noise));
    }
    foreign.flush();
    running.wait_until("five dead letters", || foreign.count(&kafka.dead_letter_topic) == 5);
    let log = running.log();
    assert!(log.contains("takes records of 200000 bytes at most"), "{log}");
    assert!(running.terminate().success());
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
    let alerts: Vec<serde_json::Value> = alerts.lines().map(|alert| serde_json::from_str(alert).unwrap()).collect();
    assert!(alerts.iter().all(|alert| alert["class_uid"] == 2004), "{alerts:?}");
    // The story is months old: by the clock that the ticks carry it is no news, and alerts nobody.
    let is_right = |alert: &serde_json::Value| alert["is_alert"] == true || alert["unmapped"]["muted"] == "age";
    assert!(alerts.iter().all(is_right), "{alerts:?}");
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
