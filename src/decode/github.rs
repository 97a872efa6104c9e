//! GitHub's audit log of an enterprise or an organisation: one record → one event.
//!
//! In: a record of the REST interface, of a stream, of a Git export, or of GitHub Enterprise Server's forwarded log. Out: an
//! [`Event`], or why there is none. The time is `@timestamp`, when it happened; `created_at`, when the record was made, stands
//! in for it, and goes before it where a log shipper has put a date of its own in its place. The log tells of what was done, so an
//! action succeeded where its name does not say otherwise; a finished workflow run says how it ended. A token's hash is the
//! public id of the credential. Source: GitHub Docs, "Audit log events for your enterprise".

mod actions;
mod actor;
mod record;

use super::json::Value;
use super::known::{Keys, Known, bits, key};
use super::names::{required, time_of};
use super::record::hash_of;
use super::{DecodeError, Decoded, Delivery, network, platform_actions, text};
use crate::config::DecodeConfig;
use crate::event::{Access, Action, Event, Outcome, Source, Target, Text, Timestamp};
use record::{Record, named};

/// Whether an object with the keys of an audit record is GitHub's: other logs' `actor` is an object, and none has one of these
/// members.
pub(super) fn is_record(known: &Known<'_, '_>) -> bool {
    const OWN: Keys = bits(&[
        "_document_id",
        "actor_id",
        "actor_ip",
        "actor_location",
        "at_sign_timestamp",
        "business",
        "hashed_token",
        "operation_type",
        "org",
        "org_id",
        "programmatic_access_type",
        "repo",
        "repository",
    ]);
    let [action, actor] = const { [key("action"), key("actor")] }.map(|key| known.get(key));
    let is_text = |value: Value<'_, '_>| value.is_text() || value.is_null();
    action.is_none_or(is_text)
        && actor.is_none_or(is_text)
        && (known.keys() & OWN != 0 || action.is_some_and(is_dotted))
}

/// Whether an object with an action is an entry as GitHub's GraphQL interface answers with.
pub(super) fn is_of_graph(known: &Known<'_, '_>) -> bool {
    let says = |name| known.value.member(name).is_some_and(Value::is_filled);
    known.get(const { key("action") }).is_some_and(is_dotted) && says("actorLogin") && says("createdAt")
}

/// An action in GitHub's form, which tells where nothing else does.
fn is_dotted(action: Value<'_, '_>) -> bool {
    action.filled().is_some_and(|action| action.contains('.') && !action.contains([':', '/', ' ']))
}

/// Decodes one record.
pub(super) fn decode<'a>(
    value: Value<'_, 'a>,
    bytes: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let mut record = Record::default();
    record.find(value);
    let record = &record;
    let time = event_time(record, delivery, config)?;
    let action = action(record)?;
    let ip = record.actor_ip.and_then(Value::filled).or_else(|| record.actor_location?.text_at(&["ip"]));
    let country = record.actor_location.and_then(|place| place.text_at(&["country_code"]));
    let outcome = outcome(record, &action.operation);
    let reason = || record.conclusion.and_then(Value::filled).or_else(|| record.status_code?.text_or_digits());
    Ok(Event {
        source: Source::GithubAudit,
        provider: Text::Borrowed("github"),
        id: record.document_id.and_then(Value::filled).unwrap_or_else(|| hash_of(bytes).into()),
        time,
        outcome,
        error: (outcome == Outcome::Failure).then(reason).flatten(),
        origin: network::located(network::origin(ip, record.user_agent.and_then(Value::filled)), country, None),
        region: None,
        target_account: None,
        targets: targets(record, &action.service, config.max_targets),
        issued: Vec::new(),
        actor: actor::actor(record, delivery),
        action,
    })
}

/// GitHub's own times are numbers, or dates where an export has made them so. A date in `@timestamp` beside a number in
/// `created_at` is a log shipper's.
fn event_time(
    record: &Record<'_, '_>,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Result<Timestamp, DecodeError> {
    const EXPECTED: &str = "a number of milliseconds";
    let is_number = |value: Value<'_, '_>| value.number().is_some();
    match (record.timestamp, record.created_at) {
        (occurred, Some(made)) if occurred.is_none_or(|value| !is_number(value) && is_number(made)) => {
            time_of(Some(made), ("created_at", EXPECTED), delivery, config)
        }
        (occurred, _) => time_of(occurred.or(record.copied_time), ("@timestamp", EXPECTED), delivery, config),
    }
}

fn action<'a>(record: &Record<'_, 'a>) -> Result<Action<'a>, DecodeError> {
    let operation = required(record.action, "action")?;
    let says = |value: Option<Value<'_, 'a>>| value.and_then(Value::text);
    let (said, method) = (says(record.operation_type), says(record.request_method));
    Ok(action_of(operation, said.as_deref(), method.as_deref()))
}

/// The action of that name, of what is said of its type, and, where it is a request to the interface, of the request's method.
pub(super) fn action_of<'a>(operation: Text<'a>, said: Option<&str>, method: Option<&str>) -> Action<'a> {
    let category = text::part(&operation, |name| Some(text::split_first(name, b'.')?.0));
    let service = category.unwrap_or(Text::Borrowed("github"));
    let mut action = platform_actions::action(service, operation, &actions::TABLE, by_type(said));
    if action.operation == "api.request" {
        action.access = match method {
            Some("GET" | "HEAD" | "OPTIONS") => Access::Read,
            Some(_) => Access::Write,
            None => by_type(said),
        };
    }
    action
}

