//! What is known of AWS's actions: what each does to its target, whether its first use weighs by itself, and what known
//! attacks use it for.
//!
//! A service and an operation go in (as CloudTrail names them: `monitoring`, not `cloudwatch`), an [`Entry`] and an
//! [`Access`] come out. The tables are compiled in, with a hash table over each; nothing is allocated. They are
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

use super::lookup::{Index, hash_pair};
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
    let is_it =
        |row: usize| CATALOGUE[row / PART][row % PART].1 == operation && CATALOGUE[row / PART][row % PART].0 == service;
    let row = CATALOGUE_INDEX.find(hash_pair(service, operation), is_it)?;
    let (_, _, sensitivity, tactic, technique) = CATALOGUE[row / PART][row % PART];
    Some(Entry { sensitivity, attack: Some((tactic, technique)) })
}

/// Rows of a part of a table at most, so that a row is told by one number.
const PART: usize = 1 << 12;

static CATALOGUE: [&[Row]; 4] =
    [catalogue_a_to_d::ROWS, catalogue_e_to_k::ROWS, catalogue_l_to_r::ROWS, catalogue_s_to_z::ROWS];

static CATALOGUE_INDEX: Index<2048> = {
    let mut index = Index::empty();
    let mut part = 0;
    while part < CATALOGUE.len() {
        let mut row = 0;
        while row < CATALOGUE[part].len() {
            index.add(hash_pair(CATALOGUE[part][row].0, CATALOGUE[part][row].1), part * PART + row);
            row += 1;
        }
        part += 1;
    }
    index
};

/// Names, and where each is among them.
struct Names<const PARTS: usize, const SLOTS: usize> {
    parts: [&'static [Name]; PARTS],
    index: Index<SLOTS>,
}

impl<const PARTS: usize, const SLOTS: usize> Names<PARTS, SLOTS> {
    const fn of(parts: [&'static [Name]; PARTS]) -> Names<PARTS, SLOTS> {
        let mut index = Index::empty();
        let mut part = 0;
        while part < PARTS {
            let mut row = 0;
            while row < parts[part].len() {
                index.add(hash_pair(parts[part][row].0, parts[part][row].1), part * PART + row);
                row += 1;
            }
            part += 1;
        }
        Names { parts, index }
    }

    fn contain(&self, service: &str, operation: &str) -> bool {
        let is_it = |row: usize| self.parts[row / PART][row % PART] == (service, operation);
        self.index.find(hash_pair(service, operation), is_it).is_some()
    }
}

static PERMISSIONS: Names<2, 2048> = Names::of([permissions_a_to_l::NAMES, permissions_m_to_z::NAMES]);
static READS: Names<1, 1024> = Names::of([levels::READS]);
static WRITES: Names<1, 1024> = Names::of([levels::WRITES]);

/// What an action does to its target. What the log says goes before what the name suggests.
pub fn access(service: &str, operation: &str, said: Said) -> Access {
    let reads = said.read_only.unwrap_or_else(|| reads(service, operation, by_name(operation)));
    let data = said.data.unwrap_or_else(|| concerns_data(service, operation));
    match reads {
        true if data => Access::DataRead,
        true if begins(operation, "List") => Access::List,
        true => Access::Read,
        false if changes_permissions(service, operation) => Access::Permissions,
        false if changes_tags(operation) && by_name(operation) == Access::Tagging => Access::Tagging,
        false if data => Access::DataWrite,
        false => Access::Write,
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
    if begins(operation, "List") {
        Access::List
    } else if READING.iter().any(|verb| begins(operation, verb)) {
        Access::Read
    } else if changes_tags(operation) {
        Access::Tagging
    } else {
        Access::Write
    }
}

/// Whether the first word of an operation is this verb.
#[inline]
fn begins(operation: &str, verb: &str) -> bool {
    if operation.as_bytes().first() != verb.as_bytes().first() {
        return false;
    }
    let rest = operation.strip_prefix(verb).map(str::as_bytes);
    rest.is_some_and(|rest| !rest.first().is_some_and(u8::is_ascii_lowercase))
}

fn changes_tags(operation: &str) -> bool {
    ["Tag", "Untag", "UnTag"].iter().any(|verb| begins(operation, verb)) || names_tags(operation.as_bytes())
}

fn names_tags(operation: &[u8]) -> bool {
    let tags = |at: usize| operation[at..].starts_with(b"Tags") || operation[at..].starts_with(b"Tagging");
    memchr::memchr_iter(b'T', operation).any(tags)
}

fn reads(service: &str, operation: &str, by_name: Access) -> bool {
    if by_name.is_read() { !WRITES.contain(service, operation) } else { READS.contain(service, operation) }
}

fn changes_permissions(service: &str, operation: &str) -> bool {
    PERMISSIONS.contain(service, operation)
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
