//! The operations of Azure that weigh by themselves, or that attacks are known by.
//!
//! Sources: "Azure resource provider operations" and "Azure Key Vault logging" (Microsoft) for names and meanings; MITRE ATT&CK
//! Enterprise, cloud matrix, the "Azure Threat Research Matrix" (Microsoft) and the rules of Microsoft Sentinel for tactic
//! and technique. Names are in small letters, since the ways of export spell them each in their own; the table is sorted.

use super::super::lookup::{Index, hash};
use crate::event::Sensitivity::{self, Destructive, IamWrite, LogControl, SecretRead};
use crate::event::Tactic::{
    self, Collection, CredentialAccess, DefenseImpairment, Execution, Exfiltration, Impact, LateralMovement,
    Persistence, PrivilegeEscalation,
};

/// An operation, its class, and the tactic and technique of attacks that use it.
pub(super) type Known = (&'static str, Option<Sensitivity>, Option<(Tactic, &'static str)>);

/// What is known of an operation whose name is in small letters.
pub(super) fn find(operation: &str) -> Option<&'static Known> {
    INDEX.find(hash(operation), |row| KNOWN[row].0 == operation).map(|row| &KNOWN[row])
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

#[rustfmt::skip]
static KNOWN: [Known; 142] = [
    ("certificatebackup", Some(SecretRead), Some((CredentialAccess, "T1555.006"))),
    ("certificatedelete", Some(Destructive), Some((Impact, "T1485"))),
    ("certificatepurge", Some(Destructive), Some((Impact, "T1485"))),
    ("deletecontainer", Some(Destructive), Some((Impact, "T1485"))),
    ("getuserdelegationkey", Some(SecretRead), Some((CredentialAccess, "T1552"))),
    ("keybackup", Some(SecretRead), Some((CredentialAccess, "T1555.006"))),
    ("keydelete", Some(Destructive), Some((Impact, "T1485"))),
    ("keypurge", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.authorization/elevateaccess/action", Some(IamWrite), Some((PrivilegeEscalation, "T1098.003"))),
    ("microsoft.authorization/locks/delete", Some(Destructive), Some((DefenseImpairment, "T1562.001"))),
    ("microsoft.authorization/policyassignments/delete", Some(LogControl), Some((DefenseImpairment, "T1562.001"))),
    ("microsoft.authorization/policydefinitions/delete", Some(LogControl), Some((DefenseImpairment, "T1562.001"))),
    ("microsoft.authorization/policyexemptions/write", Some(LogControl), Some((DefenseImpairment, "T1562.001"))),
    ("microsoft.authorization/roleassignments/delete", Some(IamWrite), Some((Impact, "T1531"))),
    ("microsoft.authorization/roleassignments/write", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("microsoft.authorization/roleassignmentschedulerequests/write", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("microsoft.authorization/roledefinitions/delete", Some(IamWrite), None),
    ("microsoft.authorization/roledefinitions/write", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("microsoft.authorization/roleeligibilityschedulerequests/write", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("microsoft.automation/automationaccounts/jobs/write", None, Some((Execution, "T1648"))),
    ("microsoft.automation/automationaccounts/runbooks/draft/write", None, Some((Execution, "T1648"))),
    ("microsoft.automation/automationaccounts/runbooks/publish/action", None, Some((Execution, "T1648"))),
    ("microsoft.automation/automationaccounts/runbooks/write", None, Some((Execution, "T1648"))),
    ("microsoft.automation/automationaccounts/schedules/write", None, Some((Persistence, "T1053"))),
    ("microsoft.automation/automationaccounts/webhooks/action", None, Some((Persistence, "T1546"))),
    ("microsoft.automation/automationaccounts/webhooks/write", None, Some((Persistence, "T1546"))),
    ("microsoft.classiccompute/virtualmachines/downloadremotedesktopconnectionfile/action", None, Some((LateralMovement, "T1021.007"))),
    ("microsoft.compute/disks/begingetaccess/action", None, Some((Exfiltration, "T1537"))),
    ("microsoft.compute/disks/delete", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.compute/galleries/applications/versions/write", None, Some((Execution, "T1072"))),
    ("microsoft.compute/restorepointcollections/delete", Some(Destructive), Some((Impact, "T1490"))),
    ("microsoft.compute/restorepointcollections/restorepoints/retrievesasuris/action", None, Some((Exfiltration, "T1537"))),
    ("microsoft.compute/snapshots/begingetaccess/action", None, Some((Exfiltration, "T1537"))),
    ("microsoft.compute/snapshots/delete", Some(Destructive), Some((Impact, "T1490"))),
    ("microsoft.compute/virtualmachines/delete", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.compute/virtualmachines/extensions/write", None, Some((Execution, "T1651"))),
    ("microsoft.compute/virtualmachines/retrievebootdiagnosticsdata/action", None, Some((Collection, "T1530"))),
    ("microsoft.compute/virtualmachines/runcommand/action", None, Some((Execution, "T1651"))),
    ("microsoft.compute/virtualmachines/runcommands/write", None, Some((Execution, "T1651"))),
    ("microsoft.compute/virtualmachinescalesets/extensions/write", None, Some((Execution, "T1651"))),
    ("microsoft.compute/virtualmachinescalesets/virtualmachines/runcommand/action", None, Some((Execution, "T1651"))),
    ("microsoft.compute/virtualmachinescalesets/virtualmachines/runcommands/write", None, Some((Execution, "T1651"))),
    ("microsoft.containerservice/managedclusters/accessprofiles/listcredential/action", Some(SecretRead), Some((CredentialAccess, "T1552"))),
    ("microsoft.containerservice/managedclusters/listclusteradmincredential/action", Some(SecretRead), Some((CredentialAccess, "T1552"))),
    ("microsoft.containerservice/managedclusters/rbac.authorization.k8s.io/clusterrolebindings/write", Some(IamWrite), Some((Persistence, "T1098.006"))),
    ("microsoft.containerservice/managedclusters/rbac.authorization.k8s.io/clusterroles/write", Some(IamWrite), Some((Persistence, "T1098.006"))),
    ("microsoft.containerservice/managedclusters/rbac.authorization.k8s.io/rolebindings/write", Some(IamWrite), Some((Persistence, "T1098.006"))),
    ("microsoft.containerservice/managedclusters/rbac.authorization.k8s.io/roles/write", Some(IamWrite), Some((Persistence, "T1098.006"))),
    ("microsoft.containerservice/managedclusters/runcommand/action", None, Some((Execution, "T1651"))),
    ("microsoft.dataprotection/backupvaults/backupinstances/delete", Some(Destructive), Some((Impact, "T1490"))),
    ("microsoft.dataprotection/backupvaults/delete", Some(Destructive), Some((Impact, "T1490"))),
    ("microsoft.documentdb/databaseaccounts/delete", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.eventhub/namespaces/authorizationrules/write", Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("microsoft.eventhub/namespaces/delete", Some(LogControl), Some((DefenseImpairment, "T1562.008"))),
    ("microsoft.eventhub/namespaces/eventhubs/delete", Some(LogControl), Some((DefenseImpairment, "T1562.008"))),
    ("microsoft.insights/actiongroups/delete", Some(LogControl), Some((DefenseImpairment, "T1562.001"))),
    ("microsoft.insights/activitylogalerts/delete", Some(LogControl), Some((DefenseImpairment, "T1562.001"))),
    ("microsoft.insights/alertrules/delete", Some(LogControl), Some((DefenseImpairment, "T1562.001"))),
    ("microsoft.insights/datacollectionrules/delete", Some(LogControl), Some((DefenseImpairment, "T1562.008"))),
    ("microsoft.insights/diagnosticsettings/delete", Some(LogControl), Some((DefenseImpairment, "T1562.008"))),
    ("microsoft.insights/metricalerts/delete", Some(LogControl), Some((DefenseImpairment, "T1562.001"))),
    ("microsoft.insights/scheduledqueryrules/delete", Some(LogControl), Some((DefenseImpairment, "T1562.001"))),
    ("microsoft.keyvault/locations/deletedvaults/purge/action", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.keyvault/vaults/accesspolicies/write", Some(IamWrite), Some((Persistence, "T1098"))),
    ("microsoft.keyvault/vaults/certificates/backup/action", Some(SecretRead), Some((CredentialAccess, "T1555.006"))),
    ("microsoft.keyvault/vaults/certificates/delete", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.keyvault/vaults/certificates/purge/action", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.keyvault/vaults/delete", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.keyvault/vaults/keys/backup/action", Some(SecretRead), Some((CredentialAccess, "T1555.006"))),
    ("microsoft.keyvault/vaults/keys/delete", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.keyvault/vaults/keys/purge/action", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.keyvault/vaults/secrets/backup/action", Some(SecretRead), Some((CredentialAccess, "T1555.006"))),
    ("microsoft.keyvault/vaults/secrets/delete", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.keyvault/vaults/secrets/getsecret/action", Some(SecretRead), Some((CredentialAccess, "T1555.006"))),
    ("microsoft.keyvault/vaults/secrets/purge/action", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.keyvault/vaults/secrets/read", None, Some((CredentialAccess, "T1555.006"))),
    ("microsoft.kubernetes/connectedclusters/rbac.authorization.k8s.io/clusterrolebindings/write", Some(IamWrite), Some((Persistence, "T1098.006"))),
    ("microsoft.kubernetes/connectedclusters/rbac.authorization.k8s.io/clusterroles/write", Some(IamWrite), Some((Persistence, "T1098.006"))),
    ("microsoft.kubernetes/connectedclusters/rbac.authorization.k8s.io/rolebindings/write", Some(IamWrite), Some((Persistence, "T1098.006"))),
    ("microsoft.kubernetes/connectedclusters/rbac.authorization.k8s.io/roles/write", Some(IamWrite), Some((Persistence, "T1098.006"))),
    ("microsoft.managedidentity/userassignedidentities/assign/action", Some(IamWrite), Some((PrivilegeEscalation, "T1078.004"))),
    ("microsoft.managedidentity/userassignedidentities/federatedidentitycredentials/write", Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("microsoft.managedservices/registrationassignments/write", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("microsoft.managedservices/registrationdefinitions/write", Some(IamWrite), Some((Persistence, "T1098.003"))),
    ("microsoft.network/applicationgatewaywebapplicationfirewallpolicies/delete", None, Some((DefenseImpairment, "T1562.007"))),
    ("microsoft.network/azurefirewalls/delete", None, Some((DefenseImpairment, "T1562.007"))),
    ("microsoft.network/firewallpolicies/delete", None, Some((DefenseImpairment, "T1562.007"))),
    ("microsoft.network/firewallpolicies/rulecollectiongroups/delete", None, Some((DefenseImpairment, "T1562.007"))),
    ("microsoft.network/firewallpolicies/write", None, Some((DefenseImpairment, "T1562.007"))),
    ("microsoft.network/frontdoorwebapplicationfirewallpolicies/delete", None, Some((DefenseImpairment, "T1562.007"))),
    ("microsoft.network/networksecuritygroups/delete", None, Some((DefenseImpairment, "T1562.007"))),
    ("microsoft.network/networksecuritygroups/securityrules/delete", None, Some((DefenseImpairment, "T1562.007"))),
    ("microsoft.network/networksecuritygroups/securityrules/write", None, Some((DefenseImpairment, "T1562.007"))),
    ("microsoft.network/networksecuritygroups/write", None, Some((DefenseImpairment, "T1562.007"))),
    ("microsoft.network/networkwatchers/delete", Some(LogControl), Some((DefenseImpairment, "T1562.008"))),
    ("microsoft.network/networkwatchers/flowlogs/delete", Some(LogControl), Some((DefenseImpairment, "T1562.008"))),
    ("microsoft.network/networkwatchers/packetcaptures/write", None, Some((CredentialAccess, "T1040"))),
    ("microsoft.network/networkwatchers/startpacketcapture/action", None, Some((CredentialAccess, "T1040"))),
    ("microsoft.network/networkwatchers/vpnconnections/startpacketcapture/action", None, Some((CredentialAccess, "T1040"))),
    ("microsoft.operationalinsights/workspaces/datasources/delete", Some(LogControl), Some((DefenseImpairment, "T1562.008"))),
    ("microsoft.operationalinsights/workspaces/delete", Some(LogControl), Some((DefenseImpairment, "T1562.008"))),
    ("microsoft.operationalinsights/workspaces/sharedkeys/action", Some(SecretRead), Some((CredentialAccess, "T1552"))),
    ("microsoft.recoveryservices/vaults/backupconfig/write", Some(Destructive), Some((Impact, "T1490"))),
    ("microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/delete", Some(Destructive), Some((Impact, "T1490"))),
    ("microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems/delete", Some(Destructive), Some((Impact, "T1490"))),
    ("microsoft.recoveryservices/vaults/backuppolicies/delete", Some(Destructive), Some((Impact, "T1490"))),
    ("microsoft.recoveryservices/vaults/delete", Some(Destructive), Some((Impact, "T1490"))),
    ("microsoft.resources/subscriptions/resourcegroups/delete", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.security/alertssuppressionrules/write", Some(LogControl), Some((DefenseImpairment, "T1562.001"))),
    ("microsoft.security/autoprovisioningsettings/write", Some(LogControl), Some((DefenseImpairment, "T1562.001"))),
    ("microsoft.security/pricings/delete", Some(LogControl), Some((DefenseImpairment, "T1562.001"))),
    ("microsoft.security/pricings/write", Some(LogControl), Some((DefenseImpairment, "T1562.001"))),
    ("microsoft.security/securitycontacts/delete", Some(LogControl), Some((DefenseImpairment, "T1562.001"))),
    ("microsoft.securityinsights/alertrules/delete", Some(LogControl), Some((DefenseImpairment, "T1562.001"))),
    ("microsoft.securityinsights/automationrules/delete", Some(LogControl), Some((DefenseImpairment, "T1562.001"))),
    ("microsoft.securityinsights/dataconnectors/delete", Some(LogControl), Some((DefenseImpairment, "T1562.008"))),
    ("microsoft.serialconsole/serialports/connect/action", None, Some((LateralMovement, "T1021.008"))),
    ("microsoft.sql/servers/administrators/write", Some(IamWrite), Some((Persistence, "T1098"))),
    ("microsoft.sql/servers/auditingsettings/write", Some(LogControl), Some((DefenseImpairment, "T1562.008"))),
    ("microsoft.sql/servers/databases/delete", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.sql/servers/databases/export/action", None, Some((Exfiltration, "T1537"))),
    ("microsoft.sql/servers/delete", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.sql/servers/firewallrules/write", None, Some((DefenseImpairment, "T1562.007"))),
    ("microsoft.storage/storageaccounts/blobservices/containers/delete", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.storage/storageaccounts/blobservices/containers/immutabilitypolicies/delete", Some(Destructive), Some((Impact, "T1490"))),
    ("microsoft.storage/storageaccounts/delete", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.storage/storageaccounts/fileservices/shares/delete", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.storage/storageaccounts/localusers/write", Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("microsoft.storage/storageaccounts/regeneratekey/action", Some(IamWrite), Some((Persistence, "T1098.001"))),
    ("microsoft.subscription/cancel/action", Some(Destructive), Some((Impact, "T1485"))),
    ("microsoft.web/sites/basicpublishingcredentialspolicies/write", None, Some((Persistence, "T1098"))),
    ("microsoft.web/sites/config/list/action", Some(SecretRead), Some((CredentialAccess, "T1552"))),
    ("microsoft.web/sites/hostruntime/host/action", None, Some((Execution, "T1648"))),
    ("microsoft.web/sites/publishxml/action", Some(SecretRead), Some((CredentialAccess, "T1552"))),
    ("secretbackup", Some(SecretRead), Some((CredentialAccess, "T1555.006"))),
    ("secretdelete", Some(Destructive), Some((Impact, "T1485"))),
    ("secretget", Some(SecretRead), Some((CredentialAccess, "T1555.006"))),
    ("secretlist", None, Some((CredentialAccess, "T1555.006"))),
    ("secretpurge", Some(Destructive), Some((Impact, "T1485"))),
    ("setcontaineracl", Some(IamWrite), Some((Exfiltration, "T1537"))),
    ("vaultdelete", Some(Destructive), Some((Impact, "T1485"))),
    ("vaultpurge", Some(Destructive), Some((Impact, "T1485"))),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_in_small_letters() {
        assert!(KNOWN.is_sorted_by(|a, b| a.0 < b.0));
        assert!(KNOWN.iter().all(|(name, ..)| *name == name.to_ascii_lowercase() && find(name).is_some()));
        assert!(find("microsoft.compute/virtualmachines/read").is_none());
    }
}
