//! What a peer group did at once: the wave that lowered a reason, and the notice of a campaign.

use super::{NAME, VALUE, bits, grouped, kind, plural, predicate, short_name};
use crate::alert::escape::{shown, shown_ends};
use crate::event::{Campaign, Finding, Kind, Reason, Wave};

/// Members that a notice names in its sentences.
const NAMED_MEMBERS: usize = 5;
/// Columns that the name of a member may take.
const MEMBER: usize = 40;

/// What peers did, where it lowered the surprise: `31 of 40 active peers showed as much that is new within 6 h: 11.2 → 6.0 bits`.
pub fn wave(reason: &Reason) -> Option<String> {
    let wave = reason.wave?;
    let peers = active_peers(&wave);
    let (hours, before, left) = (grouped(wave.hours.into()), bits(reason.surprise_bits), bits(wave.bits));
    Some(format!("{peers} showed as much that is new within {hours} h: {before} → {left} bits"))
}

/// The same in the fewest words.
pub fn wave_briefly(reason: &Reason) -> Option<String> {
    let wave = reason.wave?;
    Some(format!("{} did so in {} h", active_peers(&wave), grouped(wave.hours.into())))
}

fn active_peers(wave: &Wave) -> String {
    let noun = plural(wave.active.into(), "peer", "peers");
    format!("{} of {} active {noun}", grouped(wave.alike.into()), grouped(wave.active.into()))
}

/// One line: how many of which group: `12 of 40 active members of role/payments-* did new things within 12 h`.
pub fn campaign(finding: &Finding, campaign: &Campaign) -> String {
    const GROUP: usize = 32;
    format!(
        "{} of {} active members of {} did new things within {} h",
        grouped(campaign.members.into()),
        grouped(campaign.active.into()),
        group(finding, GROUP),
        grouped(campaign.window_hours.into())
    )
}

/// One sentence for the SIEM.
pub fn message(finding: &Finding, campaign: &Campaign) -> String {
    format!(
        "{} ({}, {}). {}",
        self::campaign(finding, campaign),
        kind(finding.kind),
        shown(&finding.scope, NAME),
        members(campaign)
    )
}

/// The opening lines of the explanation.
pub fn description(finding: &Finding, campaign: &Campaign) -> Vec<String> {
    let mut lines = vec![
        format!("{} ({} of {}).", self::campaign(finding, campaign), kind(finding.kind), shown(&finding.scope, NAME)),
        "Each came close to the threshold or passed it, not counting that its peers did the same. What peers do at \
         once counts for less: a roll-out looks like this. One thief with many keys does too, so see whether somebody \
         rolled something out."
            .to_owned(),
        members(campaign),
    ];
    if !finding.reasons.is_empty() {
        lines.push(format!("What gave rise to the notice: one of them {}.", predicate(finding)));
    }
    lines
}

/// Who they are: `Members: role/a, role/b and 10 more.`
pub fn members(campaign: &Campaign) -> String {
    let named: Vec<String> = campaign
        .principals
        .iter()
        .take(NAMED_MEMBERS)
        .map(|principal| shown_ends(short_name(principal), MEMBER))
        .collect();
    let more = u64::from(campaign.members).saturating_sub(named.len() as u64);
    match more {
        0 => format!("Members: {}.", named.join(", ")),
        _ if named.is_empty() => format!("Members: {}, not listed.", grouped(more)),
        more => format!("Members: {} and {} more.", named.join(", "), grouped(more)),
    }
}

/// The template that the members share, or their kind.
fn group(finding: &Finding, max_columns: usize) -> String {
    match Kind::ALL.into_iter().find(|kind| kind.name() == finding.principal) {
        Some(of_kind) => format!("kind {}", kind(of_kind)),
        None => shown_ends(short_name(&finding.principal), max_columns.min(VALUE)),
    }
}
