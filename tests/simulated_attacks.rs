//! The main job on a simulated fleet, without Kafka: native records in, findings out, held against the labels.

use nhiwatch::config::{BudgetConfig, DecodeConfig, DetectConfig, IdentityConfig};
use nhiwatch::decode::{Decoded, RecordInfo, Scratch, decode_message};
use nhiwatch::detect::{Detector, Effects};
use nhiwatch::event::{Attributed, Finding, Position, Timestamp};
use nhiwatch::identity;
use nhiwatch::simulate::{AttackLabel, Fleet, FleetConfig};

/// What came of the demo's fleet with a seed.
struct Outcome {
    labels: Vec<AttackLabel>,
    findings: Vec<Finding>,
    identities: u64,
}

fn play(seed: u64) -> Outcome {
    let live = Timestamp::parse("2026-03-18T09:00:00Z").expect("a time");
    let mut fleet = Fleet::new(&FleetConfig::demo(seed, live));
    let labels = fleet.labels().to_vec();
    let mut detector = Detector::for_files(&DetectConfig::default(), &BudgetConfig::default());
    let (mut effects, mut scratch, mut record) = (Effects::default(), Scratch::default(), Vec::new());
    let (decode, identity) = (DecodeConfig::default(), IdentityConfig::default());
    let mut offset = 0;
    while fleet.next(&mut record).is_some() {
        offset += 1;
        let each = &mut |RecordInfo { index, .. }, decoded: Decoded<'_>| {
            let Ok(event) = decoded else { panic!("the simulator writes events only") };
            let identity = identity::resolve(&event, &identity);
            let position = Position { topic: "simulated".into(), partition: 0, epoch: 0, offset, index };
            detector.apply(&Attributed { position, identity, event }, &mut effects);
        };
        decode_message(Some(&record), None, &decode, &mut scratch, each).expect("the simulator writes CloudTrail");
        record.clear();
    }
    Outcome { labels, identities: detector.census().identities.iter().sum(), findings: effects.findings }
}

impl Outcome {
    fn concerns(label: &AttackLabel, finding: &Finding) -> bool {
        // Records have whole seconds.
        let begun = finding.last >= label.start.plus_millis(-1_000);
        begun
            && finding.last <= label.end.plus_millis(6 * Timestamp::HOUR_MS)
            && label.names(&finding.scope, &finding.principal)
    }

    fn is_found(&self, label: &AttackLabel) -> bool {
        self.findings.iter().any(|finding| Self::concerns(label, finding))
    }

    fn others(&self) -> usize {
        let is_other =
            |finding: &&Finding| finding.sequence == 0 && !self.labels.iter().any(|l| Self::concerns(l, finding));
        self.findings.iter().filter(is_other).count()
    }
}

#[test]
fn staged_attacks_are_found_and_little_else() {
    let (mut found, mut staged, mut others, mut identity_days) = (0, 0, 0, 0.0);
    for seed in [7, 9] {
        let outcome = play(seed);
        for label in &outcome.labels {
            let is_found = outcome.is_found(label);
            println!("seed {seed} {} found: {is_found} {}", label.scenario, label.identities[0].principal);
            found += usize::from(is_found);
        }
        staged += outcome.labels.len();
        others += outcome.others();
        identity_days += outcome.identities as f64 * 15.0;
    }
    println!("found {found} of {staged}, {others} others in {identity_days} identity-days");
    assert!(found * 2 >= staged, "{found} of {staged}");
    assert!((others as f64) < identity_days / 1_000.0 * 5.0, "{others} in {identity_days} identity-days");
}
