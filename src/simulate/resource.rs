//! What calls are made on: kinds of resource, their names and ARNs.

use super::rng::Rng;

/// A kind of AWS resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResourceKind {
    /// The call names no resource.
    Nothing,
    /// S3 bucket.
    Bucket,
    /// DynamoDB table.
    Table,
    /// SQS queue.
    Queue,
    /// SNS topic.
    Topic,
    /// KMS key.
    Key,
    /// Secrets Manager secret.
    Secret,
    /// SSM parameter.
    Parameter,
    /// IAM role.
    Role,
    /// IAM user.
    User,
    /// EC2 instance.
    Instance,
    /// EBS snapshot.
    Snapshot,
    /// Security group.
    SecurityGroup,
    /// Lambda function.
    Function,
    /// CloudWatch log group.
    LogGroup,
    /// ECR repository.
    Repository,
    /// Bedrock foundation model.
    Model,
    /// Bedrock knowledge base.
    KnowledgeBase,
    /// CloudFormation stack.
    Stack,
    /// ECS service.
    Service,
    /// RDS database.
    Database,
    /// RDS snapshot.
    DbSnapshot,
    /// Kinesis stream.
    Stream,
    /// CloudTrail trail.
    Trail,
    /// GuardDuty detector.
    Detector,
}

/// How many kinds there are.
pub const KINDS: usize = ResourceKind::Detector as usize + 1;

/// One named resource of an account.
#[derive(Debug, Clone)]
pub struct Resource {
    /// What it is.
    pub kind: ResourceKind,
    /// Index of the account that owns it.
    pub account: u32,
    /// Its name as calls give it; safe within JSON.
    pub name: String,
}

impl ResourceKind {
    /// Every kind that has resources, in the order of declaration.
    pub const NAMED: [ResourceKind; KINDS - 1] = [
        ResourceKind::Bucket,
        ResourceKind::Table,
        ResourceKind::Queue,
        ResourceKind::Topic,
        ResourceKind::Key,
        ResourceKind::Secret,
        ResourceKind::Parameter,
        ResourceKind::Role,
        ResourceKind::User,
        ResourceKind::Instance,
        ResourceKind::Snapshot,
        ResourceKind::SecurityGroup,
        ResourceKind::Function,
        ResourceKind::LogGroup,
        ResourceKind::Repository,
        ResourceKind::Model,
        ResourceKind::KnowledgeBase,
        ResourceKind::Stack,
        ResourceKind::Service,
        ResourceKind::Database,
        ResourceKind::DbSnapshot,
        ResourceKind::Stream,
        ResourceKind::Trail,
        ResourceKind::Detector,
    ];

