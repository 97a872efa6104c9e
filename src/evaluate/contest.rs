//! All entrants over one stream of events: each event is judged by all of them, in the order in which it comes.
//!
//! In: events in order of time. Out: [`Scores`], the rises of each entrant. The entrants see no label and no future.

use std::collections::HashMap;

use super::rise::Rise;
use super::roster::Roster;
use super::rules::Rules;
use super::verdict::Period;
use crate::config::{BudgetConfig, Config};
use crate::detect::{Detector, Effects};
use crate::event::{Activity, Attributed, Finding, NewHere, Timestamp};

/// Seed of the noise that breaks ties.
const NOISE_SEED: u64 = 0x6E68_6977;

/// Who takes part.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub enum Entrant {
    /// Our model with a budget: the alerts that an operator gets, no label needed.
    Budget(f64),
    /// The same, identities ranked by their evidence in bits, at a threshold that is chosen with the labels in hand.
    Evidence(f64),
    /// New to the identity and not seen among its peers; likewise.
    R3,
    /// The same and 2 points for the first use of a sensitive class; likewise.
    R4,
}

impl Entrant {
    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Entrant::Budget(_) => "nhiwatch, own thresholds",
            Entrant::Evidence(_) => "nhiwatch, oracle",
            Entrant::R3 => "R3, oracle",
            Entrant::R4 => "R4, oracle",
        }
    }

    /// Whether it is compared at this rate of false alerts.
    pub fn is_for(self, per_1000_per_day: f64) -> bool {
        match self {
            Entrant::Budget(budget) | Entrant::Evidence(budget) => budget == per_1000_per_day,
            Entrant::R3 | Entrant::R4 => true,
        }
    }

    /// Whether its thresholds are its own, without a label.
    pub fn is_label_free(self) -> bool {
        matches!(self, Entrant::Budget(_))
    }
}

/// A detector, and what it said.
#[derive(Debug, Clone)]
struct Judged {
    budget: f64,
    detector: Detector,
    alerts: Vec<Rise>,
    evidence: Vec<Rise>,
    /// Hour and peak of each identity's evidence.
    peaks: HashMap<u32, (i64, f64)>,
}

/// The entrants on their way.
#[derive(Debug, Clone)]
pub struct Contest {
    roster: Roster,
    rules: Rules,
    judged: Vec<Judged>,
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

/// A detector for files with a budget: the only place that knows where the configuration keeps it. What single kinds
/// have of their own would blur what is asked for, and is left out.
fn detector(config: &Config, per_1000_per_day: f64) -> Detector {
    let budget =
        BudgetConfig { acute_per_1000_per_day: per_1000_per_day, kind: Default::default(), ..config.budget.clone() };
    Detector::for_files(&config.detect, &budget)
}

impl Contest {
    /// All entrants, our model once for each budget (alerts per 1,000 identities and day).
    pub fn new(config: &Config, budgets: &[f64]) -> Contest {
        Contest {
            roster: Roster::new(&config.detect.record_only),
            rules: Rules::default(),
            judged: budgets.iter().map(|&budget| Judged::new(detector(config, budget), budget)).collect(),
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
        for judged in &mut self.judged {
            judged.event(identity, event, &self.roster);
        }
        self.judged.first().map_or(0, |judged| judged.alerts.len() as u64)
    }

    /// Who there is so far.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// Forgets what was scored, not what was learned: what follows is scored by itself.
    pub fn forget_scores(&mut self) {
        for judged in &mut self.judged {
            judged.alerts.clear();
            judged.evidence.clear();
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
        let mut rises = Vec::new();
        for judged in &self.judged {
            rises.push((Entrant::Budget(judged.budget), judged.alerts.clone()));
            rises.push((Entrant::Evidence(judged.budget), noisy(&judged.evidence)));
        }
        rises.push((Entrant::R3, noisy(&self.r3)));
        rises.push((Entrant::R4, noisy(&self.r4)));
        rises
    }
}

impl Judged {
    fn new(detector: Detector, budget: f64) -> Judged {
        Judged { budget, detector, alerts: Vec::new(), evidence: Vec::new(), peaks: HashMap::new() }
    }

    fn event(&mut self, identity: u32, event: &Attributed<'_>, roster: &Roster) {
        let (mut effects, time) = (Effects::default(), event.event.time);
        self.detector.apply(event, &mut effects);
        for finding in effects.findings.iter().filter(|finding| notifies(finding)) {
            let identity = roster.find(&finding.scope, &finding.principal);
            self.alerts.extend(identity.map(|identity| Rise { identity, time, score: 1.0 }));
        }
        let bits = effects.evidence_bits;
        if bits > 0.0 && roster.members[identity as usize].is_watched {
            let (hour, peak) = self.peaks.entry(identity).or_insert((time.hour(), 0.0));
            if *hour != time.hour() || bits > *peak {
                (*hour, *peak) = (time.hour(), bits);
                self.evidence.push(Rise { identity, time, score: bits });
            }
        }
    }
}

fn noisy(rises: &[Rise]) -> Vec<Rise> {
    rises.iter().map(|rise| rise.with_noise(NOISE_SEED)).collect()
}

/// Whether somebody is told by a finding: an incident opens, or something is added to it. That it is closed, or was
/// lowered for what peers did, tells nobody.
fn notifies(finding: &Finding) -> bool {
    let adds = |news: &NewHere| !matches!(news, NewHere::Wave(_));
    let is_told = match finding.activity {
        Activity::Create => true,
        Activity::Update => finding.news.iter().any(adds),
        Activity::Close => false,
    };
    finding.is_alert() && is_told
}
