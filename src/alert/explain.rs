//! The sentences that explain a finding, for the SIEM and the terminal alike: who did what unusual, what its own
//! history, its peers and others say of it, and how many bits that is worth (model, section 2.10).
//!
//! Everything returned may be shown as it is: text of the audit log in it is bounded and made visible.

mod chain;
pub mod group;
mod numbers;
mod standing;
mod value;

pub use chain::chain;
pub use numbers::{bits, grouped, percent, rarity};
pub use standing::{MAX_NEWS, additions, band_name, rate, standing, turns};

use super::escape::{columns, shown, shown_ends};

use crate::event::{Activity, AuditRef, Expectation, Family, Feature, Finding, Kind, Reason, Sensitivity, Timestamp};
use value::{action, value};

/// Columns that a value of the audit log may take in a sentence.
const VALUE: usize = 60;
/// Columns that an identity's name may take in a sentence.
const NAME: usize = 64;
/// Columns that the reason for a kind may take.
const KIND_REASON: usize = 120;
/// Longest title, in columns.
const TITLE: usize = 100;
/// Further values that a sentence names.
const OTHERS: usize = 5;

/// The part of a principal's name that people call it by, else the whole: `role/payments-api` of an ARN, `job@shop` of
/// `job@shop.iam.gserviceaccount.com`, `serviceaccount:shop:job` of `system:serviceaccount:shop:job`.
pub fn short_name(principal: &str) -> &str {
    const ACCOUNT: &str = ".iam.gserviceaccount.com";
    let short = match principal {
        arn if arn.starts_with("arn:") => arn.splitn(6, ':').nth(5),
        user if user.starts_with("system:serviceaccount:") => user.strip_prefix("system:"),
        mail => mail.strip_suffix(ACCOUNT),
    };
    short.filter(|name| !name.is_empty()).unwrap_or(principal)
}

/// Kind and acquaintance: `workload, known for 17 days, 412 active hours`.
pub fn acquaintance(finding: &Finding) -> String {
    let known = known_for(finding.last.since(finding.maturity.first_seen));
    let hours = u64::from(finding.maturity.active_hours);
    let learning = if finding.maturity.learning { ", still learning" } else { "" };
    format!("{}, {known}, {} active {}{learning}", kind(finding.kind), grouped(hours), plural(hours, "hour", "hours"))
}

/// One line of at most 100 columns: identity and verb; of a campaign the group and how many.
pub fn title(finding: &Finding) -> String {
    if let Some(campaign) = &finding.campaign {
        return shown(&group::campaign(finding, campaign), TITLE);
    }
    let closed = if finding.activity == Activity::Close { "Closed: " } else { "" };
    let identity = shown_ends(short_name(&finding.principal), 40);
    let mut title = shown(&format!("{closed}{identity} {}", deed(finding)), TITLE);
    for circumstance in circumstances(finding, false) {
        let longer = format!("{title}, {circumstance}");
        if columns(&longer) <= TITLE {
            title = longer;
        }
    }
    title
}

/// One sentence: who did what unusual, from where, how unusual.
pub fn message(finding: &Finding) -> String {
    if let Some(campaign) = &finding.campaign {
        return group::message(finding, campaign);
    }
    let who_and_what = format!(
        "{} ({}, {}) {}: {} bits of evidence against a threshold of {}, {}.",
        shown_ends(short_name(&finding.principal), NAME),
        kind(finding.kind),
        shown(&finding.scope, NAME),
        predicate(finding),
        bits(finding.evidence_bits),
        bits(finding.threshold_bits),
        rarity(finding.score),
    );
    std::iter::once(who_and_what).chain(changes(finding)).collect::<Vec<_>>().join(" ")
}

/// The whole explanation, line by line, for whoever opens the alert.
pub fn description(finding: &Finding) -> String {
    let name = shown_ends(short_name(&finding.principal), NAME);
    let scope = shown(&finding.scope, NAME);
    let mut lines = match &finding.campaign {
        Some(campaign) => group::description(finding, campaign),
        None => vec![format!("{name} of {scope} ({}) {}.", acquaintance(finding), predicate(finding)), weight(finding)],
    };
    if !finding.reasons.is_empty() {
        lines.push("Why (the bits add up to the evidence):".to_owned());
    }
    lines.extend(finding.reasons.iter().map(|reason| format!("- {}", sentence(reason))));
    lines.extend(changes(finding));
    if finding.maturity.learning {
        lines.push("It has little history of its own yet and is judged by its peers': low confidence.".to_owned());
    }
    if !finding.kind_reason.is_empty() {
        lines.push(format!("Kind: {}, because {}.", kind(finding.kind), shown(&finding.kind_reason, KIND_REASON)));
    }
    lines.extend(ownership(finding));
    lines.join("\n")
}

