//! What Anthropic's activities do, as far as it matters.
//!
//! Names and meanings: Claude Docs, "Compliance API", "List compliance activities". Which of them weigh, and the tactics, are our
//! judgement, by what panther-analysis looks for.

use super::super::platform_actions::{Row, Table};
use crate::event::Access::{DataRead, DataWrite, Permissions, Unknown, Write};
use crate::event::Sensitivity::{Destructive, IamWrite};
use crate::event::Tactic::{
    Collection, CredentialAccess, DefenseImpairment, Exfiltration, Impact, InitialAccess, Persistence,
    PrivilegeEscalation,
};

/// By name.
pub(super) static TABLE: Table = Table::new(ROWS);

/// In order.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("account_deleted", Permissions, None, Some((Impact, "T1531"))),
    ("admin_api_key_created", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("admin_api_key_deleted", Permissions, None, Some((Impact, "T1531"))),
    ("admin_api_key_updated", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("api_key_created", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("audit_log_export_started", DataRead, None, Some((Collection, "T1213"))),
    ("claude_artifact_sharing_updated", Permissions, None, Some((Exfiltration, "T1567"))),
    ("claude_chat_access_failed", DataRead, None, Some((Collection, "T1213"))),
    ("claude_chat_created", DataWrite, None, None),
    ("claude_chat_deleted", DataWrite, None, None),
    ("claude_chat_updated", DataWrite, None, None),
    ("claude_chat_viewed", DataRead, None, None),
    ("claude_file_access_failed", DataRead, None, Some((Collection, "T1213"))),
    ("claude_file_deleted", DataWrite, None, None),
    ("claude_file_uploaded", DataWrite, None, None),
    ("claude_file_viewed", DataRead, None, None),
    ("claude_organization_settings_updated", Write, Some(IamWrite), Some((PrivilegeEscalation, "T1484"))),
    ("claude_project_deleted", DataWrite, Some(Destructive), Some((Impact, "T1485"))),
    ("claude_project_document_uploaded", DataWrite, None, None),
    ("claude_project_sharing_updated", Permissions, None, Some((Exfiltration, "T1567"))),
    ("claude_project_viewed", DataRead, None, None),
    ("claude_user_settings_updated", Write, None, None),
    ("compliance_api_accessed", DataRead, None, Some((Collection, "T1213"))),
    ("integration_user_connected", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("magic_link_login_failed", Unknown, None, Some((CredentialAccess, "T1110"))),
    ("magic_link_login_succeeded", Unknown, None, Some((InitialAccess, "T1078.004"))),
    ("mcp_server_created", Permissions, Some(IamWrite), Some((Persistence, "T1546"))),
    ("mcp_server_deleted", Write, None, None),
    ("mcp_server_updated", Permissions, Some(IamWrite), Some((Persistence, "T1546"))),
    ("org_data_export_completed", DataRead, None, Some((Exfiltration, "T1537"))),
    ("org_data_export_started", DataRead, None, Some((Exfiltration, "T1537"))),
    ("org_domain_add_initiated", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1484.002"))),
    ("org_domain_verified", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1484.002"))),
    ("org_ip_restriction_created", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1686.001"))),
    ("org_ip_restriction_deleted", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1686.001"))),
    ("org_ip_restriction_updated", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1686.001"))),
    ("org_sso_connection_activated", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1484.002"))),
    ("org_sso_connection_deactivated", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1556"))),
    ("org_sso_toggled", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1556"))),
    ("org_user_deleted", Permissions, None, Some((Impact, "T1531"))),
    ("org_user_invite_sent", Permissions, Some(IamWrite), Some((Persistence, "T1136.003"))),
    ("platform_api_key_created", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("platform_spend_limit_created", Write, None, None),
    ("platform_spend_limit_deleted", Write, None, Some((Impact, "T1496"))),
    ("primary_owner_transferred", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("role_assignment_granted", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("role_assignment_revoked", Permissions, None, None),
    ("service_account_created", Permissions, Some(IamWrite), Some((Persistence, "T1136.003"))),
    ("service_key_created", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("service_key_revoked", Permissions, None, None),
    ("session_revoked", Permissions, None, None),
    ("social_login_succeeded", Unknown, None, Some((InitialAccess, "T1078.004"))),
    ("sso_login_failed", Unknown, None, Some((CredentialAccess, "T1110"))),
    ("sso_login_initiated", Unknown, None, None),
    ("sso_login_succeeded", Unknown, None, Some((InitialAccess, "T1078.004"))),
    ("user_logged_out", Unknown, None, None),
    ("user_role_updated", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
];

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_in_order() {
        assert!(super::super::super::platform_actions::is_sorted(super::ROWS));
    }
}
