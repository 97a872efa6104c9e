//! What platforms' actions do: by a table for those that matter, else by the verb in the name.
//!
//! In: an action's name as its log gives it (`repo.add_member`, `user.account.privilege.grant`, `admin_api_key_created`). Out:
//! an [`Action`]. The tables belong to the sources; the verbs are those that GitHub, Okta, OpenAI and Anthropic share.

use super::lookup::{Index, hash};
use crate::event::{Access, Action, Sensitivity, Tactic, Text};

/// An action of which more is known than its verb: its name, what it does, whether its first use weighs by itself, and the
/// ATT&CK (version 19) tactic and technique that it serves in known attacks.
pub(super) type Row = (&'static str, Access, Option<Sensitivity>, Option<(Tactic, &'static str)>);

/// The actions of a source, by name.
#[derive(Debug)]
pub(super) struct Table {
    rows: &'static [Row],
    index: Index<512>,
}

impl Table {
    /// These actions.
    pub const fn new(rows: &'static [Row]) -> Table {
        let (mut index, mut row) = (Index::empty(), 0);
        while row < rows.len() {
            index.add(hash(rows[row].0), row);
            row += 1;
        }
        Table { rows, index }
    }

    fn find(&self, operation: &str) -> Option<&'static Row> {
        self.index.find(hash(operation), |row| self.rows[row].0 == operation).map(|row| &self.rows[row])
    }
}

/// Verbs that read settings or lists.
const READS: [&str; 13] = [
    "access", "check", "detect", "evaluate", "get", "list", "poll", "query", "read", "search", "verify", "view",
    "watch",
];

/// Verbs that read the data itself.
const DATA_READS: [&str; 5] = ["clone", "download", "export", "fetch", "pull"];

/// Verbs that change the data itself.
const DATA_WRITES: [&str; 3] = ["push", "send", "upload"];

/// Verbs that change something.
const WRITES: [&str; 73] = [
    "accept",
    "activate",
    "add",
    "allow",
    "approve",
    "archive",
    "assign",
    "authorize",
    "block",
    "bypass",
    "cancel",
    "change",
    "clear",
    "close",
    "complete",
    "configure",
    "convert",
    "create",
    "deactivate",
    "delete",
    "demote",
    "deny",
    "deploy",
    "destroy",
    "disable",
    "dismiss",
    "edit",
    "enable",
    "enqueue",
    "enroll",
    "expire",
    "grant",
    "import",
    "install",
    "invite",
    "link",
    "lock",
    "merge",
    "modify",
    "move",
    "promote",
    "publish",
    "purge",
    "register",
    "reject",
    "remove",
    "rename",
    "reopen",
    "replace",
    "report",
    "request",
    "rerun",
    "reset",
    "resolve",
    "restore",
    "resume",
    "revoke",
    "rotate",
    "run",
    "set",
    "share",
    "start",
    "suspend",
    "sync",
    "transfer",
    "unarchive",
    "unassign",
    "unblock",
    "unlink",
    "unlock",
    "unsuspend",
    "update",
    "write",
];

/// An action by its name; what neither table nor verb knows is `otherwise`.
pub(super) fn action<'a>(service: Text<'a>, operation: Text<'a>, table: &Table, otherwise: Access) -> Action<'a> {
    let known = table.find(&operation);
    let attack = known.and_then(|(_, _, _, attack)| *attack);
    let by_verb = || match by_verb(&operation) {
        Access::Unknown => otherwise,
        access => access,
    };
    Action {
        access: known.map_or_else(by_verb, |(_, access, _, _)| *access),
        sensitivity: known.and_then(|(_, _, sensitivity, _)| *sensitivity),
        tactic: attack.map(|(tactic, _)| tactic),
        technique: attack.map(|(_, technique)| Text::Borrowed(technique)),
        service,
        operation,
    }
}

/// What the last verb in a name says. Names are cut after their first 256 bytes: none is longer.
pub(super) fn by_verb(operation: &str) -> Access {
    let end = operation.len().min(256);
    let words = operation.as_bytes()[..end].rsplit(|byte| !byte.is_ascii_alphanumeric());
    let said = words.map(|word| std::str::from_utf8(word).unwrap_or_default()).map(verb);
    said.into_iter().find(|access| *access != Access::Unknown).unwrap_or(Access::Unknown)
}

/// The verbs, by kind in this order.
const VERBS: [&[&str]; 4] = [&READS, &DATA_READS, &DATA_WRITES, &WRITES];

/// Where a verb stands: its kind times 256, and its place among those of its kind.
static PLACES: Index<512> = {
    let (mut index, mut kind) = (Index::empty(), 0);
    while kind < VERBS.len() {
        let mut at = 0;
        while at < VERBS[kind].len() {
            index.add(hash(VERBS[kind][at]), kind << 8 | at);
            at += 1;
        }
        kind += 1;
    }
    index
};

/// What a verb says, or its past: `create` and `created`, `add` and `added`.
fn verb(word: &str) -> Access {
    let present = match word {
        "ran" => "run",
        "sent" => "send",
        "denied" => "deny",
        "verified" => "verify",
        "modified" => "modify",
        "queried" => "query",
        _ => word,
    };
    let without = |end| word.strip_suffix(end).and_then(kind);
    match kind(present).or_else(|| without("d")).or_else(|| without("ed")) {
        Some(0) => Access::Read,
        Some(1) => Access::DataRead,
        Some(2) => Access::DataWrite,
        Some(_) => Access::Write,
        None => Access::Unknown,
    }
}

/// The kind of a verb.
fn kind(word: &str) -> Option<usize> {
    PLACES.find(hash(word), |place| VERBS[place >> 8][place & 0xFF] == word).map(|place| place >> 8)
}

/// The kind of a target, which is its source's name and what it is: one of those that are known, or put together.
pub(super) fn kind_of_target<'a>(known: &'static [&'static str], source: &str, what: &[u8]) -> Text<'a> {
    let is_it =
        |kind: &&&'static str| kind.len() == source.len() + what.len() && kind.as_bytes()[source.len()..] == *what;
    match known.iter().find(is_it) {
        Some(kind) => Text::Borrowed(kind),
        None => Text::Owned([source, &String::from_utf8_lossy(what)].concat()),
    }
}

/// Whether a table is in the order in which it is searched.
#[cfg(test)]
pub(super) fn is_sorted(rows: &[Row]) -> bool {
    rows.windows(2).all(|pair| pair[0].0 < pair[1].0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verbs_of_names() {
        for (name, access) in [
            ("repo.create", Access::Write),
            ("admin_api_key_created", Access::Write),
            ("git.clone", Access::DataRead),
            ("git.push", Access::DataWrite),
            ("claude_file_viewed", Access::Read),
            ("org.add_member", Access::Write),
            ("workflows.prepared_workflow_job", Access::Unknown),
            ("personal_access_token.request_denied", Access::Write),
            ("", Access::Unknown),
        ] {
            assert_eq!(by_verb(name), access, "{name}");
        }
        assert!(WRITES.is_sorted() && READS.is_sorted() && DATA_READS.is_sorted() && DATA_WRITES.is_sorted());
    }
}
