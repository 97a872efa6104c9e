//! Google Cloud: the scope and the principal of an actor, and what its type says.
//!
//! | actor | scope | principal |
//! |---|---|---|
//! | service account | `gcp/<project that its mail names>`, by its number where the mail has only that | its mail |
//! | federated workload | `gcp/<number of the pool's project>` | its identifier, the subject cut to what stays (`repo:org/name`) |
//! | person, Kubernetes' own user | `gcp/<project of the resource>` | the mail, the user's name |
//!
//! The decoder finds what owns the actor. Kinds of service accounts are told by their mails ("Types of service accounts"
//! and "Service agents", IAM documentation): those that Google makes for its services, those that come with a project, and
//! those that people make. Of the last, a name counts where it is a product's or says a pipeline; `api` or `worker` do not.
//! Users are people, but for those whose name says a program by whole words (`svc-backup@example.com`).

use super::aws::stable_subject;
use super::kind::{Verdict, is_mail};
use super::kubernetes;
use super::provider::{delegator, is_name};
use super::words::{self, Weight};
use crate::event::{Actor, Event, Kind, Relation, Text};

/// Digits that the number of a project has at least: fewer are somebody's own numbering.
const PROJECT_DIGITS: usize = 6;

/// How the mails of all service accounts end.
const MAIL: &str = ".gserviceaccount.com";

/// `gcp/<account>`, else `gcp/unknown`.
pub(super) fn scope<'a>(event: &Event<'a>) -> Text<'a> {
    let account = event.actor.account.as_deref().filter(|account| is_name(account));
    Text::Owned([&event.provider, "/", account.unwrap_or("unknown")].concat())
}

/// The actor's mail or identifier, without what changes from run to run; `unknown` where there is none.
pub(super) fn principal<'a>(event: &Event<'a>) -> Text<'a> {
    let actor = &event.actor;
    let names = [Some(&actor.name), actor.uid.as_ref()];
    let Some(name) = names.into_iter().flatten().find(|name| is_name(name)) else { return Text::Borrowed("unknown") };
    match name.rsplit_once("/subject/").filter(|_| name.starts_with("principal://")) {
        Some((pool, subject)) => {
            super::arn::part(name, 0..pool.len() + "/subject/".len() + stable_subject(subject).len())
        }
        None => name.clone(),
    }
}

/// What the actor's name says by the rules of Google Cloud.
pub(super) fn certain(event: &Event<'_>) -> Option<Verdict> {
    let actor = &event.actor;
    let name = &*actor.name;
    if name.starts_with("system:") || (event.action.service == "k8s.io" && !name.contains('@')) {
        return kubernetes::by_name(name);
    }
    if name.starts_with("principal://") || name.starts_with("principalSet://") {
        return Some(federated(actor));
    }
    match &*actor.class {
        "system" => Some((Kind::CloudService, "Google's own systems acted by themselves")),
        "serviceAccount" => Some(service_account(actor)),
        "user" if is_mail(name) => Some(words::of_account(name).unwrap_or((Kind::Human, "a user's account"))),
        _ => None,
    }
}

/// Where nothing said anything.
pub(super) fn otherwise(_event: &Event<'_>) -> Verdict {
    (Kind::Unknown, "nothing in the log says what it is")
}

fn service_account(actor: &Actor<'_>) -> Verdict {
    let (name, host) = actor.name.split_once('@').unwrap_or((&actor.name, ""));
    if actor.name.contains(".svc.id.goog[") {
        return (Kind::Workload, "a Kubernetes service account by workload identity");
    }
    match host.strip_suffix(MAIL) {
        Some("developer") => (Kind::Workload, "the default service account of machines"),
        Some("appspot") => (Kind::Workload, "the default service account of App Engine and functions"),
        Some("cloudbuild") => (Kind::CiPipeline, "the service account of Cloud Build"),
        owner if is_agent(name, owner.unwrap_or_default()) => (Kind::CloudService, "a service agent of Google's"),
        _ => by_vouching(actor)
            .or_else(|| by_word(name))
            .unwrap_or((Kind::ServiceAccount, "its mail is a service account's")),
    }
}

/// Whether a service account is one that Google made for a service of its own.
fn is_agent(name: &str, owner: &str) -> bool {
    const OWNERS: [&str; 3] = ["system", "cloudservices", "firebase-sa-management.iam"];
    const NAMES: [&str; 5] = ["service-org-", "service-folder-", "service-", "project-", "bq-"];
    let number = NAMES.iter().find_map(|start| name.strip_prefix(start)).unwrap_or_default();
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    OWNERS.contains(&owner)
        || owner.starts_with("gcp-sa-")
        || owner.ends_with(".google.com.iam")
        || digits >= PROJECT_DIGITS
}

