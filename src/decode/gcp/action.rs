//! What was done: `serviceName`, `methodName`, and what is known of the method.
//!
//! The operation is the method as Google names it. Its last words are what tables and rules go by: `instances.insert` of
//! `v1.compute.instances.insert`, `CreateServiceAccountKey` of `google.iam.admin.v1.CreateServiceAccountKey`. Methods of
//! Kubernetes Engine's API server (`io.k8s.core.v1.pods.exec.create`) are read as Kubernetes' own requests.

use super::super::kubernetes::{Meaning, Request, meaning};
use super::super::text::{last_part, part, small, split_last};
use super::super::{DecodeError, text};
use super::attacks;
use super::entry::{AuditLog, Entry};
use super::spelling;
use crate::event::{Access, Action, Text};

/// Reads what was done.
///
/// # Errors
/// Where the method is missing, or no text.
pub fn action<'a>(entry: &Entry<'_, 'a>, log: &AuditLog<'_, 'a>) -> Result<Action<'a>, DecodeError> {
    const FIELD: &str = "protoPayload.methodName";
    let method = log.method_name.ok_or(DecodeError::MissingField { field: FIELD })?;
    let method = method.text().ok_or(DecodeError::WrongType { field: FIELD, expected: "a string" })?;
    if method.is_empty() {
        return Err(DecodeError::MissingField { field: FIELD });
    }
    let is_data = entry.is_log("data_access");
    Ok(of_method(service(log, &method), method, log.resource_name.as_deref(), said(log), is_data))
}

/// The action of a service's method, on the resource of that name; `said` is what Google itself says of it, `is_data` whether it is
/// in the log of data access.
pub fn of_method<'a>(
    service: Text<'a>,
    method: Text<'a>,
    resource: Option<&str>,
    said: Option<Access>,
    is_data: bool,
) -> Action<'a> {
    let of_cluster = kubernetes(&service, &method, resource);
    let Meaning { access, sensitivity, attack } = of_cluster.unwrap_or_else(|| known(&service, &method, said, is_data));
    let (tactic, technique) = attack.unzip();
    Action { service, operation: method, access, sensitivity, tactic, technique: technique.map(Text::Borrowed) }
}

/// `compute` of `compute.googleapis.com`; by the method where the service is not named.
fn service<'a>(log: &AuditLog<'_, 'a>, method: &Text<'a>) -> Text<'a> {
    let named = log.service_name.as_ref();
    let short = named.and_then(|name| part(name, |name| Some(name.strip_suffix(".googleapis.com").unwrap_or(name))));
    short.or_else(|| text::part(method, service_of_method)).unwrap_or(Text::Borrowed("unknown"))
}

/// `compute` of `v1.compute.instances.insert`, `iam` of `google.iam.admin.v1.CreateRole`, `k8s.io` of `io.k8s.…`.
fn service_of_method(method: &str) -> Option<&str> {
    if method.starts_with("io.k8s.") {
        return Some("k8s.io");
    }
    let mut words =
        method.split('.').filter(|word| !matches!(*word, "google" | "cloud" | "devtools") && !is_version(word));
    let first = words.next()?;
    words.next().map(|_| first)
}

/// `v1`, `v1beta1`, `beta`, `alpha`.
fn is_version(word: &str) -> bool {
    let numbered = word.strip_prefix('v').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    numbered || matches!(word, "beta" | "alpha")
}

/// What a method of Kubernetes' API does.
fn kubernetes(service: &str, method: &str, named: Option<&str>) -> Option<Meaning> {
    if service != "k8s.io" {
        return None;
    }
    let mut words = method.split('.').skip_while(|word| !is_version(word)).skip(1);
    let (resource, mut subresource) = (words.next()?, words.next()?);
    let verb = words.next().unwrap_or_else(|| std::mem::take(&mut subresource));
    let name = named.map(|name| last_part(name, b'/')).unwrap_or_default();
    Some(meaning(Request { verb, resource, subresource, name }))
}

fn known(service: &str, method: &str, said: Option<Access>, is_data: bool) -> Meaning {
    let tail = tail(method);
    let row = attacks::find(service, tail);
    Meaning {
        access: match said {
            // Google says that it reads, the name that it lists what there is.
            Some(Access::Read | Access::DataRead) if lists(service, tail) => Access::List,
            said => said.unwrap_or_else(|| by_name(service, tail, is_data)),
        },
        sensitivity: row.and_then(|row| row.2),
        attack: row.map(|row| (row.3, row.4)),
    }
}

/// The words of a method that tell what it does: the last one, and the one before where both begin with a small letter
/// (`instances.insert`).
fn tail(method: &str) -> &str {
    let small = |word: &str| word.starts_with(|first: char| first.is_ascii_lowercase());
    let Some((front, last)) = split_last(method, b'.') else { return method };
    let Some((_, before)) = split_last(front, b'.') else { return last };
    if small(last) && small(before) && !is_version(before) {
        &method[method.len() - last.len() - before.len() - 1..]
    } else {
        last
    }
}

