//! Parts of borrowed text that stay borrowed, and the limit on its length.

use wide::u8x16;

use crate::event::{Actor, Event, Issuer, Origin, Target, Text};

/// A part of `text`, borrowed from where `text` is borrowed from.
pub fn part<'a>(text: &Text<'a>, choose: impl for<'t> Fn(&'t str) -> Option<&'t str>) -> Option<Text<'a>> {
    match text {
        Text::Borrowed(text) => choose(text).map(Text::Borrowed),
        Text::Owned(text) => choose(text).map(|part| Text::Owned(part.to_owned())),
    }
}

/// `text`, or as much of its front as `max_bytes` allow; never half a character.
pub fn cut(text: Text<'_>, max_bytes: usize) -> Text<'_> {
    if text.len() <= max_bytes {
        return text;
    }
    match text {
        Text::Borrowed(text) => Text::Borrowed(&text[..boundary(text, max_bytes)]),
        Text::Owned(mut text) => {
            text.truncate(boundary(&text, max_bytes));
            Text::Owned(text)
        }
    }
}

/// The parts of a text between separators (ASCII), as `str::split` gives them, in one search.
pub fn segments(text: &str, separator: u8) -> impl Iterator<Item = &str> + Clone {
    let (mut next, mut block, mut found) = (Some(0), 0, places_of(separator, text.as_bytes(), 0));
    std::iter::from_fn(move || {
        let start = next?;
        while found == 0 && block + LANE < text.len() {
            block += LANE;
            found = places_of(separator, text.as_bytes(), block);
        }
        let end = if found == 0 { text.len() } else { block + found.trailing_zeros() as usize };
        next = (found != 0).then_some(end + 1);
        found &= found.wrapping_sub(1);
        Some(&text[start..end])
    })
}

/// What stands before and behind the first of these bytes (ASCII). For names, which are short: a search that is made for long
/// texts costs several times as much.
#[inline]
pub fn split_first(name: &str, separator: u8) -> Option<(&str, &str)> {
    let at = name.bytes().position(|byte| byte == separator)?;
    Some((&name[..at], &name[at + 1..]))
}

/// The same of the last of these bytes.
#[inline]
pub fn split_last(name: &str, separator: u8) -> Option<(&str, &str)> {
    let at = name.bytes().rposition(|byte| byte == separator)?;
    Some((&name[..at], &name[at + 1..]))
}

/// What stands before the first of these bytes, or all where there is none.
#[inline]
pub fn first_part(name: &str, separator: u8) -> &str {
    split_first(name, separator).map_or(name, |(first, _)| first)
}

/// What stands behind the last of these bytes, or all where there is none.
#[inline]
pub fn last_part(name: &str, separator: u8) -> &str {
    split_last(name, separator).map_or(name, |(_, last)| last)
}

/// Bytes that are compared at once.
const LANE: usize = 16;

/// The bit that capitals lack.
const CAPITALS_LACK: u8 = 0x20;

/// A bit for each of the bytes from here on that is this one.
#[inline]
fn places_of(byte: u8, text: &[u8], block: usize) -> u32 {
    places_with::<0>(byte, text, block)
}

/// The same with these bits set in each byte of the text.
#[inline]
fn places_with<const SET: u8>(byte: u8, text: &[u8], block: usize) -> u32 {
    let rest = text.get(block..).unwrap_or_default();
    let of_lane = |lane: &[u8; LANE]| (u8x16::new(*lane) | u8x16::splat(SET)).simd_eq(u8x16::splat(byte)).to_bitmask();
    match (rest.first_chunk(), text.last_chunk()) {
        (Some(lane), _) => of_lane(lane),
        (None, Some(last)) => of_lane(last) >> (LANE - rest.len()),
        (None, None) => {
            let mut lane = [0; LANE];
            lane[..rest.len()].copy_from_slice(rest);
            of_lane(&lane) & ((1 << rest.len()) - 1)
        }
    }
}

/// A bit for each of the first 64 bytes of a text that is this one.
pub fn first_places(byte: u8, text: &[u8]) -> u64 {
    let blocks = (0..text.len().min(64)).step_by(LANE);
    blocks.rev().fold(0, |bits, block| bits << LANE | u64::from(places_of(byte, text, block)))
}

/// A word in small letters; empty where there is no room for it, as it is none of those that are looked for then.
pub fn small<'b, const LONGEST: usize>(word: &str, room: &'b mut [u8; LONGEST]) -> &'b [u8] {
    let Some(small) = room.get_mut(..word.len()) else { return &[] };
    small.copy_from_slice(word.as_bytes());
    small.make_ascii_lowercase();
    small
}

/// Whether a text is a word, in capitals or small letters; the word is in small letters, digits, and what stands before
/// them in ASCII. Keys and names are compared with many words, of which most have another length.
#[inline(always)]
pub fn is(text: &[u8], word: &[u8]) -> bool {
    text.len() == word.len() && is_of_length(text, word)
}

/// The same for a text as long as the word, eight bytes at a time.
fn is_of_length(text: &[u8], word: &[u8]) -> bool {
    let (Some(front), Some(front_of_word)) = (text.first_chunk::<8>(), word.first_chunk::<8>()) else {
        return text.eq_ignore_ascii_case(word);
    };
    let (Some(last), Some(last_of_word)) = (text.last_chunk::<8>(), word.last_chunk::<8>()) else { return false };
    let ends = differing(front, front_of_word) | differing(last, last_of_word);
    let middle = || {
        let (parts, words) = (text.as_chunks::<8>().0, word.as_chunks::<8>().0);
        parts.iter().zip(words).all(|(part, word)| differing(part, word) == 0)
    };
    ends == 0 && (text.len() <= 16 || middle())
}

