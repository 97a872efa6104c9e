//! MITRE ATT&CK: names and main tactics of the techniques that audit events of a cloud can show, and the pairs of
//! technique and tactic that a finding speaks of.

use crate::event::{Finding, Tactic};

/// The version of ATT&CK that ids and names are taken from.
pub const VERSION: &str = "19";

/// What an anomaly without a technique of its own is: somebody uses a valid account of the cloud.
const FALLBACK: &str = "T1078.004";

/// Techniques named in one finding at most.
const MAX_TECHNIQUES: usize = 32;

/// A line of a finding's ATT&CK list: a technique with the tactic that it serves, or a tactic alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mapping<'a> {
    /// The technique's or sub-technique's id.
    pub technique: Option<&'a str>,
    /// The tactic; unknown for techniques that are not in our list.
    pub tactic: Option<Tactic>,
}

/// What a finding shows in ATT&CK's terms: its techniques, then the tactics that none of them covers; never empty.
pub fn mappings(finding: &Finding) -> Vec<Mapping<'_>> {
    let mut mappings: Vec<Mapping<'_>> = Vec::new();
    for technique in finding.techniques.iter().take(MAX_TECHNIQUES) {
        mappings.push(Mapping { technique: Some(technique), tactic: tactic(technique) });
    }
    if mappings.is_empty() {
        mappings.push(Mapping { technique: Some(FALLBACK), tactic: Some(Tactic::InitialAccess) });
    }
    for tactic in Tactic::ALL {
        let covered = mappings.iter().any(|mapping| mapping.tactic == Some(tactic));
        if finding.tactics.contains(&tactic) && !covered {
            mappings.push(Mapping { technique: None, tactic: Some(tactic) });
        }
    }
    mappings
}

/// The name of a technique, where it is in our list.
pub fn name(technique: &str) -> Option<&'static str> {
    find(technique).map(|(_, name, _)| name)
}

/// The tactic that a technique mainly serves, where it is in our list or is one of impairing defences, which version 19 has
/// renumbered.
pub fn tactic(technique: &str) -> Option<Tactic> {
    let impairs = ["T1685", "T1686"].iter().any(|parent| technique.starts_with(parent));
    find(technique).map(|(_, _, tactic)| tactic).or(impairs.then_some(Tactic::DefenseImpairment))
}

/// Where ATT&CK describes the technique; nothing for what is no technique's id.
pub fn url(technique: &str) -> Option<String> {
    let (parent, sub) = technique.split_once('.').unwrap_or((technique, ""));
    let digits = |text: &str, count| text.len() == count && text.bytes().all(|b| b.is_ascii_digit());
    if !parent.strip_prefix('T').is_some_and(|number| digits(number, 4)) {
        return None;
    }
    match sub {
        "" => Some(format!("https://attack.mitre.org/techniques/{parent}/")),
        sub if digits(sub, 3) => Some(format!("https://attack.mitre.org/techniques/{parent}/{sub}/")),
        _ => None,
    }
}

fn find(technique: &str) -> Option<(&'static str, &'static str, Tactic)> {
    TECHNIQUES.iter().find(|(id, ..)| *id == technique).copied()
}

