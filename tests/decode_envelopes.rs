//! Envelopes and hostile messages: what becomes of each record in them.
//!
//! A case is a folder of `tests/decode/envelopes`: `input` (the text), `packing` (optional: what to wrap it in, a step a
//! line, innermost first) and `expected.ndjson` (the envelope, then a line a record). `NHIWATCH_REWRITE=1` rewrites what
//! is expected. Cases that are too large for a file are below.
#![allow(clippy::disallowed_methods, reason = "the cases are files")]

#[path = "decode/outcome.rs"]
mod outcome;
#[path = "decode/packing.rs"]
mod packing;

use std::fs;
use std::path::{Path, PathBuf};

use nhiwatch::config::DecodeConfig;
use nhiwatch::decode::{DecodeError, Decoded, Envelope, IgnoreReason, Scratch, decode_message};
use nhiwatch::event::Timestamp;

use outcome::{Outcome, outcomes, outcomes_of};

/// The arrival of every golden case.
fn arrival() -> Timestamp {
    Timestamp::parse("2026-01-31T11:05:00Z").expect("a time")
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/decode/envelopes");
    let mut cases: Vec<_> = fs::read_dir(root).expect("the cases").map(|case| case.expect("a case").path()).collect();
    cases.sort();
    cases
}

#[test]
fn golden_cases() {
    let mut scratch = Scratch::default();
    let mut differing = Vec::new();
    for case in cases() {
        let input = fs::read(case.join("input")).expect("input");
        let steps = fs::read_to_string(case.join("packing")).unwrap_or_default();
        let message = steps.lines().fold(input, |inner, step| packing::wrap(step, &inner));
        let seen = outcome::render(&outcomes(Some(&message), Some(arrival()), &DecodeConfig::default(), &mut scratch));
        let expected = case.join("expected.ndjson");
        if std::env::var_os("NHIWATCH_REWRITE").is_some() {
            fs::write(&expected, &seen).expect("written");
        } else if fs::read_to_string(&expected).unwrap_or_default() != seen {
            differing.push(format!("{}:\n{seen}", case.display()));
        }
    }
    assert!(differing.is_empty(), "NHIWATCH_REWRITE=1 rewrites what is expected\n{}", differing.join("\n"));
}

fn single(name: &str) -> Vec<u8> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/decode/envelopes");
    fs::read(root.join(name).join("input")).expect("input")
}

fn limits() -> DecodeConfig {
    DecodeConfig::default()
}

