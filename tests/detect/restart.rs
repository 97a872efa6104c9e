//! Laws 4 and 5: a cut is whole, and what was restored from it goes on as if nothing had happened.

use nhiwatch::config::{BudgetConfig, DetectConfig};
use nhiwatch::detect::{Cut, Detector, StateChange};
use proptest::prelude::*;

use crate::stream::{run, stream};

/// All records that a changelog would hold, written as one cut at `next_offset`.
fn cut(detector: &mut Detector, next_offset: i64, changelog: &mut Vec<StateChange>) {
    detector.open_cut(next_offset);
    while detector.write_cut(7, changelog).is_none() {}
    detector.close_cut(changelog);
}

fn restored(config: &DetectConfig, changelog: &[StateChange]) -> (Detector, Option<Cut>) {
    let mut last = None;
    for change in changelog {
        last = Detector::marker(&change.key, change.value.as_deref()).expect("ours").or(last);
    }
    let mut detector = Detector::new(config, &BudgetConfig::default());
    for change in changelog {
        detector.restore(&change.key, change.value.as_deref(), last.unwrap_or(Cut::NONE)).expect("ours");
    }
    (detector, last)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// Law 5: a detector that was stopped at any point and restored from its cut says the same from there on.
    #[test]
    fn restored_is_the_same_as_undisturbed(calls in stream(), at in 0.0f64..1.0, limit in 3usize..8) {
        let config = DetectConfig { max_identities: limit, ..DetectConfig::default() };
        let stop = (calls.len() as f64 * at) as usize;
        let mut undisturbed = Detector::new(&config, &BudgetConfig::default());
        let before = run(&mut undisturbed, &calls[..stop], 0);
        let after = run(&mut undisturbed, &calls[stop..], stop as i64);
        let mut stopped = Detector::new(&config, &BudgetConfig::default());
        let mut changelog = Vec::new();
        cut(&mut stopped, 0, &mut changelog);
        prop_assert_eq!(run(&mut stopped, &calls[..stop], 0), before);
        cut(&mut stopped, stop as i64, &mut changelog);
        let (mut again, last) = restored(&config, &changelog);
        prop_assert_eq!(last.map(|cut| cut.next_offset), Some(stop as i64));
        prop_assert_eq!(run(&mut again, &calls[stop..], stop as i64), after);
        prop_assert_eq!(again.census(), undisturbed.census());
    }

    /// Law 4: a cut that is written while events go on is the state at its offset, not a mixture; and a cut that was not
    /// closed is not seen.
    #[test]
    fn a_cut_written_in_the_background_is_whole(calls in stream(), budget in 1usize..40, limit in 3usize..8) {
        let config = DetectConfig { max_identities: limit, ..DetectConfig::default() };
        let (first, second) = (calls.len() / 3, calls.len() * 2 / 3);
        let mut detector = Detector::new(&config, &BudgetConfig::default());
        let mut changelog = Vec::new();
        run(&mut detector, &calls[..first], 0);
        detector.open_cut(first as i64);
        let mut written = None;
        for (index, call) in calls[first..second].iter().enumerate() {
            run(&mut detector, std::slice::from_ref(call), (first + index) as i64);
            written = detector.write_cut(budget, &mut changelog);
        }
        while written.is_none() {
            written = detector.write_cut(budget, &mut changelog);
        }
        detector.close_cut(&mut changelog);
        detector.open_cut(second as i64);
        detector.write_cut(10_000, &mut changelog);
        let rest = run(&mut detector, &calls[second..], second as i64);
        let (mut again, last) = restored(&config, &changelog);
        prop_assert_eq!(last.map(|cut| cut.next_offset), Some(first as i64));
        run(&mut again, &calls[first..second], first as i64);
        prop_assert_eq!(run(&mut again, &calls[second..], second as i64), rest);
        prop_assert_eq!(again.census(), detector.census());
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
        let mut killed = Detector::new(&config, &BudgetConfig::default());
        run(&mut killed, &calls[..first], 0);
        if closed_before {
            cut(&mut killed, first as i64, &mut changelog);
        }
        run(&mut killed, &calls[first..second], first as i64);
        killed.open_cut(second as i64);
        killed.write_cut(budget, &mut changelog);

        let resume = if closed_before { first } else { 0 };
        let (mut stopped, _) = restored(&config, &changelog);
        cut(&mut stopped, resume as i64, &mut changelog);
        let (mut again, last) = restored(&config, &changelog);
        prop_assert_eq!(last.map(|cut| cut.next_offset), Some(resume as i64));

        let mut undisturbed = Detector::new(&config, &BudgetConfig::default());
        run(&mut undisturbed, &calls[..resume], 0);
        let expected = run(&mut undisturbed, &calls[resume..], resume as i64);
        prop_assert_eq!(run(&mut again, &calls[resume..], resume as i64), expected);
        prop_assert_eq!(again.census(), undisturbed.census());
    }
}
