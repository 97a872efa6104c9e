//! Values given as text, by an environment variable or a flag: read strictly, by the type of the key.

use toml::{Table, Value};

use super::check::{bounded, unknown};
use super::schema::{Node, Shape};

/// Finds the key of an environment variable (without the prefix): `__` parts the keys. In a free table a single `_`
/// stands for the dot that a variable cannot have (`SASL_PASSWORD` is `sasl.password`).
///
/// # Errors
/// One sentence, where there is no such key.
pub(super) fn key_of_variable<'a>(name: &str, schema: &'a Node) -> Result<(Vec<String>, &'a Node), String> {
    let lower = name.to_lowercase();
    let keys: Vec<&str> = lower.split("__").collect();
    find(&keys, schema, |rest| rest.join(".").replace('_', "."))
}

/// Finds the key of a flag: `.` parts the keys.
///
/// # Errors
/// One sentence, where there is no such key.
pub(super) fn key_of_flag<'a>(name: &str, schema: &'a Node) -> Result<(Vec<String>, &'a Node), String> {
    let keys: Vec<&str> = name.split('.').collect();
    find(&keys, schema, |rest| rest.join(".").replace('"', ""))
}

/// Reads the text as the key's type wants it. Nothing is coerced: `yes` is not `true`.
///
/// # Errors
/// One sentence that says what would be right.
pub(super) fn value(text: &str, path: &[String], node: &Node) -> Result<Value, String> {
    let refuse = || {
        let hint = if text.is_empty() { "nothing".into() } else { format!("\"{}\"", bounded(text)) };
        format!("{} must be {}, not {hint}", path.join("."), node.expected())
    };
    match &node.shape {
        Shape::Flag => text.parse().map(Value::Boolean).map_err(|_| refuse()),
        Shape::Integer { .. } => text.parse().map(Value::Integer).map_err(|_| refuse()),
        Shape::Number => text.parse().map(Value::Float).map_err(|_| refuse()),
        Shape::Text | Shape::Choice(_) => Ok(Value::String(text.to_owned())),
        Shape::List(item) if matches!(item.shape, Shape::Section(_)) && !text.trim_start().starts_with('[') => {
            Err(refuse())
        }
        Shape::List(_) if text.trim_start().starts_with('[') => toml_value(text).ok_or_else(refuse),
        Shape::List(item) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            items.map(|text| value(text, path, item)).collect::<Result<_, _>>().map(Value::Array)
        }
        Shape::Section(_) | Shape::Free => match toml_value(text) {
            Some(table @ Value::Table(_)) => Ok(table),
            _ => Err(format!("{} is a section; name one of its keys", path.join("."))),
        },
    }
}

/// A table that holds nothing but this value.
pub(super) fn nested(path: &[String], value: Value) -> Table {
    let (first, rest) = path.split_first().expect("a key has a path");
    let inner = if rest.is_empty() { value } else { Value::Table(nested(rest, value)) };
    Table::from_iter([(first.clone(), inner)])
}

/// A value as TOML writes it; JSON's lists of strings, numbers and booleans are written alike.
fn toml_value(text: &str) -> Option<Value> {
    let table: Table = toml::from_str(&format!("value = {}", text.trim())).ok()?;
    (table.len() == 1).then_some(())?;
    table.into_iter().next().map(|(_, value)| value)
}

fn find<'a>(
    keys: &[&str],
    schema: &'a Node,
    free: impl Fn(&[&str]) -> String,
) -> Result<(Vec<String>, &'a Node), String> {
    const TEXT: &Node = &Node { description: String::new(), shape: Shape::Text };
    let mut node = schema;
    let mut path = Vec::new();
    for (i, key) in keys.iter().enumerate() {
        if node.shape == Shape::Free {
            path.push(free(&keys[i..]));
            return Ok((path, TEXT));
        }
        path.push((*key).to_owned());
        node = node.child(key).ok_or_else(|| unknown(&path, node))?;
    }
    Ok((path, node))
}
