//! The earliest event time in a file, found by a glance at its text: cheap enough to look at every file before the
//! first is read. It may be too early (text of an attacker can look like a time), which costs no more than a file opened
//! before its turn; never later than what is in the part that was looked at.

use std::io::{ErrorKind, Read};

use anyhow::{Result, bail};

use super::input::Input;
use super::open::Opener;
use crate::event::Timestamp;

/// The name of the field.
const FIELD: &[u8] = b"eventTime";
/// Bytes read at once.
const STEP_BYTES: usize = 256 << 10;
/// Bytes that a field with its value takes at most: what is looked at again with the next step.
const FIELD_BYTES: usize = 80;

/// The earliest event time in the first `limit` bytes, unpacked; none where no time is found.
///
/// # Errors
/// Where the file cannot be read. Damage is the end of what is looked at.
pub(super) fn earliest(input: &Input, opener: &mut Opener, limit: usize) -> Result<Option<Timestamp>> {
    let mut source = opener.open(input)?;
    let mut buffer = Vec::new();
    let (mut earliest, mut seen) = (None::<Timestamp>, 0);
    while seen <= limit {
        let length = buffer.len();
        buffer.resize(length + STEP_BYTES, 0);
        let bytes = match source.read(&mut buffer[length..]) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::Interrupted => {
                buffer.truncate(length);
                continue;
            }
            Err(error) if source.is_broken() => bail!("cannot read {}: {error}", input.name.escape_debug()),
            Err(_) => 0,
        };
        buffer.truncate(length + bytes);
        earliest = [earliest, earliest_in(&buffer)].into_iter().flatten().min();
        if bytes == 0 {
            break;
        }
        seen += bytes;
        buffer.drain(..buffer.len().saturating_sub(FIELD_BYTES));
    }
    Ok(earliest)
}

/// The earliest value of the field in a text.
fn earliest_in(text: &[u8]) -> Option<Timestamp> {
    memchr::memmem::find_iter(text, FIELD).filter_map(|at| value(&text[at + FIELD.len()..])).min()
}

/// The time behind the field's name: in quotation marks, which are escaped where the record is itself in a string.
fn value(rest: &[u8]) -> Option<Timestamp> {
    let is_between = |byte: &u8| matches!(byte, b'"' | b'\\' | b':' | b' ' | b'\t' | b'\r' | b'\n');
    let start = rest.iter().position(|byte| !is_between(byte))?;
    let length = rest[start..].iter().take(40).position(|byte| matches!(byte, b'"' | b'\\'))?;
    Timestamp::parse(std::str::from_utf8(&rest[start..start + length]).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_field_plain_and_escaped() {
        let time = |text: &str| earliest_in(text.as_bytes()).map(|time| time.to_string());
        assert_eq!(time(r#"{"eventTime":"2026-01-02T00:00:00Z"}"#).as_deref(), Some("2026-01-02T00:00:00Z"));
        assert_eq!(time(r#"{"eventTime" : "2026-01-02T00:00:00Z"}"#).as_deref(), Some("2026-01-02T00:00:00Z"));
        assert_eq!(time(r#"{\"eventTime\":\"2026-01-02T00:00:00Z\"}"#).as_deref(), Some("2026-01-02T00:00:00Z"));
        let two = r#"{"eventTime":"2026-01-02T00:00:00Z"},{"eventTime":"2026-01-01T00:00:00Z"}"#;
        assert_eq!(time(two).as_deref(), Some("2026-01-01T00:00:00Z"));
        assert_eq!(time(r#"{"eventTime":17,"eventTime"#), None);
    }
}
