//! Counting by name in plain fields, and adding to a metric once a batch.

use prometheus::IntCounterVec;

use crate::event::Source;

/// Counts by fixed name: for the handful of reasons that records have. A reason is a `&'static str` by type, so that
/// text of an audit record can never become a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally<Name = &'static str>(Vec<(Name, u64)>);

/// Counts by the log that a record is of, none where that could not be told, and a reason.
pub type SourceTally = Tally<(Option<Source>, &'static str)>;

impl<Name> Default for Tally<Name> {
    fn default() -> Self {
        Tally(Vec::new())
    }
}

impl<Name: Copy + PartialEq> Tally<Name> {
    /// Counts one of this name.
    pub fn count(&mut self, name: Name) {
        self.add(name, 1);
    }

    /// Counts `n` of this name.
    pub fn add(&mut self, name: Name, n: u64) {
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
    pub fn iter(&self) -> impl Iterator<Item = (Name, u64)> + '_ {
        self.0.iter().copied()
    }
}

impl Tally {
    /// Adds these counts to a counter whose one label is the name.
    pub(super) fn add_to(&self, counter: &IntCounterVec) {
        for (name, count) in self.iter() {
            counter.with_label_values(&[name]).inc_by(count);
        }
    }
}

impl SourceTally {
    /// Adds these counts to a counter whose labels are source and reason.
    pub(super) fn add_to(&self, counter: &IntCounterVec) {
        for ((source, reason), count) in self.iter() {
            counter.with_label_values(&[source_name(source), reason]).inc_by(count);
        }
    }
}

/// The label of a source; `unknown` where it could not be told.
pub(super) fn source_name(source: Option<Source>) -> &'static str {
    source.map_or("unknown", Source::name)
}
