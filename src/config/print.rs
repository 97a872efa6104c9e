//! The configuration as a commented TOML file: comments are the doc comments of the types.

use super::Config;
use super::schema::{Node, Shape};

/// Width of comment lines.
const WIDTH: usize = 100;
/// What stands for a secret.
const REDACTED: &str = "[redacted]";

const HEADER: &str = "\
#:schema ./nhiwatch.schema.json
# nhiwatch: every setting with its default.
#
# A setting is taken from the last of these that has it: the default, this file, the environment
# (NHIWATCH__DETECT__WARM_HOURS=8), the command line (--set detect.warm_hours=8).
# `nhiwatch config check FILE` says what is wrong with a file, `nhiwatch config print` what holds in the end.
";

/// The default file: every key with its comment and default.
pub fn print_default() -> String {
    format!("{HEADER}{}", print(&Config::default(), &Node::root()))
}

/// The configuration in force. Secrets are not shown; those among the Kafka properties withhold themselves.
pub fn print_effective(config: &Config) -> String {
    let mut shown = config.clone();
    if shown.detect.hash_key != Config::default().detect.hash_key {
        shown.detect.hash_key = REDACTED.into();
    }
    print(&shown, &Node::root())
}

fn print(config: &Config, schema: &Node) -> String {
    let plain = toml::to_string(config).expect("every setting can be written as TOML");
    let mut text = String::with_capacity(4 * plain.len());
    let mut section = schema;
    for line in plain.lines() {
        if line.starts_with('[') {
            // `[section]`, or `[[section.list]]` for an item of a list.
            let path = line.trim_start_matches('[').trim_end_matches(']');
            section = path.split('.').try_fold(schema, Node::child).expect("sections are in the tree");
            text.push('\n');
            comment(&section.description, &mut text);
            text.push_str(line);
            text.push('\n');
        } else if let Some((key, value)) = line.split_once(" = ") {
            setting(key, value, section, &mut text);
        }
    }
    text
}

fn setting(key: &str, value: &str, section: &Node, text: &mut String) {
    if let Some(node) = section.child(key) {
        text.push('\n');
        comment(&node.description, text);
        if matches!(node.shape, Shape::Integer { .. }) {
            text.push_str(&format!("{key} = {}\n", grouped(value)));
            return;
        }
    }
    text.push_str(&format!("{key} = {value}\n"));
}

/// Digits in groups of three where there are more than four: `268_435_456`.
fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(2 * digits.len());
    if digits.len() <= 4 {
        return digits.to_owned();
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) && !text.ends_with('-') {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

/// Writes a doc comment as comment lines: links to other items lose their brackets, lines are filled again.
fn comment(description: &str, text: &mut String) {
    for paragraph in description.split("\n\n") {
        let mut line = String::from("#");
        for word in paragraph.replace("[`", "`").replace("`]", "`").split_whitespace() {
            if line.chars().count() + 1 + word.chars().count() > WIDTH {
                text.push_str(&line);
                text.push('\n');
                line = String::from("#");
            }
            line.push(' ');
            line.push_str(word);
        }
        if line.len() > 1 {
            text.push_str(&line);
            text.push('\n');
        }
    }
}
