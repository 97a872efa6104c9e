//! Whose cloud or service a record of a common schema is of, by the words that the schema has for it.

use crate::event::Text;

/// Words that name a provider, in small letters, and the provider's name; the first that fits decides.
const WORDS: [(&str, &str); 21] = [
    ("google_workspace", "google_workspace"),
    ("google-workspace", "google_workspace"),
    ("google workspace", "google_workspace"),
    ("gsuite", "google_workspace"),
    ("kubernetes", "kubernetes"),
    ("amazon eks", "kubernetes"),
    ("github", "github"),
    ("okta", "okta"),
    ("openai", "openai"),
    ("anthropic", "anthropic"),
    ("amazon", "aws"),
    ("aws", "aws"),
    ("azure", "azure"),
    ("entra", "azure"),
    ("microsoft", "azure"),
    ("o365", "azure"),
    ("google", "gcp"),
    ("gcp", "gcp"),
    ("salesforce", "salesforce"),
    ("snowflake", "snowflake"),
    ("cloudflare", "cloudflare"),
];

/// By the letter that words begin with, what stands second in them: a bit for each byte of ASCII.
const SECONDS: [u128; 26] = {
    let (mut seconds, mut at) = ([0; 26], 0);
    while at < WORDS.len() {
        let word = WORDS[at].0.as_bytes();
        seconds[(word[0] - b'a') as usize] |= 1 << word[1];
        at += 1;
    }
    seconds
};

/// The provider that these words name, the most telling first; the first word itself where none is known.
pub(super) fn provider<'a>(words: impl Iterator<Item = Text<'a>> + Clone, unknown: &'static str) -> Text<'a> {
    if let Some(known) = words.clone().find_map(|word| named(&word)) {
        return Text::Borrowed(known);
    }
    let plain = |word: Text<'_>| -> Option<String> {
        let letters = word.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').take(32);
        Some(letters.map(|it| it.to_ascii_lowercase()).collect()).filter(|plain: &String| !plain.is_empty())
    };
    words.into_iter().find_map(plain).map_or(Text::Borrowed(unknown), Text::Owned)
}

/// The provider that a text names: of the words in it the one that is first above.
pub(super) fn named(text: &str) -> Option<&'static str> {
    let text = text.as_bytes();
    let mut best = WORDS.len();
    for (at, pair) in text.windows(2).enumerate() {
        let [first, second] = [pair[0], pair[1]].map(|byte| byte.to_ascii_lowercase());
        let seconds = SECONDS.get(usize::from(first.wrapping_sub(b'a'))).copied().unwrap_or(0);
        if second.is_ascii() && seconds >> second & 1 == 1 {
            let stands_here = |(word, _): &(&str, &str)| {
                text[at..].get(..word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
            };
            best = WORDS[..best].iter().position(stands_here).unwrap_or(best);
        }
    }
    WORDS.get(best).map(|(_, provider)| *provider)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn providers_by_words() {
        for (words, expected) in [
            (["AWS", ""], "aws"),
            (["", "Amazon EKS"], "kubernetes"),
            (["Microsoft", "Entra ID"], "azure"),
            (["Acme Cloud", ""], "acme"),
            (["", ""], "ocsf"),
        ] {
            let words = words.into_iter().map(Text::Borrowed).filter(|word| !word.is_empty());
            assert_eq!(provider(words, "ocsf"), expected);
        }
    }
}
