//! What a fleet is made from.

use super::labels::Scenario;
use crate::event::Timestamp;

/// What a fleet is made from. Equal configurations give equal records, byte for byte.
#[derive(Debug, Clone, PartialEq)]
pub struct FleetConfig {
    /// Seed of all random numbers.
    pub seed: u64,
    /// Identities at the start, people included; new services and attackers add a few.
    pub identities: usize,
    /// Accounts that they are spread over.
    pub accounts: usize,
    /// Time of the first records.
    pub start: Timestamp,
    /// Where the stream ends (excluded).
    pub end: Timestamp,
    /// Which attacks happen.
    pub attacks: AttackPlan,
    /// Whether benign change happens: deployments, traffic, new networks and the like.
    pub confounders: bool,
    /// Factor on the number of calls in an active hour, of which there are some 5 to 25 at 1; at least one remains.
    pub rate_scale: f64,
    /// Whether some 50 more live elsewhere: in Kubernetes, Google Cloud and GitHub, and are attacked as the
    /// others are. What the others do does not change.
    pub elsewhere: bool,
}

/// Which attacks happen, and when.
#[derive(Debug, Clone, PartialEq)]
pub enum AttackPlan {
    /// None.
    None,
    /// These, each at its time, on a victim that suits it; those elsewhere are left out where nobody lives there.
    Staged(Vec<(Timestamp, Scenario)>),
    /// All scenarios by turns, at random times; each on a victim that suits it, has a history and was none before. What
    /// finds no such victim is left out.
    Random {
        /// How many in 30 days at most; elsewhere so many more that each scenario there comes as often.
        per_30_days: f64,
        /// None before this time: victims must have a history.
        not_before: Timestamp,
    },
}

/// Minutes of simulated time after the history at which the demo's attacks begin.
const DEMO_ATTACKS: [(i64, Scenario); 6] = [
    (3, Scenario::A1),
    (25, Scenario::A10),
    (50, Scenario::A4),
    (85, Scenario::A2),
    (130, Scenario::A3),
    (180, Scenario::A7),
];

impl AttackPlan {
    /// Days without attacks at the beginning of [`AttackPlan::random`], as long as they are 40 % of the span at most:
    /// victims must have a history (model, section 3.2).
    pub const QUIET_DAYS: i64 = 12;

    /// All scenarios by turns at random times, 72 in 30 days; the first after [`AttackPlan::QUIET_DAYS`].
    pub fn random(start: Timestamp, end: Timestamp) -> AttackPlan {
        let quiet = (end.since(start) * 2 / 5).min(Self::QUIET_DAYS * Timestamp::DAY_MS);
        AttackPlan::Random { per_30_days: 72.0, not_before: start.plus_millis(quiet) }
    }

    /// Every scenario once, one every 2 hours from the middle of a span on, those elsewhere last.
    pub fn staged(start: Timestamp, end: Timestamp) -> AttackPlan {
        let middle = start.plus_millis(end.since(start) / 2);
        let at = |n: i64| middle.plus_millis(n * 2 * Timestamp::HOUR_MS);
        let all = Scenario::ALL.into_iter().chain(Scenario::ELSEWHERE);
        AttackPlan::Staged(all.zip(0..).map(|(scenario, n)| (at(n), scenario)).collect())
    }
}

impl FleetConfig {
    /// Days of history before [`FleetConfig::demo`] goes live.
    pub const DEMO_HISTORY_DAYS: i64 = 14;

    /// The fleet of `demo`: some 300 identities with two weeks of history before `live`, then a day in which six
    /// attacks are staged, the first of them three minutes after `live`.
    pub fn demo(seed: u64, live: Timestamp) -> FleetConfig {
        let minute = |minutes: i64| live.plus_millis(minutes * 60_000);
        FleetConfig {
            seed,
            identities: 300,
            accounts: 3,
            start: live.plus_millis(-Self::DEMO_HISTORY_DAYS * Timestamp::DAY_MS),
            end: live.plus_millis(Timestamp::DAY_MS),
            attacks: AttackPlan::Staged(DEMO_ATTACKS.iter().map(|&(at, scenario)| (minute(at), scenario)).collect()),
            confounders: false,
            rate_scale: 0.1,
            elsewhere: true,
        }
    }
}
