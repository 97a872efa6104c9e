//! What an identity is (requirement U9), and why it is thought to be that.
//!
//! Peers, baselines and whether anybody is alerted depend on the kind, so it should be the same for each event of a
//! principal. So what belongs to the principal comes first, what belongs to one session or call comes last:
//!
//! 1. a pattern of the configuration;
//! 2. the type of actor where it leaves no doubt (a service, root, a person of Identity Center);
//! 3. the principal's path and name: service-linked roles, permission sets, names of products;
//! 4. the identity provider of a federated session (a role trusts the providers that it was made for), and a platform that
//!    runs AI agents;
//! 5. plain words of the principal's name (`deploy`, `lambda`), the path of roles made for a service, a person's job in
//!    a role's name (`Developer`);
//! 6. the session: its name, a person's source identity;
//! 7. the credential, and the client that was used.
//!
//! Steps 6 and 7 can differ between sessions of a role whose name says nothing; a pattern settles such a role. `Admin`
//! and the like say nothing: people and programs use such roles alike.

use super::arn::Arn;
use super::aws::provider_name;
use super::provider::{Provider, delegator};
use super::session;
use super::words::{self, Weight};
use crate::config::IdentityPattern;
use crate::event::{Actor, CredentialClass, Event, Kind, Relation, Text};

/// A kind, and why.
pub(super) type Verdict = (Kind, &'static str);

/// What the principal's own name says, whoever used it and from where: steps 1, 3 and 5.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct NameSays {
    /// A pattern of the configuration describes it; the reason.
    pattern: Option<(Kind, Box<str>)>,
    /// What counts more than who vouched for the session.
    strong: Option<Verdict>,
    /// What counts less than that.
    weak: Option<Verdict>,
}

/// What a principal's name says, and the patterns of the configuration that describe it.
pub(super) fn name_says(principal: &str, described: &[&IdentityPattern]) -> NameSays {
    let reason = |pattern: &str| format!("matches the configured pattern {pattern}").into_boxed_str();
    let pattern = described.iter().find_map(|pattern| Some((pattern.kind?, reason(&pattern.pattern))));
    let resource = Arn::parse(principal).map_or(principal, |arn| arn.resource);
    let name = name_of(resource);
    let said = words::strongest(name);
    let by_word = |weight| said.filter(|said| said.weight == weight).map(|said| (said.kind, said.reason));
    let strong = by_path(resource, name).or_else(|| by_word(Weight::Product));
    let weak = by_word(Weight::Word).or_else(|| made_for_a_service(resource)).or_else(|| by_job(resource, name));
    NameSays { pattern, strong, weak }
}

/// The kind of the actor's principal, of whose name this is said, with the reason for people.
pub(super) fn kind<'a>(event: &Event<'a>, name: &NameSays) -> (Kind, Text<'a>) {
    if let Some((kind, reason)) = &name.pattern {
        return (*kind, Text::Owned(reason.to_string()));
    }
    let provider = Provider::of(event);
    let (kind, reason) = provider
        .certain(event)
        .or(name.strong)
        .or_else(|| by_provider(&event.actor))
        .or_else(|| session::by_agents_platform(&event.actor))
        .or(name.weak)
        .or_else(|| session::by_session(&event.actor))
        .or_else(|| by_call(event))
        .unwrap_or_else(|| provider.otherwise(event));
    (kind, Text::Borrowed(reason))
}

/// The last part of a resource: the role's or the user's own name.
fn name_of(resource: &str) -> &str {
    let slash = resource.bytes().rposition(|byte| byte == b'/');
    slash.map_or(resource, |slash| &resource[slash + 1..])
}

/// Paths and names that the cloud itself gives.
fn by_path(resource: &str, name: &str) -> Option<Verdict> {
    if resource.starts_with("role/aws-service-role/") || name.starts_with("AWSServiceRoleFor") {
        return Some((Kind::CloudService, "a service-linked role"));
    }
    if resource.starts_with("role/aws-reserved/sso.amazonaws.com/") || name.starts_with("AWSReservedSSO_") {
        return Some((Kind::Human, "a permission set of IAM Identity Center"));
    }
    if matches!(name, "OrganizationAccountAccessRole" | "AWSControlTowerExecution") {
        return Some((Kind::Unknown, "the organisation's administration role, used by people and programs alike"));
    }
    if name.starts_with("ses-smtp-user.") {
        return Some((Kind::ServiceAccount, "a user made for sending mail by SMTP"));
    }
    if name.starts_with("BedrockAPIKey-") {
        return Some((Kind::ServiceAccount, "a user made for a key of Amazon Bedrock's"));
    }
    if name.starts_with("AmazonBedrockAgentCoreSDKCodeBuild") {
        return Some((Kind::CiPipeline, "a role in which AgentCore's toolkit builds agents"));
    }
    if name.starts_with("cdk-") && (name.contains("-deploy-role-") || name.contains("-publishing-role-")) {
        return Some((Kind::CiPipeline, "a role of the CDK's bootstrap"));
    }
    let mail = resource.starts_with("user/") && is_mail(name);
    mail.then_some((Kind::Human, "a user named by a mail address"))
}

