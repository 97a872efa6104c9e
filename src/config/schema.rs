//! What may be set: the tree of keys with type and description, taken from the types of [`Config`](super::Config).
//!
//! In: the JSON Schema that `schemars` derives. Out: a small tree that checks, reads text and writes comments. What
//! it cannot express (an address, a kind of identity) is text here and checked by the type itself afterwards.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Config;

/// One key, section or item.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// Its doc comment, one paragraph a line.
    pub description: String,
    /// What may stand there.
    pub shape: Shape,
}

/// What may stand at a key.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// `true` or `false`.
    Flag,
    /// A whole number within bounds.
    Integer { least: i64, most: i64 },
    /// A number.
    Number,
    /// A string.
    Text,
    /// One of these strings.
    Choice(Vec<String>),
    /// A list.
    List(Box<Node>),
    /// A section with these keys.
    Section(Vec<(String, Node)>),
    /// A table with keys of the user's choice.
    Free,
}

impl Node {
    /// The whole tree.
    pub fn root() -> Node {
        let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
        node(settings.into_generator().into_root_schema_for::<Config>().as_value())
    }

    /// The key of this name in a section, or in the sections of a list.
    pub fn child(&self, key: &str) -> Option<&Node> {
        match &self.shape {
            Shape::List(item) => item.child(key),
            Shape::Section(keys) => keys.iter().find(|(name, _)| name == key).map(|(_, node)| node),
            _ => None,
        }
    }

    /// The names of a section's keys.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        let keys: &[(String, Node)] = if let Shape::Section(keys) = &self.shape { keys } else { &[] };
        keys.iter().map(|(name, _)| name.as_str())
    }

    /// What may stand here, as a part of a sentence.
    pub fn expected(&self) -> String {
        match &self.shape {
            Shape::Flag => "true or false".into(),
            Shape::Integer { least, most } if *most >= u32::MAX.into() => format!("a whole number, {least} or more"),
            Shape::Integer { least, most } => format!("a whole number from {least} to {most}"),
            Shape::Number => "a number".into(),
            Shape::Text => "a string".into(),
            Shape::Choice(names) => format!("one of {}", names.join(", ")),
            Shape::List(item) if item.shape == Shape::Text => "a list of strings".into(),
            Shape::List(_) => "a list".into(),
            Shape::Section(_) | Shape::Free => "a table".into(),
        }
    }
}

fn node(schema: &Value) -> Node {
    let schema = without_null(schema);
    let description = schema["description"].as_str().unwrap_or_default().to_owned();
    Node { description, shape: shape(schema) }
}

/// What an optional key may be when it is there.
fn without_null(schema: &Value) -> &Value {
    let choices = schema["anyOf"].as_array().map(Vec::as_slice).unwrap_or_default();
    choices.iter().find(|choice| choice["type"] != "null").unwrap_or(schema)
}

fn shape(schema: &Value) -> Shape {
    if let Some(names) = choices(schema) {
        return Shape::Choice(names);
    }
    match type_name(schema) {
        "boolean" => Shape::Flag,
        "integer" => integer(schema),
        "number" => Shape::Number,
        "array" => Shape::List(Box::new(node(&schema["items"]))),
        "object" => match schema["properties"].as_object() {
            Some(keys) => Shape::Section(keys.iter().map(|(name, key)| (name.clone(), node(key))).collect()),
            None if schema["additionalProperties"] == false => Shape::Section(Vec::new()),
            None => Shape::Free,
        },
        _ => Shape::Text,
    }
}

/// The type; of an optional key, the one that is not null.
fn type_name(schema: &Value) -> &str {
    let names = schema["type"].as_array().map(Vec::as_slice).unwrap_or(std::slice::from_ref(&schema["type"]));
    names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or_default()
}

/// The names of an enumeration: `enum` where the variants have no doc comments, `oneOf` where they have.
fn choices(schema: &Value) -> Option<Vec<String>> {
    let name = |value: &Value| value.as_str().map(str::to_owned);
    if let Some(names) = schema["enum"].as_array() {
        return names.iter().map(name).collect();
    }
    schema["oneOf"].as_array()?.iter().map(|variant| name(&variant["const"])).collect()
}

/// The bounds of an integer type; those of 64 bits are TOML's own.
fn integer(schema: &Value) -> Shape {
    let (least, most) = match schema["format"].as_str() {
        Some("uint8") => (0, u8::MAX.into()),
        Some("uint16") => (0, u16::MAX.into()),
        Some("uint32") => (0, u32::MAX.into()),
        Some("int32") => (i32::MIN.into(), i32::MAX.into()),
        Some("uint" | "uint64") => (0, i64::MAX),
        _ => (i64::MIN, i64::MAX),
    };
    let bound = |key: &str, otherwise| schema[key].as_i64().unwrap_or(otherwise);
    Shape::Integer { least: bound("minimum", least), most: bound("maximum", most) }
}
