//! Logs that are read by a mapping: the type of actor may be a kind itself, a mail address is a person's, and providers whose
//! mappings ship with nhiwatch name their actors in ways of their own.
//!
//! Sources: "Auth methods" of Vault's manual (a token's display name is `<mount>-<name>`: `userpass-ann`, `approle`; of a token
//! made by another `token-<name>`); "Common schema" and "UserId" of the Office 365 Management Activity API.

use super::account;
use crate::event::{Event, Kind};
use crate::identity::kind::{Verdict, is_mail};

/// Vault's auth methods by which people sign in.
const PEOPLE: [&str; 8] = ["userpass", "ldap", "oidc", "okta", "github", "radius", "kerberos", "saml"];

/// Vault's auth methods by which a platform vouches for what it runs.
const PLATFORMS: [&str; 9] = ["kubernetes", "jwt", "aws", "gcp", "azure", "alicloud", "oci", "cf", "spiffe"];

/// What leaves no doubt.
pub(super) fn certain(event: &Event<'_>) -> Option<Verdict> {
    if let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.name() == event.actor.class) {
        return Some((kind, "the mapping of its log says so"));
    }
    let name = &*event.actor.name;
    match &*event.provider {
        "vault" => {
            let (method, name) = name.split_once('-')?;
            PEOPLE.contains(&method).then(|| account(name, "signed in by a method for people"))
        }
        "confluent" => of_confluent(name.strip_prefix("User:").unwrap_or(name)),
        "microsoft365" if of_microsoft(name) => Some((Kind::CloudService, "a service of Microsoft's own")),
        "microsoft365" if name.starts_with("ServicePrincipal_") => Some((Kind::ServiceAccount, "a service principal")),
        "microsoft365" if name.starts_with("Sync_") => {
            Some((Kind::ServiceAccount, "the account of Entra Connect's synchronisation"))
        }
        _ => None,
    }
}

/// Where the name said nothing.
pub(super) fn otherwise(event: &Event<'_>) -> Option<Verdict> {
    let name = &*event.actor.name;
    let method = name.split('-').next().filter(|_| event.provider == "vault").unwrap_or_default();
    if name.ends_with(".gserviceaccount.com") {
        return Some((Kind::ServiceAccount, "a service account of Google Cloud"));
    }
    if PLATFORMS.contains(&method) {
        return Some((Kind::Workload, "signed in by a platform's word for it"));
    }
    match (&*event.provider, &*event.actor.class) {
        ("microsoft365", "3" | "DcAdmin" | "8" | "SystemPolicy") => {
            return Some((Kind::CloudService, "a service of Microsoft's own"));
        }
        ("microsoft365", "5" | "Application") if !is_mail(name) => {
            return Some((Kind::ServiceAccount, "the log calls it an application"));
        }
        ("microsoft365", "6" | "ServicePrincipal") => return Some((Kind::ServiceAccount, "a service principal")),
        _ => {}
    }
    if matches!(method, "approle" | "cert") {
        return Some((Kind::ServiceAccount, "signed in by a method for programs"));
    }
    is_mail(name).then(|| account(name, "named by a mail address"))
}

/// What the front of a resource's id says ("Principals", Confluent Cloud); Kafka's own principals have names of any form.
fn of_confluent(name: &str) -> Option<Verdict> {
    match name.split_once('-')?.0 {
        "sa" => Some((Kind::ServiceAccount, "a service account of Confluent Cloud")),
        "u" => Some((Kind::Human, "a user of Confluent Cloud")),
        "pool" => Some((Kind::Workload, "an identity pool, for workloads elsewhere")),
        _ => None,
    }
}

/// Whether a user of Microsoft 365's audit log is one of its own systems.
fn of_microsoft(name: &str) -> bool {
    name.ends_with("app@sharepoint")
        || name.starts_with("NT AUTHORITY\\")
        || name.starts_with("fim_password_service@")
        || matches!(name, "SHAREPOINT\\system" | "S-1-5-18" | "SecurityComplianceAlerts")
}
