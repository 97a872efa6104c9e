//! `evaluate` on a simulated fleet with attacks: files and labels in, a report out that adds up.

#![allow(clippy::disallowed_methods, reason = "writes events and labels to files of its own, to read them again")]

use std::io;
use std::path::Path;
use std::process::Command;

use nhiwatch::config::Config;
use nhiwatch::evaluate::{Options, Report, Settings, run};
use nhiwatch::event::Timestamp;
use nhiwatch::simulate::{AttackPlan, Fleet, FleetConfig};

/// Writes a fleet's records and labels; returns how many records and attacks there are.
fn write_fleet(folder: &Path, identities: usize) -> (u64, u64) {
    let start = Timestamp::parse("2026-03-02T00:00:00Z").expect("a time");
    let day = |days: i64| start.plus_millis(days * Timestamp::DAY_MS);
    let mut fleet = Fleet::new(&FleetConfig {
        seed: 3,
        identities,
        accounts: 1,
        start,
        end: day(14),
        attacks: AttackPlan::Random { per_30_days: 150.0, not_before: day(11) },
        confounders: true,
        rate_scale: 0.02,
        elsewhere: false,
    });
    let label = |label| serde_json::to_string(label).expect("a label can always be written");
    let labels: Vec<String> = fleet.labels().iter().map(label).collect();
    let attacks = fleet.labels().len() as u64;
    let (mut records, mut count) = (Vec::new(), 0);
    while fleet.next(&mut records).is_some() {
        records.push(b'\n');
        count += 1;
    }
    std::fs::write(folder.join("records.ndjson"), records).expect("a file of ours");
    std::fs::write(folder.join("labels.jsonl"), labels.join("\n")).expect("a file of ours");
    (count, attacks)
}

fn evaluate(folder: &Path, budgets: &[f64]) -> Report {
    let settings = Settings { budgets: budgets.to_vec(), warm_up_days: 10 };
    let options = Options { labels: folder.join("labels.jsonl"), settings, progress: false };
    let paths = [folder.join("records.ndjson")];
    run(&Config::default(), &options, &paths, Box::new(io::empty()), &mut io::sink()).expect("a report")
}

#[test]
fn a_report_adds_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let (records, attacks) = write_fleet(folder.path(), 30);
    let report = evaluate(folder.path(), &[1.0, 20.0]);
    println!("{report}");
    assert_eq!((report.stream.events, report.stream.attacks_before, report.stream.attacks_unseen), (records, 0, 0));
    assert_eq!(report.stream.attacks, attacks);
    assert_eq!(report.lines.len(), 2 * 4);
    for line in &report.lines {
        let asked = line.asked * report.stream.identity_days / 1_000.0;
        let is_oracle = line.entrant.ends_with("oracle");
        assert!(!is_oracle || line.false_alerts <= asked.round() as u64, "{line:?}");
        let by_scenario: u64 = line.scenarios.values().map(|(found, _)| found).sum();
        assert_eq!((by_scenario, line.found.1), (line.found.0, attacks), "{line:?}");
        assert_eq!(line.attack_ids.len() as u64, line.found.0);
        assert!(line.recall_interval.low <= line.recall && line.recall <= line.recall_interval.high);
    }
    // A higher rate of false alerts never costs an oracle an attack.
    let found = |asked: f64, entrant: &str| {
        let line = report.lines.iter().find(|line| line.asked == asked && line.entrant.starts_with(entrant));
        line.expect("every entrant has a line").found.0
    };
    for entrant in ["nhiwatch, oracle", "R3", "R4"] {
        assert!(found(1.0, entrant) <= found(20.0, entrant), "{entrant}");
    }
    assert!(found(20.0, "nhiwatch, oracle") > 0, "the simulator's attacks are not all invisible");
}

#[test]
fn the_same_files_give_the_same_report() {
    let folder = tempfile::tempdir().expect("a folder");
    write_fleet(folder.path(), 30);
    let report = || Report { events_per_second: 0.0, ..evaluate(folder.path(), &[2.0]) };
    assert_eq!(report(), report());
}

#[test]
fn what_is_wrong_is_said_in_one_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = |labels: &str, more: &[&str]| {
        std::fs::write(folder.path().join("labels.jsonl"), labels).expect("a file of ours");
        std::fs::write(folder.path().join("records.ndjson"), "").expect("a file of ours");
        let output = Command::new(env!("CARGO_BIN_EXE_nhiwatch"))
            .current_dir(folder.path())
            .args(["evaluate", "--labels", "labels.jsonl", "records.ndjson"])
            .args(more)
            .output()
            .expect("the program starts");
        assert!(!output.status.success());
        String::from_utf8(output.stderr).expect("text")
    };
    assert!(said("{}\n", &[]).starts_with("nhiwatch: labels.jsonl:1: no label: missing field"), "{}", said("{}", &[]));
    assert!(said("", &[]).contains("nothing is left to count"), "{}", said("", &[]));
    assert!(said("", &["--budgets", "0"]).contains("not above 0"), "{}", said("", &["--budgets", "0"]));
}
