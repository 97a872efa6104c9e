//! Tables of the actions that known attacks use, of the sources whose tables are short: sorted, and searched by halves.

use crate::event::{Sensitivity, Tactic};

/// A row: service, operation, class of sensitivity, ATT&CK tactic (version 19) and technique.
pub type Row = (&'static str, &'static str, Option<Sensitivity>, Tactic, &'static str);

/// The row of a service and an operation; the table is sorted by both.
pub fn find(table: &'static [Row], service: &str, operation: &str) -> Option<&'static Row> {
    let row = table.binary_search_by(|row| (row.0, row.1).cmp(&(service, operation))).ok()?;
    Some(&table[row])
}
