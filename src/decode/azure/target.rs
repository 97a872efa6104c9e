//! What a call was done to: the resource, and what lies within it (a secret, a blob, who was given a role).
//!
//! A target's container is what stands for it in a baseline: the resource with its group (`group/name`, in small letters), two
//! segments of what lies within one (`vault/secret`, `account/container`). Random ids say nothing.

use super::super::client::is_uuid;
use super::super::embedded::Embedded;
use super::super::json::Value;
use super::super::text::{begins, holds, is, part, segments};
use super::fields::{Field, Record};
use crate::event::{Target, Text};

/// How deep the body of a request is read.
const MAX_DEPTH: usize = 16;

/// What a call was done to, most telling first; at most `limit` targets. The resource is the record's, and in this subscription.
pub(super) fn targets<'a>(
    record: &Record<'_, 'a>,
    resource: Option<Text<'a>>,
    subscription: Option<Text<'a>>,
    limit: usize,
) -> Vec<Target<'a>> {
    let within = object(record).or_else(|| secret(record, resource.as_ref()));
    let mut targets: Vec<Target<'a>> = Vec::with_capacity(2);
    targets.extend(within);
    targets.extend(resource.map(|resource| resource_target(resource, subscription)));
    if targets.iter().any(|target| target.kind == "authorization:roleassignments") {
        targets.extend(granted(record));
    }
    targets.truncate(limit);
    targets
}

/// The resource that a record is of.
pub(super) fn resource_id<'a>(record: &Record<'_, 'a>) -> Option<Text<'a>> {
    let identity = || record.outer.get(Field::Identity)?.at(&["authorization"]);
    let scope = || record.outer.get(Field::Authorization).or_else(identity)?.text_at(&["scope"]);
    let inner = || record.inner.text(Field::ResourceId).filter(|id| id.starts_with("/subscriptions/"));
    record.outer.text(Field::ResourceId).or_else(scope).or_else(inner).filter(|id| id.len() > 1)
}

fn resource_target<'a>(id: Text<'a>, subscription: Option<Text<'a>>) -> Target<'a> {
    let path = Path::of(&id);
    let (kind, container) = if path.providers.is_some() { path.of_provider() } else { of_scope(&id) };
    Target { kind, container: Text::Owned(container), account: subscription, name: id }
}

/// The segments of a resource's path that tell what it is; empty where there are none.
#[derive(Default)]
struct Path<'p> {
    /// How many segments stand before the last `providers`.
    providers: Option<usize>,
    /// Behind that: the provider, the innermost type, the outermost resource.
    provider: &'p str,
    innermost: &'p str,
    name: &'p str,
    /// How many segments stand before the first `resourceGroups`, and what follows it.
    groups: Option<usize>,
    group: Option<&'p str>,
}