/// What the configuration says of the identity: a line, where it says anything.
fn ownership(finding: &Finding) -> Option<String> {
    let text = |what: &str, text: &Option<String>| {
        text.as_deref().map(|text| format!("{what}: {}.", shown(text, KIND_REASON)))
    };
    let criticality = finding.criticality.map(|criticality| format!("Criticality: {}.", criticality.name()));
    let said = [text("Owner", &finding.owner), text("Vendor", &finding.vendor), criticality];
    let said: Vec<String> = said.into_iter().flatten().collect();
    (!said.is_empty()).then(|| said.join(" "))
}

/// Evidence, threshold, the budget that it follows from, and how rare that is.
fn weight(finding: &Finding) -> String {
    format!(
        "Evidence: {} bits against a threshold of {} (for a budget of {} per 1,000 identities and day); {}.",
        bits(finding.evidence_bits),
        bits(finding.threshold_bits),
        rate(finding.budget),
        rarity(finding.score)
    )
}

/// What changed since the last statement, and where it stands: a sentence each.
fn changes(finding: &Finding) -> Vec<String> {
    let added = additions(finding);
    let added = (!added.is_empty()).then(|| format!("New since the last alert: {added}."));
    added.into_iter().chain(turns(finding)).chain(standing(finding)).collect()
}

/// One reason in full: family, bits, what was seen, own history, peers, and what else says the same.
pub fn sentence(reason: &Reason) -> String {
    let mut parts = vec![format!(
        "{} {} bits: {}{}",
        reason.feature.family().name(),
        bits(reason.contribution),
        observed(reason, VALUE),
        others(reason)
    )];
    parts.push(format!("own history: {}", own_history(reason)));
    parts.extend(peers(reason));
    parts.push(match group::wave(reason) {
        Some(wave) => format!("{wave}, scaled by {:.2}", reason.scale),
        None => format!("{} bits of surprise, scaled by {:.2}", bits(reason.surprise_bits), reason.scale),
    });
    if !reason.also.is_empty() {
        let also: Vec<&str> = reason.also.iter().take(Feature::ALL.len()).map(|(feature, _)| feature.name()).collect();
        parts.push(format!("seen as well in {}, counted once", also.join(", ")));
    }
    parts.join("; ") + "."
}

/// What was seen, and how many further values: `iam:CreateAccessKey + 5 more`.
pub fn observed(reason: &Reason, max_columns: usize) -> String {
    let more = match reason.values {
        0 | 1 => String::new(),
        values => format!(" + {} more", grouped(u64::from(values) - 1)),
    };
    value(&reason.observed, max_columns.saturating_sub(more.len())) + &more
}

/// What the identity's own history says of it, in numbers.
pub fn own_history(reason: &Reason) -> String {
    let Expectation { own_hours, probability, last_seen, .. } = reason.expected;
    let (often, hours) = (percent(probability), hours(own_hours));
    let history = match reason.feature {
        Feature::TwoNetworks => format!("so in {often} of its {hours} active hours"),
        Feature::Sensitive => format!("first use expected in {often} of active hours, none in its {hours}"),
        Feature::Revival => format!("so much new in {often} of such returns"),
        _ => format!("new in {often} of its {hours} active hours"),
    };
    match last_seen {
        Some(time) => format!("{history}, not since {}", date(time)),
        None => history,
    }
}

/// What peers and others say of it, in numbers; nothing where the feature is not compared with theirs.
pub fn peers(reason: &Reason) -> Option<String> {
    let others = u64::from(reason.expected.others_with_value);
    let identities = plural(others, "identity", "identities");
    own_group(reason).map(|group| format!("{group}, {} {identities} elsewhere", grouped(others)))
}

/// Own history, peers and others in the fewest words: `new in 0.4 % of 412 h; 0 of 31 peers, 2 elsewhere`.
pub fn expected_briefly(reason: &Reason) -> String {
    let Expectation { own_hours, probability, last_seen, others_with_value, .. } = reason.expected;
    let (often, hours) = (percent(probability), hours(own_hours));
    let mut brief = match reason.feature {
        Feature::TwoNetworks => format!("so in {often} of {hours} h"),
        Feature::Sensitive => format!("first in {hours} h, chance {often}"),
        Feature::Revival => format!("so in {often} of such returns"),
        _ => format!("new in {often} of {hours} h"),
    };
    if let Some(time) = last_seen {
        brief.push_str(&format!(", last {}", date(time)));
    }
    match (group::wave_briefly(reason), own_group(reason)) {
        (Some(alike), _) => brief.push_str(&format!("; {alike}")),
        (None, Some(group)) => brief.push_str(&format!("; {group}, {} elsewhere", grouped(others_with_value.into()))),
        (None, None) => {}
    }
    brief
}

fn own_group(reason: &Reason) -> Option<String> {
    let Expectation { peers, peers_with_value, .. } = reason.expected;
    match (reason.feature, peers) {
        // How many have used a sensitive class is not counted, only how often a first use comes.
        (Feature::TwoNetworks | Feature::Revival | Feature::Sensitive, _) => None,
        (_, 0) => Some("no peers".to_owned()),
        (_, peers) => {
            let noun = plural(peers.into(), "peer", "peers");
            Some(format!("{} of {} {noun}", grouped(peers_with_value.into()), grouped(peers.into())))
        }
    }
}

