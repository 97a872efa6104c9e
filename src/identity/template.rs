//! The pattern that a principal's name was stamped from: generated parts are replaced by `*`.
//!
//! In comes a principal, out goes its name without partition and account (`role/team/app-*`): names repeat across
//! accounts, and a template says how something was made, not where. One pass over the bytes; never longer than the
//! name, never empty, and a template is its own template.
//!
//! A name falls into words (runs of letters and digits) and what separates them. Generated are:
//! * numbers: run numbers, ordinals, dates, account numbers (`ci-run-4711`, `2026-01-31`);
//! * UUIDs, and hexadecimal words of 8 and more characters with a digit (`7f9c2d41`);
//! * Kubernetes' suffixes: five letters or digits after a generated word (`7f9c2d41b8-xz2kq`), or five of its own
//!   alphabet with a digit at the end;
//! * CloudFormation's suffixes: 12 or 13 capitals and digits (`1QPCN5K6LXV1Z`), at the end also without digits, and its
//!   newer ones in both cases;
//! * CDK's hashes at the end of a word (`HandlerServiceRoleFCDC14AE`), and four and more digits there (`build4711`);
//! * long words in which letters and digits alternate (`x7k2q9ab3d`);
//! * regions (`eu-central-1`), as one word.
//!
//! Environments (`prod`, `dev`) stay: what is stamped for one behaves otherwise than for the other.

use std::ops::Range;

use smallvec::{SmallVec, smallvec};

use super::arn::{Arn, part};
use super::gcp;
use crate::event::Text;

/// How the ids of Google's OAuth clients end: generated as they are, each is another app.
const OAUTH_CLIENTS: &str = ".apps.googleusercontent.com";

/// How the users of a Kubernetes cluster's nodes are named: what follows is the machine's name, which changes with it.
const NODES: &str = "system:node:";

/// How a principal's template is made: where its name lies, and which parts of it are generated.
#[derive(Debug)]
pub(super) struct Stamp {
    name: Range<usize>,
    generated: SmallVec<[Range<usize>; 3]>,
}

impl Stamp {
    /// Looks at a principal.
    pub(super) fn of(principal: &str) -> Stamp {
        let name = match gcp::own_name(principal) {
            Some(name) => 0..name.len(),
            None => name_start(principal)..principal.len(),
        };
        let generated = if principal.starts_with(NODES) {
            smallvec![NODES.len()..principal.len()]
        } else if principal.ends_with(OAUTH_CLIENTS) {
            SmallVec::new()
        } else {
            let found = generated_parts(&principal[name.clone()]);
            found.into_iter().map(|part| name.start + part.start..name.start + part.end).collect()
        };
        Stamp { name, generated }
    }

    /// The template of the principal that was looked at.
    pub(super) fn template<'a>(&self, principal: &Text<'a>) -> Text<'a> {
        template(principal, self.name.clone(), self.generated.iter().cloned())
    }

    /// The same in few bytes, where that is possible.
    pub(super) fn short(&self) -> Option<ShortStamp> {
        let mut generated = [UNUSED; 3];
        for (place, part) in self.generated.iter().enumerate() {
            *generated.get_mut(place)? = short(part)?;
        }
        Some(ShortStamp { name: short(&self.name)?, generated })
    }
}

/// A [`Stamp`] of a name with few generated parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct ShortStamp {
    name: [u16; 2],
    generated: [[u16; 2]; 3],
}

/// In place of a generated part that there is not.
const UNUSED: [u16; 2] = [u16::MAX; 2];

impl ShortStamp {
    /// Of nothing.
    pub(super) const NONE: ShortStamp = ShortStamp { name: [0; 2], generated: [UNUSED; 3] };

    /// The template of the principal that was looked at.
    pub(super) fn template<'a>(&self, principal: &Text<'a>) -> Text<'a> {
        let range = |[start, end]: [u16; 2]| start.into()..end.into();
        let generated = self.generated.into_iter().take_while(|part| *part != UNUSED);
        template(principal, range(self.name), generated.map(range))
    }
}

fn short(range: &Range<usize>) -> Option<[u16; 2]> {
    Some([range.start.try_into().ok()?, range.end.try_into().ok()?])
}

