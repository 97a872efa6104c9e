//! What it was done to: `resourceName`, who was given a role by a change of policy, and the resources whose permissions were
//! asked for.
//!
//! A target's kind is the service and the collection that the resource lies in (`compute:instances`); its container is
//! what stands for it in a baseline: the bucket, dataset, secret, key ring's key, the namespace of a Kubernetes resource.
//! Things that come and go (machines, jobs, builds, operations) are all one container, their kind.

use super::super::json::Value;
use super::super::text::{part, segments};
use super::entry::AuditLog;
use super::spelling;
use crate::event::{Target, Text};

/// What it was done to; at most `limit` targets.
pub fn targets<'a>(log: &AuditLog<'_, 'a>, service: &str, limit: usize) -> Vec<Target<'a>> {
    let asked = log.authorization.into_iter().flat_map(Value::items);
    let asked = asked.filter_map(|check| spelling::text_at(check, &["resource"])).take(limit.saturating_mul(4));
    let mut targets: Vec<Target<'a>> =
        log.resource_name.clone().map(|name| target(name, service)).into_iter().collect();
    targets.extend(members(log));
    targets.truncate(limit);
    for name in asked {
        if targets.len() < limit && targets.iter().all(|target| target.name != name) {
            targets.push(target(name, service));
        }
    }
    targets
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

fn target<'a>(name: Text<'a>, service: &str) -> Target<'a> {
    let (collection, _) = if service == "k8s.io" { kubernetes(&name) } else { last_pair(&name) };
    let prefix = if service == "k8s.io" { "k8s" } else { service };
    let kind: Text<'a> = Text::Owned([prefix, ":", collection].concat());
    let container = match service {
        "k8s.io" => part(&name, |name| Some(kubernetes(name).1)),
        _ if is_ephemeral(collection) => None,
        _ => part(&name, |name| Some(container(name))),
    };
    let container = container.filter(|container| !container.is_empty()).unwrap_or_else(|| kind.clone());
    Target { container, account: part(&name, project), kind, name }
}

/// The last collection and id of a resource's name: `instances` and `web` of `projects/p/zones/z/instances/web`.
fn last_pair(name: &str) -> (&str, &str) {
    let mut parts = segments(name.trim_start_matches('/'), b'/');
    let (mut collection, mut id) = ("resource", name);
    while let Some(word) = parts.next() {
        // A service's host name, and words that stand for a place without naming one (`global`), have no id of their own.
        if word.contains('.') || matches!(word, "global" | "firewall") {
            continue;
        }
        collection = word;
        id = parts.next().unwrap_or_default();
        if word == "objects" {
            break;
        }
    }
    (collection, id)
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

/// What stands for a resource: its name up to the id of the collection that holds what is alike.
fn container(name: &str) -> &str {
    // The name's first segment is never a holder.
    let (mut best, mut held) = (usize::MAX, None);
    let mut parts = segments(name, b'/').skip(1).peekable();
    while let (Some(collection), Some(id)) = (parts.next(), parts.peek()) {
        if let Some(rank) = holder(collection).filter(|rank| *rank < best) {
            (best, held) = (rank, Some(*id));
        }
    }
    held.unwrap_or_else(|| last_pair(name).1)
}

/// Which of the collections it is that hold what is alike; the first of them that is anywhere in a name counts.
fn holder(collection: &str) -> Option<usize> {
    Some(match collection {
        "buckets" => 0,
        "datasets" => 1,
        "secrets" => 2,
        "cryptoKeys" => 3,
        "serviceAccounts" => 4,
        "topics" => 5,
        "subscriptions" => 6,
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
