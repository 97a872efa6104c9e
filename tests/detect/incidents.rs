//! The life of an incident (U31, N9): opened, added to, closed by stream time alone; held back where it is old news or the
//! day's alerts are spent, and counted then.

use nhiwatch::event::*;
use proptest::prelude::*;

use crate::stream::{Call, HOURS, Partition, at, loners, theft, twelve, usual};

/// Minute of the last event of [`theft`] at [`HOURS`], and when its incident will have been quiet for a day.
const LAST: i64 = HOURS * 60 + 55;
const DUE: i64 = LAST + 24 * 60;

fn robbed(principal: u32) -> Partition {
    let mut partition = twelve();
    assert!(partition.run(&theft(principal, HOURS)).iter().any(Finding::is_alert));
    partition
}

/// A first action that nobody in the fleet does.
fn strange(principal: u32, minute: i64, operation: &str) -> Call {
    Call { minute, operation: operation.into(), bucket: format!("bucket-{operation}"), ..Call::usual(principal, 0) }
}

#[test]
fn an_escalation_is_an_update_that_says_what_is_new() {
    let mut partition = robbed(2);
    let tactic = Call { tactic: Some(Tactic::Impact), ..strange(2, LAST + 240, "DeleteTable") };
    let class =
        Call { class: NetworkClass::CloudInternal, network: "vpce".into(), ..strange(2, LAST + 480, "ListTables") };
    let region = Call { region: "us-west-2".into(), ..strange(2, LAST + 720, "Scan") };
    for (call, news) in [
        (tactic, NewHere::Tactic(Tactic::Impact)),
        (class, NewHere::Network(NetworkClass::CloudInternal)),
        (region, NewHere::Family(Family::Region)),
    ] {
        let findings = partition.run(&[call]);
        assert_eq!(findings.len(), 1, "{news:?}: {findings:#?}");
        let update = &findings[0];
        assert_eq!((update.activity, update.muted), (Activity::Update, None));
        assert!(update.news.contains(&news), "{news:?} in {:?}", update.news);
        assert_eq!(
            (update.opened, update.last),
            (at(LAST - 4).min(update.opened), update.events[update.events.len() - 1].time)
        );
    }
}

#[test]
fn what_came_before_the_opening_is_told_with_it() {
    let mut partition = twelve();
    let look = Call { tactic: Some(Tactic::Discovery), operation: "ListTables".into(), ..Call::usual(2, HOURS) };
    assert!(partition.run(&[look]).is_empty());
    let persist = |call| Call { tactic: Some(Tactic::Persistence), ..call };
    let theft: Vec<Call> = theft(2, HOURS).into_iter().map(persist).collect();
    assert_eq!(partition.run(&theft)[0].tactics, [Tactic::Persistence, Tactic::Discovery]);
}

#[test]
fn more_of_the_same_only_counts() {
    let mut partition = robbed(2);
    let more: Vec<Call> = (0..30).map(|n| strange(2, LAST + n * 3, &format!("More{n}"))).collect();
    let findings = partition.run(&more);
    let told = findings.iter().flat_map(|finding| &finding.news);
    assert!(findings.len() <= 2 && told.clone().all(|news| matches!(news, NewHere::Band(_))), "{findings:#?}");
    let close = partition.tick(DUE + 2_000, None);
    assert!(close[0].count > 5 && close[0].count == close[0].events.len() as u64 + close[0].events_omitted);
}

