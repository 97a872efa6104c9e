//! The laws of detection, over streams of events made here: what must never alert, what must, and what stays the same.

use nhiwatch::config::DetectConfig;
use nhiwatch::detect::{Cut, Detector, Effects, StateChange};
use nhiwatch::event::*;
use proptest::prelude::*;

const START: i64 = 1_780_000_000_000;

/// What one event of these tests varies.
#[derive(Debug, Clone)]
struct Call {
    principal: u32,
    minute: i64,
    service: &'static str,
    operation: String,
    bucket: String,
    network: String,
    region: String,
    client: String,
    session: String,
    key: String,
    sensitivity: Option<Sensitivity>,
    kind: Kind,
}

impl Call {
    fn usual(principal: u32, hour: i64) -> Call {
        Call {
            principal,
            minute: hour * 60 + i64::from(principal % 50),
            service: "s3",
            operation: "GetObject".into(),
            bucket: "orders".into(),
            network: "203.0.113.0/24".into(),
            region: "eu-central-1".into(),
            client: "aws-sdk-java/2".into(),
            session: "i-0abc".into(),
            key: "ASIAUSUAL".into(),
            sensitivity: None,
            kind: Kind::Workload,
        }
    }

    fn event(&self, offset: i64) -> Attributed<'static> {
        let principal = format!("arn:aws:iam::123456789012:role/orders-{}", self.principal);
        Attributed {
            position: Position { topic: "audit.aws".into(), partition: 0, epoch: 0, offset, index: 0 },
            identity: Identity {
                scope: "aws/123456789012".into(),
                principal: principal.clone().into(),
                template: "arn:aws:iam::123456789012:role/orders-*".into(),
                kind: self.kind,
                kind_reason: "test".into(),
            },
            event: Event {
                source: Source::AwsCloudtrail,
                id: format!("event-{offset}").into(),
                time: Timestamp::from_millis(START + self.minute * 60_000),
                actor: Actor {
                    class: "AssumedRole".into(),
                    name: format!("{principal}/{}", self.session).into(),
                    uid: None,
                    short_name: None,
                    account: Some("123456789012".into()),
                    issuer: None,
                    session: Some(self.session.clone().into()),
                    credential: Some(Credential {
                        id: self.key.clone().into(),
                        class: CredentialClass::Temporary,
                        issued: None,
                        mfa: false,
                    }),
                    delegators: Vec::new(),
                    via_service: false,
                },
                action: Action {
                    service: self.service.into(),
                    operation: self.operation.clone().into(),
                    access: Access::Read,
                    sensitivity: self.sensitivity,
                    tactic: None,
                    technique: None,
                },
                outcome: Outcome::Success,
                error: None,
                origin: Origin {
                    ip: Some("203.0.113.7".into()),
                    network: Some(self.network.clone().into()),
                    class: NetworkClass::External,
                    user_agent: None,
                    client: Some(self.client.clone().into()),
                },
                region: Some(self.region.clone().into()),
                target_account: None,
                targets: vec![Target {
                    kind: "s3:bucket".into(),
                    name: self.bucket.clone().into(),
                    container: self.bucket.clone().into(),
                    account: None,
                }],
            },
        }
    }
}

/// Twenty days of five peers that do the same few things every hour.
fn history() -> Vec<Call> {
    let hours = 0..20 * 24;
    hours
        .flat_map(|hour| {
            (0..5).flat_map(move |principal| {
                let put = Call { operation: "PutObject".into(), ..Call::usual(principal, hour) };
                [Call::usual(principal, hour), put]
            })
        })
        .collect()
}

/// The stolen credential: elsewhere, another client, reconnaissance, then a key of its own.
fn theft(principal: u32, hour: i64) -> Vec<Call> {
    let foreign = |operation: &str, service, minute| Call {
        network: "198.51.100.0/24".into(),
        client: "aws-cli/2".into(),
        operation: operation.into(),
        service,
        bucket: format!("{service}-{operation}"),
        session: "attacker".into(),
        minute: hour * 60 + minute,
        ..Call::usual(principal, hour)
    };
    vec![
        foreign("GetCallerIdentity", "sts", 51),
        foreign("ListUsers", "iam", 52),
        foreign("ListBuckets", "s3", 53),
        foreign("DescribeInstances", "ec2", 54),
        Call { sensitivity: Some(Sensitivity::IamWrite), ..foreign("CreateAccessKey", "iam", 55) },
    ]
}

fn run(detector: &mut Detector, calls: &[Call], first_offset: i64) -> Vec<Finding> {
    let mut effects = Effects::default();
    for (index, call) in calls.iter().enumerate() {
        detector.apply(&call.event(first_offset + index as i64), &mut effects);
    }
    effects.findings
}

fn learned() -> (Detector, i64) {
    let mut detector = Detector::new(&DetectConfig::default());
    let calls = history();
    let findings = run(&mut detector, &calls, 0);
    assert_eq!(findings, [], "the usual is never an incident");
    (detector, calls.len() as i64)
}

#[test]
fn a_stolen_credential_is_one_incident_and_its_reasons_add_up() {
    let (mut detector, offset) = learned();
    let findings = run(&mut detector, &theft(2, 480), offset);
    assert_eq!(findings.iter().filter(|f| f.activity == Activity::Create).count(), 1, "{findings:#?}");
    for finding in &findings {
        let sum: f64 = finding.reasons.iter().map(|reason| reason.contribution).sum();
        assert!((sum - finding.evidence_bits).abs() < 1e-9);
        assert!(finding.evidence_bits >= finding.threshold_bits && finding.risk_score >= 50);
        assert!(finding.reasons.iter().all(|reason| !reason.observed.is_empty() && reason.expected.own_hours > 100.0));
        assert!(finding.is_alert && finding.events.len() as u64 + finding.events_omitted == finding.count);
    }
    let last = findings.last().expect("one at least");
    let families: Vec<Family> = last.reasons.iter().map(|reason| reason.feature.family()).collect();
    for family in [Family::What, Family::Net, Family::Client, Family::Sens] {
        assert!(families.contains(&family), "{family:?} in {families:?}");
    }
    assert!(findings.windows(2).all(|pair| pair[0].sequence + 1 == pair[1].sequence));
    assert!(findings.windows(2).all(|pair| pair[0].evidence_bits <= pair[1].evidence_bits));
}

