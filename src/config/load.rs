//! Lays the layers over one another: defaults < file < environment < flags.
//!
//! Each layer is checked alone and completely first; crate `config` then does nothing but lay values of the right
//! types over one another, so that its coercions (`"yes"` to `true`) have nothing to work on.

use std::path::Path;

use config::{Map, Source, ValueKind};
use serde::Deserialize;
use toml::{Table, Value};

use super::check::{Problem, check, closest, dotted};
use super::error::{ConfigError, ConfigErrors, Place};
use super::file::File;
use super::schema::{Node, Shape};
use super::{Config, text};

/// What the names of environment variables begin with.
pub const ENVIRONMENT_PREFIX: &str = "NHIWATCH__";

/// Where settings come from, besides the defaults.
#[derive(Debug, Clone, Default)]
pub struct Sources<'a> {
    /// The file.
    pub file: Option<&'a Path>,
    /// Environment variables; those without our prefix are passed over.
    pub environment: Vec<(String, String)>,
    /// `section.key=value`, in the order of the command line.
    pub flags: Vec<String>,
}

/// Reads the configuration.
///
/// # Errors
/// Everything that is wrong: of each layer first, and where all are right by themselves, what contradicts itself.
pub fn load(sources: &Sources<'_>) -> Result<Config, ConfigErrors> {
    let schema = Node::root();
    let mut errors = Vec::new();
    let mut layers = Vec::new();
    let mut keep = |result: Result<Layer, Vec<ConfigError>>| match result {
        Ok(layer) => layers.push(layer),
        Err(found) => errors.extend(found),
    };
    if let Some(path) = sources.file {
        keep(file_layer(path, &schema));
    }
    for (name, value) in ours(&sources.environment) {
        keep(variable_layer(name, value, &schema));
    }
    for flag in &sources.flags {
        keep(flag_layer(flag, &schema));
    }
    if !errors.is_empty() {
        return Err(ConfigErrors(errors));
    }
    let config = merge(&layers)?;
    let contradictions = config.validate();
    if contradictions.is_empty() {
        return Ok(config);
    }
    let located = contradictions.into_iter().map(|sentence| ConfigError {
        place: layers.iter().rev().find_map(|layer| layer.place_of_mentioned(&sentence)).unwrap_or(Place::Default),
        sentence,
    });
    Err(ConfigErrors(located.collect()))
}

/// One layer that is right by itself.
#[derive(Debug, Clone)]
struct Layer {
    table: Table,
    origin: Origin,
}

#[derive(Debug, Clone)]
enum Origin {
    /// The places of the keys of a file.
    File(Vec<(String, Place)>),
    /// One place for all.
    Single(Place),
}

impl Layer {
    /// Where the first key stands that the sentence names and this layer sets; where it names one that is missing in an
    /// item of a list, the item.
    fn place_of_mentioned(&self, sentence: &str) -> Option<Place> {
        let ends = |c: char| !(c.is_alphanumeric() || matches!(c, '.' | '_' | '-'));
        let mut words = sentence.split(ends);
        let is_within =
            |word: &str, key: &str| word.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        match &self.origin {
            Origin::File(places) => words.find_map(|word| {
                let around = places.iter().filter(|(key, _)| is_within(word, key));
                around.max_by_key(|(key, _)| key.len()).map(|(_, place)| place.clone())
            }),
            Origin::Single(place) => {
                let key = leaves(&self.table).first().map(|path| dotted(path))?;
                words.any(|word| is_within(word, &key)).then(|| place.clone())
            }
        }
    }
}

/// Our variables, in the order of their names.
fn ours(environment: &[(String, String)]) -> Vec<(&str, &str)> {
    let named = environment.iter().filter(|(name, _)| name.starts_with(ENVIRONMENT_PREFIX));
    let mut ours: Vec<(&str, &str)> = named.map(|(name, value)| (name.as_str(), value.as_str())).collect();
    ours.sort_unstable();
    ours
}

fn file_layer(path: &Path, schema: &Node) -> Result<Layer, Vec<ConfigError>> {
    let file = File::read(path).map_err(|error| vec![error])?;
    let problems = check(&file.table, schema);
    if !problems.is_empty() {
        let locate = |Problem { path, sentence }: Problem| {
            let at_key = sentence.starts_with("unknown ");
            ConfigError { place: file.place(&path, at_key), sentence }
        };
        let mut errors: Vec<ConfigError> = problems.into_iter().map(locate).collect();
        errors.sort_by_key(|error| error.place.line_and_column());
        return Err(errors);
    }
    file.deserialize::<Config>()
        .map_err(|(place, path, message)| vec![ConfigError { place, sentence: refused(&path, &message) }])?;
    let mut table = file.table.clone();
    flatten_free_tables(&mut table, schema);
    let places = places(&table).into_iter().map(|path| (dotted(&path), file.place(&path, false))).collect();
    Ok(Layer { table, origin: Origin::File(places) })
}

fn variable_layer(name: &str, value: &str, schema: &Node) -> Result<Layer, Vec<ConfigError>> {
    let place = Place::Variable(name.to_owned());
    let found = text::key_of_variable(&name[ENVIRONMENT_PREFIX.len()..], schema);
    single_layer(place, found, value, schema)
}

