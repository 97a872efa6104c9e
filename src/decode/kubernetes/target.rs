//! What was asked for: `objectRef`, the role that a binding binds and whom it binds to it, the credential that was issued.
//!
//! A target's container is its namespace; what belongs to the whole cluster is one container by kind.

use super::super::json::Value;
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
    found.into_iter().flatten().chain(subjects(record)).take(limit).collect()
}

fn object<'a>(record: &Record<'_, 'a>) -> Option<Target<'a>> {
    let Object { resource, namespace, name, .. } = &record.object;
    Some(named(resource.as_ref()?, namespace.as_ref(), name.as_ref()))
}

/// An object of a cluster: a kind of resource, and its namespace and name where it has them.
pub fn named<'a>(resource: &Text<'a>, namespace: Option<&Text<'a>>, name: Option<&Text<'a>>) -> Target<'a> {
    let kind = kind_of_target(KINDS, "k8s:", resource.as_bytes());
    let full = match (namespace, name) {
        (Some(namespace), Some(name)) => Text::Owned([namespace, "/", name].concat()),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => resource.clone(),
    };
    Target { container: namespace.cloned().unwrap_or_else(|| kind.clone()), kind, name: full, account: None }
}

/// The binding that is created or replaced.
fn binding<'t, 'a>(record: &Record<'t, 'a>) -> Option<Value<'t, 'a>> {
    record.object.resource.as_ref().filter(|resource| resource.ends_with("rolebindings"))?;
    record.request_object
}

/// The role of a binding.
fn role<'a>(record: &Record<'_, 'a>) -> Option<Target<'a>> {
    let reference = binding(record)?.at(&["roleRef"])?;
    let kind = if reference.text_at(&["kind"]).as_deref() == Some("Role") { "k8s:roles" } else { "k8s:clusterroles" };
    let name = reference.text_at(&["name"])?;
    Some(Target { kind: Text::Borrowed(kind), container: name.clone(), name, account: None })
}

/// Whom a binding gives its role, named as in what they do.
fn subjects<'a>(record: &Record<'_, 'a>) -> impl Iterator<Item = Target<'a>> {
    let listed = binding(record).and_then(|binding| binding.at(&["subjects"]));
    listed.into_iter().flat_map(Value::items).filter_map(|subject| {
        let says = |name| subject.text_at(&[name]);
        let (class, name) = (says("kind")?, says("name")?);
        let (kind, name) = match &*class {
            "ServiceAccount" => {
                let namespace = says("namespace").unwrap_or_default();
                ("k8s:subject", Text::Owned(["system:serviceaccount:", &namespace, ":", &name].concat()))
            }
            "Group" => ("k8s:group", name),
            _ => ("k8s:subject", name),
        };
        Some(Target { kind: Text::Borrowed(kind), container: name.clone(), name, account: None })
    })
}

/// The token that was issued, as its later uses name it.
fn issued<'a>(record: &Record<'_, 'a>) -> Option<Target<'a>> {
    let name = record.issued.clone()?;
    let kind = Text::Borrowed("k8s:credential");
    Some(Target { container: kind.clone(), kind, name, account: None })
}
