//! What detection alone costs an event, and an identity in memory, with 10,000, 100,000 and 1,000,000 mature identities of
//! which some are much busier than others, beside what serde_json takes to read a CloudTrail record into a typed, borrowed
//! struct in the same run. `benches/README.md` says how to run it; an argument is the largest number of identities.
//!
//! Decoding, identities and Kafka are not in it: events come as the events topic gives them, decoded beforehand, each
//! scored once.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "measures time and memory")]

#[path = "score/typed.rs"]
mod typed;

use std::hint::black_box;
use std::time::Instant;

use nhiwatch::config::{BudgetConfig, DetectConfig};
use nhiwatch::detect::{Detector, Effects};
use nhiwatch::event::{
    Access, Action, Actor, Attributed, Credential, CredentialClass, Event, Identity, Kind, NetworkClass, Origin,
    Outcome, Position, Source, Target, Timestamp,
};
use nhiwatch::simulate::{AttackPlan, Fleet, FleetConfig};

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZES: [usize; 3] = [10_000, 100_000, 1_000_000];
/// Active hours that each identity has before it is measured.
const HISTORY_HOURS: u64 = 12;
/// Events of an identity in each of them.
const EVENTS_AN_HOUR: u64 = 5;
/// Events that are measured, over two hours.
const MEASURED: usize = 1_000_000;
/// Events that are built at a time, apart from what is measured.
const BATCH: usize = 500;
/// Records of the yardstick.
const RECORDS: usize = 20_000;
/// Actions and containers that an identity uses.
const HABITS: u64 = 12;

fn main() {
    let largest = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(SIZES[SIZES.len() - 1]);
    let records = records();
    println!("identities  ns an event  beside typed parse  beside 10,000  bytes an identity  findings");
    let mut smallest = 0.0;
    for identities in SIZES.into_iter().filter(|size| *size <= largest) {
        let before = resident_bytes();
        let (mut detector, mut effects) = (matured(identities), Effects::default());
        let bytes = resident_bytes().saturating_sub(before) as f64 / identities as f64;
        let (mut detection, mut typed) = (0.0, 0.0);
        for batch in 0..MEASURED / BATCH {
            let events: Vec<Attributed<'static>> = (0..BATCH).map(|n| busy(batch * BATCH + n, identities)).collect();
            let started = Instant::now();
            detect(&mut detector, &events, &mut effects);
            detection += started.elapsed().as_secs_f64();
            typed += yardstick(&records, batch);
        }
        let (detection, typed) = (detection / MEASURED as f64 * 1e9, typed * 1e9);
        smallest = if smallest == 0.0 { detection } else { smallest };
        println!(
            "{identities:>10}  {detection:>11.0}  {:>18.2}  {:>13.2}  {bytes:>17.0}  {:>8}",
            detection / (typed / (MEASURED / BATCH) as f64),
            detection / smallest,
            effects.findings.len(),
        );
        let parts = detector.memory().by_part();
        let shares = parts.map(|(part, bytes)| format!("{part} {:.0}", bytes as f64 / identities as f64));
        println!("            bytes an identity by part: {}", shares.join(", "));
        assert_eq!(effects.counts.scored + effects.counts.duplicate, MEASURED as u64);
    }
}