/// A part of the principal, with a star for each of its generated parts.
fn template<'a>(
    principal: &Text<'a>,
    name: Range<usize>,
    mut generated: impl Iterator<Item = Range<usize>>,
) -> Text<'a> {
    let Some(first) = generated.next() else { return part(principal, name) };
    let mut template = String::with_capacity(name.len() + 1);
    template.push_str(&principal[name.start..first.start]);
    template.push('*');
    let mut copied = first.end;
    for part in generated {
        template.push_str(&principal[copied..part.start]);
        template.push('*');
        copied = part.end;
    }
    template.push_str(&principal[copied..name.end]);
    Text::Owned(template)
}

/// The template of a name: the name with its generated parts replaced by `*`.
pub fn template_of(name: &str) -> String {
    template(&Text::Borrowed(name), 0..name.len(), generated_parts(name).into_iter()).into_owned()
}

/// Where the name begins: after `arn:…:account:` of an ARN, after `account/` of an id in an account, at the pool's name of a
/// federated principal of Google Cloud.
fn name_start(principal: &str) -> usize {
    if let Some(arn) = Arn::parse(principal) {
        return principal.len() - arn.resource.len();
    }
    if let Some(start) = gcp::pool_start(principal) {
        return start;
    }
    match principal.split_once('/') {
        Some((account, id)) if super::arn::is_account(account) && !id.is_empty() => account.len() + 1,
        _ => 0,
    }
}

/// The parts of a name that are generated; several in a row are one.
fn generated_parts(name: &str) -> SmallVec<[Range<usize>; 3]> {
    if !may_be_generated(name) {
        return SmallVec::new();
    }
    let mut scan = Scan { name, parts: SmallVec::new(), after_generated: false };
    let mut at = 0;
    while let Some(word) = next_word(name, at) {
        at = scan.word(word);
    }
    scan.parts
}

/// A quick look that spares most names the scan: nothing is generated without digits, stars or 12 capitals.
fn may_be_generated(name: &str) -> bool {
    let mut capitals = 0;
    name.bytes().any(|byte| {
        capitals = if byte.is_ascii_uppercase() { capitals + 1 } else { 0 };
        byte.is_ascii_digit() || byte == b'*' || capitals >= 12
    })
}

/// A pass over a name.
struct Scan<'n> {
    name: &'n str,
    parts: SmallVec<[Range<usize>; 3]>,
    /// Whether the word before was generated, and nothing but one separator lies between.
    after_generated: bool,
}

impl Scan<'_> {
    /// Takes one word, or several that are generated as one; returns where to go on.
    fn word(&mut self, word: Range<usize>) -> usize {
        let generated = generated_part(self.name, &word, self.after_generated);
        match generated {
            Some(range) => {
                let end = range.end;
                self.add(range);
                end
            }
            None => {
                self.after_generated = false;
                word.end
            }
        }
    }

    /// Adds a generated part, to the one before where hardly anything lies between.
    fn add(&mut self, range: Range<usize>) {
        self.after_generated = true;
        match self.parts.last_mut() {
            Some(last) if matches!(&self.name[last.end..range.start], between if between.len() <= 1 && between != "/") =>
            {
                last.end = range.end;
            }
            _ => self.parts.push(range),
        }
    }
}

/// The next run of ASCII letters, digits and stars at or after `from`. Other characters separate.
fn next_word(name: &str, from: usize) -> Option<Range<usize>> {
    let bytes = name.as_bytes();
    let start = from + bytes[from..].iter().position(|byte| is_word(*byte))?;
    let end = bytes[start..].iter().position(|byte| !is_word(*byte)).map_or(bytes.len(), |length| start + length);
    Some(start..end)
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'*'
}

/// The generated part that begins in `word`, where there is one: a tail of it, all of it, or it and the words after.
fn generated_part(name: &str, word: &Range<usize>, after_generated: bool) -> Option<Range<usize>> {
    let rest = &name.as_bytes()[word.start..];
    let bytes = &name.as_bytes()[word.clone()];
    if let Some(length) = uuid(rest).or_else(|| region(rest)) {
        return Some(word.start..word.start + length);
    }
    let last = word.end == name.len() || rest[bytes.len()] == b'/';
    if after_generated && last && is_pod_suffix(bytes) {
        return Some(word.clone());
    }
    // What follows needs a digit, a capital or a star; most words have none.
    if bytes.iter().all(u8::is_ascii_lowercase) {
        return None;
    }
    if is_generated(bytes, last) {
        return Some(word.clone());
    }
    let kept = bytes.len() - generated_tail(bytes)?;
    Some(word.start + kept..word.end)
}

