//! An alert as a person reads it on a terminal, in ten seconds: how bad, who, what, why in numbers, where to look.
//!
//! Lines are at most 120 columns wide. Text of the audit log is bounded and made visible: it cannot colour, move or
//! break a line. Whether to colour is an argument; nothing here looks at the terminal.

use super::attack;
use super::escape::{columns, shown, shown_ends};
use super::explain::{self, band_name, bits, call, grouped, plural, short_name};
use crate::event::{Activity, AuditRef, Band, Finding, NewHere, Reason};

/// Widest line, in columns.
pub const MAX_COLUMNS: usize = 120;

/// Whether to colour by severity, with ANSI sequences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Plain text.
    Never,
    /// The head line by its band, what is secondary dimmed.
    Always,
}

/// The alert in a few lines, each ended by a line feed. An update is shorter and says what is new.
pub fn render(finding: &Finding, colour: Colour) -> String {
    let mut lines = Lines { text: String::new(), colour };
    match finding.activity {
        _ if finding.campaign.is_some() => notice(finding, &mut lines),
        Activity::Create => opening(finding, &mut lines),
        Activity::Update => update(finding, &mut lines),
        Activity::Close => close(finding, &mut lines),
    }
    lines.text
}

fn opening(finding: &Finding, lines: &mut Lines) {
    lines.head(finding, &format!("({})", explain::acquaintance(finding)));
    lines.wrapped(2, &explain::predicate(finding));
    lines.wrapped(2, &weight(finding));
    lines.chain(finding);
    lines.sentences(finding);
    lines.reasons(&finding.reasons.iter().collect::<Vec<_>>());
    lines.source(finding);
}

fn notice(finding: &Finding, lines: &mut Lines) {
    let Some(campaign) = &finding.campaign else { return };
    lines.head(finding, &format!("({})", explain::kind(finding.kind)));
    lines.wrapped(2, &explain::group::campaign(finding, campaign));
    lines.wrapped(2, &explain::group::members(campaign));
    lines.sentences(finding);
    lines.reasons(&finding.reasons.iter().collect::<Vec<_>>());
    lines.source(finding);
}

fn close(finding: &Finding, lines: &mut Lines) {
    lines.head(finding, &format!("opened {}", finding.opened));
    lines.wrapped(2, &explain::predicate(finding));
    lines.sentences(finding);
    lines.source(finding);
}

fn update(finding: &Finding, lines: &mut Lines) {
    let since = format!("update {}, opened {}", finding.sequence, finding.opened);
    lines.head(finding, &since);
    match explain::additions(finding) {
        news if !news.is_empty() => lines.wrapped(2, &format!("adds {news}")),
        _ if finding.news.is_empty() => lines.wrapped(2, "adds more of the same"),
        _ => {}
    }
    lines.wrapped(2, &weight(finding));
    lines.chain(finding);
    lines.sentences(finding);
    lines.reasons(&new_reasons(finding));
    lines.source(finding);
}

/// The reasons of the families that are new or were lowered; where none is, the one that rose last.
fn new_reasons(finding: &Finding) -> Vec<&Reason> {
    let is_new = |reason: &&Reason| {
        finding.news.contains(&NewHere::Family(reason.feature.family()))
            || finding.news.contains(&NewHere::Wave(reason.feature))
    };
    let new: Vec<&Reason> = finding.reasons.iter().filter(is_new).collect();
    match new.is_empty() {
        true => finding.reasons.iter().max_by_key(|reason| reason.time).into_iter().collect(),
        false => new,
    }
}

fn weight(finding: &Finding) -> String {
    format!(
        "{} bits of evidence, threshold {}; {}",
        bits(finding.evidence_bits),
        bits(finding.threshold_bits),
        explain::rarity(finding.score)
    )
}

struct Lines {
    text: String,
    colour: Colour,
}

impl Lines {
    /// `● CRITICAL 91  aws/123456789012  role/payments-api  (…)`
    fn head(&mut self, finding: &Finding, rest: &str) {
        const SCOPE: usize = 32;
        let (mark, badge) = badge(finding);
        let scope = shown_ends(&finding.scope, SCOPE);
        let taken = columns(&badge) + columns(&scope) + columns(rest) + 8;
        let name = shown_ends(short_name(&finding.principal), MAX_COLUMNS.saturating_sub(taken).max(24));
        let plain = shown(&format!("{mark} {badge}  {scope}  {name}  {rest}"), MAX_COLUMNS);
        let split = (mark.len_utf8() + 1 + badge.len()).min(plain.len());
        let (first, second) = plain.split_at(split);
        self.push(&[(band_colour(finding), first), ("", second)]);
    }

