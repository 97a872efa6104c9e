//! Compares what was given with what may be set: unknown keys, wrong types, and what was probably meant.

use toml::{Table, Value};

use super::schema::{Node, Shape};

/// Characters of a wrong value that an error shows.
const SHOWN_CHARS: usize = 60;

/// One thing that is wrong, and the path of keys where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    /// The keys, outermost first; items of lists by their number.
    pub path: Vec<String>,
    /// What, and what would be right.
    pub sentence: String,
}

/// Everything that is wrong with the table.
pub(super) fn check(table: &Table, schema: &Node) -> Vec<Problem> {
    let mut problems = Vec::new();
    check_section(table, schema, &mut Vec::new(), &mut problems);
    problems
}

/// A path as it is written in a flag, for people.
pub(super) fn dotted(path: &[String]) -> String {
    path.join(".")
}

/// What is said of a key that does not exist.
pub(super) fn unknown(path: &[String], section: &Node) -> String {
    let (key, parents) = path.split_last().expect("a key has a path");
    let what = if parents.is_empty() { "section" } else { "key" };
    let hint = match closest(key, section.keys()) {
        Some(known) => {
            let mut meant = parents.to_vec();
            meant.push(known.to_owned());
            format!("did you mean {}?", dotted(&meant))
        }
        None if section.keys().next().is_none() => format!("{} has no keys", dotted(parents)),
        None => format!("there are {}", section.keys().collect::<Vec<_>>().join(", ")),
    };
    format!("unknown {what} {}; {hint}", bounded(&dotted(path)))
}

/// The known word that is nearest to what was typed, where one is near.
pub(super) fn closest<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let near = |word: &&str| strsim::damerau_levenshtein(&typed, word) <= (word.len() / 3).max(1);
    let by_similarity =
        |a: &&str, b: &&str| strsim::jaro_winkler(&typed, a).total_cmp(&strsim::jaro_winkler(&typed, b));
    known.filter(|word| near(word) || strsim::jaro_winkler(&typed, word) > 0.9).max_by(by_similarity)
}

/// Text of the user's within an error: escaped, and cut where it is long.
pub(super) fn bounded(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN_CHARS).flat_map(char::escape_debug).collect();
    if text.chars().count() > SHOWN_CHARS {
        shown.push('…');
    }
    shown.replace("\\'", "'")
}

fn check_section(table: &Table, section: &Node, path: &mut Vec<String>, problems: &mut Vec<Problem>) {
    for (key, value) in table {
        path.push(key.clone());
        match section.child(key) {
            Some(node) => check_value(value, node, path, problems),
            None => problems.push(Problem { path: path.clone(), sentence: unknown(path, section) }),
        }
        path.pop();
    }
}

fn check_value(value: &Value, node: &Node, path: &mut Vec<String>, problems: &mut Vec<Problem>) {
    match (&node.shape, value) {
        (Shape::Section(_), Value::Table(table)) => check_section(table, node, path, problems),
        (Shape::List(item), Value::Array(values)) => {
            for (i, value) in values.iter().enumerate() {
                path.push(i.to_string());
                check_value(value, item, path, problems);
                path.pop();
            }
        }
        _ if fits(value, &node.shape) => {}
        _ => problems.push(Problem { path: path.clone(), sentence: misfit(value, node, path) }),
    }
}

fn fits(value: &Value, shape: &Shape) -> bool {
    match (shape, value) {
        (Shape::Integer { least, most }, Value::Integer(n)) => (least..=most).contains(&n),
        (Shape::Number, Value::Float(n)) => n.is_finite(),
        (Shape::Choice(names), Value::String(text)) => names.contains(text),
        (Shape::Flag, Value::Boolean(_))
        | (Shape::Number, Value::Integer(_))
        | (Shape::Text, Value::String(_))
        | (Shape::Free, Value::Table(_)) => true,
        _ => false,
    }
}

fn misfit(value: &Value, node: &Node, path: &[String]) -> String {
    let key = key_of(path);
    if let (Shape::Integer { most, .. }, Value::Integer(n)) = (&node.shape, value)
        && n > most
    {
        return format!("{key} must be at most {most}, not {n}");
    }
    let hint = meant(value, &node.shape).map(|meant| format!("; did you mean {meant}?")).unwrap_or_default();
    format!("{key} must be {}, not {}{hint}", node.expected(), found(value))
}

/// The key of a path: an item of a list belongs to the list's.
fn key_of(path: &[String]) -> String {
    match path.split_last() {
        Some((last, parents)) if last.parse::<usize>().is_ok() => format!("each item of {}", dotted(parents)),
        _ => dotted(path),
    }
}

fn found(value: &Value) -> String {
    match value {
        Value::String(text) => format!("the string \"{}\"", bounded(text)),
        Value::Array(_) => "a list".into(),
        Value::Table(_) => "a table".into(),
        Value::Datetime(_) => "a date".into(),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) => value.to_string(),
    }
}

/// What somebody probably meant who wrote this value.
fn meant(value: &Value, shape: &Shape) -> Option<String> {
    match (shape, value) {
        (Shape::Choice(names), Value::String(text)) => {
            closest(text, names.iter().map(String::as_str)).map(str::to_owned)
        }
        (Shape::Flag, value) => match plain(value).to_lowercase().as_str() {
            "yes" | "on" | "1" | "true" => Some("true".into()),
            "no" | "off" | "0" | "false" => Some("false".into()),
            _ => None,
        },
        (Shape::Integer { .. }, Value::String(text)) if text.parse::<i64>().is_ok() => {
            Some(format!("{text}, without quotes"))
        }
        (Shape::Number, Value::String(text)) if text.parse::<f64>().is_ok_and(f64::is_finite) => {
            Some(format!("{text}, without quotes"))
        }
        (Shape::Text, Value::Integer(_) | Value::Float(_) | Value::Boolean(_)) => Some(format!("\"{value}\"")),
        (Shape::List(item), Value::String(text)) if item.shape == Shape::Text => {
            Some(format!("[\"{}\"]", bounded(text)))
        }
        _ => None,
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
