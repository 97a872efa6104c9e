//! The real binary as a process, against a real broker.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Instant;

use nhiwatch::config::Config;
use nhiwatch::event::{Entry, Finding, decode_entries};
use rdkafka::ClientConfig;
use rdkafka::Offset;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Message, OwnedMessage};

use super::harness::{Foreign, PATIENCE};

/// A broker, names of its own, and the configuration file that holds both.
pub struct Site {
    pub servers: String,
    pub config: Config,
    folder: tempfile::TempDir,
}

impl Site {
    /// Topics and groups called after `name`, made by `topics create`; and an audit topic.
    pub fn new(servers: &str, name: &str, audit_partitions: i32) -> Site {
        Site::with(servers, name, audit_partitions, "\"session.timeout.ms\" = 6000")
    }

    /// The same, with these properties of the consumers.
    pub fn with(servers: &str, name: &str, audit_partitions: i32, consumer: &str) -> Site {
        let name = format!("{name}-{}", std::process::id());
        let text = format!(
            "[kafka]\nbootstrap_servers = \"{servers}\"\naudit_topics = [\"audit.{name}\"]\n\
             events_topic = \"events.{name}\"\nalerts_topic = \"alerts.{name}\"\ndead_letter_topic = \"dlq.{name}\"\n\
             state_topic = \"state.{name}\"\ningest_group = \"ingest-{name}\"\ndetect_group = \"detect-{name}\"\n\
             instance = \"{name}\"\ningest_threads = 1\ntick_interval_ms = 200\ncommit_interval_ms = 200\n\
             checkpoint_interval_s = 1\n\
             [kafka.create]\nevents_partitions = 2\nalerts_partitions = 2\n\
             [kafka.consumer.properties]\n{consumer}\n[http]\nlisten = \"127.0.0.1:0\"\n"
        );
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("nhiwatch.toml"), &text).unwrap();
        let config = toml::from_str(&text).unwrap();
        let site = Site { servers: servers.to_owned(), config, folder };
        assert!(site.command(&["topics", "create"]).stdout(Stdio::null()).status().unwrap().success());
        site.create_topic(&site.config.kafka.audit_topics[0], audit_partitions);
        site
    }

    /// The audit topic.
    pub fn audit(&self) -> &str {
        &self.config.kafka.audit_topics[0]
    }

    /// The binary with the site's configuration; its log goes to a file.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nhiwatch"));
        command.arg("-c").arg(self.folder.path().join("nhiwatch.toml")).args(arguments).stdin(Stdio::null());
        command
    }

    /// Starts the service.
    pub fn run(&self, role: &str) -> Service {
        self.start(&["run", "--role", role], "log")
    }

    /// Starts one more instance, with a log of its own: of this name for the group (static membership), or of none.
    pub fn run_instance(&self, log: &str, name: &str) -> Service {
        self.start(&["run", "--set", &format!("kafka.instance={name}")], log)
    }

    /// What an instance logged.
    pub fn read_log(&self, log: &str) -> String {
        fs::read_to_string(self.folder.path().join(log)).unwrap()
    }

    fn start(&self, arguments: &[&str], log: &str) -> Service {
        let path = self.folder.path().join(log);
        let log = fs::File::options().create(true).append(true).open(&path).unwrap();
        let child = self.command(arguments).stderr(log).spawn().unwrap();
        Service { child, log: path }
    }

    fn create_topic(&self, topic: &str, partitions: i32) {
        let admin: AdminClient<DefaultClientContext> =
            ClientConfig::new().set("bootstrap.servers", &self.servers).create().unwrap();
        let topic = NewTopic::new(topic, partitions, TopicReplication::Fixed(1)).set("max.message.bytes", "60000000");
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(admin.create_topics([&topic], &AdminOptions::new())).unwrap()[0].as_ref().unwrap();
    }

    /// How many entries detection has scored and committed.
    pub fn scored(&self, foreign: &Foreign) -> usize {
        self.entries_before(foreign, &self.committed())
    }

    /// Whether detection has committed all that is in the events topic now.
    pub fn has_scored_all(&self, foreign: &Foreign) -> bool {
        self.committed().iter().sum::<i64>() >= foreign.count(&self.config.kafka.events_topic)
    }

    /// How many entries the last closed cuts stand for.
    pub fn entries_in_cuts(&self, foreign: &Foreign) -> usize {
        let count = foreign.count(&self.config.kafka.state_topic) as usize;
        let mut cuts = [0; 2];
        for record in foreign.read(&self.config.kafka.state_topic, |records| records.len() >= count) {
            let marker = nhiwatch::detect::Detector::marker(record.key().unwrap_or_default(), record.payload());
            if let Some(cut) = marker.unwrap() {
                let of = &mut cuts[record.partition() as usize];
                *of = cut.next_offset.max(*of);
            }
        }
        self.entries_before(foreign, &cuts)
    }

    /// How many entries lie before these offsets of the events topic.
    fn entries_before(&self, foreign: &Foreign, offsets: &[i64]) -> usize {
        let count = offsets.iter().sum::<i64>() as usize;
        let before = |record: &&OwnedMessage| record.offset() < offsets[record.partition() as usize];
        let records =
            foreign.read(&self.config.kafka.events_topic, |records| records.iter().filter(before).count() >= count);
        records.iter().filter(before).map(|record| decode_entries(record.payload().unwrap()).count()).sum()
    }

    /// The offsets that detection has committed, by partition.
    pub fn committed(&self) -> Vec<i64> {
        self.committed_by(&self.config.kafka.detect_group, &self.config.kafka.events_topic, 2)
    }

    /// How many audit messages ingest has committed, of as many partitions.
    pub fn ingested(&self, partitions: i32) -> i64 {
        self.committed_by(&self.config.kafka.ingest_group, self.audit(), partitions).iter().sum()
    }

    fn committed_by(&self, group: &str, topic: &str, partitions: i32) -> Vec<i64> {
        let consumer: BaseConsumer =
            ClientConfig::new().set("bootstrap.servers", &self.servers).set("group.id", group).create().unwrap();
        let mut asked = rdkafka::TopicPartitionList::new();
        asked.add_partition_range(topic, 0, partitions - 1);
        // A broker that has just come back does not answer for its groups at once.
        let begun = Instant::now();
        let committed = loop {
            match consumer.committed_offsets(asked.clone(), PATIENCE) {
                Ok(committed) => break committed,
                Err(error) => assert!(begun.elapsed() < PATIENCE, "{error}"),
            }
        };
        let offset = |offset: Offset| offset.to_raw().filter(|offset| *offset >= 0).unwrap_or(0);
        committed.elements().iter().map(|element| offset(element.offset())).collect()
    }
}

