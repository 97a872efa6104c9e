//! `simulate`: the simulated fleet as files, with the truth about its attacks beside them.

#![allow(clippy::disallowed_methods, reason = "writes files")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::{Args, ValueEnum};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::output;
use crate::event::{Source, Timestamp};
use crate::simulate::{AttackLabel, AttackPlan, Delivery, Emitted, Fleet, FleetConfig};

/// What the help says below the options.
pub(super) const EXAMPLES: &str = "\
The folder gets records-0001.jsonl and so on: CloudTrail records, one a line, in the order in which they come in; some
come late, some twice, and their times stay as they are. Equal options write equal bytes. With --sources all it also gets
kubernetes-0001.jsonl, gcp-0001.jsonl and github-0001.jsonl: the records of some 50 that live elsewhere.

Beside them lies labels.json: one line of JSON for each attack, with the members
  attack_id       its name
  scenario        its number in the catalogue, such as A1
  technique       ids of MITRE ATT&CK (ATLAS for AI agents), with commas
  attack_version  the version of ATT&CK that has them
  identities      those whom the attacker acted as: [{\"scope\":\"aws/<account>\",\"principal\":\"<ARN>\"}]; elsewhere the
                  scope is kubernetes/<cluster>, gcp/<project> or github/<organisation>, the principal a name
  start, end      times of its first and last record, RFC 3339

Examples:
  nhiwatch simulate --identities 300 --days 20 --out fleet
  nhiwatch simulate --identities 300 --days 20 --sources all --out fleet
  nhiwatch replay fleet/*.jsonl > alerts.ndjson";

/// A file is ended at the next record in order after so many bytes, before compression.
const FILE_BYTES: u64 = 256 << 20;
/// Identities for which there is one account, where nothing is said.
const IDENTITIES_PER_ACCOUNT: u64 = 200;

/// `simulate`
#[derive(Debug, Args)]
pub(super) struct SimulateArguments {
    /// Identities at the start; new services, scanners and attackers add a few
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(10..=5_000_000))]
    identities: u64,
    /// Days that the records span
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=3_660))]
    days: u64,
    /// Seed of all random numbers
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Which attacks happen: none; all scenarios by turns at random times after 12 days (40 % of shorter spans), on
    /// victims with 48 active hours of history; or each of them once, staged one after the other from the middle on.
    /// With --sources all there are attacks in each log
    #[arg(long, value_name = "WHICH", default_value = "random")]
    attacks: Attacks,
    /// Leave out benign change: deployments, traffic, moves, late and repeated delivery and the like
    #[arg(long)]
    no_confounders: bool,
    /// Accounts that the identities are spread over; without it, one for 200 identities
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000))]
    accounts: Option<u64>,
    /// Time of the first records, RFC 3339
    #[arg(long, value_name = "TIME", default_value = "2026-01-05T00:00:00Z", value_parser = Timestamp::parse)]
    start: Timestamp,
    /// Factor on the number of calls of everybody; 0.35 gives some 6 million records in 30 days of 2,000 identities
    #[arg(long, value_name = "FACTOR", default_value_t = 0.35)]
    rate: f64,
    /// Which logs there are: CloudTrail alone, or those of Kubernetes, Google Cloud and GitHub as well
    #[arg(long, value_name = "WHICH", default_value = "cloudtrail")]
    sources: Sources,
    /// Compress the records
    #[arg(long)]
    gzip: bool,
    /// Folder to write to; it must be empty or not exist yet
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Which attacks happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Attacks {
    None,
    Staged,
    Random,
}

/// Which logs there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Sources {
    Cloudtrail,
    All,
}

impl SimulateArguments {
    fn fleet(&self) -> FleetConfig {
        let end = self.start.plus_millis(self.days as i64 * Timestamp::DAY_MS);
        FleetConfig {
            seed: self.seed,
            identities: self.identities as usize,
            accounts: self.accounts.unwrap_or(self.identities.div_ceil(IDENTITIES_PER_ACCOUNT)) as usize,
            start: self.start,
            end,
            attacks: match self.attacks {
                Attacks::None => AttackPlan::None,
                Attacks::Staged => AttackPlan::staged(self.start, end),
                Attacks::Random => AttackPlan::random(self.start, end),
            },
            confounders: !self.no_confounders,
            rate_scale: self.rate,
            elsewhere: self.sources == Sources::All,
        }
    }
}

/// Writes records and labels, and says what it wrote.
///
/// # Errors
/// Where the folder holds something already, or cannot be written to.
pub(super) fn run(arguments: &SimulateArguments) -> Result<ExitCode> {
    ensure!(arguments.rate > 0.0 && arguments.rate <= 100.0, "--rate must be above 0 and at most 100");
    let folder = &arguments.out;
    fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let mut entries = fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
    ensure!(entries.next().is_none(), "the folder {} is not empty: name another in --out", folder.display());

    let mut fleet = Fleet::new(&arguments.fleet());
    let labels = write_labels(&folder.join("labels.json"), fleet.labels())?;
    let mut records = Records::new(folder, arguments.gzip);
    let mut line = Vec::new();
    while let Some(emitted) = fleet.next(&mut line) {
        line.push(b'\n');
        records.write(&line, emitted)?;
        line.clear();
    }
    records.end()?;
    output::print(&summary(&fleet, &records, &labels))?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the labels, and returns their digest.
fn write_labels(path: &Path, labels: &[AttackLabel]) -> Result<String> {
    let mut text = String::new();
    for label in labels {
        text += &serde_json::to_string(label).context("a label cannot be written as JSON")?;
        text.push('\n');
    }
    fs::write(path, &text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(hex(&Sha256::digest(text.as_bytes())))
}

/// The files of records, one after the other.
struct Records<'a> {
    folder: &'a Path,
    gzip: bool,
    /// Those of each log.
    series: BTreeMap<Source, Series>,
    digest: Sha256,
    counts: Counts,
}

/// The files of one log.
struct Series {
    file: Option<(PathBuf, Sink)>,
    files: u32,
    /// Records in all of them.
    records: u64,
    /// Bytes in the present file, before compression.
    in_file: u64,
    /// The newest time of an event so far.
    newest: Timestamp,
}

/// What was written.
#[derive(Default)]
struct Counts {
    records: u64,
    bytes: u64,
    late: u64,
    repeated: u64,
    renumbered: u64,
    of_attacks: u64,
}

/// A file that is being written.
enum Sink {
    Plain(BufWriter<File>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
}

impl Records<'_> {
    fn new(folder: &Path, gzip: bool) -> Records<'_> {
        Records { folder, gzip, series: BTreeMap::new(), digest: Sha256::new(), counts: Counts::default() }
    }

    fn write(&mut self, line: &[u8], emitted: Emitted) -> Result<()> {
        self.counts.count(line, emitted);
        self.digest.update(line);
        let series = self.series.entry(emitted.source).or_insert_with(Series::new);
        series.write(line, emitted, |number| Self::begin(self.folder, emitted.source, number, self.gzip))
    }

    fn end(&mut self) -> Result<()> {
        self.series.values_mut().try_for_each(Series::end_file)
    }

    fn files(&self) -> u32 {
        self.series.values().map(|series| series.files).sum()
    }

    fn begin(folder: &Path, source: Source, number: u32, gzip: bool) -> Result<(PathBuf, Sink)> {
        let ending = if gzip { "jsonl.gz" } else { "jsonl" };
        let path = folder.join(format!("{}-{number:04}.{ending}", file_name(source)));
        let file = File::create(&path).with_context(|| format!("cannot make {}", path.display()))?;
        let file = BufWriter::with_capacity(1 << 18, file);
        let sink =
            if gzip { Sink::Gzip(Box::new(GzEncoder::new(file, Compression::fast()))) } else { Sink::Plain(file) };
        Ok((path, sink))
    }
}

/// How the names of a log's files begin.
fn file_name(source: Source) -> &'static str {
    match source {
        Source::AwsCloudtrail => "records",
        other => vendor(other),
    }
}

/// Whose log it is.
fn vendor(source: Source) -> &'static str {
    source.name().split('.').next().unwrap_or_default()
}

impl Series {
    fn new() -> Series {
        Series { file: None, files: 0, records: 0, in_file: 0, newest: Timestamp::from_millis(i64::MIN) }
    }

    fn write(
        &mut self,
        line: &[u8],
        emitted: Emitted,
        begin: impl FnOnce(u32) -> Result<(PathBuf, Sink)>,
    ) -> Result<()> {
        // Files that begin with their newest record so far are merged by time as if they were one.
        if emitted.time > self.newest && self.in_file >= FILE_BYTES {
            self.end_file()?;
        }
        self.newest = self.newest.max(emitted.time);
        self.records += 1;
        self.in_file += line.len() as u64;
        if self.file.is_none() {
            self.files += 1;
            self.file = Some(begin(self.files)?);
        }
        let (path, sink) = self.file.as_mut().expect("one was begun");
        sink.writer().write_all(line).with_context(|| format!("cannot write {}", path.display()))
    }

    fn end_file(&mut self) -> Result<()> {
        self.in_file = 0;
        let Some((path, sink)) = self.file.take() else { return Ok(()) };
        let ended = match sink {
            Sink::Plain(file) => Ok(file),
            Sink::Gzip(gzip) => gzip.finish(),
        };
        ended.and_then(|mut file| file.flush()).with_context(|| format!("cannot write {}", path.display()))
    }
}

impl Sink {
    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Sink::Plain(file) => file,
            Sink::Gzip(gzip) => gzip.as_mut(),
        }
    }
}

impl Counts {
    fn count(&mut self, line: &[u8], emitted: Emitted) {
        self.records += 1;
        self.bytes += line.len() as u64;
        self.late += u64::from(emitted.delivery == Delivery::First && emitted.arrival > emitted.time);
        self.repeated += u64::from(emitted.delivery == Delivery::Repeated);
        self.renumbered += u64::from(emitted.delivery == Delivery::Renumbered);
        self.of_attacks += u64::from(emitted.attack.is_some());
    }
}

fn summary(fleet: &Fleet, records: &Records<'_>, labels: &str) -> String {
    let counts = &records.counts;
    let mut text = format!(
        "records     {:>12}  in {} files, {} MB before compression\n  late      {:>12}\n  repeated  {:>12}  and {} \
         with another event id\nidentities  {:>12}\nattacks     {:>12}  of {} records\n",
        counts.records,
        records.files(),
        counts.bytes / 1_000_000,
        counts.late,
        counts.repeated,
        counts.renumbered,
        fleet.identities(),
        fleet.labels().len(),
        counts.of_attacks,
    );
    if records.series.len() > 1 {
        for (source, series) in &records.series {
            let _ = writeln!(text, "  {:<10}{:>12}", vendor(*source), series.records);
        }
    }
    let mut scenarios: BTreeMap<(usize, &str), u32> = BTreeMap::new();
    for label in fleet.labels() {
        // A2 before A10.
        *scenarios.entry((label.scenario.len(), &label.scenario)).or_default() += 1;
    }
    for ((_, scenario), count) in scenarios {
        let _ = writeln!(text, "  {scenario:<9} {count:>12}");
    }
    let _ = writeln!(text, "SHA-256 of all records    {}", hex(&records.digest.clone().finalize()));
    let _ = writeln!(text, "SHA-256 of labels.json    {labels}");
    text
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
