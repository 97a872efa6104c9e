//! Alerts held against attacks (model, section 3.2): an attack is found by the first alert on an identity that it
//! involves, from its start to six hours after its end; later alerts on a victim, for three days, count for nobody; every
//! other alert is false.

use std::collections::{BTreeMap, HashMap};

use super::attack::Attack;
use super::rise::Alert;
use crate::event::Timestamp;

/// After the end of an attack, an alert still finds it for so long.
pub const WINDOW_MS: i64 = 6 * Timestamp::HOUR_MS;
/// After the end of an attack, an alert on a victim is not false for so long.
pub const NEUTRAL_MS: i64 = 72 * Timestamp::HOUR_MS;
/// Labels and records may have whole seconds.
const TOLERANCE_MS: i64 = 1_000;

/// A stretch of event time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Its first moment.
    pub start: Timestamp,
    /// Its end.
    pub end: Timestamp,
}

/// What the alerts are worth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verdict {
    /// For each attack, when it was found.
    pub found: Vec<Option<Timestamp>>,
    /// False alerts by day (days since the Unix epoch); days without any are not in it.
    pub false_by_day: BTreeMap<i64, u64>,
    /// Alerts that count for nobody.
    pub neutral: u64,
}

impl Verdict {
    /// False alerts in all.
    pub fn false_alerts(&self) -> u64 {
        self.false_by_day.values().sum()
    }

    /// Attacks found.
    pub fn hits(&self) -> u64 {
        self.found.iter().flatten().count() as u64
    }
}

/// Holds alerts against attacks. `alerts` are those of the test period, in order of time.
pub fn judge(alerts: &[Alert], attacks: &[Attack]) -> Verdict {
    let mut by_victim: HashMap<u32, Vec<usize>> = HashMap::new();
    for (index, attack) in attacks.iter().enumerate() {
        for &identity in &attack.identities {
            by_victim.entry(identity).or_default().push(index);
        }
    }
    let mut verdict = Verdict { found: vec![None; attacks.len()], ..Verdict::default() };
    for alert in alerts {
        let befell = by_victim.get(&alert.identity).map_or(&[][..], Vec::as_slice);
        let since_end = |index: &usize| {
            let attack = &attacks[*index];
            let has_begun = alert.time.since(attack.start) >= -TOLERANCE_MS;
            has_begun.then_some(alert.time.since(attack.end))
        };
        let within = |limit| befell.iter().filter(move |index| since_end(index).is_some_and(|since| since <= limit));
        let mut is_hit = false;
        for &index in within(WINDOW_MS + TOLERANCE_MS) {
            verdict.found[index].get_or_insert(alert.time);
            is_hit = true;
        }
        if !is_hit {
            match within(NEUTRAL_MS).next() {
                Some(_) => verdict.neutral += 1,
                None => *verdict.false_by_day.entry(alert.time.day()).or_default() += 1,
            }
        }
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: i64) -> Timestamp {
        Timestamp::from_millis(hours * Timestamp::HOUR_MS)
    }

    #[test]
    fn an_attack_is_found_once_and_late_alerts_count_for_nobody() {
        let attack = |identity, from, to| Attack { identities: vec![identity, 99], start: at(from), end: at(to) };
        let attacks = [attack(1, 100, 102), attack(2, 100, 102)];
        let alerts = [(1, 99), (3, 101), (1, 107), (99, 108), (2, 109), (1, 174), (1, 175)];
        let alerts = alerts.map(|(identity, hours)| Alert { identity, time: at(hours) });
        let verdict = judge(&alerts, &attacks);
        assert_eq!(verdict.found, [Some(at(107)), Some(at(108))]);
        assert_eq!((verdict.hits(), verdict.false_alerts(), verdict.neutral), (2, 3, 2));
        assert_eq!(verdict.false_by_day, BTreeMap::from([(4, 2), (7, 1)]));
    }
}
