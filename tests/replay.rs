//! Files in: layouts, packings, order of time, and a summary that adds up.

#![allow(clippy::disallowed_methods, reason = "writes the files that are read")]

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use nhiwatch::config::{Config, ReplayConfig};
use nhiwatch::replay::{Show, Streams, Summary, decode, run};
use proptest::prelude::*;
use serde_json::{Value, json};
use tempfile::TempDir;

/// A CloudTrail record, `second` seconds into 2026.
fn record(id: u32, second: u32) -> Value {
    let (day, hour, minute) = (1 + second / 86_400, second / 3_600 % 24, second / 60 % 60);
    json!({
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole", "principalId": format!("AROAEXAMPLE:run-{id}"), "accountId": "123456789012",
            "arn": format!("arn:aws:sts::123456789012:assumed-role/ci-deploy/run-{id}"), "accessKeyId": "ASIAEXAMPLE",
            "sessionContext": {"sessionIssuer": {
                "type": "Role", "principalId": "AROAEXAMPLE", "accountId": "123456789012", "userName": "ci-deploy",
                "arn": "arn:aws:iam::123456789012:role/ci-deploy",
            }},
        },
        "eventTime": format!("2026-01-{day:02}T{hour:02}:{minute:02}:{:02}Z", second % 60),
        "eventSource": "s3.amazonaws.com", "eventName": "GetObject", "awsRegion": "eu-central-1",
        "sourceIPAddress": "198.51.100.7", "userAgent": "Boto3/1.40",
        "requestParameters": {"bucketName": "artifacts", "key": format!("k/{id}")},
        "eventID": format!("00000000-0000-4000-8000-{id:012}"), "eventType": "AwsApiCall",
        "recipientAccountId": "123456789012", "readOnly": true, "managementEvent": false,
    })
}

fn lines(records: &[Value]) -> Vec<u8> {
    records.iter().flat_map(|record| format!("{record}\n").into_bytes()).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn write(directory: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = directory.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, bytes).unwrap();
    path
}

/// What `decode` says of the paths, and its remarks.
fn decoded(config: &Config, paths: &[PathBuf], input: &[u8]) -> (Vec<Value>, String) {
    let (mut out, mut notes) = (Vec::new(), Vec::new());
    let input = Box::new(Cursor::new(input.to_vec()));
    decode(config, paths, Show::Records, input, &mut out, &mut notes).unwrap();
    let lines = String::from_utf8(out).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap());
    (lines.collect(), String::from_utf8(notes).unwrap())
}

/// Number, outcome and id of each record.
fn brief(lines: &[Value]) -> Vec<String> {
    let id = |line: &Value| {
        line["event"]["id"].as_str().unwrap_or("-").trim_start_matches("00000000-0000-4000-8000-0000").to_string()
    };
    let reason = |line: &Value| line["reason"].as_str().unwrap_or("").to_string();
    let outcome = |line: &Value| line["outcome"].as_str().unwrap().to_string();
    lines.iter().map(|line| format!("{} {} {}{}", line["record"], outcome(line), reason(line), id(line))).collect()
}

fn replayed(config: &Config, paths: &[PathBuf], input: &[u8]) -> (Summary, Vec<u8>, String) {
    let (mut alerts, mut notes) = (Vec::new(), Vec::new());
    let standard_input = Box::new(Cursor::new(input.to_vec()));
    let streams = Streams { standard_input, alerts: &mut alerts, notes: &mut notes, progress: false };
    let summary = run(config, paths, streams).unwrap();
    (summary, alerts, String::from_utf8(notes).unwrap())
}

/// A configuration in which no file is small and every window is.
fn narrow() -> Config {
    let replay = ReplayConfig { whole_file_bytes: 2_000, reorder_events: 4, ..ReplayConfig::default() };
    Config { replay, ..Config::default() }
}

