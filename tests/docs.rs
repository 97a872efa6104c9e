//! Keeps the documents true: commands that they show exist with their options, configurations pass the check, metrics and
//! settings have their names.

#![allow(clippy::disallowed_methods, reason = "reads the documents of the repository")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use nhiwatch::metrics::TABLE;

const DOCUMENTS: [&str; 6] = [
    "README.md",
    "config/ALERTS.md",
    "config/DETECTIONS.md",
    "config/SOURCES.md",
    "deploy/README.md",
    "benches/README.md",
];

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

/// The contents of the fenced blocks in this language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let open = format!("```{language}\n");
    text.split(&open).skip(1).filter_map(|rest| Some(rest.split_once("```")?.0.to_owned())).collect()
}

fn nhiwatch(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_nhiwatch")).args(arguments).output().expect("the program starts")
}

/// The words behind the program's name, for each line that starts it.
fn shown_commands() -> Vec<(&'static str, Vec<String>)> {
    let starts = ["nhiwatch ", "target/release/nhiwatch ", "cargo run --release -- "];
    let mut commands = Vec::new();
    for document in DOCUMENTS {
        for line in blocks(&read(document), "sh").iter().flat_map(|block| block.lines()) {
            if let Some(rest) = starts.iter().find_map(|start| line.strip_prefix(start)) {
                let words = rest.split_whitespace().take_while(|word| !matches!(*word, ">" | "<" | "|"));
                commands.push((document, words.map(str::to_owned).collect()));
            }
        }
    }
    commands
}

#[test]
fn commands_that_are_shown_exist() {
    let commands = shown_commands();
    assert!(commands.len() >= 8, "the commands were not found: {commands:?}");
    for (document, words) in commands {
        let is_word = |word: &&String| word.chars().all(|c| c.is_ascii_lowercase());
        let mut help: Vec<&str> = words.iter().take_while(is_word).map(String::as_str).collect();
        help.push("--help");
        let output = nhiwatch(&help);
        assert!(output.status.success(), "{document}: `{}` is no command", words.join(" "));
        let text = String::from_utf8_lossy(&output.stdout);
        for option in words.iter().filter(|word| word.starts_with("--")) {
            assert!(text.contains(option.as_str()), "{document}: `{}` has no option {option}", words.join(" "));
        }
    }
}

#[test]
fn configurations_that_are_shown_pass_the_check() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("nhiwatch.toml");
    let shown = DOCUMENTS.iter().flat_map(|document| blocks(&read(document), "toml"));
    for text in shown {
        fs::write(&file, &text).expect("the temporary folder is writable");
        let output = nhiwatch(&["config", "check", file.to_str().expect("UTF-8")]);
        assert!(output.status.success(), "{}\n{text}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn variables_that_are_shown_are_settings() {
    let shown = DOCUMENTS.iter().flat_map(|document| blocks(&read(document), "sh"));
    for assignment in shown.flat_map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>()) {
        let Some((name, value)) = assignment.strip_prefix("export ").and_then(|rest| rest.split_once('=')) else {
            continue;
        };
        let value = if value.starts_with("$(") { "127.0.0.1:9092" } else { value.trim_matches('\'') };
        let mut command = Command::new(env!("CARGO_BIN_EXE_nhiwatch"));
        let output = command.args(["config", "print"]).env(name, value).output().expect("the program starts");
        assert!(output.status.success(), "{assignment}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn metrics_that_are_listed_exist() {
    let listed: Vec<(&str, String)> = DOCUMENTS.iter().map(|document| (*document, read(document))).collect();
    let in_code = |(document, text): &(&'static str, String)| -> Vec<(&'static str, String)> {
        let words = text.split('`').filter(|word| word.starts_with("nhi_"));
        words.map(|word| (*document, word.split('{').next().unwrap_or_default().to_owned())).collect()
    };
    let names: Vec<_> = listed.iter().flat_map(in_code).collect();
    assert!(names.len() >= 20, "the tables of metrics were not found");
    for (document, name) in names {
        assert!(TABLE.iter().any(|row| row.name == name), "{document}: there is no metric {name}");
    }
}

#[test]
fn files_that_are_named_exist() {
    let named = [
        "LICENSE",
        "config/nhiwatch.toml",
        "config/ALERTS.md",
        "config/DETECTIONS.md",
        "deploy/README.md",
        ".ci/run",
        "benches/README.md",
    ];
    for path in named {
        assert!(read("README.md").contains(path), "README.md does not name {path} any more");
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(), "README.md names {path}");
    }
}

/// Settings in running text, as `section.key`.
#[test]
fn settings_that_are_named_exist() {
    let mut named = Vec::new();
    for document in DOCUMENTS {
        let text = read(document);
        let is_setting = |word: &&str| {
            let sections = ["budget.", "detect.", "alerts.", "decode.", "identity.", "replay.", "http.", "log."];
            let is_plain =
                word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'.'));
            is_plain && sections.iter().any(|section| word.starts_with(section))
        };
        named.extend(text.split('`').filter(is_setting).map(|word| (document, word.to_owned())));
    }
    assert!(named.len() >= 5, "the settings were not found");
    let default = nhiwatch::config::print_default();
    for (document, name) in named {
        let (section, key) = name.rsplit_once('.').expect("a section and a key");
        let of_kind = section.starts_with("budget.kind.");
        let in_section = default.split(&format!("\n[{section}]\n")).nth(1).map(|rest| rest.split("\n[").next());
        let exists = in_section.flatten().is_some_and(|keys| keys.contains(&format!("\n{key} = ")));
        assert!(exists || of_kind || default.contains(&format!("[{name}]")), "{document}: there is no setting {name}");
    }
}

#[test]
fn the_list_of_detections_is_what_the_program_says() {
    let output = nhiwatch(&["detections", "list", "--markdown"]);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/DETECTIONS.md");
    if std::env::var_os("NHIWATCH_REWRITE").is_some() {
        fs::write(&path, &output.stdout).expect("the document can be rewritten");
    }
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(fs::read_to_string(&path).unwrap_or_default(), said, "NHIWATCH_REWRITE=1 rewrites it");
}

/// The alerts that are shown are those that the golden cases give.
#[test]
fn alerts_that_are_shown_are_real() {
    let shown = blocks(&read("config/ALERTS.md"), "text");
    assert!(shown.len() >= 3, "the alerts were not found");
    for block in shown {
        let cases = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/alerts")).expect("golden cases");
        let texts = cases.map(|case| case.expect("a case").path().join("expected.txt"));
        let mut texts = texts.map(|path| fs::read_to_string(path).expect("what is expected"));
        assert!(texts.any(|text| text == block), "no golden case gives\n{block}");
    }
}