fn flag_layer(flag: &str, schema: &Node) -> Result<Layer, Vec<ConfigError>> {
    let Some((key, value)) = flag.split_once('=') else {
        let sentence = "a flag sets a key to a value: --set section.key=value".to_owned();
        return Err(vec![ConfigError { place: Place::Flag(flag.to_owned()), sentence }]);
    };
    single_layer(Place::Flag(key.to_owned()), text::key_of_flag(key, schema), value, schema)
}

/// A layer of one key.
fn single_layer(
    place: Place,
    found: Result<(Vec<String>, &Node), String>,
    value: &str,
    schema: &Node,
) -> Result<Layer, Vec<ConfigError>> {
    let fail = |sentence: String| vec![ConfigError { place: place.clone(), sentence }];
    let (path, node) = found.map_err(fail)?;
    let table = text::nested(&path, text::value(value, &path, node).map_err(fail)?);
    if let Some(problem) = check(&table, schema).into_iter().next() {
        return Err(fail(problem.sentence));
    }
    Config::deserialize(table.clone()).map_err(|error| fail(refused(&dotted(&path), error.message())))?;
    Ok(Layer { table, origin: Origin::Single(place) })
}

/// What a type itself says of a value that the tree of keys let through; `key` may be an item of a list.
fn refused(key: &str, message: &str) -> String {
    let key = key.trim_end_matches(|c: char| c == '.' || c.is_ascii_digit());
    let mut quoted = message.split('`').skip(1).step_by(2);
    if message.starts_with("unknown variant")
        && let Some(typed) = quoted.next()
    {
        let known: Vec<&str> = quoted.collect();
        let hint = closest(typed, known.iter().copied()).map(|meant| format!("; did you mean {meant}?"));
        let typed = super::check::bounded(typed);
        return format!("{key} knows no \"{typed}\", only {}{}", known.join(", "), hint.unwrap_or_default());
    }
    if message.starts_with("missing field")
        && let Some(missing) = message.split('`').nth(1)
    {
        return format!("{key} needs a value for {missing}");
    }
    if message.contains("socket address") {
        return format!("{key} must be an address and a port, such as 127.0.0.1:9464 or [::1]:9464");
    }
    format!("{key}: {}", message.trim_end().replace('\n', ", "))
}

/// Writes dotted keys of free tables in one way, quoted or not, so that a later layer replaces them.
fn flatten_free_tables(table: &mut Table, node: &Node) {
    for (key, value) in table {
        let (Some(child), Value::Table(inner)) = (node.child(key), value) else { continue };
        if child.shape == Shape::Free {
            *inner = leaves(inner).into_iter().map(|path| (dotted(&path), leaf(inner, &path))).collect();
        } else {
            flatten_free_tables(inner, child);
        }
    }
}

/// The paths of everything in the table that is no table.
fn leaves(table: &Table) -> Vec<Vec<String>> {
    let below = |(key, value): (&String, &Value)| match value {
        Value::Table(inner) => {
            leaves(inner).into_iter().map(|path| [vec![key.clone()], path].concat()).collect::<Vec<_>>()
        }
        _ => vec![vec![key.clone()]],
    };
    table.iter().flat_map(below).collect()
}

/// The paths of everything in the table that is no table, and of what is in lists, by number.
fn places(table: &Table) -> Vec<Vec<String>> {
    let below = |(key, value): (String, &Value)| {
        let inner = match value {
            Value::Table(inner) => places(inner),
            Value::Array(items) => {
                let numbered: Table = items.iter().enumerate().map(|(i, item)| (i.to_string(), item.clone())).collect();
                let of_items = numbered.keys().map(|number| vec![number.clone()]).collect();
                [vec![Vec::new()], of_items, places(&numbered)].concat()
            }
            _ => vec![Vec::new()],
        };
        inner.into_iter().map(|path| [vec![key.clone()], path].concat()).collect::<Vec<_>>()
    };
    table.iter().flat_map(|(key, value)| below((key.clone(), value))).collect()
}

fn leaf(table: &Table, path: &[String]) -> Value {
    match path {
        [key] => table[key].clone(),
        [key, rest @ ..] => leaf(table[key].as_table().expect("the path was found in it"), rest),
        [] => Value::Table(table.clone()),
    }
}

/// Lays the layers over the defaults.
fn merge(layers: &[Layer]) -> Result<Config, ConfigErrors> {
    let mut builder = config::Config::builder();
    for layer in layers {
        builder = builder.add_source(layer.clone());
    }
    let merged = builder.build().and_then(config::Config::try_deserialize::<Config>);
    merged.map_err(|error| ConfigErrors(vec![ConfigError { place: Place::Default, sentence: error.to_string() }]))
}

impl Source for Layer {
    fn clone_into_box(&self) -> Box<dyn Source + Send + Sync> {
        Box::new(self.clone())
    }

    fn collect(&self) -> Result<Map<String, config::Value>, config::ConfigError> {
        Ok(self.table.iter().map(|(key, value)| (key.clone(), layered(value))).collect())
    }
}

fn layered(value: &Value) -> config::Value {
    let kind = match value {
        Value::String(text) => ValueKind::String(text.clone()),
        Value::Integer(n) => ValueKind::I64(*n),
        Value::Float(n) => ValueKind::Float(*n),
        Value::Boolean(b) => ValueKind::Boolean(*b),
        Value::Datetime(date) => ValueKind::String(date.to_string()),
        Value::Array(items) => ValueKind::Array(items.iter().map(layered).collect()),
        Value::Table(table) => ValueKind::Table(table.iter().map(|(k, v)| (k.clone(), layered(v))).collect()),
    };
    config::Value::new(None, kind)
}
