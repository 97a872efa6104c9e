//! What a session says of who opened it: the name that it was given, and its source identity.
//!
//! Libraries, services of the cloud and people name sessions each in their own way. Whoever opens a session chooses its
//! name, so it counts only where the principal's own name says nothing.

use super::kind::{Verdict, is_mail};
use super::provider::delegator;
use super::words::{self, Weight};
use crate::event::{Actor, Kind, Relation};

/// How programs' libraries name the sessions that nobody named.
const LIBRARIES: [&str; 9] = [
    "botocore-session-",
    "aws-sdk-",
    "aws-go-sdk-",
    "aws-sdk-java-",
    "aws-dotnet-sdk-session-",
    "AWSCLI-Session",
    "eks-",
    "ecs-",
    "AssumeRoleProvider-",
];

/// How services of the cloud name the sessions in which they run what they were given.
const SERVICES: [(&str, Kind, &str); 13] = [
    ("AWSBackup", Kind::Workload, "its session is named by AWS Backup"),
    ("AWSCloudFormation", Kind::CiPipeline, "its session is named by CloudFormation"),
    ("AWSConfig-", Kind::Workload, "its session is named by AWS Config"),
    ("CLOUDWATCH_LOGS_DELIVERY_SESSION", Kind::Workload, "its session is named by CloudTrail's delivery"),
    ("CognitoIdentityCredentials", Kind::Human, "its session is a user's of an app, by Cognito"),
    ("EmeSession", Kind::Workload, "its session is named by MediaConvert"),
    ("RDS-EnhancedMonitoring", Kind::Workload, "its session is named by RDS"),
    ("RDSEnhancedMonitoring", Kind::Workload, "its session is named by RDS"),
    ("AmazonMWAA-", Kind::Workload, "its session is named by managed Airflow"),
    ("QuickSight", Kind::Workload, "its session is named by QuickSight"),
    ("GlueJobRunnerSession", Kind::Workload, "its session is named by a Glue job"),
    ("SageMaker", Kind::Workload, "its session is named by SageMaker"),
    ("awslambda_", Kind::Workload, "its session is named by Lambda"),
];

/// How platforms of AI agents name the sessions in which they run an agent (Amazon Bedrock AgentCore Developer Guide: the runtime
/// assumes the agent's role as `BedrockAgentCore-<uuid>`).
const AGENTS: [(&str, &str); 2] = [
    ("BedrockAgentCore-", "its session was issued by bedrock-agentcore"),
    ("BedrockAgents-", "its session was issued by Amazon Bedrock's agents"),
];

/// A session that a platform of AI agents opened to run one: its role was made for that, whatever it is called.
pub(super) fn by_agents_platform(actor: &Actor<'_>) -> Option<Verdict> {
    let session = actor.session.as_deref()?;
    AGENTS.iter().find(|(prefix, _)| session.starts_with(prefix)).map(|(_, reason)| (Kind::AiAgent, *reason))
}

/// What the session's name and source identity say.
pub(super) fn by_session(actor: &Actor<'_>) -> Option<Verdict> {
    if delegator(actor, Relation::SourceIdentity).is_some_and(|source| is_mail(&source)) {
        return Some((Kind::Human, "the source identity of its session is a mail address"));
    }
    // IAM Roles Anywhere gives a session the subject of the certificate that it was asked for with.
    if delegator(actor, Relation::SourceIdentity).is_some_and(|source| source.starts_with("CN=")) {
        return Some((Kind::Workload, "the source identity of its session is a certificate's subject"));
    }
    let in_uid = actor.uid.as_deref().and_then(|uid| uid.split_once(':')).map(|(_, session)| session);
    let session = actor.session.as_deref().or(in_uid)?;
    if is_mail(session) {
        return Some((Kind::Human, "its session is named by a mail address"));
    }
    if is_instance(session) {
        return Some((Kind::Workload, "its session is named by an instance"));
    }
    if session.len() == 32 && session.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte)) {
        return Some((Kind::Workload, "its session is named by a container task"));
    }
    if let Some((_, kind, reason)) = SERVICES.iter().find(|(prefix, ..)| session.starts_with(prefix)) {
        return Some((*kind, reason));
    }
    if let Some(said) = words::strongest(session).filter(|said| said.weight == Weight::Product) {
        return Some((said.kind, session_reason(said.kind)));
    }
    if words::names_person(session) {
        return Some((Kind::Human, "its session is named as people are"));
    }
    let through = delegator(actor, Relation::InvokedBy);
    if through.is_some_and(|service| service.starts_with("bedrock-agentcore.")) {
        return Some((Kind::AiAgent, "its calls are made by bedrock-agentcore"));
    }
    let library = LIBRARIES.iter().any(|library| session.starts_with(library));
    library.then_some((Kind::Workload, "its session is named as programs' libraries do"))
}

fn session_reason(kind: Kind) -> &'static str {
    match kind {
        Kind::CiPipeline => "its session is named by a build or deployment tool",
        Kind::AiAgent => "its session is named by an AI agent's platform",
        Kind::VendorApp => "its session is named by a vendor's product",
        _ => "its session is named by a product",
    }
}

/// `i-` and 8 to 17 hexadecimal digits.
fn is_instance(session: &str) -> bool {
    session.strip_prefix("i-").is_some_and(|id| {
        (8..=17).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase())
    })
}
