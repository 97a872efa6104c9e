//! Laws 4 and 5: a cut is whole, and what was restored from it goes on as if nothing had happened.

use nhiwatch::config::{BudgetConfig, DetectConfig};
use nhiwatch::detect::{Counts, Cut, Detector, StateChange};
use nhiwatch::event::*;
use proptest::prelude::*;

use crate::stream::{Call, HOURS, Partition, Step, deploy, generous, loners, stream, theft, twelve, usual};

/// All records that a changelog would hold, written as one cut at `next_offset`.
pub fn cut(partition: &mut Partition, changelog: &mut Vec<StateChange>) {
    let detector = &mut partition.detector;
    detector.open_cut(partition.next);
    while detector.write_cut(7, changelog).is_none() {}
    detector.close_cut(changelog);
}

/// What goes on from a changelog, at the offset of its last closed cut.
pub fn restored(config: &DetectConfig, budget: &BudgetConfig, changelog: &[StateChange]) -> (Partition, Option<Cut>) {
    let mut last = None;
    for change in changelog {
        last = Detector::marker(&change.key, change.value.as_deref()).expect("ours").or(last);
    }
    let mut partition = Partition::new(config, budget);
    partition.next = last.unwrap_or(Cut::NONE).next_offset;
    for change in changelog {
        let cut = last.unwrap_or(Cut::NONE);
        partition.detector.restore(&change.key, change.value.as_deref(), cut).expect("ours");
    }
    (partition, last)
}

fn called(call: Call) -> Step {
    Step::Call(Box::new(call))
}

fn new(config: &DetectConfig) -> Partition {
    Partition::new(config, &BudgetConfig::default())
}

/// A few days in which everything happens that state depends on: an incident that is added to and closed, a deploy that is
/// recognised as a wave, repeats, late events, ticks.
fn eventful() -> Vec<Step> {
    let named = |(n, call): (usize, Call)| Call { id: Some(format!("day-{n}")), ..call };
    let morning = [usual(12, HOURS..HOURS + 2), theft(2, HOURS + 1), deploy(4..12, HOURS + 4, 25)].concat();
    let morning: Vec<Call> = morning.into_iter().enumerate().map(named).collect();
    let repeats = morning.iter().skip(20).step_by(3).cloned();
    let late = (0..6).map(|n| Call { operation: format!("Late{n}"), ..Call::usual(n, HOURS + 6) });
    let further =
        Call { tactic: Some(Tactic::Impact), region: "us-west-2".into(), ..deploy(2..3, HOURS + 9, 0)[2].clone() };
    let events =
        [morning.clone(), repeats.collect(), usual(3, HOURS + 8..HOURS + 9), late.collect(), vec![further]].concat();
    let mut steps: Vec<Step> = events.into_iter().map(called).collect();
    steps.insert(40, Step::Tick { clock: (HOURS + 2) * 60, newest: Some((HOURS + 1) * 60) });
    steps.extend((9..40).step_by(6).map(|hour| Step::Tick { clock: (HOURS + hour) * 60, newest: None }));
    steps.extend([usual(12, HOURS + 40..HOURS + 42), theft(3, HOURS + 41)].concat().into_iter().map(called));
    steps
}

/// A day on which twenty are robbed: more than the cap lets through, and reason for another threshold.
fn robberies() -> Vec<Step> {
    let of_victim = |victim: u32| {
        let alone = move |call: Call| Call { account: victim, ..call };
        theft(victim, 60 + i64::from(victim) / 14).into_iter().map(alone).map(called)
    };
    let tick = Step::Tick { clock: 90 * 60, newest: None };
    (0..20).flat_map(of_victim).chain([tick]).collect()
}

/// Reads steps one by one; what was found and counted.
fn read(partition: &mut Partition, steps: &[Step]) -> (Vec<Finding>, Counts) {
    partition.counts = Counts::default();
    let findings = steps.iter().flat_map(|step| partition.step(step)).collect();
    (findings, std::mem::take(&mut partition.counts))
}

/// The two streams, each with the partition that it goes on from and its budget.
pub fn scripted(eventful_one: bool) -> (Partition, BudgetConfig, Vec<Step>) {
    if eventful_one { (twelve(), generous(), eventful()) } else { (loners(), BudgetConfig::default(), robberies()) }
}

