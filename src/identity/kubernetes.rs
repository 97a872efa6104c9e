//! Kubernetes: the scope and the principal of a user, and what its name says.
//!
//! | user | principal |
//! |---|---|
//! | service account | `system:serviceaccount:<namespace>:<name>`: all its pods are one |
//! | node, component of the control plane | its name |
//! | session of an AWS role (EKS) | ARN of the role, or the user's name, without the session |
//! | anybody else | the user's name |
//!
//! Source: "Authenticating", Kubernetes' documentation: users are for people, service accounts for what runs in pods; names
//! that begin with `system:` are Kubernetes' own. The control planes of EKS, AKS and GKE have users of their own.

use super::arn::part;
use super::aws;
use super::kind::{Verdict, is_mail};
use super::provider::is_name;
use super::words::{self, Weight};
use crate::event::{Actor, Event, Issuer, Kind, Text};

/// Users of the control planes, and of nodes, by how their names begin.
const CONTROL_PLANES: [&str; 14] = [
    "aks-",
    "aksService",
    "acsService",
    "hcpService",
    "nodeclient",
    "eks:",
    "eks-",
    "gke-",
    "kube-apiserver",
    "kube-proxy",
    "kube-scheduler",
    "kube-controller-manager",
    "kubelet",
    "apiserver",
];

/// `kubernetes/<cluster>`, else `kubernetes/unnamed`.
pub(super) fn scope<'a>(event: &Event<'a>) -> Text<'a> {
    let cluster = event.actor.account.as_deref().filter(|cluster| is_name(cluster));
    Text::Owned([&event.provider, "/", cluster.unwrap_or("unnamed")].concat())
}

/// The user's name, an AWS role's without its session; `unknown` where there is none.
pub(super) fn principal<'a>(event: &Event<'a>) -> Text<'a> {
    let actor = &event.actor;
    if let Some(role) = aws::role_of_session(&actor.name) {
        return role;
    }
    if let Some(end) = without_session(actor) {
        return part(&actor.name, 0..end);
    }
    let names = [Some(&actor.name), actor.uid.as_ref()];
    let name = names.into_iter().flatten().find(|name| is_name(name));
    name.map_or(Text::Borrowed("unknown"), Text::clone)
}

/// Where the session begins in a name that ends with it: clusters of EKS map roles to `admin:{{SessionName}}`.
fn without_session(actor: &Actor<'_>) -> Option<usize> {
    let front = actor.name.strip_suffix(actor.session.as_deref().filter(|session| !session.is_empty())?)?;
    let front = front.trim_end_matches([':', '/', '-']);
    (!front.is_empty() && front.len() < actor.name.len()).then_some(front.len())
}

/// What the user's name says.
pub(super) fn certain(event: &Event<'_>) -> Option<Verdict> {
    by_name(&event.actor.name)
}

/// What a user's name says by the rules of Kubernetes.
pub(super) fn by_name(name: &str) -> Option<Verdict> {
    if let Some(account) = name.strip_prefix("system:serviceaccount:") {
        return Some(service_account(account));
    }
    if matches!(name, "system:anonymous" | "system:unauthenticated") {
        return Some((Kind::Unknown, "nobody was authenticated"));
    }
    if name.starts_with("system:bootstrap:") {
        return Some((Kind::ServiceAccount, "a bootstrap token"));
    }
    if matches!(name, "system:admin" | "kubernetes-admin" | "kubernetes-super-admin" | "masterclient" | "clusterUser") {
        return Some((Kind::Human, "the cluster's administrator"));
    }
    if name.starts_with("system:node:") {
        return Some((Kind::CloudService, "a node of the cluster"));
    }
    if name.starts_with("system:") || CONTROL_PLANES.iter().any(|start| name.starts_with(start)) {
        return Some((Kind::CloudService, "a component of the control plane"));
    }
    is_mail(name.strip_prefix("oidc:").unwrap_or(name)).then(|| of_mail(name))
}

/// Clusters of Google's know service accounts of the cloud by their mail addresses, as they know people.
fn of_mail(name: &str) -> Verdict {
    let otherwise = match name.ends_with(".gserviceaccount.com") {
        true => (Kind::ServiceAccount, "a service account of Google Cloud"),
        false => (Kind::Human, "a user named by a mail address"),
    };
    words::of_account(name).unwrap_or(otherwise)
}

/// A service account, of whose name a product's counts; else that of its namespace where that is a build service's.
fn service_account(account: &str) -> Verdict {
    let (namespace, name) = account.rsplit_once(':').unwrap_or(("", account));
    let product = words::strongest(name).filter(|said| said.weight == Weight::Product);
    let product = product.map(|said| (said.kind, said.reason));
    product.or_else(|| by_namespace(namespace)).unwrap_or((Kind::Workload, "a service account, as which pods run"))
}

/// Where build services and what deploys from repositories are installed by default.
fn by_namespace(namespace: &str) -> Option<Verdict> {
    const INSTALLED: [&str; 3] = ["arc-runners", "arc-systems", "flux-system"];
    let product = || words::strongest(namespace).filter(|said| said.weight == Weight::Product);
    let builds = INSTALLED.contains(&namespace) || product().is_some_and(|said| said.kind == Kind::CiPipeline);
    builds.then_some((Kind::CiPipeline, "a service account in the namespace of a build service"))
}

/// Where the user's name said nothing: it may be one that an AWS identity was mapped to, of which the name counts then; a
/// UUID is an app's (AKS).
pub(super) fn otherwise(event: &Event<'_>) -> Verdict {
    let name = &*event.actor.name;
    let generated = name.len() == 36 && super::template_of(name) == "*";
    match () {
        () if !is_name(name) => (Kind::Unknown, "nothing in the log says what it is"),
        () if generated => (Kind::ServiceAccount, "a user named by the id of an app"),
        () => match &event.actor.issuer {
            Some(issuer) => by_issuer(issuer),
            None => (Kind::Human, "a user of the cluster, which are for people"),
        },
    }
}

/// What the AWS identity says that the authenticator let in.
fn by_issuer(issuer: &Issuer<'_>) -> Verdict {
    match words::strongest(&issuer.short_name) {
        Some(said) => (said.kind, said.reason),
        None if issuer.class == "IAMUser" => (Kind::ServiceAccount, "a user of AWS's, with an access key"),
        None => (Kind::Unknown, "a role of AWS's whose name says nothing"),
    }
}
