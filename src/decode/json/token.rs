//! Where that of JSON ends which is neither a string nor an object or array: space, escapes, numbers and words.
//!
//! In: a text and a place in it. Out: the place behind what stands there, or that it is no JSON.

use super::scan::Malformed;

/// Behind the space that begins here, and whether a line in it begins with `{`.
#[inline(never)]
pub(super) fn spaces(text: &[u8], mut at: usize) -> (usize, bool) {
    let mut doubtful = false;
    while matches!(text.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        doubtful |= text[at..].starts_with(b"\n{");
        at += 1;
    }
    (at, doubtful)
}

/// Behind the escape that stands here.
#[cold]
pub(super) fn escape_end(text: &[u8], at: usize) -> Result<usize, Malformed> {
    match text.get(at..).unwrap_or_default() {
        [b'\\', b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', ..] => Ok(at + 2),
        [b'\\', b'u', a, b, c, d, ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) => Ok(at + 6),
        _ => Err(Malformed::Syntax(at)),
    }
}

/// Behind the number, `true`, `false` or `null` that stands here.
#[inline(never)]
pub(super) fn scalar_end(text: &[u8], at: usize) -> Result<usize, Malformed> {
    match text.get(at..).unwrap_or_default() {
        [b't', b'r', b'u', b'e', ..] | [b'n', b'u', b'l', b'l', ..] => Ok(at + 4),
        [b'f', b'a', b'l', b's', b'e', ..] => Ok(at + 5),
        _ => number_end(text, at),
    }
}

fn number_end(text: &[u8], start: usize) -> Result<usize, Malformed> {
    let peek = |at: usize| text.get(at).copied();
    let mut at = start + usize::from(peek(start) == Some(b'-'));
    at = if peek(at) == Some(b'0') { at + 1 } else { digits_end(text, at)? };
    if peek(at) == Some(b'.') {
        at = digits_end(text, at + 1)?;
    }
    if matches!(peek(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(peek(at), Some(b'+' | b'-')));
        at = digits_end(text, at)?;
    }
    Ok(at)
}

fn digits_end(text: &[u8], start: usize) -> Result<usize, Malformed> {
    let digits = text[start.min(text.len())..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 { Err(Malformed::Syntax(start)) } else { Ok(start + digits) }
}
