//! What is different for one identity in one hour: its changes, added up.
//!
//! Comes in: an identity and a time. Goes out: what holds then. Nothing is drawn here.

use super::activity::Activity;
use super::hour::HOUR;
use super::world::{Change, Effect, Hidden, Member, Pair};

/// The generation of an access key that is in use.
pub struct Key {
    /// The generation.
    pub number: u32,
    /// Whether the one before is in use as well.
    pub overlaps: bool,
}

/// What is different in an hour.
pub struct Mood<'a> {
    /// Factor on the number of calls.
    pub rate: f64,
    /// Pairs that it does as well.
    pub pairs: Vec<Pair>,
    /// Pairs of new tools, as many as it has got so far.
    pub tools: &'a [Pair],
    /// The client, where it is another.
    pub client: Option<u16>,
    /// Another region, and its share.
    pub region: Option<(u8, f64)>,
    /// Other networks, and their share.
    pub networks: Option<(&'a [u32], f64)>,
    /// The share of calls that is denied.
    pub denials: Option<f64>,
    /// The access key.
    pub key: Option<Key>,
    /// The migrations after which it knows its resources by their new names.
    pub renamed: Vec<u32>,
    /// The attacker who hides in it.
    pub hidden: Option<&'a Hidden>,
}

impl<'a> Mood<'a> {
    /// What holds at a time.
    pub fn of(changes: &'a [Change], time: i64) -> Mood<'a> {
        let mut mood = Mood {
            rate: 1.0,
            pairs: Vec::new(),
            tools: &[],
            client: None,
            region: None,
            networks: None,
            denials: None,
            key: None,
            renamed: Vec::new(),
            hidden: None,
        };
        for change in changes.iter().filter(|change| (change.from..change.until).contains(&time)) {
            mood.add(change, time - change.from);
        }
        mood
    }

    fn add(&mut self, change: &'a Change, since: i64) {
        match &change.effect {
            Effect::Pairs(pairs) => self.pairs.extend_from_slice(pairs),
            Effect::Client(client) => self.client = Some(*client),
            Effect::Region(region, share) => self.region = Some((*region, *share)),
            Effect::Rate(factor) => self.rate *= factor,
            Effect::Networks(networks, share) => self.networks = Some((networks, *share)),
            Effect::Denials(share) => self.denials = Some(*share),
            Effect::Hours(_) | Effect::Clock(_) | Effect::Idle(_) => {}
            Effect::Key { number, overlap } => self.key = Some(Key { number: *number, overlaps: since < *overlap }),
            Effect::Renamed(migration) => self.renamed.push(*migration),
            Effect::Tools(pairs, growth) => {
                let share = (since + HOUR) as f64 / (*growth).max(1) as f64;
                let had = (pairs.len() as f64 * share.min(1.0)).ceil() as usize;
                self.tools = &pairs[..had.min(pairs.len())];
            }
            Effect::Hidden(hidden) => {
                self.rate *= hidden.rate;
                self.pairs.extend_from_slice(&hidden.pairs);
                self.hidden = Some(hidden);
            }
        }
    }
}

/// The chance that an hour (since the Unix epoch) is an active one of an identity, with its changes.
pub fn chance_of_activity(member: &Member, hour: i64) -> f64 {
    let time = hour * HOUR;
    if member.silent.is_some_and(|(from, until)| (from..until).contains(&time)) {
        return 0.0;
    }
    let (mut ahead, mut works, mut extra) = (0, 1.0, false);
    for change in member.changes.iter().filter(|change| (change.from..change.until).contains(&time)) {
        match change.effect {
            Effect::Clock(hours) => ahead += i64::from(hours),
            Effect::Idle(share) => works *= 1.0 - share,
            Effect::Hours(hours) => extra |= Activity::Fixed(hours).chance(hour) > 0.0,
            _ => {}
        }
    }
    if extra { 1.0 } else { member.activity.chance(hour + ahead) * works }
}
