//! How an alert is to be taken: what it says of its incident, how bad, how sure, whom it alerts.

use crate::alert::explain::{self, bits};
use crate::event::{Activity, Band, Finding};

/// OCSF's words for what an alert says of its incident.
pub struct Lifecycle {
    /// `activity_id`, which `type_uid` ends in.
    pub activity_id: u8,
    /// `activity_name`.
    pub activity_name: &'static str,
    /// `type_name`.
    pub type_name: &'static str,
    /// `status_id`.
    pub status_id: u8,
    /// `status`.
    pub status: &'static str,
    /// `metadata.event_code`.
    pub event_code: &'static str,
    /// Header `ce_type`.
    pub event_type: &'static str,
}

const CREATE: Lifecycle = Lifecycle {
    activity_id: 1,
    activity_name: "Create",
    type_name: "Detection Finding: Create",
    status_id: 1,
    status: "New",
    event_code: "finding.create",
    event_type: "dev.nhi.finding.create.v1",
};

const UPDATE: Lifecycle = Lifecycle {
    activity_id: 2,
    activity_name: "Update",
    type_name: "Detection Finding: Update",
    status_id: 2,
    status: "In Progress",
    event_code: "finding.update",
    event_type: "dev.nhi.finding.update.v1",
};

const CLOSE: Lifecycle = Lifecycle {
    activity_id: 3,
    activity_name: "Close",
    type_name: "Detection Finding: Close",
    status_id: 4,
    status: "Resolved",
    event_code: "finding.close",
    event_type: "dev.nhi.finding.close.v1",
};

/// What it says of its incident.
pub fn lifecycle(finding: &Finding) -> &'static Lifecycle {
    match finding.activity {
        Activity::Create => &CREATE,
        Activity::Update => &UPDATE,
        Activity::Close => &CLOSE,
    }
}

/// Whether somebody is to be alerted: by no end, and by nothing that is for the record.
pub fn is_alert(finding: &Finding) -> bool {
    finding.is_alert() && finding.activity != Activity::Close
}

/// `disposition_id` and its name.
pub fn disposition(finding: &Finding) -> (u8, &'static str) {
    if is_alert(finding) { (19, "Alert") } else { (17, "Logged") }
}

/// `severity_id` and its name. The end of an incident has the severity that the incident had.
pub fn severity(finding: &Finding) -> (u8, &'static str) {
    match (finding.is_alert(), finding.band) {
        (false, _) => (1, "Informational"),
        (true, Band::Low) => (2, "Low"),
        (true, Band::Medium) => (3, "Medium"),
        (true, Band::High) => (4, "High"),
        (true, Band::Critical) => (5, "Critical"),
    }
}

/// `risk_level_id` and its name.
pub fn risk_level(finding: &Finding) -> (u8, &'static str) {
    match finding.band {
        _ if finding.campaign.is_some() => (0, "Info"),
        Band::Low => (1, "Low"),
        Band::Medium => (2, "Medium"),
        Band::High => (3, "High"),
        Band::Critical => (4, "Critical"),
    }
}

/// `confidence_id` and its name, by what is known of the identity (the model's strata of maturity).
pub fn confidence(finding: &Finding) -> (u8, &'static str) {
    const LONG_KNOWN_HOURS: u32 = 100;
    match finding.maturity {
        maturity if maturity.learning => (1, "Low"),
        maturity if maturity.active_hours < LONG_KNOWN_HOURS => (2, "Medium"),
        _ => (3, "High"),
    }
}

/// `risk_details`: how far from the threshold, and how rare.
pub fn risk_details(finding: &Finding) -> String {
    if finding.campaign.is_some() {
        return "The notice of a campaign is informational: no single identity stands behind it.".to_owned();
    }
    let above = finding.evidence_bits - finding.threshold_bits;
    let side = if above < 0.0 { "below" } else { "above" };
    format!(
        "Evidence of {} bits, {} {side} the threshold of {} (risk 50 at the threshold, 70 four bits above, \
         90 eight bits above); {}.",
        bits(finding.evidence_bits),
        bits(above.abs()),
        bits(finding.threshold_bits),
        explain::rarity(finding.score)
    )
}
