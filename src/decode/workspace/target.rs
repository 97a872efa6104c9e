//! What it was done to: the parameters of an activity's events that name something.
//!
//! People and documents come and go: people are one container, documents one for each owner. Everything else is its own.

use super::super::json::Value;
use super::parameter::Parameters;
use super::record::Record;
use crate::event::{Target, Text};

/// What it was done to, the most telling event's targets first; at most `limit`.
pub fn targets<'a>(record: &Record<'_, 'a>, telling: &Parameters<'_, 'a>, limit: usize) -> Vec<Target<'a>> {
    let mut found = Vec::with_capacity(telling.targets().count().min(limit));
    add(telling, limit, &mut found);
    if !record.is_single() {
        record.happenings().for_each(|happening| add(&happening.parameters(), limit, &mut found));
    }
    found
}

fn add<'a>(parameters: &Parameters<'_, 'a>, limit: usize, found: &mut Vec<Target<'a>>) {
    for (kind, value) in parameters.targets() {
        let several = value.items().filter_map(Value::filled);
        for name in value.text_or_digits().into_iter().chain(several) {
            if found.len() >= limit {
                return;
            }
            if !found.iter().any(|target| target.kind == kind && target.name == name) {
                let container = container(kind, &name, parameters);
                found.push(Target { kind: Text::Borrowed(kind), name, container, account: None });
            }
        }
    }
}

fn container<'a>(kind: &'static str, name: &Text<'a>, parameters: &Parameters<'_, 'a>) -> Text<'a> {
    match kind {
        "workspace:user" => Text::Borrowed(kind),
        "workspace:document" => parameters.text("owner").unwrap_or(Text::Borrowed(kind)),
        _ => name.clone(),
    }
}