/// The bits in which eight bytes differ from those of a word, but for the bit that capitals lack.
#[inline(always)]
fn differing(text: &[u8; 8], word: &[u8; 8]) -> u64 {
    let (text, word) = (u64::from_le_bytes(*text), u64::from_le_bytes(*word));
    let letters = word & (word >> 1) & 0x2020_2020_2020_2020;
    (text ^ word) & !letters
}

/// Whether a text begins so, in capitals or small letters.
pub fn begins(text: &str, front: &str) -> bool {
    let (text, front) = (text.as_bytes(), front.as_bytes());
    let differ = matches!((text, front), ([one, ..], [other, ..]) if (one ^ other) & !CAPITALS_LACK != 0);
    !differ && text.get(..front.len()).is_some_and(|text| is(text, front))
}

/// Whether a text ends so, in capitals or small letters.
pub fn ends(text: &str, end: &str) -> bool {
    let (text, end) = (text.as_bytes(), end.as_bytes());
    let differ = matches!((text, end), ([.., one], [.., other]) if (one ^ other) & !CAPITALS_LACK != 0);
    !differ && is(&text[text.len().saturating_sub(end.len())..], end)
}

/// Whether a word stands in a text, in capitals or small letters.
pub fn holds(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    let (Some(last), Some(first)) = (text.len().checked_sub(word.len()), word.first()) else { return word.is_empty() };
    let mut block = 0;
    while block <= last {
        let mut found = places_with::<CAPITALS_LACK>(first | CAPITALS_LACK, text, block);
        while found != 0 {
            let at = block + found.trailing_zeros() as usize;
            if text.get(at..at + word.len()).is_some_and(|part| is(part, word)) {
                return true;
            }
            found &= found - 1;
        }
        block += LANE;
    }
    false
}

/// Credentials that one event may have issued.
const MAX_ISSUED: usize = 4;

/// Cuts every text of an event down to `max_bytes`.
pub fn bound(event: &mut Event<'_>, max_bytes: usize) {
    let Event { id, actor, action, error, origin, region, target_account, targets, issued, .. } = event;
    let Origin { ip, network, user_agent, country, .. } = origin;
    for text in [id, &mut action.service, &mut action.operation] {
        shorten(text, max_bytes);
    }
    for text in [error, region, target_account, ip, network, user_agent, country] {
        shorten_if_any(text, max_bytes);
    }
    bound_actor(actor, max_bytes);
    for Target { kind, name, container, account } in targets {
        [kind, name, container].into_iter().for_each(|text| shorten(text, max_bytes));
        shorten_if_any(account, max_bytes);
    }
    issued.truncate(MAX_ISSUED);
    issued.iter_mut().for_each(|id| shorten(id, max_bytes));
}

fn bound_actor(actor: &mut Actor<'_>, max_bytes: usize) {
    let Actor { class, name, uid, short_name, account, issuer, session, credential, delegators, .. } = actor;
    [class, name].into_iter().for_each(|text| shorten(text, max_bytes));
    [uid, short_name, account, session].into_iter().for_each(|text| shorten_if_any(text, max_bytes));
    if let Some(Issuer { class, name, short_name, account }) = issuer {
        [class, name, short_name].into_iter().for_each(|text| shorten(text, max_bytes));
        shorten_if_any(account, max_bytes);
    }
    if let Some(credential) = credential {
        shorten(&mut credential.id, max_bytes);
    }
    delegators.iter_mut().for_each(|delegator| shorten(&mut delegator.name, max_bytes));
}

#[inline(always)]
fn shorten_if_any(text: &mut Option<Text<'_>>, max_bytes: usize) {
    if let Some(text) = text {
        shorten(text, max_bytes);
    }
}

/// Few texts are too long.
#[inline(always)]
fn shorten(text: &mut Text<'_>, max_bytes: usize) {
    if text.len() > max_bytes {
        cut_down(text, max_bytes);
    }
}

#[cold]
fn cut_down(text: &mut Text<'_>, max_bytes: usize) {
    *text = cut(std::mem::take(text), max_bytes);
}

fn boundary(text: &str, max_bytes: usize) -> usize {
    (0..=max_bytes).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_capitals_and_small_letters() {
        for (text, word, expected) in [
            ("callerIpAddress", "calleripaddress", true),
            ("Identity_Claim_OID", "identity_claim_oid", true),
            ("identity\u{7f}claim_oid", "identity_claim_oid", false),
            ("v1beta1.Services", "v1beta1.services", true),
            ("v\u{11}beta1.services", "v1beta1.services", false),
            ("Category", "category", true),
            ("Cat", "cat", true),
            ("Dog", "cat", false),
            ("categories", "category", false),
            ("", "", true),
        ] {
            assert_eq!(is(text.as_bytes(), word.as_bytes()), expected, "{text} {word}");
        }
        assert!(begins("SASSuccess", "sas") && ends("SASSuccess", "success") && holds("SASSuccess", "ssucc"));
        assert!(!begins("SA", "sas") && !ends("ss", "success") && !holds("SAS", "success") && !ends("", "success"));
    }

    #[test]
    fn cuts_between_characters() {
        assert_eq!(cut("grün".into(), 3), "gr");
        assert_eq!(cut(String::from("grün").into(), 4), "grü");
        assert_eq!(cut("grün".into(), 5), "grün");
    }
}