/// Whether a word is generated by its own looks.
fn is_generated(word: &[u8], last: bool) -> bool {
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    if word.contains(&b'*') {
        return word == b"*";
    }
    if digits == word.len() {
        return true;
    }
    is_hex(word, digits) || is_stack_suffix(word, digits, last) || is_mixed(word, digits, last)
}

/// Hexadecimal in one case, 8 and more, with a digit.
fn is_hex(word: &[u8], digits: usize) -> bool {
    let lower = word.iter().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte));
    let upper = word.iter().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(byte));
    word.len() >= 8 && digits > 0 && (lower || upper)
}

/// CloudFormation's 12 or 13 capitals and digits; longer ones are AWS's unique ids (`AROA…`).
fn is_stack_suffix(word: &[u8], digits: usize, last: bool) -> bool {
    let capitals = word.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    capitals
        && match word.len() {
            12 | 13 => digits > 0 || last,
            16.. => digits > 0,
            _ => false,
        }
}

/// Letters and digits by turns, as chance makes them and people do not.
fn is_mixed(word: &[u8], digits: usize, last: bool) -> bool {
    if digits == 0 {
        return false;
    }
    let runs = word.chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit()).filter(|run| run[0].is_ascii_digit());
    let digit_runs = runs.count();
    let changes = word.windows(2).filter(|pair| class(pair[0]) != class(pair[1])).count();
    let alternating = word.len() >= 10 && digit_runs >= 3;
    let dense = word.len() >= 8 && digits * 2 >= word.len();
    let both_cases = last && (11..=13).contains(&word.len()) && changes >= 5;
    let pod = last && word.len() == 5 && word.iter().all(|byte| b"bcdfghjklmnpqrstvwxz2456789".contains(byte));
    alternating || dense || both_cases || pod
}

fn class(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => 0,
        b'a'..=b'z' => 1,
        _ => 2,
    }
}

/// The five characters that Kubernetes adds to what is made of a template.
fn is_pod_suffix(word: &[u8]) -> bool {
    word.len() == 5 && word.iter().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

/// Length of the generated end of a word that begins with a name: CDK's 8 capital hexadecimal digits, or 4 and more
/// digits.
fn generated_tail(word: &[u8]) -> Option<usize> {
    let digits = word.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    if let Some((name, tail)) = word.split_last_chunk::<8>()
        && name.last().is_some_and(u8::is_ascii_lowercase)
        && is_hex(tail, tail.iter().filter(|byte| byte.is_ascii_digit()).count())
        && tail.iter().all(|byte| !byte.is_ascii_lowercase())
    {
        return Some(8);
    }
    (digits >= 4 && digits < word.len() && !word.contains(&b'*')).then_some(digits)
}

/// Length of the UUID at the beginning of `rest`.
fn uuid(rest: &[u8]) -> Option<usize> {
    let candidate = rest.get(..36).filter(|candidate| candidate[8] == b'-')?;
    let ends = rest.get(36).is_none_or(|byte| !is_word(*byte));
    let shaped = candidate.iter().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    });
    (ends && shaped).then_some(36)
}

/// Length of the AWS region at the beginning of `rest`: `eu-central-1`, `us-gov-west-1`.
fn region(rest: &[u8]) -> Option<usize> {
    const AREAS: [&[u8]; 11] =
        [b"us-gov-", b"us-", b"eu-", b"ap-", b"sa-", b"ca-", b"me-", b"af-", b"il-", b"mx-", b"cn-"];
    const SIDES: [&[u8]; 9] = [
        b"northeast-",
        b"northwest-",
        b"southeast-",
        b"southwest-",
        b"north-",
        b"south-",
        b"east-",
        b"west-",
        b"central-",
    ];
    if rest.get(2) != Some(&b'-') {
        return None;
    }
    let area = AREAS.iter().find(|area| rest.starts_with(area))?.len();
    let side = SIDES.iter().find(|side| rest[area..].starts_with(side))?.len();
    let number = area + side;
    let ends = rest.get(number + 1).is_none_or(|byte| !is_word(*byte));
    (ends && rest.get(number)?.is_ascii_digit()).then_some(number + 1)
}

#[cfg(test)]
mod tests;
