//! The AWS operations that the fleet calls, and which of them each sort of identity lives on.
//!
//! Operations are data: a service, a name, what it does, the kind of resource that it names, and the JSON of its
//! request and response with placeholders (`Scene::expand` in `record` tells which). What is absent: how often
//! anything is called.

mod operations;

use super::resource::ResourceKind;
pub use operations::OPERATIONS;

/// One operation of an AWS service.
#[derive(Debug)]
pub struct Operation {
    /// The service as in `eventSource`, without `.amazonaws.com`.
    pub service: &'static str,
    /// The operation as in `eventName`.
    pub name: &'static str,
    /// What it does, and under which category CloudTrail logs it.
    pub access: Access,
    /// What it is made on.
    pub kind: ResourceKind,
    /// Whether an attacker's first use of it weighs by itself.
    pub class: Class,
    /// `requestParameters`, JSON with placeholders.
    pub request: &'static str,
    /// `responseElements`, JSON with placeholders.
    pub response: &'static str,
}

/// What an operation does, and under which category CloudTrail logs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A management event that changes nothing.
    Read,
    /// A management event that changes something.
    Write,
    /// A data event that changes nothing.
    DataRead,
    /// A data event that changes data.
    DataWrite,
}

/// The classes of sensitive action that attacks draw from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// None of them.
    Plain,
    /// Reads a secret.
    SecretRead,
    /// Creates or changes who may do what.
    Iam,
    /// Stops, deletes or blinds a log or a detector.
    Log,
    /// Destroys data or the means to recover it.
    Destructive,
    /// Opens a way in that lasts.
    BackDoor,
}

impl Operation {
    /// Whether nothing is changed by it.
    pub fn is_read(&self) -> bool {
        matches!(self.access, Access::Read | Access::DataRead)
    }

    /// Whether it is a data event.
    pub fn is_data(&self) -> bool {
        matches!(self.access, Access::DataRead | Access::DataWrite)
    }

    /// Whether its endpoint is global, so that its calls are logged in us-east-1.
    pub fn is_global(&self) -> bool {
        matches!(self.service, "iam" | "organizations" | "cloudfront")
    }

    /// Whether it is something that anybody may one day do in the course of their work.
    pub fn is_everyday(&self) -> bool {
        self.class == Class::Plain && self.service != "sts" && !self.name.ends_with("SnapshotAttribute")
    }

    /// Whether it looks around rather than works: lists or describes, and no data.
    pub fn is_recon(&self) -> bool {
        self.access == Access::Read && self.class == Class::Plain && self.service != "sts"
    }
}

/// How many operations anybody may come to by chance: all but the last of the table, which attackers alone make.
pub const BY_CHANCE: usize = OPERATIONS.len() - 3;

/// The index of an operation, named `service:Operation`.
pub fn operation(name: &str) -> u16 {
    let (service, operation) = name.split_once(':').expect("operations are named service:Operation");
    let found = OPERATIONS.iter().position(|o| o.service == service && o.name == operation);
    found.unwrap_or_else(|| unreachable!("{name} is missing in the catalogue")) as u16
}

/// The indices of every operation that `wanted` accepts.
pub fn operations_where(wanted: impl Fn(&Operation) -> bool) -> Vec<u16> {
    (0..OPERATIONS.len() as u16).filter(|&index| wanted(&OPERATIONS[index as usize])).collect()
}

/// A sort of work: what its identities are called, and the operations that they live on, most used first.
#[derive(Debug)]
pub struct Work {
    /// The middle of the role's name.
    pub word: &'static str,
    /// `service:Operation`, separated by spaces.
    pub operations: &'static str,
}

/// What services do.
pub const SERVICE: [Work; 6] = [
    Work {
        word: "api",
        operations: "dynamodb:GetItem dynamodb:Query dynamodb:PutItem sqs:SendMessage kms:Decrypt \
                     secretsmanager:GetSecretValue s3:GetObject dynamodb:UpdateItem ssm:GetParameter",
    },
    Work {
        word: "worker",
        operations: "sqs:ReceiveMessage sqs:DeleteMessage s3:GetObject s3:PutObject sns:Publish dynamodb:UpdateItem \
                     kms:GenerateDataKey sqs:GetQueueAttributes secretsmanager:GetSecretValue",
    },
    Work {
        word: "ingest",
        operations: "kinesis:GetRecords s3:PutObject kinesis:DescribeStream glue:GetTable glue:GetPartitions \
                     kms:GenerateDataKey s3:HeadObject athena:StartQueryExecution",
    },
    Work {
        word: "gateway",
        operations: "lambda:Invoke dynamodb:GetItem kms:Decrypt ssm:GetParametersByPath sns:Publish \
                     elasticloadbalancing:DescribeTargetHealth",
    },
    Work {
        word: "indexer",
        operations: "s3:ListObjects s3:GetObject s3:HeadObject sqs:ReceiveMessage sqs:DeleteMessage \
                     dynamodb:BatchGetItem",
    },
    Work {
        word: "scheduler",
        operations: "ecs:RunTask ecs:DescribeTasks sqs:SendMessage dynamodb:Query ec2:DescribeInstances \
                     autoscaling:DescribeAutoScalingGroups",
    },
];

