//! Keeps the shape of the code: which room uses which, what the pure rooms do without, sizes, words.
//!
//! The rules are the tables below; each failure names file, line, what was found and what would be right.
//! Clippy (`clippy.toml`) marks clocks, threads, files and locks once more, at the places that are allowed to use them.

#![allow(clippy::disallowed_methods, reason = "reads the sources of the repository")]

#[path = "tidy/source.rs"]
mod source;

use source::Source;
use std::fs;
use std::path::Path;

/// The rooms in the order in which data flows, and the other rooms that each may use.
const ROOMS: [(&str, &[&str]); 17] = [
    ("config", &["event"]),
    ("event", &[]),
    ("decode", &["event", "config"]),
    ("identity", &["event", "config"]),
    ("detect", &["event", "config"]),
    ("alert", &["event", "config"]),
    ("simulate", &["event", "config"]),
    ("network", &["event", "config"]),
    ("metrics", &["event", "config", "decode", "identity", "detect", "alert"]),
    ("kafka", &["event", "config", "decode", "identity", "network", "detect", "alert", "metrics"]),
    ("replay", &["event", "config", "decode", "identity", "network", "detect", "alert", "metrics", "kafka"]),
    ("evaluate", &["event", "config", "decode", "identity", "detect", "alert", "simulate", "replay"]),
    ("http", &["event", "config", "metrics"]),
    (
        "service",
        &[
            "event", "config", "decode", "identity", "network", "detect", "alert", "simulate", "metrics", "kafka",
            "http",
        ],
    ),
    (
        "cli",
        &[
            "event", "config", "decode", "identity", "detect", "alert", "simulate", "network", "metrics", "kafka",
            "replay", "evaluate", "http", "service",
        ],
    ),
    ("lib", &[]),
    ("main", &["config", "cli", "service"]),
];

/// Sections of `config` that a pure room uses beside the one of its own name.
const SECTIONS: [(&str, &str); 1] = [("detect", "budget")];

/// They meet only in `event`, use their own section of `config` only, and do nothing but compute.
const PURE: [&str; 6] = ["event", "decode", "identity", "detect", "alert", "simulate"];

/// Crates that only these rooms know.
const CRATES: [(&str, &[&str]); 5] = [
    ("rdkafka", &["kafka"]),
    ("prometheus", &["metrics"]),
    ("axum", &["http"]),
    ("tokio", &["kafka", "http", "service", "main"]),
    ("clap", &["cli", "main"]),
];

/// What a pure room does without, and what it does instead. A path, or a name that ends one.
const IMPURE: [(&str, &str); 23] = [
    ("std::fs", "take the text as an argument"),
    ("std::env", "take the value as an argument"),
    ("std::process", "return what should happen"),
    ("std::thread", "the caller owns the threads"),
    ("std::io::stdin", "take bytes"),
    ("std::io::stdout", "return bytes"),
    ("std::io::stderr", "return text"),
    ("TcpStream", "return what should happen"),
    ("TcpListener", "return what should happen"),
    ("UdpSocket", "return what should happen"),
    ("ToSocketAddrs", "return what should happen"),
    ("SystemTime", "take the time as an argument"),
    ("Instant", "take the time as an argument"),
    ("Mutex", "one owner, no lock"),
    ("RwLock", "one owner, no lock"),
    ("thread_local!", "one owner, a plain field"),
    ("tracing", "return it, the caller logs"),
    ("anyhow", "a closed enum with thiserror"),
    ("println!", "return the text"),
    ("eprintln!", "return the text"),
    ("print!", "return the text"),
    ("eprint!", "return the text"),
    ("dbg!", "return the value"),
];

/// Never outside of tests.
const NEVER: [(&str, &str); 4] = [
    (".unwrap()", "expect(\"why it cannot happen\")"),
    ("macro_rules!", "a function"),
    ("unsafe ", "safe code"),
    ("allow(dead_code", "no code that nothing uses"),
];

/// Never, in tests neither.
const NOWHERE: [(&str, &str); 3] = [
    ("todo!", "do it, or leave it out"),
    ("unimplemented!", "do it, or leave it out"),
    ("#[ignore", "a test that always runs, or says visibly that it skips"),
];

/// Words that say nothing, in the names of types.
const WORDS: [&str; 8] = ["Manager", "Handler", "Helper", "Util", "Utils", "Engine", "Processor", "Context"];

