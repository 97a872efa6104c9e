//! Google Workspace's events that known attacks use: a table, compiled in.
//!
//! Tactics and techniques by ATT&CK's matrices for SaaS and identity providers (version 19); the classes of sensitivity are
//! our own judgement. Absent on purpose, because people do it all day: sharing and downloading documents.

use super::super::attack::{Row, Table};
use crate::event::{Sensitivity, Tactic};

use Sensitivity::{Destructive, IamWrite};
use Tactic::{Collection, CredentialAccess, DefenseImpairment, Exfiltration, Impact, Persistence, PrivilegeEscalation};

/// The events, by application and name.
pub static TABLE: Table = Table::new(ATTACKS);

/// Every event, in order.
const ATTACKS: &[Row] = &[
    ("admin", "ADD_APPLICATION", Some(IamWrite), Persistence, "T1671"),
    ("admin", "ADD_GROUP_MEMBER", Some(IamWrite), Persistence, "T1098"),
    ("admin", "ADD_PRIVILEGE", Some(IamWrite), PrivilegeEscalation, "T1098.003"),
    ("admin", "ADD_TRUSTED_DOMAINS", Some(IamWrite), PrivilegeEscalation, "T1484.002"),
    ("admin", "ASSIGN_ROLE", Some(IamWrite), PrivilegeEscalation, "T1098.003"),
    ("admin", "AUTHORIZE_API_CLIENT_ACCESS", Some(IamWrite), Persistence, "T1098.003"),
    ("admin", "CHANGE_PASSWORD", Some(IamWrite), Persistence, "T1098"),
    ("admin", "CHANGE_SSO_SETTINGS", Some(IamWrite), Persistence, "T1556.007"),
    ("admin", "CREATE_DATA_TRANSFER_REQUEST", None, Exfiltration, "T1537"),
    ("admin", "CREATE_EMAIL_MONITOR", None, Collection, "T1114.003"),
    ("admin", "CREATE_ROLE", Some(IamWrite), PrivilegeEscalation, "T1098.003"),
    ("admin", "CREATE_USER", Some(IamWrite), Persistence, "T1136.003"),
    ("admin", "CUSTOMER_TAKEOUT_CREATED", None, Exfiltration, "T1567"),
    ("admin", "DELETE_USER", Some(Destructive), Impact, "T1531"),
    ("admin", "ENFORCE_STRONG_AUTHENTICATION", None, DefenseImpairment, "T1556.006"),
    ("admin", "GRANT_ADMIN_PRIVILEGE", Some(IamWrite), PrivilegeEscalation, "T1098.003"),
    ("admin", "GRANT_DELEGATED_ADMIN_PRIVILEGES", Some(IamWrite), PrivilegeEscalation, "T1098.003"),
    ("admin", "SUSPEND_USER", None, Impact, "T1531"),
    ("admin", "TOGGLE_SSO_ENABLED", Some(IamWrite), Persistence, "T1556.007"),
    ("admin", "TURN_OFF_2_STEP_VERIFICATION", Some(IamWrite), Persistence, "T1556.006"),
    ("admin", "UNENROLL_USER_FROM_STRONG_AUTH", Some(IamWrite), Persistence, "T1556.006"),
    ("admin", "UPDATE_ROLE", Some(IamWrite), PrivilegeEscalation, "T1098.003"),
    ("login", "2sv_disable", Some(IamWrite), Persistence, "T1556.006"),
    ("login", "email_forwarding_out_of_domain", None, Collection, "T1114.003"),
    ("login", "login_failure", None, CredentialAccess, "T1110"),
    ("token", "authorize", None, Persistence, "T1671"),
    ("user_accounts", "2sv_disable", Some(IamWrite), Persistence, "T1556.006"),
    ("user_accounts", "email_forwarding_out_of_domain", None, Collection, "T1114.003"),
    ("user_accounts", "password_edit", None, Persistence, "T1098"),
    ("user_accounts", "recovery_email_edit", None, Persistence, "T1098"),
    ("user_accounts", "recovery_phone_edit", None, Persistence, "T1098"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(ATTACKS.is_sorted_by(|a, b| (a.0, a.1) < (b.0, b.1)));
    }
}