/// What scheduled jobs do.
pub const CRON: [Work; 4] = [
    Work { word: "backup", operations: "ec2:DescribeVolumes ec2:CreateSnapshot ec2:DescribeSnapshots s3:PutObject" },
    Work {
        word: "report",
        operations: "athena:StartQueryExecution athena:GetQueryExecution athena:GetQueryResults s3:PutObject",
    },
    Work {
        word: "cleanup",
        operations: "logs:DescribeLogGroups ecr:DescribeImages ec2:DescribeInstances s3:DeleteObject",
    },
    Work {
        word: "sync",
        operations: "ssm:GetParametersByPath s3:ListObjects s3:GetObject s3:PutObject dynamodb:BatchWriteItem",
    },
];

/// What pipelines do.
pub const CI: [Work; 3] = [
    Work {
        word: "deploy-ci",
        operations: "sts:GetCallerIdentity ecr:GetAuthorizationToken ecr:BatchGetImage ecr:PutImage \
                     ecs:RegisterTaskDefinition ecs:UpdateService ecs:DescribeServices s3:PutObject",
    },
    Work {
        word: "release-ci",
        operations: "sts:GetCallerIdentity cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet \
                     cloudformation:DescribeStacks s3:PutObject lambda:UpdateFunctionCode20150331v2 s3:GetObject",
    },
    Work {
        word: "build-ci",
        operations: "ecr:GetAuthorizationToken ecr:InitiateLayerUpload ecr:CompleteLayerUpload ecr:PutImage \
                     s3:GetObject s3:PutObject ssm:GetParameter",
    },
];

/// What vendors' integrations do.
pub const VENDOR: [Work; 3] = [
    Work {
        word: "integration-observability",
        operations: "monitoring:GetMetricData monitoring:ListMetrics ec2:DescribeInstances ecs:ListClusters \
                     rds:DescribeDBInstances lambda:ListFunctions20150331 elasticloadbalancing:DescribeLoadBalancers",
    },
    Work {
        word: "integration-posture",
        operations: "iam:ListRoles iam:ListUsers s3:GetBucketPolicy s3:GetBucketAcl ec2:DescribeSecurityGroups \
                     cloudtrail:DescribeTrails kms:ListKeys config:DescribeConfigurationRecorders",
    },
    Work {
        word: "integration-finops",
        operations: "s3:GetObject s3:ListObjects ec2:DescribeInstances ec2:DescribeVolumes rds:DescribeDBInstances",
    },
];

/// What an inventory of everything does beside it.
pub const SCANNER: [Work; 1] = [Work {
    word: "integration-inventory",
    operations: "organizations:ListAccounts config:DescribeConfigurationRecorders",
}];

/// What AI agents do.
pub const AGENT: [Work; 2] = [
    Work {
        word: "support-agent",
        operations: "bedrock:InvokeModel bedrock:Retrieve s3:GetObject dynamodb:GetItem dynamodb:Query lambda:Invoke \
                     secretsmanager:GetSecretValue dynamodb:PutItem",
    },
    Work {
        word: "insights-agent",
        operations: "bedrock:Converse bedrock:Retrieve athena:StartQueryExecution athena:GetQueryResults glue:GetTable \
                     s3:GetObject s3:ListObjects s3:PutObject",
    },
];

/// What infrastructure automation does.
pub const ADMIN: [Work; 2] = [
    Work {
        word: "terraform",
        operations: "sts:GetCallerIdentity s3:GetObject s3:PutObject dynamodb:PutItem ec2:DescribeVpcs \
                     ec2:DescribeSecurityGroups ec2:DescribeSubnets iam:GetRole iam:AttachRolePolicy ec2:CreateTags \
                     rds:DescribeDBInstances kms:DescribeKey lambda:GetFunction20150331v2 logs:DescribeLogGroups",
    },
    Work {
        word: "ops-automation",
        operations: "ec2:DescribeInstances ssm:SendCommand ssm:GetCommandInvocation ec2:StartInstances \
                     ec2:StopInstances ec2:CreateSnapshot autoscaling:DescribeAutoScalingGroups \
                     ec2:ModifyInstanceAttribute",
    },
];

/// What seldom used accounts do.
pub const RARE: [Work; 3] = [
    Work { word: "legacy-upload", operations: "s3:PutObject s3:ListObjects s3:GetBucketLocation" },
    Work { word: "quarterly-export", operations: "dynamodb:Scan s3:PutObject kms:GenerateDataKey" },
    Work { word: "license-check", operations: "ec2:DescribeInstances ec2:DescribeImages sts:GetCallerIdentity" },
];

/// What people do.
pub const HUMAN: [Work; 1] = [Work {
    word: "people",
    operations: "ec2:DescribeInstances s3:ListBuckets logs:FilterLogEvents monitoring:DescribeAlarms iam:ListRoles \
                 cloudformation:DescribeStacks logs:DescribeLogGroups lambda:ListFunctions20150331",
}];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_work_names_operations_of_the_catalogue() {
        let works = [&SERVICE[..], &CRON, &CI, &VENDOR, &SCANNER, &AGENT, &ADMIN, &RARE, &HUMAN];
        for work in works.into_iter().flatten() {
            for name in work.operations.split_whitespace() {
                operation(name);
            }
        }
    }

    #[test]
    fn there_is_enough_to_look_around_in_and_to_abuse() {
        assert!(operations_where(Operation::is_recon).len() >= 50);
        for class in [Class::SecretRead, Class::Iam, Class::Log, Class::Destructive] {
            assert!(operations_where(|o| o.class == class).len() >= 2, "{class:?}");
        }
    }
}