/// Where machines keep their files; put together here, so that this file passes itself.
const MACHINE: [&str; 4] =
    [concat!("/ho", "me/"), concat!("/ro", "ot/"), concat!("/Us", "ers/"), concat!("/wo", "rk/")];

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 60;

/// Line, counted from 0, and what is wrong.
type Finding = (usize, String);

fn check(source: &Source) -> Vec<String> {
    let rules = [rooms, crates, purity, sizes, header, forbidden, sleeps, words, machine_paths];
    let mut findings: Vec<Finding> = rules.iter().flat_map(|rule| rule(source)).collect();
    findings.sort();
    findings.dedup();
    findings.into_iter().map(|(line, what)| format!("{}:{}: {what}", source.path, line + 1)).collect()
}

/// The paths that a file names outside of its tests.
fn production_paths(source: &Source) -> Vec<source::Named> {
    let mut paths = source.paths();
    paths.retain(|named| !source.test[named.line]);
    paths
}

/// The room and the item in it that a path leads to.
fn target<'a>(source: &'a Source, path: &'a str) -> Option<(&'a str, &'a str)> {
    let mut at = source.module();
    let mut words = path.split("::").peekable();
    match words.next()? {
        "crate" | "nhiwatch" => at.clear(),
        "self" => {}
        "super" => drop(at.pop()),
        _ => return None,
    }
    while words.next_if_eq(&"super").is_some() {
        at.pop();
    }
    let mut whole = at.into_iter().chain(words);
    Some((whole.next()?, whole.next().unwrap_or_default()))
}

fn rooms(source: &Source) -> Vec<Finding> {
    let Some(room) = source.room() else { return Vec::new() };
    let Some((_, may_use)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![(0, format!("`{room}` is not one of the ROOMS: say in tests/tidy.rs what it may use"))];
    };
    let mut findings = Vec::new();
    for named in production_paths(source) {
        let Some((used, item)) = target(source, &named.path) else { continue };
        let is_room = used != room && ROOMS.iter().any(|(name, _)| *name == used);
        if is_room && room != "lib" && !may_use.contains(&used) {
            findings.push((named.line, format!("`{room}` uses `{used}`, it may use only {may_use:?}")));
        }
        let is_section = |section: &str| item.to_lowercase().starts_with(section);
        let is_own = is_section(room) || SECTIONS.iter().any(|(of, section)| *of == room && is_section(section));
        if used == "config" && PURE.contains(&room) && !is_own {
            findings.push((named.line, format!("`{room}` uses `config::{item}`, not a section of its own")));
        }
    }
    findings
}

fn crates(source: &Source) -> Vec<Finding> {
    let Some(room) = source.room() else { return Vec::new() };
    let uses =
        |path: &str, name: &str| path.split("::").next().is_some_and(|first| first.trim_end_matches('!') == name);
    let mut findings = Vec::new();
    for named in production_paths(source) {
        let other = CRATES.iter().find(|(name, only)| uses(&named.path, name) && !only.contains(&room));
        // A local variable or field may have the same name: only a path into the crate counts.
        if let Some((name, only)) = other.filter(|_| named.path.contains("::")) {
            findings.push((named.line, format!("`{room}` uses the crate {name}, only {only:?} may")));
        }
    }
    findings
}

fn purity(source: &Source) -> Vec<Finding> {
    let Some(room) = source.room().filter(|room| PURE.contains(room)) else { return Vec::new() };
    let names = |path: &str, banned: &str| match banned.split_once("::") {
        Some(_) => path == banned || path.strip_prefix(banned).is_some_and(|rest| rest.starts_with("::")),
        None => path.split("::").any(|word| word == banned),
    };
    let mut findings = Vec::new();
    for named in production_paths(source) {
        for (banned, instead) in IMPURE.iter().filter(|(banned, _)| names(&named.path, banned)) {
            findings.push((named.line, format!("pure room `{room}` uses `{banned}`: {instead}")));
        }
    }
    findings
}

fn sizes(source: &Source) -> Vec<Finding> {
    let lines = source.test.iter().filter(|test| !**test).count();
    let mut findings = Vec::new();
    if lines > FILE_LINES {
        findings.push((0, format!("{lines} lines without tests, at most {FILE_LINES}: split the file")));
    }
    for function in source.functions() {
        if function.lines > FUNCTION_LINES && !source.test[function.line] {
            let (name, lines) = (function.name, function.lines);
            findings.push((function.line, format!("fn {name} has {lines} lines, at most {FUNCTION_LINES}: split it")));
        }
    }
    findings
}

