//! Measures the shipped reference of `src/detect/score.rs`: how often, and how far, the evidence of an identity passes the
//! lowest threshold on simulated fleets without attacks, by kind. `benches/README.md` says how to run it.
//!
//! For each kind it prints the identity-days, the share of them that opened an incident (k/n at u = 6 bits), and the mean
//! of the incidents' evidence beyond u (ē). What is absent on purpose: attacks, and anything that is tuned to them.

use std::collections::BTreeMap;

use nhiwatch::config::{BudgetConfig, DecodeConfig, DetectConfig, IdentityConfig};
use nhiwatch::decode::{Decoded, Scratch, decode_message};
use nhiwatch::detect::{Detector, Effects};
use nhiwatch::event::{Attributed, Kind, Position, Timestamp};
use nhiwatch::identity;
use nhiwatch::simulate::{AttackPlan, Fleet, FleetConfig};

const SEEDS: std::ops::Range<u64> = 101..106;
const IDENTITIES: usize = 2_000;
const WARM_UP_DAYS: i64 = 10;
const DAYS: i64 = 20;
/// Where the tail begins: the lowest threshold, in bits.
const START_BITS: f64 = 6.0;

/// What was seen of one kind.
#[derive(Default)]
struct Seen {
    identity_days: f64,
    /// The most evidence of each incident, in bits.
    incidents: Vec<f64>,
}

fn main() {
    let mut seen: BTreeMap<&'static str, Seen> = BTreeMap::new();
    for seed in SEEDS {
        let events = measure(seed, &mut seen);
        eprintln!("seed {seed}: {events} events");
    }
    println!("kind              identity-days  incidents  share      mean excess  robust excess (bits)");
    for (kind, seen) in &mut seen {
        let incidents = seen.incidents.len() as f64;
        seen.incidents.sort_by(f64::total_cmp);
        let excesses: Vec<f64> = seen.incidents.iter().map(|bits| bits - START_BITS).collect();
        let mean = excesses.iter().sum::<f64>() / incidents.max(1.0);
        // The median of an exponential tail is ln 2 of its mean; a few attacks in the reference must not widen it.
        let median = excesses.get(excesses.len() / 2).copied().unwrap_or(0.0);
        let robust = mean.min(1.2 * median / std::f64::consts::LN_2).max(0.5);
        let share = incidents / seen.identity_days.max(1.0);
        println!("{kind:<17} {:>13.0} {incidents:>10}  {share:<9.6}  {mean:<11.2}  {robust:.2}", seen.identity_days);
    }
}

fn measure(seed: u64, seen: &mut BTreeMap<&'static str, Seen>) -> u64 {
    let start = Timestamp::parse("2026-03-02T00:00:00Z").expect("a time");
    let warm = start.plus_millis(WARM_UP_DAYS * Timestamp::DAY_MS);
    let mut fleet = Fleet::new(&FleetConfig {
        seed,
        identities: IDENTITIES,
        accounts: 4,
        start,
        end: warm.plus_millis(DAYS * Timestamp::DAY_MS),
        attacks: AttackPlan::None,
        confounders: true,
        rate_scale: 0.2,
    });
    // A budget that no threshold above the floor follows from.
    let budget = BudgetConfig { acute_per_1000_per_day: 1e6, ..BudgetConfig::default() };
    let mut detector = Detector::for_files(&DetectConfig::default(), &budget);
    let (mut effects, mut scratch, mut record) = (Effects::default(), Scratch::default(), Vec::new());
    let (decode, identity) = (DecodeConfig::default(), IdentityConfig::default());
    let mut offset = 0;
    while fleet.next(&mut record).is_some() {
        offset += 1;
        let each = &mut |index, decoded: Decoded<'_>| {
            if let Decoded::Event(event) = decoded {
                let identity = identity::resolve(&event, &identity);
                let position = Position { topic: "simulated".into(), partition: 0, epoch: 0, offset, index };
                detector.apply(&Attributed { position, identity, event }, &mut effects);
            }
        };
        decode_message(Some(&record), None, &decode, &mut scratch, each).expect("the simulator writes CloudTrail");
        record.clear();
    }
    let mut incidents: BTreeMap<(String, String, String), (Kind, f64)> = BTreeMap::new();
    for finding in effects.findings.into_iter().filter(|finding| finding.opened >= warm) {
        let key = (finding.scope, finding.principal, finding.opening_event);
        incidents.insert(key, (finding.kind, finding.evidence_bits));
    }
    for (kind, bits) in incidents.into_values() {
        seen.entry(kind.name()).or_default().incidents.push(bits);
    }
    for (kind, count) in Kind::ALL.iter().zip(detector.census().identities) {
        seen.entry(kind.name()).or_default().identity_days += count as f64 * DAYS as f64;
    }
    effects.counts.scored
}
