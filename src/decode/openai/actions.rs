//! What OpenAI's audited events do, as far as it matters.
//!
//! Names and meanings: OpenAI API reference, "Audit logs". Which of them weigh, and the tactics, are our judgement.

use super::super::platform_actions::{Row, Table};
use crate::event::Access::{Permissions, Unknown, Write};
use crate::event::Sensitivity::{Destructive, IamWrite};
use crate::event::Tactic::{
    CredentialAccess, DefenseImpairment, Impact, InitialAccess, Persistence, PrivilegeEscalation,
};

/// By name.
pub(super) static TABLE: Table = Table::new(ROWS);

/// In order.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("api_key.created", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("api_key.deleted", Permissions, None, Some((Impact, "T1531"))),
    ("api_key.updated", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.001"))),
    ("certificate.created", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("certificates.activated", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("certificates.deactivated", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1556"))),
    ("checkpoint.permission.created", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098"))),
    ("external_key.registered", Permissions, Some(IamWrite), None),
    ("external_key.removed", Permissions, Some(Destructive), Some((Impact, "T1490"))),
    ("group.created", Permissions, None, None),
    ("group.updated", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098"))),
    ("invite.accepted", Permissions, None, None),
    ("invite.sent", Permissions, Some(IamWrite), Some((Persistence, "T1136.003"))),
    ("ip_allowlist.config.deactivated", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1686.001"))),
    ("ip_allowlist.created", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1686.001"))),
    ("ip_allowlist.deleted", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1686.001"))),
    ("ip_allowlist.updated", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1686.001"))),
    ("login.failed", Unknown, None, Some((CredentialAccess, "T1110"))),
    ("login.succeeded", Unknown, None, Some((InitialAccess, "T1078.004"))),
    ("logout.failed", Unknown, None, None),
    ("logout.succeeded", Unknown, None, None),
    ("organization.updated", Write, None, None),
    ("project.archived", Write, Some(Destructive), Some((Impact, "T1485"))),
    ("project.deleted", Write, Some(Destructive), Some((Impact, "T1485"))),
    ("resource.deleted", Write, Some(Destructive), Some((Impact, "T1485"))),
    ("role.assignment.created", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("role.assignment.deleted", Permissions, None, None),
    ("role.created", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("role.updated", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("scim.disabled", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1556"))),
    ("scim.enabled", Permissions, Some(IamWrite), Some((Persistence, "T1556"))),
    ("service_account.created", Permissions, Some(IamWrite), Some((Persistence, "T1136.003"))),
    ("service_account.updated", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098"))),
    ("user.added", Permissions, Some(IamWrite), Some((Persistence, "T1098"))),
    ("user.deleted", Permissions, None, Some((Impact, "T1531"))),
    ("user.updated", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098"))),
];

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_in_order() {
        assert!(super::super::super::platform_actions::is_sorted(super::ROWS));
    }
}
