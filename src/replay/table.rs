//! Numbers and tables for people.

pub(super) use crate::alert::explain::grouped;

/// Rows in columns: text to the left, the last column to the right; the first row is the head.
pub(super) fn aligned<const COLUMNS: usize>(rows: &[[String; COLUMNS]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..COLUMNS).map(width).collect();
    let mut table = String::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            let room = " ".repeat(widths[column] - cell.chars().count());
            let is_last = column + 1 == COLUMNS;
            let (before, after) = if is_last { (&*room, "\n") } else { ("", "  ") };
            table.push_str(before);
            table.push_str(cell);
            table.push_str(if is_last { "" } else { &room });
            table.push_str(after);
        }
    }
    table
}

/// Counts with their words: `12 (insight 10, digest 2)`.
pub(super) fn with_parts(total: u64, parts: &[(&str, u64)]) -> String {
    let parts: Vec<String> = parts.iter().map(|(word, count)| format!("{word} {}", grouped(*count))).collect();
    match parts.is_empty() {
        true => grouped(total),
        false => format!("{} ({})", grouped(total), parts.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas() {
        let numbers = [0, 12, 999, 1_000, 12_345, 1_234_567].map(grouped);
        assert_eq!(numbers, ["0", "12", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn columns_are_aligned() {
        let rows = [["A", "B", "N"], ["é", "long", "1"], ["x", "", "12,345"]].map(|row| row.map(String::from));
        assert_eq!(aligned(&rows), "A  B          N\né  long       1\nx        12,345\n");
    }
}
