//! Streams of events made here: a small group of peers with habits, and a thief.

use nhiwatch::config::{BudgetConfig, DetectConfig};
use nhiwatch::detect::{Detector, Effects};
use nhiwatch::event::*;
use proptest::prelude::*;

pub const START: i64 = 1_780_000_000_000;

/// What one event of these tests varies.
#[derive(Debug, Clone)]
pub struct Call {
    pub principal: u32,
    pub minute: i64,
    pub service: &'static str,
    pub operation: String,
    pub bucket: String,
    pub network: String,
    pub region: String,
    pub client: String,
    pub session: String,
    pub key: String,
    pub sensitivity: Option<Sensitivity>,
    pub kind: Kind,
}

impl Call {
    pub fn usual(principal: u32, hour: i64) -> Call {
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

    pub fn event(&self, offset: i64) -> Attributed<'static> {
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
pub fn history() -> Vec<Call> {
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
pub fn theft(principal: u32, hour: i64) -> Vec<Call> {
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

pub fn run(detector: &mut Detector, calls: &[Call], first_offset: i64) -> Vec<Finding> {
    let mut effects = Effects::default();
    for (index, call) in calls.iter().enumerate() {
        detector.apply(&call.event(first_offset + index as i64), &mut effects);
    }
    effects.findings
}

pub fn learned() -> (Detector, i64) {
    let mut detector = Detector::new(&DetectConfig::default(), &BudgetConfig::default());
    let calls = history();
    let findings = run(&mut detector, &calls, 0);
    assert_eq!(findings, [], "the usual is never an incident");
    (detector, calls.len() as i64)
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

pub fn stream() -> impl Strategy<Value = Vec<Call>> {
    proptest::collection::vec(any_call(), 30..250).prop_map(|mut calls| {
        let mut minute = 0;
        for call in &mut calls {
            minute += call.minute;
            call.minute = minute;
        }
        calls
    })
}
