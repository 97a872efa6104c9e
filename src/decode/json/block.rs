//! Finds the bytes that end plain text in a JSON string, 64 bytes at a time.
//!
//! In: a block of text. Out: a bit for each byte of it. The comparisons are vector instructions where the processor has them
//! (SSE2 on x86-64, NEON on AArch64), by way of the crate `wide`: the intrinsics themselves are not to be had without `unsafe`.

use wide::u8x16;

/// Bytes of a block.
pub(super) const BLOCK: usize = 64;

/// Bit `n` tells whether byte `n` is a quotation mark, a backslash or a control character.
#[inline]
pub(super) fn string_stops(block: &[u8; BLOCK]) -> u64 {
    let (lanes, _) = block.as_chunks::<16>();
    let (quote, backslash, last_control) = (u8x16::splat(b'"'), u8x16::splat(b'\\'), u8x16::splat(0x1F));
    lanes.iter().rev().fold(0, |stops, lane| {
        let bytes = u8x16::new(*lane);
        let control = bytes.min(last_control).simd_eq(bytes);
        let found = bytes.simd_eq(quote) | bytes.simd_eq(backslash) | control;
        stops << 16 | u64::from(found.to_bitmask())
    })
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