fn header(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !source.text.starts_with("//! ") {
        findings.push((0, "opens without `//!`: say what it is for, what comes in, what goes out".to_owned()));
    }
    if source.path.ends_with("/mod.rs") {
        findings.push((0, "a mod.rs: name the file after its module, beside its folder".to_owned()));
    }
    findings
}

fn forbidden(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, text) in source.code.lines().enumerate() {
        let never = NEVER.iter().filter(|_| !source.test[line]);
        for (banned, instead) in never.chain(&NOWHERE).filter(|(banned, _)| text.contains(banned)) {
            findings.push((line, format!("`{}`: {instead}", banned.trim())));
        }
    }
    findings
}

fn sleeps(source: &Source) -> Vec<Finding> {
    let sleeping = |path: &str| path.ends_with("::sleep") || path == "sleep";
    let paths = source.paths().into_iter().filter(|named| source.test[named.line] && sleeping(&named.path));
    paths.map(|named| (named.line, format!("a test calls `{}`: wait for what should happen", named.path))).collect()
}

fn words(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, text) in source.code.lines().enumerate() {
        let mut tokens = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|token| !token.is_empty());
        let Some(_) = tokens.find(|token| ["struct", "enum", "trait", "type"].contains(token)) else { continue };
        let name = tokens.next().unwrap_or_default();
        if let Some(word) = WORDS.iter().find(|word| camel_words(name).any(|part| part == **word)) {
            findings.push((line, format!("type {name}: `{word}` does not say what it is")));
        }
    }
    findings
}

/// `SessionContext` → `Session`, `Context`.
fn camel_words(name: &str) -> impl Iterator<Item = &str> {
    let ends = name.char_indices().skip(1).filter(|(_, c)| c.is_uppercase()).map(|(at, _)| at);
    let mut from = 0;
    ends.chain([name.len()]).map(move |to| &name[std::mem::replace(&mut from, to)..to])
}

fn machine_paths(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, text) in source.text.lines().enumerate() {
        for path in MACHINE.iter().filter(|path| text.contains(**path)) {
            findings.push((line, format!("{path} is a path of one machine")));
        }
    }
    findings
}

fn collect(folder: &Path, wanted: &dyn Fn(&Path) -> bool, files: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("a folder of the repository can be listed").path();
        if path.is_dir() {
            collect(&path, wanted, files);
        } else if wanted(&path) {
            files.push(path.to_str().expect("file names are UTF-8").to_owned());
        }
    }
    files.sort();
}

/// All files below these folders of the repository: path from its root, and text.
fn read(folders: &[&str], wanted: &dyn Fn(&Path) -> bool) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in folders {
        collect(&root.join(folder), wanted, &mut files);
    }
    let inside = |file: &str| Path::new(file).strip_prefix(root).expect("it was found there").display().to_string();
    files.iter().map(|file| (inside(file), fs::read_to_string(file).unwrap_or_default())).collect()
}

#[test]
fn the_code_keeps_its_shape() {
    let files = read(&["src", "tests", "benches"], &|path| path.extension().is_some_and(|end| end == "rs"));
    assert!(files.len() > 20, "the sources were not found");
    let findings: Vec<String> = files.iter().flat_map(|(path, text)| check(&Source::new(path, text))).collect();
    assert!(findings.is_empty(), "{} findings:\n{}\n", findings.len(), findings.join("\n"));
}

#[test]
fn no_other_text_names_a_path_of_one_machine() {
    let others = read(&["deploy", ".ci", "config"], &|_| true);
    let documents = ["README.md", "CHANGELOG.md", "Cargo.toml", "benches/README.md"]
        .map(|name| (name.to_owned(), fs::read_to_string(name).expect(name)));
    for (path, text) in others.into_iter().chain(documents) {
        let findings = machine_paths(&Source::new(&path, &text));
        assert!(findings.is_empty(), "{path}: {findings:?}");
    }
}

/// What the rules say of a file that opens as it should and goes on with `code`.
fn findings(path: &str, code: &str) -> String {
    check(&Source::new(path, &format!("//! Text.\n{code}\n"))).join("\n")
}