/// What is measured: as a worker does it, a few dozen events at a time.
#[inline(never)]
fn detect(detector: &mut Detector, events: &[Attributed<'_>], effects: &mut Effects) {
    for events in events.chunks(Detector::LOOK_AHEAD) {
        for ahead in detector.look_ahead(events) {
            detector.apply_ahead(&ahead, effects);
        }
    }
}

/// Seconds a record that the typed parse takes, over a part of the records.
fn yardstick(records: &[Vec<u8>], batch: usize) -> f64 {
    let part = RECORDS / 20;
    let records = &records[batch % 20 * part..][..part];
    let started = Instant::now();
    records.iter().for_each(|record| drop(black_box(typed::read(record))));
    started.elapsed().as_secs_f64() / part as f64
}

fn records() -> Vec<Vec<u8>> {
    let start = Timestamp::parse("2026-03-02T00:00:00Z").expect("a time");
    let mut fleet = Fleet::new(&FleetConfig {
        seed: 7,
        identities: 1_000,
        accounts: 10,
        start,
        end: start.plus_millis(30 * Timestamp::DAY_MS),
        attacks: AttackPlan::None,
        confounders: true,
        rate_scale: 1.0,
        elsewhere: false,
    });
    let mut records = vec![Vec::new(); RECORDS];
    for record in &mut records {
        fleet.next(record).expect("the fleet goes on for thirty days");
    }
    records
}

/// A detector that knows all identities well.
fn matured(identities: usize) -> Detector {
    let config = DetectConfig { max_identities: identities + 1, ..DetectConfig::default() };
    let (mut detector, mut effects) = (Detector::new(&config, &BudgetConfig::default()), Effects::default());
    let mut offset = 0;
    for hour in 0..HISTORY_HOURS {
        for identity in 0..identities as u64 {
            for n in 0..EVENTS_AN_HOUR {
                offset += 1;
                let minute = identity * 60 / identities as u64;
                let time = 10 * hour as i64 * Timestamp::HOUR_MS + minute as i64 * 60_000;
                detector.apply(&event(identity, hour * EVENTS_AN_HOUR + n, offset, time), &mut effects);
            }
        }
        effects.findings.clear();
    }
    detector
}

/// The n-th event that is measured: of few identities often, of many seldom.
fn busy(n: usize, identities: usize) -> Attributed<'static> {
    let uniform = mixed(n as u64) as f64 / u64::MAX as f64;
    // Inverse of the distribution function of Zipf's law with exponent 1, on a continuum.
    let rank = (identities as f64).powf(uniform) as u64 - 1;
    let identity = mixed(rank) % identities as u64;
    let time = 10 * HISTORY_HOURS as i64 * Timestamp::HOUR_MS + (n * 7_200_000 / MEASURED) as i64;
    event(identity, mixed(n as u64 + 1), (1 << 40) + n as i64, time)
}

fn event(identity: u64, n: u64, offset: i64, millis: i64) -> Attributed<'static> {
    let (scope, habit) = (identity / 2_000, n % HABITS);
    let account = format!("{:012}", 111_111_111_111 + scope);
    let template = identity % 50;
    let principal = format!("arn:aws:iam::{account}:role/payments-service-{identity:08x}");
    let start = Timestamp::parse("2026-03-02T00:00:00Z").expect("a time");
    Attributed {
        position: Position { topic: "audit.aws".into(), partition: 0, epoch: 0, offset, index: 0 },
        identity: Identity {
            scope: format!("aws/{account}").into(),
            principal: principal.clone().into(),
            template: format!("role/payments-service-{template}-*").into(),
            kind: Kind::Workload,
            kind_reason: "its name says service".into(),
            owner: None,
            vendor: None,
            criticality: None,
        },
        event: Event {
            source: Source::AwsCloudtrail,
            provider: "aws".into(),
            id: format!("{:016x}-{:016x}", mixed(offset as u64), offset).into(),
            time: start.plus_millis(millis),
            actor: Actor {
                class: "AssumedRole".into(),
                name: principal.into(),
                uid: None,
                short_name: None,
                account: Some(account.into()),
                issuer: None,
                session: Some(format!("i-{identity:017x}").into()),
                credential: Some(Credential {
                    id: format!("ASIA{identity:016X}").into(),
                    class: CredentialClass::Temporary,
                    issued: None,
                    mfa: false,
                }),
                delegators: Vec::new(),
                via_service: false,
            },
            action: Action {
                service: ["s3", "dynamodb", "kms"][habit as usize % 3].into(),
                operation: format!("Operation{}", (habit + template) % 40).into(),
                access: Access::DataRead,
                sensitivity: None,
                tactic: None,
                technique: None,
            },
            outcome: Outcome::Success,
            error: None,
            origin: Origin {
                ip: Some(format!("10.{}.{}.9", scope % 256, identity % 4).into()),
                network: Some(format!("10.{}.{}.0/24", scope % 256, identity % 4).into()),
                class: NetworkClass::Private,
                user_agent: Some("Boto3/1.35.0 md/Botocore#1.35.0 lang/python#3.12.3".into()),
                client: Some("boto3/1".into()),
                ..Origin::NOWHERE
            },
            region: Some("eu-central-1".into()),
            target_account: None,
            targets: vec![Target {
                kind: "s3:object".into(),
                name: format!("bucket-{}-{habit}/key-{n}", identity % 500).into(),
                container: format!("bucket-{}-{habit}", identity % 500).into(),
                account: None,
            }],
            issued: Vec::new(),
        },
    }
}

/// A number that looks random (the finaliser of SplitMix64).
fn mixed(n: u64) -> u64 {
    let mut z = n.wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Bytes of memory that this process holds; 0 where the system does not say.
fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok()).unwrap_or(0) << 10
}
