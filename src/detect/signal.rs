//! A feature of one event that carries bits, and what it does to the evidence: peers' waves off, scaled, the strongest
//! of each family counts (model, sections 2.4 and 2.5).

use std::borrow::Cow;

use crate::event::{Attributed, Expectation, Family, Feature, Wave};

use super::baseline::HourNews;
use super::calibration::Calibration;
use super::evidence::{FamilyEvidence, Open, family_evidence, looked_at};
use super::features::Value;
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
    /// What was seen.
    pub observed: Observed,
    /// All values of the same hour.
    pub values: u32,
}

/// What a signal rests on. Its text for people is made only where evidence rises by it: most signals never get so far.
#[derive(Debug)]
pub enum Observed {
    /// A value of the event in a scored dimension, the newest of so many kept texts of its hour and one more.
    Value {
        /// The value.
        value: Value,
        /// Its dimension, as counters have it.
        dimension: usize,
        /// Texts of the dimension that the hour had before.
        before: usize,
    },
    /// Something that an hour showed, in words.
    Words(Cow<'static, str>),
}

impl Observed {
    /// The text for people, and those of further values of the same hour.
    fn texts(&self, event: &Attributed<'_>, hour: &HourNews) -> (String, Vec<String>) {
        match self {
            Observed::Value { value, dimension, before } => {
                let others = hour.texts_in(*dimension).take(*before).cloned().collect();
                (value.text(event), others)
            }
            Observed::Words(words) => (words.clone().into_owned(), Vec::new()),
        }
    }
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
    pub fn of(feature: Feature, bits: f64, expected: Expectation, observed: Observed) -> Signal {
        Signal { feature, bits, wave: None, scale: 0.0, expected, observed, values: 1 }
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
            let texts = strongest.observed.texts(event, &open.hours[open_hour]);
            open.families[family as usize] = Some(Box::new(evidence(bits, strongest, texts, signals, event)));
            judged.rose = true;
        }
    }
    judged
}

fn evidence(
    bits: f64,
    strongest: &Signal,
    (observed, others): (String, Vec<String>),
    signals: &[Signal],
    attributed: &Attributed<'_>,
) -> FamilyEvidence {
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
        observed,
        others,
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
