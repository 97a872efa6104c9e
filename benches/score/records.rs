//! The records: calls of 400 roles in 20 accounts, each with a few habits, in CloudTrail's own form and of its usual size.

/// As many records as asked for, always the same.
pub fn records(count: usize) -> Vec<Vec<u8>> {
    let mut state = 7;
    (0..count).map(|number| record(number, &mut state).into_bytes()).collect()
}

/// A number below `limit`, at most 2^32 (Knuth's MMIX generator).
fn below(state: &mut u64, limit: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 32) % limit
}

/// Service, operation, whether it only reads, and its parameters.
const CALLS: [(&str, &str, bool, &str); 5] = [
    (
        "s3",
        "GetObject",
        true,
        r#"{"bucketName":"data-lake-7","Host":"data-lake-7.s3.eu-central-1.amazonaws.com","key":"in/2026/part-00017.parquet"}"#,
    ),
    (
        "sts",
        "AssumeRole",
        true,
        r#"{"roleArn":"arn:aws:iam::210000000003:role/deploy","roleSessionName":"i-0a1b2c3d4e5f60718","durationSeconds":3600}"#,
    ),
    ("dynamodb", "PutItem", false, r#"{"tableName":"orders","key":{"id":"o-4711"},"returnConsumedCapacity":"TOTAL"}"#),
    (
        "ec2",
        "DescribeInstances",
        true,
        r#"{"instancesSet":{"items":[{"instanceId":"i-0a1b2c3d4e5f60718"}]},"filterSet":{}}"#,
    ),
    ("secretsmanager", "GetSecretValue", true, r#"{"secretId":"prod/orders/database"}"#),
];

fn record(number: usize, state: &mut u64) -> String {
    let role = below(state, 400);
    let account = 210_000_000_000 + role % 20;
    let (service, operation, read_only, parameters) = CALLS[((role + below(state, 3)) % 5) as usize];
    let (key, session) = (below(state, 1 << 32), below(state, 1 << 32));
    let second = number % 60;
    let minute = number / 60 % 60;
    format!(
        r#"{{"eventVersion":"1.11","userIdentity":{{"type":"AssumedRole","principalId":"AROAEXAMPLE{role:09}:i-0{session:016x}","arn":"arn:aws:sts::{account}:assumed-role/service-{role}/i-0{session:016x}","accountId":"{account}","accessKeyId":"ASIAEXAMPLE{key:09}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROAEXAMPLE{role:09}","arn":"arn:aws:iam::{account}:role/service-{role}","accountId":"{account}","userName":"service-{role}"}},"attributes":{{"creationDate":"2026-03-02T08:00:00Z","mfaAuthenticated":"false"}},"ec2RoleDelivery":"2.0"}}}},"eventTime":"2026-03-02T09:{minute:02}:{second:02}Z","eventSource":"{service}.amazonaws.com","eventName":"{operation}","awsRegion":"eu-central-1","sourceIPAddress":"10.{}.4.17","userAgent":"aws-sdk-java/2.29.6 Linux/6.1.0 OpenJDK_64-Bit_Server_VM/21.0.5 md/internal exec-env/AWS_ECS_FARGATE io/sync http/Apache cfg/retry-mode/standard","requestParameters":{parameters},"responseElements":null,"additionalEventData":{{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","bytesTransferredOut":4096}},"requestID":"{key:08x}-5f1e-4c8b-9d2a-{session:012x}","eventID":"{number:08x}-7c3d-4b1f-8e6a-{key:012x}","readOnly":{read_only},"resources":[{{"accountId":"{account}","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::data-lake-7"}}],"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"{account}","eventCategory":"Management","tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"{service}.eu-central-1.amazonaws.com"}}}}"#,
        role % 250,
    )
}
