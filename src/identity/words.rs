//! What names say: of roles, users and sessions.
//!
//! A word counts where it begins as words in names do (at the start, after a separator, at a capital). Names of
//! products may go on after it (`datadogintegration`); plain words must end there (`deploy`, not `deployable`).
//! Products are stronger evidence than plain words, whatever comes first in the name.

mod accounts;
mod people;

use crate::event::Kind::{self, AiAgent, CiPipeline, CloudService, ServiceAccount, VendorApp, Workload};

/// How much a word says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// A plain word that can mean something else elsewhere.
    Word,
    /// A product's name.
    Product,
}
use Weight::{Product, Word};

pub(super) use accounts::{of_account, of_program};
pub(super) use people::names_person;

/// A word, what it says, and how that is put to people.
#[derive(Debug, Clone, Copy)]
pub(super) struct Saying {
    word: &'static str,
    /// How much it says.
    pub(super) weight: Weight,
    /// The kind that it speaks for.
    pub(super) kind: Kind,
    /// The reason, for people.
    pub(super) reason: &'static str,
}

/// The strongest word in a name; the first of those equally strong.
pub(super) fn strongest(name: &str) -> Option<&'static Saying> {
    let mut best: Option<&'static Saying> = None;
    for (start, first) in name.bytes().enumerate() {
        if !begins_word(name.as_bytes(), start) {
            continue;
        }
        let found = at_start(sayings(first), name, start);
        if found.is_some_and(|found| best.is_none_or(|best| found.weight > best.weight)) {
            best = found;
        }
    }
    best
}

/// What people do, as roles are named after it: `Developer`, `PowerUserAccess`, `break-glass`.
const JOBS: [&str; 20] = [
    "analyst",
    "analysts",
    "auditor",
    "auditors",
    "break-glass",
    "breakglass",
    "contractor",
    "contractors",
    "dba",
    "developer",
    "developers",
    "engineer",
    "engineers",
    "on-call",
    "oncall",
    "poweruser",
    "power-user",
    "scientist",
    "scientists",
    "sre",
];

/// Whether a name says a person's job.
pub(super) fn says_job(name: &str) -> bool {
    let begins = |first: u8| matches!(first | 0x20, b'a' | b'b' | b'c' | b'd' | b'e' | b'o' | b'p' | b's');
    let mut starts = name.bytes().enumerate().filter(|(_, first)| begins(*first)).map(|(start, _)| start);
    starts.any(|start| says_at(name, start, &JOBS))
}

/// Whether a name says that it is an agent's.
pub(super) fn says_agent(name: &str) -> bool {
    (0..name.len()).any(|start| says_at(name, start, &["agent", "agents"]))
}

/// Whether one of these words stands at `start`.
fn says_at(name: &str, start: usize, words: &[&str]) -> bool {
    let boundary = |at: usize| is_boundary(name.as_bytes(), at);
    let is_said = |word: &&str| {
        let end = start + word.len();
        let found = name.as_bytes().get(start..end).is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()));
        found && boundary(end)
    };
    boundary(start) && words.iter().any(is_said)
}

/// Where the words with each letter of the alphabet begin among [`SAYINGS`], and where those with the last one end.
const LETTERS: [usize; 27] = {
    let mut letters = [0; 27];
    let mut at = 0;
    while at < SAYINGS.len() {
        letters[(SAYINGS[at].word.as_bytes()[0] - b'a') as usize + 1] = at + 1;
        at += 1;
    }
    let mut letter = 1;
    while letter < letters.len() {
        if letters[letter] == 0 {
            letters[letter] = letters[letter - 1];
        }
        letter += 1;
    }
    letters
};

/// The words that begin with a letter.
fn sayings(first: u8) -> &'static [Saying] {
    let letter = usize::from(first.to_ascii_lowercase().wrapping_sub(b'a'));
    if letter < LETTERS.len() - 1 { &SAYINGS[LETTERS[letter]..LETTERS[letter + 1]] } else { &[] }
}

