//! What was done: the service behind an operation, and what the operation does.
//!
//! Three kinds of name: `Microsoft.Storage/storageAccounts/listKeys/action` of the resource manager, `SecretGet` of Key
//! Vault, `GetBlob` of storage. The operation stays as the log writes it; everything else looks at it in small letters.

use super::super::text::{is, last_part, segments, split_first, split_last};
use super::actor::lower;
use super::known;
use crate::event::{Access, Action, Sensitivity, Tactic, Text};

/// The action that an operation's name, and the resource that it was called on, make.
pub(in crate::decode) fn action<'a>(operation: Text<'a>, resource: Option<&str>) -> Action<'a> {
    let name = lower(Text::Borrowed(operation.trim()));
    let known = known::find(&name);
    let hands_out = known.is_none() && hands_out_secrets(&name);
    let sensitivity = known.and_then(|known| known.1).or_else(|| hands_out.then_some(Sensitivity::SecretRead));
    let attack = known.and_then(|known| known.2).or(hands_out.then_some((Tactic::CredentialAccess, "T1552")));
    Action {
        service: service(&name, resource),
        access: access(&name),
        operation,
        sensitivity,
        tactic: attack.map(|(tactic, _)| tactic),
        technique: attack.map(|(_, technique)| Text::Borrowed(technique)),
    }
}

/// The provider's name without `microsoft.`: of the operation, else of the resource.
fn service(operation: &str, resource: Option<&str>) -> Text<'static> {
    let of_resource = || {
        let provider = provider_of(resource?)?.to_ascii_lowercase();
        Some(short(&provider).to_owned())
    };
    // Some services call an operation by the address of the request.
    let provider = split_first(operation, b'/').map(|(provider, _)| provider).filter(|it| !it.contains(':'));
    let named = provider.map(|provider| short(provider).to_owned());
    let found = named.or_else(of_resource).filter(|service| !service.is_empty());
    let unnamed = || Text::Borrowed(if operation.contains("blob") { "storage" } else { "azure" });
    found.map_or_else(unnamed, Text::Owned)
}

/// What stands behind the last `/providers/` of a resource's path.
fn provider_of(path: &str) -> Option<&str> {
    let mut parts = segments(path, b'/').skip(1).peekable();
    let mut found = None;
    while let Some(part) = parts.next() {
        if is(part.as_bytes(), b"providers") {
            found = parts.peek().copied().or(found);
        }
    }
    found
}

fn short(provider: &str) -> &str {
    provider.strip_prefix("microsoft.").unwrap_or(provider)
}

/// What an operation in small letters does to its target.
fn access(operation: &str) -> Access {
    match split_last(operation, b'/') {
        Some((front, "read")) => {
            if front.ends_with("/providers") {
                Access::List
            } else {
                Access::Read
            }
        }
        Some((front, "write" | "delete")) => change(front),
        Some((front, "action")) => by_verb(last_part(front, b'/')),
        Some(_) => Access::Unknown,
        None => of_data(operation),
    }
}

fn change(resource: &str) -> Access {
    let permissions = [
        "microsoft.authorization/role",
        "microsoft.authorization/elevate",
        "microsoft.authorization/deny",
        "microsoft.managedservices/",
    ];
    if resource.ends_with("/tags") {
        Access::Tagging
    } else if permissions.iter().any(|front| resource.starts_with(front)) || resource.ends_with("/accesspolicies") {
        Access::Permissions
    } else {
        Access::Write
    }
}

/// What the verb of an operation that ends in `/action` says.
fn by_verb(verb: &str) -> Access {
    let begins = |words: &[&str]| words.iter().any(|word| verb.starts_with(word));
    if begins(&["elevateaccess", "assign"]) {
        Access::Permissions
    } else if begins(&["list"]) || verb == "publishxml" || verb == "sharedkeys" {
        if is_secrets(verb) { Access::Read } else { Access::List }
    } else if begins(&["getsecret", "begingetaccess", "export", "retrieve", "download"]) {
        Access::DataRead
    } else if begins(&[
        "get",
        "check",
        "validate",
        "query",
        "search",
        "read",
        "whatif",
        "preview",
        "available",
        "audit",
    ]) {
        Access::Read
    } else {
        Access::Write
    }
}

/// Whether an operation answers with keys, connection strings and the like: `listKeys`, `listConnectionStrings`,
/// `listAccountSas`, `listAdminKeys`, `listPublishingCredentials` …
fn hands_out_secrets(operation: &str) -> bool {
    let Some(front) = operation.strip_suffix("/action") else { return false };
    is_secrets(last_part(front, b'/'))
}

fn is_secrets(verb: &str) -> bool {
    let secrets = ["key", "secret", "credential", "connectionstring", "sas", "token", "callbackurl"];
    verb.starts_with("list") && secrets.iter().any(|secret| verb.contains(secret))
}