#[test]
fn one_event_is_shown_with_whose_it_is() {
    let (lines, _) = decoded(&Config::default(), &["-".into()], &lines(&[record(7, 0)]));
    let event = &lines[0]["event"];
    assert_eq!(
        (&lines[0]["file"], &lines[0]["record"], &lines[0]["outcome"]),
        (&json!("-"), &json!(1), &json!("event"))
    );
    for (field, value) in [
        ("source", json!("aws.cloudtrail")),
        ("id", json!("00000000-0000-4000-8000-000000000007")),
        ("time", json!("2026-01-01T00:00:00Z")),
        ("scope", json!("aws/123456789012")),
        ("principal", json!("arn:aws:iam::123456789012:role/ci-deploy")),
        ("template", json!("role/ci-deploy")),
        ("kind", json!("ci_pipeline")),
        ("actor_name", json!("arn:aws:sts::123456789012:assumed-role/ci-deploy/run-7")),
        ("credential", json!("ASIAEXAMPLE")),
        ("session", json!("run-7")),
        ("service", json!("s3")),
        ("action", json!("s3:GetObject")),
        ("access", json!("data_read")),
        ("outcome", json!("success")),
        ("error", Value::Null),
        ("source_ip", json!("198.51.100.7")),
        ("user_agent", json!("Boto3/1.40")),
        ("region", json!("eu-central-1")),
    ] {
        assert_eq!(event[field], value, "{field}");
    }
    assert!(event["delegators"].is_array() && event["network"].is_string());
    let target = &event["targets"][0];
    assert!(["kind", "name", "container", "account"].iter().all(|key| target.get(key).is_some()), "{target}");
}

#[test]
fn a_directory_stands_for_every_audit_file_below_it() {
    let directory = TempDir::new().unwrap();
    let wrapped = |ids: &[u32]| json!({"Records": ids.iter().map(|id| record(*id, 0)).collect::<Vec<_>>()}).to_string();
    let day = "AWSLogs/123456789012/CloudTrail/eu-central-1/2026/01/01";
    write(&directory, &format!("{day}/b.json.gz"), &gzip(wrapped(&[3, 4]).as_bytes()));
    write(&directory, &format!("{day}/a.json"), wrapped(&[1, 2]).as_bytes());
    write(&directory, "AWSLogs/c.ndjson", &lines(&[record(5, 0)]));
    write(&directory, "d.json.zst", &zstd::encode_all(&*lines(&[record(6, 0)]), 0).unwrap());
    write(&directory, "e.JSONL", &lines(&[record(7, 0)]));
    write(&directory, ".hidden.json", b"no");
    write(&directory, "notes.txt", b"no");
    let (found, notes) = decoded(&Config::default(), &[directory.path().into(), directory.path().join("e.JSONL")], b"");
    let expected = ["1 event 00000005", "1 event 00000001", "2 event 00000002", "1 event 00000003", "2 event 00000004"];
    let mut brief = brief(&found);
    brief.sort();
    let mut all = expected.to_vec();
    all.extend(["1 event 00000006", "1 event 00000007"]);
    all.sort_unstable();
    assert_eq!(brief, all);
    assert!(notes.starts_with("2 files passed over"), "{notes}");
}

#[test]
fn packings_are_known_by_content() {
    let plain = lines(&[record(1, 0), record(2, 1)]);
    let two_members = [gzip(&lines(&[record(1, 0)])), gzip(&lines(&[record(2, 1)]))].concat();
    let (expected, _) = decoded(&Config::default(), &["-".into()], &plain);
    assert_eq!(brief(&expected), ["1 event 00000001", "2 event 00000002"]);
    for packed in [gzip(&plain), two_members, zstd::encode_all(&*plain, 0).unwrap()] {
        assert_eq!(decoded(&Config::default(), &["-".into()], &packed).0, expected);
        assert_eq!(decoded(&narrow(), &["-".into()], &packed).0, expected);
    }
}

