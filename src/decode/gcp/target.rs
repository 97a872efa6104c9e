//! What it was done to: `resourceName`, who was given a role by a change of policy, and the resources whose permissions were
//! asked for.
//!
//! A target's kind is the service and the collection that the resource lies in (`compute:instances`); its container is
//! what stands for it in a baseline: the bucket, dataset, secret, key ring's key, the namespace of a Kubernetes resource.
//! Things that come and go (machines, jobs, builds, operations) are all one container, their kind.

use std::ops::Range;

use super::super::json::Value;
use super::super::text::{part, segments, split_last};
use super::entry::{AuditLog, Entry};
use super::spelling;
use crate::event::{Target, Text};

/// What it was done to; at most `limit` targets.
pub fn targets<'a>(entry: &Entry<'_, 'a>, log: &AuditLog<'_, 'a>, service: &str, limit: usize) -> Vec<Target<'a>> {
    let mail = entry.labels_of_resource.mail.as_deref();
    let asked = log.authorization.into_iter().flat_map(Value::items);
    let asked = asked.filter_map(|check| spelling::text_at(check, &["resource"])).take(limit.saturating_mul(4));
    let asked = asked.map(|name| by_mail(name, mail));
    let mut targets: Vec<Target<'a>> = Vec::with_capacity(2);
    targets.extend(log.resource_name.clone().map(|name| target(by_mail(name, mail), service)));
    targets.extend(members(log));
    targets.truncate(limit);
    for name in asked {
        if targets.len() < limit && targets.iter().all(|target| target.name != name) {
            targets.push(target(name, service));
        }
    }
    targets
}

/// A service account by its mail, as whatever it does names it, not by the number that some services write in its place: the
/// labels of the resource say both.
fn by_mail<'a>(name: Text<'a>, mail: Option<&str>) -> Text<'a> {
    let numbered = |mail| {
        let (front, id) = split_last(&name, b'/')?;
        let is_number = front.ends_with("serviceAccounts") && id.bytes().all(|letter| letter.is_ascii_digit());
        is_number.then(|| Text::Owned([front, "/", mail].concat()))
    };
    mail.and_then(numbered).unwrap_or(name)
}

/// Who was given which role (`policyDelta.bindingDeltas` of `google.iam.v1.logging.AuditData`): the role is the container.
fn members<'a>(log: &AuditLog<'_, 'a>) -> impl Iterator<Item = Target<'a>> {
    let deltas = log.service_data.and_then(|data| spelling::at(data, &["policydelta", "bindingdeltas"]));
    deltas.into_iter().flat_map(Value::items).filter_map(|delta| {
        let says = |name| spelling::text_at(delta, &[name]);
        says("action").filter(|action| action == "ADD")?;
        let (name, container) = (says("member")?, says("role")?);
        Some(Target { kind: Text::Borrowed("iam:member"), name, container, account: None })
    })
}

/// What a resource's name, and the service that was called, make.
pub fn target<'a>(name: Text<'a>, service: &str) -> Target<'a> {
    if service == "k8s.io" {
        let (resource, _) = kubernetes(&name);
        let kind = Text::Owned(["k8s:", resource].concat());
        return held(part(&name, |name| Some(kubernetes(name).1)), name, kind);
    }
    let Told { collection, id, held_by } = Told::of(&name);
    let kind = Text::Owned([service, ":", collection].concat());
    let place = held_by.unwrap_or(id);
    let is_lasting = !is_ephemeral(collection);
    held(is_lasting.then(|| part(&name, |name| name.get(place.clone()))).flatten(), name, kind)
}

/// A target in its container; in that of all of its kind where it has none.
fn held<'a>(container: Option<Text<'a>>, name: Text<'a>, kind: Text<'a>) -> Target<'a> {
    let container = container.filter(|container| !container.is_empty()).unwrap_or_else(|| kind.clone());
    Target { container, account: part(&name, project), kind, name }
}

