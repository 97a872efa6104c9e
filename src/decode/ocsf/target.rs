//! What it was done to: the resources, the user, group or entity that was changed, the service that was signed in to.

use super::super::client::is_uuid;
use super::super::json::Value;
use super::super::text::part;
use crate::event::{Target, Text};

/// What it was done to; at most `limit` targets.
pub(super) fn targets<'a>(value: Value<'_, 'a>, class: u32, limit: usize) -> Vec<Target<'a>> {
    let changed: &[&str] = match class {
        3001 => &["user", "user_result", "policy"],
        3004 => &["entity", "entity_result"],
        3005 => &["user", "resource"],
        3006 => &["group", "user", "resource"],
        3002 | 3003 => &["service", "dst_endpoint"],
        _ => &[],
    };
    let changed = changed.iter().filter_map(|name| target(value.at(&[name])?, name));
    let resources = value.member("resources").into_iter().flat_map(Value::items);
    let mut targets: Vec<Target<'a>> = Vec::new();
    for target in changed.chain(resources.filter_map(|resource| target(resource, "resource"))) {
        if targets.len() < limit && targets.iter().all(|known| known.name != target.name) {
            targets.push(target);
        }
    }
    targets
}

fn target<'a>(value: Value<'_, 'a>, kind: &str) -> Option<Target<'a>> {
    let ids = if kind == "resource" { ["uid", "name"] } else { ["name", "uid"] };
    let names = ids.into_iter().chain(["email_addr", "hostname", "ip"]);
    let name = { names }.find_map(|name| value.at(&[name])?.text_or_digits())?;
    let kind = value.text_at(&["type"]).unwrap_or_else(|| Text::Owned(["ocsf:", kind].concat()));
    let account = value.at(&["owner", "account", "uid"]).or_else(|| value.at(&["account_uid"]));
    let last = part(&name, |name| name.rsplit('/').next());
    let container = last.filter(|last| !last.is_empty() && !is_uuid(last)).unwrap_or_else(|| kind.clone());
    Some(Target { container, kind, account: account.and_then(Value::text_or_digits), name })
}
