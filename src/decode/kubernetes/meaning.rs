//! What a request to Kubernetes' API does, by verb and resource, and what known attacks use it for.
//!
//! In: verb, resource, subresource and name, as audit events have them, from whatever cluster. Out: its effect, whether its
//! first use weighs by itself, and its ATT&CK technique. Sources: "Using RBAC Authorization" and "RBAC Good Practices"
//! (privilege escalation risks) of Kubernetes' documentation; ATT&CK's matrix for containers.
//!
//! What is absent on purpose, because controllers and pipelines do it all day: creating deployments and pods has a
//! technique but no sensitivity; reads of anything but secrets have neither.

use crate::event::{Access, Sensitivity, Tactic};

use Sensitivity::{Destructive, IamWrite, LogControl, SecretRead};
use Tactic::{
    Collection, CredentialAccess, DefenseImpairment, Discovery, Execution, Impact, LateralMovement, Persistence,
    PrivilegeEscalation, Stealth,
};

/// What a request does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning {
    /// Its effect on what it is asked of.
    pub access: Access,
    /// Whether its first use weighs by itself.
    pub sensitivity: Option<Sensitivity>,
    /// ATT&CK (version 19) tactic and technique.
    pub attack: Option<(Tactic, &'static str)>,
}

/// A request: what is asked of what.
#[derive(Debug, Clone, Copy, Default)]
pub struct Request<'r> {
    /// `get`, `list`, `create` …
    pub verb: &'r str,
    /// Plural, in small letters (`pods`); empty where the request is for no resource.
    pub resource: &'r str,
    /// `exec` of `pods/exec`; empty where there is none.
    pub subresource: &'r str,
    /// The object's name; empty where the request is for many.
    pub name: &'r str,
}

/// What a request does.
pub fn meaning(request: Request<'_>) -> Meaning {
    let known = known(request);
    Meaning {
        access: access(request),
        sensitivity: known.and_then(|(sensitivity, ..)| sensitivity),
        attack: known.map(|(_, tactic, technique)| (tactic, technique)),
    }
}

fn access(request: Request<'_>) -> Access {
    let Request { verb, resource, subresource, .. } = request;
    let data = matches!((resource, subresource), ("secrets" | "configmaps", "") | ("pods", "log" | "attach"));
    match verb {
        _ if is_question(resource) => Access::Read,
        "list" | "watch" | "watchlist" if resource != "secrets" => Access::List,
        "list" | "watch" | "watchlist" => Access::DataRead,
        "get" | "head" | "options" | "connect" if subresource == "exec" || subresource == "portforward" => {
            Access::Write
        }
        "get" | "head" | "options" if data => Access::DataRead,
        "get" | "head" | "options" => Access::Read,
        "create" | "update" | "patch" | "delete" | "deletecollection" | "post" | "put" | "connect" | "approve"
        | "bind" | "escalate" | "impersonate" => {
            let permissions = is_binding(resource) || resource == "serviceaccounts" && subresource == "token";
            if permissions { Access::Permissions } else { Access::Write }
        }
        _ => Access::Unknown,
    }
}

/// Resources that are created to ask something, and never kept (`SubjectAccessReview`).
fn is_question(resource: &str) -> bool {
    resource.ends_with("accessreviews")
        || matches!(resource, "selfsubjectrulesreviews" | "tokenreviews")
        || resource == "selfsubjectreviews"
}

fn is_binding(resource: &str) -> bool {
    matches!(resource, "roles" | "clusterroles" | "rolebindings" | "clusterrolebindings")
}

