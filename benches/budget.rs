//! What becomes of a budget where nobody attacks: alerts realised beside those asked for, on simulated fleets with
//! benign change and without attacks (null streams), and whether a score holds what it says.
//!
//! For each budget it prints the alerts per 1,000 identities and day over all seeds with a Poisson interval, each seed's
//! share, the worst day of one fleet, and the worst of all fleets together, day by day. For each score S it prints the share of identity-days that reached it beside 2^-S. Last, by
//! kind, what `src/detect/score.rs` ships as a fleet's beginning. What is absent on purpose: attacks, and anything that
//! is tuned to them. `benches/README.md` says how to run it; arguments are the seeds (`-- 101 102`).

#![allow(clippy::disallowed_methods, reason = "takes seeds as arguments and measures two at a time")]

use std::collections::BTreeMap;

use nhiwatch::config::{BudgetConfig, DecodeConfig, DetectConfig, IdentityConfig};
use nhiwatch::decode::{Decoded, RecordInfo, Scratch, decode_message};
use nhiwatch::detect::{Detector, Effects};
use nhiwatch::event::{Activity, Attributed, Finding, Kind, Muted, Position, Timestamp};
use nhiwatch::identity;
use nhiwatch::simulate::{AttackPlan, Fleet, FleetConfig};
use statrs::distribution::{ContinuousCDF, Gamma};

/// Seeds that the figures are reported for; others served for building.
const SEEDS: std::ops::Range<u64> = 201..206;
const IDENTITIES: usize = 2_000;
const WARM_UP_DAYS: i64 = 10;
const DAYS: i64 = 20;
/// Few calls in each active hour: what counts is what an hour shows, not how often.
const RATE_SCALE: f64 = 0.02;
/// Alerts per 1,000 identities and day; the last is more than any threshold above the floor follows from.
const BUDGETS: [f64; 4] = [0.2, 1.0, 5.0, 1e6];
/// Where the shipped tail begins: the lowest threshold, in bits.
const START_BITS: f64 = 6.0;

/// What one seed showed.
struct Null {
    events: u64,
    /// Identities that alert, by kind.
    identities: [u64; Kind::ALL.len()],
    /// Findings by budget.
    findings: [Vec<Finding>; BUDGETS.len()],
    warm: Timestamp,
}

fn main() {
    let asked: Vec<u64> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let seeds: Vec<u64> = if asked.is_empty() { SEEDS.collect() } else { asked };
    let (left, right) = seeds.split_at(seeds.len() / 2);
    let nulls: Vec<Null> = std::thread::scope(|scope| {
        let other = scope.spawn(|| left.iter().map(|seed| measure(*seed)).collect::<Vec<_>>());
        let own: Vec<Null> = right.iter().map(|seed| measure(*seed)).collect();
        other.join().expect("a measurement does not panic").into_iter().chain(own).collect()
    });
    let events: u64 = nulls.iter().map(|null| null.events).sum();
    println!("{} seeds, {IDENTITIES} identities, {WARM_UP_DAYS} + {DAYS} days, {events} events", nulls.len());
    print_budgets(&nulls);
    print_scores(&nulls);
    print_kinds(&nulls);
}

fn print_budgets(nulls: &[Null]) {
    println!(
        "\nasked/1,000/day  realised (95 %)        ratio  worst day  pooled  by seed                         held back  campaigns"
    );
    for (index, asked) in BUDGETS.iter().enumerate().take(BUDGETS.len() - 1) {
        let by_day: Vec<Vec<u32>> = nulls.iter().map(|null| by_day(null, &null.findings[index])).collect();
        let alerts: u32 = by_day.iter().flatten().sum();
        let days: f64 = nulls.iter().map(alerting).sum::<f64>() * DAYS as f64 / 1_000.0;
        let (low, high) = poisson(f64::from(alerts));
        let realised = f64::from(alerts) / days;
        let rate = |(null, days): (&Null, &Vec<u32>)| {
            f64::from(days.iter().sum::<u32>()) / (alerting(null) * DAYS as f64 / 1_000.0) / asked
        };
        let shares: Vec<String> = nulls.iter().zip(&by_day).map(|pair| format!("{:.2}", rate(pair))).collect();
        let worst = nulls
            .iter()
            .zip(&by_day)
            .map(|(null, days)| f64::from(days.iter().copied().max().unwrap_or(0)) / (alerting(null) / 1_000.0));
        let of_day = |day: usize| by_day.iter().map(|days| days[day]).sum::<u32>();
        let pooled = f64::from((0..DAYS as usize).map(of_day).max().unwrap_or(0)) / (days / DAYS as f64);
        let count = |muted| {
            let all = nulls.iter().flat_map(|null| null.findings[index].iter().filter(|f| f.opened >= null.warm));
            all.filter(|f| f.activity == Activity::Create && f.muted == Some(muted)).count()
        };
        println!(
            "{asked:<15}  {realised:.3} ({:.3}-{:.3})    {:>5.2}  {:>9.2}  {:>6.2}  {:<30}  {:>9}  {:>9}",
            low / days,
            high / days,
            realised / asked,
            worst.fold(0.0, f64::max),
            pooled,
            shares.join(" "),
            count(Muted::Cap),
            count(Muted::Notice),
        );
    }
}

