//! What Okta's events do, as far as it matters.
//!
//! Names and meanings: Okta Developer, "Event types". Which of them weigh, and the tactics, are our judgement, by Okta's own detection
//! catalogue and what panther-analysis, Sigma and the reports on the attacks of 2022–2023 (LAPSUS$, Scattered Spider) look for.

use super::super::platform_actions::{Row, Table};
use crate::event::Access::{Permissions, Read, Unknown, Write};
use crate::event::Sensitivity::{Destructive, IamWrite, LogControl, SecretRead};
use crate::event::Tactic::{
    CredentialAccess, DefenseImpairment, Impact, InitialAccess, LateralMovement, Persistence, PrivilegeEscalation,
};

/// By name.
pub(super) static TABLE: Table = Table::new(ROWS);

/// In order.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("app.access_request.approver.approve", Permissions, None, None),
    ("app.generic.unauth_app_access_attempt", Unknown, None, Some((LateralMovement, "T1550.001"))),
    ("app.oauth2.as.authorize.code", Unknown, None, None),
    ("app.oauth2.as.consent.grant", Permissions, None, Some((Persistence, "T1098.001"))),
    ("app.oauth2.as.token.grant", Unknown, None, None),
    ("app.oauth2.as.token.grant.access_token", Unknown, None, None),
    ("app.oauth2.as.token.grant.id_token", Unknown, None, None),
    ("app.oauth2.as.token.grant.refresh_token", Unknown, None, None),
    ("app.oauth2.authorize.code", Unknown, None, None),
    ("app.oauth2.client.lifecycle.create", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("app.oauth2.client.privilege.grant", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("app.oauth2.client_id_rate_limit_warning", Unknown, None, None),
    ("app.oauth2.credentials.lifecycle.activate", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("app.oauth2.credentials.lifecycle.create", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("app.oauth2.token.detect_reuse", Unknown, None, Some((CredentialAccess, "T1528"))),
    ("app.oauth2.token.grant", Unknown, None, None),
    ("app.oauth2.token.grant.access_token", Unknown, None, None),
    ("app.oauth2.token.grant.id_token", Unknown, None, None),
    ("app.oauth2.token.grant.refresh_token", Unknown, None, None),
    ("application.lifecycle.create", Write, None, None),
    ("application.lifecycle.delete", Write, Some(Destructive), Some((Impact, "T1531"))),
    ("application.policy.sign_on.deny_access", Unknown, None, None),
    ("application.policy.sign_on.update", Permissions, Some(IamWrite), Some((Persistence, "T1556"))),
    ("application.provision.user.import", Write, None, None),
    ("application.user_membership.add", Permissions, None, Some((PrivilegeEscalation, "T1098"))),
    ("application.user_membership.remove", Permissions, None, None),
    ("application.user_membership.show_password", Read, Some(SecretRead), Some((CredentialAccess, "T1555"))),
    ("device.enrollment.create", Write, None, None),
    ("event_hook.created", Write, None, None),
    ("group.privilege.grant", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("group.privilege.revoke", Permissions, None, None),
    ("group.user_membership.add", Permissions, None, Some((PrivilegeEscalation, "T1098"))),
    ("group.user_membership.remove", Permissions, None, None),
    ("iam.resourceset.bindings.add", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("iam.resourceset.create", Permissions, Some(IamWrite), None),
    ("iam.role.create", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("iam.role.update", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("log_stream.lifecycle.deactivate", Write, Some(LogControl), Some((DefenseImpairment, "T1685.002"))),
    ("log_stream.lifecycle.delete", Write, Some(LogControl), Some((DefenseImpairment, "T1685.002"))),
    ("network_zone.rule.disabled", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1686.001"))),
    ("policy.lifecycle.create", Permissions, Some(IamWrite), Some((Persistence, "T1556"))),
    ("policy.lifecycle.deactivate", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1556"))),
    ("policy.lifecycle.delete", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1556"))),
    ("policy.lifecycle.update", Permissions, Some(IamWrite), Some((Persistence, "T1556"))),
    ("policy.rule.add", Permissions, Some(IamWrite), Some((Persistence, "T1556"))),
    ("policy.rule.deactivate", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1556"))),
    ("policy.rule.delete", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1556"))),
    ("policy.rule.update", Permissions, Some(IamWrite), Some((Persistence, "T1556"))),
    ("security.threat.configuration.update", Write, Some(LogControl), Some((DefenseImpairment, "T1685"))),
    ("security.threat.detected", Unknown, None, Some((CredentialAccess, "T1110"))),
    ("support.org.update", Permissions, Some(IamWrite), None),
    ("system.agent.ad.create", Write, Some(IamWrite), Some((Persistence, "T1556"))),
    ("system.api_token.create", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("system.api_token.enable", Permissions, Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("system.api_token.revoke", Permissions, None, None),
    ("system.idp.lifecycle.activate", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1484.002"))),
    ("system.idp.lifecycle.create", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1484.002"))),
    ("system.idp.lifecycle.update", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1484.002"))),
    ("system.import.complete", Write, None, None),
    ("system.log_stream.lifecycle.deactivate", Write, Some(LogControl), Some((DefenseImpairment, "T1685.002"))),
    ("system.log_stream.lifecycle.delete", Write, Some(LogControl), Some((DefenseImpairment, "T1685.002"))),
    ("system.mfa.factor.deactivate", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1556.006"))),
    ("system.org.rate_limit.violation", Unknown, None, None),
    ("system.org.rate_limit.warning", Unknown, None, None),
    ("user.account.access_super_user_app", Unknown, None, None),
    ("user.account.lock", Unknown, None, Some((CredentialAccess, "T1110"))),
    ("user.account.privilege.grant", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("user.account.privilege.revoke", Permissions, None, None),
    ("user.account.report_suspicious_activity_by_enduser", Unknown, None, None),
    ("user.account.reset_password", Permissions, Some(IamWrite), Some((Persistence, "T1098"))),
    ("user.account.unlock_by_admin", Permissions, None, None),
    ("user.account.update_password", Permissions, Some(IamWrite), Some((Persistence, "T1098"))),
    ("user.account.update_primary_email", Permissions, Some(IamWrite), Some((Persistence, "T1098"))),
    ("user.authentication.auth_via_mfa", Unknown, None, None),
    ("user.authentication.sso", Unknown, None, Some((LateralMovement, "T1550.001"))),
    ("user.lifecycle.activate", Permissions, None, None),
    ("user.lifecycle.create", Permissions, Some(IamWrite), Some((Persistence, "T1136.003"))),
    ("user.lifecycle.deactivate", Permissions, None, Some((Impact, "T1531"))),
    ("user.lifecycle.delete.initiated", Permissions, Some(Destructive), Some((Impact, "T1531"))),
    ("user.lifecycle.suspend", Permissions, None, Some((Impact, "T1531"))),
    ("user.mfa.attempt_bypass", Unknown, None, Some((CredentialAccess, "T1556.006"))),
    ("user.mfa.factor.activate", Permissions, Some(IamWrite), Some((Persistence, "T1556.006"))),
    ("user.mfa.factor.deactivate", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1556.006"))),
    ("user.mfa.factor.reset_all", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1556.006"))),
    ("user.mfa.factor.suspend", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1556.006"))),
    ("user.mfa.factor.update", Permissions, Some(IamWrite), Some((Persistence, "T1556.006"))),
    ("user.mfa.okta_verify.deny_push", Unknown, None, None),
    ("user.session.access_admin_app", Unknown, None, None),
    ("user.session.clear", Write, None, None),
    ("user.session.end", Unknown, None, None),
    ("user.session.impersonation.grant", Permissions, Some(IamWrite), Some((PrivilegeEscalation, "T1098"))),
    ("user.session.impersonation.initiate", Unknown, Some(IamWrite), Some((PrivilegeEscalation, "T1098"))),
    ("user.session.start", Unknown, None, Some((InitialAccess, "T1078.004"))),
    ("zone.create", Write, None, None),
    ("zone.deactivate", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1686.001"))),
    ("zone.delete", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1686.001"))),
    ("zone.make_blacklist", Write, None, None),
    ("zone.remove_blacklist", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1686.001"))),
    ("zone.update", Permissions, Some(IamWrite), Some((DefenseImpairment, "T1686.001"))),
];

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_in_order() {
        assert!(super::super::super::platform_actions::is_sorted(super::ROWS));
    }
}