type Known = (Option<Sensitivity>, Tactic, &'static str);

fn known(request: Request<'_>) -> Option<Known> {
    match request.verb {
        "get" | "list" | "watch" | "watchlist" => read(request),
        "create" | "update" | "patch" | "post" | "put" => write(request).or_else(|| run(request)),
        "delete" | "deletecollection" => delete(request),
        "connect" => run(request),
        "bind" | "escalate" => Some((Some(IamWrite), PrivilegeEscalation, "T1098.006")),
        "impersonate" => Some((Some(IamWrite), PrivilegeEscalation, "T1098.006")),
        _ => None,
    }
}

fn read(request: Request<'_>) -> Option<Known> {
    match (request.resource, request.subresource) {
        ("secrets", "") => Some((Some(SecretRead), CredentialAccess, "T1552.007")),
        ("pods", "log") => Some((None, Collection, "T1213")),
        // A stream is opened by a GET of WebSocket as well as by a POST of SPDY.
        ("pods", "exec" | "attach" | "portforward") | ("nodes", "proxy") => run(request),
        _ => None,
    }
}

/// Requests that change who may do what, or what is watched.
fn write(request: Request<'_>) -> Option<Known> {
    let creates = matches!(request.verb, "create" | "post");
    Some(match (request.resource, request.subresource) {
        (resource, "") if is_binding(resource) => (Some(IamWrite), PrivilegeEscalation, "T1098.006"),
        ("serviceaccounts", "token") => (Some(IamWrite), CredentialAccess, "T1528"),
        ("serviceaccounts", "") if creates => (Some(IamWrite), Persistence, "T1136"),
        ("certificatesigningrequests", "approval") => (Some(IamWrite), Persistence, "T1098.001"),
        ("certificatesigningrequests", "") if creates => (None, Persistence, "T1098.001"),
        ("configmaps", "") if request.name == "aws-auth" => (Some(IamWrite), PrivilegeEscalation, "T1098.006"),
        ("mutatingwebhookconfigurations" | "validatingwebhookconfigurations", "") => (None, Persistence, "T1546"),
        ("selfsubjectrulesreviews" | "selfsubjectaccessreviews", _) => (None, Discovery, "T1613"),
        ("networkpolicies", "") if !creates => (None, DefenseImpairment, "T1686"),
        _ => return None,
    })
}

/// Requests that run something.
fn run(request: Request<'_>) -> Option<Known> {
    let creates = matches!(request.verb, "create" | "post");
    Some(match (request.resource, request.subresource) {
        ("pods", "exec" | "attach" | "ephemeralcontainers") | ("nodes", "proxy") => (None, Execution, "T1609"),
        ("pods", "portforward") => (None, LateralMovement, "T1210"),
        ("pods" | "deployments" | "replicasets" | "statefulsets" | "jobs", "") if creates => (None, Execution, "T1610"),
        ("daemonsets", "") if creates => (None, Persistence, "T1543.005"),
        ("cronjobs", "") if creates => (None, Persistence, "T1053.007"),
        _ => return None,
    })
}

/// Requests that destroy, or blind.
fn delete(request: Request<'_>) -> Option<Known> {
    Some(match (request.resource, request.subresource) {
        ("events", "") => (Some(LogControl), Stealth, "T1070"),
        ("validatingwebhookconfigurations" | "mutatingwebhookconfigurations", "") => {
            (Some(LogControl), DefenseImpairment, "T1685")
        }
        ("networkpolicies", "") => (None, DefenseImpairment, "T1686"),
        ("namespaces" | "persistentvolumes" | "persistentvolumeclaims" | "volumesnapshots", "") => {
            (Some(Destructive), Impact, "T1485")
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples() {
        for (verb, resource, subresource, access, sensitivity) in [
            ("get", "secrets", "", Access::DataRead, Some(SecretRead)),
            ("list", "secrets", "", Access::DataRead, Some(SecretRead)),
            ("list", "pods", "", Access::List, None),
            ("get", "pods", "", Access::Read, None),
            ("get", "pods", "exec", Access::Write, None),
            ("create", "pods", "exec", Access::Write, None),
            ("create", "clusterrolebindings", "", Access::Permissions, Some(IamWrite)),
            ("create", "serviceaccounts", "token", Access::Permissions, Some(IamWrite)),
            ("create", "subjectaccessreviews", "", Access::Read, None),
            ("delete", "namespaces", "", Access::Write, Some(Destructive)),
            ("delete", "events", "", Access::Write, Some(LogControl)),
            ("get", "", "", Access::Read, None),
            ("brew", "coffee", "", Access::Unknown, None),
        ] {
            let found = meaning(Request { verb, resource, subresource, name: "" });
            assert_eq!((found.access, found.sensitivity), (access, sensitivity), "{verb} {resource}/{subresource}");
        }
    }
}
