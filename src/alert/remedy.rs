//! What to check first, for this kind of identity and this kind of evidence. Our own words only: nothing of the audit
//! log is in them.

use std::collections::BTreeSet;

use super::attack;
use crate::event::{Family, Finding, Kind, Sensitivity};

/// What to do, first things first.
pub fn advice(finding: &Finding) -> String {
    let mut steps = vec![by_kind(finding.kind)];
    let families: BTreeSet<Family> = finding.reasons.iter().map(|reason| reason.feature.family()).collect();
    steps.extend(families.into_iter().filter_map(by_family));
    let classes: BTreeSet<Sensitivity> = finding.events.iter().filter_map(|event| event.sensitivity).collect();
    steps.extend(classes.into_iter().map(by_class));
    steps.push("If nobody can explain it, revoke its sessions and credentials before looking further.");
    steps.iter().enumerate().map(|(at, step)| format!("{}. {step}", at + 1)).collect::<Vec<_>>().join("\n")
}

/// Where the techniques are described.
pub fn references(finding: &Finding) -> Vec<String> {
    attack::mappings(finding).iter().filter_map(|mapping| mapping.technique).filter_map(attack::url).collect()
}

fn by_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Human => "Ask the person, over another channel, whether it was them.",
        Kind::ServiceAccount => {
            "Ask the owner of this service account; see where its access key is stored and who can read it."
        }
        Kind::Workload => {
            "See whether this workload was deployed or changed shortly before; if not, treat its temporary credentials as stolen."
        }
        Kind::CiPipeline => {
            "Find the pipeline run behind the session name: who started it, from which commit and branch."
        }
        Kind::VendorApp => {
            "Ask the vendor whether their integration or its addresses changed, and whether they had an incident."
        }
        Kind::AiAgent => {
            "Read the agent's prompts and tool calls of that time: look for instructions that came with the data."
        }
        Kind::CloudService => "See which of your resources lets this cloud service act, and who configured that last.",
        Kind::Unknown => "Find out whose identity this is: who created it, and what uses it.",
    }
}

fn by_family(family: Family) -> Option<&'static str> {
    match family {
        Family::What => Some("Compare the new actions and resources with what was released or configured that day."),
        Family::Net => Some("Find out whose the source address is: a new egress of yours, or a stranger's."),
        Family::Region => Some("See what now runs or lies in the region or account it never used."),
        Family::Client => {
            Some("See whether a new version explains the client; a command line in a program's place does not.")
        }
        Family::Revive => Some("Find out why an identity at rest is in use again; if it is not needed, remove it."),
        Family::Sens => None,
    }
}

fn by_class(class: Sensitivity) -> &'static str {
    match class {
        Sensitivity::SecretRead => "List the secrets it read and rotate them.",
        Sensitivity::IamWrite => {
            "List the keys, users, roles, policies and trusts it made or changed; undo what is not explained."
        }
        Sensitivity::LogControl => {
            "See that trails and detectors are on again, and what may have gone unseen meanwhile."
        }
        Sensitivity::Destructive => {
            "See what was destroyed or encrypted, and that backups and versions are out of its reach."
        }
    }
}
