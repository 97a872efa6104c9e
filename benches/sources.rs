//! The rate of decoding by source, beside serde_json to `Value` over the same bytes: `cargo bench --bench sources`, with names of
//! sources behind `--` for these alone.
//!
//! The records are those of the golden cases that become events, each written without spaces as providers do. Both parse
//! the same bytes in turns; the ratio is the median of the rounds' ratios, so that a noisy machine harms both alike.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "measures time, of cases that are files")]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use nhiwatch::config::DecodeConfig;
use nhiwatch::decode::{Decoded, Scratch, decode_message};
use serde_json::Value;

const ROUNDS: usize = 41;
const ROUND: Duration = Duration::from_millis(20);

fn main() {
    println!("{:<20} {:>8} {:>12} {:>12} {:>8}", "source", "records", "bytes each", "ns each", "rate");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut folders: Vec<_> = fs::read_dir(root.join("sources/cases")).expect("the cases").flatten().collect();
    folders.sort_by_key(fs::DirEntry::path);
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    if wanted.is_empty() {
        measure("cloudtrail", &records(&root.join("cloudtrail"), "record.json"));
    }
    for folder in folders {
        let name = folder.file_name().to_string_lossy().into_owned();
        if wanted.is_empty() || wanted.contains(&name) {
            measure(&name, &records(&folder.path(), "input.json"));
        }
    }
}

/// The records of a folder of cases that become events.
fn records(folder: &Path, file: &str) -> Vec<Vec<u8>> {
    let cases = fs::read_dir(folder).expect("the cases").flatten();
    let values = cases.filter_map(|case| serde_json::from_slice::<Value>(&fs::read(case.path().join(file)).ok()?).ok());
    let single = values.flat_map(|value| if let Value::Array(items) = value { items } else { vec![value] });
    single.map(|value| value.to_string().into_bytes()).filter(|record| is_event(record)).collect()
}

fn is_event(record: &[u8]) -> bool {
    let mut events = 0;
    let each = &mut |_, decoded: Decoded<'_>| events += usize::from(matches!(decoded, Decoded::Event(_)));
    let whole = decode_message(Some(record), None, &DecodeConfig::default(), &mut Scratch::default(), each);
    whole.is_ok() && events == 1 && record.len() < 20_000
}

fn measure(source: &str, records: &[Vec<u8>]) {
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
    println!("{source:<20} {:>8} {bytes:>12} {each:>12.0} {rate:>7.2}x", records.len());
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
