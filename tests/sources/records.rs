//! Recorded lines beside what became of them.

use serde_json::Value;

use crate::common::{outcomes, recorded};

/// Each recorded line, and what became of the one record in it.
pub fn decoded(file: &str) -> Vec<(Value, Value)> {
    let one = |line: &String| {
        let raw = serde_json::from_str(line).expect("a recorded event");
        let mut seen = outcomes(line.as_bytes());
        assert_eq!(seen.len(), 1, "{line}");
        (raw, seen.remove(0))
    };
    recorded(file).iter().map(one).collect()
}

/// Each dead letter is explained by its record.
pub fn dead_letters(records: &[(Value, Value)], explained: impl Fn(&Value, &str) -> bool) {
    for (raw, seen) in records {
        if let Some(reason) = seen["dead_letter"].as_str() {
            assert!(explained(raw, reason), "{reason}: {seen}\n{raw}");
        }
    }
}
