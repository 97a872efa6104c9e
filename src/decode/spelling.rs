//! Fields in the spellings of those who export logs: `protoPayload` is `protopayload` in a table and `proto_payload` in some
//! pipelines.
//!
//! In: a key, or an object and a name. Out: the key without underscores and in small letters, or the member. Names that are
//! asked for are written that way too.

use super::json::Value;
use crate::event::Text;

/// Bytes of the longest key that is told apart; longer ones are nobody's.
const LONGEST: usize = 48;

/// Room for one key.
pub type Room = [u8; LONGEST];

/// A key without underscores, in small letters; empty where it is too long to be one that is looked for.
pub fn plain<'b>(key: &str, room: &'b mut Room) -> &'b str {
    let mut length = 0;
    for byte in key.bytes().filter(|byte| *byte != b'_') {
        let Some(place) = room.get_mut(length) else { return "" };
        *place = byte.to_ascii_lowercase();
        length += 1;
    }
    std::str::from_utf8(&room[..length]).unwrap_or_default()
}

/// The last member whose key is `name` in any spelling, where it is there and not `null`.
pub fn member<'t, 'a>(value: Value<'t, 'a>, name: &str) -> Option<Value<'t, 'a>> {
    let mut room = [0; LONGEST];
    let found = value.members().filter(|(key, _)| key == name || plain(key, &mut room) == name).last();
    found.map(|(_, value)| value).filter(|value| !value.is_null())
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
            assert_eq!(plain(key, &mut room), "protopayload");
        }
        assert_eq!(plain("é_É", &mut room), "éÉ");
        assert_eq!(plain(&"x".repeat(LONGEST + 1), &mut room), "");
        assert_eq!(plain("", &mut room), "");
    }
}