    /// Text that goes on in the next line where it is too long.
    fn wrapped(&mut self, indent: usize, text: &str) {
        let mut line = " ".repeat(indent);
        let mut used = indent;
        for word in text.split(' ') {
            let width = columns(word);
            if used > indent && used + 1 + width > MAX_COLUMNS {
                self.push(&[("", &line)]);
                line = " ".repeat(indent);
                used = indent;
            }
            if used > indent {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += width;
        }
        self.push(&[("", &line)]);
    }

    /// By way of whom the identity came to act, where that is known.
    fn chain(&mut self, finding: &Finding) {
        if let Some(chain) = explain::chain(finding) {
            self.wrapped(2, &chain);
        }
    }

    /// What lowered it, why it alerts nobody, that it is over.
    fn sentences(&mut self, finding: &Finding) {
        for sentence in explain::turns(finding).into_iter().chain(explain::standing(finding)) {
            self.wrapped(2, &sentence);
        }
    }

    /// A row a reason: family, bits, what was observed, what was to be expected.
    fn reasons(&mut self, reasons: &[&Reason]) {
        const OBSERVED: usize = 36;
        let observed: Vec<String> = reasons.iter().map(|reason| explain::observed(reason, OBSERVED)).collect();
        let width = observed.iter().map(|text| columns(text)).max().unwrap_or(0);
        for (reason, observed) in reasons.iter().zip(&observed) {
            let padding = " ".repeat(width - columns(observed));
            let left = format!(
                "    {:<6} {:>5}  {observed}{padding}  ",
                reason.feature.family().name(),
                bits(reason.contribution)
            );
            let room = MAX_COLUMNS.saturating_sub(columns(&left));
            let expected = shown(&explain::expected_briefly(reason), room);
            self.push(&[("", &left), (DIM, &expected)]);
        }
    }

    /// When, the position of the audit record, and how to find the rest.
    fn source(&mut self, finding: &Finding) {
        let Some(event) = finding.events.last() else { return };
        let mut parts = vec![
            event.time.to_string(),
            position(event),
            call(event, 40),
            event.error.as_deref().map(|error| shown(error, 24)).unwrap_or_default(),
            event.source_ip.as_deref().map(|ip| format!("from {}", shown(ip, 40))).unwrap_or_default(),
            event.credential.as_deref().map(|id| shown(id, 24)).unwrap_or_default(),
            event.session.as_deref().map(|name| format!("session {}", shown_ends(name, 32))).unwrap_or_default(),
            techniques(finding),
        ];
        if finding.count > 1 {
            parts.push(format!("{} events since {}", grouped(finding.count), finding.first));
        }
        parts.retain(|part| !part.is_empty());
        self.dimmed(&parts);
    }

    /// Parts with two spaces between them, as many in a line as fit.
    fn dimmed(&mut self, parts: &[String]) {
        let mut line = String::new();
        for part in parts {
            if !line.is_empty() && columns(&line) + columns(part) + 4 > MAX_COLUMNS {
                self.push(&[(DIM, &format!("  {line}"))]);
                line.clear();
            }
            if !line.is_empty() {
                line.push_str("  ");
            }
            line.push_str(part);
        }
        self.push(&[(DIM, &format!("  {line}"))]);
    }

    /// One line of pieces, each with its colour; no spaces at its end.
    fn push(&mut self, pieces: &[(&str, &str)]) {
        let last = pieces.iter().rposition(|(_, piece)| !piece.trim_end().is_empty()).unwrap_or(0);
        for (at, (colour, piece)) in pieces.iter().enumerate().take(last + 1) {
            let piece = if at == last { piece.trim_end() } else { piece };
            match self.colour == Colour::Always && !colour.is_empty() {
                true => self.text.extend([colour, piece, RESET]),
                false => self.text.push_str(piece),
            }
        }
        self.text.push('\n');
    }
}

const RESET: &str = "\x1b[0m";
const DIM: &str = "\x1b[2m";

fn badge(finding: &Finding) -> (char, String) {
    let band = band_name(finding.band);
    match (finding.is_alert(), finding.activity) {
        (false, _) if finding.campaign.is_some() => ('○', "campaign".to_owned()),
        (_, Activity::Close) => ('✓', format!("closed, {band} {}", finding.risk_score)),
        (false, _) => ('○', format!("recorded, {band} {}", finding.risk_score)),
        (true, Activity::Create) => ('●', format!("{} {}", band.to_uppercase(), finding.risk_score)),
        (true, Activity::Update) => ('▲', format!("{} {}", band.to_uppercase(), finding.risk_score)),
    }
}

fn band_colour(finding: &Finding) -> &'static str {
    match (finding.is_alert(), finding.band) {
        (false, _) | (true, Band::Low) => DIM,
        _ if finding.activity == Activity::Close => DIM,
        (true, Band::Medium) => "\x1b[36m",
        (true, Band::High) => "\x1b[33m",
        (true, Band::Critical) => "\x1b[1;31m",
    }
}

/// `audit.aws[3]@12345`, with `#2` for the third record of the message.
fn position(event: &AuditRef) -> String {
    let index = if event.index == 0 { String::new() } else { format!("#{}", event.index) };
    format!("{}[{}]@{}{index}", shown_ends(&event.topic, 40), event.partition, event.offset)
}

fn techniques(finding: &Finding) -> String {
    const SHOWN: usize = 4;
    let mappings = attack::mappings(finding);
    let techniques: Vec<String> =
        mappings.iter().filter_map(|mapping| mapping.technique).map(|id| shown(id, 12)).collect();
    let more = techniques.len().saturating_sub(SHOWN);
    let dots = if more > 0 { format!(" + {more} {}", plural(more as u64, "other", "others")) } else { String::new() };
    format!("ATT&CK {}{dots}", techniques[..techniques.len() - more].join(" "))
}
