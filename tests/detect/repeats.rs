//! Law 4 and U3: an event that comes again under its id, at whatever position, changes no count and gives no second alert;
//! and no id hides anything new.

use nhiwatch::detect::Census;
use nhiwatch::event::*;
use proptest::prelude::*;

use crate::stream::{Call, HOURS, Partition, deploy, theft, twelve, usual};

/// What came in one day: the usual, a theft, a deploy. Ids are given, so that it can come again.
fn day() -> Vec<Call> {
    let mut calls = [usual(12, HOURS..HOURS + 24), theft(2, HOURS + 3), deploy(4..12, HOURS + 8, 15)].concat();
    calls.sort_by_key(|call| call.minute);
    (0..).zip(calls).map(|(n, call): (i64, Call)| Call { id: Some(format!("day-{n}")), ..call }).collect()
}

/// The census without what repeats may change: for how long back ids are known, and what that costs.
fn census(partition: &Partition) -> Census {
    Census { dedup_covered_s: 0, ..partition.detector.census() }
}

#[test]
fn a_day_that_is_read_twice_is_one_day() {
    let (mut partition, day) = (twelve(), day());
    assert!(partition.run(&day).iter().any(Finding::is_alert));
    let (before, counts) = (census(&partition), partition.counts.clone());
    assert_eq!(partition.run(&day), []);
    assert_eq!(census(&partition), before);
    assert_eq!(partition.counts.duplicate, counts.duplicate + day.len() as u64);
    assert_eq!(partition.counts.scored, counts.scored);
}

/// A filter's false hit looks like this: the id was seen, but what it stands for was not.
#[test]
fn a_seen_id_never_hides_anything_new() {
    let mut partition = twelve();
    let usual = Call { id: Some("seen".into()), ..Call::usual(2, HOURS) };
    let first = Call {
        service: "cloudtrail",
        operation: "StopLogging".into(),
        sensitivity: Some(Sensitivity::LogControl),
        ..usual.clone()
    };
    assert_eq!(partition.run(&[usual.clone(), usual.clone()]), []);
    assert_eq!(partition.counts.duplicate, 1);
    let findings = partition.run(std::slice::from_ref(&first));
    assert!(findings[0].reasons.iter().any(|reason| reason.feature == Feature::Sensitive), "{findings:#?}");
    assert_eq!((partition.run(&[first]), partition.counts.duplicate), (vec![], 2), "now it is known");
    let stranger = usual.by(40);
    partition.run(&[stranger.clone(), stranger]);
    assert_eq!(partition.counts.duplicate, 3, "the first event of an identity is never a repeat");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// Repeats of any events, at any later place of the stream and in any order, change nothing of what is found and known.
    #[test]
    fn repeats_change_nothing(
        picks in proptest::collection::vec((any::<proptest::sample::Index>(), any::<proptest::sample::Index>()), 1..400),
    ) {
        let day = day();
        let mut plain = twelve();
        let found = plain.run(&day);
        let mut after: Vec<Vec<usize>> = vec![Vec::new(); day.len()];
        for (which, place) in &picks {
            let which = which.index(day.len());
            after[which + place.index(day.len() - which)].push(which);
        }
        let mut repeated = twelve();
        let mut again = Vec::new();
        for (call, repeats) in day.iter().zip(&after) {
            again.extend(repeated.run(std::slice::from_ref(call)));
            for repeat in repeats {
                again.extend(repeated.run(std::slice::from_ref(&day[*repeat])));
            }
        }
        prop_assert_eq!(without_offsets(again), without_offsets(found));
        prop_assert_eq!(census(&repeated), census(&plain));
        prop_assert_eq!(repeated.counts.duplicate - plain.counts.duplicate, picks.len() as u64);
        prop_assert_eq!(repeated.counts.scored, plain.counts.scored);
    }
}

/// Repeats move the offsets of what follows; nothing else.
fn without_offsets(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.iter_mut().flat_map(|finding| &mut finding.events).for_each(|event| event.offset = 0);
    findings
}
