//! A simulated fleet without attacks: what every entrant has learned of it after twenty days, and the day that follows.

use std::collections::{HashMap, HashSet};

use nhiwatch::config::{Config, DecodeConfig, IdentityConfig};
use nhiwatch::decode::{Decoded, RecordInfo, Scratch, decode_message};
use nhiwatch::evaluate::{Contest, Entrant, Rise, Scores};
use nhiwatch::event::{Attributed, Kind, Position, Timestamp};
use nhiwatch::identity;
use nhiwatch::simulate::{AttackPlan, Fleet, FleetConfig};

use super::BUDGETS;

/// Days of history before the attacks.
pub const HISTORY_DAYS: i64 = 20;
/// Days at the beginning in which no false alert is counted.
pub const WARM_UP_DAYS: i64 = 10;
/// Kinds that attacks are spliced onto.
pub const KINDS: [Kind; 5] = [Kind::Workload, Kind::ServiceAccount, Kind::CiPipeline, Kind::VendorApp, Kind::AiAgent];
const IDENTITIES: usize = 800;
/// Hours of activity that a victim has behind it.
const MATURE_HOURS: u32 = 48;

/// A fleet with its history.
pub struct Background {
    /// Its seed.
    pub seed: u64,
    /// All entrants as they are when the attack day begins; nothing is scored yet.
    pub learned: Contest,
    /// What they scored on the day before it.
    pub before: Vec<(Entrant, Vec<Rise>)>,
    /// What they score from the first to the last day, no attack among it.
    pub null: Scores,
    /// What each identity does on the attack day, by its place in the roster: records with their times.
    pub day: HashMap<u32, Vec<(Timestamp, Vec<u8>)>>,
    past: HashMap<u32, Past>,
}

/// What an identity did in its history.
#[derive(Default)]
struct Past {
    actions: HashSet<String>,
    hours: u32,
    last_hour: i64,
}

/// Calls `each` for the event of a record.
pub fn read(record: &[u8], each: &mut dyn FnMut(&Attributed<'_>)) {
    let (decode, identity) = (DecodeConfig::default(), IdentityConfig::default());
    let take = &mut |RecordInfo { index, .. }, decoded: Decoded<'_>| {
        if let Ok(event) = decoded {
            let identity = identity::resolve(&event, &identity);
            let position = Position { topic: "spliced".into(), partition: 0, epoch: 0, offset: 0, index };
            each(&Attributed { position, identity, event });
        }
    };
    // What is no record at all gives no event, and is left out as such.
    let _ = decode_message(Some(record), None, &decode, &mut Scratch::default(), take);
}

impl Background {
    /// Lets a fleet live for its history and the attack day.
    pub fn new(seed: u64) -> Background {
        let start = Timestamp::parse("2026-03-02T00:00:00Z").expect("a time");
        let attack_day = start.plus_millis(HISTORY_DAYS * Timestamp::DAY_MS);
        let mut fleet = Fleet::new(&FleetConfig {
            seed,
            identities: IDENTITIES,
            accounts: 4,
            start,
            end: attack_day.plus_millis(Timestamp::DAY_MS),
            attacks: AttackPlan::None,
            confounders: true,
            rate_scale: 0.1,
            elsewhere: false,
        });
        let mut contest = Contest::new(&Config::default(), &BUDGETS);
        let (mut learned, mut before) = (None, Vec::new());
        let (mut day, mut past) = (HashMap::<u32, Vec<_>>::new(), HashMap::<u32, Past>::new());
        let mut record = Vec::new();
        while fleet.next(&mut record).is_some() {
            read(&record, &mut |event| {
                let time = event.event.time;
                if time >= attack_day && learned.is_none() {
                    before = last_day(&contest, attack_day);
                    let mut fork = contest.clone();
                    fork.forget_scores();
                    learned = Some(fork);
                }
                contest.event(event);
                let identity = &event.identity;
                let place = contest.roster().find(&identity.scope, &identity.principal).expect("it was just met");
                if learned.is_some() {
                    day.entry(place).or_default().push((time, record.clone()));
                } else {
                    past.entry(place).or_default().add(event);
                }
            });
            record.clear();
        }
        let learned = learned.expect("the fleet is active on the attack day");
        Background { seed, learned, before, null: contest.scores(), day, past }
    }

    /// How many identities of each kind there are.
    pub fn kinds(&self) -> String {
        let count = |kind: &Kind| self.null.roster.members.iter().filter(|member| member.kind == *kind).count();
        let counts: Vec<String> = Kind::ALL.iter().map(|kind| format!("{} {}", kind.name(), count(kind))).collect();
        counts.join(", ")
    }

    /// Identities of a kind that could be the victims of a case with these actions: with a history in which they never
    /// did any of it, and active on the attack day.
    pub fn victims(&self, kind: Kind, actions: &[String]) -> Vec<u32> {
        let suits = |place: &u32| {
            let past = self.past.get(place).filter(|past| past.hours >= MATURE_HOURS);
            let is_kind = self.null.roster.members[*place as usize].kind == kind;
            is_kind && past.is_some_and(|past| !actions.iter().any(|action| past.actions.contains(action)))
        };
        let mut victims: Vec<u32> = self.day.keys().copied().filter(suits).collect();
        victims.sort_unstable();
        victims
    }
}

impl Past {
    fn add(&mut self, event: &Attributed<'_>) {
        let (hour, action) = (event.event.time.hour(), event.event.action.name());
        if self.last_hour != hour {
            (self.last_hour, self.hours) = (hour, self.hours + 1);
        }
        if !self.actions.contains(&action) {
            self.actions.insert(action);
        }
    }
}

/// What was scored in the last 24 hours: an alert then makes the identity mute.
fn last_day(contest: &Contest, end: Timestamp) -> Vec<(Entrant, Vec<Rise>)> {
    let mut rises = contest.rises();
    for (_, rises) in &mut rises {
        rises.retain(|rise| end.since(rise.time) <= Timestamp::DAY_MS);
    }
    rises
}
