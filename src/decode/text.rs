//! Parts of borrowed text that stay borrowed, and the limit on its length.

use crate::event::{Actor, Event, Origin, Text};

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

/// The parts of a text between separators (ASCII), as `str::split` gives them: they are short, so that a plain loop finds their
/// ends sooner than a search does.
pub fn segments(text: &str, separator: u8) -> impl Iterator<Item = &str> + Clone {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let end = text.bytes().position(|byte| byte == separator);
        rest = end.map(|end| &text[end + 1..]);
        Some(&text[..end.unwrap_or(text.len())])
    })
}

/// A word in small letters; empty where there is no room for it, as it is none of those that are looked for then.
pub fn small<'b, const LONGEST: usize>(word: &str, room: &'b mut [u8; LONGEST]) -> &'b [u8] {
    let Some(small) = room.get_mut(..word.len()) else { return &[] };
    small.copy_from_slice(word.as_bytes());
    small.make_ascii_lowercase();
    small
}

/// Whether a text begins so, in capitals or small letters.
pub fn begins(text: &str, front: &str) -> bool {
    let (text, front) = (text.as_bytes(), front.as_bytes());
    let first = |bytes: &[u8]| bytes.first().map(u8::to_ascii_lowercase);
    first(text) == first(front) && text.get(..front.len()).is_some_and(|text| text.eq_ignore_ascii_case(front))
}

/// Whether a text ends so, in capitals or small letters.
pub fn ends(text: &str, end: &str) -> bool {
    let (text, end) = (text.as_bytes(), end.as_bytes());
    let last = |bytes: &[u8]| bytes.last().map(u8::to_ascii_lowercase);
    last(text) == last(end) && text[text.len().saturating_sub(end.len())..].eq_ignore_ascii_case(end)
}

/// Whether a word stands in a text, in capitals or small letters.
pub fn holds(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    text.windows(word.len().max(1))
        .any(|part| part[0].eq_ignore_ascii_case(&word[0]) && part.eq_ignore_ascii_case(word))
}

/// Credentials that one event may have issued.
const MAX_ISSUED: usize = 4;

/// Cuts every text of an event down to `max_bytes`.
pub fn bound(event: &mut Event<'_>, max_bytes: usize) {
    let Event { id, actor, action, error, origin, region, target_account, targets, issued, .. } = event;
    issued.truncate(MAX_ISSUED);
    issued.iter_mut().for_each(|id| shorten(id, max_bytes));
    let Origin { ip, network, user_agent, country, .. } = origin;
    let optional = [error, region, target_account, ip, network, user_agent, country];
    let texts = [id, &mut action.service, &mut action.operation].into_iter().chain(optional.into_iter().flatten());
    texts.for_each(|text| shorten(text, max_bytes));
    bound_actor(actor, max_bytes);
    for target in targets {
        let named = [&mut target.kind, &mut target.name, &mut target.container];
        named.into_iter().chain(&mut target.account).for_each(|text| shorten(text, max_bytes));
    }
}

fn bound_actor(actor: &mut Actor<'_>, max_bytes: usize) {
    let Actor { class, name, uid, short_name, account, issuer, session, credential, delegators, .. } = actor;
    let optional = [uid, short_name, account, session].into_iter().flatten();
    let issuer = issuer.iter_mut().flat_map(|issuer| {
        [&mut issuer.class, &mut issuer.name, &mut issuer.short_name].into_iter().chain(&mut issuer.account)
    });
    let credential = credential.iter_mut().map(|credential| &mut credential.id);
    let delegators = delegators.iter_mut().map(|delegator| &mut delegator.name);
    let texts = [class, name].into_iter().chain(optional).chain(issuer).chain(credential).chain(delegators);
    texts.for_each(|text| shorten(text, max_bytes));
}

fn shorten(text: &mut Text<'_>, max_bytes: usize) {
    if text.len() > max_bytes {
        *text = cut(std::mem::take(text), max_bytes);
    }
}

fn boundary(text: &str, max_bytes: usize) -> usize {
    (0..=max_bytes).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_between_characters() {
        assert_eq!(cut("grün".into(), 3), "gr");
        assert_eq!(cut(String::from("grün").into(), 4), "grü");
        assert_eq!(cut("grün".into(), 5), "grün");
    }
}
