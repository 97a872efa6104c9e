//! The contract as a document.

use super::{Contract, Detection, FamilyContract};

/// The whole document; `config/DETECTIONS.md` is that of the defaults.
pub fn markdown(contract: &Contract) -> String {
    let mut text = format!("{HEAD}\n");
    text += "| family | question | features | most bits | weight |\n|---|---|---|---|---|\n";
    contract.families.iter().for_each(|family| text += &family_row(family));
    text += &format!("\n{BETWEEN}\n");
    contract.detections.iter().for_each(|detection| text += &section(detection, contract.attack_version));
    text
}

const HEAD: &str = "\
# What nhiwatch detects

Written by `nhiwatch detections list --markdown` for the default configuration; a test keeps it true. The same as JSON:
`nhiwatch detections list --json`. How to read an alert and set the budget: `ALERTS.md`.

There is one detection, surprise against what an identity, its peers and the fleet normally do. It has features, which
measure surprise in bits, and families of features: within a family the strongest feature counts, families add up to the
evidence that is compared with the threshold. An incident opens when the evidence passes the threshold and rests on a
sensitive action or on two new values that do not imply one another.
";

const BETWEEN: &str = "\
Most bits are before the weight; beyond 12 a bit counts by half. A family's evidence is its strongest feature's surprise times its scale (which makes
features of your fleet comparable: 1 until 1,000 active hours were judged in the last 7 days), less 3 bits and the
logarithm of the number of its features.
";

fn family_row(family: &FamilyContract) -> String {
    let features: Vec<String> = family.features.iter().map(|feature| format!("`{feature}`")).collect();
    format!(
        "| `{}` | {} | {} | {} | {} |\n",
        family.family,
        family.question,
        features.join(", "),
        family.cap_bits,
        family.weight
    )
}

fn section(detection: &Detection, attack_version: &str) -> String {
    let code = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let attack: Vec<String> = detection
        .attack
        .iter()
        .map(|each| {
            [Some(each.id), each.name].into_iter().flatten().collect::<Vec<_>>().join(" ")
                + &format!(" ({})", each.tactic)
        })
        .collect();
    let peers = match detection.lowered_by_peers {
        true => "lower it, where two or more did the same within 12 hours",
        false => "do not lower it",
    };
    let rows = [
        ("Family", format!("`{}`", detection.family)),
        ("Sees", detection.sees.to_owned()),
        ("Needs", format!("{} of {}", code(detection.fields), code(detection.sources))),
        ("Learns", detection.learns.to_owned()),
        ("Speaks", detection.activation.clone()),
        ("Remembers", detection.training.clone()),
        ("Judges", detection.test_period.to_owned()),
        ("Repeats", detection.dedup.clone()),
        ("Peers", peers.to_owned()),
        ("Severity", detection.severity.to_owned()),
        (&format!("ATT&CK {attack_version}"), attack.join("; ")),
        ("Fires falsely", detection.false_alarms.to_owned()),
        ("Counted by", format!("`{}`", detection.metric)),
    ];
    let mut text = format!("\n## `{}`: {}\n\n| | |\n|---|---|\n", detection.feature, detection.title.to_lowercase());
    rows.iter().for_each(|(name, value)| text += &format!("| {name} | {value} |\n"));
    text
}
