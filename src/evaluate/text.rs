//! The report for people.

use std::collections::BTreeMap;
use std::fmt;

use super::contest::Entrant;
use super::report::{Line, Report, Share};
use crate::alert::explain::grouped;

/// What must be known to read the table.
const REMARKS: &str = "\
An attack is found by an alert on an identity that it involves, from its start to 6 h after its end; later alerts on a
victim, up to 72 h, count for nobody; every other alert is false, whatever benign reason it has. An identity that alerted
is mute for 24 h, for every entrant. R3: new to the identity and not seen among its peers; R4: the same and 2 points for the
first use of a sensitive class of action. \"Oracle\": the threshold was chosen with the labels in hand to give the false alerts
asked for; no operator can do that. Only the lines \"own thresholds\" say what an operator gets. Brackets: 95 %.";

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stream = &self.stream;
        let number = |number: usize| grouped(number as u64);
        writeln!(
            f,
            "{} events from {} to {}; {} identities, {} of them of kinds that alert",
            grouped(stream.events),
            stream.start,
            stream.end,
            number(stream.identities),
            number(stream.watched)
        )?;
        writeln!(
            f,
            "Counted from {} on: {} identity-days, {} attacks{}{}",
            stream.counted_from,
            grouped(stream.identity_days.round() as u64),
            grouped(stream.attacks),
            remark(stream.attacks_before, "more began before and are left out"),
            remark(stream.attacks_unseen, "of them on identities without any event"),
        )?;
        writeln!(f, "\n{}", columns(&self.table()))?;
        writeln!(f, "{}", columns(&self.found_by("SCENARIO", by_scenario)))?;
        writeln!(f, "{}", columns(&self.found_by("TECHNIQUE", by_technique)))?;
        writeln!(f, "{REMARKS}")?;
        writeln!(
            f,
            "Precision holds for a prevalence: \"here\" for that of this stream, one attack in {} identity-days.",
            grouped((1.0 / self.prevalence.max(1e-12)).round() as u64)
        )?;
        write!(f, "{} events/s, every entrant included.", grouped(self.events_per_second.round() as u64))
    }
}

fn remark(count: u64, what: &str) -> String {
    if count == 0 { String::new() } else { format!(", {} {what}", grouped(count)) }
}

fn by_scenario(line: &Line) -> &BTreeMap<String, Share> {
    &line.scenarios
}

fn by_technique(line: &Line) -> &BTreeMap<String, Share> {
    &line.techniques
}

impl Report {
    fn table(&self) -> Vec<Vec<String>> {
        let head = [
            "ASKED",
            "ENTRANT",
            "FOUND",
            "RECALL",
            "FALSE",
            "PER 1,000 A DAY",
            "WORST DAY",
            "TO DETECT: MEDIAN",
            "P90",
            "PRECISION HERE",
            "AT 1 IN 100,000",
        ];
        let mut rows = vec![head.map(String::from).to_vec()];
        rows.extend(self.lines.iter().map(row));
        rows
    }

    /// Found and not found by scenario or technique: our model at every rate, the others at the rate nearest to 1.
    fn found_by(&self, head: &str, shares: fn(&Line) -> &BTreeMap<String, Share>) -> Vec<Vec<String>> {
        let own = Entrant::Budget(0.0).name();
        let distance = |line: &Line| (line.asked.max(1e-9).ln().abs() * 1e6) as u64;
        let near = self.lines.iter().min_by_key(|line| distance(line)).map_or(1.0, |line| line.asked);
        let is_shown = |line: &&Line| line.entrant == own || line.asked == near;
        let shown: Vec<&Line> = self.lines.iter().filter(is_shown).collect();
        let title = |line: &&Line| {
            let short = line.entrant.trim_end_matches(" thresholds");
            format!(
                "{} @ {}",
                short.trim_start_matches("nhiwatch, ").trim_end_matches(", oracle").to_uppercase(),
                line.asked
            )
        };
        let mut rows = vec![[head.into(), "ATTACKS".into()].into_iter().chain(shown.iter().map(title)).collect()];
        let mut names: Vec<(&String, u64)> =
            shown.first().map_or(Vec::new(), |line| shares(line).iter().map(|(name, share)| (name, share.1)).collect());
        names.sort_by_key(|(name, _)| (name.len(), name.as_str()));
        for (name, of) in names {
            let found = shown.iter().map(|line| shares(line)[name].0.to_string());
            let name: String = name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).take(60).collect();
            rows.push([name, of.to_string()].into_iter().chain(found).collect());
        }
        rows
    }
}

fn row(line: &Line) -> Vec<String> {
    let percent = |share: Option<f64>| share.map_or("–".into(), |share| format!("{:.1} %", share * 100.0));
    let minutes = |minutes: f64| format!("{minutes:.0} min");
    let (median, p90) = line.minutes_to_detect.map_or(("–".into(), "–".into()), |(a, b)| (minutes(a), minutes(b)));
    let recall = &line.recall_interval;
    let rate = &line.false_rate_interval;
    vec![
        line.asked.to_string(),
        line.entrant.into(),
        format!("{} of {}", line.found.0, line.found.1),
        format!("{:.2} [{:.2}–{:.2}]", line.recall, recall.low, recall.high),
        grouped(line.false_alerts),
        format!("{:.2} [{:.2}–{:.2}]", line.false_rate, rate.low, rate.high),
        format!("{:.1}", line.worst_day),
        median,
        p90,
        percent(line.precision_here),
        percent(line.precision_rare),
    ]
}

/// Rows in columns: text to the left; the first row is the head.
fn columns(rows: &[Vec<String>]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    let mut table = String::new();
    for row in rows {
        let mut text = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            text.push_str(cell);
            text.push_str(&" ".repeat(width - cell.chars().count() + 2));
        }
        table.push_str(text.trim_end());
        table.push('\n');
    }
    table
}