#[track_caller]
fn check_refused(message: &[u8], config: &DecodeConfig, reason: &str) {
    let mut calls = 0;
    let result =
        decode_message(Some(message), None, config, &mut Scratch::default(), &mut |_, _: Decoded<'_>| calls += 1);
    assert_eq!(result.map_err(|error| error.reason()), Err(reason));
    assert_eq!(calls, 0, "a refused message has no record");
}

#[test]
fn a_tombstone_is_ignored() {
    let (envelope, seen) = outcomes(None, None, &limits(), &mut Scratch::default());
    assert_eq!(envelope, Ok(Envelope::Nothing));
    assert_eq!(seen, [Outcome::ignored(0, IgnoreReason::Tombstone)]);
}

#[test]
fn hostile_nesting_is_refused_without_recursion() {
    let deep = |open: &str, close: &str| [open.repeat(100_000), "1".to_owned(), close.repeat(100_000)].concat();
    check_refused("[".repeat(100_000).as_bytes(), &limits(), "truncated");
    check_refused("{\"a\":".repeat(100_000).as_bytes(), &limits(), "truncated");
    assert_eq!(outcomes_of(deep("[", "]").as_bytes(), &limits()), [Outcome::dead(0, "too_many_wrappings")]);
    assert_eq!(outcomes_of(deep("{\"a\":", "}").as_bytes(), &limits()), [Outcome::dead(0, "too_deep")]);
    let records = deep("{\"Records\":[", "]}");
    assert_eq!(outcomes_of(records.as_bytes(), &limits()), [Outcome::dead(0, "too_many_wrappings")]);
}

#[test]
fn a_deep_record_costs_itself_only() {
    let good = String::from_utf8(single("single")).expect("UTF-8");
    let deep = good.replacen("null", &["[".repeat(100_000), "]".repeat(100_000)].concat(), 1);
    let message = format!("{{\"Records\":[{good},{deep},{good}]}}");
    let seen = outcomes_of(message.as_bytes(), &limits());
    assert_eq!(seen.iter().map(Outcome::word).collect::<Vec<_>>(), ["event", "too_deep", "event"]);
}

/// A member of 1 MiB of zeros, 1,024 times: 1 GiB in 1 MiB.
#[test]
fn a_bomb_is_refused_in_bounded_memory() {
    let member = packing::wrap("gzip", &vec![b' '; 1 << 20]);
    let bomb = member.repeat(1_024);
    let config = DecodeConfig { max_unpacked_bytes: 3 << 19, ..limits() };
    check_refused(&bomb, &config, "unpacked_too_large");
    check_refused(&packing::wrap("gzip", &bomb), &config, "unpacked_too_large");
}

#[test]
fn large_messages_cost_their_length() {
    let large = vec![b'x'; 50 << 20];
    check_refused(&large, &limits(), "not_json");
    check_refused(&large, &DecodeConfig { max_message_bytes: 1 << 20, ..limits() }, "too_large");
    let text = [b"{\"a\":\"".as_slice(), &large[..(4 << 20)], b"\"}"].concat();
    assert_eq!(outcomes_of(&text, &limits()), [Outcome::dead(0, "record_too_large")]);
}

#[test]
fn records_beyond_the_limit_are_one_dead_letter() {
    let config = DecodeConfig { max_records: 3, ..limits() };
    let good = single("single");
    for message in [[good.as_slice(); 5].concat(), [b"[".as_slice(), &[good.as_slice(); 5].join(&b','), b"]"].concat()]
    {
        let seen = outcomes_of(&message, &config);
        assert_eq!(seen.iter().map(Outcome::word).collect::<Vec<_>>(), ["event", "event", "event", "too_many_records"]);
    }
    assert_eq!(outcomes_of(&[good.as_slice(); 3].concat(), &config).len(), 3);
}

/// Texts that make a careless search walk the message once for every record.
#[test]
fn damage_costs_a_bounded_number_of_walks() {
    for (piece, repeat) in [
        ("{\"a\":{\"b\":\"},", 200_000),
        ("{\"a\":1,\"b\":{\"c:\"},", 200_000),
        ("{\"a\":[1,", 200_000),
        ("[{\"a\":", 200_000),
        ("{x},", 200_000),
        ("{\"a\" 1},{\"b\":", 200_000),
        ("\"", 1_000_000),
        ("{\"Records\":[{}],", 200_000),
        ("\n{", 400_000),
        ("{},", 1_000_000),
    ] {
        for text in [piece.repeat(repeat), ["{\"Records\":[", &piece.repeat(repeat)].concat()] {
            let mut count = 0usize;
            let result =
                decode_message(Some(text.as_bytes()), None, &limits(), &mut Scratch::default(), &mut |_, _| {
                    count += 1;
                });
            assert_eq!(result.is_err(), count == 0, "{piece}");
        }
    }
}

#[test]
fn buffers_are_used_again_but_large_ones_not_kept() {
    let mut scratch = Scratch::default();
    let message = packing::wrap("gzip", &single("records"));
    let first = outcomes(Some(&message), None, &limits(), &mut scratch);
    let second = outcomes(Some(&message), None, &limits(), &mut scratch);
    assert_eq!(first, second);
    let _ = outcomes(Some(&packing::wrap("gzip", &vec![b' '; 5 << 20])), None, &limits(), &mut scratch);
    assert!(scratch.kept_bytes() <= 4 << 20, "{} bytes kept", scratch.kept_bytes());
}

#[test]
fn reasons_are_distinct_words() {
    let mut words: Vec<_> =
        DecodeError::REASONS.into_iter().chain(IgnoreReason::ALL.map(IgnoreReason::reason)).collect();
    words.extend(Envelope::ALL.map(Envelope::name));
    assert!(words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase() || b"_8".contains(&byte))));
    let count = words.len();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), count);
}
