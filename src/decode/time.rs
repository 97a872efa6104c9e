//! When a record says that it happened, and whether that can be.

use super::{DecodeError, Delivery, quote};
use crate::config::DecodeConfig;
use crate::event::Timestamp;

/// Nothing before 2013 is believed: no provider's audit log in its present form is older.
const EARLIEST: Timestamp = Timestamp::from_millis(1_356_998_400_000);

/// Larger numbers are milliseconds, smaller ones seconds since the Unix epoch: both are of this century.
const LEAST_MILLIS: f64 = 100_000_000_000.0;

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

/// The time of a record from the number in its field: seconds, with a fraction or without, or milliseconds since the
/// Unix epoch.
///
/// # Errors
/// Where it is no time, or one that cannot be.
pub(super) fn from_number(
    number: f64,
    field: &'static str,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Result<Timestamp, DecodeError> {
    let millis = if number.abs() < LEAST_MILLIS { number * 1_000.0 } else { number };
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

/// RFC 3339, or the same with a space and without a zone, as some pipelines write it; that is taken as UTC.
fn parse(text: &str) -> Option<Timestamp> {
    if let Some((time, "Z" | "")) = Timestamp::in_front(text) {
        return Some(time);
    }
    if let Ok(time) = Timestamp::parse(text) {
        return Some(time);
    }
    let (date, time) = text.split_once([' ', 'T'])?;
    Timestamp::parse(&format!("{date}T{}Z", time.trim_end_matches('Z'))).ok()
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
        assert_eq!(parse("yesterday at noon"), None);
    }
}
