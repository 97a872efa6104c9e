//! The parts of an Amazon Resource Name, by their place; nothing is checked beyond that.

use std::borrow::Cow;
use std::ops::Range;

use crate::event::Text;

/// `arn:partition:service:region:account:resource`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arn<'t> {
    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub(super) partition: &'t str,
    /// Digits, or nothing.
    pub(super) account: &'t str,
    /// What follows: `role/path/name`, `user/name`, `assumed-role/name/session`, `root`.
    pub(super) resource: &'t str,
}

impl<'t> Arn<'t> {
    /// Takes `text` apart; `None` where it is no ARN.
    pub(super) fn parse(text: &'t str) -> Option<Arn<'t>> {
        let (partition, rest) = cut(text.strip_prefix("arn:")?)?;
        let (_service, rest) = cut(rest)?;
        let (_region, rest) = cut(rest)?;
        let (account, resource) = cut(rest).filter(|(_, resource)| !resource.is_empty())?;
        // Some tools write one colon too many before the service, which moves the account behind it.
        if account.is_empty()
            && let Some((moved, rest)) = cut(resource)
            && is_account(moved)
            && !rest.is_empty()
        {
            return Some(Arn { partition, account: moved, resource: rest });
        }
        Some(Arn { partition, account, resource })
    }
}

/// The parts before and behind the first colon. They are short: a plain loop finds it sooner than a search does.
fn cut(text: &str) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == b':')?;
    Some((&text[..at], &text[at + 1..]))
}

/// Whether `text` can be an AWS account: digits alone. `ANONYMOUS_PRINCIPAL` and redacted values are none.
pub(super) fn is_account(text: &str) -> bool {
    !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A part of a text, borrowed from the message where the text is.
pub(super) fn part<'a>(text: &Text<'a>, range: Range<usize>) -> Text<'a> {
    match text {
        Cow::Borrowed(borrowed) => Cow::Borrowed(&borrowed[range]),
        Cow::Owned(owned) => Cow::Owned(owned[range].to_string()),
    }
}

/// The part of `text` before the first `separator`, all of it where there is none.
pub(super) fn before<'a>(text: &Text<'a>, separator: char) -> Text<'a> {
    part(text, 0..text.find(separator).unwrap_or(text.len()))
}