/// Who lent the service account: a pipeline, or a workload elsewhere.
fn by_vouching(actor: &Actor<'_>) -> Option<Verdict> {
    if delegator(actor, Relation::DelegatedBy).is_some_and(|link| link.contains("@gcp-sa-aiplatform-re.")) {
        return Some((Kind::AiAgent, "a service account that Vertex AI's Agent Engine uses to run an agent"));
    }
    let subject = delegator(actor, Relation::FederatedSubject)?;
    let (kind, _) = by_subject(&delegator(actor, Relation::FederatedProvider).unwrap_or_default(), &subject)?;
    Some(match kind {
        Kind::CiPipeline => (kind, "a service account that a build service uses by federation"),
        _ => (kind, "a service account that a workload elsewhere uses by federation"),
    })
}

/// Products' names, and words that say a pipeline, an agent or a vendor.
fn by_word(name: &str) -> Option<Verdict> {
    let said = words::strongest(name)?;
    let telling = said.weight == Weight::Product || !matches!(said.kind, Kind::Workload | Kind::ServiceAccount);
    telling.then_some((said.kind, said.reason))
}

fn federated(actor: &Actor<'_>) -> Verdict {
    if actor.name.starts_with("principal://agents.") || actor.name.contains("/reasoningEngines/") {
        return (Kind::AiAgent, "the identity of an agent of Vertex AI");
    }
    if actor.issuer.as_ref().is_some_and(|issuer| issuer.class == "workforcePool") {
        return (Kind::Human, "a person of a workforce pool");
    }
    let pool = delegator(actor, Relation::FederatedProvider).unwrap_or_default();
    let subject = delegator(actor, Relation::FederatedSubject).unwrap_or_default();
    by_subject(&pool, &subject).unwrap_or((Kind::Workload, "a workload elsewhere, by federation"))
}

/// What the pool and the subject of a federated workload say.
fn by_subject(pool: &str, subject: &str) -> Option<Verdict> {
    const BUILDS: [&str; 4] = ["repo:", "project_path:", "attribute.repository", "organization:"];
    if BUILDS.iter().any(|build| subject.starts_with(build)) {
        return Some((Kind::CiPipeline, "came with a token of a build service"));
    }
    let in_cluster = ["system:serviceaccount:", "ns/"].iter().any(|start| subject.starts_with(start));
    if in_cluster || pool.ends_with(".svc.id.goog") {
        return Some((Kind::Workload, "came with the token of a Kubernetes service account"));
    }
    let said = words::strongest(pool).filter(|said| said.kind == Kind::CiPipeline);
    said.map(|said| (said.kind, said.reason))
}

/// The own name of a service account that people made: without the project that its mail names.
pub(super) fn own_name(principal: &str) -> Option<&str> {
    let (name, host) = principal.split_once('@')?;
    let owner = host.strip_suffix(MAIL)?;
    (owner.ends_with(".iam") && !name.is_empty() && !is_agent(name, owner)).then_some(name)
}

/// Where the pool's name begins in the identifier of a federated principal.
pub(super) fn pool_start(principal: &str) -> Option<usize> {
    const POOLS: [&str; 2] = ["/workloadIdentityPools/", "/workforcePools/"];
    if !principal.starts_with("principal") {
        return None;
    }
    let start = POOLS.iter().find_map(|pools| principal.find(pools).map(|at| at + pools.len()))?;
    (start < principal.len()).then_some(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_names() {
        for (principal, name) in [
            ("ci@shop.iam.gserviceaccount.com", Some("ci")),
            ("service-123456789012@gcp-sa-logging.iam.gserviceaccount.com", None),
            ("12-compute@developer.gserviceaccount.com", None),
            ("alice@example.com", None),
            ("@shop.iam.gserviceaccount.com", None),
        ] {
            assert_eq!(own_name(principal), name, "{principal}");
        }
    }

    #[test]
    fn pools() {
        let of = |principal: &'static str| pool_start(principal).map(|start| &principal[start..]);
        let pool =
            "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/git/subject/repo:a/b";
        assert_eq!(of(pool), Some("git/subject/repo:a/b"));
        assert_eq!(of("principal://iam.googleapis.com/x/workforcePools/"), None);
        assert_eq!(of("/workforcePools/x"), None);
    }
}