/// Id, name, main tactic. Of techniques that serve several tactics the one that fits a cloud identity best.
const TECHNIQUES: &[(&str, &str, Tactic)] = &[
    ("T1005", "Data from Local System", Tactic::Collection),
    ("T1021", "Remote Services", Tactic::LateralMovement),
    ("T1021.001", "Remote Desktop Protocol", Tactic::LateralMovement),
    ("T1021.004", "SSH", Tactic::LateralMovement),
    ("T1021.007", "Cloud Services", Tactic::LateralMovement),
    ("T1021.008", "Direct Cloud VM Connections", Tactic::LateralMovement),
    ("T1030", "Data Transfer Size Limits", Tactic::Exfiltration),
    ("T1040", "Network Sniffing", Tactic::CredentialAccess),
    ("T1048", "Exfiltration Over Alternative Protocol", Tactic::Exfiltration),
    ("T1053", "Scheduled Task/Job", Tactic::Persistence),
    ("T1053.007", "Container Orchestration Job", Tactic::Persistence),
    ("T1059", "Command and Scripting Interpreter", Tactic::Execution),
    ("T1059.009", "Cloud API", Tactic::Execution),
    ("T1069", "Permission Groups Discovery", Tactic::Discovery),
    ("T1069.003", "Cloud Groups", Tactic::Discovery),
    ("T1070", "Indicator Removal", Tactic::Stealth),
    ("T1070.004", "File Deletion", Tactic::Stealth),
    ("T1072", "Software Deployment Tools", Tactic::Execution),
    ("T1074", "Data Staged", Tactic::Collection),
    ("T1074.002", "Remote Data Staging", Tactic::Collection),
    ("T1078", "Valid Accounts", Tactic::InitialAccess),
    ("T1078.004", "Cloud Accounts", Tactic::InitialAccess),
    ("T1087", "Account Discovery", Tactic::Discovery),
    ("T1087.004", "Cloud Account", Tactic::Discovery),
    ("T1098", "Account Manipulation", Tactic::Persistence),
    ("T1098.001", "Additional Cloud Credentials", Tactic::Persistence),
    ("T1098.003", "Additional Cloud Roles", Tactic::Persistence),
    ("T1098.004", "SSH Authorized Keys", Tactic::Persistence),
    ("T1098.005", "Device Registration", Tactic::Persistence),
    ("T1098.006", "Additional Container Cluster Roles", Tactic::Persistence),
    ("T1110", "Brute Force", Tactic::CredentialAccess),
    ("T1114", "Email Collection", Tactic::Collection),
    ("T1114.003", "Email Forwarding Rule", Tactic::Collection),
    ("T1119", "Automated Collection", Tactic::Collection),
    ("T1136", "Create Account", Tactic::Persistence),
    ("T1136.003", "Cloud Account", Tactic::Persistence),
    ("T1199", "Trusted Relationship", Tactic::InitialAccess),
    ("T1210", "Exploitation of Remote Services", Tactic::LateralMovement),
    ("T1213", "Data from Information Repositories", Tactic::Collection),
    ("T1213.003", "Code Repositories", Tactic::Collection),
    ("T1484", "Domain or Tenant Policy Modification", Tactic::PrivilegeEscalation),
    ("T1484.002", "Trust Modification", Tactic::PrivilegeEscalation),
    ("T1485", "Data Destruction", Tactic::Impact),
    ("T1485.001", "Lifecycle-Triggered Deletion", Tactic::Impact),
    ("T1486", "Data Encrypted for Impact", Tactic::Impact),
    ("T1489", "Service Stop", Tactic::Impact),
    ("T1490", "Inhibit System Recovery", Tactic::Impact),
    ("T1496", "Resource Hijacking", Tactic::Impact),
    ("T1496.001", "Compute Hijacking", Tactic::Impact),
    ("T1496.004", "Cloud Service Hijacking", Tactic::Impact),
    ("T1526", "Cloud Service Discovery", Tactic::Discovery),
    ("T1528", "Steal Application Access Token", Tactic::CredentialAccess),
    ("T1530", "Data from Cloud Storage", Tactic::Collection),
    ("T1531", "Account Access Removal", Tactic::Impact),
    ("T1535", "Unused/Unsupported Cloud Regions", Tactic::Stealth),
    ("T1537", "Transfer Data to Cloud Account", Tactic::Exfiltration),
    ("T1538", "Cloud Service Dashboard", Tactic::Discovery),
    ("T1543", "Create or Modify System Process", Tactic::Persistence),
    ("T1543.005", "Container Service", Tactic::Persistence),
    ("T1546", "Event Triggered Execution", Tactic::Persistence),
    ("T1548", "Abuse Elevation Control Mechanism", Tactic::PrivilegeEscalation),
    ("T1548.005", "Temporary Elevated Cloud Access", Tactic::PrivilegeEscalation),
    ("T1550", "Use Alternate Authentication Material", Tactic::LateralMovement),
    ("T1550.001", "Application Access Token", Tactic::LateralMovement),
    ("T1552", "Unsecured Credentials", Tactic::CredentialAccess),
    ("T1552.004", "Private Keys", Tactic::CredentialAccess),
    ("T1552.005", "Cloud Instance Metadata API", Tactic::CredentialAccess),
    ("T1552.007", "Container API", Tactic::CredentialAccess),
    ("T1555", "Credentials from Password Stores", Tactic::CredentialAccess),
    ("T1555.006", "Cloud Secrets Management Stores", Tactic::CredentialAccess),
    ("T1556", "Modify Authentication Process", Tactic::Persistence),
    ("T1556.006", "Multi-Factor Authentication", Tactic::Persistence),
    ("T1556.007", "Hybrid Identity", Tactic::Persistence),
    ("T1556.009", "Conditional Access Policies", Tactic::Persistence),
    ("T1565", "Data Manipulation", Tactic::Impact),
    ("T1565.001", "Stored Data Manipulation", Tactic::Impact),
    ("T1567", "Exfiltration Over Web Service", Tactic::Exfiltration),
    ("T1578", "Modify Cloud Compute Infrastructure", Tactic::Stealth),
    ("T1578.001", "Create Snapshot", Tactic::Stealth),
    ("T1578.002", "Create Cloud Instance", Tactic::Stealth),
    ("T1578.003", "Delete Cloud Instance", Tactic::Stealth),
    ("T1578.005", "Modify Cloud Compute Configurations", Tactic::Stealth),
    ("T1580", "Cloud Infrastructure Discovery", Tactic::Discovery),
    ("T1606", "Forge Web Credentials", Tactic::CredentialAccess),
    ("T1606.002", "SAML Tokens", Tactic::CredentialAccess),
    ("T1609", "Container Administration Command", Tactic::Execution),
    ("T1610", "Deploy Container", Tactic::Execution),
    ("T1613", "Container and Resource Discovery", Tactic::Discovery),
    ("T1619", "Cloud Storage Object Discovery", Tactic::Discovery),
    ("T1648", "Serverless Execution", Tactic::Execution),
    ("T1649", "Steal or Forge Authentication Certificates", Tactic::CredentialAccess),
    ("T1651", "Cloud Administration Command", Tactic::Execution),
    ("T1654", "Log Enumeration", Tactic::Discovery),
    ("T1671", "Cloud Application Integration", Tactic::Persistence),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_every_id_has_an_address() {
        assert!(TECHNIQUES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(TECHNIQUES.iter().all(|(id, ..)| url(id).is_some()));
    }

    #[test]
    fn only_ids_become_addresses() {
        assert_eq!(url("T1098.001").as_deref(), Some("https://attack.mitre.org/techniques/T1098/001/"));
        for text in ["", "T10", "T1098.1", "T1098/../x", "T1098.001?x", "AML.T0051"] {
            assert_eq!(url(text), None, "{text}");
        }
    }
}
