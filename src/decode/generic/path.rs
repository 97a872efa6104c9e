//! Paths of the configuration into a record: `a.b | c` is the first that is there, `a + b` both with a space between
//! them, `=text` a constant.

use super::super::json::Value;
use crate::event::Text;

/// One or more paths: `a.b | c` is the first that is there, `=text` a constant.
#[derive(Debug, Clone, Copy)]
pub(in crate::decode) struct Paths<'m>(pub &'m str);

impl Paths<'_> {
    /// The value at the first path that leads to one which is not `null`.
    pub fn value<'t, 'a>(self, record: Value<'t, 'a>) -> Option<Value<'t, 'a>> {
        self.alternatives().find_map(|path| walk(record, path))
    }

    /// The text, number or truth at the first path that leads to one which says anything, else to an empty text; a constant where
    /// the path is one.
    pub fn text<'a>(self, record: Value<'_, 'a>) -> Option<Text<'a>> {
        let found = || self.alternatives().filter_map(|paths| all(record, paths));
        found().find(|text| !text.is_empty()).or_else(|| found().next())
    }

    fn alternatives(&self) -> impl Iterator<Item = &str> {
        self.0.split('|').map(str::trim).filter(|path| !path.is_empty())
    }
}

/// The texts at paths with ` + ` between them, where each of them is there.
fn all<'a>(record: Value<'_, 'a>, paths: &str) -> Option<Text<'a>> {
    let mut parts = paths.split(" + ").map(str::trim);
    let first = one(record, parts.next()?)?;
    parts.try_fold(first, |text, path| Some(Text::Owned([&text, " ", &one(record, path)?].concat())))
}

fn one<'a>(record: Value<'_, 'a>, path: &str) -> Option<Text<'a>> {
    match path.strip_prefix('=') {
        Some(constant) => Some(Text::Owned(constant.to_owned())),
        None => plain(walk(record, path)?),
    }
}

fn plain<'a>(value: Value<'_, 'a>) -> Option<Text<'a>> {
    match value.text() {
        Some(text) => Some(text),
        None if value.is_object() || value.is_array() || value.is_null() => None,
        None => Some(Text::Borrowed(value.as_written())),
    }
}

/// The value at the end of a path: a key as a whole goes before its parts. Keys are tried at most as often as there are
/// dots, so that a path costs its length.
fn walk<'t, 'a>(value: Value<'t, 'a>, path: &str) -> Option<Value<'t, 'a>> {
    let (mut value, mut rest) = (value, path);
    while !rest.is_empty() {
        (value, rest) = step(value, rest)?;
    }
    (!value.is_null()).then_some(value)
}

/// One step along a path, by the longest key that is there.
fn step<'t, 'p, 'a>(value: Value<'t, 'a>, path: &'p str) -> Option<(Value<'t, 'a>, &'p str)> {
    let ends = std::iter::once(path.len()).chain(path.rmatch_indices('.').map(|(dot, _)| dot));
    ends.filter_map(|end| Some((child(value, &path[..end])?, path.get(end + 1..).unwrap_or("")))).next()
}

fn child<'t, 'a>(value: Value<'t, 'a>, key: &str) -> Option<Value<'t, 'a>> {
    if value.is_array() { value.items().nth(key.parse().ok()?) } else { value.member(key) }
}
