//! Finds the bytes that end plain text in a JSON string, 64 bytes at a time.
//!
//! In: a block of text. Out: a bit for each byte of it. The comparisons are written so that the compiler makes vector
//! instructions of them (SSE2 on x86-64, NEON on AArch64); the intrinsics that would gather the bits too are not to be
//! had without `unsafe`, so that a multiplication for each eight bytes does it.

/// Bytes of a block.
pub(super) const BLOCK: usize = 64;

/// Moves the lowest bits of eight bytes next to each other, into the highest byte (Knuth, The Art of Computer Programming
/// 4A, 7.1.3).
const GATHER: u64 = 0x0102_0408_1020_4080;

/// Bit `n` tells whether byte `n` is a quotation mark, a backslash or a control character.
#[inline]
pub(super) fn string_stops(block: &[u8; BLOCK]) -> u64 {
    let flags = block.map(|byte| u8::from((byte == b'"') | (byte == b'\\') | (byte < 0x20)));
    let (words, _) = flags.as_chunks::<8>();
    let mut stops = 0;
    for (at, word) in words.iter().enumerate() {
        stops |= (u64::from_le_bytes(*word).wrapping_mul(GATHER) >> 56) << (8 * at);
    }
    stops
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// It finds what a plain search finds.
        #[test]
        fn finds_what_a_plain_search_finds(
            bytes in prop::collection::vec(prop_oneof![any::<u8>(), 0x1Eu8..0x24, Just(b'\\')], BLOCK),
        ) {
            let stop = |byte: u8| matches!(byte, b'"' | b'\\' | 0..=0x1F);
            let plain = bytes.iter().enumerate().fold(0, |bits, (at, byte)| bits | u64::from(stop(*byte)) << at);
            prop_assert_eq!(string_stops(bytes.first_chunk().expect("64 bytes")), plain);
        }
    }
}
