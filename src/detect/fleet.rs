//! What identities are compared with: their peer groups, and everything that one events partition holds (the fleet).

use serde::{Deserialize, Serialize};

use super::baseline::Closing;
use super::decay::Decay;
use super::surprise::{DIMENSIONS, Habits, SENSITIVITIES};
use super::values::{Inserted, ValueTable};
use super::wave::Waves;

/// Active hours of a cold identity that are looked at one by one.
pub const COLD_HOURS: usize = 6;
/// Active hours that make a member of a group mature enough to be compared with.
pub const MATURE_HOURS: u32 = 5;
/// Such members that a group needs for a cold identity to be compared with it.
pub const MIN_MATURE: u32 = 3;
/// Weight of later hours in what first hours bring, in hours.
const COLD_WEIGHT: f64 = 20.0;
/// Parts that the fleet's values are kept in, each its own record of the changelog.
pub const SHARDS: usize = 256;

/// A peer group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Identities in it.
    pub members: u32,
    /// Those with some history.
    pub mature: u32,
    /// What they do.
    pub habits: Habits,
    /// How many of them are known to have a value.
    pub values: ValueTable,
    /// What was new among them within the last hours.
    pub waves: Waves,
}

impl Group {
    /// A group without members.
    pub fn empty() -> Group {
        Group { members: 0, mature: 0, habits: Habits::empty(), values: ValueTable::default(), waves: Waves::default() }
    }

    /// Bytes behind pointers.
    pub fn bytes(&self) -> usize {
        self.values.bytes() + self.waves.bytes()
    }

    /// Reads what each active hour of a member needs, so that it is at hand soon.
    pub fn touch(&self) -> u64 {
        let habits =
            self.habits.novel[0] + self.habits.ladder[0][0] + self.habits.ladder[3][0] + self.habits.sensitive[0];
        u64::from(habits.to_bits()) ^ u64::from(self.members) ^ u64::from(self.waves.touch())
    }
}

/// The fleet, but for its values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fleet {
    /// What identities do.
    pub habits: Habits,
    /// Hours by category of networks: one, several known, a known and a new one in turns, a new one of another operator.
    pub networks: [f32; 4],
    /// First hours after a rest of seven days, by the number of new things (0 to 4).
    pub revivals: [f32; 5],
    /// Identities seen in their k-th active hour.
    pub cold_seen: [f32; COLD_HOURS],
    /// Those with something new in it, by dimension.
    pub cold_novel: [[f32; COLD_HOURS]; DIMENSIONS],
    /// Those with a first use of a sensitive class in it.
    pub cold_sensitive: [[f32; COLD_HOURS]; SENSITIVITIES],
}

impl Fleet {
    /// The shipped beginning (model, section 2.3).
    pub fn shipped() -> Fleet {
        Fleet {
            habits: Habits::shipped(),
            networks: [50.0, 5.0, 1.0, 0.3],
            revivals: [60.0, 3.0, 1.0, 0.5, 0.2],
            cold_seen: [0.0; COLD_HOURS],
            cold_novel: [[0.0; COLD_HOURS]; DIMENSIONS],
            cold_sensitive: [[0.0; COLD_HOURS]; SENSITIVITIES],
        }
    }

    /// Probability that the k-th active hour (from 1) of an identity shows something new.
    pub fn cold_novelty(&self, dimension: usize, ordinal: u32) -> f64 {
        let k = (ordinal as usize).clamp(1, COLD_HOURS) - 1;
        (f64::from(self.cold_novel[dimension][k]) + 1.0) / (f64::from(self.cold_seen[k]) + 1.0)
    }

    /// Probability that the k-th active hour (from 1) of an identity brings its first use of a sensitive class: new
    /// identities begin to do what they are for, so it is shrunk to, and not the same as, that of later hours.
    pub fn cold_sensitive(&self, class: usize, ordinal: u32, later: f64) -> f64 {
        let k = (ordinal as usize).clamp(1, COLD_HOURS) - 1;
        let weight = COLD_WEIGHT;
        (f64::from(self.cold_sensitive[class][k]) + weight * later) / (f64::from(self.cold_seen[k]) + weight)
    }

    /// Learns a closed hour of an identity; warm ones inform the habits, cold ones the table of first hours.
    pub fn learn(&mut self, closing: &Closing, warm: bool, decay: &Decay) {
        let k = closing.ordinal as usize;
        if (1..=COLD_HOURS).contains(&k) {
            self.cold_seen[k - 1] += 1.0;
            for (novel, counts) in closing.closed.novel.iter().zip(&mut self.cold_novel) {
                counts[k - 1] += if novel.is_some() { 1.0 } else { 0.0 };
            }
            for (class, counts) in self.cold_sensitive.iter_mut().enumerate() {
                counts[k - 1] += f32::from(closing.closed.sensitive >> class & 1);
            }
        }
        if warm {
            self.habits.learn(closing.hour, &closing.closed, decay);
            if let Some(category) = closing.networks {
                self.networks[usize::from(category)] += 1.0;
            }
            if let Some(count) = closing.revival {
                self.revivals[usize::from(count).min(self.revivals.len() - 1)] += 1.0;
            }
        }
    }
}

/// One part of the fleet's values: how many identities are known to have each.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Shard {
    /// The values of the part.
    pub values: ValueTable,
}

/// The part that a value belongs to.
pub fn shard_of(fingerprint: u32) -> u32 {
    fingerprint % SHARDS as u32
}

/// Identities that have a value, from a decayed count.
pub fn identities(count: f32) -> u32 {
    libm::roundf(count) as u32
}

/// Adds an identity, or the part of one that faded since it last used the value, to a table.
pub fn vouch(table: &mut ValueTable, fingerprint: u32, weight: f32, hour: i64, decay: &Decay, limit: usize) -> u64 {
    u64::from(table.add(fingerprint, weight, hour, decay, limit) == Inserted::Evicted)
}