/// What an operation on data does: `SecretGet`, `KeySign`, `GetBlob`, `ListContainers`, `PutBlockList`, `Pull` of an image,
/// `ChatCompletions_Create` of a model that is asked.
fn of_data(operation: &str) -> Access {
    let begins = |words: &[&str]| words.iter().any(|word| operation.starts_with(word));
    let ends = |words: &[&str]| words.iter().any(|word| operation.ends_with(word));
    if begins(&["secret", "key", "certificate", "vault", "storageaccount", "sasdefinition", "managedhsm"]) {
        return of_vault(operation, ends);
    }
    if ends(&["acl", "policy"]) && begins(&["set"]) || operation == "getuserdelegationkey" {
        return Access::Permissions;
    }
    if begins(&["list"]) || ends(&["list"]) && begins(&["get"]) && !operation.contains("block") {
        return Access::List;
    }
    let about = ["properties", "metadata", "acl", "tags", "stats", "policy", "accountinfo", "info", "ranges"];
    match operation {
        _ if begins(&["get", "peek", "query", "read", "head"]) => {
            if about.iter().any(|word| operation.ends_with(word)) { Access::Read } else { Access::DataRead }
        }
        "pull" => Access::DataRead,
        "push" | "untag" | "purge" => Access::DataWrite,
        _ if ends(&["completions_create", "embeddings_create", "responses_create"]) => Access::DataRead,
        _ if begins(&["set"]) && ends(&["tags"]) => Access::Tagging,
        _ if begins(&["set"]) => Access::Write,
        _ if begins(&[
            "put", "append", "copy", "delete", "create", "undelete", "update", "insert", "merge", "clear",
        ]) =>
        {
            if ends(&["container", "share", "queue", "table", "filesystem"]) {
                Access::Write
            } else {
                Access::DataWrite
            }
        }
        _ => Access::Unknown,
    }
}

fn of_vault(operation: &str, ends: impl Fn(&[&str]) -> bool) -> Access {
    if operation.starts_with("vault") && ends(&["get", "list"]) || operation == "vaultlist" {
        Access::Read
    } else if ends(&["list", "listversions", "listdeleted"]) {
        Access::List
    } else if ends(&["get", "backup", "decrypt", "unwrap", "sign", "export", "verify", "encrypt", "wrap"]) {
        Access::DataRead
    } else if operation.contains("accesspolicy") {
        Access::Permissions
    } else if operation.starts_with("vault") {
        Access::Write
    } else if ends(&["set", "create", "import", "delete", "purge", "recover", "restore", "update", "rotate", "merge"]) {
        Access::DataWrite
    } else {
        Access::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_of_all_three_kinds() {
        let of = |operation: &'static str, resource| {
            let action = action(operation.into(), resource);
            (action.service.into_owned(), action.access, action.sensitivity)
        };
        let vault = Some("/SUBSCRIPTIONS/S/RESOURCEGROUPS/R/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/V");
        for (operation, resource, service, access, sensitivity) in [
            (
                "Microsoft.Storage/storageAccounts/listKeys/action",
                None,
                "storage",
                Access::Read,
                Some(Sensitivity::SecretRead),
            ),
            (
                "MICROSOFT.AUTHORIZATION/ROLEASSIGNMENTS/WRITE",
                None,
                "authorization",
                Access::Permissions,
                Some(Sensitivity::IamWrite),
            ),
            ("Microsoft.Compute/virtualMachines/read", None, "compute", Access::Read, None),
            ("Microsoft.Compute/virtualMachines/start/action", None, "compute", Access::Write, None),
            ("Microsoft.Resources/tags/write", None, "resources", Access::Tagging, None),
            ("SecretGet", vault, "keyvault", Access::DataRead, Some(Sensitivity::SecretRead)),
            ("SecretList", vault, "keyvault", Access::List, None),
            ("VaultGet", vault, "keyvault", Access::Read, None),
            ("KeySign", vault, "keyvault", Access::DataRead, None),
            ("GetBlob", None, "storage", Access::DataRead, None),
            ("ListBlobs", None, "storage", Access::List, None),
            ("GetBlobProperties", None, "storage", Access::Read, None),
            ("PutBlob", None, "storage", Access::DataWrite, None),
            ("Pull", None, "azure", Access::DataRead, None),
            ("ChatCompletions_Create", None, "azure", Access::DataRead, None),
            ("Microsoft.Authorization/policies/audit/action", None, "authorization", Access::Read, None),
            ("Whatever", None, "azure", Access::Unknown, None),
        ] {
            assert_eq!(of(operation, resource), (service.to_owned(), access, sensitivity), "{operation}");
        }
    }
}
