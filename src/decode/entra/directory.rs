//! The operations of the directory that weigh by themselves, or that attacks are known by.
//!
//! Sources: "Microsoft Entra audit log categories and activities" (Microsoft) for names and meanings; MITRE ATT&CK Enterprise,
//! cloud matrix, and the rules of Microsoft Sentinel for tactic and technique. Names are compared in small letters and
//! without what is typographic in them: the same activity is written with a dash of either kind, and a space at the end.

use super::super::lookup::{Index, hash};
use crate::event::Sensitivity::{self, Destructive, IamWrite, LogControl, SecretRead};
use crate::event::Tactic::{self, CredentialAccess, DefenseImpairment, Impact, Persistence, PrivilegeEscalation};
use crate::event::{Access, Action, Text};

/// The action that an activity's name makes; `changed` are the names of the properties that it changed.
pub(super) fn action<'a, 'c>(operation: Text<'a>, mut changed: impl Iterator<Item = Text<'c>>) -> Action<'a> {
    const TRUST: [&str; 2] = ["FederatedIdentityCredentials", "KeyDescription"];
    let name = folded(&operation);
    let known = INDEX.find(hash(&name), |row| KNOWN[row].0 == name).map(|row| &KNOWN[row]);
    let trust = changed.any(|property| TRUST.iter().any(|word| property.contains(word)));
    let sensitivity = known.and_then(|known| known.1).or_else(|| trust.then_some(IamWrite));
    let attack = known.and_then(|known| known.2).or_else(|| trust.then_some((Persistence, "T1098.001")));
    Action {
        service: Text::Borrowed("entra"),
        access: access(&name, sensitivity),
        operation,
        sensitivity,
        tactic: attack.map(|(tactic, _)| tactic),
        technique: attack.map(|(_, technique)| Text::Borrowed(technique)),
    }
}

/// Letters and digits in small letters, one space between words.
fn folded(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    for character in name.chars() {
        if character.is_alphanumeric() {
            folded.push(character.to_ascii_lowercase());
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_ascii_end().len());
    folded
}

fn access(name: &str, sensitivity: Option<Sensitivity>) -> Access {
    let first = name.split(' ').next().unwrap_or_default();
    match first {
        _ if sensitivity == Some(IamWrite) => Access::Permissions,
        "get" | "read" | "validate" | "export" | "download" | "evaluate" | "retrieve" => Access::Read,
        "list" => Access::List,
        _ => Access::Write,
    }
}

static INDEX: Index<512> = {
    let mut index = Index::empty();
    let mut row = 0;
    while row < KNOWN.len() {
        index.add(hash(KNOWN[row].0), row);
        row += 1;
    }
    index
};

type Known = (&'static str, Option<Sensitivity>, Option<(Tactic, &'static str)>);

