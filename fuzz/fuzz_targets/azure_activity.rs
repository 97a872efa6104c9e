#![no_main]

use nhiwatch::event::Source;

libfuzzer_sys::fuzz_target!(|data: &[u8]| nhiwatch_fuzz::records_of(Source::AzureActivity, data));
