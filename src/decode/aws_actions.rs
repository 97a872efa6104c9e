//! What is known of AWS's actions: what each does to its target, whether its first use weighs by itself, and what known
//! attacks use it for.
//!
//! A service and an operation go in (as CloudTrail names them: `monitoring`, not `cloudwatch`), an [`Entry`] and an
//! [`Access`] come out. The tables are compiled in, sorted, and searched by halving; nothing is allocated. They are
//! our own judgement where a class of sensitivity is concerned, TrailDiscover's for tactics and techniques, and
//! iam-dataset's for access levels.
//!
//! What is absent on purpose from the sensitive ones, because ordinary workloads do it all day: `kms:Decrypt` and
//! `GenerateDataKey` (every read of encrypted data), `ecr` and `codeartifact` `GetAuthorizationToken` (every pull),
//! `sts:AssumeRole` (every session), `s3:DeleteObject(s)`, `ec2:TerminateInstances` (every autoscaler),
//! `logs:PutRetentionPolicy` (every deployment).

mod catalogue_a_to_d;
mod catalogue_e_to_k;
mod catalogue_l_to_r;
mod catalogue_s_to_z;
mod levels;
mod permissions_a_to_l;
mod permissions_m_to_z;

use crate::event::{Access, Sensitivity, Tactic};

/// A row of the catalogue: service, operation, class of sensitivity, tactic and technique.
type Row = (&'static str, &'static str, Option<Sensitivity>, Tactic, &'static str);

/// A service and an operation.
type Name = (&'static str, &'static str);

/// What the catalogue says of an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Whether its first use weighs by itself.
    pub sensitivity: Option<Sensitivity>,
    /// The ATT&CK (version 19) tactic and technique that it serves in known attacks.
    pub attack: Option<(Tactic, &'static str)>,
}

/// What a log says itself of an action's effect; none where it does not say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Said {
    /// It changed nothing.
    pub read_only: Option<bool>,
    /// It concerned data, not settings.
    pub data: Option<bool>,
}

/// Looks an action up in the catalogue.
pub fn find(service: &str, operation: &str) -> Option<Entry> {
    let rows = match service.as_bytes().first()? {
        ..b'e' => catalogue_a_to_d::ROWS,
        ..b'l' => catalogue_e_to_k::ROWS,
        ..b's' => catalogue_l_to_r::ROWS,
        _ => catalogue_s_to_z::ROWS,
    };
    let at = rows.binary_search_by(|row| (row.0, row.1).cmp(&(service, operation))).ok()?;
    let (_, _, sensitivity, tactic, technique) = rows[at];
    Some(Entry { sensitivity, attack: Some((tactic, technique)) })
}

/// What an action does to its target. What the log says goes before what the name suggests.
pub fn access(service: &str, operation: &str, said: Said) -> Access {
    let by_name = by_name(operation);
    let reads = said.read_only.unwrap_or_else(|| reads(service, operation, by_name));
    let data = said.data.unwrap_or_else(|| concerns_data(service, operation));
    match (reads, by_name) {
        (true, Access::List) if !data => Access::List,
        (true, _) => {
            if data {
                Access::DataRead
            } else {
                Access::Read
            }
        }
        (false, _) if changes_permissions(service, operation) => Access::Permissions,
        (false, Access::Tagging) => Access::Tagging,
        (false, _) => {
            if data {
                Access::DataWrite
            } else {
                Access::Write
            }
        }
    }
}

/// The verbs that read, as AWS uses them.
const READING: [&str; 22] = [
    "AdminGet",
    "AdminList",
    "BatchDescribe",
    "BatchGet",
    "Check",
    "Describe",
    "Detect",
    "Discover",
    "Estimate",
    "Get",
    "Head",
    "Lookup",
    "Preview",
    "Query",
    "Read",
    "Retrieve",
    "Scan",
    "Search",
    "Select",
    "Simulate",
    "Validate",
    "View",
];

/// What the name alone suggests.
fn by_name(operation: &str) -> Access {
    let begins = |verb: &&'static str| {
        let rest = operation.strip_prefix(*verb).map(str::as_bytes);
        rest.is_some_and(|rest| !rest.first().is_some_and(u8::is_ascii_lowercase))
    };
    if begins(&"List") {
        Access::List
    } else if READING.iter().any(begins) {
        Access::Read
    } else if ["Tag", "Untag", "UnTag"].iter().any(begins)
        || operation.contains("Tags")
        || operation.contains("Tagging")
    {
        Access::Tagging
    } else {
        Access::Write
    }
}

fn reads(service: &str, operation: &str, by_name: Access) -> bool {
    if by_name.is_read() {
        !is_in(levels::WRITES, service, operation)
    } else {
        is_in(levels::READS, service, operation)
    }
}

fn changes_permissions(service: &str, operation: &str) -> bool {
    let names = if service < "m" { permissions_a_to_l::NAMES } else { permissions_m_to_z::NAMES };
    is_in(names, service, operation)
}

fn is_in(names: &[Name], service: &str, operation: &str) -> bool {
    names.binary_search(&(service, operation)).is_ok()
}

/// Operations on data, for logs older than CloudTrail's `managementEvent` ("Logging data events", CloudTrail User
/// Guide): objects, items, messages, invocations.
fn concerns_data(service: &str, operation: &str) -> bool {
    match service {
        "s3" => operation.contains("Object") || operation.contains("MultipartUpload") || operation == "UploadPart",
        "dynamodb" => {
            operation.ends_with("Item") || operation.ends_with("Items") || matches!(operation, "Query" | "Scan")
        }
        "sqs" => operation.contains("Message") && !operation.contains("MoveTask"),
        "sns" => operation.starts_with("Publish"),
        "kinesis" => operation.ends_with("Record") || operation.ends_with("Records"),
        "lambda" | "sagemaker" | "bedrock" => operation.starts_with("Invoke"),
        "rdsdata" | "redshift-data" => operation.contains("Statement"),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
