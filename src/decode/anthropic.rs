//! Anthropic's activity feed of an organisation: one activity → one event.
//!
//! In: an object of the list that `GET /v1/compliance/activities` answers with. Out: an [`Event`], or why there is none. What an
//! activity is about lies in members of its own beside the common ones: ids (`claude_chat_id`, `api_key_id`) are its targets. The
//! feed tells of what happened; what did not says so in its name (`sso_login_failed`). Source: Claude Docs, "Compliance API".

mod actions;
mod actor;

use super::json::Value;
use super::record::hash_of;
use super::{DecodeError, Decoded, Delivery, network, platform_actions, text, time};
use crate::config::DecodeConfig;
use crate::event::{Access, Action, Event, NetworkClass, Origin, Outcome, Source, Target, Text, Timestamp};

/// Whether an object with a type is an activity: by its actor, or by what else it has; where it has none, by its own id.
pub(super) fn is_record(value: Value<'_, '_>) -> bool {
    let class = value.text_at(&["actor", "type"]);
    let ours = ["organization_id", "organization_uuid"];
    let named = || {
        let id = value.text_at(&["id"]);
        value.member("actor").is_some() || id.is_some_and(|id| id.starts_with("activity_"))
    };
    class.is_some_and(|class| class.ends_with("_actor"))
        || (value.member("created_at").is_some() && ours.iter().any(|name| value.member(name).is_some()) && named())
}

/// Decodes one record.
pub(super) fn decode<'a>(
    value: Value<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    match event(record, value, delivery, config) {
        Ok(event) => Decoded::Event(event),
        Err(error) => Decoded::Dead(error),
    }
}

fn event<'a>(
    bytes: &'a [u8],
    record: Value<'_, 'a>,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Result<Event<'a>, DecodeError> {
    let time = time_of(record, delivery, config)?;
    let action = action(record)?;
    let actor = actor::actor(record, delivery);
    let failed = action.operation.ends_with("_failed");
    let error =
        ["error_code", "error", "reason", "failure_reason"].into_iter().find_map(|name| record.text_at(&[name]));
    let mut event = Event {
        source: Source::AnthropicActivity,
        provider: Text::Borrowed("anthropic"),
        id: record.text_at(&["id"]).unwrap_or_else(|| hash_of(bytes).into()),
        time,
        outcome: if failed { Outcome::Failure } else { Outcome::Success },
        error: error.filter(|_| failed),
        origin: origin(record, actor.via_service),
        region: None,
        target_account: None,
        targets: targets(record, &action.service, config.max_targets),
        issued: Vec::new(),
        actor,
        action,
    };
    text::bound(&mut event, config.max_text_bytes);
    Ok(event)
}

fn time_of(record: Value<'_, '_>, delivery: &Delivery<'_>, config: &DecodeConfig) -> Result<Timestamp, DecodeError> {
    let field = "created_at";
    let value = record.at(&[field]).ok_or(DecodeError::MissingField { field })?;
    match (value.number(), value.text()) {
        (Some(number), _) => time::from_number(number, field, delivery, config),
        (_, Some(text)) => time::from_text(&text, field, delivery, config),
        _ => Err(DecodeError::WrongType { field, expected: "a date in RFC 3339 form" }),
    }
}

fn action<'a>(record: Value<'_, 'a>) -> Result<Action<'a>, DecodeError> {
    let field = "type";
    let value = record.at(&[field]).ok_or(DecodeError::MissingField { field })?;
    let operation = value.text().ok_or(DecodeError::WrongType { field, expected: "a string" })?;
    if operation.is_empty() {
        return Err(DecodeError::MissingField { field });
    }
    let service = text::part(&operation, |name| Some(subject(name))).unwrap_or(Text::Borrowed("anthropic"));
    Ok(platform_actions::action(service, operation, actions::ROWS, Access::Unknown))
}

/// What an activity is about: its type without what happened to it (`claude_chat` of `claude_chat_access_failed`).
fn subject(name: &str) -> &str {
    const BETWEEN: [&str; 5] = ["_access", "_sharing", "_deletion", "_add", "_settings"];
    let front = name.rsplit_once('_').map_or(name, |(front, _)| front);
    let bare = BETWEEN.iter().find_map(|word| front.strip_suffix(word)).unwrap_or(front);
    if bare.is_empty() { name } else { bare }
}

/// Anthropic itself acts from nowhere.
fn origin<'a>(record: Value<'_, 'a>, by_anthropic: bool) -> Origin<'a> {
    let ip = record.text_at(&["actor", "ip_address"]);
    let user_agent = record.text_at(&["actor", "user_agent"]);
    if by_anthropic && ip.is_none() {
        return Origin { ip, class: NetworkClass::CloudInternal, user_agent, ..Origin::NOWHERE };
    }
    network::origin(ip, user_agent)
}

/// The ids that an activity names, those of its own subject first; the workspace last. Chats, files and messages are new each
/// time: one of them is as good as another.
fn targets<'a>(record: Value<'_, 'a>, subject: &str, limit: usize) -> Vec<Target<'a>> {
    let mut found: Vec<Target<'a>> =
        record.members().filter_map(|(key, value)| target(&key, value)).take(4 * limit).collect();
    let rank = |target: &Target<'_>| match target.kind.strip_prefix("anthropic:") {
        Some("workspace") => 2,
        Some(kind) if kind == subject => 0,
        _ => 1,
    };
    found.sort_by_key(rank);
    found.truncate(limit);
    found
}

fn target<'a>(key: &str, value: Value<'_, 'a>) -> Option<Target<'a>> {
    const FLEETING: [&str; 5] = ["claude_chat", "claude_file", "claude_chat_message", "session", "event"];
    let what = key.strip_suffix("_id").filter(|what| !matches!(*what, "" | "organization" | "request"))?;
    let name = value.filled()?;
    let kind = Text::Owned(format!("anthropic:{what}"));
    let container = if FLEETING.contains(&what) { kind.clone() } else { name.clone() };
    Some(Target { kind, name, container, account: None })
}
