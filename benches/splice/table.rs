//! What came out, as tables of Markdown.

use std::collections::BTreeMap;
use std::fmt::Write;

use nhiwatch::evaluate::{Attack, Entrant, Rise, poisson_interval, share_interval};
use nhiwatch::event::Kind;

use super::background::KINDS;
use super::graft::Variant;
use super::trial::{Null, Thresholds};

/// One case on one victim in one variant.
pub struct Outcome {
    /// Where the case is from, and its technique.
    pub technique: String,
    /// The victim's kind.
    pub kind: Kind,
    /// Where the attack seems to come from.
    pub variant: Variant,
    /// When and whom it befell.
    pub attack: Attack,
    /// What each entrant scored for the victim.
    pub rises: Vec<(Entrant, Vec<Rise>)>,
    /// The same without the attack.
    pub unspliced: Vec<(Entrant, Vec<Rise>)>,
}

/// All cases together, by entrant and rate, and by the victim's kind.
pub fn overall(null: &Null, thresholds: &Thresholds, outcomes: &[Outcome]) -> String {
    let mut text = format!(
        "{} trials; false alerts over {:.0} identity-days without attacks\n\n\
         | asked | entrant | threshold | false alerts per 1,000 a day | stratus | stratus, mimic | panther | panther, mimic | nothing spliced |\n\
         |---|---|---|---|---|---|---|---|---|\n",
        outcomes.len(),
        null.identity_days
    );
    for &(asked, entrant, threshold, false_alerts) in thresholds {
        let rate = 1_000.0 / null.identity_days;
        let interval = poisson_interval(false_alerts).times(rate);
        let told = false_alerts as f64 * rate;
        let limit = if threshold == 0.0 { "its own".to_owned() } else { format!("{threshold:.3}") };
        let _ = write!(
            text,
            "| {asked} | {} | {limit} | {told:.2} ({:.2}–{:.2}) |",
            entrant.name(),
            interval.low,
            interval.high
        );
        for source in ["stratus", "panther"] {
            for variant in Variant::ALL {
                let is_counted = |o: &&Outcome| o.technique.starts_with(source) && o.variant == variant;
                let _ = write!(text, " {} |", recall(outcomes.iter().filter(is_counted), entrant, threshold));
            }
        }
        let by_chance = outcomes.iter().filter(|o| o.is_found_by_chance(entrant, threshold)).count();
        let _ = writeln!(text, " {:.3} |", by_chance as f64 / outcomes.len().max(1) as f64);
    }
    text.push_str(&by_kind(thresholds, outcomes));
    text
}

fn by_kind(thresholds: &Thresholds, outcomes: &[Outcome]) -> String {
    let mut text = String::from("\n| asked | entrant |");
    KINDS.iter().for_each(|kind| text.push_str(&format!(" {} |", kind.name())));
    text.push_str("\n|---|---|---|---|---|---|---|\n");
    for &(asked, entrant, threshold, _) in thresholds {
        let _ = write!(text, "| {asked} | {} |", entrant.name());
        for kind in KINDS {
            let of_kind = outcomes.iter().filter(|outcome| outcome.kind == kind);
            let _ = write!(text, " {} |", recall(of_kind, entrant, threshold));
        }
        text.push('\n');
    }
    text
}

fn recall<'o>(outcomes: impl Iterator<Item = &'o Outcome>, entrant: Entrant, threshold: f64) -> String {
    let (mut hits, mut of) = (0, 0);
    for outcome in outcomes {
        hits += u64::from(outcome.is_found(entrant, threshold));
        of += 1;
    }
    let interval = share_interval(hits, of);
    format!("{:.2} ({:.2}–{:.2})", hits as f64 / of.max(1) as f64, interval.low, interval.high)
}

/// Found by technique at one rate: as a stranger / as a mimic.
pub fn by_technique(asked: f64, thresholds: &Thresholds, outcomes: &[Outcome]) -> String {
    let entrants: Vec<_> = thresholds.iter().filter(|(rate, ..)| *rate == asked).collect();
    let mut rows: BTreeMap<&str, Vec<&Outcome>> = BTreeMap::new();
    for outcome in outcomes {
        rows.entry(&outcome.technique).or_default().push(outcome);
    }
    let mut text = format!(
        "Found at {asked} false alerts per 1,000 identities and day: stranger / mimic\n\n| technique | trials |"
    );
    for (_, entrant, ..) in &entrants {
        let _ = write!(text, " {} |", entrant.name());
    }
    text.push_str(&format!("\n|---|---|{}\n", "---|".repeat(entrants.len())));
    for (technique, outcomes) in rows {
        let _ = write!(text, "| {technique} | {} |", outcomes.len() / Variant::ALL.len());
        for (_, entrant, threshold, _) in &entrants {
            let found = |variant| {
                let is_found = |o: &&&Outcome| o.variant == variant && o.is_found(*entrant, *threshold);
                outcomes.iter().filter(is_found).count()
            };
            let _ = write!(text, " {} / {} |", found(Variant::Stranger), found(Variant::Mimic));
        }
        text.push('\n');
    }
    text
}
