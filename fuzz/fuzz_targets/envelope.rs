#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| nhiwatch_fuzz::message(data));
