//! What one event costs from the bytes of its audit record to its score, and its parts, beside two yardsticks: what serde_json
//! takes to only read the same fields of the same records into a typed, borrowed struct, and into a `Value`. `benches/README.md` says how to run it and what came out.
//!
//! What is absent on purpose: Kafka, compression and threads. One record is one message, as on an audit topic.

#[path = "score/typed.rs"]
mod typed;

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use nhiwatch::config::{BudgetConfig, DecodeConfig, DetectConfig, IdentityConfig};
use nhiwatch::decode::{Decoded, RecordInfo, Scratch, decode_message};
use nhiwatch::detect::{Detector, Effects};
use nhiwatch::event::{Attributed, Entry, Event, Position, Timestamp, decode_entry, encode_entry};
use nhiwatch::identity::Resolver;
use nhiwatch::simulate::{AttackPlan, Fleet, FleetConfig};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Records that are measured, some 80 MB: more than a processor's cache holds.
const RECORDS: usize = 50_000;

/// Records before them, from which the baselines are learned.
const HISTORY: usize = 250_000;

/// Identities that they come from.
const IDENTITIES: usize = 1_000;

/// Records of a simulated fleet with benign change and without attacks: always the same.
fn fleet() -> Fleet {
    let start = Timestamp::parse("2026-03-02T00:00:00Z").expect("a time");
    Fleet::new(&FleetConfig {
        seed: 7,
        identities: IDENTITIES,
        accounts: 10,
        start,
        end: start.plus_millis(30 * Timestamp::DAY_MS),
        attacks: AttackPlan::None,
        confounders: true,
        rate_scale: 1.0,
        elsewhere: false,
    })
}

/// The records behind the history.
fn measured() -> Vec<Vec<u8>> {
    let mut fleet = fleet();
    let mut skipped = Vec::new();
    for _ in 0..HISTORY {
        fleet.next(&mut skipped).expect("the fleet goes on for thirty days");
        skipped.clear();
    }
    let mut records = vec![Vec::new(); RECORDS];
    for record in &mut records {
        fleet.next(record).expect("the fleet goes on for thirty days");
    }
    records
}

/// The pure core, as the two stages of the service put it together.
struct Core {
    decode: DecodeConfig,
    resolver: Resolver,
    scratch: Scratch,
    detector: Detector,
    effects: Effects,
    entry: Vec<u8>,
    offset: i64,
}

impl Core {
    fn new() -> Core {
        // The same events come again and again: with room for their ids all but the first pass would be duplicates.
        let detect = DetectConfig { max_dedup_bytes: 1, ..DetectConfig::default() };
        Core {
            decode: DecodeConfig::default(),
            resolver: Resolver::new(&IdentityConfig::default()),
            scratch: Scratch::default(),
            detector: Detector::new(&detect, &BudgetConfig::default()),
            effects: Effects::default(),
            entry: Vec::new(),
            offset: 0,
        }
    }

    /// Bytes → score in one go, as `replay` does it.
    fn score(&mut self, record: &[u8]) {
        let Core { decode, resolver, scratch, detector, effects, offset, .. } = self;
        *offset += 1;
        let each = &mut |RecordInfo { index, .. }, decoded: Decoded<'_>| {
            if let Ok(event) = decoded {
                detector.apply(&attribute(event, *offset, index, resolver), effects);
            }
        };
        black_box(decode_message(Some(record), None, decode, scratch, each)).expect("the records are well formed");
        effects.findings.clear();
    }

    /// The same with the events topic's format in between, as `run` does it in two stages.
    fn score_through_log(&mut self, record: &[u8]) {
        let Core { decode, resolver, scratch, detector, effects, entry, offset } = self;
        *offset += 1;
        let each = &mut |RecordInfo { index, .. }, decoded: Decoded<'_>| {
            if let Ok(event) = decoded {
                encode_entry(&Entry::Event(attribute(event, *offset, index, resolver)), entry);
                if let Ok(Entry::Event(event)) = decode_entry(entry) {
                    detector.apply(&event, effects);
                }
            }
        };
        black_box(decode_message(Some(record), None, decode, scratch, each)).expect("the records are well formed");
        effects.findings.clear();
    }

    /// With the baselines that the history leaves.
    fn warm() -> Core {
        let (mut core, mut fleet, mut record) = (Core::new(), fleet(), Vec::new());
        for _ in 0..HISTORY {
            fleet.next(&mut record).expect("the fleet goes on for thirty days");
            core.score(&record);
            record.clear();
        }
        let counts = &core.effects.counts;
        assert_eq!(counts.scored + counts.duplicate, HISTORY as u64, "every record becomes an event with one outcome");
        core
    }
}