#[test]
fn ten_thousand_sessions_and_keys_of_one_role_are_no_news() {
    let (mut detector, offset) = learned();
    let before = detector.census();
    let calls: Vec<Call> = (0..10_000i64)
        .map(|n| Call {
            session: format!("session-{n:x}"),
            key: format!("ASIA{n:016}"),
            minute: 480 * 60 + n / 20,
            ..Call::usual(1, 480)
        })
        .collect();
    let mut effects = Effects::default();
    for (index, call) in calls.iter().enumerate() {
        detector.apply(&call.event(offset + index as i64), &mut effects);
    }
    assert_eq!(effects.findings, []);
    assert_eq!(effects.counts.features_fired.iter().sum::<u64>(), 0);
    assert_eq!(detector.census().identities, before.identities);
    // A foreign session of the same role still stands out.
    let findings = run(&mut detector, &theft(1, 490), offset + 10_000);
    assert!(!findings.is_empty());
}

#[test]
fn what_was_read_before_changes_nothing() {
    let (mut detector, _) = learned();
    let mut effects = Effects::default();
    for (index, call) in history().iter().enumerate() {
        detector.apply(&call.event(index as i64), &mut effects);
    }
    assert_eq!(effects.counts.scored, 0);
    assert_eq!(effects.counts.repeated, history().len() as u64);
}

#[test]
fn at_the_limit_the_least_informative_identity_goes_and_is_counted() {
    let mut detector = Detector::new(&DetectConfig { max_identities: 10, ..DetectConfig::default() });
    let mut effects = Effects::default();
    for offset in 0..200i64 {
        let principal = if offset % 2 == 0 { 0 } else { offset as u32 };
        detector.apply(&Call::usual(principal, offset).event(offset), &mut effects);
    }
    assert_eq!(detector.census().identities.iter().sum::<u64>(), 10);
    assert_eq!(effects.counts.identities_evicted, 91);
    assert_eq!(effects.counts.identities_created[Kind::Workload as usize], 101, "the one with history stays");
}

#[test]
fn people_are_recorded_but_alert_nobody() {
    let mut detector = Detector::new(&DetectConfig::default());
    let human = |call: Call| Call { kind: Kind::Human, ..call };
    let calls: Vec<Call> = history().into_iter().map(human).collect();
    run(&mut detector, &calls, 0);
    let calls: Vec<Call> = theft(2, 480).into_iter().map(human).collect();
    let findings = run(&mut detector, &calls, 100_000);
    assert!(!findings.is_empty() && findings.iter().all(|finding| !finding.is_alert));
}

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
    let mut detector = Detector::new(config);
    for change in changelog {
        if let Some(cut) = last {
            detector.restore(&change.key, change.value.as_deref(), cut).expect("ours");
        }
    }
    (detector, last)
}

fn any_call() -> impl Strategy<Value = Call> {
    let names = || prop_oneof![4 => Just("usual".to_owned()), 1 => "[a-f]"];
    (0u32..6, 0i64..3, names(), names(), names(), names(), 0u8..12).prop_map(
        |(principal, jump, operation, bucket, network, client, sensitive)| Call {
            minute: jump * 35,
            operation,
            bucket,
            network,
            client,
            sensitivity: (sensitive == 0).then_some(Sensitivity::LogControl),
            ..Call::usual(principal, 0)
        },
    )
}

fn stream() -> impl Strategy<Value = Vec<Call>> {
    proptest::collection::vec(any_call(), 30..250).prop_map(|mut calls| {
        let mut minute = 0;
        for call in &mut calls {
            minute += call.minute;
            call.minute = minute;
        }
        calls
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// One new value, with the features that it implies, never alerts; whatever it is.
    #[test]
    fn one_new_value_never_alerts(which in 0usize..5, name in "[a-z]{1,12}", principal in 0u32..5, repeats in 1i64..40) {
        let (mut detector, offset) = learned();
        let calls: Vec<Call> = (0..repeats).map(|n| {
            let mut call = Call { minute: 480 * 60 + n * 7, ..Call::usual(principal, 480) };
            match which {
                0 => call.operation = format!("x{name}"),
                1 => call.bucket = format!("x{name}"),
                2 => call.network = format!("x{name}"),
                3 => call.region = format!("x{name}"),
                _ => call.client = format!("x{name}"),
            }
            call
        }).collect();
        prop_assert_eq!(run(&mut detector, &calls, offset), vec![]);
    }

    /// Law 5: a detector that was stopped at any point and restored from its cut says the same from there on.
    #[test]
    fn restored_is_the_same_as_undisturbed(calls in stream(), at in 0.0f64..1.0, limit in 3usize..8) {
        let config = DetectConfig { max_identities: limit, ..DetectConfig::default() };
        let stop = (calls.len() as f64 * at) as usize;
        let mut undisturbed = Detector::new(&config);
        let before = run(&mut undisturbed, &calls[..stop], 0);
        let after = run(&mut undisturbed, &calls[stop..], stop as i64);
        let mut stopped = Detector::new(&config);
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
        let mut detector = Detector::new(&config);
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
}
