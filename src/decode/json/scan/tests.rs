//! The scanner beside serde_json: both take the same documents, and what they read in them is the same.
//!
//! The exceptions are ours on purpose: only objects are taken, a limit on depth, and half a surrogate pair in a key of the
//! outermost object, which serde_json refuses only where the key is wanted.
#![allow(clippy::disallowed_methods, reason = "the corpus lies in files")]

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;
use serde::de::IgnoredAny;

use super::*;
use crate::decode::json::{Value, skip_space};

/// Reads `text` whole and hands the value on.
fn read<T>(text: &[u8], max_depth: usize, look: impl Fn(Value<'_, '_>) -> T) -> Result<T, Malformed> {
    let mut tape = Tape::default();
    let end = match tape.read(text, max_depth, |_, _| false)? {
        Extent::Whole(end) | Extent::Doubtful(end) => skip_space(text, end),
        Extent::Left => panic!("no key was to be left"),
    };
    if end < text.len() {
        Err(Malformed::Syntax(end))
    } else {
        tape.document(text).map(|document| look(document.root()))
    }
}

fn check(text: &[u8], max_depth: usize) -> Result<usize, Malformed> {
    read(text, max_depth, |value| value.members().count())
}

#[test]
fn reads_members_and_items() {
    let text = br#" { "a" : "x\ty" , "b":[1, {"c":"d"} ,true], "e":{} , "account": 123, "half": "\ud800" } "#;
    read(text, 8, |value| {
        let member = |name| value.member(name).expect("a member");
        assert_eq!(member("a").text().expect("text"), "x\ty");
        assert_eq!(member("b").items().count(), 3);
        assert_eq!(member("b").items().nth(1).and_then(|item| item.member("c")?.text()).expect("text"), "d");
        assert_eq!(member("e").members().count(), 0);
        assert_eq!(member("account").text_or_digits().expect("digits"), "123");
        assert_eq!(member("account").text(), None);
        assert_eq!(member("half").text(), None);
    })
    .expect("JSON");
}

#[test]
fn stops_at_the_depth_limit() {
    let deep = |depth: usize| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    assert_eq!(check(deep(7).as_bytes(), 8), Ok(1));
    assert_eq!(check(deep(8).as_bytes(), 8), Err(Malformed::Depth(9)));
    assert_eq!(check(deep(100_000).as_bytes(), usize::MAX), Err(Malformed::Depth(513)));
}

#[test]
fn refuses_what_is_no_object() {
    for text in ["", "[]", "1", "{", "{}x", "{\"a\"}", "{\"a\":1,}", "{,}", "{\"a\":01}", "{\"a\":\"\u{1}\"}"] {
        assert!(check(text.as_bytes(), 8).is_err(), "{text}");
    }
    assert_eq!(check(b"{\"a\":\"\xff\"}", 8), Err(Malformed::Utf8(6)));
    assert_eq!(check(b"{\"a\":1,\"\\ud800\":2}", 8), Err(Malformed::Syntax(7)));
}

#[test]
fn leaves_at_a_key_and_doubts_lines_that_begin_records() {
    let extent = |text: &str| Tape::default().read(text.as_bytes(), 8, |key, _| key == b"Records").expect("JSON");
    assert_eq!(extent("{\"a\":1,\"Records\":[not JSON"), Extent::Left);
    assert_eq!(extent("{\"a\":{\"Records\":1}} {"), Extent::Whole(19));
    assert_eq!(extent("{\"a\":[\n{}]}"), Extent::Doubtful(11));
    assert_eq!(extent("{\"a\":[\n {}]}"), Extent::Whole(12));
}

/// Whether every value says what serde_json reads.
fn is_same(value: Value<'_, '_>, theirs: &serde_json::Value) -> bool {
    use serde_json::Value as Their;
    match theirs {
        Their::Null => value.is_null(),
        Their::Bool(truth) => value.truth() == Some(*truth),
        Their::Number(number) if number.as_f64().is_some_and(|number| number.is_sign_positive()) => {
            // serde_json may be off in the last bit.
            let ours = value.text_or_digits().and_then(|digits| digits.parse::<f64>().ok());
            ours.zip(number.as_f64()).is_some_and(|(ours, theirs)| (ours - theirs).abs() <= theirs * 1e-12)
        }
        Their::Number(_) => value.text().is_none(),
        Their::String(text) => value.text().as_deref() == Some(text),
        Their::Array(items) => {
            value.items().count() == items.len() && value.items().zip(items).all(|(item, their)| is_same(item, their))
        }
        Their::Object(members) => {
            let ours: BTreeMap<_, _> = value.members().collect();
            ours.len() == members.len()
                && members.iter().all(|(key, their)| is_same(ours[key.as_str()], their))
                && members.iter().all(|(key, their)| value.member(key).is_some_and(|it| is_same(it, their)))
        }
    }
}

