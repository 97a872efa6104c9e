//! What it was done to: the resources, the user, group or entity that was changed, the service that was signed in to.

use super::super::client::is_uuid;
use super::super::json::Value;
use super::super::kubernetes;
use super::super::names::Names;
use super::super::text::part;
use super::record::{Record, slot};
use crate::event::{Target, Text};

/// What it was done to; at most `limit` targets.
pub(super) fn targets<'a>(
    record: &Record<'_, 'a>,
    value: Value<'_, 'a>,
    class: u32,
    provider: &str,
    limit: usize,
) -> Vec<Target<'a>> {
    let is_cluster = provider == "kubernetes";
    let changed: &[(&str, &'static str)] = match class {
        3001 => &[("user", "ocsf:user"), ("user_result", "ocsf:user_result"), ("policy", "ocsf:policy")],
        3004 => &[("entity", "ocsf:entity"), ("entity_result", "ocsf:entity_result")],
        3005 => &[("user", "ocsf:user"), ("resource", RESOURCE)],
        3006 => &[("group", "ocsf:group"), ("user", "ocsf:user"), ("resource", RESOURCE)],
        3002 | 3003 => &[("service", "ocsf:service"), ("dst_endpoint", "ocsf:dst_endpoint")],
        _ => &[],
    };
    let changed = changed.iter().filter_map(|(name, kind)| target(value.at(&[name])?, kind));
    let resources = record.at(const { slot("resources") }).into_iter().flat_map(Value::items);
    let resource = |resource| if is_cluster { object(resource) } else { target(resource, RESOURCE) };
    let mut targets: Vec<Target<'a>> = Vec::new();
    for target in changed.chain(resources.filter_map(resource)) {
        if targets.len() < limit && targets.iter().all(|known| known.name != target.name) {
            targets.push(target);
        }
    }
    targets
}

/// An object of a cluster, as in Kubernetes' own log.
fn object<'a>(resource: Value<'_, 'a>) -> Option<Target<'a>> {
    let says = |name| resource.text_at(&[name]);
    Some(kubernetes::named(&says("type")?, says("namespace").as_ref(), says("name").as_ref()))
}

const RESOURCE: &str = "ocsf:resource";

/// `kind` is what it is where it does not say so itself.
fn target<'a>(value: Value<'_, 'a>, kind: &'static str) -> Option<Target<'a>> {
    static NAMES: Names<8> =
        Names::new(["uid", "name", "email_addr", "hostname", "ip", "type", "owner", "account_uid"]);
    let [uid, name, mail, host, ip, class, owner, account] = NAMES.of(value);
    let (first, second) = if kind == RESOURCE { (uid, name) } else { (name, uid) };
    let name = [first, second, mail, host, ip].into_iter().flatten().find_map(Value::text_or_digits)?;
    let kind = class.and_then(Value::filled).unwrap_or(Text::Borrowed(kind));
    let account = owner.and_then(|owner| owner.at(&["account", "uid"])).or(account);
    let last = part(&name, |name| name.rsplit('/').next());
    let container = last.filter(|last| !last.is_empty() && !is_uuid(last)).unwrap_or_else(|| kind.clone());
    Some(Target { container, kind, account: account.and_then(Value::text_or_digits), name })
}