fn attribute<'a>(event: Event<'a>, offset: i64, index: u32, resolver: &mut Resolver) -> Attributed<'a> {
    let position = Position { topic: "audit.aws".into(), partition: 0, epoch: 0, offset, index };
    Attributed { position, identity: resolver.resolve(&event), event }
}

/// Passes over all records; the baselines go on learning, as in the daily run.
fn bytes_to_scored(criterion: &mut Criterion) {
    let records = measured();
    let bytes: usize = records.iter().map(Vec::len).sum();
    println!("{RECORDS} records of {} bytes on average, {IDENTITIES} identities", bytes / RECORDS);

    let mut group = criterion.benchmark_group("score");
    group.throughput(Throughput::Elements(RECORDS as u64));
    yardsticks(&mut group, &records);
    parts(&mut group, &records);
    group.bench_function("bytes_to_scored", |bencher| {
        let mut core = Core::warm();
        bencher.iter(|| records.iter().for_each(|record| core.score(record)));
    });
    group.bench_function("bytes_to_scored_through_log", |bencher| {
        let mut core = Core::warm();
        bencher.iter(|| records.iter().for_each(|record| core.score_through_log(record)));
    });
    group.finish();
}

fn yardsticks(group: &mut BenchmarkGroup<'_, WallTime>, records: &[Vec<u8>]) {
    group.bench_function("serde_json_typed", |bencher| {
        bencher.iter(|| records.iter().for_each(|record| drop(black_box(typed::read(record)))));
    });
    group.bench_function("serde_json_value", |bencher| {
        let read = |record: &[u8]| serde_json::from_slice::<serde_json::Value>(record).expect("well formed");
        bencher.iter(|| records.iter().for_each(|record| drop(black_box(read(record)))));
    });
}

/// Decoding alone, with the identity, and detection alone.
fn parts(group: &mut BenchmarkGroup<'_, WallTime>, records: &[Vec<u8>]) {
    let (decode, mut scratch) = (DecodeConfig::default(), Scratch::default());
    let mut resolver = Resolver::new(&IdentityConfig::default());
    group.bench_function("bytes_to_event", |bencher| {
        let each = &mut |_, decoded: Decoded<'_>| drop(black_box(decoded));
        bencher.iter(|| {
            for record in records {
                black_box(decode_message(Some(record), None, &decode, &mut scratch, each)).expect("well formed");
            }
        });
    });
    group.bench_function("bytes_to_attributed", |bencher| {
        let each = &mut |RecordInfo { index, .. }, decoded: Decoded<'_>| {
            if let Ok(event) = decoded {
                black_box(attribute(event, 1, index, &mut resolver));
            }
        };
        bencher.iter(|| {
            for record in records {
                black_box(decode_message(Some(record), None, &decode, &mut scratch, each)).expect("well formed");
            }
        });
    });
    group.bench_function("attributed_to_scored", |bencher| {
        let (mut core, entries) = (Core::warm(), entries(records));
        let mut events: Vec<_> = entries.iter().map(|entry| event_of(entry)).collect();
        bencher.iter(|| {
            for event in &mut events {
                core.offset += 1;
                event.position.offset = core.offset;
                core.detector.apply(event, &mut core.effects);
                core.effects.findings.clear();
            }
        });
    });
}

/// The measured records as `detect` gets them, in the events topic's format.
fn entries(records: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let (decode, mut scratch) = (DecodeConfig::default(), Scratch::default());
    let mut resolver = Resolver::new(&IdentityConfig::default());
    let mut entries = Vec::with_capacity(records.len());
    for record in records {
        let each = &mut |RecordInfo { index, .. }, decoded: Decoded<'_>| {
            if let Ok(event) = decoded {
                let mut entry = Vec::new();
                encode_entry(&Entry::Event(attribute(event, 0, index, &mut resolver)), &mut entry);
                entries.push(entry);
            }
        };
        decode_message(Some(record), None, &decode, &mut scratch, each).expect("the records are well formed");
    }
    entries
}

fn event_of(entry: &[u8]) -> Attributed<'_> {
    match decode_entry(entry) {
        Ok(Entry::Event(event)) => event,
        other => panic!("not an event: {other:?}"),
    }
}

criterion_group!(benches, bytes_to_scored);
criterion_main!(benches);
