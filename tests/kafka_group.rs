//! Instances that come and go, and a broker that does: the real binary against a real broker, run only where
//! `NHIWATCH_TEST_KAFKA` names one (`deploy/kafka run -- cargo test`). Whatever happens, the alerts are those of one
//! undisturbed pass over the events log (law 4).

#![allow(clippy::disallowed_methods, reason = "starts processes and waits for them")]

#[path = "kafka/harness.rs"]
mod harness;
#[path = "kafka/service.rs"]
mod service;
#[path = "kafka/story.rs"]
mod story;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use harness::{Foreign, PATIENCE};
use service::{Service, Site};
use story::{assert_as_undisturbed, broker, history, spread, text};

/// Said by an instance that has taken over an events partition.
const RESTORED: &str = "state of the events partition restored";

/// One instance works all the time; a second joins and goes, then a third.
fn instances_come_and_go(site: &Site, servers: &str, names: [&str; 3], go: impl Fn(Service)) {
    let foreign = Foreign::new(servers);
    let records = history(20);
    let parts: Vec<_> = records.chunks(records.len().div_ceil(5)).collect();
    let mut scored = 0;
    let mut first = site.run_instance("first", names[0]);
    let mut offer = |part: usize, running: &mut Service| {
        spread(&foreign, site.audit(), parts[part]);
        scored += parts[part].len() / 2;
        running.wait_until("many more are scored", || site.scored(&foreign) >= scored);
    };
    offer(0, &mut first);
    for (part, name) in [(1, names[1]), (3, names[2])] {
        let mut other = site.run_instance(&format!("other-{part}"), name);
        offer(part, &mut first);
        other.wait_for_log(RESTORED, 1);
        spread(&foreign, site.audit(), parts[part + 1]);
        go(other);
    }
    finish(site, &foreign, first, records.len());
    for log in ["first", "other-1", "other-3"] {
        let log = site.read_log(log);
        assert!(!log.contains("ERROR"), "{log}");
    }
}

/// Everything is read and scored; then it ends, and what was published is compared.
fn finish(site: &Site, foreign: &Foreign, mut running: Service, records: usize) {
    running.wait_until("all is ingested", || site.ingested(2) >= records as i64);
    running.wait_until("all is scored", || site.has_scored_all(foreign));
    let log = running.log_path();
    assert!(running.terminate().success());
    // For whoever has to find out why the alerts differ.
    eprintln!("{}", fs::read_to_string(log).unwrap());
    assert_as_undisturbed(site, foreign, records);
}

/// Static members that are killed: their partitions move when their session is over.
#[test]
fn an_instance_that_joins_and_is_killed_changes_no_alert() {
    let Some(servers) = broker("an_instance_that_joins_and_is_killed_changes_no_alert") else { return };
    let site = Site::new(&servers, "rebalance", 2);
    instances_come_and_go(&site, &servers, ["a", "b", "c"], Service::kill);
}

/// Members without a name that leave in order: their partitions move at once.
#[test]
fn an_instance_that_joins_and_leaves_changes_no_alert() {
    let Some(servers) = broker("an_instance_that_joins_and_leaves_changes_no_alert") else { return };
    let site = Site::new(&servers, "leave", 2);
    instances_come_and_go(&site, &servers, ["", "", ""], |other| assert!(other.terminate().success()));
}

/// The same by the group protocol of KIP-848, in which the broker assigns.
#[test]
fn the_new_group_protocol_changes_no_alert() {
    let Some(servers) = broker("the_new_group_protocol_changes_no_alert") else { return };
    let site = Site::with(&servers, "kip848", 2, "\"group.protocol\" = \"consumer\"");
    instances_come_and_go(&site, &servers, ["", "", ""], |other| assert!(other.terminate().success()));
}

/// A broker of the test's own, so that it can be killed.
struct OwnBroker {
    folder: tempfile::TempDir,
}

impl OwnBroker {
    /// Starts it, or starts it again with the data that it had; its address.
    fn start(&self) -> String {
        let mut command = deploy_kafka("start", self.folder.path());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout).trim().to_owned()
    }

    /// As a power cut would, but for what the kernel has not written to the disk yet.
    fn kill(&self) {
        let pid = fs::read_to_string(self.folder.path().join("pid")).unwrap();
        assert!(Command::new("kill").args(["-KILL", pid.trim()]).status().unwrap().success());
        // It is gone only when the kernel has taken it down.
        let begun = Instant::now();
        while deploy_kafka("status", self.folder.path()).output().unwrap().status.success() {
            assert!(begun.elapsed() < PATIENCE, "the broker survives");
        }
    }
}

impl Drop for OwnBroker {
    fn drop(&mut self) {
        // Its folder goes with it.
        let _ = deploy_kafka("stop", self.folder.path()).status();
    }
}

fn deploy_kafka(verb: &str, folder: &Path) -> Command {
    let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/deploy/kafka"));
    command.arg(verb).arg("--dir").arg(folder).stdin(Stdio::null());
    command
}

/// The only broker dies twice in the thick of it and comes back.
#[test]
fn a_broker_that_dies_and_comes_back_changes_no_alert() {
    if broker("a_broker_that_dies_and_comes_back_changes_no_alert").is_none() {
        return;
    }
    let own = OwnBroker { folder: tempfile::tempdir().unwrap() };
    let servers = own.start();
    let site = Site::new(&servers, "broker", 2);
    let foreign = Foreign::new(&servers);
    let records = history(20);
    let mut running = site.run("all");
    let mut scored = 0;
    for part in records.chunks(records.len().div_ceil(3)) {
        spread(&foreign, site.audit(), part);
        running.wait_until("some are scored", || site.scored(&foreign) > scored);
        own.kill();
        assert_eq!(own.start(), servers);
        running.wait_until("more are scored", || site.scored(&foreign) > scored + part.len() / 2);
        scored = site.scored(&foreign);
    }
    finish(&site, &foreign, running, records.len());
}

/// Law 5: `replay` of the events topic says what the service said.
#[test]
fn replay_of_the_events_topic_says_what_was_published() {
    let Some(servers) = broker("replay_of_the_events_topic_says_what_was_published") else { return };
    let site = Site::new(&servers, "replay", 2);
    let foreign = Foreign::new(&servers);
    let records = history(20);
    let mut running = site.run("all");
    spread(&foreign, site.audit(), &records);
    running.wait_until("many are scored", || site.scored(&foreign) >= records.len() / 2);
    running.wait_until("all is ingested", || site.ingested(2) >= records.len() as i64);
    running.wait_until("all is scored", || site.has_scored_all(&foreign));
    assert!(running.terminate().success());
    let published = assert_as_undisturbed(&site, &foreign, records.len());
    let replay = site.command(&["replay", "--topic", &site.config.kafka.events_topic]).output().unwrap();
    assert!(replay.status.success(), "{}", text(&replay.stderr));
    let replayed = text(&replay.stdout);
    let said: BTreeSet<&str> = replayed.lines().collect();
    let published: BTreeSet<&str> = published.values().map(|body| std::str::from_utf8(body).unwrap()).collect();
    assert_eq!(said, published);
}
