//! The recorded attacks: one case for each technique that Stratus Red Team executed, one for each example that Panther's
//! rules are to alert on.

use std::path::Path;

use nhiwatch::config::DecodeConfig;
use nhiwatch::decode::{Decoded, Scratch, decode_message};
use nhiwatch::event::Timestamp;
use serde_json::Value;

/// A recorded attack.
pub struct Case {
    /// Where it is from (`stratus`, `panther`) and its technique.
    pub technique: String,
    /// Its events in order: milliseconds since the first, and the record.
    pub events: Vec<(i64, Value)>,
    /// What is done in it (`iam:CreateAccessKey`).
    pub actions: Vec<String>,
}

/// All cases; none where there are no recordings.
pub fn read() -> Option<Vec<Case>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    folder.is_dir().then(|| {
        let mut cases = stratus(&folder);
        cases.extend(panther(&folder));
        cases.retain(|case| !case.events.is_empty());
        cases
    })
}

/// Records and labels of a folder of the recordings, line by line.
fn labelled(folder: &Path) -> Vec<(Value, Value)> {
    let lines = |name: &str| -> Vec<Value> {
        let text =
            std::fs::read_to_string(folder.join(name)).expect("a folder of the recordings has records and labels");
        text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
    };
    lines("aws_cloudtrail.labels.ndjson").into_iter().zip(lines("aws_cloudtrail.ndjson")).collect()
}

fn stratus(folder: &Path) -> Vec<Case> {
    let mut cases: Vec<(String, Vec<Value>)> = Vec::new();
    for (label, record) in labelled(&folder.join("stratus")) {
        let technique = format!("stratus {}", label["technique"].as_str().unwrap_or("?"));
        match cases.iter_mut().find(|(name, _)| *name == technique) {
            Some((_, records)) => records.push(record),
            None => cases.push((technique, vec![record])),
        }
    }
    cases.into_iter().map(|(technique, records)| Case::new(technique, records)).collect()
}

fn panther(folder: &Path) -> Vec<Case> {
    let labelled = labelled(&folder.join("panther")).into_iter();
    let alerting = labelled.filter(|(label, _)| label["expected"] == true);
    let case = |(label, record): (Value, Value)| {
        let techniques: Vec<&str> =
            label["attack"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        // The first one names the row; others are ways of looking at the same event.
        let first = techniques
            .first()
            .map_or("no technique", |technique| technique.split(':').next_back().unwrap_or(technique));
        Case::new(format!("panther {first}"), vec![record])
    };
    alerting.map(case).collect()
}

impl Case {
    /// What is no event to be scored is left out.
    fn new(technique: String, records: Vec<Value>) -> Case {
        let mut timed: Vec<(Timestamp, Value, String)> = Vec::new();
        for mut record in records {
            let time = record["eventTime"].as_str().and_then(|time| Timestamp::parse(time).ok());
            let time = time.unwrap_or_default();
            record["eventTime"] = Value::from("2026-01-01T00:00:00Z");
            if let Some(action) = action(&record) {
                timed.push((time, record, action));
            }
        }
        timed.sort_by_key(|(time, ..)| *time);
        let start = timed.first().map_or(Timestamp::default(), |(time, ..)| *time);
        let actions = timed.iter().map(|(.., action)| action.clone()).collect();
        let events = timed.into_iter().map(|(time, record, _)| (time.since(start), record)).collect();
        Case { technique, events, actions }
    }
}

/// What a record says was done; none where it is no event.
fn action(record: &Value) -> Option<String> {
    let mut action = None;
    let text = record.to_string();
    let each = &mut |_, decoded: Decoded<'_>| {
        if let Ok(event) = decoded {
            action = Some(event.action.name());
        }
    };
    decode_message(Some(text.as_bytes()), None, &DecodeConfig::default(), &mut Scratch::default(), each).ok()?;
    action
}
