//! The configuration file: TOML, and where in it each key stands.

#![allow(clippy::disallowed_methods, reason = "reads the configuration file")]

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table};

use super::check::dotted;
use super::error::{ConfigError, Place};

/// A file that is TOML, whatever its keys.
pub(super) struct File<'a> {
    path: &'a Path,
    text: String,
    /// Its keys and values.
    pub table: Table,
    /// By dotted path: whether dots are quoted or not makes no difference here.
    spans: BTreeMap<String, Spans>,
}

struct Spans {
    key: Range<usize>,
    value: Range<usize>,
}

impl<'a> File<'a> {
    /// Reads the file.
    ///
    /// # Errors
    /// Where it cannot be read, or is not TOML.
    pub fn read(path: &'a Path) -> Result<File<'a>, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError { place: Place::WholeFile(path.to_owned()), sentence: unreadable(&error) })?;
        let mut spans = BTreeMap::new();
        let tree = DeTable::parse(&text).map_err(|error| syntax(path, &text, &error))?;
        index(tree.get_ref(), &mut Vec::new(), &mut spans);
        let table = toml::from_str(&text).map_err(|error| syntax(path, &text, &error))?;
        Ok(File { path, text, table, spans })
    }

    /// Where the value of this path stands, or the nearest thing around it; the key where `at_key`.
    pub fn place(&self, path: &[String], at_key: bool) -> Place {
        let nearest = (1..=path.len()).rev().find_map(|len| self.spans.get(&dotted(&path[..len])));
        match nearest {
            Some(spans) => position(self.path, &self.text, if at_key { spans.key.start } else { spans.value.start }),
            None => Place::WholeFile(self.path.to_owned()),
        }
    }

    /// What the type itself says of the file, where the check by the tree of keys found nothing.
    ///
    /// # Errors
    /// The place, the key, and serde's sentence.
    pub fn deserialize<T: serde::de::DeserializeOwned>(&self) -> Result<T, (Place, String, String)> {
        toml::from_str(&self.text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            (position(self.path, &self.text, start), self.path_at(start), error.message().to_owned())
        })
    }

    /// The innermost key whose value is at this byte.
    fn path_at(&self, at: usize) -> String {
        let inside = self.spans.iter().filter(|(_, spans)| spans.value.contains(&at));
        inside.min_by_key(|(_, spans)| spans.value.len()).map(|(path, _)| path.clone()).unwrap_or_default()
    }
}

fn unreadable(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file".into(),
        std::io::ErrorKind::InvalidData => "the file is not UTF-8 text".into(),
        _ => format!("the file cannot be read: {error}"),
    }
}

fn syntax(path: &Path, text: &str, error: &toml::de::Error) -> ConfigError {
    let place = position(path, text, error.span().map_or(0, |span| span.start));
    ConfigError { place, sentence: format!("not valid TOML: {}", error.message().replace('\n', ", ")) }
}

fn position(path: &Path, text: &str, at: usize) -> Place {
    let before = text.get(..at).unwrap_or(text);
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.matches('\n').count() + 1;
    Place::File { path: path.to_owned(), line, column: before[line_start..].chars().count() + 1 }
}

fn index(table: &DeTable<'_>, path: &mut Vec<String>, spans: &mut BTreeMap<String, Spans>) {
    for (key, value) in table {
        path.push(key.get_ref().to_string());
        spans.insert(dotted(path), Spans { key: key.span(), value: value.span() });
        index_value(value, path, spans);
        path.pop();
    }
}

fn index_value(value: &Spanned<DeValue<'_>>, path: &mut Vec<String>, spans: &mut BTreeMap<String, Spans>) {
    match value.get_ref() {
        DeValue::Table(table) => index(table, path, spans),
        DeValue::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                path.push(i.to_string());
                spans.insert(dotted(path), Spans { key: item.span(), value: item.span() });
                index_value(item, path, spans);
                path.pop();
            }
        }
        _ => {}
    }
}
