//! Everything of CloudTrail in the corpus beside the repository decodes: no dead letter but those that are explained here.
#![allow(clippy::disallowed_methods, reason = "the cases are files")]

#[path = "decode/outcome.rs"]
mod outcome;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use nhiwatch::config::DecodeConfig;

use outcome::outcomes_of;

/// Folders and files of the corpus, and what their names begin with.
const PLACES: [(&str, &str); 6] = [
    ("stratus", "aws_cloudtrail"),
    ("panther", "aws_cloudtrail"),
    ("traildiscover", "aws_"),
    ("custodian", "aws_"),
    ("streamalert", "cloud"),
    ("otrf", "aws"),
];

/// Dead letters that are right: the file, the reason, how many, why.
const EXPLAINED: [(&str, &str, usize, &str); 7] = [
    ("custodian/aws_cloudtrail.ndjson", "missing_field", 1, "shortened by hand: no eventTime"),
    ("panther/aws_cloudtrail.ndjson", "missing_field", 14, "shortened by hand: no eventTime"),
    ("panther/aws_cloudtrail.ndjson", "bad_time", 2, "redacted times"),
    ("panther/aws_cloudtrail.ndjson", "unknown_format", 4, "nothing of a call left"),
    ("streamalert/cloudtrail_events.ndjson", "bad_time", 4, "redacted times"),
    ("streamalert/cloudwatch_cloudtrail.ndjson", "bad_time", 1, "a placeholder for a time"),
    ("streamalert/cloudwatch_events.ndjson", "bad_time", 10, "redacted times"),
];

#[test]
fn the_corpus_decodes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !root.is_dir() {
        let _ = writeln!(std::io::stderr(), "skipped: no corpus beside the repository ({})", root.display());
        return;
    }
    let mut dead = BTreeMap::new();
    let mut events = 0;
    for file in files(&root) {
        let name = file.strip_prefix(&root).expect("within").display().to_string();
        for outcome in outcomes_of(&fs::read(&file).expect("a file"), &DecodeConfig::default()) {
            match outcome.kind {
                outcome::Kind::Event(_) => events += 1,
                outcome::Kind::Ignored(_) => {}
                outcome::Kind::Dead(reason, sentence) => {
                    dead.entry((name.clone(), reason)).or_insert_with(Vec::new).push((outcome.index, sentence));
                }
            }
        }
    }
    for (name, reason, count, why) in EXPLAINED {
        let seen = dead.remove(&(name.to_owned(), reason)).unwrap_or_default();
        assert_eq!(seen.len(), count, "{name}, {reason}: {why}; {seen:?}");
    }
    assert!(dead.is_empty(), "dead letters that nothing explains: {dead:#?}");
    assert!(events > 1_000, "{events} events");
}

fn files(root: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for (folder, beginning) in PLACES {
        for entry in fs::read_dir(root.join(folder)).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if name.starts_with(beginning) && !name.contains(".labels.") {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}
