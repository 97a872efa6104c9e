//! Does it find recorded attacks? Recordings and written examples of attacks are spliced onto identities of simulated fleets that
//! never did such a thing, and what is found is counted by technique, beside the rules R3 and R4 at the same rate of
//! false alerts. `benches/README.md` says how to run it and what came out.
//!
//! The recorded events lie beside the repository (`../shared/corpus`); without them it says so and ends. Nothing was
//! ever tuned to them. What is absent on purpose: Kafka, and attacks of the simulator's own.

#![allow(clippy::disallowed_methods, reason = "reads its arguments, and the recorded events beside the repository")]

#[path = "splice/background.rs"]
mod background;
#[path = "splice/cases.rs"]
mod cases;
#[path = "splice/graft.rs"]
mod graft;
#[path = "splice/table.rs"]
mod table;
#[path = "splice/trial.rs"]
mod trial;

use background::Background;
use table::Outcome;
use trial::Null;

/// Alerts per 1,000 identities and day at which is compared.
const BUDGETS: [f64; 2] = [1.0, 5.0];
/// Seed of the first fleet; no seed from here on served to develop anything.
const FIRST_SEED: u64 = 301;
/// Fleets, where the command names no other number.
const FLEETS: u64 = 5;
/// Victims of each case in each fleet, of different kinds.
const VICTIMS: usize = 2;

fn main() {
    let Some(cases) = cases::read() else {
        println!("skipped: there is no ../shared/corpus with recorded CloudTrail records");
        return;
    };
    println!("{} cases with {} events", cases.len(), cases.iter().map(|case| case.events.len()).sum::<usize>());
    let (mut null, mut outcomes) = (Null::default(), Vec::<Outcome>::new());
    let fleets = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(FLEETS);
    for (number, seed) in (FIRST_SEED..).take(fleets as usize).enumerate() {
        let background = Background::new(seed);
        eprintln!("seed {seed}: {} events, identities: {}", background.null.events, background.kinds());
        for (index, case) in cases.iter().enumerate() {
            for turn in 0..VICTIMS {
                let kind = background::KINDS[(index + VICTIMS * number + turn) % background::KINDS.len()];
                outcomes.extend(trial::outcomes(&background, case, kind, index as u64));
            }
        }
        eprintln!("seed {seed}: {} trials so far", outcomes.len());
        null.add(&background);
    }
    let pairs = cases.len() * VICTIMS * fleets as usize;
    println!("{} of {pairs} pairs of case and victim; the kind has nobody that suits the others", outcomes.len() / 2);
    let thresholds = null.thresholds(&BUDGETS);
    println!("{}", table::overall(&null, &thresholds, &outcomes));
    for budget in BUDGETS {
        println!("{}", table::by_technique(budget, &thresholds, &outcomes));
    }
}
