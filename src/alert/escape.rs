//! Text that somebody else wrote, made safe to show: bounded, and with everything visible that acts on a terminal or
//! hides from the eye (control characters, ANSI sequences, bidirectional overrides, zero-width and combining marks).
//!
//! In JSON the text itself stays as it was: only its length is bounded ([`bounded`]), serde escapes the rest.

use std::borrow::Cow;

/// The text, cut to `max_bytes` at the border of a character; what was cut ends in `…`.
pub fn bounded(text: &str, max_bytes: usize) -> Cow<'_, str> {
    if text.len() <= max_bytes {
        return Cow::Borrowed(text);
    }
    let mut end = max_bytes.saturating_sub('…'.len_utf8());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    Cow::Owned(format!("{}…", &text[..end]))
}

/// The text as it may be shown to a person, in at most `max_columns` columns: what is invisible or acts on a terminal
/// becomes `\u{…}`; what was cut ends in `…`.
pub fn shown(text: &str, max_columns: usize) -> String {
    let mut shown = String::new();
    let mut used = 0;
    let mut cut = 0;
    for c in text.chars() {
        let width = push_visible(c, &mut shown);
        used += width;
        if used > max_columns {
            shown.truncate(cut);
            shown.push('…');
            return shown;
        }
        if used < max_columns {
            cut = shown.len();
        }
    }
    shown
}

/// Like [`shown`], but cut in the middle: of a path or a name the end tells most.
pub fn shown_ends(text: &str, max_columns: usize) -> String {
    let whole = shown(text, SHOWN_WHOLE);
    if columns(&whole) <= max_columns {
        return whole;
    }
    let head = shown(&whole, max_columns / 3);
    let room = max_columns - columns(&head).min(max_columns);
    let mut tail = 0;
    let mut start = whole.len();
    for (at, c) in whole.char_indices().rev() {
        tail += width(c);
        if tail > room {
            break;
        }
        start = at;
    }
    head + &whole[start..]
}

/// Columns beyond which a text is not even looked at to be cut in the middle.
const SHOWN_WHOLE: usize = 4_096;

/// The columns that a shown text takes on a terminal; never less than it takes, for other scripts sometimes more.
pub fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

/// Writes the character so that it can be seen; returns the columns taken.
fn push_visible(c: char, shown: &mut String) -> usize {
    if !is_hidden(c) {
        shown.push(c);
        return width(c);
    }
    let before = shown.len();
    shown.extend(c.escape_unicode());
    shown.len() - before
}

/// Our own marks and what precedes U+1100 are narrow; all after it is counted as wide, to be on the safe side.
fn width(c: char) -> usize {
    match c {
        '…' | '·' | '→' | '✓' | '●' | '○' | '▲' => 1,
        c if (c as u32) < 0x1100 => 1,
        _ => 2,
    }
}

/// Whether a character acts on a terminal, reorders its line, or cannot be seen.
fn is_hidden(c: char) -> bool {
    let code = c as u32;
    let noncharacter = code & 0xfffe == 0xfffe;
    c.is_control() || (c.is_whitespace() && c != ' ') || noncharacter || is_format(c) || is_combining(c)
}

/// Format, bidirectional, zero-width, filler, tag and private-use characters (Unicode categories Cf and Co, and
/// `Default_Ignorable_Code_Point`).
fn is_format(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
}

/// Marks that pile up on the character before them; no cloud's names need them.
fn is_combining(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_acts_on_a_terminal_becomes_visible() {
        let hostile = "aws-cli\x1b[2J\r\n\u{202e}txt\u{200b}\u{7f}\u{9b}1m";
        assert_eq!(shown(hostile, 200), r"aws-cli\u{1b}[2J\u{d}\u{a}\u{202e}txt\u{200b}\u{7f}\u{9b}1m");
    }

    #[test]
    fn cuts_say_so() {
        assert_eq!(shown("abcdef", 6), "abcdef");
        assert_eq!(shown("abcdefg", 6), "abcde…");
        assert_eq!(shown_ends("role/team/very/long/path/payments-api", 20), "role/…h/payments-api");
        assert_eq!(bounded("äöü", 6), "äöü");
        assert_eq!(bounded("äöüß", 6), "ä…");
        assert_eq!(bounded("abc", 1), "…");
    }

    proptest! {
        /// Nothing that is shown can move the cursor, break the line or take more room than it was given.
        #[test]
        fn what_is_shown_is_harmless_and_fits(text in any::<String>(), room in 1usize..100) {
            for shown in [shown(&text, room), shown_ends(&text, room)] {
                prop_assert!(!shown.chars().any(is_hidden));
                prop_assert!(columns(&shown) <= room);
            }
        }

        /// Bounded text is bounded, and is the text or a beginning of it.
        #[test]
        fn bounded_text_is_a_beginning(text in any::<String>(), room in 3usize..100) {
            let bounded = bounded(&text, room);
            prop_assert!(bounded.len() <= room);
            prop_assert!(text == bounded || text.starts_with(bounded.strip_suffix('…').expect("it was cut")));
        }
    }
}
