//! Fields in the spellings of those who export logs: `protoPayload` is `protopayload` in a table and `proto_payload` in some
//! pipelines.
//!
//! In: a key, or an object and a name. Out: the key without underscores and in small letters, or the member. Names that are
//! asked for are written that way too; keys are compared with them where they stand.

use std::cmp::Ordering;

use super::json::Value;
use super::names::Names;
use super::text;
use crate::event::Text;

/// Bytes of the longest key that is told apart; longer ones are nobody's.
const LONGEST: usize = 48;

/// Room for one key.
pub type Room = [u8; LONGEST];

/// A key without underscores, in small letters; empty where it is too long to be one that is looked for. For one pass over
/// the members of an object.
pub fn plain<'b>(key: &[u8], room: &'b mut Room) -> &'b [u8] {
    let Some(place) = room.get_mut(..key.len()) else { return &[] };
    place.copy_from_slice(key);
    let mut underscores = false;
    for block in &mut room.as_chunks_mut::<16>().0[..key.len().div_ceil(16)] {
        *block = block.map(|byte| byte.to_ascii_lowercase());
        underscores |= block.iter().fold(false, |any, byte| any | (*byte == b'_'));
    }
    let plain = &mut room[..key.len()];
    let mut length = if underscores { plain.iter().take_while(|byte| **byte != b'_').count() } else { plain.len() };
    for at in length + 1..plain.len() {
        if plain[at] != b'_' {
            plain[length] = plain[at];
            length += 1;
        }
    }
    &plain[..length]
}

/// Names of members in any spelling.
#[derive(Debug)]
pub struct Spelled<const N: usize> {
    /// As most logs write them.
    usual: Names<N>,
    /// Without underscores, in small letters.
    plain: Names<N>,
}

impl<const N: usize> Spelled<N> {
    /// These names, each as it is usually written and as [`plain`] has it.
    pub const fn new(names: [(&'static str, &'static str); N]) -> Spelled<N> {
        let (mut usual, mut plain) = ([""; N], [""; N]);
        let mut at = 0;
        while at < N {
            (usual[at], plain[at]) = names[at];
            at += 1;
        }
        Spelled { usual: Names::new(usual), plain: Names::new(plain) }
    }

    /// The members of these names that are not `null`: of several of one name the last.
    #[inline(always)]
    pub fn of<'t, 'a>(&self, object: Value<'t, 'a>) -> [Option<Value<'t, 'a>>; N] {
        let mut found = [None; N];
        self.find_in(object, &mut found);
        found
    }

    #[inline(never)]
    fn find_in<'t, 'a>(&self, object: Value<'t, 'a>, found: &mut [Option<Value<'t, 'a>>; N]) {
        let mut room = [0; _];
        object.visit(|key, value| {
            let name = self.usual.find(key).or_else(|| self.plain.find(plain(key, &mut room)));
            if let Some(name) = name.filter(|_| !value.is_null()) {
                found[name] = Some(value);
            }
            true
        });
    }
}

/// Whether a key is `name` in any spelling.
pub fn is(key: &[u8], name: &str) -> bool {
    let name = name.as_bytes();
    match key.len().cmp(&name.len()) {
        Ordering::Less => false,
        Ordering::Equal => text::is(key, name),
        Ordering::Greater => (begins(key, name) || key[0] == b'_') && is_with_underscores(key, name),
    }
}

fn begins(key: &[u8], name: &[u8]) -> bool {
    matches!((key, name), ([one, ..], [other, ..]) if one.eq_ignore_ascii_case(other))
}

fn is_with_underscores(key: &[u8], name: &[u8]) -> bool {
    let letters = key.iter().filter(|byte| **byte != b'_').map(u8::to_ascii_lowercase);
    letters.eq(name.iter().copied())
}

/// The last member whose key is `name` in any spelling, where it is there and not `null`.
pub fn member<'t, 'a>(value: Value<'t, 'a>, name: &str) -> Option<Value<'t, 'a>> {
    let mut found = None;
    value.visit(|key, value| {
        if is(key, name) {
            found = Some(value);
        }
        true
    });
    found.filter(|value| !value.is_null())
}

/// What lies at the end of a path of such members.
pub fn at<'t, 'a>(value: Value<'t, 'a>, path: &[&str]) -> Option<Value<'t, 'a>> {
    path.iter().try_fold(value, |value, name| member(value, name))
}

/// The text at the end of a path of such members, where there is any.
pub fn text_at<'a>(value: Value<'_, 'a>, path: &[&str]) -> Option<Text<'a>> {
    at(value, path)?.filled()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        let mut room = [0; LONGEST];
        for key in ["protoPayload", "protopayload", "proto_payload", "ProtoPayload", "PROTO_PAYLOAD"] {
            assert_eq!(plain(key.as_bytes(), &mut room), b"protopayload");
            assert!(is(key.as_bytes(), "protopayload"));
        }
        assert_eq!(plain("é_É".as_bytes(), &mut room), "éÉ".as_bytes());
        assert_eq!(plain(&[b'x'; LONGEST + 1], &mut room), b"");
        assert_eq!(plain(b"", &mut room), b"");
        assert!(is(b"__proto__Payload_", "protopayload"));
        assert!(!is(b"protoPayloads", "protopayload") && !is(b"proto", "protopayload"));
    }
}
