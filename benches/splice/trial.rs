//! One case on one victim: the entrants go on from what they have learned, see the victim's day with the attack in it,
//! and what they scored is kept until the thresholds are known.

use nhiwatch::evaluate::{Attack, Entrant, Period, Rise, alerts, judge, threshold};
use nhiwatch::event::{Kind, Timestamp};

use super::background::{Background, WARM_UP_DAYS, read};
use super::cases::Case;
use super::graft::{Variant, graft};
use super::table::Outcome;

/// The attack begins so long after an event of the victim's own.
const AFTER_OWN_MS: i64 = 60_000;

/// The case on a victim of this kind, in both variants; nothing where no identity of the kind suits.
pub fn outcomes(background: &Background, case: &Case, kind: Kind, number: u64) -> Vec<Outcome> {
    let victims = background.victims(kind, &case.actions);
    if victims.is_empty() {
        return Vec::new();
    }
    let chance = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ background.seed.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let victim = victims[(chance >> 7) as usize % victims.len()];
    let day = &background.day[&victim];
    let (own_time, own) = &day[(chance >> 33) as usize % day.len()];
    let start = own_time.plus_millis(AFTER_OWN_MS);
    let outcome = |variant| {
        let grafted = graft(case, own, start, variant);
        let end = grafted.last().map_or(start, |(time, _)| *time);
        let rises = play(background, victim, &grafted)?;
        let attack = Attack { identities: vec![victim], start, end };
        let unspliced = background.null.rises.iter().map(|(entrant, rises)| (*entrant, of(rises, victim))).collect();
        Some(Outcome { technique: case.technique.clone(), kind, variant, attack, rises, unspliced })
    };
    Variant::ALL.into_iter().filter_map(outcome).collect()
}

/// The victim's day with the attack in it, as all entrants score it; none where the attack is not taken for the victim's.
fn play(background: &Background, victim: u32, grafted: &[(Timestamp, Vec<u8>)]) -> Option<Vec<(Entrant, Vec<Rise>)>> {
    let mut contest = background.learned.clone();
    let mut records: Vec<&(Timestamp, Vec<u8>)> = background.day[&victim].iter().chain(grafted).collect();
    records.sort_by_key(|(time, _)| *time);
    let mut is_victims = true;
    for (_, record) in records {
        read(record, &mut |event| {
            let identity = &event.identity;
            is_victims &= contest.roster().find(&identity.scope, &identity.principal) == Some(victim);
            contest.event(event);
        });
    }
    let days = background.before.iter().zip(contest.rises());
    let rises = days.map(|((entrant, before), (_, after))| {
        let rises: Vec<Rise> = of(before, victim).into_iter().chain(of(&after, victim)).collect();
        (*entrant, rises)
    });
    is_victims.then(|| rises.collect())
}

fn of(rises: &[Rise], identity: u32) -> Vec<Rise> {
    rises.iter().copied().filter(|rise| rise.identity == identity).collect()
}

/// The same fleets without the attacks, pooled.
#[derive(Default)]
pub struct Null {
    fleets: u32,
    /// Identity-days in which false alerts are counted.
    pub identity_days: f64,
    rises: Vec<(Entrant, Vec<Rise>)>,
}

/// The threshold of each entrant at each rate of false alerts, and the false alerts that it gives.
pub type Thresholds = Vec<(f64, Entrant, f64, u64)>;

impl Null {
    /// Adds a fleet; its identities get numbers that no other fleet's have.
    pub fn add(&mut self, background: &Background) {
        let scores = &background.null;
        let start = scores.period.start.plus_millis(WARM_UP_DAYS * Timestamp::DAY_MS);
        self.identity_days += scores.roster.identity_days(Period { start, ..scores.period });
        for (index, (entrant, rises)) in scores.rises.iter().enumerate() {
            if self.rises.len() == index {
                self.rises.push((*entrant, Vec::new()));
            }
            let counted = rises.iter().filter(|rise| rise.time >= start);
            let renumbered = counted.map(|rise| Rise { identity: rise.identity + self.fleets * 1_000_000, ..*rise });
            self.rises[index].1.extend(renumbered);
        }
        self.fleets += 1;
    }

    /// Thresholds that give as many false alerts as asked; our own detector's thresholds are its own.
    pub fn thresholds(&self, budgets: &[f64]) -> Thresholds {
        let mut thresholds = Vec::new();
        for &asked in budgets {
            for (entrant, rises) in self.rises.iter().filter(|(entrant, _)| entrant.is_for(asked)) {
                let count = |threshold| alerts(rises, threshold).len() as u64;
                let allowed = (asked * self.identity_days / 1_000.0).round() as u64;
                let limit = if entrant.is_label_free() { 0.0 } else { threshold(rises, allowed, count) };
                thresholds.push((asked, *entrant, limit, count(limit)));
            }
        }
        thresholds
    }
}

impl Outcome {
    /// Whether an entrant finds the attack at a threshold.
    pub fn is_found(&self, entrant: Entrant, threshold: f64) -> bool {
        self.is_found_in(&self.rises, entrant, threshold)
    }

    /// Whether it would alert at that time although there is no attack.
    pub fn is_found_by_chance(&self, entrant: Entrant, threshold: f64) -> bool {
        self.is_found_in(&self.unspliced, entrant, threshold)
    }

    fn is_found_in(&self, scored: &[(Entrant, Vec<Rise>)], entrant: Entrant, threshold: f64) -> bool {
        let own = scored.iter().find(|(other, _)| *other == entrant);
        let (_, rises) = own.expect("every entrant scores every case");
        judge(&alerts(rises, threshold), std::slice::from_ref(&self.attack)).hits() > 0
    }
}