#[test]
fn after_a_close_the_next_incident_is_another() {
    let mut partition = robbed(2);
    let close = partition.tick(DUE, None);
    assert_eq!((close.len(), close[0].activity, close[0].last), (1, Activity::Close, at(LAST)));
    assert_eq!(partition.detector.census().open_incidents, 0);
    let again: Vec<Call> = theft(2, HOURS + 26)
        .into_iter()
        .map(|call| Call {
            operation: format!("{}2", call.operation),
            bucket: format!("{}-2", call.bucket),
            client: "curl".into(),
            network: "192.0.2.0/24".into(),
            ..call
        })
        .collect();
    let findings = partition.run(&again);
    let opened = findings.first().expect("another incident");
    assert_eq!((opened.activity, opened.sequence), (Activity::Create, 0));
    assert_ne!(opened.opening_event, close[0].opening_event);
    assert_eq!(partition.detector.census().open_incidents, 1);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// It closes when it was quiet for a day by stream time, and says the same whoever moves stream time, and how: ticks at
    /// any distance, or others' events.
    #[test]
    fn a_quiet_incident_closes_whatever_moves_time(steps in proptest::collection::vec((1i64..700, any::<bool>()), 40..60)) {
        let mut partition = robbed(2);
        let (mut minute, mut closed) = (LAST, Vec::new());
        for (jump, is_tick) in steps {
            minute += jump;
            let found = match is_tick {
                true => partition.tick(minute, Some(minute)),
                false => partition.run(&[Call { minute, ..Call::usual(5, 0) }]),
            };
            prop_assert_eq!(found.is_empty(), minute < DUE || !closed.is_empty(), "at {} of {}", minute, DUE);
            closed.extend(found);
        }
        let mut expected = robbed(2).tick(DUE, None);
        // One part is as of the time of the statement: how unusual such evidence is in the fleet.
        expected[0].score = closed[0].score;
        prop_assert_eq!(closed, expected);
    }

    /// The hard cap: however many are robbed within a day, the alerts are no more than the bucket, its reserve, and what
    /// trickles into both within the day; the others are said and counted.
    #[test]
    fn alerts_of_a_day_are_capped(victims in 15u32..40, minutes_apart in 0i64..30) {
        let mut partition = loners();
        let of_victim = |victim: u32| theft(victim, 60).into_iter().map(move |call| Call {
            account: victim,
            minute: call.minute + i64::from(victim) * minutes_apart,
            ..call
        });
        let findings = partition.run(&(0..victims).flat_map(of_victim).collect::<Vec<Call>>());
        let first = |finding: &&Finding| finding.activity == Activity::Create;
        let released = |finding: &&Finding| finding.news.contains(&NewHere::Released);
        let held: Vec<&Finding> = findings.iter().filter(first).filter(|finding| !finding.is_alert()).collect();
        let let_through = findings.iter().filter(first).filter(|finding| finding.is_alert()).count();
        let alerts = let_through + findings.iter().filter(released).count();
        let hours = (i64::from(victims) * minutes_apart / 60) as f64;
        prop_assert!(alerts as f64 <= 2.0 * 5.0 * (1.0 + (hours + 1.0) / 24.0), "{alerts} alerts");
        prop_assert!(alerts > 0 && held.iter().all(|finding| finding.muted == Some(Muted::Cap)));
        prop_assert_eq!(partition.counts.held_back, held.len() as u64);
        if minutes_apart == 0 {
            prop_assert_eq!(let_through + held.len(), victims as usize);
            prop_assert!(let_through >= 5, "the bucket is full at first");
        }
    }
}

#[test]
fn old_news_alert_nobody() {
    let mut partition = twelve();
    // The clock is thirty days ahead of what is being read: a first start on an old topic.
    partition.tick(HOURS * 60 + 30 * 24 * 60, Some(HOURS * 60));
    let findings = partition.run(&theft(2, HOURS));
    assert!(!findings.is_empty() && findings.iter().all(|finding| finding.muted == Some(Muted::Age)));
    assert_eq!(partition.counts.too_old, 1);
    // It is learned at full speed: the usual of the next day is no news.
    assert!(partition.run(&usual(12, HOURS + 1..HOURS + 20)).is_empty());
}

#[test]
fn an_old_incident_that_goes_on_is_released() {
    let mut partition = twelve();
    partition.tick(LAST + 25 * 60, Some(HOURS * 60));
    let opened = partition.run(&theft(2, HOURS));
    assert_eq!(opened[0].muted, Some(Muted::Age));
    let fresh = Call { region: "us-west-2".into(), ..strange(2, LAST + 23 * 60, "Scan") };
    let findings = partition.run(&[fresh]);
    assert_eq!((findings[0].activity, findings[0].muted), (Activity::Update, None));
    assert!(findings[0].news.contains(&NewHere::Released) && findings[0].opening_event == opened[0].opening_event);
}

#[test]
fn an_old_incident_is_released_by_fresh_evidence_even_of_the_same_kind() {
    let mut partition = twelve();
    partition.tick(LAST + 25 * 60, Some(HOURS * 60));
    partition.run(&theft(2, HOURS));
    let more: Vec<Call> = (0..6).map(|n| strange(2, LAST + 23 * 60 + n, &format!("More{n}"))).collect();
    let findings = partition.run(&more);
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!((findings[0].activity, findings[0].muted), (Activity::Update, None));
    assert_eq!(findings[0].news, [NewHere::Released]);
}
