//! The truth: labels, a JSON object a line, and whom they speak of.

use serde::Deserialize;

use super::roster::Roster;
use crate::event::Timestamp;

/// One attack, as the labels give it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Label {
    /// Its name.
    pub attack_id: String,
    /// Which scenario (`A1`).
    pub scenario: String,
    /// ATT&CK or ATLAS techniques, with commas between them.
    pub technique: String,
    /// The version of ATT&CK that they are of.
    pub attack_version: String,
    /// The identities that the attacker acted as.
    pub identities: Vec<Involved>,
    /// Time of the first event, RFC 3339.
    pub start: String,
    /// Time of the last event, RFC 3339.
    pub end: String,
}

/// An identity that the attacker acted as.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Involved {
    /// Its scope.
    pub scope: String,
    /// Its name within the scope.
    pub principal: String,
}

/// An attack among the events of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attack {
    /// Which scenario.
    pub scenario: String,
    /// Places in the roster of those whom the attacker acted as.
    pub identities: Vec<u32>,
    /// Time of the first event.
    pub start: Timestamp,
    /// Time of the last event.
    pub end: Timestamp,
}

impl Label {
    /// The attack with whom it befalls in this stream; identities without an event in it are left out.
    pub fn attack(&self, roster: &Roster) -> Attack {
        let found = self.identities.iter().filter_map(|involved| roster.find(&involved.scope, &involved.principal));
        let time = |text: &str| Timestamp::parse(text).expect("times were checked when the labels were read");
        Attack {
            scenario: self.scenario.clone(),
            identities: found.collect(),
            start: time(&self.start),
            end: time(&self.end),
        }
    }
}

/// Reads labels; `file` is what errors call them.
///
/// # Errors
/// Names the line that is no label, or whose times are none.
pub fn parse_labels(file: &str, text: &str) -> Result<Vec<Label>, String> {
    let mut labels = Vec::new();
    for (line, text) in (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        let label: Label = serde_json::from_str(text).map_err(|error| format!("{file}:{line}: no label: {error}"))?;
        let times = [&label.start, &label.end].map(|time| Timestamp::parse(time));
        match times {
            [Ok(start), Ok(end)] if start <= end => labels.push(label),
            [Ok(_), Ok(_)] => return Err(format!("{file}:{line}: end is before start")),
            _ => return Err(format!("{file}:{line}: start and end must be times such as 2026-01-31T23:59:59Z")),
        }
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
        assert!(wrong(&label.replace("T01:00", "Tx")).contains("f:2: start and end must be times"));
        assert!(wrong(&label.replace("01T01:00", "00T")).contains("f:2: "));
    }
}
