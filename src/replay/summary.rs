//! What a replay says in the end. Every record that was read is in it exactly once (law 2).

use std::fmt;

use super::table::{grouped, with_parts};
use super::tally::Tally;
use crate::alert::explain::percent;
use crate::detect::{Census, Counts};
use crate::event::{Activity, Band, Finding, Kind};

/// Severities in the order in which they are shown.
const SEVERITIES: [&str; 5] = ["critical", "high", "medium", "low", "informational"];

/// A count with its name.
type Named = (&'static str, u64);

/// What became of all records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// What was read.
    pub tally: Tally,
    /// What was counted while events were judged.
    pub counts: Counts,
    /// Identities by kind, in the order of [`Kind::ALL`].
    pub identities: [u64; Kind::ALL.len()],
    /// Identities that have too little history of their own.
    pub learning: u64,
    /// Alerts that opened an incident: critical, high, medium, low, informational (for the record only).
    pub created: [u64; SEVERITIES.len()],
    /// Alerts that added to an incident, likewise.
    pub updated: [u64; SEVERITIES.len()],
    /// Incidents that were closed, likewise.
    pub closed: [u64; SEVERITIES.len()],
    /// Notices of campaigns.
    pub notices: u64,
    /// Files that could not be opened in time because more than `replay.max_open_files` overlap.
    pub opened_late: u64,
}

impl Summary {
    /// Takes over what was read.
    pub(super) fn read(&mut self, tally: &Tally, opened_late: u64) {
        (self.tally, self.opened_late) = (tally.clone(), opened_late);
    }

    /// Takes over what was counted in judging.
    pub(super) fn judged(&mut self, counts: &Counts) {
        self.counts = counts.clone();
    }

    /// Adds the identities of one detector.
    pub(super) fn add_census(&mut self, census: &Census) {
        self.identities.iter_mut().zip(census.identities).for_each(|(all, of_one)| *all += of_one);
        self.learning += census.learning;
    }

    /// Counts one finding.
    pub(super) fn found(&mut self, finding: &Finding) {
        if finding.campaign.is_some() {
            self.notices += 1;
            return;
        }
        let severity = match finding.band {
            _ if !finding.is_alert() => 4,
            Band::Low => 3,
            Band::Medium => 2,
            Band::High => 1,
            Band::Critical => 0,
        };
        let counts = match finding.activity {
            Activity::Create => &mut self.created,
            Activity::Update => &mut self.updated,
            Activity::Close => &mut self.closed,
        };
        counts[severity] += 1;
    }

    /// Findings so far.
    pub fn findings(&self) -> u64 {
        self.created.iter().chain(&self.updated).chain(&self.closed).sum::<u64>() + self.notices
    }

    /// Whether each record that was read is in exactly one outcome, and each event was judged.
    pub fn adds_up(&self) -> bool {
        let Tally { records, events, ticks, damaged, .. } = self.tally;
        let outcomes = events + ticks + damaged + self.tally.ignored_in_all() + self.tally.dead_in_all();
        records == outcomes && events == self.counts.scored + self.counts.duplicate + self.counts.repeated
    }

    fn balance(&self) -> String {
        let read = grouped(self.tally.records);
        let outcomes = self.outcomes().into_iter();
        let outcomes: Vec<_> = outcomes.map(|(name, count, _)| format!("{} {name}", grouped(count))).collect();
        match self.adds_up() {
            true => format!("The outcomes add up: {read} read = {}.", outcomes.join(" + ")),
            false => format!(
                "The outcomes do not add up, which is a fault of this program: {read} read, {}.",
                outcomes.join(", ")
            ),
        }
    }

    /// What became of the records: name, how many, and what is said of them. Some are named only where they occur.
    fn outcomes(&self) -> Vec<(&'static str, u64, Vec<Named>)> {
        let Summary { counts, tally, .. } = self;
        let scored = vec![("late", counts.late), ("by identities that nothing was known of", counts.learning)];
        let always = [
            ("scored", counts.scored, scored),
            ("ignored", tally.ignored_in_all(), tally.ignored_reasons()),
            ("dead letters", tally.dead_in_all(), tally.dead_reasons()),
        ];
        let entries = [
            ("duplicates", counts.duplicate),
            ("repeated", counts.repeated),
            ("ticks", tally.ticks),
            ("damaged entries", tally.damaged),
        ];
        let entries = entries.into_iter().filter(|(_, count)| *count > 0);
        always.into_iter().chain(entries.map(|(name, count)| (name, count, Vec::new()))).collect()
    }
}

impl Summary {
    fn identity_lines(&self) -> [(&'static str, String); 2] {
        let all: u64 = self.identities.iter().sum();
        let share = percent(self.learning as f64 / all.max(1) as f64);
        [
            ("identities", with_parts(all, &named(&Kind::ALL.map(Kind::name), &self.identities))),
            ("still learning", format!("{} identities ({share} of all)", grouped(self.learning))),
        ]
    }

    /// Lines about alerts; what keeps some from alerting only where it occurred.
    fn alert_lines(&self) -> Vec<(&'static str, String)> {
        let by_severity = |counts: &[u64]| with_parts(counts.iter().sum(), &named(&SEVERITIES, counts));
        let Counts { held_back, too_old, waves_discounted, .. } = self.counts;
        let mut lines = vec![
            ("alerts created", by_severity(&self.created)),
            ("alerts updated", by_severity(&self.updated)),
            ("alerts closed", by_severity(&self.closed)),
        ];
        let seldom = [
            ("campaigns", self.notices, "notices of what several peers did at once"),
            ("lowered", waves_discounted, "surprises, because peers did the same within hours"),
            ("held back", held_back, "incidents, by the hard cap on alerts"),
            ("too old", too_old, "incidents, recorded only (budget.max_age_hours)"),
        ];
        let seldom = seldom.into_iter().filter(|(_, count, _)| *count > 0);
        lines.extend(seldom.map(|(name, count, what)| (name, format!("{} {what}", grouped(count)))));
        lines
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<16}{}", "records read", grouped(self.tally.records))?;
        for (name, count, parts) in self.outcomes() {
            writeln!(f, "  {name:<14}{}", with_parts(count, &parts))?;
        }
        for (name, value) in self.identity_lines().into_iter().chain(self.alert_lines()) {
            writeln!(f, "{name:<16}{value}")?;
        }
        match self.tally.range {
            Some((first, last)) => writeln!(f, "{:<16}{first} to {last}", "time")?,
            None => writeln!(f, "{:<16}no event", "time")?,
        }
        if self.opened_late > 0 {
            let files = grouped(self.opened_late);
            writeln!(f, "{files} files were opened after their time: raise replay.max_open_files to have none late")?;
        }
        write!(f, "{}", self.balance())
    }
}

/// Counts with their names, those that are not zero.
fn named<'n>(names: &[&'n str], counts: &[u64]) -> Vec<(&'n str, u64)> {
    names.iter().copied().zip(counts.iter().copied()).filter(|(_, count)| *count > 0).collect()
}
