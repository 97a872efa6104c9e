//! The truth: labels, a JSON object a line, and whom they speak of.

use super::roster::Roster;
use crate::event::Timestamp;
use crate::simulate::AttackLabel;

/// An attack among the events of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attack {
    /// Places in the roster of those whom the attacker acted as.
    pub identities: Vec<u32>,
    /// Time of the first event.
    pub start: Timestamp,
    /// Time of the last event.
    pub end: Timestamp,
}

/// The attack with whom it befalls in this stream; identities without an event in it are left out.
pub fn attack(label: &AttackLabel, roster: &Roster) -> Attack {
    let found = label.identities.iter().filter_map(|involved| roster.find(&involved.scope, &involved.principal));
    Attack { identities: found.collect(), start: label.start, end: label.end }
}

/// Reads labels; `file` is what errors call them.
///
/// # Errors
/// Names the line that is no label, or that ends before it starts.
pub fn parse_labels(file: &str, text: &str) -> Result<Vec<AttackLabel>, String> {
    let mut labels = Vec::new();
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let label: AttackLabel =
            serde_json::from_str(text).map_err(|error| format!("{file}:{line}: no label: {error}"))?;
        if label.end < label.start {
            return Err(format!("{file}:{line}: the end is before the start"));
        }
        labels.push(label);
    }
    Ok(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABEL: &str = r#"{"attack_id":"x","scenario":"A1","technique":"T1552.005","attack_version":"19",
        "identities":[{"scope":"aws/1","principal":"p"}],"start":"2026-03-01T00:00:00Z","end":"2026-03-01T01:00:00Z"}"#;

    #[test]
    fn errors_name_the_line() {
        let label = LABEL.replace('\n', "");
        assert_eq!(parse_labels("f", &format!("{label}\n\n{label}\n")).map(|labels| labels.len()), Ok(2));
        let wrong = |text: &str| parse_labels("f", &format!("{label}\n{text}")).expect_err("wrong");
        assert!(wrong("{}").starts_with("f:2: no label: missing field"), "{}", wrong("{}"));
        assert!(wrong(&label.replace("T01:00", "Tx")).contains("f:2: no label: \"2026-03-01Tx:00Z\" is not a date"));
        assert_eq!(wrong(&label.replace("03-01T01", "02-01T01")), "f:2: the end is before the start");
    }
}
