//! The scanner against serde_json, and against a plain search.

use proptest::prelude::*;
use serde_json::value::RawValue;

use super::*;

/// JSON values of every shape, as text.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<i32>().prop_map(|number| number.to_string()),
        any::<f32>().prop_filter("finite", |number| number.is_finite()).prop_map(|number| format!("{number:e}")),
        "[\\PC\n{}\\[\\]\"\\\\]{0,40}".prop_map(|text| serde_json::to_string(&text).expect("text")),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let members = proptest::collection::vec(("[a-z{\"\\\\]{0,9}", inner.clone()), 0..5);
        prop_oneof![
            proptest::collection::vec(inner, 0..5).prop_map(|elements| format!("[{}]", elements.join(" , "))),
            members.prop_map(|members| {
                let member = |(key, value)| format!("{} :\t{value}", serde_json::Value::String(key));
                format!("{{ {} }}", members.into_iter().map(member).collect::<Vec<_>>().join(","))
            }),
        ]
    })
}

#[test]
fn a_line_that_begins_with_a_brace_is_the_next_record() {
    for (text, at) in [("{\"a\":1\n{", 6), ("{\"a\":\"b\n{", 7), ("{\"a\":[\n{", 6), ("{\"a\":\"b\\\n{", 8)] {
        assert_eq!(object_end(text.as_bytes(), 0), Err(Fault::NextRecord(at)), "{text}");
    }
    assert_eq!(object_end(b"{\n  \"a\": [\n    {\n    }\n  ]\n}", 0).map(|span| span.depth), Ok(3));
}

#[test]
fn a_damaged_list_does_not_hide_the_end_of_its_object() {
    assert_eq!(object_end(b"{\"a\":[1},{", 0), Ok(Span { end: 8, depth: 2 }));
    assert_eq!(array_end(b"[1},{", 0), Err(Fault::Syntax { at: 2, expected: "`,` or `]`" }));
}

proptest! {
    /// A value ends where serde_json's does, whatever follows.
    #[test]
    fn values_end_where_they_end(value in json(), behind in "[,}\\] ]{0,3}") {
        prop_assert!(serde_json::from_str::<&RawValue>(&value).is_ok());
        let text = value.clone() + &behind;
        prop_assert_eq!(value_end(text.as_bytes(), 0).map(|span| span.end), Ok(value.len()));
    }

    /// Eight bytes at a time find what one at a time finds.
    #[test]
    fn special_bytes_are_found(text in proptest::collection::vec(prop_oneof![4 => any::<u8>(), 1 => Just(b'"')], 0..60)) {
        let plain = text.iter().position(|byte| b"\"\\\n".contains(byte)).unwrap_or(text.len());
        prop_assert_eq!(next_special(&text, 0), plain);
    }

    /// No bytes make it panic or run past the end.
    #[test]
    fn any_bytes_are_answered(text in "[{}\\[\\]\",:\\\\\na1]{0,60}") {
        for open in 0..text.len() {
            let end = stray_end(text.as_bytes(), open);
            prop_assert!(end <= text.len());
            prop_assert!(value_end(text.as_bytes(), open).map_or(true, |span| span.end <= text.len()));
            let _ = first_keys(&text.as_bytes()[open..]);
        }
    }
}
