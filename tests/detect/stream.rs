//! Streams of events made here: small groups of peers with habits, a thief, a deploy; and the partition that they are read from.

use std::sync::LazyLock;

use nhiwatch::config::{BudgetConfig, DetectConfig};
use nhiwatch::detect::{Counts, Detector, Effects};
use nhiwatch::event::*;
use proptest::prelude::*;

/// Minute 0: the beginning of a day.
pub const START: i64 = 1_780_012_800_000;
/// Hours that the twelve peers have behind them.
pub const HOURS: i64 = 240;

/// What one event of these tests varies.
#[derive(Debug, Clone)]
pub struct Call {
    pub principal: u32,
    pub minute: i64,
    pub service: &'static str,
    pub operation: String,
    pub bucket: String,
    pub network: String,
    /// The operator of the network, where a file says it.
    pub asn: Option<u32>,
    pub region: String,
    pub client: String,
    pub session: String,
    pub key: String,
    pub sensitivity: Option<Sensitivity>,
    pub tactic: Option<Tactic>,
    pub class: NetworkClass,
    pub kind: Kind,
    /// The account that the principal is in: peers are those of one account.
    pub account: u32,
    /// The provider's id, where it is not a new one.
    pub id: Option<String>,
    /// The federated subject of its session.
    pub subject: Option<String>,
    /// Ids of the credentials that it issued.
    pub issued: Vec<String>,
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
            asn: None,
            region: "eu-central-1".into(),
            client: "aws-sdk-java/2".into(),
            session: "i-0abc".into(),
            key: "ASIAUSUAL".into(),
            sensitivity: None,
            tactic: None,
            class: NetworkClass::External,
            kind: Kind::Workload,
            account: 0,
            id: None,
            subject: None,
            issued: Vec::new(),
        }
    }

    /// The same event of another principal, at its own minute of the hour.
    pub fn by(&self, principal: u32) -> Call {
        Call { principal, ..self.clone() }
    }

    /// The same event so many minutes later.
    pub fn later(&self, minutes: i64) -> Call {
        Call { minute: self.minute + minutes, ..self.clone() }
    }

    pub fn event(&self, offset: i64) -> Attributed<'static> {
        let account = format!("{:012}", 123_456_789_012 + u64::from(self.account));
        let principal = format!("arn:aws:iam::{account}:role/orders-{}", self.principal);
        Attributed {
            position: Position { topic: "audit.aws".into(), partition: 0, epoch: 0, offset, index: 0 },
            identity: Identity {
                scope: format!("aws/{account}").into(),
                principal: principal.clone().into(),
                template: format!("arn:aws:iam::{account}:role/orders-*").into(),
                kind: self.kind,
                kind_reason: "test".into(),
                owner: None,
                vendor: None,
                criticality: None,
            },
            event: Event {
                source: Source::AwsCloudtrail,
                provider: "aws".into(),
                id: self.id.clone().unwrap_or_else(|| format!("event-{offset}")).into(),
                time: at(self.minute),
                actor: Actor {
                    class: "AssumedRole".into(),
                    name: format!("{principal}/{}", self.session).into(),
                    uid: None,
                    short_name: None,
                    account: Some(account.into()),
                    issuer: None,
                    session: Some(self.session.clone().into()),
                    credential: Some(Credential {
                        id: self.key.clone().into(),
                        class: CredentialClass::Temporary,
                        issued: None,
                        mfa: false,
                    }),
                    delegators: self.subject.as_deref().map(delegator).into_iter().collect(),
                    via_service: false,
                },
                action: Action {
                    service: self.service.into(),
                    operation: self.operation.clone().into(),
                    access: Access::Read,
                    sensitivity: self.sensitivity,
                    tactic: self.tactic,
                    technique: None,
                },
                outcome: Outcome::Success,
                error: None,
                origin: Origin {
                    ip: Some("203.0.113.7".into()),
                    network: Some(self.network.clone().into()),
                    class: self.class,
                    asn: self.asn,
                    user_agent: None,
                    client: Some(self.client.clone().into()),
                    ..Origin::NOWHERE
                },
                region: Some(self.region.clone().into()),
                target_account: None,
                targets: vec![Target {
                    kind: "s3:bucket".into(),
                    name: self.bucket.clone().into(),
                    container: self.bucket.clone().into(),
                    account: None,
                }],
                issued: self.issued.iter().map(|id| id.clone().into()).collect(),
            },
        }
    }
}

fn delegator(subject: &str) -> Delegator<'static> {
    Delegator { relation: Relation::FederatedSubject, name: subject.to_owned().into() }
}

/// The time of a minute of these streams.
pub fn at(minute: i64) -> Timestamp {
    Timestamp::from_millis(START + minute * 60_000)
}

/// Twenty days of five peers that do the same few things every hour.
pub fn history() -> Vec<Call> {
    usual(5, 0..20 * 24)
}

