//! What kinds of target there are: by the parameter that names one, by the ARN of one, and which have random names.
//!
//! The tables are sorted (a test checks it), with a hash table over each. Sources: the services' "Logging API calls
//! with CloudTrail" pages, and "Actions, resources, and condition keys for AWS services" for the forms of ARNs.

use super::super::lookup::{Index, hash, hash_pair};
use super::arn::Arn;
use crate::event::Text;

/// A parameter, the service that it has this meaning in (empty: in all), and the kind of what it names (empty: the ARN
/// tells).
type Parameter = (&'static str, &'static str, &'static str);

/// The kind of target that a parameter of a service's request names; an empty kind where only its ARN can tell.
pub fn kind_of_parameter(key: &str, service: &str) -> Option<&'static str> {
    let first = PARAMETER_INDEX.find(hash(key), |row| PARAMETERS[row].0 == key)?;
    let mut rows = PARAMETERS[first..].iter().take_while(|row| row.0 == key);
    rows.find(|row| row.1.is_empty() || row.1 == service).map(|row| row.2)
}

/// The kind of what an ARN names: `service:type`, under the names that we use for the common ones.
pub fn kind_of_arn(arn: Arn<'_>) -> Text<'static> {
    let (kind, _) = arn.type_and_name();
    if arn.service == "s3" && arn.account.is_empty() {
        return Text::Borrowed(if arn.resource.contains('/') { "s3:object" } else { "s3:bucket" });
    }
    match ARN_INDEX.find(hash_pair(arn.service, kind), |row| (ARNS[row].0, ARNS[row].1) == (arn.service, kind)) {
        Some(row) => Text::Borrowed(ARNS[row].2),
        None if kind.is_empty() => Text::Owned(arn.service.to_owned()),
        None => Text::Owned([arn.service, ":", kind].concat()),
    }
}

/// Whether targets of this kind have random ids, so that a new one is no news.
pub fn is_ephemeral(kind: &str) -> bool {
    EPHEMERAL_INDEX.find(hash(kind), |row| EPHEMERAL[row] == kind).is_some()
}

static EPHEMERAL_INDEX: Index<128> = {
    let mut index = Index::empty();
    let mut row = 0;
    while row < EPHEMERAL.len() {
        index.add(hash(EPHEMERAL[row]), row);
        row += 1;
    }
    index
};

static ARN_INDEX: Index<128> = {
    let mut index = Index::empty();
    let mut row = 0;
    while row < ARNS.len() {
        index.add(hash_pair(ARNS[row].0, ARNS[row].1), row);
        row += 1;
    }
    index
};

/// The first row of each parameter is found first: later rows of the same name were added behind it.
static PARAMETER_INDEX: Index<512> = {
    let mut index = Index::empty();
    let mut row = 0;
    while row < PARAMETERS.len() {
        index.add(hash(PARAMETERS[row].0), row);
        row += 1;
    }
    index
};

static EPHEMERAL: [&str; 21] = [
    "codebuild:build",
    "ec2:flow_log",
    "ec2:image",
    "ec2:instance",
    "ec2:nat_gateway",
    "ec2:network_acl",
    "ec2:network_interface",
    "ec2:route_table",
    "ec2:security_group",
    "ec2:snapshot",
    "ec2:subnet",
    "ec2:volume",
    "ec2:vpc",
    "ec2:vpc_endpoint",
    "ecs:task",
    "elasticfilesystem:file_system",
    "elasticmapreduce:cluster",
    "guardduty:detector",
    "iam:access_key",
    "states:execution",
    "sts:session",
];

static ARNS: [(&str, &str, &str); 44] = [
    ("bedrock", "foundation-model", "bedrock:model"),
    ("cloudformation", "stack", "cloudformation:stack"),
    ("cloudtrail", "trail", "cloudtrail:trail"),
    ("dynamodb", "table", "dynamodb:table"),
    ("ec2", "image", "ec2:image"),
    ("ec2", "instance", "ec2:instance"),
    ("ec2", "network-interface", "ec2:network_interface"),
    ("ec2", "security-group", "ec2:security_group"),
    ("ec2", "snapshot", "ec2:snapshot"),
    ("ec2", "subnet", "ec2:subnet"),
    ("ec2", "volume", "ec2:volume"),
    ("ec2", "vpc", "ec2:vpc"),
    ("ecr", "repository", "ecr:repository"),
    ("ecs", "cluster", "ecs:cluster"),
    ("ecs", "service", "ecs:service"),
    ("ecs", "task", "ecs:task"),
    ("eks", "cluster", "eks:cluster"),
    ("events", "rule", "events:rule"),
    ("iam", "group", "iam:group"),
    ("iam", "instance-profile", "iam:instance_profile"),
    ("iam", "mfa", "iam:mfa_device"),
    ("iam", "oidc-provider", "iam:oidc_provider"),
    ("iam", "policy", "iam:policy"),
    ("iam", "role", "iam:role"),
    ("iam", "saml-provider", "iam:saml_provider"),
    ("iam", "user", "iam:user"),
    ("kinesis", "stream", "kinesis:stream"),
    ("kms", "alias", "kms:alias"),
    ("kms", "key", "kms:key"),
    ("lambda", "function", "lambda:function"),
    ("lambda", "layer", "lambda:layer"),
    ("logs", "log-group", "logs:group"),
    ("rds", "cluster", "rds:cluster"),
    ("rds", "cluster-snapshot", "rds:snapshot"),
    ("rds", "db", "rds:db"),
    ("rds", "snapshot", "rds:snapshot"),
    ("s3", "accesspoint", "s3:access_point"),
    ("secretsmanager", "secret", "secretsmanager:secret"),
    ("sns", "", "sns:topic"),
    ("sqs", "", "sqs:queue"),
    ("ssm", "document", "ssm:document"),
    ("ssm", "parameter", "ssm:parameter"),
    ("states", "stateMachine", "states:machine"),
    ("sts", "assumed-role", "sts:session"),
];

static PARAMETERS: [Parameter; 125] = [
    ("AccessPointName", "s3", "s3:access_point"),
    ("FlowLogId", "ec2", "ec2:flow_log"),
    ("accessKeyId", "iam", "iam:access_key"),
    ("agentId", "bedrock", "bedrock:agent"),
    ("agentRuntimeArn", "", ""),
    ("alarmName", "monitoring", "monitoring:alarm"),
    ("alarmNames", "monitoring", "monitoring:alarm"),
    ("aliasName", "kms", "kms:alias"),
    ("applicationId", "", ""),
    ("arn", "", ""),
    ("autoScalingGroupName", "autoscaling", "autoscaling:group"),
    ("backupVaultName", "backup", "backup:vault"),
    ("bucket", "s3", "s3:bucket"),
    ("bucketName", "", "s3:bucket"),
    ("cacheClusterId", "elasticache", "elasticache:cluster"),
    ("certificateArn", "", ""),
    ("cluster", "ecs", "ecs:cluster"),
    ("clusterArn", "", ""),
    ("clusterIdentifier", "redshift", "redshift:cluster"),
    ("clusterName", "ecs", "ecs:cluster"),
    ("clusterName", "eks", "eks:cluster"),
    ("configRuleName", "config", "config:rule"),
    ("configurationRecorderName", "config", "config:recorder"),
    ("connectionArn", "", ""),
    ("dBClusterIdentifier", "", "rds:cluster"),
    ("dBClusterSnapshotIdentifier", "", "rds:snapshot"),
    ("dBInstanceIdentifier", "", "rds:db"),
    ("dBSnapshotIdentifier", "", "rds:snapshot"),
    ("deliveryChannelName", "config", "config:delivery_channel"),
    ("deliveryStreamName", "firehose", "firehose:stream"),
    ("detectorId", "guardduty", "guardduty:detector"),
    ("documentName", "ssm", "ssm:document"),
    ("domainName", "es", "es:domain"),
    ("domainName", "route53domains", "route53domains:domain"),
    ("endpointName", "sagemaker", "sagemaker:endpoint"),
    ("fileSystemId", "elasticfilesystem", "elasticfilesystem:file_system"),
    ("functionName", "lambda", "lambda:function"),
    ("groupId", "ec2", "ec2:security_group"),
    ("groupName", "ec2", "ec2:security_group_name"),
    ("groupName", "iam", "iam:group"),
    ("hostedZoneId", "route53", "route53:hosted_zone"),
    ("identityPoolId", "cognito-identity", "cognito-identity:pool"),
    ("imageId", "ec2", "ec2:image"),
    ("instanceArn", "sso", "sso:instance"),
    ("instanceId", "", "ec2:instance"),
    ("instanceIds", "ssm", "ec2:instance"),
    ("instanceProfileName", "iam", "iam:instance_profile"),
    ("keyId", "kms", "kms:key"),
    ("keyName", "ec2", "ec2:key_pair"),
    ("knowledgeBaseId", "bedrock", "bedrock:knowledge_base"),
    ("layerName", "lambda", "lambda:layer"),
    ("loadBalancerArn", "", ""),
    ("loadBalancerName", "elasticloadbalancing", "elasticloadbalancing:load_balancer"),
    ("logGroupIdentifier", "logs", "logs:group"),
    ("logGroupName", "logs", "logs:group"),
    ("logGroupNames", "logs", "logs:group"),
    ("modelId", "bedrock", "bedrock:model"),
    ("name", "cloudtrail", "cloudtrail:trail"),
    ("name", "eks", "eks:cluster"),
    ("name", "events", "events:rule"),
    ("name", "secretsmanager", "secretsmanager:secret"),
    ("name", "ssm", "ssm:parameter"),
    ("names", "ssm", "ssm:parameter"),
    ("natGatewayId", "ec2", "ec2:nat_gateway"),
    ("networkAclId", "ec2", "ec2:network_acl"),
    ("networkInterfaceId", "ec2", "ec2:network_interface"),
    ("notebookInstanceName", "sagemaker", "sagemaker:notebook"),
    ("openIDConnectProviderArn", "iam", "iam:oidc_provider"),
    ("path", "ssm", "ssm:parameter"),
    ("permissionSetArn", "sso", "sso:permission_set"),
    ("policyArn", "", "iam:policy"),
    ("policyId", "organizations", "organizations:policy"),
    ("policyName", "iam", "iam:policy"),
    ("portfolioId", "servicecatalog", "servicecatalog:portfolio"),
    ("projectName", "codebuild", "codebuild:project"),
    ("queueName", "sqs", "sqs:queue"),
    ("queueUrl", "sqs", "sqs:queue"),
    ("registryId", "ecr", "ecr:registry"),
    ("repositoryName", "codecommit", "codecommit:repository"),
    ("repositoryName", "ecr", "ecr:repository"),
    ("resourceARN", "", ""),
    ("resourceArn", "", ""),
    ("resourceId", "ssm", ""),
    ("restApiId", "apigateway", "apigateway:rest_api"),
    ("roleArn", "", "iam:role"),
    ("roleName", "", "iam:role"),
    ("routeTableId", "ec2", "ec2:route_table"),
    ("rule", "events", "events:rule"),
    ("ruleName", "events", "events:rule"),
    ("sAMLProviderArn", "iam", "iam:saml_provider"),
    ("secretArn", "", "secretsmanager:secret"),
    ("secretId", "secretsmanager", "secretsmanager:secret"),
    ("secretIdList", "secretsmanager", "secretsmanager:secret"),
    ("securityGroupId", "ec2", "ec2:security_group"),
    ("serialNumber", "iam", "iam:mfa_device"),
    ("serverId", "transfer", "transfer:server"),
    ("service", "ecs", "ecs:service"),
    ("snapshotId", "ec2", "ec2:snapshot"),
    ("sourceArn", "", ""),
    ("sourceDBSnapshotIdentifier", "rds", "rds:snapshot"),
    ("stackName", "cloudformation", "cloudformation:stack"),
    ("stateMachineArn", "", ""),
    ("streamARN", "", ""),
    ("streamName", "kinesis", "kinesis:stream"),
    ("subnetId", "ec2", "ec2:subnet"),
    ("tableName", "dynamodb", "dynamodb:table"),
    ("tableName", "glue", "glue:table"),
    ("target", "ssm", "ec2:instance"),
    ("targetArn", "", ""),
    ("targetGroupArn", "", ""),
    ("targetId", "organizations", "organizations:target"),
    ("taskArn", "", ""),
    ("taskDefinition", "ecs", "ecs:task_definition"),
    ("topicArn", "", "sns:topic"),
    ("trailName", "cloudtrail", "cloudtrail:trail"),
    ("trailNameList", "cloudtrail", "cloudtrail:trail"),
    ("userName", "iam", "iam:user"),
    ("userName", "transfer", "transfer:user"),
    ("userPoolId", "cognito-idp", "cognito-idp:pool"),
    ("volumeId", "ec2", "ec2:volume"),
    ("vpcEndpointId", "ec2", "ec2:vpc_endpoint"),
    ("vpcId", "ec2", "ec2:vpc"),
    ("webACLArn", "", ""),
    ("workGroup", "athena", "athena:workgroup"),
    ("x-amz-copy-source", "s3", "s3:object"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(EPHEMERAL.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(ARNS.windows(2).all(|pair| (pair[0].0, pair[0].1) < (pair[1].0, pair[1].1)));
        assert!(PARAMETERS.windows(2).all(|pair| (pair[0].0, pair[0].1) < (pair[1].0, pair[1].1)));
    }

    #[test]
    fn kinds_by_parameter_and_by_arn() {
        assert_eq!(kind_of_parameter("bucketName", "s3"), Some("s3:bucket"));
        assert_eq!(kind_of_parameter("name", "ssm"), Some("ssm:parameter"));
        assert_eq!(kind_of_parameter("name", "ec2"), None);
        assert!(PARAMETERS.iter().all(|(key, service, kind)| kind_of_parameter(key, service) == Some(*kind)));
        assert!(EPHEMERAL.iter().all(|kind| is_ephemeral(kind)) && !is_ephemeral("s3:bucket"));
        let kind = |arn| Arn::parse(arn).map(kind_of_arn).expect("an ARN");
        assert_eq!(kind("arn:aws:s3:::bucket/key"), "s3:object");
        assert_eq!(kind("arn:aws:sqs:eu-central-1:1:jobs"), "sqs:queue");
        assert_eq!(kind("arn:aws:glue:eu-central-1:1:database/sales"), "glue:database");
    }
}
