//! A point in time: milliseconds since the Unix epoch, UTC.
//!
//! Reads the RFC 3339 form of audit logs on a fast path of its own and writes it back; nothing here asks a clock.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// Why a text is no point in time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a date and time in RFC 3339 form such as 2026-01-31T23:59:59Z")]
pub struct TimestampError;

impl Timestamp {
    /// Milliseconds in an hour.
    pub const HOUR_MS: i64 = 3_600_000;
    /// Milliseconds in a day.
    pub const DAY_MS: i64 = 24 * Self::HOUR_MS;

    /// From milliseconds since the Unix epoch.
    pub const fn from_millis(millis: i64) -> Timestamp {
        Timestamp(millis)
    }

    /// Milliseconds since the Unix epoch.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// Hours since the Unix epoch, rounded down.
    pub const fn hour(self) -> i64 {
        self.0.div_euclid(Self::HOUR_MS)
    }

    /// Days since the Unix epoch, rounded down.
    pub const fn day(self) -> i64 {
        self.0.div_euclid(Self::DAY_MS)
    }

    /// This point moved by so many milliseconds; stops at the ends of the range.
    pub const fn plus_millis(self, millis: i64) -> Timestamp {
        Timestamp(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this point; negative where `earlier` is later.
    pub const fn since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// Reads RFC 3339 (`2026-01-31T23:59:59Z`, fractions and offsets included).
    ///
    /// # Errors
    /// Where the text has another form, or names a day that does not exist.
    pub fn parse(text: &str) -> Result<Timestamp, TimestampError> {
        match Timestamp::in_front(text) {
            Some((timestamp, "Z")) => Ok(timestamp),
            _ => text.parse::<jiff::Timestamp>().map(|t| Timestamp(t.as_millisecond())).map_err(|_| TimestampError),
        }
    }

    /// The date and time in UTC that a text begins with, in the form that audit logs write (`2026-01-31T23:59:59`, with a
    /// fraction or without, with a space in place of the `T` too), and what stands behind it: `Z` in RFC 3339. None where it
    /// begins in another form, which may be RFC 3339 all the same.
    pub fn in_front(text: &str) -> Option<(Timestamp, &str)> {
        let plain = text.as_bytes().first_chunk()?;
        let Timestamp(whole) = plain_utc(plain)?;
        let rest = &text[plain.len()..];
        let Some(fraction) = rest.strip_prefix('.').filter(|_| whole >= 0) else {
            return Some((Timestamp(whole), rest));
        };
        let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
        let digit = |place: usize| if place < digits { i64::from(fraction.as_bytes()[place] - b'0') } else { 0 };
        let millis = digit(0) * 100 + digit(1) * 10 + digit(2);
        (1..=9).contains(&digits).then(|| (Timestamp(whole + millis), &fraction[digits..]))
    }
}

/// `YYYY-MM-DDThh:mm:ss`, without the general parser's cost.
fn plain_utc(text: &[u8; 19]) -> Option<Timestamp> {
    let between = text[8].is_ascii_digit() && text[9].is_ascii_digit() && matches!(text[10], b'T' | b' ');
    if !between || !has_form(text.first_chunk()?, b"0000-00-") || !has_form(text.last_chunk()?, b"00:00:00") {
        return None;
    }
    let two = |at: usize| i64::from(text[at] - b'0') * 10 + i64::from(text[at + 1] - b'0');
    let (year, month, day) = (two(0) * 100 + two(2), two(5), two(8));
    let (hour, minute, second) = (two(11), two(14), two(17));
    if !(1..=12).contains(&month) || day < 1 || day > days_in_month(year, month) {
        return None;
    }
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = days_from_civil(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second;
    Some(Timestamp(seconds * 1_000))
}

/// Whether a text has digits where this form has zeros, and else what the form has; all bytes at once.
fn has_form(text: &[u8; 8], form: &'static [u8; 8]) -> bool {
    // What may be added to a byte that differs from the form's by so little that it fits, without setting its highest bit.
    let room = u64::from_le_bytes(form.map(|byte| if byte == b'0' { 0x7F - 9 } else { 0x7F }));
    let differing = u64::from_le_bytes(*text) ^ u64::from_le_bytes(*form);
    let too_far = (differing & 0x7F7F_7F7F_7F7F_7F7F) + room;
    (too_far | differing) & 0x8080_8080_8080_8080 == 0
}

fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar (Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", `days_from_civil`).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC, with milliseconds only where there are any.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_millisecond(self.0) {
            Ok(timestamp) => write!(f, "{timestamp}"),
            Err(_) => write!(f, "{} ms", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_cloudtrail_writes() {
        let time = Timestamp::parse("2026-01-31T23:59:59Z").expect("valid");
        assert_eq!(time.as_millis(), 1_769_903_999_000);
        assert_eq!(time.to_string(), "2026-01-31T23:59:59Z");
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in ["", "now", "2026-02-30T00:00:00Z", "2026-01-31 23:59", "2026-13-01T00:00:00Z", "２026-01-31T23:59"]
        {
            assert_eq!(Timestamp::parse(text), Err(TimestampError), "{text}");
        }
    }

    /// Whatever byte stands in the place of another, only digits stand for digits, and nothing for what separates them.
    #[test]
    fn other_bytes_are_no_part_of_a_time() {
        let form = *b"2011-11-11T11:11:11";
        for (at, byte) in (0..form.len()).flat_map(|at| (0..=u8::MAX).map(move |byte| (at, byte))) {
            let mut text = form;
            text[at] = byte;
            let fits = if form[at].is_ascii_digit() { byte.is_ascii_digit() } else { byte == form[at] };
            let fits = fits || (at == 10 && byte == b' ');
            assert!(fits || plain_utc(&text).is_none(), "{byte} at {at}");
            assert!(byte != form[at] || plain_utc(&text).is_some(), "{byte} at {at}");
        }
    }

    proptest! {
        /// The fast path agrees with the general parser on every second that it accepts.
        #[test]
        fn fast_path_agrees_with_the_general_parser(seconds in -62_135_596_800i64..253_402_300_799) {
            let text = jiff::Timestamp::from_second(seconds).expect("in range").to_string();
            prop_assert_eq!(Timestamp::in_front(&text), Some((Timestamp(seconds * 1_000), "Z")));
        }

        /// The same for fractions of any length.
        #[test]
        fn fractions_agree_with_the_general_parser(
            seconds in -100_000_000i64..4_102_444_800,
            fraction in "(\\.[0-9]{0,11})?",
            end in "(Z|z|\\+01:00|)",
        ) {
            let whole = jiff::Timestamp::from_second(seconds).expect("in range").to_string();
            let text = whole.replace('Z', &fraction) + &end;
            let general = text.parse::<jiff::Timestamp>().map(|t| Timestamp(t.as_millisecond()));
            prop_assert_eq!(Timestamp::parse(&text).ok(), general.ok());
        }

        /// No text makes it panic.
        #[test]
        fn any_text_is_answered(text in "\\PC{0,40}") {
            let _ = Timestamp::parse(&text);
        }
    }
}
