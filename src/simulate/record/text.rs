//! Pieces of a record's text: JSON strings, times, UUIDs, addresses. Appends to a buffer, allocates nothing else.

use super::super::rng::mix;

const HEX: &[u8; 16] = b"0123456789abcdef";
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Appends `text` as the inside of a JSON string.
pub fn escaped(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, &byte) in bytes.iter().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(&bytes[from..at]);
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            _ => out.extend_from_slice(&[
                b'\\',
                b'u',
                b'0',
                b'0',
                HEX[usize::from(byte >> 4)],
                HEX[usize::from(byte & 15)],
            ]),
        }
        from = at + 1;
    }
    out.extend_from_slice(&bytes[from..]);
}

/// Appends a number in decimal, with at least so many digits.
pub fn decimal(value: u64, digits: usize, out: &mut Vec<u8>) {
    let mut text = [b'0'; 20];
    let mut at = text.len();
    let mut rest = value;
    while rest > 0 || text.len() - at < digits.max(1) {
        at -= 1;
        text[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.extend_from_slice(&text[at..]);
}

/// Appends the lowest `digits` hexadecimal digits of a number.
pub fn hex(value: u64, digits: u32, out: &mut Vec<u8>) {
    for digit in (0..digits).rev() {
        out.push(HEX[(value >> (4 * digit) & 15) as usize]);
    }
}

/// Appends a UUID of version 4 that stands for `value`.
pub fn uuid(value: u64, out: &mut Vec<u8>) {
    let (high, low) = (mix(value, 1), mix(value, 2));
    hex(high >> 32, 8, out);
    out.push(b'-');
    hex(high >> 16, 4, out);
    out.extend_from_slice(b"-4");
    hex(high, 3, out);
    out.push(b'-');
    hex(0x8 | (low >> 60 & 3), 1, out);
    hex(low >> 48, 3, out);
    out.push(b'-');
    hex(low, 12, out);
}

/// Appends an IPv4 address.
pub fn ipv4(address: u32, out: &mut Vec<u8>) {
    for (at, byte) in address.to_be_bytes().into_iter().enumerate() {
        if at > 0 {
            out.push(b'.');
        }
        decimal(u64::from(byte), 1, out);
    }
}

/// Appends a time as CloudTrail writes it: `2026-01-31T23:59:59Z`.
pub fn time(millis: i64, out: &mut Vec<u8>) {
    let (year, month, day) = civil(millis.div_euclid(86_400_000));
    let second = millis.div_euclid(1_000).rem_euclid(86_400) as u64;
    decimal(year, 4, out);
    for (before, value) in
        [(b'-', month), (b'-', day), (b'T', second / 3_600), (b':', second / 60 % 60), (b':', second % 60)]
    {
        out.push(before);
        decimal(value, 2, out);
    }
    out.push(b'Z');
}

/// Appends a time as responses show it: `Jan 31, 2026, 11:59:59 PM`.
pub fn response_time(millis: i64, out: &mut Vec<u8>) {
    let (year, month, day) = civil(millis.div_euclid(86_400_000));
    let second = millis.div_euclid(1_000).rem_euclid(86_400) as u64;
    let hour = second / 3_600;
    out.extend_from_slice(MONTHS[month as usize - 1].as_bytes());
    out.push(b' ');
    decimal(day, 1, out);
    out.extend_from_slice(b", ");
    decimal(year, 4, out);
    out.extend_from_slice(b", ");
    decimal((hour + 11) % 12 + 1, 1, out);
    out.push(b':');
    decimal(second / 60 % 60, 2, out);
    out.push(b':');
    decimal(second % 60, 2, out);
    out.extend_from_slice(if hour < 12 { b" AM" } else { b" PM" });
}

/// Appends a date as folders are named: `2026/01/31`.
pub fn date_path(millis: i64, out: &mut Vec<u8>) {
    let (year, month, day) = civil(millis.div_euclid(86_400_000));
    decimal(year, 4, out);
    out.push(b'/');
    decimal(month, 2, out);
    out.push(b'/');
    decimal(day, 2, out);
}

/// Year, month and day of a day since 1970-01-01 (Hinnant, "chrono-Compatible Low-Level Date Algorithms",
/// `civil_from_days`).
fn civil(day: i64) -> (u64, u64, u64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted - era * 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day_of_month = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year.max(0) as u64, month as u64, day_of_month as u64)
}

/// Appends a template; `placeholder` appends what stands for a letter behind `$`.
pub fn fill(template: &str, out: &mut Vec<u8>, placeholder: impl Fn(u8, &mut Vec<u8>)) {
    let bytes = template.as_bytes();
    let mut from = 0;
    for at in memchr::memchr_iter(b'$', bytes) {
        out.extend_from_slice(&bytes[from..at]);
        placeholder(bytes[at + 1], out);
        from = at + 2;
    }
    out.extend_from_slice(&bytes[from..]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Timestamp;
    use proptest::prelude::*;

    fn written(write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        write(&mut out);
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn times_in_both_forms() {
        let millis = 1_769_903_999_000;
        assert_eq!(written(|out| time(millis, out)), "2026-01-31T23:59:59Z");
        assert_eq!(written(|out| response_time(millis, out)), "Jan 31, 2026, 11:59:59 PM");
        assert_eq!(written(|out| response_time(millis + 1_000, out)), "Feb 1, 2026, 12:00:00 AM");
        assert_eq!(written(|out| date_path(millis, out)), "2026/01/31");
    }

    #[test]
    fn addresses_and_uuids() {
        assert_eq!(written(|out| ipv4(0x0a00_01ff, out)), "10.0.1.255");
        let text = written(|out| uuid(42, out));
        assert_eq!(uuid::Uuid::parse_str(&text).expect("a UUID").get_version_num(), 4);
    }

    proptest! {
        /// What is escaped reads back as it was.
        #[test]
        fn escaped_text_reads_back(text in ".{0,40}") {
            let json = written(|out| { out.push(b'"'); escaped(&text, out); out.push(b'"') });
            prop_assert_eq!(serde_json::from_str::<String>(&json).expect("JSON"), text);
        }

        /// Times read back as they were.
        #[test]
        fn times_read_back(seconds in 0i64..4_102_444_800) {
            let text = written(|out| time(seconds * 1_000, out));
            prop_assert_eq!(Timestamp::parse(&text).expect("a time").as_millis(), seconds * 1_000);
        }
    }
}