/// Both take the text or both refuse it, and read the same.
fn agree(text: &str) -> bool {
    let takes = text.trim_start().starts_with('{') && serde_json::from_str::<IgnoredAny>(text).is_ok();
    match serde_json::from_str(text) {
        Ok(theirs) if takes => read(text.as_bytes(), 64, |value| is_same(value, &theirs)) == Ok(true),
        _ => check(text.as_bytes(), 64).is_ok() == takes,
    }
}

/// JSON values of every shape, as text, with repeated keys.
fn any_json() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        "[\\PC\0-\u{1F}\"\\\\/]{0,80}".prop_map(|text| serde_json::to_string(&text).expect("text")),
        "(\\\\u[0-9a-fA-F]{4}|\\\\[nrtbf/\\\\\"]|é|x){0,9}".prop_map(|text| format!("\"{text}\"")),
    ];
    let number = "-?(0|[1-9][0-9]{0,20})(\\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?";
    let leaf = prop_oneof![Just("null".to_owned()), Just("true".to_owned()), Just("false".to_owned()), number, text];
    let space = "[ \t\r\n]{0,2}";
    leaf.prop_recursive(6, 60, 6, move |inner| {
        let items = proptest::collection::vec((space, inner.clone()), 0..6);
        let members =
            proptest::collection::vec((space, "[a-c]{0,2}|é\\\\n|[\\PC&&[^\"\\\\]]{0,70}", space, inner), 0..6);
        prop_oneof![
            items.prop_map(|items| format!(
                "[{}]",
                join(items.iter().map(|(space, item)| format!("{space}{item}{space}")))
            )),
            members.prop_map(|members| {
                let member = |(space, key, other, value)| format!("{space}\"{key}\"{other}:{space}{value}{other}");
                format!("{{{}}}", join(members.into_iter().map(member)))
            }),
        ]
    })
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(",")
}

/// An object around any value, so that it is a document of ours.
fn any_object() -> impl Strategy<Value = String> {
    (any_json(), any_json()).prop_map(|(one, other)| format!("{{\"a\":{one},\"bc\" : {other}}}"))
}

/// Text that is nearly JSON more often than by chance.
fn near_json() -> impl Strategy<Value = String> {
    const PIECES: [&str; 24] = [
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"a\"",
        "\"\\u00e9\"",
        "\"\\x\"",
        "1",
        "-0.5e+3",
        "01",
        ".",
        "true",
        "nul",
        " ",
        "\"b\":1",
        "\"c\":[]",
        "\u{7f}",
        "\"é\"",
        "\"long plain text, and more\\n\"",
        "\\",
        "\"",
        "-",
    ];
    let pieces = proptest::collection::vec(proptest::sample::select(&PIECES[..]), 0..12);
    pieces.prop_map(|pieces| format!("{{{}}}", pieces.concat()))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documents_are_read_alike(text in any_object()) {
        prop_assert!(agree(&text), "{}", text);
    }

    #[test]
    fn broken_documents_are_refused_alike(text in any_object(), place in any::<Index>(), byte in 0u8..0x80) {
        let place = place.index(text.len());
        prop_assume!(text.as_bytes()[place].is_ascii());
        let broken = [&text[..place], &char::from(byte).to_string(), &text[place + 1..]].concat();
        prop_assert!(agree(&broken), "{}", broken);
        prop_assert!(agree(&text[..place]), "{}", &text[..place]);
    }

    #[test]
    fn near_documents_are_told_apart_alike(text in near_json()) {
        prop_assert!(agree(&text), "{}", text);
    }

    /// No bytes make it panic, and what is not UTF-8 is refused.
    #[test]
    fn any_bytes_are_answered(bytes in proptest::collection::vec(any::<u8>(), 0..200), front in "\\{\"a\":|\\{\"") {
        let text = [front.as_bytes(), &bytes].concat();
        prop_assert!(check(&text, 64).is_err() || std::str::from_utf8(&text).is_ok());
    }
}

#[test]
fn the_corpus_is_read_alike() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    if !root.is_dir() {
        let _ = writeln!(std::io::stderr(), "skipped: no corpus beside the repository ({})", root.display());
        return;
    }
    let mut documents = 0;
    for file in files(&root) {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        for line in text.lines().filter(|line| line.starts_with('{')) {
            assert!(agree(line), "{}: {line:.200}", file.display());
            documents += 1;
        }
    }
    assert!(documents > 1_000, "{documents} documents");
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let nested = |path: std::path::PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    entries
        .flat_map(nested)
        .filter(|path| path.extension().is_some_and(|end| end == "ndjson" || end == "json"))
        .collect()
}
