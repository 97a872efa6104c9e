//! Keyed hashing of values and identities.
//!
//! XXH3-64 with a secret derived from the configuration's key: stable from run to run, and nobody without the key can
//! aim at a slot of a table.

use std::fmt;

use xxhash_rust::xxh3::{xxh3_64_with_secret, xxh3_128_with_seed};

/// Length of an XXH3 secret, in bytes.
const SECRET_BYTES: usize = 192;

/// Hashes under one key.
#[derive(Clone)]
pub struct Hasher {
    secret: Box<[u8; SECRET_BYTES]>,
}

impl fmt::Debug for Hasher {
    /// The secret stays one.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hasher")
    }
}

impl Hasher {
    /// A hasher whose results depend on all of `key`.
    pub fn new(key: &str) -> Hasher {
        let mut secret = Box::new([0; SECRET_BYTES]);
        for (block, bytes) in secret.chunks_exact_mut(16).enumerate() {
            bytes.copy_from_slice(&xxh3_128_with_seed(key.as_bytes(), block as u64).to_le_bytes());
        }
        Hasher { secret }
    }

    /// Hash of one text in the role that `tag` names; the same text in another role hashes differently.
    pub fn text(&self, tag: u8, text: &str) -> u64 {
        in_role(tag, &[self.word(text)])
    }

    /// Hash of several texts in order; no way of splitting them differently gives the same.
    pub fn texts<const N: usize>(&self, tag: u8, texts: [&str; N]) -> u64 {
        in_role(tag, &texts.map(|text| self.word(text)))
    }

    /// Hash of a text without a role, for [`in_role`]: a text that has several is read once.
    pub fn word(&self, text: &str) -> u64 {
        xxh3_64_with_secret(text.as_bytes(), self.secret.as_slice())
    }

    /// Hash of a number without a role, for [`in_role`].
    pub fn number(&self, number: u32) -> u64 {
        xxh3_64_with_secret(&number.to_le_bytes(), self.secret.as_slice())
    }
}

/// Hash of texts in order, in the role that `tag` names, from what [`Hasher::word`] made of each.
pub fn in_role(tag: u8, words: &[u64]) -> u64 {
    words.iter().fold(u64::from(tag) + 1, |seed, word| mix(*word, seed))
}

/// Mixes two hashes (the finaliser of SplitMix64: Steele, Lea, Flood, OOPSLA 2014).
pub fn mix(a: u64, b: u64) -> u64 {
    let mut z = a.rotate_left(23) ^ b.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// The 32 bits of a hash that a table keeps; never 0, which marks an empty slot.
pub fn fingerprint(hash: u64) -> u32 {
    ((hash >> 32) as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depends_on_key_role_and_order() {
        let hasher = Hasher::new("one key");
        assert_eq!(hasher.text(1, "a"), Hasher::new("one key").text(1, "a"));
        assert_ne!(hasher.text(1, "a"), Hasher::new("another key").text(1, "a"));
        assert_ne!(hasher.text(1, "a"), hasher.text(2, "a"));
        assert_ne!(hasher.texts(1, ["a", "b"]), hasher.texts(1, ["b", "a"]));
        assert_ne!(hasher.texts(1, ["ab", "c"]), hasher.texts(1, ["a", "bc"]));
    }
}