impl<'p> Path<'p> {
    fn of(id: &'p str) -> Path<'p> {
        let mut path = Path::default();
        for (at, segment) in segments(id, b'/').filter(|segment| !segment.is_empty()).enumerate() {
            if path.groups.is_some_and(|groups| groups + 1 == at) {
                path.group = Some(segment);
            }
            if is(segment.as_bytes(), b"providers") {
                path = Path { providers: Some(at), provider: "", innermost: "", name: "", ..path };
            } else if let Some(providers) = path.providers {
                path.note(at - providers, segment);
            }
            if path.groups.is_none() && is(segment.as_bytes(), b"resourcegroups") {
                path.groups = Some(at);
            }
        }
        path
    }

    /// `…/providers/<provider>/<type>/<name>/<type>/<name>…`: the segment `behind` places behind `providers`.
    fn note(&mut self, behind: usize, segment: &'p str) {
        match behind {
            1 => self.provider = segment,
            3 => self.name = segment,
            _ if behind.is_multiple_of(2) => self.innermost = segment,
            _ => {}
        }
    }

    /// The innermost type, and the outermost resource with its group.
    fn of_provider(&self) -> (Text<'static>, String) {
        const VENDOR: &str = "microsoft.";
        let service = if begins(self.provider, VENDOR) { &self.provider[VENDOR.len()..] } else { self.provider };
        let colon = if self.innermost.is_empty() { "" } else { ":" };
        let kind = small(&[service, colon, self.innermost]);
        let group = self.group.filter(|_| self.groups < self.providers);
        let container = match group {
            _ if self.name.is_empty() || is_uuid(self.name) => kind.clone(),
            Some(group) => small(&[group, "/", self.name]),
            None => small(&[self.name]),
        };
        (Text::Owned(kind), container)
    }
}

/// A resource group, a subscription, a tenant, a management group: the last segment, and the one before.
fn of_scope(id: &str) -> (Text<'static>, String) {
    let kinds = [
        ("resourcegroups", "resources:resourcegroup"),
        ("subscriptions", "resources:subscription"),
        ("tenants", "resources:tenant"),
    ];
    let mut back = id.rsplit('/').filter(|segment| !segment.is_empty());
    let last = back.next().unwrap_or_default();
    let before = back.next().unwrap_or(last);
    let known = kinds.iter().find(|(collection, _)| before.eq_ignore_ascii_case(collection));
    let kind = known.map_or("resources:scope", |(_, kind)| *kind);
    let nameless = last.is_empty() || is_uuid(last);
    (Text::Borrowed(kind), small(&[if nameless { kind } else { last }]))
}

/// Parts behind one another in small letters.
fn small(parts: &[&str]) -> String {
    let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
    parts.iter().for_each(|part| text.push_str(part));
    text.make_ascii_lowercase();
    text
}

/// `/account/container/path` of a storage request.
fn object<'a>(record: &Record<'_, 'a>) -> Option<Target<'a>> {
    let key = record.text(Field::ObjectKey)?;
    let name = part(&key, |key| Some(key.trim_matches('"').trim_start_matches('/')))?;
    let container = part(&name, |name| Some(front(name, 2)))?;
    Some(Target { kind: Text::Borrowed("storage:object"), name, container, account: None })
}

/// `https://vault.vault.azure.net/secrets/name/version?api-version=…` of a Key Vault request.
fn secret<'a>(record: &Record<'_, 'a>, resource: Option<&Text<'a>>) -> Option<Target<'a>> {
    let address = record.text(Field::Id).or_else(|| record.text(Field::RequestUri))?;
    resource.filter(|id| holds(id, "/microsoft.keyvault/"))?;
    let (host, path) = address.split_once("://")?.1.split_once('/')?;
    let vault = host.split('.').next().filter(|vault| !vault.is_empty())?;
    let mut parts = path.split(['/', '?']).filter(|part| !part.is_empty());
    let kind = match parts.next()? {
        "secrets" => "keyvault:secret",
        "keys" => "keyvault:key",
        "certificates" => "keyvault:certificate",
        _ => return None,
    };
    let name = parts.next().filter(|name| !name.starts_with("api-version"))?;
    let name = [vault, "/", name].concat();
    Some(Target {
        kind: Text::Borrowed(kind),
        container: Text::Owned(name.clone()),
        name: Text::Owned(name),
        account: None,
    })
}

/// Who was given which role, from the body of the request to assign it.
fn granted<'a>(record: &Record<'_, 'a>) -> Vec<Target<'a>> {
    let read = |value: Value<'_, 'a>| {
        if value.is_object() {
            named_in(value)
        } else {
            Embedded::of(value, MAX_DEPTH).map(|it| named_in(it.document().root())).unwrap_or_default()
        }
    };
    record.get(Field::RequestBody).map(read).unwrap_or_default()
}

fn named_in(body: Value<'_, '_>) -> Vec<Target<'static>> {
    let properties = body.at(&["Properties"]).or_else(|| body.at(&["properties"]));
    let text = |names: [&str; 2]| names.into_iter().find_map(|name| properties?.text_at(&[name]));
    let target = |kind, name: Text<'_>| {
        let container = Text::Owned(name.rsplit('/').next().unwrap_or_default().to_ascii_lowercase());
        Target { kind: Text::Borrowed(kind), container, name: Text::Owned(name.into_owned()), account: None }
    };
    let principal = text(["PrincipalId", "principalId"]).map(|name| target("entra:principal", name));
    let role = text(["RoleDefinitionId", "roleDefinitionId"]).map(|name| target("authorization:role", name));
    principal.into_iter().chain(role).collect()
}

/// The front of a path, as many segments as `count`.
fn front(path: &str, count: usize) -> &str {
    path.match_indices('/').nth(count - 1).map_or(path, |(at, _)| &path[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_by_kind_and_container() {
        for (id, kind, container) in [
            (
                "/subscriptions/S/resourceGroups/Rg/providers/Microsoft.Storage/storageAccounts/Acct",
                "storage:storageaccounts",
                "rg/acct",
            ),
            (
                "/subscriptions/S/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/a/blobServices/default",
                "storage:blobservices",
                "rg/a",
            ),
            (
                "/subscriptions/S/providers/Microsoft.Authorization/roleAssignments/0f8fad5b-d9cb-469f-a165-70867728950e",
                "authorization:roleassignments",
                "authorization:roleassignments",
            ),
            ("/subscriptions/S/resourceGroups/Rg", "resources:resourcegroup", "rg"),
            ("/providers/Microsoft.Authorization", "authorization", "authorization"),
            ("/", "resources:scope", "resources:scope"),
            ("x", "resources:scope", "x"),
        ] {
            let target = resource_target(id.into(), None);
            assert_eq!((&*target.kind, &*target.container), (kind, container), "{id}");
        }
    }
}
