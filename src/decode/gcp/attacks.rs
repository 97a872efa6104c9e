//! Google Cloud's methods that known attacks use: a table, compiled in.
//!
//! Tactics and techniques by ATT&CK's matrix for infrastructure as a service (version 19), as Stratus Red Team's and
//! Panther's published detections assign them; the classes of sensitivity are our own judgement. Absent on purpose, because
//! ordinary workloads do it all day: `GenerateAccessToken` has a technique but no sensitivity (as `sts:AssumeRole`),
//! `Decrypt`, deleting objects and instances.

use super::super::attack::{Row, Table};
use crate::event::{Sensitivity, Tactic};

use Sensitivity::{Destructive, IamWrite, LogControl, SecretRead};
use Tactic::{
    Collection, CredentialAccess, DefenseImpairment, Discovery, Execution, Exfiltration, Impact, LateralMovement,
    Persistence, PrivilegeEscalation,
};

/// What is known of a service's method, by the method's last words.
pub fn find(service: &str, tail: &str) -> Option<&'static Row> {
    TABLE.find(service, tail).or_else(|| TABLE.find("", tail))
}

static TABLE: Table = Table::new(ATTACKS);

/// Every method, by service and last words; without a service where it is the same in all.
const ATTACKS: &[Row] = &[
    ("", "SetIamPolicy", Some(IamWrite), PrivilegeEscalation, "T1098.003"),
    ("accesscontextmanager", "DeleteServicePerimeter", Some(IamWrite), DefenseImpairment, "T1685"),
    ("accesscontextmanager", "UpdateServicePerimeter", Some(IamWrite), DefenseImpairment, "T1685"),
    ("admin", "assignRole", Some(IamWrite), PrivilegeEscalation, "T1098.003"),
    ("admin", "inboundSsoProfileCreated", Some(IamWrite), Persistence, "T1484.002"),
    ("admin", "inboundSsoProfileUpdated", Some(IamWrite), Persistence, "T1484.002"),
    ("aiplatform", "Predict", None, Impact, "T1496.004"),
    ("apikeys", "CreateKey", Some(IamWrite), Persistence, "T1098.001"),
    ("apikeys", "GetKeyString", Some(SecretRead), CredentialAccess, "T1552"),
    ("bigquery", "DeleteDataset", Some(Destructive), Impact, "T1485"),
    ("bigquery", "datasetservice.delete", Some(Destructive), Impact, "T1485"),
    ("cloudbuild", "CreateBuild", None, Execution, "T1648"),
    ("cloudfunctions", "CreateFunction", None, Execution, "T1648"),
    ("cloudfunctions", "UpdateFunction", None, Persistence, "T1648"),
    ("cloudkms", "DestroyCryptoKeyVersion", Some(Destructive), Impact, "T1485"),
    ("cloudkms", "UpdateCryptoKeyVersion", None, Impact, "T1489"),
    ("cloudresourcemanager", "DeleteProject", Some(Destructive), Impact, "T1485"),
    ("cloudresourcemanager", "InsertProjectOwnershipInvite", Some(IamWrite), Persistence, "T1098.003"),
    ("cloudresourcemanager", "SetOrgPolicy", Some(IamWrite), DefenseImpairment, "T1685"),
    ("cloudsql", "backupRuns.delete", Some(Destructive), Impact, "T1490"),
    ("cloudsql", "instances.delete", Some(Destructive), Impact, "T1485"),
    ("cloudsql", "instances.export", None, Collection, "T1530"),
    ("cloudsql", "users.create", Some(IamWrite), Persistence, "T1136.003"),
    ("cloudsql", "users.update", Some(IamWrite), Persistence, "T1098"),
    ("compute", "disks.setIamPolicy", Some(IamWrite), Exfiltration, "T1537"),
    ("compute", "firewallPolicies.addRule", None, DefenseImpairment, "T1686.001"),
    ("compute", "firewalls.delete", None, DefenseImpairment, "T1686.001"),
    ("compute", "firewalls.insert", None, DefenseImpairment, "T1686.001"),
    ("compute", "firewalls.patch", None, DefenseImpairment, "T1686.001"),
    ("compute", "firewalls.update", None, DefenseImpairment, "T1686.001"),
    ("compute", "images.setIamPolicy", Some(IamWrite), Exfiltration, "T1537"),
    ("compute", "instances.getSerialPortOutput", None, Discovery, "T1580"),
    ("compute", "instances.insert", None, Impact, "T1496.001"),
    ("compute", "instances.setIamPolicy", Some(IamWrite), PrivilegeEscalation, "T1098.003"),
    ("compute", "instances.setMetadata", Some(IamWrite), LateralMovement, "T1098.004"),
    ("compute", "instances.setServiceAccount", Some(IamWrite), PrivilegeEscalation, "T1098.003"),
    ("compute", "projects.setCommonInstanceMetadata", Some(IamWrite), LateralMovement, "T1098.004"),
    ("compute", "securityPolicies.delete", None, DefenseImpairment, "T1686.001"),
    ("compute", "snapshots.delete", Some(Destructive), Impact, "T1490"),
    ("compute", "snapshots.setIamPolicy", Some(IamWrite), Exfiltration, "T1537"),
    ("container", "SetMasterAuth", Some(IamWrite), Persistence, "T1098.006"),
    ("deploymentmanager", "deployments.insert", None, Execution, "T1651"),
    ("iam", "CreateRole", Some(IamWrite), PrivilegeEscalation, "T1098.003"),
    ("iam", "CreateServiceAccount", Some(IamWrite), Persistence, "T1136.003"),
    ("iam", "CreateServiceAccountKey", Some(IamWrite), Persistence, "T1098.001"),
    ("iam", "CreateWorkforcePool", Some(IamWrite), Persistence, "T1484.002"),
    ("iam", "CreateWorkforcePoolProvider", Some(IamWrite), Persistence, "T1484.002"),
    ("iam", "CreateWorkloadIdentityPool", Some(IamWrite), Persistence, "T1484.002"),
    ("iam", "CreateWorkloadIdentityPoolProvider", Some(IamWrite), Persistence, "T1484.002"),
    ("iam", "DeleteServiceAccount", Some(Destructive), Impact, "T1531"),
    ("iam", "DisableServiceAccount", None, Impact, "T1531"),
    ("iam", "EnableServiceAccount", Some(IamWrite), Persistence, "T1098.001"),
    ("iam", "EnableServiceAccountKey", Some(IamWrite), Persistence, "T1098.001"),
    ("iam", "SetIAMPolicy", Some(IamWrite), PrivilegeEscalation, "T1098.003"),
    ("iam", "UndeleteServiceAccount", Some(IamWrite), Persistence, "T1098.001"),
    ("iam", "UpdateRole", Some(IamWrite), PrivilegeEscalation, "T1098.003"),
    ("iam", "UpdateWorkforcePool", Some(IamWrite), Persistence, "T1484.002"),
    ("iam", "UpdateWorkforcePoolProvider", Some(IamWrite), Persistence, "T1484.002"),
    ("iam", "UpdateWorkloadIdentityPoolProvider", Some(IamWrite), Persistence, "T1484.002"),
    ("iam", "UploadServiceAccountKey", Some(IamWrite), Persistence, "T1098.001"),
    ("iamcredentials", "GenerateAccessToken", None, PrivilegeEscalation, "T1550.001"),
    ("iamcredentials", "GenerateIdToken", None, PrivilegeEscalation, "T1550.001"),
    ("iamcredentials", "SignBlob", None, CredentialAccess, "T1606"),
    ("iamcredentials", "SignJwt", None, CredentialAccess, "T1606"),
    ("logging", "CreateExclusion", Some(LogControl), DefenseImpairment, "T1685.002"),
    ("logging", "DeleteBucket", Some(LogControl), DefenseImpairment, "T1685.002"),
    ("logging", "DeleteLog", Some(LogControl), DefenseImpairment, "T1685.002"),
    ("logging", "DeleteSink", Some(LogControl), DefenseImpairment, "T1685.002"),
    ("logging", "UpdateBucket", Some(LogControl), DefenseImpairment, "T1685.002"),
    ("logging", "UpdateExclusion", Some(LogControl), DefenseImpairment, "T1685.002"),
    ("logging", "UpdateSettings", Some(LogControl), DefenseImpairment, "T1685.002"),
    ("logging", "UpdateSink", Some(LogControl), DefenseImpairment, "T1685.002"),
    ("monitoring", "DeleteAlertPolicy", Some(LogControl), DefenseImpairment, "T1685"),
    ("orgpolicy", "CreatePolicy", Some(IamWrite), DefenseImpairment, "T1685"),
    ("orgpolicy", "DeletePolicy", Some(IamWrite), DefenseImpairment, "T1685"),
    ("orgpolicy", "UpdatePolicy", Some(IamWrite), DefenseImpairment, "T1685"),
    ("run", "CreateService", None, Execution, "T1648"),
    ("run", "ReplaceService", None, Persistence, "T1648"),
    ("secretmanager", "AccessSecretVersion", Some(SecretRead), CredentialAccess, "T1555.006"),
    ("secretmanager", "DeleteSecret", Some(Destructive), Impact, "T1485"),
    ("secretmanager", "DestroySecretVersion", Some(Destructive), Impact, "T1485"),
    ("securitycenter", "CreateMuteConfig", Some(LogControl), DefenseImpairment, "T1685"),
    ("serviceusage", "DisableService", Some(LogControl), DefenseImpairment, "T1685"),
    ("sqladmin", "backupRuns.delete", Some(Destructive), Impact, "T1490"),
    ("sqladmin", "instances.delete", Some(Destructive), Impact, "T1485"),
    ("sqladmin", "users.insert", Some(IamWrite), Persistence, "T1136.003"),
    ("storage", "buckets.delete", Some(Destructive), Impact, "T1485"),
    ("storage", "hmacKeys.create", Some(IamWrite), Persistence, "T1098.001"),
    ("storage", "setIamPermissions", Some(IamWrite), Exfiltration, "T1537"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(ATTACKS.is_sorted_by(|a, b| (a.0, a.1) < (b.0, b.1)));
    }
}
