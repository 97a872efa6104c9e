//! A feature of one event that carries bits, and what it does to the evidence: peers' waves off, scaled, the strongest
//! of each family counts (model, sections 2.4 and 2.5).

use crate::event::{Attributed, Expectation, Family, Feature, Wave};

use super::calibration::Calibration;
use super::evidence::{FamilyEvidence, Open, family_evidence, looked_at};
use super::finding::bounded;
use super::fleet::Group;

/// A feature of the event that carries bits.
#[derive(Debug)]
pub struct Signal {
    /// Which.
    pub feature: Feature,
    /// Surprise: −log₂ p, waves not taken off.
    pub bits: f64,
    /// What is left of it beside peers that did the same.
    pub wave: Option<Wave>,
    /// Factor from surprise to evidence.
    pub scale: f64,
    /// What was to be expected.
    pub expected: Expectation,
    /// The value, for people.
    pub observed: String,
    /// Further values of the same hour.
    pub others: Vec<String>,
    /// All of the same hour.
    pub values: u32,
}

/// What judging an event brought.
#[derive(Debug, Default)]
pub struct Judged {
    /// Whether some family's evidence rose.
    pub rose: bool,
    /// The features that carry bits, waves not taken off.
    pub signals: Vec<(Feature, f64)>,
    /// How many of them waves have lowered.
    pub lowered: u64,
}

impl Signal {
    /// One that rests on one value, not weighed yet.
    pub fn of(feature: Feature, bits: f64, expected: Expectation, observed: String) -> Signal {
        Signal { feature, bits, wave: None, scale: 0.0, expected, observed, others: Vec::new(), values: 1 }
    }

    /// Weighs it by what peers did within hours, and by what such bits mean in this fleet.
    pub fn weigh(
        &mut self,
        event: &Attributed<'_>,
        identity: u64,
        peers: Option<&Group>,
        calibration: &Calibration,
        prior_hours: u32,
    ) {
        self.wave = peers
            .filter(|_| super::wave::is_discounted(self.feature))
            .and_then(|peers| peers.waves.discount(self.feature, identity, self.bits, event.event.time));
        self.scale = calibration.scale(self.feature, prior_hours);
    }

    /// Surprise in bits, waves taken off.
    pub fn left(&self) -> f64 {
        self.wave.map_or(self.bits, |wave| wave.bits)
    }

    fn scaled(&self) -> f64 {
        self.scale * self.left()
    }
}

/// Lets the families' evidence rise to what the signals give, and notes their bits in the open hour.
pub fn raise(open: &mut Open, open_hour: usize, event: &Attributed<'_>, signals: &[Signal]) -> Judged {
    let time = event.event.time;
    let mut judged = Judged::default();
    for signal in signals {
        let most = &mut open.hours[open_hour].bits[signal.feature as usize];
        *most = most.max(signal.left() as f32);
        judged.signals.push((signal.feature, signal.bits));
        judged.lowered += u64::from(signal.wave.is_some());
    }
    for family in Family::ALL {
        let of_family = || signals.iter().filter(|signal| signal.feature.family() == family);
        let Some(strongest) = of_family().max_by(|a, b| a.scaled().total_cmp(&b.scaled())) else { continue };
        let looked_at = looked_at(family, &event.event.origin);
        let undiscounted = of_family().map(|signal| signal.scale * signal.bits).fold(0.0, f64::max);
        open.raise_undiscounted(family, family_evidence(family, looked_at, undiscounted), time);
        let bits = family_evidence(family, looked_at, strongest.scaled());
        if bits > open.family_bits(family, time) + 1e-6 {
            open.families[family as usize] = Some(Box::new(evidence(bits, strongest, signals, event)));
            judged.rose = true;
        }
    }
    judged
}

fn evidence(bits: f64, strongest: &Signal, signals: &[Signal], attributed: &Attributed<'_>) -> FamilyEvidence {
    let event = &attributed.event;
    let family = strongest.feature.family();
    let same = |signal: &&Signal| signal.feature.family() == family && signal.feature != strongest.feature;
    FamilyEvidence {
        bits: bits as f32,
        rose: event.time,
        feature: strongest.feature,
        surprise_bits: strongest.bits as f32,
        scale: strongest.scale as f32,
        wave: strongest.wave,
        observed: strongest.observed.clone(),
        others: strongest.others.clone(),
        values: strongest.values,
        expected: strongest.expected,
        event_id: bounded(&event.id),
        also: signals.iter().filter(same).map(|signal| (signal.feature, signal.left())).collect(),
        tactic: event.action.tactic,
        technique: event.action.technique.as_deref().map(bounded),
        looked_at: looked_at(family, &event.origin),
        network_class: event.origin.class,
    }
}
