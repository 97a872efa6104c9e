//! How it ended: `status_id`, else `status`, else what the answer says, else whether a control let it through (`action_id`,
//! `disposition_id` of the profile security_control).

use super::super::paths::Slot;
use super::super::text::begins;
use super::record::{Record, slot, slots};
use crate::event::{Outcome, Text};

const REFUSED: Slot = slot("api.response.error");

/// How it ended.
pub(super) fn outcome(record: &Record<'_, '_>) -> Outcome {
    let id = record.at(const { slot("status_id") }).and_then(|id| id.text_or_digits());
    match id.as_deref() {
        Some("1") => return Outcome::Success,
        Some("2") => return Outcome::Failure,
        _ => {}
    }
    let word = record.text(const { slot("status") }).unwrap_or_default();
    let is = |other: &str| word.eq_ignore_ascii_case(other);
    if begins(&word, "succ") || is("ok") {
        return Outcome::Success;
    }
    let refused = ["error", "denied", "blocked", "rejected", "unauthorized"].into_iter().any(is);
    if begins(&word, "fail") || refused || record.text(REFUSED).is_some() {
        return Outcome::Failure;
    }
    match code(record) {
        Some(400..) => Outcome::Failure,
        Some(200..400) => Outcome::Success,
        // Microsoft's error codes, and those of gRPC, which has seventeen.
        Some(0) => Outcome::Success,
        Some(1..=16) => Outcome::Failure,
        _ if is_stopped(record) => Outcome::Failure,
        _ => Outcome::Unknown,
    }
}

/// Whether a control stopped it: 2 is `Denied` as an action, and `Blocked` as a disposition.
fn is_stopped(record: &Record<'_, '_>) -> bool {
    const IDS: [Slot; 2] = slots(["action_id", "disposition_id"]);
    IDS.into_iter().any(|slot| record.at(slot).and_then(|id| id.text_or_digits()).as_deref() == Some("2"))
}

/// The provider's code of a failure.
pub(super) fn error<'a>(record: &Record<'_, 'a>, outcome: Outcome) -> Option<Text<'a>> {
    const CODES: [Slot; 2] = slots(["status_code", "api.response.code"]);
    let named = || record.text(REFUSED).or_else(|| record.first_or_digits(&CODES));
    (outcome == Outcome::Failure).then(named).flatten()
}

fn code(record: &Record<'_, '_>) -> Option<u32> {
    const PLACES: [Slot; 3] = slots(["api.response.code", "http_response.code", "status_code"]);
    PLACES.into_iter().find_map(|place| record.at(place)?.text_or_digits()?.parse().ok())
}
