//! What was asked for: `objectRef`, the role that a binding binds, the credential that was issued.
//!
//! A target's container is its namespace; what belongs to the whole cluster is one container by kind.

use super::record::{ISSUED, Record};
use crate::event::{Target, Text};

/// What was asked for; at most `limit` targets.
pub fn targets<'a>(record: &Record<'_, 'a>, limit: usize) -> Vec<Target<'a>> {
    let found = [object(record), role(record), issued(record)];
    found.into_iter().flatten().take(limit).collect()
}

fn object<'a>(record: &Record<'_, 'a>) -> Option<Target<'a>> {
    let resource = record.object_text("resource")?;
    let kind: Text<'a> = Text::Owned(["k8s:", &resource].concat());
    let (namespace, name) = (record.object_text("namespace"), record.object_text("name"));
    let full = match (&namespace, &name) {
        (Some(namespace), Some(name)) => Text::Owned([namespace, "/", name].concat()),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => resource,
    };
    Some(Target { container: namespace.unwrap_or_else(|| kind.clone()), kind, name: full, account: None })
}

/// `roleRef` of a binding that is created or replaced.
fn role<'a>(record: &Record<'_, 'a>) -> Option<Target<'a>> {
    let resource = record.object_text("resource")?;
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
    let name = record.annotation(ISSUED)?;
    let kind = Text::Borrowed("k8s:credential");
    Some(Target { container: kind.clone(), kind, name, account: None })
}
