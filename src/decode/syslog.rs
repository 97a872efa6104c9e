//! The header that syslog puts before a line (RFC 3164, RFC 5424), where what follows it is a record in JSON: so GitHub
//! Enterprise Server forwards its audit log (`<190>May 22 12:05:54 host github_audit: {…}`).
//!
//! In: the beginning of a text. Out: how many bytes the header has. Lines without a priority are told by GitHub's program name.

/// Headers are shorter than this.
const LONGEST: usize = 512;

/// What GitHub Enterprise Server's audit log is called in syslog.
const PROGRAM: &[u8] = b"github_audit: ";

/// Bytes before the object at the end of the header; 0 where there is no header, or no object behind it.
pub(super) fn header(text: &[u8]) -> usize {
    let front = &text[..text.len().min(LONGEST)];
    let object = memchr::memchr(b'{', front).filter(|at| !front[..*at].contains(&b'\n'));
    object.filter(|at| is_header(&front[..*at])).unwrap_or(0)
}

fn is_header(before: &[u8]) -> bool {
    let priority = before.strip_prefix(b"<").is_some_and(|rest| {
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        (1..=3).contains(&digits) && rest.get(digits) == Some(&b'>')
    });
    (priority && before.ends_with(b" ")) || before.ends_with(PROGRAM)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_end_where_the_object_begins() {
        for (text, length) in [
            ("<190>May 22 12:05:54 foobar github_audit: {\"a\":1}", 42),
            ("May 22 12:05:54 foobar github_audit: {\"a\":1}", 37),
            ("<13>1 2026-03-01T00:00:00Z host app 1 - - {}", 42),
            ("<190>May 22 no object", 0),
            ("request failed: {\"a\":1}", 0),
            ("<b>bold</b> {}", 0),
            ("<190>one\n<190>two {}", 0),
            ("{}", 0),
            ("", 0),
        ] {
            assert_eq!(header(text.as_bytes()), length, "{text}");
        }
    }
}
