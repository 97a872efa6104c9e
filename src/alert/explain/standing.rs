//! Where a finding stands: what is new in it, what lowered it, why it alerts nobody, that it is over.

use super::{bits, group};
use crate::event::{Activity, Band, Family, Feature, Finding, Muted, NewHere};

/// News named in one alert at most.
pub const MAX_NEWS: usize = 16;

/// What an update adds: `a new network, tactic Persistence`; nothing where it adds nothing.
pub fn additions(finding: &Finding) -> String {
    let named: Vec<String> = finding.news.iter().take(MAX_NEWS).filter_map(addition).collect();
    named.join(", ")
}

/// What became of it otherwise since the last statement, a sentence each: raised, lowered, or no longer muted.
pub fn turns(finding: &Finding) -> Vec<String> {
    let named = finding.news.iter().take(MAX_NEWS).filter_map(|news| match news {
        NewHere::Wave(feature) => Some(lowered(finding, *feature)),
        NewHere::Released => {
            Some("Released: so far it alerted nobody, for its age or for the cap on alerts; now it does.".to_owned())
        }
        NewHere::Band(band) => Some(format!("Raised: the severity is {} now.", band_name(*band))),
        NewHere::Family(_) | NewHere::Tactic(_) | NewHere::Network(_) => None,
    });
    named.collect()
}

/// Why nobody is alerted, or that it is over; none for an alert.
pub fn standing(finding: &Finding) -> Option<String> {
    match (finding.activity, finding.muted) {
        (Activity::Close, _) => Some(format!("Closed: nothing was added to it since {}.", finding.last)),
        (_, Some(muted)) => Some(mute(finding, muted)),
        (_, None) => None,
    }
}

/// The name of a band, small.
pub fn band_name(band: Band) -> &'static str {
    match band {
        Band::Low => "low",
        Band::Medium => "medium",
        Band::High => "high",
        Band::Critical => "critical",
    }
}

/// Alerts per 1,000 identities and day, as people write it: `0.08`, `1`, `20`.
pub fn rate(budget: f64) -> String {
    match budget {
        budget if !(0.001..1e6).contains(&budget.abs()) => format!("{budget:.1e}"),
        budget => {
            let digits = format!("{budget:.3}");
            digits.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
    }
}

fn addition(news: &NewHere) -> Option<String> {
    match news {
        NewHere::Family(family) => Some(family_news(*family).to_owned()),
        NewHere::Tactic(tactic) => Some(format!("tactic {}", tactic.id_and_name().1)),
        NewHere::Network(class) => Some(format!("source of class {}", class.name().replace('_', " "))),
        NewHere::Band(_) | NewHere::Wave(_) | NewHere::Released => None,
    }
}

fn family_news(family: Family) -> &'static str {
    match family {
        Family::What => "new actions or resources",
        Family::Net => "a new network",
        Family::Region => "a new region or account",
        Family::Client => "a new client",
        Family::Sens => "a first sensitive action",
        Family::Revive => "activity after a long rest",
    }
}

fn lowered(finding: &Finding, feature: Feature) -> String {
    let reason = finding.reasons.iter().find(|reason| reason.feature == feature);
    match reason.and_then(|reason| group::wave(reason).map(|wave| (reason, wave))) {
        Some((reason, wave)) => {
            format!("Lowered: {wave}; {} adds {} bits now.", feature.name(), bits(reason.contribution))
        }
        None => format!("Lowered: peers showed as much that is new, so {} counts for less.", feature.name()),
    }
}

fn mute(finding: &Finding, muted: Muted) -> String {
    match muted {
        Muted::Kind => {
            format!("For the record: incidents of kind {} alert nobody (detect.record_only).", finding.kind.name())
        }
        Muted::Age => "For the record: its newest event is too old to be news (budget.max_age_hours).".to_owned(),
        Muted::Cap => format!(
            "Held back: the hard cap on alerts was reached (the budget is {} per 1,000 identities and day).",
            rate(finding.budget)
        ),
        Muted::Notice => "For the record: the notice of a campaign alerts nobody and is outside the budget.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::rate;

    #[test]
    fn a_budget_reads_well() {
        let read = [0.08, 1.0, 20.0, 0.125, 1e-4, 1e9].map(rate);
        assert_eq!(read, ["0.08", "1", "20", "0.125", "1.0e-4", "1.0e9"]);
    }
}
