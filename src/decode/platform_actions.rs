//! What platforms' actions do: by a table for those that matter, else by the verb in the name.
//!
//! In: an action's name as its log gives it (`repo.add_member`, `user.account.privilege.grant`, `admin_api_key_created`). Out:
//! an [`Action`]. The tables belong to the sources; the verbs are those that GitHub, Okta, OpenAI and Anthropic share.

use crate::event::{Access, Action, Sensitivity, Tactic, Text};

/// An action of which more is known than its verb: its name, what it does, whether its first use weighs by itself, and the
/// ATT&CK (version 19) tactic and technique that it serves in known attacks.
pub(super) type Row = (&'static str, Access, Option<Sensitivity>, Option<(Tactic, &'static str)>);

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
pub(super) fn action<'a>(service: Text<'a>, operation: Text<'a>, rows: &[Row], otherwise: Access) -> Action<'a> {
    let known = find(rows, &operation);
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

fn find<'r>(rows: &'r [Row], operation: &str) -> Option<&'r Row> {
    rows.binary_search_by(|row| row.0.cmp(operation)).ok().map(|at| &rows[at])
}

/// What the last verb in a name says. Names are cut after their first 256 bytes: none is longer.
pub(super) fn by_verb(operation: &str) -> Access {
    let end = operation.len().min(256);
    let words = operation.as_bytes()[..end].rsplit(|byte| !byte.is_ascii_alphanumeric());
    let said = words.map(|word| std::str::from_utf8(word).unwrap_or_default()).map(verb);
    said.into_iter().find(|access| *access != Access::Unknown).unwrap_or(Access::Unknown)
}

fn verb(word: &str) -> Access {
    let kinds: [(&[&str], Access); 4] = [
        (&READS, Access::Read),
        (&DATA_READS, Access::DataRead),
        (&DATA_WRITES, Access::DataWrite),
        (&WRITES, Access::Write),
    ];
    let found = kinds.into_iter().find(|(verbs, _)| verbs.iter().any(|verb| is_form_of(word, verb)));
    found.map_or(Access::Unknown, |(_, access)| access)
}

/// Whether a word is a verb, or its past: `create` and `created`, `add` and `added`.
fn is_form_of(word: &str, verb: &str) -> bool {
    let end = word.strip_prefix(verb);
    matches!(end, Some("" | "d" | "ed"))
        || match word {
            "ran" => verb == "run",
            "sent" => verb == "send",
            "denied" => verb == "deny",
            "verified" => verb == "verify",
            "modified" => verb == "modify",
            "queried" => verb == "query",
            _ => false,
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
