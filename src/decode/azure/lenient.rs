//! The JSON that some of Azure's services write although it is none: line breaks within strings, and strings in single
//! quotation marks.
//!
//! In: a text that was not read. Out: the same as JSON, where those two faults were all that was wrong with it. Elastic's agent
//! does the same ("sanitize_options" of its `azure-eventhub` input); here a line break is kept, as its escape.

use serde::de::IgnoredAny;

/// The text as JSON: none where it is JSON as it is, where it is not of Azure, or where it is none even then.
pub(in crate::decode) fn sanitise(text: &[u8]) -> Option<Vec<u8>> {
    if !is_of_azure(text) || is_json(text) {
        return None;
    }
    let mended = mend(text);
    is_json(&mended).then_some(mended)
}

/// Whether a text has what every record of Azure's has, however it is quoted.
fn is_of_azure(text: &[u8]) -> bool {
    ["operationName", "OperationName", "resourceId", "ResourceId"]
        .iter()
        .any(|key| memchr::memmem::find(text, key.as_bytes()).is_some())
}

/// Whether a text is JSON: one value, or several one after another.
fn is_json(text: &[u8]) -> bool {
    serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>().all(|value| value.is_ok())
}

/// One pass: line breaks within strings become escapes, single quotation marks around strings double ones.
fn mend(text: &[u8]) -> Vec<u8> {
    let mut mended = Vec::with_capacity(text.len() + text.len() / 16);
    let mut quote = None;
    let mut bytes = text.iter().copied();
    while let Some(byte) = bytes.next() {
        match (quote, byte) {
            (None, b'"' | b'\'') => {
                quote = Some(byte);
                mended.push(b'"');
            }
            (Some(mark), _) if byte == mark => {
                quote = None;
                mended.push(b'"');
            }
            (Some(_), b'\n') => mended.extend(b"\\n"),
            (Some(_), b'\r') => mended.extend(b"\\r"),
            (Some(_), b'\t') => mended.extend(b"\\t"),
            (Some(b'\''), b'"') => mended.extend(b"\\\""),
            (Some(mark), b'\\') => match bytes.next() {
                Some(b'\'') if mark == b'\'' => mended.push(b'\''),
                Some(escaped) => mended.extend([b'\\', escaped]),
                None => mended.push(b'\\'),
            },
            _ => mended.push(byte),
        }
    }
    mended
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sanitised(text: &str) -> Option<String> {
        sanitise(text.as_bytes()).map(|mended| String::from_utf8(mended).expect("UTF-8"))
    }

    #[test]
    fn line_breaks_and_single_quotes() {
        for (text, expected) in [
            ("{\"operationName\":\"a\nb\"}", Some(r#"{"operationName":"a\nb"}"#)),
            ("{'operationName':'it\\'s \"x\"','n':1}", Some(r#"{"operationName":"it's \"x\"","n":1}"#)),
            ("{\"resourceId\":\"don't\",\"b\":'c'}", Some(r#"{"resourceId":"don't","b":"c"}"#)),
            ("{\"operationName\":\"fine\"}\n{\"operationName\":\"too\"}", None),
            ("{'other':1}", None),
            ("{'operationName':", None),
            ("", None),
        ] {
            assert_eq!(sanitised(text).as_deref(), expected, "{text}");
        }
    }

    proptest! {
        /// What comes out is JSON, whatever goes in.
        #[test]
        fn what_comes_out_is_json(text in "[ -~\n\t']{0,80}") {
            let text = format!("{{\"operationName\":\"{text}\"}}");
            if let Some(mended) = sanitise(text.as_bytes()) {
                prop_assert!(is_json(&mended));
            }
        }
    }
}
