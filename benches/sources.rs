//! The rate of decoding by source, beside serde_json to `Value` over the same bytes: `cargo bench --bench sources`, with names of
//! sources behind `--` for these alone.
//!
//! Three rows a source, of records that become events. Golden (the source's name alone): the golden cases, small and hostile.
//! Recorded: what others recorded, where it is there; of some sources cut down to what a rule's test needs. Whole: the golden cases
//! whose folder begins with `whole`, written by us after the providers' full examples, of the size and mix that a pipeline carries.
//! Both parse the same bytes in turns; the ratio is the median of the rounds' ratios, so that a noisy machine harms both alike.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "measures time, of cases that are files")]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use nhiwatch::config::DecodeConfig;
use nhiwatch::decode::{Decoded, Scratch, decode_message};
use serde_json::Value;
use serde_json::value::RawValue;

/// As the service has it; for serde_json too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Records, each as its bytes.
type Records = Vec<Vec<u8>>;

const ROUNDS: usize = 41;
const ROUND: Duration = Duration::from_millis(20);

fn main() {
    println!("{:<24} {:>8} {:>12} {:>12} {:>8}", "source", "records", "bytes each", "ns each", "rate");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut folders: Vec<_> = fs::read_dir(root.join("sources/cases")).expect("the cases").flatten().collect();
    folders.sort_by_key(fs::DirEntry::path);
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|word| word == name);
    let named = folders.iter().map(|folder| (folder.file_name().to_string_lossy().into_owned(), folder.path()));
    let cloudtrail = ("cloudtrail".to_owned(), root.join("cloudtrail"));
    for (name, folder) in [cloudtrail].into_iter().chain(named) {
        let file = if name == "cloudtrail" { "record.json" } else { "input.json" };
        let rows: [(String, &dyn Fn() -> Records); 3] = [
            (name.clone(), &|| records(&folder, file, false)),
            (format!("{name} (recorded)"), &|| recorded(&name)),
            (format!("{name} (whole)"), &|| records(&folder, file, true)),
        ];
        for (row, records) in rows {
            if is_wanted(&name) || is_wanted(&row) {
                measure(&row, &records());
            }
        }
    }
}

/// Files of recorded events by source.
const RECORDED: [(&str, &[&str]); 11] = [
    ("anthropic", &["panther/anthropic_activity"]),
    ("azure", &["panther/azure_monitor_activity"]),
    ("bedrock", &["panther/aws_bedrock_invocation"]),
    ("cloudtrail", &["panther/aws_cloudtrail", "custodian/aws_cloudtrail", "stratus/aws_cloudtrail"]),
    ("entra", &["panther/azure_entra", "otrf/entra_goldensaml_sentinel_auditlogs"]),
    ("gcp", &["panther/gcp_audit", "custodian/gcp_audit"]),
    ("github", &["panther/github_audit"]),
    ("kubernetes", &["panther/eks_k8s_audit", "kubernetes/k8s_audit"]),
    ("okta", &["panther/okta_system_log"]),
    ("openai", &["panther/openai_audit"]),
    ("workspace", &["panther/gsuite_activity"]),
];

/// The recorded records of a source that become events; none, said aloud, where they are not there.
fn recorded(source: &str) -> Records {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let files = RECORDED.iter().filter(|(name, _)| *name == source).flat_map(|(_, files)| *files);
    let texts = files.filter_map(|file| {
        let path = corpus.join(file).with_extension("ndjson");
        let text = fs::read_to_string(&path);
        text.inspect_err(|error| eprintln!("SKIPPED: {}: {error}", path.display())).ok()
    });
    let lines: Vec<Vec<u8>> = texts.flat_map(|text| text.lines().map(Vec::from).collect::<Vec<_>>()).collect();
    lines.into_iter().filter(|record| is_event(record)).collect()
}

/// The records of a folder of cases, of the whole ones or of all others, that become events.
fn records(folder: &Path, file: &str, whole: bool) -> Records {
    let cases = fs::read_dir(folder).expect("the cases").flatten();
    let cases = cases.filter(|case| case.file_name().to_string_lossy().starts_with("whole") == whole);
    let texts = cases.filter_map(|case| fs::read_to_string(case.path().join(file)).ok());
    let single = texts.flat_map(|text| match serde_json::from_str::<Vec<Box<RawValue>>>(&text) {
        Ok(items) => items,
        Err(_) => serde_json::from_str(&text).into_iter().collect(),
    });
    single.map(|record| compact(record.get())).filter(|record| is_event(record)).collect()
}

/// Without spaces between the members, and these in their order, as providers write them.
fn compact(text: &str) -> Vec<u8> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    let keep = |letter: &u8| {
        is_quoted ^= *letter == b'"' && !is_escaped;
        is_escaped = is_quoted && *letter == b'\\' && !is_escaped;
        is_quoted || !letter.is_ascii_whitespace()
    };
    text.bytes().filter(keep).collect()
}

fn is_event(record: &[u8]) -> bool {
    let mut events = 0;
    let each = &mut |_, decoded: Decoded<'_>| events += usize::from(decoded.is_ok());
    let whole = decode_message(Some(record), None, &DecodeConfig::default(), &mut Scratch::default(), each);
    whole.is_ok() && events == 1 && record.len() < 20_000
}

fn measure(source: &str, records: &[Vec<u8>]) {
    if records.is_empty() {
        return;
    }
    let (config, mut scratch) = (DecodeConfig::default(), Scratch::default());
    let mut decode = || {
        for record in records {
            let each = &mut |_, decoded: Decoded<'_>| drop(black_box(decoded));
            black_box(decode_message(Some(record), None, &config, &mut scratch, each)).expect("it was decoded before");
        }
    };
    let mut parse = || {
        for record in records {
            black_box(serde_json::from_slice::<Value>(record)).expect("it was parsed before");
        }
    };
    let (mut ratios, mut times) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (ours, theirs) = (one(&mut decode), one(&mut parse));
        ratios.push(theirs / ours);
        times.push(ours / records.len().max(1) as f64);
    }
    let bytes = records.iter().map(Vec::len).sum::<usize>() / records.len().max(1);
    let (rate, each) = (median(ratios), median(times));
    println!("{source:<24} {:>8} {bytes:>12} {each:>12.0} {rate:>7.2}x", records.len());
}

/// Nanoseconds of one call.
fn one(work: &mut dyn FnMut()) -> f64 {
    let (began, mut calls) = (Instant::now(), 0u32);
    while began.elapsed() < ROUND {
        work();
        calls += 1;
    }
    began.elapsed().as_nanos() as f64 / f64::from(calls)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
