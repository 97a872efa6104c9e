//! Counting by name in plain fields, and adding to a metric once a batch.

use prometheus::IntCounterVec;

/// Counts by fixed name: for the handful of reasons that records have. A reason is a `&'static str` by type, so that
/// text of an audit record can never become a label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally(Vec<(&'static str, u64)>);

impl Tally {
    /// Counts one of this name.
    pub fn count(&mut self, name: &'static str) {
        self.add(name, 1);
    }

    /// Counts `n` of this name.
    pub fn add(&mut self, name: &'static str, n: u64) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += n,
            None => self.0.push((name, n)),
        }
    }

    /// All of them together.
    pub fn total(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    /// Names and counts, in the order of first appearance.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, u64)> + '_ {
        self.0.iter().copied()
    }

    /// Adds these counts to a counter whose one label is the name.
    pub(super) fn add_to(&self, counter: &IntCounterVec) {
        for (name, count) in self.iter() {
            counter.with_label_values(&[name]).inc_by(count);
        }
    }
}
