//! Wraps messages as their carriers do.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::io::Write;

use base64::Engine;

/// Wraps `inner` by a step of a case's `packing`.
pub fn wrap(step: &str, inner: &[u8]) -> Vec<u8> {
    match step {
        "gzip" => {
            let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            encoder.write_all(inner).expect("in memory");
            encoder.finish().expect("in memory")
        }
        "zstd" => zstd::encode_all(inner, 1).expect("in memory"),
        "base64" => base64::engine::general_purpose::STANDARD.encode(inner).into_bytes(),
        "schema_v0" => [&[0, 0, 0, 0, 7], inner].concat(),
        "schema_v1" => [&[1; 17], inner].concat(),
        "mark" => [b"\xEF\xBB\xBF", inner].concat(),
        _ => {
            let cut: usize = step.strip_prefix("cut:").expect("a known step").parse().expect("a number of bytes");
            inner[..inner.len() - cut].to_vec()
        }
    }
}