#[test]
fn every_layout_is_numbered_alike() {
    let records: Vec<Value> = (0..20).map(|id| record(id, id)).collect();
    let (expected, _) = decoded(&Config::default(), &["-".into()], &lines(&records));
    assert_eq!(expected.len(), 20);
    let wrapped = json!({"Records": records});
    let array = json!(records);
    let layouts = [
        wrapped.to_string(),
        serde_json::to_string_pretty(&wrapped).unwrap(),
        array.to_string(),
        serde_json::to_string_pretty(&array).unwrap(),
        records.iter().map(Value::to_string).collect(),
        records.iter().map(|record| serde_json::to_string_pretty(record).unwrap()).collect(),
    ];
    for layout in layouts {
        for config in [Config::default(), narrow()] {
            assert_eq!(decoded(&config, &["-".into()], layout.as_bytes()).0, expected);
        }
    }
}

#[test]
fn damage_costs_itself_only() {
    let good = |id| record(id, id).to_string();
    let text = [good(1), "no json".into(), good(2), "{\"a\":".into(), String::new(), "[]x".into(), good(3)].join("\n");
    for config in [Config::default(), narrow()] {
        let (found, _) = decoded(&config, &["-".into()], text.as_bytes());
        let events = brief(&found).iter().filter(|line| line.contains(" event ")).count();
        assert_eq!(events, 3, "{:?}", brief(&found));
        assert!(found.iter().all(|line| line["outcome"] != "dead_letter" || line["detail"].is_string()));
        let numbers: Vec<u64> = found.iter().map(|line| line["record"].as_u64().unwrap()).collect();
        assert_eq!(numbers, (1..=found.len() as u64).collect::<Vec<_>>());
    }
    let mut cut = gzip(&lines(&(0..50).map(|id| record(id, id)).collect::<Vec<_>>()));
    cut.truncate(cut.len() / 2);
    for config in [Config::default(), narrow()] {
        let (found, _) = decoded(&config, &["-".into()], &cut);
        let last = found.last().unwrap();
        assert_eq!((&last["outcome"], &last["reason"]), (&json!("dead_letter"), &json!("compression")));
        assert!(found[..found.len() - 1].iter().all(|line| line["outcome"] == "event"), "{:?}", brief(&found));
    }
}

#[test]
fn dates_far_ahead_are_dead_letters() {
    let mut ahead = record(1, 0);
    ahead["eventTime"] = json!("2100-01-01T00:00:00Z");
    let (found, _) = decoded(&Config::default(), &["-".into()], &lines(&[ahead]));
    assert_eq!(brief(&found), ["1 dead_letter future-"]);
}

#[test]
fn the_summary_counts_by_source_kind_outcome_and_reason() {
    let text = [lines(&[record(1, 0), record(2, 1)]), b"no json\n".to_vec()].concat();
    let mut out = Vec::new();
    let input = Box::new(Cursor::new(text));
    decode(&Config::default(), &["-".into()], Show::Summary, input, &mut out, &mut Vec::new()).unwrap();
    let expected = "\
SOURCE          KIND         OUTCOME      REASON    RECORDS
-               -            dead_letter  not_json        1
aws.cloudtrail  ci_pipeline  event        -               2
total                                                     3
";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn errors_name_the_path() {
    let directory = TempDir::new().unwrap();
    let error = |path: &Path| {
        let streams = (Box::new(Cursor::new(Vec::new())), &mut Vec::new(), &mut Vec::new());
        format!(
            "{:#}",
            decode(&Config::default(), &[path.into()], Show::Records, streams.0, streams.1, streams.2).unwrap_err()
        )
    };
    let missing = directory.path().join("missing.json");
    assert!(error(&missing).contains(&format!("cannot read {}", missing.display())), "{}", error(&missing));
    assert!(error(directory.path()).contains("no audit file in directory"), "{}", error(directory.path()));
}

/// A stream that fails with an error of this kind.
struct Failing(std::io::ErrorKind);

