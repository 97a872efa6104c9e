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
        let mut parts = text.strip_prefix("arn:")?.splitn(5, ':');
        let partition = parts.next()?;
        let (_service, _region) = (parts.next()?, parts.next()?);
        let account = parts.next()?;
        let resource = parts.next().filter(|resource| !resource.is_empty())?;
        // Some tools write one colon too many before the service, which moves the account behind it.
        match resource.split_once(':') {
            Some((moved, rest)) if account.is_empty() && is_account(moved) && !rest.is_empty() => {
                Some(Arn { partition, account: moved, resource: rest })
            }
            _ => Some(Arn { partition, account, resource }),
        }
    }
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
