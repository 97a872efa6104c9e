//! The figures: one line for each entrant at each rate of false alerts that was asked for.
//!
//! In: scores and labels. Out: [`Report`], for JSON as it is, for people as text.

use std::collections::BTreeMap;

use serde::Serialize;

use super::attack::{Attack, attack};
use super::contest::{Entrant, Scores};
use super::oracle::threshold;
use super::rise::{Rise, alerts};
use super::statistics::{Interval, poisson_interval, quantile, share_interval};
use super::verdict::{Period, Verdict, judge};
use crate::event::Timestamp;
use crate::simulate::AttackLabel;

/// Attacks per identity-day that precision is quoted for beside the stream's own.
const RARE: f64 = 1.0 / 100_000.0;

/// What was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// False alerts per 1,000 identities and day.
    pub budgets: Vec<f64>,
    /// Days from the first event in which nothing is counted.
    pub warm_up_days: u32,
}

/// What the figures rest on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stream {
    /// Events judged.
    pub events: u64,
    /// Identities.
    pub identities: usize,
    /// Those of them whose kind alerts; rates are per 1,000 of these.
    pub watched: usize,
    /// Time of the first event.
    pub start: String,
    /// From here on alerts are counted.
    pub counted_from: String,
    /// Time of the last event.
    pub end: String,
    /// Days of the watched identities that are counted, added up.
    pub identity_days: f64,
    /// Attacks that are counted.
    pub attacks: u64,
    /// Attacks that began before alerts are counted, and are left out.
    pub attacks_before: u64,
    /// Attacks of which no identity has an event in the stream; they are counted, and cannot be found.
    pub attacks_unseen: u64,
}

/// Found, and of how many.
pub type Share = (u64, u64);

/// One entrant at one rate of false alerts.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Its name.
    pub entrant: &'static str,
    /// False alerts per 1,000 identities and day that were asked for.
    pub asked: f64,
    /// The threshold that was chosen with the labels in hand; none where the entrant's own holds, or none is low enough.
    pub oracle_threshold: Option<f64>,
    /// Attacks found, and how many there are.
    pub found: Share,
    /// The share of attacks found.
    pub recall: f64,
    /// Its interval (95 %, of the attacks alone).
    pub recall_interval: Interval,
    /// False alerts.
    pub false_alerts: u64,
    /// False alerts per 1,000 identities and day.
    pub false_rate: f64,
    /// Its interval (95 %, Poisson).
    pub false_rate_interval: Interval,
    /// False alerts of the worst day per 1,000 identities.
    pub worst_day: f64,
    /// Minutes from an attack's first event to its first alert, of those found: median and nine in ten.
    pub minutes_to_detect: Option<(f64, f64)>,
    /// Share of true ones among alerts, were attacks as frequent as in this stream; none without false alerts.
    pub precision_here: Option<f64>,
    /// The same with one attack in 100,000 identity-days.
    pub precision_rare: Option<f64>,
    /// By scenario.
    pub scenarios: BTreeMap<String, Share>,
    /// By technique; an attack counts for each of its techniques.
    pub techniques: BTreeMap<String, Share>,
    /// The attacks found.
    pub attack_ids: Vec<String>,
}

/// Everything that `evaluate` says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// What the figures rest on.
    pub stream: Stream,
    /// Attacks per identity-day in this stream.
    pub prevalence: f64,
    /// Entrants at each rate.
    pub lines: Vec<Line>,
    /// Events a second, everything included; 0 where it was not measured.
    pub events_per_second: f64,
}

impl Report {
    /// Holds scores against labels.
    pub fn new(scores: &Scores, labels: &[AttackLabel], settings: &Settings) -> Report {
        let warm_up = i64::from(settings.warm_up_days) * Timestamp::DAY_MS;
        let period = Period { start: scores.period.start.plus_millis(warm_up), ..scores.period };
        let attacks = labels.iter().map(|label| (label, attack(label, &scores.roster)));
        let (counted, before): (Vec<_>, Vec<_>) = attacks.partition(|(_, attack)| attack.start >= period.start);
        let (labels, attacks): (Vec<&AttackLabel>, Vec<Attack>) = counted.into_iter().unzip();
        let stream = stream(scores, period, &attacks, before.len() as u64);
        let trial = Trial { period, identity_days: stream.identity_days, watched: stream.watched, labels, attacks };
        let lines = settings.budgets.iter().flat_map(|&asked| trial.lines(scores, asked)).collect();
        let prevalence = share(stream.attacks as f64, stream.identity_days);
        Report { stream, prevalence, lines, events_per_second: 0.0 }
    }
}