#[rustfmt::skip]
static KNOWN: &[Known] = &[
    ("add a partner cross tenant identity sync setting", Some(IamWrite), Some((Persistence, "T1484.002"))),
    ("add a partner to cross tenant access setting", Some(IamWrite), Some((Persistence, "T1484.002"))),
    ("add app role assignment grant to user", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add app role assignment to group", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add app role assignment to service principal", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add application", Some(IamWrite), Some((Persistence, "T1136.003"))),
    ("add conditional access policy", Some(IamWrite), Some((DefenseImpairment, "T1556.009"))),
    ("add delegated permission grant", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add eligible member to role", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add eligible member to role in pim completed permanent", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add eligible member to role in pim completed timebound", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add eligible member to role in pim requested permanent", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add member to group", Some(IamWrite), Some((Persistence, "T1098"))),
    ("add member to role", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add member to role completed pim activation", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add member to role in pim completed permanent", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add member to role in pim completed timebound", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add member to role in pim requested permanent", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add member to role in pim requested timebound", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add member to role outside of pim permanent", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add member to role pim activation completed", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add owner to application", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add owner to group", Some(IamWrite), Some((Persistence, "T1098"))),
    ("add owner to service principal", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add partner to company", Some(IamWrite), Some((PrivilegeEscalation, "T1484.002"))),
    ("add passkey device bound", Some(IamWrite), Some((Persistence, "T1098.005"))),
    ("add policy", None, Some((DefenseImpairment, "T1556.009"))),
    ("add registered owner to device", Some(IamWrite), Some((Persistence, "T1098.005"))),
    ("add role assignment to role definition", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add role definition", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add scoped member to role", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("add service principal", Some(IamWrite), Some((Persistence, "T1136.003"))),
    ("add service principal credentials", Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("add unverified domain", Some(IamWrite), Some((PrivilegeEscalation, "T1484.002"))),
    ("add user", Some(IamWrite), Some((Persistence, "T1136.003"))),
    ("add verified domain", Some(IamWrite), Some((PrivilegeEscalation, "T1484.002"))),
    ("add windows hello for business credential", Some(IamWrite), Some((Persistence, "T1098.005"))),
    ("added policy", None, Some((DefenseImpairment, "T1556.009"))),
    ("admin deleted security info", Some(IamWrite), Some((Persistence, "T1556.006"))),
    ("admin registered security info", Some(IamWrite), Some((Persistence, "T1098.005"))),
    ("admin registered temporary access pass method for user", Some(IamWrite), Some((Persistence, "T1098.005"))),
    ("admin updated security info", Some(IamWrite), Some((Persistence, "T1098"))),
    ("assigns the caller to user access admin", Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("authentication methods policy update", Some(IamWrite), Some((Persistence, "T1556.006"))),
    ("authentication strength policy update", Some(IamWrite), Some((Persistence, "T1556.006"))),
    ("block user", Some(IamWrite), Some((Impact, "T1531"))),
    ("bulk create users", Some(IamWrite), Some((Persistence, "T1136.003"))),
    ("change user password", Some(IamWrite), Some((Persistence, "T1098"))),
    ("consent to application", Some(IamWrite), Some((CredentialAccess, "T1528"))),
    ("create user", Some(IamWrite), Some((Persistence, "T1136.003"))),
    ("delete application", Some(Destructive), Some((Impact, "T1531"))),
    ("delete authentication method", Some(IamWrite), Some((Persistence, "T1556.006"))),
    ("delete conditional access policy", Some(IamWrite), Some((DefenseImpairment, "T1556.009"))),
    ("delete diagnostic settings", Some(LogControl), Some((DefenseImpairment, "T1562.008"))),
    ("delete group", Some(Destructive), Some((Impact, "T1531"))),
    ("delete named location", Some(IamWrite), Some((DefenseImpairment, "T1556.009"))),
    ("delete policy", Some(IamWrite), Some((DefenseImpairment, "T1556.009"))),
    ("delete role assignment", Some(IamWrite), Some((Impact, "T1531"))),
    ("delete user", Some(IamWrite), Some((Impact, "T1531"))),
    ("disable account", Some(IamWrite), Some((Impact, "T1531"))),
    ("disable security defaults", Some(IamWrite), Some((DefenseImpairment, "T1556.009"))),
    ("disable strong authentication", Some(IamWrite), Some((Persistence, "T1556.006"))),
    ("hard delete application", Some(Destructive), Some((Impact, "T1531"))),
    ("hard delete service principal", Some(Destructive), Some((Impact, "T1531"))),
    ("hard delete user", Some(Destructive), Some((Impact, "T1531"))),
    ("invite external user", Some(IamWrite), Some((Persistence, "T1136.003"))),
    ("invite internal user", Some(IamWrite), Some((Persistence, "T1136.003"))),
    ("read bitlocker key", Some(SecretRead), Some((CredentialAccess, "T1555"))),
    ("recover device local administrator password", Some(SecretRead), Some((CredentialAccess, "T1555"))),
    ("redeem external user invite", Some(IamWrite), Some((Persistence, "T1136.003"))),
    ("register device", Some(IamWrite), Some((Persistence, "T1098.005"))),
    ("remove eligible member from role", Some(IamWrite), Some((Impact, "T1531"))),
    ("remove member from role", Some(IamWrite), Some((Impact, "T1531"))),
    ("remove service principal", Some(Destructive), Some((Impact, "T1531"))),
    ("remove service principal credentials", Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("reset password by admin", Some(IamWrite), Some((Persistence, "T1098"))),
    ("reset password self service", Some(IamWrite), Some((Persistence, "T1098"))),
    ("reset user password", Some(IamWrite), Some((Persistence, "T1098"))),
    ("set domain authentication", Some(IamWrite), Some((PrivilegeEscalation, "T1484.002"))),
    ("set federation settings on domain", Some(IamWrite), Some((PrivilegeEscalation, "T1484.002"))),
    ("update a partner cross tenant access setting", Some(IamWrite), Some((Persistence, "T1484.002"))),
    ("update application certificates and secrets management", Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("update authentication methods policy", Some(IamWrite), Some((Persistence, "T1556.006"))),
    ("update conditional access policy", Some(IamWrite), Some((DefenseImpairment, "T1556.009"))),
    ("update delegated permission grant", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("update domain", Some(IamWrite), Some((PrivilegeEscalation, "T1484.002"))),
    ("update named location", None, Some((DefenseImpairment, "T1556.009"))),
    ("update passwordprofile", Some(IamWrite), Some((Persistence, "T1098"))),
    ("update policy", None, Some((DefenseImpairment, "T1556.009"))),
    ("update role definition", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("update security defaults", None, Some((DefenseImpairment, "T1556.009"))),
    ("updated policy", None, Some((DefenseImpairment, "T1556.009"))),
    ("user deleted security info", Some(IamWrite), Some((Persistence, "T1556.006"))),
    ("user has elevated their access to user access administrator for their azure resources", Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("user registered all required security info", Some(IamWrite), Some((Persistence, "T1098.005"))),
    ("user registered security info", Some(IamWrite), Some((Persistence, "T1098.005"))),
    ("verify domain", Some(IamWrite), Some((PrivilegeEscalation, "T1484.002"))),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_folded() {
        assert!(KNOWN.is_sorted_by(|a, b| a.0 < b.0));
        assert!(KNOWN.iter().all(|(name, ..)| *name == folded(name)));
    }

    #[test]
    fn activities_however_they_are_written() {
        for name in [
            "Update application – Certificates and secrets management ",
            "Update application - certificates and secrets management",
        ] {
            let action = action(name.into(), [].into_iter());
            assert_eq!(
                (action.sensitivity, action.technique.as_deref()),
                (Some(IamWrite), Some("T1098.001")),
                "{name}"
            );
        }
        assert_eq!(
            action("Update application".into(), ["FederatedIdentityCredentials".into()].into_iter()).sensitivity,
            Some(IamWrite)
        );
        assert_eq!(action("Update application".into(), [].into_iter()).sensitivity, None);
        assert_eq!(action("Get tenant details".into(), [].into_iter()).access, Access::Read);
    }
}