/// Roles that the console makes for a function, a job or another service lie in a path of their own.
fn made_for_a_service(resource: &str) -> Option<Verdict> {
    let made = resource.starts_with("role/service-role/");
    made.then_some((Kind::Workload, "a role made for a service of the cloud"))
}

/// A role named by what a person does, or by the agent that does it instead (`claims-analyst-agent`). Users are not: whoever has an access key may well be a program.
fn by_job(resource: &str, name: &str) -> Option<Verdict> {
    let job = resource.starts_with("role/") && words::says_job(name);
    job.then(|| match words::says_agent(name) {
        true => (Kind::AiAgent, "its name says an agent that does a person's job"),
        false => (Kind::Human, "its name says a person's job"),
    })
}

/// Who vouched for a federated session.
fn by_provider(actor: &Actor<'_>) -> Option<Verdict> {
    const BUILDS: [&str; 7] = [
        "token.actions.githubusercontent.com",
        "gitlab",
        "bitbucket.org",
        "oidc.circleci.com",
        "agent.buildkite.com",
        "app.terraform.io",
        "vstoken.dev.azure.com",
    ];
    const PEOPLE: [&str; 4] = ["cognito-identity", "accounts.google.com", "www.amazon.com", "graph.facebook.com"];
    let provider = delegator(actor, Relation::FederatedProvider);
    let provider = provider.as_deref().map(provider_name).unwrap_or_default();
    let subject = delegator(actor, Relation::FederatedSubject).or_else(|| actor.short_name.clone());
    let named = |names: &[&str]| !provider.is_empty() && names.iter().any(|name| provider.contains(name));
    if named(&BUILDS) {
        return Some((Kind::CiPipeline, "its sessions come with a token of a build service"));
    }
    let in_cluster = subject.is_some_and(|subject| subject.starts_with("system:serviceaccount:"));
    if in_cluster || named(&["oidc.eks."]) || provider.starts_with("oidc.eks") {
        return Some((Kind::Workload, "its sessions come with the token of a Kubernetes service account"));
    }
    if named(&PEOPLE) {
        return Some((Kind::Human, "its sessions come with the token of a person's sign-in"));
    }
    (actor.class == "SAMLUser").then_some((Kind::Human, "came with a SAML assertion of a sign-in"))
}

/// What the credential and the client say of this one call.
fn by_call(event: &Event<'_>) -> Option<Verdict> {
    let actor = &event.actor;
    let credential = actor.credential.as_ref();
    match credential.map(|credential| credential.class) {
        Some(CredentialClass::Console) => return Some((Kind::Human, "signed in to the console")),
        Some(CredentialClass::Instance) => return Some((Kind::Workload, "uses an instance's credentials")),
        _ => {}
    }
    let agent = event.origin.user_agent.as_deref().unwrap_or_default();
    if is_browser(agent) || event.action.service == "signin" {
        return Some((Kind::Human, "works in a browser"));
    }
    if AGENTS.iter().any(|product| agent.contains(product)) {
        return Some((Kind::AiAgent, "its client is an AI agent's"));
    }
    if agent.contains("exec-env/AWS_") || agent.starts_with("awslambda-worker/") {
        return Some((Kind::Workload, "its client runs in a function or a container"));
    }
    let second_factor = credential.is_some_and(|credential| credential.mfa);
    second_factor.then_some((Kind::Human, "signed in with a second factor"))
}

/// What AI agents, and the servers of tools that they use, write into user agents.
const AGENTS: [&str; 8] = [
    "bedrock-agentcore",
    "BedrockAgentCore",
    "strands-agents",
    "claude-code",
    "awslabs/mcp",
    "awslabs#mcp",
    "md/awslabs",
    "amazon-q-developer",
];

fn is_browser(agent: &str) -> bool {
    const BROWSERS: [&str; 7] = [
        "Mozilla/",
        "console.amazonaws.com",
        "signin.amazonaws.com",
        "console.aws.amazon.com",
        "S3Console/",
        "EC2ConsoleFrontend",
        "exec-env/CloudShell",
    ];
    // The console of one service calls itself `console.ec2.amazonaws.com`.
    let console = agent.starts_with("console.") && agent.ends_with(".amazonaws.com");
    console || agent == "Mozilla" || BROWSERS.iter().any(|browser| agent.contains(browser))
}

/// `name@host.tld`, nothing more exact.
pub(super) fn is_mail(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && host.contains('.') && !host.contains('@'))
}