/// Whether a score holds what it says: identity-days that reach it, beside 2^-S.
fn print_scores(nulls: &[Null]) {
    println!("\nscore S  share of identity-days that reach it  said  ratio");
    let days: f64 = nulls.iter().map(alerting).sum::<f64>() * DAYS as f64;
    let scores: Vec<f64> = nulls
        .iter()
        .flat_map(|null| {
            let alerting =
                most(null).into_values().filter(|(kind, ..)| !DetectConfig::default().record_only.contains(kind));
            alerting.map(|(_, _, score)| score)
        })
        .collect();
    for score in 7..=14 {
        let reached = scores.iter().filter(|known| **known >= f64::from(score)).count() as f64 / days;
        let said = f64::exp2(-f64::from(score));
        println!("{score:<7}  {reached:<38.6}  {said:.6}  {:.2}", reached / said);
    }
}

fn print_kinds(nulls: &[Null]) {
    println!("\nkind              identity-days  incidents  share      mean excess  robust excess (bits)");
    for kind in Kind::ALL {
        let days: u64 = nulls.iter().map(|null| null.identities[kind as usize]).sum::<u64>() * DAYS as u64;
        let all = nulls.iter().flat_map(|null| most(null).into_values());
        let mut excesses: Vec<f64> = all.filter(|of| of.0 == kind).map(|of| of.1 - START_BITS).collect();
        excesses.sort_by(f64::total_cmp);
        let incidents = excesses.len() as f64;
        let mean = excesses.iter().sum::<f64>() / incidents.max(1.0);
        // The median of an exponential tail is ln 2 of its mean.
        let median = excesses.get(excesses.len() / 2).copied().unwrap_or(0.0);
        let robust = mean.min(1.2 * median / std::f64::consts::LN_2).max(0.5);
        let share = incidents / (days as f64).max(1.0);
        println!("{:<17} {days:>13}  {incidents:>9}  {share:<9.6}  {mean:<11.2}  {robust:.2}", kind.name());
    }
}

/// The most evidence and score of each incident at the lowest threshold, those of recorded kinds included.
fn most(null: &Null) -> BTreeMap<(&str, &str, &str), (Kind, f64, f64)> {
    let mut incidents = BTreeMap::new();
    let all = null.findings[BUDGETS.len() - 1].iter();
    for finding in all.filter(|finding| finding.opened >= null.warm && finding.campaign.is_none()) {
        let key = (finding.scope.as_str(), finding.principal.as_str(), finding.opening_event.as_str());
        let most = incidents.entry(key).or_insert((finding.kind, 0.0f64, 0.0f64));
        most.1 = most.1.max(finding.evidence_bits);
        most.2 = most.2.max(finding.score);
    }
    incidents
}

/// Identities whose incidents alert.
fn alerting(null: &Null) -> f64 {
    let muted = DetectConfig::default().record_only;
    Kind::ALL.iter().zip(null.identities).filter(|(kind, _)| !muted.contains(kind)).map(|(_, count)| count as f64).sum()
}

fn by_day(null: &Null, findings: &[Finding]) -> Vec<u32> {
    let mut days = vec![0; DAYS as usize];
    let alerts = findings
        .iter()
        .filter(|finding| finding.is_alert() && finding.activity == Activity::Create && finding.opened >= null.warm);
    for alert in alerts {
        days[(alert.opened.since(null.warm) / Timestamp::DAY_MS) as usize] += 1;
    }
    days
}

/// The 95 % interval of a Poisson mean (Garwood, Biometrika 1936).
fn poisson(count: f64) -> (f64, f64) {
    let quantile = |shape: f64, p: f64| Gamma::new(shape, 1.0).expect("a positive shape").inverse_cdf(p);
    (if count > 0.0 { quantile(count, 0.025) } else { 0.0 }, quantile(count + 1.0, 0.975))
}

fn measure(seed: u64) -> Null {
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
        rate_scale: RATE_SCALE,
        elsewhere: false,
    });
    let mut detectors: Vec<(Detector, Effects)> = BUDGETS
        .iter()
        .map(|asked| {
            let budget = BudgetConfig { acute_per_1000_per_day: *asked, ..BudgetConfig::default() };
            (Detector::for_files(&DetectConfig::default(), &budget), Effects::default())
        })
        .collect();
    let (mut scratch, mut record) = (Scratch::default(), Vec::new());
    let (decode, identity) = (DecodeConfig::default(), IdentityConfig::default());
    let mut offset = 0;
    while fleet.next(&mut record).is_some() {
        offset += 1;
        let each = &mut |RecordInfo { index, .. }, decoded: Decoded<'_>| {
            if let Ok(event) = decoded {
                let identity = identity::resolve(&event, &identity);
                let position = Position { topic: "simulated".into(), partition: 0, epoch: 0, offset, index };
                let event = Attributed { position, identity, event };
                for (detector, effects) in &mut detectors {
                    detector.apply(&event, effects);
                }
            }
        };
        decode_message(Some(&record), None, &decode, &mut scratch, each).expect("the simulator writes CloudTrail");
        record.clear();
    }
    let identities = detectors[0].0.census().identities;
    let thresholds: Vec<String> =
        detectors.iter().map(|(detector, _)| format!("{:.2}", detector.census().pools[0].threshold_bits)).collect();
    eprintln!("seed {seed}: {offset} records, thresholds {}", thresholds.join(" "));
    let mut findings = detectors.into_iter().map(|(_, effects)| effects.findings);
    let findings = std::array::from_fn(|_| findings.next().expect("one for each budget"));
    Null { events: offset as u64, identities, findings, warm }
}
