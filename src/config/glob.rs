//! Patterns of the configuration, with `*` for any characters, in time linear in the text.

use memchr::memmem;

/// Whether `pattern` describes the whole of `text`; `*` stands for any characters, also none, all others for
/// themselves.
///
/// Each piece between two stars is taken where it occurs first, which never rules out a match (the star after it can
/// take up the rest), so nothing is ever tried twice.
pub fn matches(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or("");
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let Some(last) = pieces.next_back() else { return rest.is_empty() };
    for piece in pieces {
        match memmem::find(rest.as_bytes(), piece.as_bytes()) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The definition, at the price of exponential time.
    fn by_definition(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|taken| by_definition(rest, &text[taken..])),
            Some((one, rest)) => text.first() == Some(one) && by_definition(rest, &text[1..]),
        }
    }

    #[test]
    fn examples() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("*:role/ci-*", "arn:aws:iam::1:role/ci-main", true),
            ("*:role/ci-*", "arn:aws:iam::1:role/app", false),
            ("a*a", "a", false),
            ("arn:*:user/*@*", "arn:aws:iam::1:user/me@here", true),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    proptest! {
        /// It says what the definition says.
        #[test]
        fn agrees_with_the_definition(pattern in "[ab*é]{0,8}", text in "[abé]{0,10}") {
            let (pattern_chars, text_chars): (Vec<_>, Vec<_>) = (pattern.chars().collect(), text.chars().collect());
            prop_assert_eq!(matches(&pattern, &text), by_definition(&pattern_chars, &text_chars));
        }
    }
}
