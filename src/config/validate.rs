//! What the types cannot say: bounds of single numbers, and keys that contradict one another.

use super::{AlertsConfig, BudgetConfig, Config, DecodeConfig, DetectConfig, IdentityConfig, ReplayConfig};
use crate::event::{Kind, Source};

/// Smallest alert that still says who, what and why.
const LEAST_ALERT_BYTES: usize = 4 << 10;
/// Shortest key of the hashes.
const LEAST_HASH_KEY_CHARS: usize = 16;

impl Config {
    /// Everything that is wrong although every value has its type: sentences that name each key concerned, dotted.
    pub fn validate(&self) -> Vec<String> {
        let mut found = Vec::new();
        if let Err((key, why)) = self.kafka.validate() {
            refuse(&key.replace('"', ""), &why, &mut found);
        }
        check_decode(&self.decode, &mut found);
        check_logs(&self.decode, &mut found);
        check_budget(&self.budget, &mut found);
        check_detect(&self.detect, &mut found);
        check_alerts(&self.alerts, &mut found);
        check_replay(&self.replay, &mut found);
        check_identity(&self.identity, &mut found);
        if self.http.stalled_after_s == 0 {
            refuse("http.stalled_after_s", "must be at least 1", &mut found);
        }
        found
    }
}

fn check_identity(identity: &IdentityConfig, found: &mut Vec<String>) {
    for (i, pattern) in identity.patterns.iter().enumerate() {
        let key = format!("identity.patterns.{i}");
        if pattern.pattern.is_empty() {
            refuse(&format!("{key}.match"), "must not be empty, as no principal is", found);
        }
        if pattern.says_nothing() {
            refuse(&key, "must say at least one of kind, owner, vendor and criticality", found);
        }
    }
    for (i, link) in identity.links.iter().enumerate() {
        if link.pattern.is_empty() {
            refuse(&format!("identity.links.{i}.match"), "must not be empty, as no principal is", found);
        }
        if link.to.is_empty() {
            refuse(&format!("identity.links.{i}.to"), "must say who stands behind the principal", found);
        }
    }
}

fn check_decode(decode: &DecodeConfig, found: &mut Vec<String>) {
    let limits = [
        ("decode.max_message_bytes", decode.max_message_bytes),
        ("decode.max_unpacked_bytes", decode.max_unpacked_bytes),
        ("decode.max_record_bytes", decode.max_record_bytes),
        ("decode.max_records", decode.max_records),
        ("decode.max_depth", decode.max_depth),
        ("decode.max_text_bytes", decode.max_text_bytes),
    ];
    at_least_one(&limits, found);
    let unpacked = ("decode.max_unpacked_bytes", decode.max_unpacked_bytes as f64);
    let record = ("decode.max_record_bytes", decode.max_record_bytes as f64);
    not_above(record, unpacked, "a record cannot be larger than its message", found);
    let message = ("decode.max_message_bytes", decode.max_message_bytes as f64);
    not_above(message, unpacked, "a message does not shrink when it is unpacked", found);
}

fn check_logs(decode: &DecodeConfig, found: &mut Vec<String>) {
    let is_word = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
    };
    for (i, mapping) in decode.mappings.iter().enumerate() {
        let key = |name: &str| format!("decode.mappings.{i}.{name}");
        let needed = [("name", &mapping.name), ("time", &mapping.time), ("operation", &mapping.operation)];
        for (name, _) in needed.into_iter().filter(|(_, text)| text.is_empty()) {
            refuse(&key(name), "must not be empty", found);
        }
        if !is_word(&mapping.provider) {
            refuse(&key("provider"), "must be one word of small letters and digits, for example vault", found);
        }
        if !matches!(&*mapping.without_outcome, "" | "success" | "failure" | "unknown") {
            refuse(&key("without_outcome"), "must be success, failure or unknown", found);
        }
    }
    for (i, topic) in decode.topics.iter().enumerate() {
        let native = Source::ALL.iter().any(|source| source.name() == topic.format);
        let mapped = decode.mappings.iter().any(|mapping| mapping.name == topic.format);
        if !topic.format.is_empty() && !native && !mapped {
            let names = Source::ALL.map(Source::name).join(", ");
            refuse(
                &format!("decode.topics.{i}.format"),
                &format!("must be the name of a mapping, or one of {names}"),
                found,
            );
        }
        if topic.pattern.is_empty() {
            refuse(&format!("decode.topics.{i}.match"), "must not be empty, as no topic's name is", found);
        }
    }
}

fn check_replay(replay: &ReplayConfig, found: &mut Vec<String>) {
    let limits = [
        ("replay.whole_file_bytes", replay.whole_file_bytes),
        ("replay.reorder_events", replay.reorder_events),
        ("replay.max_open_files", replay.max_open_files),
    ];
    at_least_one(&limits, found);
}

fn check_budget(budget: &BudgetConfig, found: &mut Vec<String>) {
    above_zero("budget.acute_per_1000_per_day", budget.acute_per_1000_per_day, found);
    for kind in Kind::ALL {
        if let Some(own) = budget.own(kind) {
            above_zero(&format!("budget.kind.{}.acute_per_1000_per_day", kind.name()), own, found);
        }
    }
    if budget.max_age_hours == 0 {
        refuse("budget.max_age_hours", "must be at least 1", found);
    }
}

fn check_detect(detect: &DetectConfig, found: &mut Vec<String>) {
    above_zero("detect.half_life_days", detect.half_life_days, found);
    let limits = [
        ("detect.max_identities", detect.max_identities),
        ("detect.max_fleet_values", detect.max_fleet_values),
        ("detect.max_groups", detect.max_groups),
        ("detect.max_group_values", detect.max_group_values),
        ("detect.max_dedup_bytes", detect.max_dedup_bytes),
        ("detect.max_links", detect.max_links),
        ("detect.max_events_per_finding", detect.max_events_per_finding),
    ];
    at_least_one(&limits, found);
    let half_life = ("detect.half_life_days", detect.half_life_days);
    let forget = ("detect.forget_after_days", f64::from(detect.forget_after_days));
    not_above(half_life, forget, "a value would be new again while it still counts", found);
    if detect.hash_key.chars().count() < LEAST_HASH_KEY_CHARS {
        refuse("detect.hash_key", &format!("must have at least {LEAST_HASH_KEY_CHARS} characters"), found);
    }
}

fn check_alerts(alerts: &AlertsConfig, found: &mut Vec<String>) {
    if alerts.max_bytes < LEAST_ALERT_BYTES {
        let why = format!("must be at least {LEAST_ALERT_BYTES}, or an alert could not say who, what and why");
        refuse("alerts.max_bytes", &why, found);
    }
}

fn above_zero(key: &str, number: f64, found: &mut Vec<String>) {
    if number <= 0.0 {
        refuse(key, &format!("must be above 0, not {number}"), found);
    }
}

fn at_least_one(limits: &[(&str, usize)], found: &mut Vec<String>) {
    for (key, limit) in limits {
        if *limit == 0 {
            refuse(key, "must be at least 1", found);
        }
    }
}

/// The first key's number may not be above the second's.
fn not_above(lower: (&str, f64), upper: (&str, f64), why: &str, found: &mut Vec<String>) {
    if lower.1 > upper.1 {
        found.push(format!("{} ({}) is above {} ({}): {why}", lower.0, lower.1, upper.0, upper.1));
    }
}

fn refuse(key: &str, why: &str, found: &mut Vec<String>) {
    found.push(format!("{key} {why}"));
}
