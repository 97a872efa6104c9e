//! Topics, groups and a configuration of a measurement's own, and the running service.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;

/// Partitions of the audit and the events topic.
pub const PARTITIONS: i32 = 2;
/// How long the service may stand still before the measurement gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// A broker, names of its own, and the configuration file that holds both.
pub struct Site {
    pub servers: String,
    pub audit: String,
    pub alerts: String,
    folder: tempfile::TempDir,
    /// `--set KEY=VALUE` of this measurement's command line.
    settings: Vec<String>,
}

impl Site {
    /// Makes the topics of a measurement; everything else is as the service has it by default, but for `more`
    /// sections of the configuration file.
    pub fn new(servers: &str, name: &str, more: &str) -> Site {
        let name = format!("bench-{name}-{}", std::process::id());
        let text = format!(
            "[kafka]\nbootstrap_servers = \"{servers}\"\naudit_topics = [\"audit.{name}\"]\n\
             events_topic = \"events.{name}\"\nalerts_topic = \"alerts.{name}\"\ndead_letter_topic = \"dlq.{name}\"\n\
             state_topic = \"state.{name}\"\ningest_group = \"ingest-{name}\"\ndetect_group = \"detect-{name}\"\n\
             [kafka.create]\nevents_partitions = {PARTITIONS}\nalerts_partitions = 2\n\
             [http]\nlisten = \"127.0.0.1:0\"\n[detect]\nhash_key = \"a key for measuring only\"\n{more}\n"
        );
        let folder = tempfile::tempdir().expect("a temporary folder");
        fs::write(folder.path().join("nhiwatch.toml"), text).expect("the folder is ours");
        let (audit, alerts) = (format!("audit.{name}"), format!("alerts.{name}"));
        let site = Site { servers: servers.to_owned(), audit, alerts, folder, settings: settings() };
        let made = site.command(&["topics", "create"]).stdout(Stdio::null()).status().expect("the binary starts");
        assert!(made.success(), "the topics cannot be made");
        site.create_audit_topic();
        site
    }

    /// Starts one role of the service.
    pub fn start(&self, role: &'static str) -> Service {
        let log = self.folder.path().join(format!("{role}.log"));
        let file = fs::File::create(&log).expect("the folder is ours");
        let mut command = self.command(&["run", "--role", role]);
        let child = command.args(&self.settings).stderr(file).spawn().expect("the binary starts");
        let mut service = Service { child, log, address: String::new() };
        service.await_address();
        service
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_nhiwatch"));
        command.arg("-c").arg(self.folder.path().join("nhiwatch.toml")).args(arguments).stdin(Stdio::null());
        command
    }

    /// By append time, so that a delivery report tells when the record arrived.
    fn create_audit_topic(&self) {
        let admin: AdminClient<DefaultClientContext> =
            ClientConfig::new().set("bootstrap.servers", &self.servers).create().expect("a client");
        let topic = NewTopic::new(&self.audit, PARTITIONS, TopicReplication::Fixed(1))
            .set("message.timestamp.type", "LogAppendTime");
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let made = runtime.block_on(admin.create_topics([&topic], &AdminOptions::new())).expect("the broker answers");
        made[0].as_ref().expect("the topic is new");
    }
}

/// What the command line sets of the service's configuration.
fn settings() -> Vec<String> {
    std::env::args().skip_while(|argument| argument != "--set").filter(|argument| argument != "--bench").collect()
}

/// A running process of the service. Killed when dropped.
pub struct Service {
    child: Child,
    log: PathBuf,
    address: String,
}

impl Service {
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// The sum of all series of a metric of which the labels contain `label`.
    pub fn metric(&self, metric: &str, label: &str) -> f64 {
        let text = self.get("/metrics").unwrap_or_default();
        let series = text.lines().filter(|line| {
            line.strip_prefix(metric).is_some_and(|rest| rest.starts_with(['{', ' '])) && line.contains(label)
        });
        series.filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok()).sum()
    }

    /// Events that detection has judged, or passed over as seen before.
    pub fn scored(&self) -> u64 {
        let outcome = |outcome| self.metric("nhi_detect_outcomes_total", outcome);
        (outcome("scored") + outcome("duplicate") + outcome("repeated")) as u64
    }

    /// Events that ingest has made, and the broker acknowledged.
    pub fn made(&self) -> u64 {
        self.metric("nhi_events_total", "") as u64
    }

    /// Waits until so many events are judged.
    pub fn await_scored(&mut self, events: u64) {
        self.await_count(Service::scored, events);
    }

    /// Waits until it has done so many; says how many it had done then.
    pub fn await_count(&mut self, done: fn(&Service) -> u64, events: u64) -> u64 {
        let (mut last, mut moved) = (0, Instant::now());
        loop {
            let count = done(self);
            if count >= events {
                return count;
            }
            if count > last {
                (last, moved) = (count, Instant::now());
            }
            let ended = self.child.try_wait().expect("it is ours").is_some();
            assert!(!ended && moved.elapsed() < PATIENCE, "stands still at {count} of {events}:\n{}", self.log());
            std::thread::park_timeout(Duration::from_millis(250));
        }
    }

    /// Waits until it has read this many identities back and judges by them.
    pub fn await_identities(&self, identities: f64) {
        let begun = Instant::now();
        let restored = || self.metric("nhi_identities", "") >= identities;
        while !restored() {
            assert!(begun.elapsed() < PATIENCE, "it restores nothing:\n{}", self.log());
            std::thread::park_timeout(Duration::from_millis(100));
        }
    }

    /// Asks it to end, and waits.
    pub fn stop(mut self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill is there").success());
        assert!(self.child.wait().expect("it is ours").success(), "{}", self.log());
    }

    fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn await_address(&mut self) {
        let begun = Instant::now();
        while self.address.is_empty() {
            let log = self.log();
            if let Some((_, rest)) = log.split_once("http://") {
                self.address = rest.split('/').next().unwrap_or_default().to_owned();
            }
            assert!(begun.elapsed() < PATIENCE, "it does not start:\n{log}");
            std::thread::park_timeout(Duration::from_millis(20));
        }
    }

    fn get(&self, path: &str) -> std::io::Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        Ok(text)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // Already waited for where the measurement went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