/// A running service. Killed when dropped.
pub struct Service {
    child: Child,
    log: PathBuf,
}

impl Service {
    /// As a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// SIGTERM, and how it ended.
    pub fn terminate(mut self) -> ExitStatus {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            std::thread::yield_now();
        }
        panic!("SIGTERM did not end it:\n{}", self.log());
    }

    /// The file that it logs to.
    pub fn log_path(&self) -> PathBuf {
        self.log.clone()
    }

    /// Waits until it has logged this so many times.
    pub fn wait_for_log(&mut self, line: &str, times: usize) {
        let path = self.log.clone();
        self.wait_until(line, || fs::read_to_string(&path).unwrap().matches(line).count() >= times);
    }

    /// What it logged.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until it holds.
    pub fn wait_until(&mut self, what: &str, holds: impl Fn() -> bool) {
        let begun = Instant::now();
        while !holds() {
            assert!(self.child.try_wait().unwrap().is_none(), "{what}: it ended by itself:\n{}", self.log());
            assert!(begun.elapsed() < PATIENCE * 2, "{what} did not happen:\n{}", self.log());
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Already waited for where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What one undisturbed pass over the entries finds, partition by partition up to these offsets.
pub fn undisturbed(config: &Config, entries: &[OwnedMessage], up_to: &[i64]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (partition, end) in up_to.iter().enumerate() {
        let mut detector = nhiwatch::detect::Detector::new(&config.detect, &config.budget);
        let mut effects = nhiwatch::detect::Effects::default();
        let mut of: Vec<&OwnedMessage> =
            entries.iter().filter(|e| e.partition() as usize == partition && e.offset() < *end).collect();
        of.sort_by_key(|entry| entry.offset());
        for entry in of {
            let appended = nhiwatch::event::Timestamp::from_millis(entry.timestamp().to_millis().unwrap());
            for entry in decode_entries(entry.payload().unwrap()) {
                match entry.unwrap() {
                    Entry::Event(event) => detector.apply(&event, &mut effects),
                    Entry::Tick(tick) => detector.tick(&tick, appended, &mut effects),
                }
            }
        }
        findings.append(&mut effects.findings);
    }
    findings
}
