//! Whatever the layout, cutting a file gives what is in it.

use std::io::Cursor;

use proptest::prelude::*;

use super::super::input::Input;
use super::super::open::Opener;
use super::*;

/// The pieces of a text; what is no text as a word in brackets.
fn pieces(text: &str, limit: usize) -> Vec<String> {
    let mut opener = Opener::new(Box::new(Cursor::new(text.as_bytes().to_vec())));
    let input = Input { name: "-".to_string(), path: None, bytes: None };
    let mut splitter = Splitter::new(opener.open(&input).expect("opens"), limit);
    let mut pieces = Vec::new();
    while let Some(piece) = splitter.next() {
        pieces.push(match piece {
            Piece::Text(text, _) => String::from_utf8_lossy(text).into_owned(),
            Piece::LongLine(bytes) => format!("(long line of {bytes})"),
            Piece::Unfinished(bytes) => format!("(unfinished after {bytes})"),
        });
    }
    assert!(splitter.failure().is_none());
    pieces
}

#[test]
fn a_small_file_is_one_piece() {
    assert_eq!(pieces("{\"Records\":[{}]}\n", 100), ["{\"Records\":[{}]}\n"]);
    assert_eq!(pieces("", 100), [""]);
}

#[test]
fn a_large_file_is_cut() {
    for (text, expected) in [
        ("{\"a\":1}\n{\"b\":2}\r\n\n{\"c\":3}", vec!["{\"a\":1}", "{\"b\":2}\r", "{\"c\":3}"]),
        ("{\"a\":1}{\"b\":2}{\"c\":3}", vec!["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"]),
        ("{\n\"a\": 1\n}\n{\n\"b\": 2\n}\n", vec!["{\n\"a\": 1\n}", "{\n\"b\": 2\n}"]),
        ("[{\"a\":1},\n {\"b\":2} , {\"c\":3}]", vec!["{\"a\":1}", "{\"b\":2}", "{\"c\":3}"]),
        ("{\"Records\" : [{\"a\":1},{\"b\":2}]}", vec!["{\"a\":1}", "{\"b\":2}"]),
        ("{\"x\":{\"y\":[1]},\"Records\":[{\"a\":1}], \"z\":\"}\"} {\"b\":2}", vec!["{\"a\":1}", "{\"b\":2}"]),
        ("{\"x\":\"Records\",\"y\":[{\"a\":1}]}{}", vec!["{\"x\":\"Records\",\"y\":[{\"a\":1}]}", "{}"]),
        ("\u{FEFF}{\"a\":\"\\\"}\"}\n{\"b\":2}", vec!["{\"a\":\"\\\"}\"}", "{\"b\":2}"]),
        ("no json\n{\"a\":1}\nat all", vec!["no json", "{\"a\":1}", "at all"]),
        ("[1, \"x\",{\"a\":1}]", vec!["1", "\"x\"", "{\"a\":1}"]),
        ("{\"Records\":[{\"a\":1},", vec!["{\"a\":1}", "(unfinished after 20)"]),
        ("{\"Records\":[{\"a\":1},{\"b\":", vec!["{\"a\":1}", "{\"b\":"]),
    ] {
        assert_eq!(pieces(text, text.len() - 1), expected, "{text}");
    }
}

#[test]
fn what_is_too_large_costs_itself_only() {
    let long = "x".repeat(600_000);
    let lines = format!("{{\"a\":1}}\n{{\"b\":\"{long}\"}}\n{{\"c\":3}}\n");
    assert_eq!(pieces(&lines, 50), ["{\"a\":1}", "(long line of 600008)", "{\"c\":3}"]);
    let values = format!("[{{\"a\":1}},{{\"a\":\"{long}\"}},{{\"a\":3}}]");
    let cut = pieces(&values, 50);
    assert_eq!((cut.len(), &*cut[0], &*cut[2]), (3, "{\"a\":1}", "{\"a\":3}"));
}

proptest! {
    /// Records are found in whatever layout they are, even if each piece of the file comes alone.
    #[test]
    fn every_layout_gives_every_record(
        values in proptest::collection::vec("[a-z\\\\\"{}\\[\\], é]{0,12}", 2..20),
        layout in 0usize..5,
    ) {
        let records: Vec<String> =
            values.iter().map(|value| serde_json::json!({"k": value, "l": [{"m": value}]}).to_string()).collect();
        let text = match layout {
            0 => records.join("\n"),
            1 => records.concat(),
            2 => format!("[{}]", records.join(",\n")),
            3 => format!("{{\"Records\":[{}],\"x\":1}}", records.join(",")),
            _ => format!("{{\n \"Records\" : [\n{}\n]\n}}\n", records.join(" , ")),
        };
        prop_assert_eq!(pieces(&text, text.len() - 1), records);
    }

    /// No text makes it panic or go on for ever, and none is lost where it is lines.
    #[test]
    fn any_text_is_cut(text in "[{}\\[\\]\",:a\\\\ \n]{0,60}", limit in 1usize..20) {
        let _ = pieces(&text, limit);
    }
}
