//! Looking at events before their turn changes nothing: neither findings nor counts nor a byte of the state.

use nhiwatch::config::{BudgetConfig, DetectConfig};
use nhiwatch::detect::{Effects, StateChange};
use nhiwatch::event::*;
use proptest::prelude::*;

use crate::restart::{cut, scripted};
use crate::stream::{Call, Partition, Step, stream};

/// Reads steps as a worker does it: so many events are looked at together, unless a tick comes between.
fn read_ahead(partition: &mut Partition, steps: &[Step], at_once: usize) -> Vec<Finding> {
    let mut findings = Vec::new();
    for steps in steps.chunk_by(|a, b| is_call(a) && is_call(b)) {
        if let [tick @ Step::Tick { .. }] = steps {
            findings.extend(partition.step(tick));
            continue;
        }
        for steps in steps.chunks(at_once) {
            findings.extend(run_ahead(partition, steps));
        }
    }
    findings
}

fn is_call(step: &Step) -> bool {
    matches!(step, Step::Call(_))
}

fn run_ahead(partition: &mut Partition, steps: &[Step]) -> Vec<Finding> {
    let calls = steps.iter().filter_map(|step| if let Step::Call(call) = step { Some(call) } else { None });
    let events: Vec<_> = calls.zip(partition.next..).map(|(call, offset)| call.event(offset)).collect();
    let mut effects = Effects { counts: std::mem::take(&mut partition.counts), ..Effects::default() };
    for ahead in partition.detector.look_ahead(&events) {
        partition.detector.apply_ahead(&ahead, &mut effects);
    }
    partition.next += events.len() as i64;
    partition.counts = effects.counts;
    effects.findings
}

/// What there is to know of a partition: what it counted and holds, and its state as a changelog has it.
fn told(mut partition: Partition) -> (String, Vec<StateChange>) {
    let mut changes = Vec::new();
    cut(&mut partition, &mut changes);
    (format!("{:?} {:?}", partition.counts, partition.detector.census()), changes)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    /// Also where identities are evicted between the look and the turn.
    #[test]
    fn looking_ahead_changes_nothing(calls in stream(), at_once in 1usize..40, limit in 3usize..8) {
        let config = DetectConfig { max_identities: limit, ..DetectConfig::default() };
        let mut one_by_one = Partition::new(&config, &BudgetConfig::default());
        let mut looked = one_by_one.clone();
        let steps: Vec<Step> = calls.iter().map(|call: &Call| Step::Call(Box::new(call.clone()))).collect();
        prop_assert_eq!(read_ahead(&mut looked, &steps, at_once), one_by_one.run(&calls));
        prop_assert_eq!(told(looked), told(one_by_one));
    }

    /// The same with incidents, waves, repeats, late events and ticks.
    #[test]
    fn looking_ahead_changes_nothing_in_the_midst_of_things(eventful in any::<bool>(), at_once in 1usize..40) {
        let (mut one_by_one, _, steps) = scripted(eventful);
        let mut looked = one_by_one.clone();
        let findings: Vec<Finding> = steps.iter().flat_map(|step| one_by_one.step(step)).collect();
        prop_assert_eq!(read_ahead(&mut looked, &steps, at_once), findings);
        prop_assert_eq!(told(looked), told(one_by_one));
    }
}
