//! The header that syslog puts before a line (RFC 3164, RFC 5424), where what follows it is a record in JSON: so GitHub
//! Enterprise Server forwards its audit log (`<190>May 22 12:05:54 host github_audit: {…}`). So do dates before lines in files.
//!
//! In: the beginning of a text. Out: how many bytes the header has. Lines without a priority are told by GitHub's program name, or
//! by their date.

/// Headers are shorter than this.
const LONGEST: usize = 512;

/// What GitHub Enterprise Server's audit log is called in syslog.
const PROGRAM: &[u8] = b"github_audit: ";

/// The months as syslog writes them.
const MONTHS: &[u8] = b"JanFebMarAprMayJunJulAugSepOctNovDec";

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
    (priority && before.ends_with(b" ")) || before.ends_with(PROGRAM) || is_dated(before)
}

/// Whether a line's date is all that is before its record, with what a daemon or a container's runtime puts behind the date:
/// `2026-03-01T00:00:00Z` (files that CloudWatch Logs exports), `… stdout F` (the interface of container runtimes), `… host program:`,
/// and the last without a priority, as it lies in files.
fn is_dated(before: &[u8]) -> bool {
    let Some((b' ' | b'\t', before)) = before.split_last() else { return false };
    let mut words = before.split(|byte| matches!(byte, b' ' | b'\t')).filter(|word| !word.is_empty());
    let Some(first) = words.next() else { return false };
    let is_time = |word: &[u8]| matches!(word, [a, _, b':', _, _, b':', ..] if a.is_ascii_digit());
    let is_program = |word: &[u8]| word.ends_with(b":") && word.len() > 1;
    let is_month = MONTHS.chunks_exact(3).any(|month| month == first);
    if is_month && (words.next().is_none_or(|day| day.len() > 2) || !words.next().is_some_and(is_time)) {
        return false;
    }
    let is_date = matches!(first, [b'1' | b'2', _, _, _, b'-', _, _, b'-', _, _, b'T', time @ ..] if is_time(time));
    match (is_month || is_date, [words.next(), words.next(), words.next()]) {
        (false, _) => false,
        (true, [None, ..]) => is_date,
        (true, [Some(b"stdout" | b"stderr"), Some(b"F"), None]) => is_date,
        (true, [Some(_), Some(program), None]) => is_program(program),
        _ => false,
    }
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
            ("Mar  1 10:11:12 host kube-apiserver[7]: {\"a\":1}", 40),
            ("2026-03-01T10:11:12.123Z {\"a\":1}", 25),
            ("2026-03-01T10:11:12Z\t{}", 21),
            ("2026-03-01T10:11:12.123456789Z stdout F {\"a\":1}", 40),
            ("2026-03-01T10:11:12Z host audit: {}", 33),
            ("2026-03-01T10:11:12Z request failed {}", 0),
            ("2026-03-01T10:11:12Z INFO the request: {}", 0),
            ("Mar 1 {}", 0),
            ("Mar request 10:11:12 failed it: {}", 0),
            ("2026-03-01 {}", 0),
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
