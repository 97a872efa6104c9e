//! Tables of the actions that known attacks use, of the sources whose tables are short.

use super::lookup::{Index, hash_pair};
use crate::event::{Sensitivity, Tactic};

/// A row: service, operation, class of sensitivity, ATT&CK tactic (version 19) and technique.
pub type Row = (&'static str, &'static str, Option<Sensitivity>, Tactic, &'static str);

/// The rows of a source.
#[derive(Debug)]
pub struct Table {
    rows: &'static [Row],
    index: Index<256>,
}

impl Table {
    /// These rows, none of which has the service and the operation of another.
    pub const fn new(rows: &'static [Row]) -> Table {
        let (mut index, mut row) = (Index::empty(), 0);
        while row < rows.len() {
            index.add(hash_pair(rows[row].0, rows[row].1), row);
            row += 1;
        }
        Table { rows, index }
    }

    /// The row of a service and an operation.
    pub fn find(&self, service: &str, operation: &str) -> Option<&'static Row> {
        let is_it = |row: usize| self.rows[row].0 == service && self.rows[row].1 == operation;
        self.index.find(hash_pair(service, operation), is_it).map(|row| &self.rows[row])
    }
}
