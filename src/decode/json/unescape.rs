//! What a JSON string says, where it is a text of its own: the log lines within CloudWatch's messages.

/// Appends what a string says: `raw` is what stands between its quotation marks. Half a surrogate pair becomes U+FFFD.
///
/// # Errors
/// The place in `raw` of an escape that JSON does not have.
pub(in crate::decode) fn unescape(raw: &[u8], said: &mut Vec<u8>) -> Result<(), usize> {
    let mut at = 0;
    while let Some(length) = memchr::memchr(b'\\', &raw[at..]) {
        said.extend_from_slice(&raw[at..at + length]);
        at += length;
        let plain = match raw.get(at + 1) {
            Some(byte @ (b'"' | b'\\' | b'/')) => *byte,
            Some(b'n') => b'\n',
            Some(b't') => b'\t',
            Some(b'r') => b'\r',
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'u') => {
                let (character, end) = unescape_unicode(raw, at).ok_or(at)?;
                said.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                at = end;
                continue;
            }
            _ => return Err(at),
        };
        said.push(plain);
        at += 2;
    }
    said.extend_from_slice(&raw[at..]);
    Ok(())
}

/// The character of the `\uXXXX` at `at`, or of it and the one behind it where they are a pair, and the place behind.
fn unescape_unicode(raw: &[u8], at: usize) -> Option<(char, usize)> {
    let unit = code_unit(raw, at)?;
    if let Some(character) = char::from_u32(unit) {
        return Some((character, at + 6));
    }
    let second = code_unit(raw, at + 6).filter(|second| (0xDC00..0xE000).contains(second));
    match second {
        Some(second) if unit < 0xDC00 => {
            let character = char::from_u32(0x1_0000 + ((unit - 0xD800) << 10) + (second - 0xDC00))?;
            Some((character, at + 12))
        }
        _ => Some((char::REPLACEMENT_CHARACTER, at + 6)),
    }
}

fn code_unit(raw: &[u8], at: usize) -> Option<u32> {
    let digits = raw.get(at..at + 6)?.strip_prefix(b"\\u")?;
    digits.iter().try_fold(0, |value, digit| Some(value * 16 + char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_that_json_does_not_have_are_refused() {
        for raw in ["\\", "\\x", "\\u12", "\\u12g4", "ab\\u"] {
            assert!(unescape(raw.as_bytes(), &mut Vec::new()).is_err(), "{raw}");
        }
        let mut said = Vec::new();
        unescape(b"\\ud800 \\ud83d\\ude00 \\udc00\\ud83d", &mut said).expect("halves of pairs are replaced");
        assert_eq!(String::from_utf8(said).expect("UTF-8"), "\u{FFFD} 😀 \u{FFFD}\u{FFFD}");
    }

    proptest! {
        /// Strings say what serde_json reads in them.
        #[test]
        fn strings_say_what_they_say(text in "[\\PC\0-\u{1F}\"\\\\]{0,60}") {
            let quoted = serde_json::to_string(&text).expect("text");
            let mut said = Vec::new();
            prop_assert_eq!(unescape(&quoted.as_bytes()[1..quoted.len() - 1], &mut said), Ok(()));
            prop_assert_eq!(String::from_utf8(said), Ok(text));
        }
    }
}
