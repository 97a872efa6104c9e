//! What was asked for: `objectRef`, the role that a binding binds, the credential that was issued.
//!
//! A target's container is its namespace; what belongs to the whole cluster is one container by kind.

use super::super::platform_actions::kind_of_target;
use super::record::{Object, Record};
use crate::event::{Target, Text};

/// Kinds of resources that are asked for all day.
const KINDS: &[&str] = &[
    "k8s:clusterrolebindings",
    "k8s:clusterroles",
    "k8s:configmaps",
    "k8s:credential",
    "k8s:deployments",
    "k8s:endpoints",
    "k8s:endpointslices",
    "k8s:events",
    "k8s:jobs",
    "k8s:leases",
    "k8s:namespaces",
    "k8s:nodes",
    "k8s:pods",
    "k8s:replicasets",
    "k8s:rolebindings",
    "k8s:roles",
    "k8s:secrets",
    "k8s:serviceaccounts",
    "k8s:services",
    "k8s:subjectaccessreviews",
];

/// What was asked for; at most `limit` targets.
pub fn targets<'a>(record: &Record<'_, 'a>, limit: usize) -> Vec<Target<'a>> {
    let found = [object(record), role(record), issued(record)];
    found.into_iter().flatten().take(limit).collect()
}

fn object<'a>(record: &Record<'_, 'a>) -> Option<Target<'a>> {
    let Object { resource, namespace, name, .. } = &record.object;
    let resource = resource.as_ref()?;
    let kind = kind_of_target(KINDS, "k8s:", resource);
    let full = match (namespace, name) {
        (Some(namespace), Some(name)) => Text::Owned([namespace, "/", name].concat()),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => resource.clone(),
    };
    Some(Target { container: namespace.clone().unwrap_or_else(|| kind.clone()), kind, name: full, account: None })
}

/// `roleRef` of a binding that is created or replaced.
fn role<'a>(record: &Record<'_, 'a>) -> Option<Target<'a>> {
    let resource = record.object.resource.as_ref()?;
    if !resource.ends_with("rolebindings") {
        return None;
    }
    let reference = record.request_object?.at(&["roleRef"])?;
    let kind = if reference.text_at(&["kind"]).as_deref() == Some("Role") { "k8s:roles" } else { "k8s:clusterroles" };
    let name = reference.text_at(&["name"])?;
    Some(Target { kind: Text::Borrowed(kind), container: name.clone(), name, account: None })
}

/// The token that was issued, as its later uses name it.
fn issued<'a>(record: &Record<'_, 'a>) -> Option<Target<'a>> {
    let name = record.issued.clone()?;
    let kind = Text::Borrowed("k8s:credential");
    Some(Target { container: kind.clone(), kind, name, account: None })
}