/// The strongest word that begins at `start`.
fn at_start(candidates: &'static [Saying], name: &str, start: usize) -> Option<&'static Saying> {
    let second = name.as_bytes().get(start + 1)?.to_ascii_lowercase();
    let candidates = candidates.iter().filter(|saying| saying.word.as_bytes()[1] == second);
    candidates.filter(|saying| is_said(saying, name, start)).max_by_key(|saying| (saying.weight, saying.word.len()))
}

fn is_said(saying: &Saying, name: &str, start: usize) -> bool {
    let end = start + saying.word.len();
    let Some(candidate) = name.as_bytes().get(start..end) else { return false };
    candidate.eq_ignore_ascii_case(saying.word.as_bytes())
        && (saying.weight == Product || is_boundary(name.as_bytes(), end))
}

/// The same where the byte at `at` is a letter, which is what words begin with; false where it is none.
#[inline]
fn begins_word(name: &[u8], at: usize) -> bool {
    let before = if at == 0 { b'-' } else { name[at - 1] };
    if name[at].is_ascii_lowercase() {
        return !before.is_ascii_alphanumeric();
    }
    let next_is_lower = || name.get(at + 1).is_some_and(u8::is_ascii_lowercase);
    name[at].is_ascii_uppercase() && (!before.is_ascii_uppercase() || next_is_lower())
}

/// Whether a word begins or ends before the byte at `at`: `my|-|app`, `my|App`, `CI|Role`, `app|2`.
fn is_boundary(name: &[u8], at: usize) -> bool {
    let (Some(before), Some(after)) = (at.checked_sub(1).map(|before| name[before]), name.get(at)) else {
        return true;
    };
    if !before.is_ascii_alphanumeric() || !after.is_ascii_alphanumeric() {
        return true;
    }
    let next_is_lower = name.get(at + 1).is_some_and(u8::is_ascii_lowercase);
    (before.is_ascii_lowercase() && !after.is_ascii_lowercase())
        || (before.is_ascii_digit() && after.is_ascii_uppercase())
        || (before.is_ascii_uppercase() && after.is_ascii_uppercase() && next_is_lower)
}

const fn say(word: &'static str, weight: Weight, kind: Kind, reason: &'static str) -> Saying {
    Saying { word, weight, kind, reason }
}

/// Every word, by the alphabet.
#[rustfmt::skip]
const SAYINGS: &[Saying] = &[
    say("agentcore", Product, AiAgent, "its name says agentcore"),
    say("agentic", Word, AiAgent, "its name says agentic"),
    say("ai-agent", Product, AiAgent, "its name says ai-agent"),
    say("aiagent", Product, AiAgent, "its name says aiagent"),
    say("airflow", Product, Workload, "its name says airflow"),
    say("alertlogic", Product, VendorApp, "its name says alertlogic"),
    say("amazon-q-developer", Product, AiAgent, "its name says amazon-q-developer"),
    say("amazonqdeveloper", Product, AiAgent, "its name says amazonqdeveloper"),
    say("ansible", Product, CiPipeline, "its name says ansible"),
    say("anthropic", Product, AiAgent, "its name says anthropic"),
    say("api", Word, Workload, "its name says api"),
    say("apprunner", Word, Workload, "its name says apprunner"),
    say("aquasec", Product, VendorApp, "its name says aquasec"),
    say("arcticwolf", Product, VendorApp, "its name says arcticwolf"),
    say("argo", Word, CiPipeline, "its name says argo"),
    say("argocd", Product, CiPipeline, "its name says argocd"),
    say("atlantis", Product, CiPipeline, "its name says atlantis"),
    say("autogen", Product, AiAgent, "its name says autogen"),
    say("automation", Word, ServiceAccount, "its name says automation"),
    say("awsservicerolefor", Product, CloudService, "its name says awsservicerolefor"),
    say("azure-devops", Product, CiPipeline, "its name says azure-devops"),
    say("azuredevops", Product, CiPipeline, "its name says azuredevops"),
    say("backend", Word, Workload, "its name says backend"),
    say("batch", Word, Workload, "its name says batch"),
    say("beanstalk", Word, Workload, "its name says beanstalk"),
    say("bedrock", Product, AiAgent, "its name says bedrock"),
    say("bitbucket", Product, CiPipeline, "its name says bitbucket"),
    say("bot", Word, ServiceAccount, "its name says bot"),
    say("build", Word, CiPipeline, "its name says build"),
    say("builder", Word, CiPipeline, "its name says builder"),
    say("buildkite", Product, CiPipeline, "its name says buildkite"),
    say("cd", Word, CiPipeline, "its name says cd"),
    say("cert-manager", Product, Workload, "its name says cert-manager"),
    say("cfn", Word, CiPipeline, "its name says cfn"),
    say("changeset-bot", Product, CiPipeline, "its name says changeset-bot"),
    say("chatgpt", Product, AiAgent, "its name says chatgpt"),
    say("ci", Word, CiPipeline, "its name says ci"),
    say("cicd", Product, CiPipeline, "its name says cicd"),
    say("circleci", Product, CiPipeline, "its name says circleci"),
    say("claude", Product, AiAgent, "its name says claude"),
    say("cloudability", Product, VendorApp, "its name says cloudability"),
    say("cloudcheckr", Product, VendorApp, "its name says cloudcheckr"),
    say("cloudformation", Word, CiPipeline, "its name says cloudformation"),
    say("cloudhealth", Product, VendorApp, "its name says cloudhealth"),
    say("cloudzero", Product, VendorApp, "its name says cloudzero"),
    say("cluster-autoscaler", Product, Workload, "its name says cluster-autoscaler"),
    say("codebuild", Product, CiPipeline, "its name says codebuild"),
    say("codecov", Product, VendorApp, "its name says codecov"),
    say("codedeploy", Product, CiPipeline, "its name says codedeploy"),
    say("codepipeline", Product, CiPipeline, "its name says codepipeline"),
    say("coderabbit", Product, AiAgent, "its name says coderabbit"),
    say("codex", Product, AiAgent, "its name says codex"),
    say("concourseci", Product, CiPipeline, "its name says concourseci"),
    say("confluent", Product, VendorApp, "its name says confluent"),
    say("copilot", Product, AiAgent, "its name says copilot"),
    say("crewai", Product, AiAgent, "its name says crewai"),
    say("cribl", Product, VendorApp, "its name says cribl"),
    say("cron", Word, Workload, "its name says cron"),
    say("cronjob", Word, Workload, "its name says cronjob"),
    say("crossplane", Product, CiPipeline, "its name says crossplane"),
    say("crowdstrike", Product, VendorApp, "its name says crowdstrike"),
    say("cursor", Word, AiAgent, "its name says cursor"),
    say("cursoragent", Product, AiAgent, "its name says cursoragent"),
    say("cyera", Product, VendorApp, "its name says cyera"),
    say("daemon", Word, Workload, "its name says daemon"),
    say("databricks", Product, VendorApp, "its name says databricks"),
    say("datadog", Product, VendorApp, "its name says datadog"),
    say("dependabot", Product, CiPipeline, "its name says dependabot"),
    say("deploy", Word, CiPipeline, "its name says deploy"),
    say("deployer", Word, CiPipeline, "its name says deployer"),
    say("deployment", Word, CiPipeline, "its name says deployment"),
    say("deployments", Word, CiPipeline, "its name says deployments"),
    say("devin", Word, AiAgent, "its name says devin"),
    say("devin-ai", Product, AiAgent, "its name says devin-ai"),
    say("drata", Product, VendorApp, "its name says drata"),
    say("drone-ci", Product, CiPipeline, "its name says drone-ci"),
    say("dynatrace", Product, VendorApp, "its name says dynatrace"),
    say("ec2", Word, Workload, "its name says ec2"),
    say("ecrpush", Word, CiPipeline, "its name says ecrpush"),
    say("ecs", Word, Workload, "its name says ecs"),
    say("eks", Word, Workload, "its name says eks"),
    say("elasticagentless", Product, VendorApp, "its name says elasticagentless"),
    say("emr", Word, Workload, "its name says emr"),
    say("etl", Word, Workload, "its name says etl"),
    say("execution", Word, Workload, "its name says execution"),
    say("expel", Product, VendorApp, "its name says expel"),
    say("external-dns", Product, Workload, "its name says external-dns"),
    say("factory-droid", Product, AiAgent, "its name says factory-droid"),
    say("fargate", Word, Workload, "its name says fargate"),
    say("firehose", Word, Workload, "its name says firehose"),
    say("fivetran", Product, VendorApp, "its name says fivetran"),
    say("flux", Word, CiPipeline, "its name says flux"),
    say("fluxcd", Product, CiPipeline, "its name says fluxcd"),
    say("function", Word, Workload, "its name says function"),
    say("gemini-code-assist", Product, AiAgent, "its name says gemini-code-assist"),
    say("gitguardian", Product, VendorApp, "its name says gitguardian"),
    say("github", Product, CiPipeline, "its name says github"),
    say("github-copilot", Product, AiAgent, "its name says github-copilot"),
    say("gitlab", Product, CiPipeline, "its name says gitlab"),
    say("gitops", Word, CiPipeline, "its name says gitops"),
    say("glue", Word, Workload, "its name says glue"),
    say("google-labs-jules", Product, AiAgent, "its name says google-labs-jules"),
    say("harness-delegate", Product, CiPipeline, "its name says harness-delegate"),
    say("hightouch", Product, VendorApp, "its name says hightouch"),
    say("honeycomb", Product, VendorApp, "its name says honeycomb"),
    say("instance", Word, Workload, "its name says instance"),
    say("integration", Word, VendorApp, "its name says integration"),
    say("irsa", Word, Workload, "its name says irsa"),
    say("jenkins", Product, CiPipeline, "its name says jenkins"),
    say("job", Word, Workload, "its name says job"),
    say("k8s", Word, Workload, "its name says k8s"),
    say("karpenter", Product, Workload, "its name says karpenter"),
    say("kubernetes", Word, Workload, "its name says kubernetes"),
    say("lacework", Product, VendorApp, "its name says lacework"),
    say("lambda", Word, Workload, "its name says lambda"),
    say("langchain", Product, AiAgent, "its name says langchain"),
    say("langgraph", Product, AiAgent, "its name says langgraph"),
    say("llamaindex", Product, AiAgent, "its name says llamaindex"),
    say("llm", Product, AiAgent, "its name says llm"),
    say("logicmonitor", Product, VendorApp, "its name says logicmonitor"),
    say("looker", Product, VendorApp, "its name says looker"),
    say("mcp", Word, AiAgent, "its name says mcp"),
    say("mcp-server", Product, AiAgent, "its name says mcp-server"),
    say("mergify", Product, CiPipeline, "its name says mergify"),
    say("microservice", Word, Workload, "its name says microservice"),
    say("mongodb-atlas", Product, VendorApp, "its name says mongodb-atlas"),
    say("mongodbatlas", Product, VendorApp, "its name says mongodbatlas"),
    say("netskope", Product, VendorApp, "its name says netskope"),
    say("new-relic", Product, VendorApp, "its name says new-relic"),
    say("newrelic", Product, VendorApp, "its name says newrelic"),
    say("node", Word, Workload, "its name says node"),
    say("nodegroup", Word, Workload, "its name says nodegroup"),
    say("nops", Product, VendorApp, "its name says nops"),
    say("octopusdeploy", Product, CiPipeline, "its name says octopusdeploy"),
    say("okta-integration", Product, VendorApp, "its name says okta-integration"),
    say("openai", Product, AiAgent, "its name says openai"),
    say("openhands", Product, AiAgent, "its name says openhands"),
    say("opsgenie", Product, VendorApp, "its name says opsgenie"),
    say("orca-security", Product, VendorApp, "its name says orca-security"),
    say("orcasecurity", Product, VendorApp, "its name says orcasecurity"),
    say("pagerduty", Product, VendorApp, "its name says pagerduty"),
    say("pantheraudit", Product, VendorApp, "its name says pantheraudit"),
    say("pipeline", Word, CiPipeline, "its name says pipeline"),
    say("pipelines", Word, CiPipeline, "its name says pipelines"),
    say("pod", Word, Workload, "its name says pod"),
    say("pre-commit-ci", Product, CiPipeline, "its name says pre-commit-ci"),
    say("prisma-cloud", Product, VendorApp, "its name says prisma-cloud"),
    say("prismacloud", Product, VendorApp, "its name says prismacloud"),
    say("prometheus", Product, Workload, "its name says prometheus"),
    say("provisioner", Word, CiPipeline, "its name says provisioner"),
    say("pulumi", Product, CiPipeline, "its name says pulumi"),
    say("qodo", Product, AiAgent, "its name says qodo"),
    say("qualys", Product, VendorApp, "its name says qualys"),
    say("rag", Word, AiAgent, "its name says rag"),
    say("rapid7", Product, VendorApp, "its name says rapid7"),
    say("release", Word, CiPipeline, "its name says release"),
    say("release-please", Product, CiPipeline, "its name says release-please"),
    say("releaser", Word, CiPipeline, "its name says releaser"),
    say("renovate", Product, CiPipeline, "its name says renovate"),
    say("robot", Word, ServiceAccount, "its name says robot"),
    say("rubrik", Product, VendorApp, "its name says rubrik"),
    say("runner", Word, CiPipeline, "its name says runner"),
    say("sagemaker", Word, Workload, "its name says sagemaker"),
    say("scheduler", Word, Workload, "its name says scheduler"),
    say("secureframe", Product, VendorApp, "its name says secureframe"),
    say("segment-", Product, VendorApp, "its name says segment"),
    say("semantic-release", Product, CiPipeline, "its name says semantic-release"),
    say("semgrep", Product, VendorApp, "its name says semgrep"),
    say("sentinelone", Product, VendorApp, "its name says sentinelone"),
    say("server", Word, Workload, "its name says server"),
    say("service-account", Word, ServiceAccount, "its name says service-account"),
    say("serviceaccount", Word, ServiceAccount, "its name says serviceaccount"),
    say("smtp", Word, ServiceAccount, "its name says smtp"),
    say("snowflake", Product, VendorApp, "its name says snowflake"),
    say("snyk", Product, VendorApp, "its name says snyk"),
    say("sonarcloud", Product, VendorApp, "its name says sonarcloud"),
    say("spacelift", Product, CiPipeline, "its name says spacelift"),
    say("spinnaker", Product, CiPipeline, "its name says spinnaker"),
    say("splunk", Product, VendorApp, "its name says splunk"),
    say("spot.io", Product, VendorApp, "its name says spot.io"),
    say("spotinst", Product, VendorApp, "its name says spotinst"),
    say("stacklet", Product, VendorApp, "its name says stacklet"),
    say("stackset", Word, CiPipeline, "its name says stackset"),
    say("stacksets", Word, CiPipeline, "its name says stacksets"),
    say("step-functions", Word, Workload, "its name says step-functions"),
    say("stepfunction", Word, Workload, "its name says stepfunction"),
    say("stepfunctions", Word, Workload, "its name says stepfunctions"),
    say("sumo-logic", Product, VendorApp, "its name says sumo-logic"),
    say("sumologic", Product, VendorApp, "its name says sumologic"),
    say("svc", Word, ServiceAccount, "its name says svc"),
    say("svcacct", Word, ServiceAccount, "its name says svcacct"),
    say("sweep-ai", Product, AiAgent, "its name says sweep-ai"),
    say("sysdig", Product, VendorApp, "its name says sysdig"),
    say("tableau", Product, VendorApp, "its name says tableau"),
    say("tabnine", Product, AiAgent, "its name says tabnine"),
    say("task", Word, Workload, "its name says task"),
    say("teamcity", Product, CiPipeline, "its name says teamcity"),
    say("tekton", Product, CiPipeline, "its name says tekton"),
    say("tenable", Product, VendorApp, "its name says tenable"),
    say("terraform", Product, CiPipeline, "its name says terraform"),
    say("tfc-", Product, CiPipeline, "its name says tfc"),
    say("third-party", Word, VendorApp, "its name says third-party"),
    say("thirdparty", Word, VendorApp, "its name says thirdparty"),
    say("travisci", Product, CiPipeline, "its name says travisci"),
    say("trendmicro", Product, VendorApp, "its name says trendmicro"),
    say("upwind", Product, VendorApp, "its name says upwind"),
    say("vanta", Product, VendorApp, "its name says vanta"),
    say("varonis", Product, VendorApp, "its name says varonis"),
    say("veeam", Product, VendorApp, "its name says veeam"),
    say("velero", Product, Workload, "its name says velero"),
    say("vendor", Word, VendorApp, "its name says vendor"),
    say("webserver", Word, Workload, "its name says webserver"),
    say("windsurf", Product, AiAgent, "its name says windsurf"),
    say("wiz", Word, VendorApp, "its name says wiz"),
    say("wiz-", Product, VendorApp, "its name says wiz"),
    say("wizaccess", Product, VendorApp, "its name says wizaccess"),
    say("wizrole", Product, VendorApp, "its name says wizrole"),
    say("wizscanner", Product, VendorApp, "its name says wizscanner"),
    say("workato", Product, VendorApp, "its name says workato"),
    say("worker", Word, Workload, "its name says worker"),
    say("zapier", Product, VendorApp, "its name says zapier"),
    say("zscaler", Product, VendorApp, "its name says zscaler"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_lower_case() {
        assert!(SAYINGS.is_sorted_by(|a, b| a.word < b.word));
        assert!(SAYINGS.iter().all(|saying| saying.word == saying.word.to_ascii_lowercase() && saying.word.len() > 1));
        assert!(
            SAYINGS.iter().all(|saying| sayings(saying.word.as_bytes()[0]).iter().any(|it| it.word == saying.word))
        );
        assert!(JOBS.iter().all(|job| says_job(job)));
    }

    #[test]
    fn jobs_are_whole_words() {
        for (name, says) in [
            ("DeveloperRole", true),
            ("PowerUserAccess", true),
            ("team-data-engineers", true),
            ("DBARole", true),
            ("Admin", false),
            ("engineering-metrics", false),
            ("sretool", false),
            ("", false),
        ] {
            assert_eq!(says_job(name), says, "{name}");
        }
    }

    proptest::proptest! {
        /// Words begin with letters at boundaries.
        #[test]
        fn words_begin_at_boundaries(name in "[aB1é-]{1,9}") {
            for at in (0..name.len()).filter(|at| name.as_bytes()[*at].is_ascii_alphabetic()) {
                assert_eq!(begins_word(name.as_bytes(), at), is_boundary(name.as_bytes(), at), "{name} {at}");
            }
        }
    }

    #[test]
    fn examples() {
        for (name, kind) in [
            ("GitHubActionsRole", Some(CiPipeline)),
            ("my-deploy-role", Some(CiPipeline)),
            ("CIRole", Some(CiPipeline)),
            ("DatadogIntegrationRole", Some(VendorApp)),
            ("datadog-lambda-forwarder", Some(VendorApp)),
            ("lambda-datadog-forwarder", Some(VendorApp)),
            ("AmazonBedrockExecutionRoleForAgents_x", Some(AiAgent)),
            ("payments-lambda", Some(Workload)),
            ("specific", None),
            ("deployable", None),
            ("Administrator", None),
            ("aws-reserved", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(strongest(name).map(|saying| saying.kind), kind, "{name}");
        }
    }
}
