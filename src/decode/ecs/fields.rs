//! A document's members by their paths, however they are nested: `{"event": {"action": …}}`, `{"event.action": …}`.

use super::super::json::Value;
use crate::event::Text;

/// Items of a list that are looked at.
const MAX_ITEMS: usize = 16;

/// What lies at a path: each of its members nested, or several under one flat name.
pub(super) fn at<'t, 'a>(value: Value<'t, 'a>, path: &[&str]) -> Option<Value<'t, 'a>> {
    value
        .members()
        .filter_map(|(key, member)| {
            let rest = behind(&key, path)?;
            if rest.is_empty() { Some(member).filter(|member| !member.is_null()) } else { at(member, rest) }
        })
        .next()
}

/// What is left of a path behind a key; none where the key is no beginning of it.
fn behind<'p, 's>(key: &str, path: &'p [&'s str]) -> Option<&'p [&'s str]> {
    let mut rest = key;
    for (count, name) in path.iter().enumerate() {
        rest = rest.strip_prefix(name)?;
        if rest.is_empty() {
            return Some(&path[count + 1..]);
        }
        rest = rest.strip_prefix('.')?;
    }
    None
}

/// The text at a path, or the first of a list of them.
pub(super) fn text_at<'a>(value: Value<'_, 'a>, path: &[&str]) -> Option<Text<'a>> {
    let found = at(value, path)?;
    found.text_or_digits().or_else(|| found.items().take(MAX_ITEMS).find_map(Value::text_or_digits))
}

/// The texts at a path: of a list, or one alone.
pub(super) fn list_at<'a>(value: Value<'_, 'a>, path: &[&str]) -> Vec<Text<'a>> {
    let Some(found) = at(value, path) else { return Vec::new() };
    match found.filled() {
        Some(text) => vec![text],
        None => found.items().take(MAX_ITEMS).filter_map(Value::filled).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::embedded::Embedded;
    use super::*;

    #[test]
    fn nested_and_flat_members() {
        for text in [
            r#"{"user":{"target":{"name":"x"}}}"#,
            r#"{"user.target.name":"x"}"#,
            r#"{"user":{"target.name":"x"}}"#,
            r#"{"user.target":{"name":["x","y"]}}"#,
            r#"{"user":7,"user.target":{"id":1},"user.target.name":"x"}"#,
        ] {
            let read = Embedded::read(text.to_owned(), 8).expect("JSON");
            let document = read.document();
            assert_eq!(text_at(document.root(), &["user", "target", "name"]).as_deref(), Some("x"), "{text}");
            assert!(at(document.root(), &["user", "tar"]).is_none() && at(document.root(), &["us"]).is_none());
        }
    }
}