/// What Google itself says of the permission that was needed (`permissionType`).
fn said(log: &AuditLog<'_, '_>) -> Option<Access> {
    let types = log.authorization?.items().filter_map(|check| spelling::member(check, "permissiontype")?.filled());
    let access = types.filter_map(|word| match &*word {
        "ADMIN_READ" => Some((0, Access::Read)),
        "DATA_READ" => Some((1, Access::DataRead)),
        "DATA_WRITE" => Some((2, Access::DataWrite)),
        _ => None,
    });
    access.max_by_key(|(weight, _)| *weight).map(|(_, access)| access)
}

/// Whether a method lists what there is, not what is in it.
fn lists(service: &str, tail: &str) -> bool {
    let mut room = [0; 16];
    matches!(small(first_word(last_part(tail, b'.')), &mut room), b"list" | b"aggregated")
        && !concerns_data(service, tail)
}

/// What a method's name suggests, and the log that it is in.
fn by_name(service: &str, tail: &str, in_data_access: bool) -> Access {
    let last = last_part(tail, b'.');
    let mut room = [0; 16];
    let verb = small(first_word(last), &mut room);
    let data = concerns_data(service, tail);
    if ["IamPolicy", "IAMPolicy", "IamPermissions"].iter().any(|end| tail.ends_with(end)) {
        let asks = matches!(verb, b"get" | b"test" | b"query" | b"analyze");
        return if asks { Access::Read } else { Access::Permissions };
    }
    match verb {
        _ if lists(service, tail) => Access::List,
        b"get" | b"list" | b"read" | b"search" | b"query" | b"fetch" | b"lookup" | b"describe" | b"check" | b"test"
        | b"access" | b"batchget" | b"analyze" | b"streaming" | b"run" | b"pull" | b"download" | b"export"
        | b"generate"
            if data =>
        {
            Access::DataRead
        }
        b"get" | b"list" | b"read" | b"search" | b"query" | b"fetch" | b"lookup" | b"describe" | b"check" | b"test"
        | b"watch" | b"analyze" | b"preview" | b"validate" | b"view" => Access::Read,
        _ if data => Access::DataWrite,
        _ if service == "iam" && last.ends_with("Role") => Access::Permissions,
        _ if in_data_access && verb != b"insert" => Access::Read,
        _ => Access::Write,
    }
}

/// The first word of `CreateServiceAccountKey` or `setMetadata`.
fn first_word(name: &str) -> &str {
    let end = name.bytes().skip(1).position(|letter| letter.is_ascii_uppercase()).map(|at| at + 1);
    &name[..end.unwrap_or(name.len())]
}

/// Methods on data, not settings ("Cloud Audit Logs" pages of each service).
fn concerns_data(service: &str, tail: &str) -> bool {
    match service {
        "storage" => tail.starts_with("objects.") && tail != "objects.list",
        // `List` and `InsertAll` of `TableDataService`: others say what they list (`ListTables`).
        "bigquery" => {
            tail.starts_with("tabledata")
                || tail.ends_with("Rows")
                || tail.contains("QueryResults")
                || matches!(tail, "Query" | "List" | "InsertAll")
        }
        "secretmanager" => tail.starts_with("AccessSecret"),
        "firestore" | "datastore" => !tail.contains("Index") && !tail.contains("Database"),
        "bigtable" => tail.ends_with("Rows") || tail.contains("MutateRow"),
        "spanner" => tail.contains("Sql") || tail.contains("Read") || tail == "Commit",
        "pubsub" => matches!(tail, "Publish" | "Pull" | "StreamingPull" | "Acknowledge"),
        "logging" => matches!(tail, "ListLogEntries" | "TailLogEntries" | "WriteLogEntries"),
        "cloudkms" => matches!(tail, "Decrypt" | "Encrypt" | "AsymmetricDecrypt" | "AsymmetricSign" | "MacSign"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_methods() {
        for (method, tail_of_it, service) in [
            ("v1.compute.instances.insert", "instances.insert", Some("compute")),
            ("beta.compute.routers.insert", "routers.insert", Some("compute")),
            ("google.iam.admin.v1.CreateServiceAccountKey", "CreateServiceAccountKey", Some("iam")),
            ("google.cloud.bigquery.v2.JobService.InsertJob", "InsertJob", Some("bigquery")),
            ("storage.setIamPermissions", "setIamPermissions", Some("storage")),
            ("cloudsql.instances.delete", "instances.delete", Some("cloudsql")),
            ("google.admin.AdminService.changePassword", "changePassword", Some("admin")),
            ("google.ssh-serialport.v1.connect", "connect", Some("ssh-serialport")),
            ("io.k8s.core.v1.pods.exec.create", "exec.create", Some("k8s.io")),
            ("SetIamPolicy", "SetIamPolicy", None),
            ("", "", None),
            (".", "", Some("")),
        ] {
            assert_eq!(tail(method), tail_of_it, "{method}");
            assert_eq!(service_of_method(method), service, "{method}");
        }
    }
}
