//! All entrants over one stream of events: each event is judged by all of them, in the order in which it comes.
//!
//! In: events in order of time. Out: [`Scores`], the rises of each entrant. The entrants see no label and no future.

use super::rise::Rise;
use super::roster::Roster;
use super::rules::Rules;
use super::verdict::Period;
use crate::config::Config;
use crate::detect::{Detector, Effects};
use crate::event::{Activity, Attributed, Finding, Timestamp};

/// A budget that every threshold is at its floor for, so that also weak incidents are ranked.
const LOWEST_THRESHOLD: f64 = 1e6;
/// Seed of the noise that breaks ties.
const NOISE_SEED: u64 = 0x6E68_6977;

/// Who takes part.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub enum Entrant {
    /// Our model with a budget and its own, label-free thresholds.
    Budget(f64),
    /// Our model's incidents, ranked by their score.
    Score,
    /// Our model's incidents, ranked by their evidence in bits.
    Evidence,
    /// New to the identity and not seen among its peers.
    R3,
    /// The same and 2 points for the first use of a sensitive class.
    R4,
}

impl Entrant {
    /// What takes part beside the budgets, each at a threshold that is chosen with the labels in hand.
    pub const RANKED: [Entrant; 4] = [Entrant::Score, Entrant::Evidence, Entrant::R3, Entrant::R4];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Entrant::Budget(_) => "nhiwatch, its own thresholds",
            Entrant::Score => "nhiwatch by score, oracle",
            Entrant::Evidence => "nhiwatch by evidence, oracle",
            Entrant::R3 => "R3, oracle",
            Entrant::R4 => "R4, oracle",
        }
    }
}

/// A detector and what it said.
#[derive(Debug, Clone)]
struct Judged {
    detector: Detector,
    findings: Vec<(u32, Found)>,
}

/// What counts of a finding.
#[derive(Debug, Clone, Copy)]
struct Found {
    time: Timestamp,
    score: f64,
    evidence_bits: f64,
}

/// The entrants on their way.
#[derive(Debug, Clone)]
pub struct Contest {
    roster: Roster,
    rules: Rules,
    budgets: Vec<(f64, Judged)>,
    lowest: Judged,
    r3: Vec<Rise>,
    r4: Vec<Rise>,
    period: Option<Period>,
    events: u64,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Scores {
    /// Who there was.
    pub roster: Roster,
    /// Each entrant's rises, in order of time.
    pub rises: Vec<(Entrant, Vec<Rise>)>,
    /// From the first event to the last.
    pub period: Period,
    /// Events judged.
    pub events: u64,
}

/// A detector for files with a budget: the only place that knows where the configuration keeps it.
fn detector(config: &Config, per_1000_per_day: f64) -> Detector {
    let mut detect = config.detect.clone();
    detect.acute_per_1000_per_day = per_1000_per_day;
    Detector::for_files(&detect)
}

impl Contest {
    /// All entrants, our model once for each budget (alerts per 1,000 identities and day).
    pub fn new(config: &Config, budgets: &[f64]) -> Contest {
        let judged = |budget| Judged { detector: detector(config, budget), findings: Vec::new() };
        Contest {
            roster: Roster::new(&config.detect.record_only),
            rules: Rules::default(),
            budgets: budgets.iter().map(|&budget| (budget, judged(budget))).collect(),
            lowest: judged(LOWEST_THRESHOLD),
            r3: Vec::new(),
            r4: Vec::new(),
            period: None,
            events: 0,
        }
    }

    /// Every entrant judges the event, then learns it. Returns the alerts of the first budget so far, for the progress.
    pub fn event(&mut self, event: &Attributed<'_>) -> u64 {
        let time = event.event.time;
        self.events += 1;
        let period = self.period.get_or_insert(Period { start: time, end: time });
        period.end = period.end.max(time);
        let (identity, _) = self.roster.meet(&event.identity, time);
        let points = self.rules.event(identity, event);
        if let Some(points) = points.filter(|_| self.roster.members[identity as usize].is_watched) {
            self.r3.extend((points.r3 > 0.0).then_some(Rise { identity, time, score: points.r3 }));
            self.r4.extend((points.r4 > 0.0).then_some(Rise { identity, time, score: points.r4 }));
        }
        for judged in self.budgets.iter_mut().map(|(_, judged)| judged).chain([&mut self.lowest]) {
            judged.event(event, &self.roster);
        }
        self.budgets.first().map_or(0, |(_, judged)| judged.findings.len() as u64)
    }

    /// Who there is so far.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Forgets what was scored, not what was learned: what follows is scored by itself.
    pub fn forget_scores(&mut self) {
        for judged in self.budgets.iter_mut().map(|(_, judged)| judged).chain([&mut self.lowest]) {
            judged.findings.clear();
        }
        self.r3.clear();
        self.r4.clear();
    }

    /// What came of it so far.
    pub fn scores(&self) -> Scores {
        let nothing = Timestamp::default();
        let period = self.period.unwrap_or(Period { start: nothing, end: nothing });
        Scores { roster: self.roster.clone(), rises: self.rises(), period, events: self.events }
    }

    /// Each entrant's rises so far, in order of time.
    pub fn rises(&self) -> Vec<(Entrant, Vec<Rise>)> {
        let own = |(budget, judged): &(f64, Judged)| (Entrant::Budget(*budget), judged.rises(|_| 1.0));
        let mut rises: Vec<(Entrant, Vec<Rise>)> = self.budgets.iter().map(own).collect();
        rises.push((Entrant::Score, noisy(&self.lowest.rises(|found| found.score))));
        rises.push((Entrant::Evidence, noisy(&self.lowest.rises(|found| found.evidence_bits))));
        rises.push((Entrant::R3, noisy(&self.r3)));
        rises.push((Entrant::R4, noisy(&self.r4)));
        rises
    }
}

impl Judged {
    fn event(&mut self, event: &Attributed<'_>, roster: &Roster) {
        let mut effects = Effects::default();
        self.detector.apply(event, &mut effects);
        for finding in effects.findings.iter().filter(|finding| notifies(finding)) {
            if let Some(identity) = roster.find(&finding.scope, &finding.principal) {
                let Finding { score, evidence_bits, .. } = *finding;
                self.findings.push((identity, Found { time: event.event.time, score, evidence_bits }));
            }
        }
    }

    fn rises(&self, score: impl Fn(&Found) -> f64) -> Vec<Rise> {
        let rise =
            |(identity, found): &(u32, Found)| Rise { identity: *identity, time: found.time, score: score(found) };
        self.findings.iter().map(rise).collect()
    }
}

fn noisy(rises: &[Rise]) -> Vec<Rise> {
    rises.iter().map(|rise| rise.with_noise(NOISE_SEED)).collect()
}

/// Whether somebody is told by a finding: an incident opens, or something new is added to it.
fn notifies(finding: &Finding) -> bool {
    let is_new = match finding.activity {
        Activity::Create => true,
        Activity::Update => !finding.news.is_empty(),
    };
    finding.is_alert && is_new
}
