//! When a record says that it happened, and whether that can be.

use super::{DecodeError, Delivery, quote};
use crate::config::DecodeConfig;
use crate::event::Timestamp;

/// Nothing before 2006 is believed: no cloud is older. (Providers' own examples and test events are of 2010 and later.)
const EARLIEST: Timestamp = Timestamp::from_millis(1_136_073_600_000);

/// Larger numbers are milliseconds, smaller ones seconds since the Unix epoch: both are of this century.
const LEAST_MILLIS: f64 = 1e11;

/// Larger numbers are microseconds.
const LEAST_MICROS: f64 = 1e14;

/// Larger numbers are nanoseconds.
const LEAST_NANOS: f64 = 1e17;

/// The time of a record from the text of its field.
///
/// # Errors
/// Where it is no time, or one that cannot be.
pub(super) fn from_text(
    text: &str,
    field: &'static str,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Result<Timestamp, DecodeError> {
    let time = parse(text).ok_or_else(|| DecodeError::BadTime { field, text: quote(text) })?;
    within(time, delivery, config)
}

/// The time of a record from the number in its field: seconds, with a fraction or without, milliseconds, microseconds or
/// nanoseconds since the Unix epoch.
///
/// # Errors
/// Where it is no time, or one that cannot be.
pub(super) fn from_number(
    number: f64,
    field: &'static str,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Result<Timestamp, DecodeError> {
    let millis = match number.abs() {
        size if size < LEAST_MILLIS => number * 1e3,
        size if size < LEAST_MICROS => number,
        size if size < LEAST_NANOS => number / 1e3,
        _ => number / 1e6,
    };
    if !millis.is_finite() || millis.abs() > 1e15 {
        return Err(DecodeError::BadTime { field, text: number.to_string() });
    }
    #[expect(clippy::cast_possible_truncation, reason = "below 1e15 by the line above")]
    within(Timestamp::from_millis(millis.round() as i64), delivery, config)
}

/// A time, where it can be: not before there was auditing, not long after its arrival.
///
/// # Errors
/// Where it cannot be.
pub(super) fn within(
    time: Timestamp,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Result<Timestamp, DecodeError> {
    if time < EARLIEST {
        return Err(DecodeError::TimeRange { time, earliest: EARLIEST });
    }
    let limit_min = config.future_limit_min;
    match delivery.arrival.filter(|arrival| time > arrival.plus_millis(i64::from(limit_min) * 60_000)) {
        Some(arrival) => Err(DecodeError::Future { time, arrival, limit_min }),
        None => Ok(time),
    }
}

/// RFC 3339, or the same with a space and without a zone, as some pipelines write it; that is taken as UTC. Databases write
/// the zone behind a space.
fn parse(text: &str) -> Option<Timestamp> {
    if let Some((time, "Z" | "")) = Timestamp::in_front(text) {
        return Some(time);
    }
    if let Ok(time) = Timestamp::parse(text) {
        return Some(time);
    }
    let (date, time) = text.split_once([' ', 'T'])?;
    if date.contains('/') {
        return parse_american(date, time);
    }
    let (time, zone) = time.split_once(' ').unwrap_or((time.trim_end_matches('Z'), "Z"));
    let zone = if matches!(zone, "UTC" | "GMT" | "") { "Z" } else { zone };
    Timestamp::parse(&[date, "T", time, zone].concat()).ok()
}

/// `1/31/2026` and `11:59:59.123 PM +01:00`, of which half of the day and zone may be missing: some of Azure's services and its
/// portal write so (test data of Elastic's integration for Azure).
fn parse_american(date: &str, time: &str) -> Option<Timestamp> {
    let mut numbers = date.trim_end_matches(',').splitn(3, '/').map(|part| part.parse::<u16>().ok());
    let (month, day, year) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let mut words = time.split(' ');
    let (hour, rest) = words.next()?.split_once(':')?;
    let hour = hour.parse::<u8>().ok().filter(|hour| *hour < 24)?;
    let next = words.next();
    let (hour, zone) = match next {
        Some("AM") => (hour % 12, words.next()),
        Some("PM") => (hour % 12 + 12, words.next()),
        _ => (hour, next),
    };
    let zone = zone.filter(|zone| *zone != "UTC").unwrap_or("Z");
    Timestamp::parse(&format!("{year:04}-{month:02}-{day:02}T{hour:02}:{rest}{zone}")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_pipelines_are_read() {
        let time = Timestamp::parse("2026-01-31T23:59:59Z").ok();
        for text in
            ["2026-01-31T23:59:59Z", "2026-01-31 23:59:59", "2026-01-31 23:59:59.000000000", "2026-01-31T23:59:59"]
        {
            assert_eq!(parse(text), time, "{text}");
        }
        for text in ["2026-01-31 23:59:59 UTC", "2026-01-31 23:59:59.000000 +0000", "2026-02-01 01:59:59+02:00"] {
            assert_eq!(parse(text), time, "{text}");
        }
        for text in [
            "1/31/2026 23:59:59",
            "01/31/2026 11:59:59 PM",
            "1/31/2026, 11:59:59.000 PM",
            "1/31/2026 11:59:59 PM +00:00",
            "2/1/2026 12:59:59 AM +01:00",
        ] {
            assert_eq!(parse(text), time, "{text}");
        }
        assert_eq!(parse("31/1/2026 23:59:59"), None);
        assert_eq!(parse("1/31/2026 25:59:59 PM"), None);
        assert_eq!(parse("yesterday at noon"), None);
        assert_eq!(parse("2026-01-31 at noon"), None);
    }

    #[test]
    fn numbers_are_of_this_century_in_whatever_unit() {
        let config = DecodeConfig::default();
        for number in [1_772_424_306.123, 1_772_424_306_123.0, 1_772_424_306_123_456.0, 1_772_424_306_123_456_789.0] {
            let time = from_number(number, "time", &None.into(), &config);
            assert_eq!(time, Ok(Timestamp::from_millis(1_772_424_306_123)), "{number}");
        }
        assert!(from_number(f64::INFINITY, "time", &None.into(), &config).is_err());
        assert!(from_number(1e30, "time", &None.into(), &config).is_err());
    }
}
