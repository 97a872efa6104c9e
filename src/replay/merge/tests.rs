//! However events are spread over files, they come in one order.

use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::json;
use tempfile::TempDir;

use super::super::input::find;
use super::*;
use crate::config::{DecodeConfig, NetworkConfig};
use crate::network::Networks;

fn record(id: u32, second: u32) -> String {
    json!({
        "eventVersion": "1.11", "userIdentity": {"type": "AWSService", "invokedBy": "ec2.amazonaws.com"},
        "eventTime": format!("2026-01-01T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60),
        "eventSource": "sts.amazonaws.com", "eventName": "AssumeRole", "awsRegion": "eu-central-1",
        "eventID": format!("event-{id:05}"), "eventType": "AwsApiCall", "recipientAccountId": "123456789012",
    })
    .to_string()
}

/// Times and ids in the order in which they come.
fn merged(paths: &[PathBuf], config: &ReplayConfig) -> (Vec<(i64, String)>, u64) {
    let now = Timestamp::parse("2026-02-01T00:00:00Z").expect("a time");
    let networks = Networks::open(&NetworkConfig::default()).expect("no file");
    let reading = Reading::new(&DecodeConfig::default(), config, networks, now);
    let (inputs, identity) = (find(paths).expect("found"), IdentityConfig::default());
    let opener = Opener::new(Box::new(std::io::empty()));
    let mut merge = Merge::new(inputs.inputs, opener, &reading, &identity, config, &mut |_| {}).expect("readable");
    let mut order = Vec::new();
    while let Some(waiting) = merge.next().expect("readable") {
        order.push((waiting.time.as_millis(), waiting.id.into_string()));
    }
    assert_eq!(merge.open_files, 0);
    assert_eq!(merge.tally.events, order.len() as u64);
    (order, merge.opened_late)
}

fn written(files: &[Vec<String>]) -> (TempDir, Vec<PathBuf>) {
    let directory = TempDir::new().expect("a directory");
    let mut paths = Vec::new();
    for (number, records) in files.iter().enumerate() {
        let path = directory.path().join(format!("{number}.json"));
        fs::write(&path, format!("{{\"Records\":[{}]}}", records.join(","))).expect("written");
        paths.push(path);
    }
    (directory, paths)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Files are not sorted, times repeat, paths come in any order: the sequence is that of time and id.
    #[test]
    fn one_order_whatever_the_files(
        events in proptest::collection::vec((0usize..8, 0u32..300), 1..80),
        rotation in 0usize..8,
    ) {
        let mut files = vec![Vec::new(); 8];
        for (id, (file, second)) in events.iter().enumerate() {
            files[*file].push(record(id as u32, second * 60));
        }
        let (_directory, mut paths) = written(&files);
        paths.rotate_left(rotation);
        let mut expected: Vec<u32> = (0..events.len() as u32).collect();
        expected.sort_by_key(|id| (events[*id as usize].1, *id));
        let (order, opened_late) = merged(&paths, &ReplayConfig::default());
        let ids: Vec<String> = order.into_iter().map(|(_, id)| id).collect();
        prop_assert_eq!(ids, expected.iter().map(|id| format!("event-{id:05}")).collect::<Vec<_>>());
        prop_assert_eq!(opened_late, 0);
    }
}

#[test]
fn files_that_follow_one_another_are_open_one_by_one() {
    let files: Vec<Vec<String>> =
        (0..20).map(|file| vec![record(file, file * 60), record(100 + file, file * 60 + 30)]).collect();
    let (_directory, paths) = written(&files);
    let config = ReplayConfig { max_open_files: 1, ..ReplayConfig::default() };
    let (order, opened_late) = merged(&paths, &config);
    assert!(order.is_sorted());
    assert_eq!((order.len(), opened_late), (40, 0));
}

#[test]
fn too_many_overlapping_files_are_told() {
    let files: Vec<Vec<String>> =
        (0..4).map(|file| vec![record(file, file), record(100 + file, 7_000 + file)]).collect();
    let (_directory, paths) = written(&files);
    let config = ReplayConfig { max_open_files: 2, ..ReplayConfig::default() };
    let (order, opened_late) = merged(&paths, &config);
    assert_eq!((order.len(), opened_late), (8, 2));
}

#[test]
fn a_large_file_is_put_in_order_within_its_window() {
    let lines: Vec<String> = (0..200u32).map(|id| record(id, (id ^ 7) * 60)).collect();
    let directory = TempDir::new().expect("a directory");
    let path = directory.path().join("a.ndjson");
    fs::write(&path, lines.join("\n")).expect("written");
    let config = ReplayConfig { whole_file_bytes: 1_000, reorder_events: 8, ..ReplayConfig::default() };
    let (order, _) = merged(&[path], &config);
    assert!(order.is_sorted());
    assert_eq!(order.len(), 200);
}