/// The name of a kind, as people write it.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Human => "human",
        Kind::ServiceAccount => "service account",
        Kind::Workload => "workload",
        Kind::CiPipeline => "CI pipeline",
        Kind::VendorApp => "vendor app",
        Kind::AiAgent => "AI agent",
        Kind::CloudService => "cloud service",
        Kind::Unknown => "unknown kind",
    }
}

/// `used iam:CreateAccessKey for the first time, from a network it never used (198.51.100.0/24)`.
pub fn predicate(finding: &Finding) -> String {
    let mut parts = vec![deed(finding)];
    parts.extend(circumstances(finding, true));
    parts.join(", ")
}

/// What it did: the reason of the family `what`, else the newest call.
fn deed(finding: &Finding) -> String {
    let Some(reason) = finding.reasons.iter().find(|reason| reason.feature.family() == Family::What) else {
        return match finding.events.last() {
            Some(event) => format!("called {}", call(event, VALUE)),
            None => "acted unusually".to_owned(),
        };
    };
    let verb = match reason.feature {
        Feature::Resource => "reached for",
        _ => "used",
    };
    format!("{verb} {} {}", observed(reason, VALUE), first_or_again(reason))
}

/// What it meant, from where, with what: one clause a reason, in the order of the families.
fn circumstances(finding: &Finding, with_values: bool) -> Vec<String> {
    let mut reasons: Vec<&Reason> =
        finding.reasons.iter().filter(|reason| reason.feature.family() != Family::What).collect();
    reasons.sort_by_key(|reason| (reason.feature != Feature::Sensitive, reason.feature.family()));
    reasons.into_iter().map(|reason| circumstance(reason, with_values)).collect()
}

fn circumstance(reason: &Reason, with_values: bool) -> String {
    let clause = match reason.feature {
        Feature::Network => format!("from a network it {}", never_or_not_since(reason)),
        Feature::Asn => format!("from an operator it {}", never_or_not_since(reason)),
        Feature::TwoNetworks => return "from several networks in one hour".to_owned(),
        Feature::Region => format!("in a region it {}", never_or_not_since(reason)),
        Feature::TargetAccount => format!("in an account it {}", never_or_not_since(reason)),
        Feature::Client => format!("with a client it {}", never_or_not_since(reason)),
        Feature::Sensitive => return sensitive(&reason.observed),
        Feature::Revival => "after a long rest".to_owned(),
        Feature::Action | Feature::Resource | Feature::Pair => first_or_again(reason),
    };
    match with_values && !reason.observed.is_empty() {
        true => format!("{clause} ({})", observed(reason, VALUE)),
        false => clause,
    }
}

fn sensitive(observed: &str) -> String {
    let class = Sensitivity::ALL.into_iter().find(|class| observed.contains(class.name()));
    match class {
        Some(Sensitivity::SecretRead) => "its first reading of a secret".to_owned(),
        Some(Sensitivity::IamWrite) => "its first change of credentials or permissions".to_owned(),
        Some(Sensitivity::LogControl) => "its first change of logs or detectors".to_owned(),
        Some(Sensitivity::Destructive) => "its first destructive action".to_owned(),
        None => format!("its first sensitive action ({})", shown(observed, VALUE)),
    }
}

fn first_or_again(reason: &Reason) -> String {
    match reason.expected.last_seen {
        Some(time) => format!("for the first time since {}", date(time)),
        None => "for the first time".to_owned(),
    }
}

fn never_or_not_since(reason: &Reason) -> String {
    match reason.expected.last_seen {
        Some(time) => format!("has not used since {}", date(time)),
        None => "never used".to_owned(),
    }
}

fn others(reason: &Reason) -> String {
    if reason.others.is_empty() {
        return String::new();
    }
    let named: Vec<String> = reason.others.iter().take(OTHERS).map(|other| value(other, VALUE)).collect();
    let dots = if reason.others.len() > OTHERS { ", …" } else { "" };
    format!(" ({}{dots})", named.join(", "))
}

/// `iam:CreateAccessKey`, as it may be shown.
pub fn call(event: &AuditRef, max_columns: usize) -> String {
    shown(&action(&format!("{}:{}", event.service, event.operation)), max_columns)
}

fn hours(own_hours: f64) -> String {
    match own_hours {
        hours if hours < 9.95 => format!("{hours:.1}"),
        hours => grouped(hours.round() as u64),
    }
}

fn known_for(millis: i64) -> String {
    let (days, hours) = (millis / Timestamp::DAY_MS, millis / Timestamp::HOUR_MS);
    match (days, hours) {
        (..=0, ..=0) => "known for less than an hour".to_owned(),
        (..=1, hours) => format!("known for {hours} {}", plural(hours.unsigned_abs(), "hour", "hours")),
        (days, _) => format!("known for {} days", grouped(days.unsigned_abs())),
    }
}

fn date(time: Timestamp) -> String {
    let text = time.to_string();
    text.split_once('T').map_or(text.clone(), |(date, _)| date.to_owned())
}

/// The form of a noun that goes with the number.
pub fn plural<'a>(count: u64, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}
