//! How Google Cloud writes who somebody is: `principalSubject`, federated principals, the mail of a service account.
//!
//! In: one text. Out: what it says of its owner, borrowed from it. Sources: "Principal identifiers" and "Types of service
//! accounts", IAM documentation.

use std::ops::Range;

/// Digits that the number of a project has at least: fewer are somebody's own numbering.
const PROJECT_DIGITS: usize = 6;

/// What a federated principal's identifier says.
#[derive(Debug, PartialEq, Eq)]
pub struct Federated {
    /// Where the pool's own name stands in the identifier.
    pub pool: Range<usize>,
    /// Where the subject or the attribute stands in it.
    pub subject: Range<usize>,
    /// Where the number of the project stands that owns the pool; none where an organisation does, as with pools of people.
    pub project: Option<Range<usize>>,
}

/// Reads `principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/pool/subject/name` and its like:
/// `principalSet`, pools of people (`locations/global/workforcePools/…`).
pub fn federated(identifier: &str) -> Option<Federated> {
    if let Some(found) = in_cluster(identifier) {
        return Some(found);
    }
    if !identifier.starts_with("principal") {
        return None;
    }
    let scheme = identifier.find("://")? + 3;
    let path = &identifier[scheme..];
    let pools = ["/workloadIdentityPools/", "/workforcePools/"];
    let (at, collection) = pools.iter().find_map(|pools| Some((step(path, pools)?, pools)))?;
    let start = scheme + at + collection.len();
    let pool_length = identifier[start..].find('/')?;
    let behind = start + pool_length + 1;
    let word = identifier[behind..].find('/').filter(|_| identifier[behind..].starts_with("subject/"));
    let project = step(&path[..at], "/projects/").map(|before| {
        let start = scheme + before + "/projects/".len();
        start..start + identifier[start..].find('/').unwrap_or(0)
    });
    let subject = word.map_or(behind, |word| behind + word + 1)..identifier.len();
    Some(Federated { pool: start..start + pool_length, subject, project })
}

/// Where a path has these steps, the first of which a slash begins.
fn step(path: &str, steps: &str) -> Option<usize> {
    memchr::memchr_iter(b'/', path.as_bytes()).find(|at| path[*at..].starts_with(steps))
}

/// Reads `serviceAccount:shop.svc.id.goog[namespace/name]`, the older form of a Kubernetes service account.
fn in_cluster(identifier: &str) -> Option<Federated> {
    let end = identifier.strip_suffix(']')?.len();
    let start = identifier.find(':').map_or(0, |colon| colon + 1);
    let open = start + identifier[start..].find(".svc.id.goog[")?;
    let bracket = open + ".svc.id.goog".len();
    Some(Federated { pool: start..bracket, subject: bracket + 1..end, project: Some(start..open) })
}

/// What stands before the colon of a `principalSubject`, where that is a type (`serviceAccount:…`, `user:…`, `principal://…`).
pub fn class(subject: &str) -> Option<&str> {
    let (class, _) = subject.split_once(':')?;
    let known = ["serviceAccount", "user", "principal", "principalSet", "group", "domain", "federated"];
    known.contains(&class).then_some(class)
}

/// The project that a service account's mail says to own it: by its id, or by its number where the mail has only that.
pub fn project_of_mail(mail: &str) -> Option<&str> {
    let (name, owner) = mail.strip_suffix(".gserviceaccount.com")?.split_once('@')?;
    let number = numbered(name);
    match owner {
        "appspot" => Some(name),
        "developer" | "cloudbuild" | "cloudservices" => number,
        _ => match owner.strip_suffix(".iam") {
            Some(project) if !is_googles(name, project) => Some(project),
            _ => number,
        },
    }
    .filter(|project| !project.is_empty())
}

/// Whether a service account belongs to a service of Google's, which made it in a project of its own.
fn is_googles(name: &str, project: &str) -> bool {
    let numbered = name.strip_prefix("service-").and_then(|_| numbered(name));
    numbered.is_some_and(|number| number.len() >= PROJECT_DIGITS)
        || project.starts_with("gcp-sa-")
        || project.ends_with(".google.com")
}

/// The number in `12-compute`, `service-12`, `p12-abc` and `12`.
fn numbered(name: &str) -> Option<&str> {
    let name = name.strip_prefix("service-").unwrap_or(name);
    let name = name.strip_prefix('p').unwrap_or(name);
    let digits = name.bytes().take_while(u8::is_ascii_digit).count();
    let whole = name.as_bytes().get(digits).is_none_or(|byte| *byte == b'-');
    (digits > 0 && whole).then(|| &name[..digits])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects_of_mails() {
        for (mail, project) in [
            ("ci@shop-prod.iam.gserviceaccount.com", Some("shop-prod")),
            ("12-compute@developer.gserviceaccount.com", Some("12")),
            ("shop-prod@appspot.gserviceaccount.com", Some("shop-prod")),
            ("12@cloudbuild.gserviceaccount.com", Some("12")),
            ("12@cloudservices.gserviceaccount.com", Some("12")),
            ("service-123456@gcp-sa-logging.iam.gserviceaccount.com", Some("123456")),
            ("service-123456@container-engine-robot.iam.gserviceaccount.com", Some("123456")),
            ("p12-a1b2@gcp-sa-cloud-sql.iam.gserviceaccount.com", Some("12")),
            ("service-1@shop-prod.iam.gserviceaccount.com", Some("shop-prod")),
            ("service-shop@shop-prod.iam.gserviceaccount.com", Some("shop-prod")),
            ("cloud-logs@system.gserviceaccount.com", None),
            ("alice@example.com", None),
            ("@.iam.gserviceaccount.com", None),
            ("", None),
        ] {
            assert_eq!(project_of_mail(mail), project, "{mail}");
        }
    }

    #[test]
    fn federated_principals() {
        for (identifier, expected) in [
            (
                "principal://iam.googleapis.com/projects/12/locations/global/workloadIdentityPools/git/subject/repo:a/b:ref:c",
                Some(("git", "repo:a/b:ref:c", Some("12"))),
            ),
            (
                "principal://iam.googleapis.com/locations/global/workforcePools/staff/subject/alice@example.com",
                Some(("staff", "alice@example.com", None)),
            ),
            (
                "principalSet://iam.googleapis.com/projects/12/locations/global/workloadIdentityPools/p/attribute.repo/a/b",
                Some(("p", "attribute.repo/a/b", Some("12"))),
            ),
            ("serviceAccount:shop.svc.id.goog[web/cart]", Some(("shop.svc.id.goog", "web/cart", Some("shop")))),
            ("x.svc.id.goog[", None),
            ("principal://iam.googleapis.com/projects/12", None),
            ("user:alice@example.com", None),
            ("principal", None),
        ] {
            let found = federated(identifier);
            let found =
                found.map(|it| (&identifier[it.pool], &identifier[it.subject], it.project.map(|it| &identifier[it])));
            assert_eq!(found, expected, "{identifier}");
        }
    }
}