/// So that the test below means something.
#[test]
fn the_scripted_streams_hold_what_state_is_for() {
    let (findings, counts) = read(&mut twelve(), &eventful());
    let has = |what: &dyn Fn(&Finding) -> bool| assert!(findings.iter().any(what), "{findings:#?}");
    has(&|finding| finding.activity == Activity::Close);
    has(&|finding| finding.campaign.is_some());
    has(&|finding| finding.news.iter().any(|news| matches!(news, NewHere::Wave(_))));
    has(&|finding| finding.news.contains(&NewHere::Tactic(Tactic::Impact)));
    assert!(counts.duplicate > 20 && counts.late > 3 && counts.waves_discounted > 0 && counts.ticks > 5, "{counts:?}");
    let mut loners = loners();
    let threshold = loners.detector.census().pools[0].threshold_bits;
    let (_, counts) = read(&mut loners, &robberies());
    assert!(counts.held_back > 0 && loners.detector.census().pools[0].threshold_bits > threshold);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// Law 5: a detector that was stopped at any point and restored from its cut says the same from there on.
    #[test]
    fn restored_is_the_same_as_undisturbed(calls in stream(), at in 0.0f64..1.0, limit in 3usize..8) {
        let config = DetectConfig { max_identities: limit, ..DetectConfig::default() };
        let stop = (calls.len() as f64 * at) as usize;
        let mut undisturbed = new(&config);
        let before = undisturbed.run(&calls[..stop]);
        let after = undisturbed.run(&calls[stop..]);
        let mut stopped = new(&config);
        let mut changelog = Vec::new();
        cut(&mut stopped, &mut changelog);
        prop_assert_eq!(stopped.run(&calls[..stop]), before);
        cut(&mut stopped, &mut changelog);
        let (mut again, last) = restored(&config, &BudgetConfig::default(), &changelog);
        prop_assert_eq!(last.map(|cut| cut.next_offset), Some(stop as i64));
        prop_assert_eq!(again.run(&calls[stop..]), after);
        prop_assert_eq!(again.detector.census(), undisturbed.detector.census());
    }

    /// The same of waves, closes, repeats, ticks, the calibration and the budget: where two cuts fall into the scripted
    /// streams makes no difference.
    #[test]
    fn restored_in_the_midst_of_things_is_the_same(which in any::<bool>(), cuts in [0.0f64..1.0, 0.0f64..1.0]) {
        let (partition, budget, steps) = scripted(which);
        let mut stops = cuts.map(|at| (steps.len() as f64 * at) as usize);
        stops.sort_unstable();
        let [first, second] = stops;
        let mut undisturbed = partition.clone();
        read(&mut undisturbed, &steps[..second]);
        let expected = read(&mut undisturbed, &steps[second..]);

        let (mut changelog, mut stopped) = (Vec::new(), partition);
        read(&mut stopped, &steps[..first]);
        cut(&mut stopped, &mut changelog);
        let (mut stopped, _) = restored(&DetectConfig::default(), &budget, &changelog);
        read(&mut stopped, &steps[first..second]);
        cut(&mut stopped, &mut changelog);
        let (mut again, _) = restored(&DetectConfig::default(), &budget, &changelog);
        prop_assert_eq!(read(&mut again, &steps[second..]), expected);
        prop_assert_eq!(again.detector.census(), undisturbed.detector.census());
    }

    /// Law 4: a cut that is written while events go on is the state at its offset, not a mixture; and a cut that was not
    /// closed is not seen.
    #[test]
    fn a_cut_written_in_the_background_is_whole(calls in stream(), budget in 1usize..40, limit in 3usize..8) {
        let config = DetectConfig { max_identities: limit, ..DetectConfig::default() };
        let (first, second) = (calls.len() / 3, calls.len() * 2 / 3);
        let mut partition = new(&config);
        let mut changelog = Vec::new();
        partition.run(&calls[..first]);
        partition.detector.open_cut(first as i64);
        let mut written = None;
        for call in &calls[first..second] {
            partition.run(std::slice::from_ref(call));
            written = partition.detector.write_cut(budget, &mut changelog);
        }
        while written.is_none() {
            written = partition.detector.write_cut(budget, &mut changelog);
        }
        partition.detector.close_cut(&mut changelog);
        partition.detector.open_cut(second as i64);
        partition.detector.write_cut(10_000, &mut changelog);
        let rest = partition.run(&calls[second..]);
        let (mut again, last) = restored(&config, &BudgetConfig::default(), &changelog);
        prop_assert_eq!(last.map(|cut| cut.next_offset), Some(first as i64));
        again.run(&calls[first..second]);
        prop_assert_eq!(again.run(&calls[second..]), rest);
        prop_assert_eq!(again.detector.census(), partition.detector.census());
    }

    /// A process that dies with a cut half written leaves records behind. They never count, not even when the next one
    /// closes a cut at an earlier offset at once; whether a cut was closed before or not.
    #[test]
    fn leftovers_of_a_cut_that_was_not_closed_never_count(
        calls in stream(), budget in 1usize..600, closed_before in any::<bool>(), limit in 3usize..8,
    ) {
        let config = DetectConfig { max_identities: limit, ..DetectConfig::default() };
        let (first, second) = (calls.len() / 3, calls.len() * 2 / 3);
        let mut changelog = Vec::new();
        let mut killed = new(&config);
        killed.run(&calls[..first]);
        if closed_before {
            cut(&mut killed, &mut changelog);
        }
        killed.run(&calls[first..second]);
        killed.detector.open_cut(second as i64);
        killed.detector.write_cut(budget, &mut changelog);

        let resume = if closed_before { first } else { 0 };
        let (mut stopped, _) = restored(&config, &BudgetConfig::default(), &changelog);
        cut(&mut stopped, &mut changelog);
        let (mut again, last) = restored(&config, &BudgetConfig::default(), &changelog);
        prop_assert_eq!(last.map(|cut| cut.next_offset), Some(resume as i64));

        let mut undisturbed = new(&config);
        undisturbed.run(&calls[..resume]);
        let expected = undisturbed.run(&calls[resume..]);
        prop_assert_eq!(again.run(&calls[resume..]), expected);
        prop_assert_eq!(again.detector.census(), undisturbed.detector.census());
    }
}