impl Write for Failing {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(self.0.into())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_reader_that_goes_is_no_error_and_a_full_disk_is() {
    let shown = |kind| {
        let input = Box::new(Cursor::new(lines(&(0..500).map(|id| record(id, id)).collect::<Vec<_>>())));
        decode(&Config::default(), &["-".into()], Show::Records, input, &mut Failing(kind), &mut Vec::new())
    };
    shown(std::io::ErrorKind::BrokenPipe).unwrap();
    let error = shown(std::io::ErrorKind::StorageFull).unwrap_err().to_string();
    assert!(error.starts_with("cannot write the output: "), "{error}");
}

#[test]
fn the_outcomes_of_a_replay_add_up() {
    let text = [lines(&[record(1, 0), record(2, 7_200)]), b"no json\n\n".to_vec(), b"{}\n".to_vec()].concat();
    let (summary, _, notes) = replayed(&Config::default(), &["-".into()], &text);
    assert!(summary.adds_up());
    assert_eq!((summary.tally.records, summary.tally.events, summary.counts.scored), (4, 2, 2));
    assert_eq!(summary.tally.dead_in_all() + summary.tally.ignored_in_all(), 2);
    assert!(notes.contains("2026-01-01T00:00:00Z to 2026-01-01T02:00:00Z"), "{notes}");
    assert!(notes.contains("The outcomes add up: 4 read = 2 scored + "), "{notes}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// However events are spread over files, packed, and whatever the order of the paths: nothing is late, and the
    /// alerts are the same but for where the audit records were read.
    #[test]
    fn the_order_of_paths_makes_nothing_late(
        files in proptest::collection::vec(0usize..6, 1..120),
        reversed: bool,
        few_at_once: bool,
    ) {
        let directory = TempDir::new().unwrap();
        let records: Vec<Value> = (0..files.len() as u32).map(|id| record(id, id * 3_001)).collect();
        let mut paths = Vec::new();
        for file in 0..6 {
            let mut own: Vec<Value> =
                records.iter().zip(&files).filter(|(_, of)| **of == file).map(|(record, _)| record.clone()).collect();
            own.reverse();
            if !own.is_empty() {
                let wrapped = json!({"Records": own}).to_string();
                let bytes = if file % 2 == 0 { gzip(wrapped.as_bytes()) } else { wrapped.into_bytes() };
                paths.push(write(&directory, &format!("{file}.json"), &bytes));
            }
        }
        if reversed {
            paths.reverse();
        }
        let mut config = Config::default();
        if few_at_once {
            config.replay.reorder_events = 1;
        }
        let (summary, alerts, _) = replayed(&config, &paths, b"");
        let (alone, alone_alerts, _) = replayed(&config, &["-".into()], &lines(&records));
        prop_assert_eq!(summary.counts.late, 0);
        prop_assert!(summary.adds_up());
        prop_assert_eq!(&summary, &alone);
        prop_assert_eq!(alerts.iter().filter(|byte| **byte == b'\n').count(), alone_alerts.iter().filter(|byte| **byte == b'\n').count());
    }
}

/// The recorded events that lie beside the repository, where they do.
#[test]
fn recorded_events_are_replayed_and_add_up() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !corpus.is_dir() {
        // Past the capture of the test runner.
        let _ = std::io::stderr().write_all(b"skipped: ../shared/corpus is not there\n");
        return;
    }
    let (summary, alerts, notes) = replayed(&Config::default(), std::slice::from_ref(&corpus), b"");
    assert!(summary.adds_up(), "{notes}");
    assert!(summary.tally.events > 1_000 && summary.counts.late == 0, "{notes}");
    assert_eq!(alerts.iter().filter(|byte| **byte == b'\n').count() as u64, summary.findings());
    if std::env::var_os("NHIWATCH_SHOW").is_some() {
        let _ = std::io::stderr().write_all(notes.as_bytes());
    }
}