/// What the segments of a resource's name tell.
struct Told<'n> {
    /// The last collection, and the place of the id in it: `instances` and `web` of `projects/p/zones/z/instances/web`.
    collection: &'n str,
    id: Range<usize>,
    /// The place of the id of the collection that holds what is alike, up to which the name stands for the resource.
    held_by: Option<Range<usize>>,
}

impl<'n> Told<'n> {
    fn of(name: &'n str) -> Told<'n> {
        let mut told = Told { collection: "resource", id: 0..name.len(), held_by: None };
        let (mut is_named, mut awaits_id, mut is_whole) = (false, false, false);
        let (mut best, mut holds, mut start) = (usize::MAX, None, 0);
        for word in segments(name, b'/') {
            let place = start..start + word.len();
            if let Some(rank) = holds.filter(|rank| *rank < best) {
                (best, told.held_by) = (rank, Some(place.clone()));
            }
            // The name's first segment is never a holder.
            holds = if start > 0 { holder(word) } else { None };
            start = place.end + 1;
            is_named |= !word.is_empty();
            if is_whole || !is_named {
                continue;
            }
            if awaits_id {
                (told.id, awaits_id, is_whole) = (place, false, told.collection == "objects");
            } else if !is_place(word) {
                (told.collection, told.id, awaits_id) = (word, 0..0, true);
            }
        }
        if is_named { told } else { Told { collection: "", id: 0..0, ..told } }
    }
}

/// Whether a word has no id of its own: a service's host name, and words that stand for a place without naming one.
fn is_place(word: &str) -> bool {
    matches!(word, "global" | "firewall") || word.bytes().any(|byte| byte == b'.')
}

/// The resource, with its subresource left out, and the namespace, of `core/v1/namespaces/shop/pods/web/exec`; the
/// namespace is empty for what is the whole cluster's.
fn kubernetes(name: &str) -> (&str, &str) {
    let mut parts = segments(name, b'/').skip(2);
    match (parts.next(), parts.next(), parts.next()) {
        (Some("namespaces"), Some(namespace), Some(resource)) => (resource, namespace),
        (Some(resource), ..) => (resource, ""),
        _ => ("resource", ""),
    }
}

/// Collections whose members come and go.
fn is_ephemeral(collection: &str) -> bool {
    const EPHEMERAL: [&str; 8] =
        ["instances", "disks", "snapshots", "operations", "jobs", "builds", "executions", "revisions"];
    EPHEMERAL.contains(&collection)
}

/// Which of the collections it is that hold what is alike; the first of them that is anywhere in a name counts.
fn holder(collection: &str) -> Option<usize> {
    Some(match collection.as_bytes() {
        b"buckets" => 0,
        b"datasets" => 1,
        b"secrets" => 2,
        b"cryptoKeys" => 3,
        b"serviceAccounts" => 4,
        b"topics" => 5,
        b"subscriptions" => 6,
        _ => return None,
    })
}

fn project(name: &str) -> Option<&str> {
    let project = segments(name.strip_prefix("projects/")?, b'/').next()?;
    (!matches!(project, "" | "_" | "-")).then_some(project)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_containers() {
        for (service, name, kind, container) in [
            ("storage", "projects/_/buckets/backups/objects/a/b.gz", "storage:objects", "backups"),
            ("compute", "projects/shop/zones/z/instances/web-1", "compute:instances", "compute:instances"),
            ("compute", "projects/shop/global/firewalls/allow", "compute:firewalls", "allow"),
            ("secretmanager", "projects/1/secrets/db/versions/3", "secretmanager:versions", "db"),
            ("iam", "projects/-/serviceAccounts/1234", "iam:serviceAccounts", "1234"),
            ("k8s.io", "core/v1/namespaces/shop/pods/web/exec", "k8s:pods", "shop"),
            ("k8s.io", "rbac.authorization.k8s.io/v1/clusterroles/x", "k8s:clusterroles", "k8s:clusterroles"),
            ("k8s.io", "core/v1/secrets", "k8s:secrets", "k8s:secrets"),
            ("x", "", "x:", "x:"),
        ] {
            let found = target(Text::Borrowed(name), service);
            assert_eq!((&*found.kind, &*found.container), (kind, container), "{name}");
        }
    }
}
