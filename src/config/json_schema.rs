//! The configuration file as a JSON Schema (2020-12), for editors: completion, descriptions, and mistakes underlined.
//!
//! In: what `schemars` derives from the types. Out: the text that is committed as `config/nhiwatch.schema.json`. The
//! program itself does not check by it: `check` gives better sentences.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::Config;

/// The schema, indented, with a line feed at its end.
pub fn json_schema() -> String {
    let settings = SchemaSettings::draft2020_12();
    let derived = settings.into_generator().into_root_schema_for::<Config>().to_value();
    let mut schema = plain(derived);
    if let Some(root) = schema.as_object_mut() {
        root.insert("title".to_owned(), json!("nhiwatch.toml"));
    }
    let text = serde_json::to_string_pretty(&schema).expect("JSON can be written");
    text + "\n"
}

/// Without what is Rust's alone: links in descriptions, formats of integers, and `null`, which TOML does not have.
fn plain(schema: Value) -> Value {
    match schema {
        Value::Object(members) => without_null(members.into_iter().filter_map(member).collect()),
        Value::Array(items) => Value::Array(items.into_iter().map(plain).collect()),
        other => other,
    }
}

fn member((name, value): (String, Value)) -> Option<(String, Value)> {
    let value = match (name.as_str(), value) {
        ("description", Value::String(text)) => Value::String(unlinked(&text)),
        ("format", Value::String(format)) if is_of_rust(&format) => return None,
        ("default", Value::Null) => return None,
        ("default", value) => value,
        ("type", Value::Array(mut types)) => {
            types.retain(|each| each != "null");
            if types.len() == 1 { types.remove(0) } else { Value::Array(types) }
        }
        (_, value) => plain(value),
    };
    Some((name, value))
}

/// A choice between something and `null` is that something.
fn without_null(mut members: Map<String, Value>) -> Value {
    if let Some(Value::Array(choices)) = members.get_mut("anyOf") {
        choices.retain(|choice| choice["type"] != "null");
        if let [Value::Object(only)] = choices.as_mut_slice() {
            let only = std::mem::take(only);
            members.remove("anyOf");
            members.extend(only);
        }
    }
    Value::Object(members)
}

fn is_of_rust(format: &str) -> bool {
    ["int", "uint", "float", "double"].iter().any(|of| format.trim_end_matches(char::is_numeric) == *of)
}

/// Links to items lose their brackets, lines are joined.
fn unlinked(text: &str) -> String {
    let paragraphs = text.replace("[`", "`").replace("`]", "`");
    let joined = |paragraph: &str| paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    paragraphs.split("\n\n").map(joined).collect::<Vec<_>>().join("\n\n")
}
