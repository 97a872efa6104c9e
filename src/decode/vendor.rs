//! Whose cloud or service a record of a common schema is of, by the words that the schema has for it.

use crate::event::Text;

/// Words that name a provider, in small letters, and the provider's name; the first that fits decides.
const WORDS: [(&str, &str); 20] = [
    ("google_workspace", "google_workspace"),
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

/// The provider that these words name, the most telling first; the first word itself where none is known.
pub(super) fn provider<'a>(words: &[Option<Text<'_>>], unknown: &'static str) -> Text<'a> {
    let small = |word: &Text<'_>| word.to_ascii_lowercase();
    let named = |word: &String| WORDS.iter().find(|(part, _)| word.contains(part)).map(|(_, provider)| *provider);
    if let Some(known) = words.iter().flatten().map(small).find_map(|word| named(&word)) {
        return Text::Borrowed(known);
    }
    let first = words.iter().flatten().map(small).find_map(|word| {
        let plain: String = word.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '_').take(32).collect();
        (!plain.is_empty()).then_some(plain)
    });
    first.map_or(Text::Borrowed(unknown), Text::Owned)
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
            let words = words.map(|word| Some(Text::Borrowed(word)).filter(|word| !word.is_empty()));
            assert_eq!(provider(&words, "ocsf"), expected);
        }
    }
}