fn stream(scores: &Scores, period: Period, attacks: &[Attack], attacks_before: u64) -> Stream {
    Stream {
        events: scores.events,
        identities: scores.roster.members.len(),
        watched: scores.roster.watched(),
        start: scores.period.start.to_string(),
        counted_from: period.start.to_string(),
        end: period.end.to_string(),
        identity_days: scores.roster.identity_days(period),
        attacks: attacks.len() as u64,
        attacks_before,
        attacks_unseen: attacks.iter().filter(|attack| attack.identities.is_empty()).count() as u64,
    }
}

/// What every entrant is measured by.
struct Trial<'l> {
    period: Period,
    identity_days: f64,
    watched: usize,
    labels: Vec<&'l AttackLabel>,
    attacks: Vec<Attack>,
}

impl Trial<'_> {
    /// All entrants at one rate.
    fn lines(&self, scores: &Scores, asked: f64) -> Vec<Line> {
        let entrants = scores.rises.iter().filter(|(entrant, _)| entrant.is_for(asked));
        entrants.map(|(entrant, rises)| self.line(*entrant, rises, asked)).collect()
    }

    fn line(&self, entrant: Entrant, rises: &[Rise], asked: f64) -> Line {
        let rises: Vec<Rise> = rises.iter().copied().filter(|rise| rise.time >= self.period.start).collect();
        let verdict = |threshold| judge(&alerts(&rises, threshold), &self.attacks);
        if entrant.is_label_free() {
            return self.figures(entrant, asked, None, &verdict(0.0));
        }
        let allowed = (asked * self.identity_days / 1_000.0).round() as u64;
        let lowest = threshold(&rises, allowed, |threshold| verdict(threshold).false_alerts());
        self.figures(entrant, asked, Some(lowest).filter(|lowest| lowest.is_finite()), &verdict(lowest))
    }

    fn figures(&self, entrant: Entrant, asked: f64, oracle_threshold: Option<f64>, verdict: &Verdict) -> Line {
        let (hits, of, false_alerts) = (verdict.hits(), self.attacks.len() as u64, verdict.false_alerts());
        let per_1000 = share(1_000.0, self.identity_days);
        let worst = verdict.false_by_day.values().max().copied().unwrap_or(0);
        let false_rate = false_alerts as f64 * per_1000;
        let recall = share(hits as f64, of as f64);
        let precision = |prevalence: f64| {
            let told = prevalence * recall + false_rate / 1_000.0;
            // Without a single false alert their rate is not known.
            (false_alerts > 0).then_some(prevalence * recall / told)
        };
        Line {
            entrant: entrant.name(),
            asked,
            oracle_threshold,
            found: (hits, of),
            recall,
            recall_interval: share_interval(hits, of),
            false_alerts,
            false_rate,
            false_rate_interval: poisson_interval(false_alerts).times(per_1000),
            worst_day: share(worst as f64 * 1_000.0, self.watched as f64),
            minutes_to_detect: self.minutes_to_detect(verdict),
            precision_here: precision(share(of as f64, self.identity_days)),
            precision_rare: precision(RARE),
            scenarios: self.shares(verdict, |label| vec![label.scenario.clone()]),
            techniques: self.shares(verdict, |label| label.technique.split(", ").map(str::to_owned).collect()),
            attack_ids: self.found(verdict).map(|(label, ..)| label.attack_id.clone()).collect(),
        }
    }

    fn found<'t>(&'t self, verdict: &'t Verdict) -> impl Iterator<Item = (&'t AttackLabel, &'t Attack, Timestamp)> {
        let attacks = self.labels.iter().zip(&self.attacks).zip(&verdict.found);
        attacks.filter_map(|((label, attack), found)| found.map(|time| (*label, attack, time)))
    }

    fn minutes_to_detect(&self, verdict: &Verdict) -> Option<(f64, f64)> {
        let minutes = |(_, attack, time): (_, &Attack, Timestamp)| time.since(attack.start).max(0) as f64 / 60_000.0;
        let minutes: Vec<f64> = self.found(verdict).map(minutes).collect();
        Some((quantile(&minutes, 0.5)?, quantile(&minutes, 0.9)?))
    }

    fn shares(&self, verdict: &Verdict, names: impl Fn(&AttackLabel) -> Vec<String>) -> BTreeMap<String, Share> {
        let mut shares: BTreeMap<String, Share> = BTreeMap::new();
        for (label, found) in self.labels.iter().zip(&verdict.found) {
            for name in names(label) {
                let share = shares.entry(name).or_default();
                share.0 += u64::from(found.is_some());
                share.1 += 1;
            }
        }
        shares
    }
}

/// A share; 0 of nothing.
fn share(part: f64, of: f64) -> f64 {
    if of > 0.0 { part / of } else { 0.0 }
}