/// Hours of peers that do the same few things every hour.
pub fn usual(principals: u32, hours: std::ops::Range<i64>) -> Vec<Call> {
    let of_hour = |hour| {
        (0..principals).flat_map(move |principal| {
            let put = Call { operation: "PutObject".into(), ..Call::usual(principal, hour) };
            [Call::usual(principal, hour), put]
        })
    };
    hours.flat_map(of_hour).collect()
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

/// A deploy: each principal, so many minutes after the one before it, begins to do the same new things.
pub fn deploy(principals: std::ops::Range<u32>, hour: i64, minutes_apart: i64) -> Vec<Call> {
    let of_role = |(turn, principal): (i64, u32)| {
        let call = move |minute, service, operation: &str| Call {
            service,
            operation: operation.into(),
            bucket: "releases".into(),
            client: "aws-sdk-java/3".into(),
            minute: hour * 60 + turn * minutes_apart + minute,
            ..Call::usual(principal, hour)
        };
        [
            call(0, "sns", "Publish"),
            call(1, "sns", "ListTopics"),
            call(2, "kms", "Decrypt"),
            call(3, "sqs", "SendMessage"),
        ]
    };
    (0i64..).zip(principals).flat_map(of_role).collect()
}

/// What a partition holds.
#[derive(Debug, Clone)]
pub enum Step {
    Call(Box<Call>),
    /// The clock, and the newest minute read of the audit partition; none where it was read to its end.
    Tick {
        clock: i64,
        newest: Option<i64>,
    },
}

/// An events partition as its worker sees it: a detector, the offset that comes next, and what was counted so far.
#[derive(Debug, Clone)]
pub struct Partition {
    pub detector: Detector,
    pub next: i64,
    pub counts: Counts,
}

impl Partition {
    pub fn new(config: &DetectConfig, budget: &BudgetConfig) -> Partition {
        Partition { detector: Detector::new(config, budget), next: 0, counts: Counts::default() }
    }

    /// One that has read this history, in which nothing is an incident.
    fn after(history: &[Call], budget: &BudgetConfig) -> Partition {
        let mut partition = Partition::new(&DetectConfig::default(), budget);
        assert_eq!(partition.run(history), [], "the usual is never an incident");
        partition.counts = Counts::default();
        partition
    }

    /// Reads events; returns what was found.
    pub fn run(&mut self, calls: &[Call]) -> Vec<Finding> {
        let mut effects = Effects { counts: std::mem::take(&mut self.counts), ..Effects::default() };
        for call in calls {
            self.detector.apply(&call.event(self.next), &mut effects);
            self.next += 1;
        }
        self.counts = effects.counts;
        effects.findings
    }

    /// Reads one entry.
    pub fn step(&mut self, step: &Step) -> Vec<Finding> {
        match step {
            Step::Call(call) => self.run(std::slice::from_ref(call.as_ref())),
            Step::Tick { clock, newest } => self.tick(*clock, *newest),
        }
    }

    /// Reads a tick: the clock, and how far the audit partition was read (`newest`: to its end where there is none).
    pub fn tick(&mut self, clock: i64, newest: Option<i64>) -> Vec<Finding> {
        let mut effects = Effects { counts: std::mem::take(&mut self.counts), ..Effects::default() };
        let progress = PartitionProgress {
            topic: "audit.aws".into(),
            partition: 0,
            newest: newest.map(at),
            at_end: newest.is_none(),
        };
        self.detector.tick(&Tick { clock: at(clock), partitions: vec![progress] }, at(clock), &mut effects);
        self.next += 1;
        self.counts = effects.counts;
        effects.findings
    }
}

/// A budget that never stands in the way: every threshold is at its floor, every cap far off.
pub fn generous() -> BudgetConfig {
    BudgetConfig { acute_per_1000_per_day: 1_000.0, ..BudgetConfig::default() }
}

/// Five peers after [`history`], under the default budget.
pub fn learned() -> Partition {
    static LEARNED: LazyLock<Partition> = LazyLock::new(|| Partition::after(&history(), &BudgetConfig::default()));
    LEARNED.clone()
}

/// Twelve peers after [`HOURS`] hours, under a generous budget.
pub fn twelve() -> Partition {
    static TWELVE: LazyLock<Partition> = LazyLock::new(|| Partition::after(&usual(12, 0..HOURS), &generous()));
    TWELVE.clone()
}

/// Forty principals, each alone in its account, after 60 hours, under the default budget.
pub fn loners() -> Partition {
    static LONERS: LazyLock<Partition> = LazyLock::new(|| {
        let alone = |call: Call| Call { account: call.principal, ..call };
        let history: Vec<Call> = usual(40, 0..60).into_iter().map(alone).collect();
        Partition::after(&history, &BudgetConfig::default())
    });
    LONERS.clone()
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
