//! What one event costs from the bytes of its audit record to its score, beside what serde_json takes to only read the
//! same fields of the same records into a typed, borrowed struct. `benches/README.md` says how to run it and what came out.
//!
//! What is absent on purpose: Kafka, compression and threads. One record is one message, as on an audit topic.

#[path = "score/records.rs"]
mod records;
#[path = "score/typed.rs"]
mod typed;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use nhiwatch::config::{DecodeConfig, DetectConfig, IdentityConfig};
use nhiwatch::decode::{Decoded, Scratch, decode_message};
use nhiwatch::detect::{Detector, Effects};
use nhiwatch::event::{Attributed, Entry, Event, Position, decode_entry, encode_entry};
use nhiwatch::identity;

const RECORDS: usize = 20_000;

/// The pure core, as the two stages of the service put it together.
struct Core {
    decode: DecodeConfig,
    identity: IdentityConfig,
    scratch: Scratch,
    detector: Detector,
    effects: Effects,
    entry: Vec<u8>,
    offset: i64,
}

impl Core {
    fn new() -> Core {
        Core {
            decode: DecodeConfig::default(),
            identity: IdentityConfig::default(),
            scratch: Scratch::default(),
            detector: Detector::new(&DetectConfig::default()),
            effects: Effects::default(),
            entry: Vec::new(),
            offset: 0,
        }
    }

    /// Bytes → score in one go, as `replay` does it.
    fn score(&mut self, record: &[u8]) {
        let Core { decode, identity, scratch, detector, effects, offset, .. } = self;
        *offset += 1;
        let each = &mut |index, decoded: Decoded<'_>| {
            if let Decoded::Event(event) = decoded {
                detector.apply(&attribute(event, *offset, index, identity), effects);
            }
        };
        black_box(decode_message(Some(record), None, decode, scratch, each)).expect("the records are well formed");
        effects.findings.clear();
    }

    /// The same with the events topic's format in between, as `run` does it in two stages.
    fn score_through_log(&mut self, record: &[u8]) {
        let Core { decode, identity, scratch, detector, effects, entry, offset } = self;
        *offset += 1;
        let each = &mut |index, decoded: Decoded<'_>| {
            if let Decoded::Event(event) = decoded {
                encode_entry(&Entry::Event(attribute(event, *offset, index, identity)), entry);
                if let Ok(Entry::Event(event)) = decode_entry(entry) {
                    detector.apply(&event, effects);
                }
            }
        };
        black_box(decode_message(Some(record), None, decode, scratch, each)).expect("the records are well formed");
        effects.findings.clear();
    }

    /// With every baseline in place: the second time round nothing is new.
    fn warm(records: &[Vec<u8>]) -> Core {
        let mut core = Core::new();
        records.iter().for_each(|record| core.score(record));
        let scored = core.effects.counts.scored;
        assert_eq!(scored, records.len() as u64, "every record becomes an event and is scored");
        core
    }
}

fn attribute<'a>(event: Event<'a>, offset: i64, index: u32, config: &IdentityConfig) -> Attributed<'a> {
    let position = Position { topic: "audit.aws".into(), partition: 0, epoch: 0, offset, index };
    Attributed { position, identity: identity::resolve(&event, config), event }
}

fn bytes_to_scored(criterion: &mut Criterion) {
    let records = records::records(RECORDS);
    let bytes: usize = records.iter().map(Vec::len).sum();
    println!("{RECORDS} records of {} bytes on average", bytes / RECORDS);

    let mut group = criterion.benchmark_group("score");
    group.throughput(Throughput::Elements(RECORDS as u64));
    group.bench_function("serde_json_typed", |bencher| {
        bencher.iter(|| records.iter().for_each(|record| drop(black_box(typed::read(record)))));
    });
    group.bench_function("bytes_to_event", |bencher| {
        let (config, mut scratch) = (DecodeConfig::default(), Scratch::default());
        let each = &mut |_, decoded: Decoded<'_>| drop(black_box(decoded));
        bencher.iter(|| {
            for record in &records {
                black_box(decode_message(Some(record), None, &config, &mut scratch, each)).expect("well formed");
            }
        });
    });
    group.bench_function("bytes_to_scored", |bencher| {
        let mut core = Core::warm(&records);
        bencher.iter(|| records.iter().for_each(|record| core.score(record)));
    });
    group.bench_function("bytes_to_scored_through_log", |bencher| {
        let mut core = Core::warm(&records);
        bencher.iter(|| records.iter().for_each(|record| core.score_through_log(record)));
    });
    group.finish();
}

criterion_group!(benches, bytes_to_scored);
criterion_main!(benches);