#[test]
fn each_rule_can_fail() {
    let cases = [
        ("src/decode/x.rs", "use crate::{event::Event, identity::resolve};", "`decode` uses `identity`"),
        ("src/decode/x.rs", "fn f() { super::super::detect::g() }", "`decode` uses `detect`"),
        ("src/kafka.rs", "use crate::service;", "`kafka` uses `service`"),
        ("src/service.rs", "use crate::cli::Arguments;", "`service` uses `cli`"),
        ("src/detect/x.rs", "use crate::config::DecodeConfig;", "`config::DecodeConfig`, not a section of its own"),
        ("src/engineering.rs", "", "not one of the ROOMS"),
        ("src/replay.rs", "use rdkafka::message::Message;", "crate rdkafka, only [\"kafka\"] may"),
        ("src/metrics.rs", "fn f() { tokio::spawn(g()); }", "crate tokio"),
        ("src/http.rs", "fn f(m: &prometheus::Counter) {}", "crate prometheus"),
        ("src/alert.rs", "use std::{fs, fmt};", "`std::fs`: take the text as an argument"),
        ("src/alert.rs", "use std::time::{Duration, Instant};", "`Instant`: take the time as an argument"),
        ("src/event.rs", "fn f() { println!(\"x\"); }", "`println!`: return the text"),
        ("src/detect.rs", "fn f() { tracing::info!(\"x\"); }", "`tracing`: return it"),
        ("src/detect.rs", "struct S { m: std::sync::Mutex<u8> }", "`Mutex`: one owner"),
        ("src/cli.rs", &"fn f() {}\n".repeat(400), "402 lines without tests"),
        ("src/cli.rs", &format!("fn long() {{\n{}}}", "    g();\n".repeat(59)), "fn long has 61 lines"),
        ("src/decode/mod.rs", "", "a mod.rs"),
        ("src/cli.rs", "fn f() { g().unwrap() }", "`.unwrap()`: expect"),
        ("src/cli.rs", "fn f() { unsafe { g() } }", "`unsafe`: safe code"),
        ("tests/x.rs", "fn f() { todo!() }", "`todo!`: do it"),
        ("tests/x.rs", "#[ignore = \"slow\"]", "`#[ignore`: a test that always runs"),
        ("tests/x.rs", "fn f() { std::thread::sleep(d) }", "a test calls `std::thread::sleep`"),
        ("src/cli.rs", "#[cfg(test)]\nmod tests {\n    use std::thread::sleep;\n}", "a test calls"),
        ("src/kafka.rs", "pub(crate) struct RebalanceHandler;", "type RebalanceHandler: `Handler`"),
        ("src/cli.rs", concat!("// in /ho", "me/me"), "is a path of one machine"),
    ];
    for (path, code, expected) in cases {
        let found = findings(path, code);
        assert!(found.contains(expected), "{path}: {code:.80}\nshould give: {expected}\nbut gives: {found}");
    }
    let bare = check(&Source::new("src/cli.rs", "fn f() {}\n"));
    assert_eq!(bare, ["src/cli.rs:1: opens without `//!`: say what it is for, what comes in, what goes out"]);
}

#[test]
fn what_only_looks_like_a_breach_passes() {
    let cases = [
        ("src/decode/x.rs", "use crate::event::{Event, Kind};\nuse crate::config::{DecodeConfig, decode::Limits};"),
        ("src/decode/x.rs", "use super::envelope::unwrap;\nuse self::y::Z;\npub(crate) fn f() {}"),
        ("src/alert.rs", "// std::fs, println! and .unwrap()\nconst T: &str = \"std::env todo!()\";"),
        ("src/alert.rs", "use std::io::Read;\nuse std::net::IpAddr;\nuse std::time::Duration;"),
        ("src/decode.rs", "#[cfg(test)]\nmod tests {\n    use std::fs;\n    fn f() { g().unwrap() }\n}"),
        ("src/decode/tests.rs", "use crate::identity::resolve;\nuse std::fs;"),
        ("src/cli.rs", "use anyhow::Context;\nstruct Contextual;\nstruct EngineeredBy;"),
        ("src/http.rs", "fn f(prometheus: u8) -> u8 { prometheus }"),
        ("src/kafka/worker.rs", "use rdkafka::ClientConfig;\nuse crate::metrics::Metrics;"),
    ];
    for (path, code) in cases {
        assert_eq!(findings(path, code), "", "{path}: {code}");
    }
}