/// What `operation_type` says, where neither the catalogue nor the action's name does.
fn by_type(said: Option<&str>) -> Access {
    match said {
        Some("access") => Access::Read,
        Some("create" | "modify" | "remove" | "restore" | "transfer") => Access::Write,
        _ => Access::Unknown,
    }
}

/// Refused and failed actions say so in their names; what an administrator rejects or denies, he does. A request to the
/// interface (`api.request`, "Streaming the audit log for your enterprise") has the status of its answer. A run of a workflow that
/// was cancelled did not do what it was for; what was skipped GitHub itself lets pass ("Troubleshooting required status checks").
fn outcome(record: &Record<'_, '_>, operation: &str) -> Outcome {
    let ended = record.conclusion.and_then(Value::text);
    let refused = record.status_code.and_then(Value::number).is_some_and(|code| code >= 400.0);
    match ended.as_deref() {
        Some("failure" | "timed_out" | "startup_failure" | "cancelled") => Outcome::Failure,
        Some("action_required" | "stale") => Outcome::Unknown,
        None if operation == "workflows.completed_workflow_run" => Outcome::Unknown,
        _ if refused => Outcome::Failure,
        _ if says_failure(operation) => Outcome::Failure,
        _ => Outcome::Success,
    }
}

/// Whether the name of an action says that it failed.
fn says_failure(operation: &str) -> bool {
    let verb = text::last_part(operation, b'.');
    let mut words = verb.as_bytes().split(|byte| *byte == b'_');
    verb == "rejected_ref_update" || words.any(|word| matches!(word, b"failed" | b"failure" | b"blocked"))
}

/// How an action ended as far as its name tells, where how it ended was not kept.
pub(super) fn outcome_by_name(operation: &str) -> Outcome {
    match operation {
        _ if says_failure(operation) => Outcome::Failure,
        "api.request" => Outcome::Unknown,
        _ if operation.ends_with("completed_workflow_run") => Outcome::Unknown,
        _ => Outcome::Success,
    }
}

/// What it was done to: what the category of the action is about first, then the repository, the person, the organisation.
fn targets<'a>(record: &Record<'_, 'a>, category: &str, limit: usize) -> Vec<Target<'a>> {
    let owner = record.owner();
    let actor = record.actor.and_then(Value::filled);
    let other = named(record.user).filter(|user| actor.as_ref() != Some(user));
    let app = named(record.integration).or_else(|| named(record.name).filter(|_| category.starts_with("integration")));
    let mut found = Vec::with_capacity(4);
    let mut add = |kind, name: Option<Text<'a>>| {
        if let Some(name) = name {
            found.push(target(kind, name, owner.clone()));
        }
    };
    add("github:repository", record.repository());
    add("github:user", other);
    add("github:team", named(record.team));
    add("github:app", app);
    add("github:oauth_app", named(record.application).filter(|_| category.starts_with("oauth")));
    add("github:environment", named(record.environment));
    add("github:ruleset", named(record.ruleset));
    add("github:branch", named(record.branch));
    add("github:hook", named(record.hook_id));
    add("github:organisation", owner.clone());
    let about = about(category).and_then(|kind| found.iter().position(|target| target.kind == kind));
    if let Some(at) = about {
        found[..=at].rotate_right(1);
    }
    found.truncate(limit);
    found
}

/// The kind of thing that the actions of a category are about.
fn about(category: &str) -> Option<&'static str> {
    Some(match category {
        "team" => "github:team",
        "hook" => "github:hook",
        "environment" => "github:environment",
        "repository_ruleset" => "github:ruleset",
        "integration_installation" | "integration_installation_request" | "integration" => "github:app",
        "oauth_application" => "github:oauth_app",
        "user" | "staff" | "external_identity" => "github:user",
        _ => return None,
    })
}

/// Numbers of hooks are random: they are all one container.
fn target<'a>(kind: &'static str, name: Text<'a>, account: Option<Text<'a>>) -> Target<'a> {
    let container = if kind == "github:hook" { Text::Borrowed(kind) } else { name.clone() };
    Target { kind: Text::Borrowed(kind), name, container, account }
}