    /// The ARN with `$n` for the name, `$r` for the region, `$c` for the account.
    pub fn arn_template(self) -> &'static str {
        match self {
            ResourceKind::Nothing => "*",
            ResourceKind::Bucket => "arn:aws:s3:::$n",
            ResourceKind::Table => "arn:aws:dynamodb:$r:$c:table/$n",
            ResourceKind::Queue => "arn:aws:sqs:$r:$c:$n",
            ResourceKind::Topic => "arn:aws:sns:$r:$c:$n",
            ResourceKind::Key => "arn:aws:kms:$r:$c:key/$n",
            ResourceKind::Secret => "arn:aws:secretsmanager:$r:$c:secret:$n",
            ResourceKind::Parameter => "arn:aws:ssm:$r:$c:parameter$n",
            ResourceKind::Role => "arn:aws:iam::$c:role/$n",
            ResourceKind::User => "arn:aws:iam::$c:user/$n",
            ResourceKind::Instance => "arn:aws:ec2:$r:$c:instance/$n",
            ResourceKind::Snapshot => "arn:aws:ec2:$r:$c:snapshot/$n",
            ResourceKind::SecurityGroup => "arn:aws:ec2:$r:$c:security-group/$n",
            ResourceKind::Function => "arn:aws:lambda:$r:$c:function:$n",
            ResourceKind::LogGroup => "arn:aws:logs:$r:$c:log-group:$n",
            ResourceKind::Repository => "arn:aws:ecr:$r:$c:repository/$n",
            ResourceKind::Model => "arn:aws:bedrock:$r::foundation-model/$n",
            ResourceKind::KnowledgeBase => "arn:aws:bedrock:$r:$c:knowledge-base/$n",
            ResourceKind::Stack => "arn:aws:cloudformation:$r:$c:stack/$n",
            ResourceKind::Service => "arn:aws:ecs:$r:$c:service/production/$n",
            ResourceKind::Database => "arn:aws:rds:$r:$c:db:$n",
            ResourceKind::DbSnapshot => "arn:aws:rds:$r:$c:snapshot:$n",
            ResourceKind::Stream => "arn:aws:kinesis:$r:$c:stream/$n",
            ResourceKind::Trail => "arn:aws:cloudtrail:$r:$c:trail/$n",
            ResourceKind::Detector => "arn:aws:guardduty:$r:$c:detector/$n",
        }
    }

    /// The type in the record's `resources` list, for the kinds that CloudTrail lists there.
    pub fn listed_type(self) -> Option<&'static str> {
        match self {
            ResourceKind::Bucket => Some("AWS::S3::Bucket"),
            ResourceKind::Table => Some("AWS::DynamoDB::Table"),
            ResourceKind::Queue => Some("AWS::SQS::Queue"),
            ResourceKind::Topic => Some("AWS::SNS::Topic"),
            ResourceKind::Key => Some("AWS::KMS::Key"),
            ResourceKind::Function => Some("AWS::Lambda::Function"),
            ResourceKind::Role => Some("AWS::IAM::Role"),
            ResourceKind::Model => Some("AWS::Bedrock::Model"),
            ResourceKind::KnowledgeBase => Some("AWS::Bedrock::KnowledgeBase"),
            ResourceKind::Stream => Some("AWS::Kinesis::Stream"),
            _ => None,
        }
    }

    /// How many resources of this kind an account has beside those of its groups.
    pub fn shared_count(self) -> usize {
        match self {
            ResourceKind::Nothing => 0,
            ResourceKind::Bucket | ResourceKind::Parameter => 60,
            ResourceKind::Secret => 80,
            ResourceKind::Trail | ResourceKind::Detector => 1,
            ResourceKind::Model => MODELS.len(),
            ResourceKind::KnowledgeBase | ResourceKind::Database | ResourceKind::Stream => 8,
            _ => 30,
        }
    }

    /// A name for a resource of this kind that belongs to `team`.
    pub fn name(self, team: &str, ordinal: usize, rng: &mut Rng) -> String {
        let thing = rng.pick(&THINGS);
        match self {
            ResourceKind::Nothing => String::new(),
            ResourceKind::Bucket => format!("acme-{team}-{thing}-{:06x}", rng.bits() & 0xff_ffff),
            ResourceKind::Secret => format!("prod/{team}/{thing}-{}", SECRETS[ordinal % SECRETS.len()]),
            ResourceKind::Parameter => format!("/prod/{team}/{thing}"),
            ResourceKind::LogGroup => format!("/aws/lambda/{team}-{thing}"),
            ResourceKind::Repository => format!("{team}/{thing}"),
            ResourceKind::Key => uuid_text(rng),
            ResourceKind::Instance => format!("i-0{:016x}", rng.bits()),
            ResourceKind::Snapshot => format!("snap-0{:016x}", rng.bits()),
            ResourceKind::SecurityGroup => format!("sg-0{:016x}", rng.bits()),
            ResourceKind::Detector => format!("{:016x}{:016x}", rng.bits(), rng.bits()),
            ResourceKind::Model => MODELS[ordinal % MODELS.len()].into(),
            ResourceKind::KnowledgeBase => format!("KB{:08X}", rng.bits() as u32),
            ResourceKind::Trail => "organization-trail".into(),
            _ => format!("{team}-{thing}"),
        }
    }
}

/// A random UUID of version 4 in text form.
fn uuid_text(rng: &mut Rng) -> String {
    let (high, low) = (rng.bits(), rng.bits());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | ((low >> 48) & 0x3fff),
        low & 0xffff_ffff_ffff
    )
}

const THINGS: [&str; 24] = [
    "events",
    "invoices",
    "exports",
    "archive",
    "raw",
    "curated",
    "assets",
    "state",
    "sessions",
    "ledger",
    "audit",
    "reports",
    "uploads",
    "cache",
    "config",
    "snapshots",
    "outbox",
    "inbox",
    "metrics",
    "models",
    "tokens",
    "catalog",
    "history",
    "staging",
];

const SECRETS: [&str; 10] =
    ["db", "api-key", "webhook", "oauth", "smtp", "signing", "partner", "replica", "redis", "admin"];

const MODELS: [&str; 6] = [
    "anthropic.claude-sonnet-4-20250514-v1:0",
    "anthropic.claude-3-5-haiku-20241022-v1:0",
    "amazon.nova-pro-v1:0",
    "amazon.titan-embed-text-v2:0",
    "meta.llama3-1-70b-instruct-v1:0",
    "mistral.mistral-large-2407-v1:0",
];
