//! What it was done to: the parameters of an activity's events that name something.
//!
//! People and documents come and go: people are one container, documents one for each owner. Everything else is its own.

use super::super::json::Value;
use super::super::text::is;
use super::record::{Happening, Record, first_text};
use crate::event::{Target, Text};

/// Parameters that name something, and its kind.
const KINDS: [(&str, &str); 23] = [
    ("affected_email_address", "workspace:user"),
    ("api_name", "workspace:api"),
    ("app_name", "workspace:app_name"),
    ("application_name", "workspace:application"),
    ("client_id", "workspace:app"),
    ("doc_id", "workspace:document"),
    ("domain_name", "workspace:domain"),
    ("email_forwarding_destination_address", "workspace:destination"),
    ("group_email", "workspace:group"),
    ("group_id", "workspace:group"),
    ("api_client_name", "workspace:app"),
    ("api_scopes", "workspace:scope"),
    ("method_name", "workspace:method"),
    ("oauth2_app_id", "workspace:app"),
    ("org_unit_name", "workspace:org_unit"),
    ("privilege_name", "workspace:privilege"),
    ("role_name", "workspace:role"),
    ("scope", "workspace:scope"),
    ("setting_name", "workspace:setting"),
    ("shared_drive_id", "workspace:shared_drive"),
    ("target_domain", "workspace:domain"),
    ("target_user", "workspace:user"),
    ("user_email", "workspace:user"),
];

/// What it was done to, the most telling event's targets first; at most `limit`.
pub fn targets<'a>(record: &Record<'_, 'a>, telling: &Happening<'_, 'a>, limit: usize) -> Vec<Target<'a>> {
    let mut found = Vec::new();
    add(telling, limit, &mut found);
    if !record.is_single() {
        record.happenings().for_each(|happening| add(&happening, limit, &mut found));
    }
    found
}

fn add<'a>(happening: &Happening<'_, 'a>, limit: usize, found: &mut Vec<Target<'a>>) {
    let owner = || happening.parameter("owner").and_then(first_text);
    for (parameter, value) in happening.parameters() {
        let Some((_, kind)) = KINDS.iter().find(|(name, _)| is(parameter.as_bytes(), name.as_bytes())) else {
            continue;
        };
        let several = value.items().filter_map(Value::filled);
        for name in value.text_or_digits().into_iter().chain(several) {
            if found.len() >= limit {
                return;
            }
            if !found.iter().any(|target| target.kind == *kind && target.name == name) {
                found.push(Target {
                    container: container(kind, &name, &owner),
                    kind: Text::Borrowed(kind),
                    name,
                    account: None,
                });
            }
        }
    }
}

fn container<'a>(kind: &'static str, name: &Text<'a>, owner: &dyn Fn() -> Option<Text<'a>>) -> Text<'a> {
    match kind {
        "workspace:user" => Text::Borrowed(kind),
        "workspace:document" => owner().unwrap_or(Text::Borrowed(kind)),
        _ => name.clone(),
    }
}
