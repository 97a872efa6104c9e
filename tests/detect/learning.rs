//! Laws 1 and 8: what is judged is not yet learned, and what one identity does makes nothing known to others quickly.
//!
//! What peers know of a client is asked by robbing another principal with it: the reason says how many have it.

use nhiwatch::event::*;
use proptest::prelude::*;

use crate::stream::{Call, HOURS, Partition, learned, theft, twelve};

/// The client of thief and accomplices.
const CLIENT: &str = "aws-cli/2";

fn with_client(principal: u32, hour: i64) -> Call {
    Call { client: CLIENT.into(), ..Call::usual(principal, hour) }
}

/// What a copy of the partition expects of the thief's client when `principal` is robbed at `hour`.
fn expected(partition: &Partition, principal: u32, hour: i64) -> Expectation {
    let findings = partition.clone().run(&theft(principal, hour));
    let mut reasons = findings.into_iter().flat_map(|finding| finding.reasons);
    let is_it = |reason: &Reason| reason.feature == Feature::Client && reason.observed == CLIENT;
    reasons.find(is_it).expect("the client is a reason").expected
}

fn peers_with_client(partition: &Partition, hour: i64) -> u32 {
    expected(partition, 2, hour).peers_with_value
}

#[test]
fn an_event_is_no_part_of_what_it_is_judged_by() {
    let expected = expected(&learned(), 2, 480);
    assert_eq!((expected.peers, expected.peers_with_value, expected.others_with_value), (4, 0, 0));
    // 480 active hours, decayed with a half-life of 336 hours, none of them the present one.
    let hours: f64 = (1..=480).map(|age| (-f64::from(age) / 336.0).exp2()).sum();
    assert!((expected.own_hours - hours).abs() < 2.0, "{} {hours}", expected.own_hours);
}

#[test]
fn peers_hear_nothing_while_an_incident_is_open_and_of_further_use_after_it() {
    let mut partition = twelve();
    assert!(!partition.run(&theft(1, HOURS)).is_empty());
    let calls: Vec<Call> = (1..20).map(|hour| with_client(1, HOURS + hour)).collect();
    partition.run(&calls);
    assert_eq!(partition.detector.census().open_incidents, 1);
    assert_eq!(peers_with_client(&partition, HOURS + 20), 0);
    let closing = partition.run(&[with_client(1, HOURS + 26)]);
    assert_eq!(closing[0].activity, Activity::Close);
    assert_eq!(peers_with_client(&partition, HOURS + 27), 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Probation: however often a value is used within two hours, nobody vouches for it; on the next occasion after that
    /// somebody does.
    #[test]
    fn a_value_is_vouched_for_on_a_second_occasion_two_hours_later(
        minutes in proptest::collection::vec(0i64..120, 1..40), again in 120i64..3_000,
    ) {
        let mut partition = twelve();
        let first = with_client(1, HOURS);
        let calls: Vec<Call> = minutes.iter().map(|minute| first.later(*minute - first.minute % 60)).collect();
        let start = Call { minute: HOURS * 60, ..first };
        partition.run(&[vec![start.clone()], calls].concat());
        prop_assert_eq!(peers_with_client(&partition, HOURS + 2), 0);
        partition.run(&[start.later(again)]);
        prop_assert_eq!(peers_with_client(&partition, HOURS + 55), 1);
    }

    /// One identity adds at most one to any count of its peers, however often and in whatever pattern it uses a value;
    /// several add one each.
    #[test]
    fn one_identity_counts_once(hours in proptest::collection::btree_set(0i64..400, 3..60), principals in 1u32..4) {
        let mut partition = twelve();
        let calls = |hour: &i64| (3..3 + principals).map(|principal| with_client(principal, HOURS + hour)).collect();
        let calls: Vec<Vec<Call>> = hours.iter().map(calls).collect();
        prop_assert!(!partition.run(&calls.concat()).iter().any(Finding::is_alert));
        let (first, last) = (hours.first().unwrap_or(&0), hours.last().unwrap_or(&0));
        prop_assume!(last - first >= 4);
        prop_assert_eq!(peers_with_client(&partition, HOURS + last + 3), principals);
    }

    /// The rarity bound (model, section 2.6): an hour adds at most one to k, whatever is done in it. So an hour full of new
    /// clients makes the next new one no more expected than an hour with one.
    #[test]
    fn an_hour_of_new_things_counts_once(
        hours in proptest::collection::btree_set(0i64..48, 1..8), many in 2i64..30,
    ) {
        let novel = |each: i64| {
            let mut partition = twelve();
            let of_hour = |hour: &i64| {
                let hour = *hour;
                (0..each).map(move |n| Call { client: format!("client-{hour}-{n}"), ..Call::usual(1, HOURS + hour) })
            };
            partition.run(&hours.iter().flat_map(of_hour).collect::<Vec<Call>>());
            // Four usual hours close the ones in question, and a day any incident.
            partition.run(&(48..52).map(|hour| Call::usual(1, HOURS + hour)).collect::<Vec<Call>>());
            // More than one, so that the client is a reason even if the hours in question have made new ones less of news.
            let further = |n: i64| Call { client: format!("further-{n}"), ..Call::usual(1, HOURS + 80) };
            partition.run(&(0..7).map(further).collect::<Vec<Call>>());
            expected(&partition, 1, HOURS + 80)
        };
        let (none, one, all) = (novel(0), novel(1), novel(many));
        // From ν = (k + 20·ν_g + 0.3) / (n + 20.3); 20·ν_g rises by about 1/100 with an hour of one of twelve peers, where
        // no incident is open then.
        let k = |expected: &Expectation| expected.probability * (expected.own_hours + 20.3) - 0.3;
        let of_group = 0.02 + 0.02 * hours.len() as f64;
        prop_assert!(k(&all) <= k(&one) + of_group, "{} {}", k(&all), k(&one));
        let added = k(&all) - k(&none);
        // The half-life is 336 hours.
        prop_assert!(added > 0.84 * hours.len() as f64 && added < hours.len() as f64 + of_group, "{added}");
    }
}
