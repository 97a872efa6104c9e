//! Anthropic's activity feed of an organisation: one activity → one event.
//!
//! In: an object of the list that `GET /v1/compliance/activities` answers with. Out: an [`Event`], or why there is none. What an
//! activity is about lies in members of its own beside the common ones: ids (`claude_chat_id`, `api_key_id`) are its targets. The
//! feed tells of what happened; what did not says so in its name (`sso_login_failed`), a call of the interface itself by its HTTP
//! status; how a sign-in that began will end, another activity tells. Source: Claude Docs, "Compliance API".

mod actions;
mod actor;

use super::json::Value;
use super::known::{Key, Keys, Known, bits, key, keys};
use super::names::{required, time_of};
use super::platform_actions::{self, kind_of_target};
use super::record::hash_of;
use super::{DecodeError, Decoded, Delivery, text};
use crate::config::DecodeConfig;
use crate::event::{Access, Action, Event, Outcome, Source, Target, Text};
use actor::Who;

/// As many as few activities have more.
const USUAL_TARGETS: usize = 4;

/// Whether an object with a type is an activity: by its actor, or by what else it has; where it has none, by its own id.
pub(super) fn is_record(known: &Known<'_, '_>) -> bool {
    const ORGANISATION: Keys = bits(&["organization_id", "organization_uuid"]);
    let actor = known.get(const { key("actor") });
    let class = || actor.and_then(|actor| actor.member("type")?.escaped_text());
    let id = || known.get(const { key("id") }).and_then(Value::escaped_text);
    known.has(const { key("created_at") })
        && known.keys() & ORGANISATION != 0
        && (actor.is_some() || id().is_some_and(|id| id.starts_with("activity_")))
        || class().is_some_and(|class| class.ends_with("_actor"))
}

/// Decodes one record.
pub(super) fn decode<'a>(
    known: &Known<'_, 'a>,
    bytes: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    const NAMES: [Key; 7] =
        keys(["id", "created_at", "type", "actor", "organization_id", "organization_uuid", "status_code"]);
    const ERRORS: [Key; 4] = keys(["error_code", "error", "reason", "failure_reason"]);
    let [id, created, class, actor, organisation, uuid, status] = NAMES.map(|key| known.given(key));
    let record = known.value;
    let time = time_of(created, ("created_at", "a date in RFC 3339 form"), delivery, config)?;
    let action = action(class)?;
    let organisation = organisation.and_then(Value::filled).or_else(|| uuid?.filled());
    let who = Who::find(actor);
    let outcome = outcome(&action.operation, status);
    let error = || ERRORS.iter().find_map(|key| known.given(*key)?.filled()).or_else(|| status?.text_or_digits());
    Ok(Event {
        source: Source::AnthropicActivity,
        provider: Text::Borrowed("anthropic"),
        id: id.and_then(Value::filled).unwrap_or_else(|| hash_of(bytes).into()),
        time,
        outcome,
        error: if outcome == Outcome::Failure { error() } else { None },
        origin: who.origin(),
        region: None,
        target_account: None,
        targets: targets(record, &action.service, config.max_targets),
        issued: Vec::new(),
        actor: who.actor(organisation, delivery),
        action,
    })
}

fn outcome(name: &str, status: Option<Value<'_, '_>>) -> Outcome {
    let begun = name.ends_with("_initiated") || name.ends_with("_attempted");
    match status.and_then(Value::number) {
        Some(code) if code >= 400.0 => Outcome::Failure,
        _ if name.ends_with("_failed") || name.ends_with("_blocked") => Outcome::Failure,
        _ if begun && (name.contains("login") || name.contains("launch")) => Outcome::Unknown,
        _ => Outcome::Success,
    }
}

fn action<'a>(class: Option<Value<'_, 'a>>) -> Result<Action<'a>, DecodeError> {
    let operation = required(class, "type")?;
    let service = text::part(&operation, |name| Some(subject(name))).unwrap_or(Text::Borrowed("anthropic"));
    Ok(platform_actions::action(service, operation, &actions::TABLE, Access::Unknown))
}

/// What an activity is about: its type without what happened to it (`claude_chat` of `claude_chat_access_failed`).
fn subject(name: &str) -> &str {
    const BETWEEN: [&str; 5] = ["_access", "_sharing", "_deletion", "_add", "_settings"];
    let front = text::split_last(name, b'_').map_or(name, |(front, _)| front);
    let bare = BETWEEN.iter().find_map(|word| front.strip_suffix(word)).unwrap_or(front);
    if bare.is_empty() { name } else { bare }
}

/// The ids that an activity names, those of its own subject first; the workspace last. Chats, files and messages are new each
/// time: one of them is as good as another.
fn targets<'a>(record: Value<'_, 'a>, subject: &str, limit: usize) -> Vec<Target<'a>> {
    let mut found: Vec<Target<'a>> = Vec::with_capacity(USUAL_TARGETS);
    record.visit(|key, value| {
        let what = key.strip_suffix(b"_id").filter(|what| !matches!(*what, b"" | b"organization" | b"request"));
        if let Some(target) = what.and_then(|what| target(what, value)) {
            found.push(target);
        }
        found.len() < 4 * limit
    });
    let rank = |target: &Target<'_>| match target.kind.strip_prefix("anthropic:") {
        Some("workspace") => 2,
        Some(kind) if kind == subject => 0,
        _ => 1,
    };
    found.sort_by_key(rank);
    found.truncate(limit);
    found
}

fn target<'a>(what: &[u8], value: Value<'_, 'a>) -> Option<Target<'a>> {
    const FLEETING: [&[u8]; 5] = [b"claude_chat", b"claude_file", b"claude_chat_message", b"session", b"event"];
    const KINDS: &[&str] = &[
        "anthropic:api_key",
        "anthropic:admin_api_key",
        "anthropic:claude_chat",
        "anthropic:claude_file",
        "anthropic:claude_project",
        "anthropic:connection",
        "anthropic:file",
        "anthropic:invite",
        "anthropic:mcp_server",
        "anthropic:resource",
        "anthropic:service_account",
        "anthropic:target",
        "anthropic:user",
        "anthropic:workspace",
    ];
    let name = value.filled()?;
    let kind = kind_of_target(KINDS, "anthropic:", what);
    let container = if FLEETING.contains(&what) { kind.clone() } else { name.clone() };
    Some(Target { kind, name, container, account: None })
}
