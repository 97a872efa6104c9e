//! The reader of JSON members: what it takes, what it refuses, and that serde_json agrees on near-JSON made by chance.

use super::*;
use proptest::prelude::*;

fn check(record: &[u8], max_depth: usize) -> Result<usize, Malformed> {
    let mut members = Members::of(record, max_depth)?;
    let mut count = 0;
    while members.next_member()?.is_some() {
        count += 1;
    }
    members.finish().map(|()| count)
}

#[test]
fn reads_members_and_items() {
    let record = br#" { "a" : "x\ty" , "b":[1, {"c":"d"} ,true], "e":{} , "account": 123 } "#;
    let mut members = Members::of(record, 8).expect("an object");
    let mut seen = Vec::new();
    while let Some((key, value)) = members.next_member().expect("valid") {
        seen.push((key.into_owned(), value));
    }
    assert_eq!(seen[0].1.text().expect("text"), "x\ty");
    assert_eq!(seen[1].1.items().count(), 3);
    let nested = seen[1].1.items().nth(1).and_then(|item| item.member("c")).and_then(Json::text);
    assert_eq!(nested.expect("text"), "d");
    assert_eq!(seen[2].1.members().count(), 0);
    assert_eq!(seen[3].1.text_or_digits().expect("digits"), "123");
    assert_eq!(seen[3].1.text(), None);
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
    for record in ["", "[]", "1", "{", "{}x", "{\"a\"}", "{\"a\":1,}", "{,}", "{\"a\":01}", "{\"a\":\"\u{1}\"}"] {
        assert!(check(record.as_bytes(), 8).is_err(), "{record}");
    }
    assert_eq!(check(b"{\"a\":\"\xff\"}", 8), Err(Malformed::Utf8(6)));
}

/// Text that is nearly JSON more often than by chance.
fn near_json() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(","),
        Just(":"),
        Just("\"a\""),
        Just("\"\\u00e9\""),
        Just("\"\\x\""),
        Just("1"),
        Just("-0.5e+3"),
        Just("01"),
        Just("."),
        Just("true"),
        Just("nul"),
        Just(" "),
        Just("\"b\":1"),
        Just("\"c\":[]"),
        Just("\u{7f}"),
        Just("\"é\""),
        Just("\"long plain text, and more\\n\""),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| format!("{{{}}}", pieces.concat()))
}

proptest! {
    /// What is accepted is exactly what `serde_json` accepts.
    #[test]
    fn agrees_with_serde_json(text in near_json()) {
        let theirs = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
        prop_assert_eq!(check(text.as_bytes(), 64).is_ok(), theirs, "{}", text);
    }

    /// Bytes at any distance from the front stop the scan of a string.
    #[test]
    fn finds_the_first_special_byte(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let slow = bytes.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f)).count();
        prop_assert_eq!(plain_bytes(&bytes), slow);
    }
}
