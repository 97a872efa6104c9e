//! Attacks on those who live elsewhere: whom, when, and what is done in his name.
//!
//! Comes in: everybody, and the plan of the fleet's attacks. Goes out: the acts, each with its record's template, and the
//! attacks' labels. Each theft has two forms that do the same: from outside with the attacker's own client, and from where the
//! victim works with his own (whoever took over the machine that he runs on). The victim goes on with his own work.
//!
//! What is done is what published reports and tests tell of:
//! Kubernetes: Stratus Red Team, `k8s.credential-access.dump-secrets`, `k8s.persistence.create-admin-clusterrole`,
//! `k8s.credential-access.steal-serviceaccount-token`; for A14 the model's catalogue.
//! Google Cloud: Stratus Red Team, `gcp.credential-access.secretmanager-retrieve-secrets`,
//! `gcp.persistence.create-service-account-key`, `gcp.persistence.invite-external-user`.
//! GitHub: "Security alert: Attack campaign involving stolen OAuth user tokens issued to two third-party integrators" (GitHub,
//! April 2022: private repositories listed and cloned); "Widespread Data Theft Targets Salesforce Instances via Salesloft
//! Drift" and its sequel (Mandiant, 2025: repositories downloaded, a guest added, workflows set up with GitHub access).

use super::{Member, Who, gcp, github, kubernetes};
use crate::event::Timestamp;
use crate::simulate::attacks::schedule;
use crate::simulate::config::{AttackPlan, FleetConfig};
use crate::simulate::labels::{ATTACK_VERSION, AttackLabel, LabelledIdentity, Scenario};
use crate::simulate::names::{self, Operator};
use crate::simulate::rng::{Rng, mix};

/// Sets these random numbers apart from those of everybody.
const STREAM: u64 = 0xa77ac;
/// Hours in which a victim is expected to have worked: as many as for those in AWS.
const EXPERIENCE: f64 = 48.0;
/// Milliseconds from one act to the next.
const PAUSE: (i64, i64) = (4_000, 150_000);

const KUBECTL: &str = "kubectl/v1.33.4 (linux/amd64) kubernetes/74cdb42";
const GIT: &str = "git/2.39.5";
const CURL: &str = "curl/8.5.0";

/// One thing that an attacker does.
#[derive(Debug)]
pub struct Act {
    /// When, in milliseconds.
    pub time: i64,
    /// As whom.
    pub member: usize,
    /// Its record, with the placeholders of `render`.
    pub template: String,
    /// Whence, where that is not the victim's own address.
    pub address: Option<u32>,
    /// A time at which the token was the victim's: one that was stolen stays the same.
    pub token: i64,
    /// Index of the attack's label.
    pub attack: u32,
}

/// Plans all attacks of a fleet's span, in the order of time, and appends their labels.
pub fn stage(members: &[Member], config: &FleetConfig, labels: &mut Vec<AttackLabel>) -> Vec<Act> {
    let (start, end) = (config.start.as_millis(), config.end.as_millis());
    let mut rng = Rng::new(mix(config.seed, STREAM), 0);
    let is_strict = matches!(config.attacks, AttackPlan::Random { .. });
    let (mut acts, mut taken): (Vec<Act>, Vec<usize>) = (Vec::new(), Vec::new());
    for (time, scenario) in schedule(&config.attacks, &Scenario::ELSEWHERE, (start, end), &mut rng) {
        let experience = |at: usize| members[at].active_hours((start, time));
        let suits = |at: &usize| suits(&members[*at], scenario) && !taken.contains(at);
        let mut candidates: Vec<usize> = (0..members.len()).filter(suits).collect();
        candidates.sort_by(|a, b| experience(*b).total_cmp(&experience(*a)));
        let experienced = candidates.iter().take_while(|at| experience(**at) >= EXPERIENCE).count();
        candidates.truncate(experienced.max(usize::from(!is_strict)));
        if candidates.is_empty() {
            continue;
        }
        let member = *rng.pick(&candidates);
        let attack = labels.len() as u32;
        let mut done = perform(scenario, &members[member], (time, member, attack), &mut rng);
        done.retain(|act| act.time < end);
        let Some(last) = done.last().map(|act| act.time) else { continue };
        labels.push(label(scenario, &members[member], config.seed, attack, (done[0].time, last)));
        taken.push(member);
        acts.extend(done);
    }
    acts
}

fn suits(member: &Member, scenario: Scenario) -> bool {
    match scenario {
        Scenario::A14 | Scenario::A27 => matches!(member.who, Who::Kubernetes(_)),
        Scenario::A28 | Scenario::A29 => matches!(member.who, Who::Gcp(_)),
        _ => matches!(member.who, Who::Github(_)),
    }
}

fn label(scenario: Scenario, member: &Member, seed: u64, attack: u32, (start, end): (i64, i64)) -> AttackLabel {
    let (number, _, technique) = scenario.describe();
    AttackLabel {
        attack_id: format!("{seed}-{attack:04}"),
        scenario: number.into(),
        technique: technique.into(),
        attack_version: ATTACK_VERSION.into(),
        identities: vec![LabelledIdentity { scope: member.scope(), principal: member.principal.clone() }],
        start: Timestamp::from_millis(start),
        end: Timestamp::from_millis(end),
    }
}

/// The acts of a scenario, one after the other.
fn perform(scenario: Scenario, victim: &Member, (time, member, attack): (i64, usize, u32), rng: &mut Rng) -> Vec<Act> {
    let is_stranger = matches!(scenario, Scenario::A27 | Scenario::A28 | Scenario::A30);
    let address = is_stranger.then(|| names::address(names::prefix(Operator::External, rng), u64::from(attack)));
    let templates = match &victim.who {
        Who::Kubernetes(account) if is_stranger => cluster_takeover(account, rng),
        Who::Kubernetes(account) => popped_pod(account, victim.agent, rng),
        Who::Gcp(account) => project_takeover(account, (!is_stranger).then_some(victim.agent), rng),
        Who::Github(app) => repository_theft(app, (!is_stranger).then_some(victim.agent), rng),
    };
    let mut next = time;
    let mut act = |template| {
        let (time, token) = (next, if is_stranger { time } else { next });
        next += rng.between(PAUSE.0, PAUSE.1);
        Act { time, member, template, address, token, attack }
    };
    templates.into_iter().map(&mut act).collect()
}

const RULES: &str = "selfsubjectrulesreviews";
const AUTHORIZATION: &str = "authorization.k8s.io/v1";

/// A27: with `kubectl`: what may I do, all secrets of the cluster, a binding to its administrators' role, into a pod.
fn cluster_takeover(account: &kubernetes::Account, rng: &mut Rng) -> Vec<String> {
    let namespace = *rng.pick(&kubernetes::namespaces());
    let pod = format!("{namespace}/{namespace}-0");
    let requests = [
        ("create", AUTHORIZATION, RULES, "/"),
        ("list", "v1", "namespaces", "/"),
        ("list", "v1", "secrets", "/"),
        ("list", "v1", "pods", "/"),
        ("create", "rbac.authorization.k8s.io/v1", "clusterrolebindings", "/system-node-sync"),
        ("create", "v1", "pods/exec", pod.as_str()),
    ];
    let record = |(verb, version, resource, object): (&str, &str, &str, &str)| {
        account.record(KUBECTL, &(1.0, verb, version, resource, object), true)
    };
    requests.into_iter().map(record).collect()
}

/// A14: from within the pod, with its own client: what may I do, the secrets of 2 to 10 namespaces, of which 40 % are
/// refused, and half of the time into a pod.
fn popped_pod(account: &kubernetes::Account, agent: &str, rng: &mut Rng) -> Vec<String> {
    let mut namespaces = kubernetes::namespaces();
    rng.shuffle(&mut namespaces);
    let mut records = vec![account.record(agent, &(1.0, "create", AUTHORIZATION, RULES, "/"), true)];
    let count = rng.between(2, 10) as usize;
    for namespace in namespaces.iter().take(count) {
        let is_allowed = rng.chance(0.6);
        records.push(account.record(agent, &(1.0, "list", "v1", "secrets", &format!("{namespace}/")), is_allowed));
    }
    if rng.chance(0.5) {
        let pod = format!("{0}/{0}-0", namespaces[0]);
        records.push(account.record(agent, &(1.0, "create", "v1", "pods/exec", &pod), true));
    }
    records
}

/// A28, A29: what is there and who may do what, 4 to 8 secrets, a key for another account, an owner for the project; with
/// `gcloud` and a key where no client is given.
fn project_takeover(account: &gcp::Account, client: Option<&str>, rng: &mut Rng) -> Vec<String> {
    const SECRETS: &str = "payments-api sendgrid db-admin jwt-signing oauth-client datadog backup-key slack-bot";
    const RESOURCES: &str = "cloudresourcemanager";
    const IAM: &str = "google.iam.admin.v1";
    const SERVICE: &str = "google.cloud.secretmanager.v1.SecretManagerService";
    let key = client.is_none().then(|| format!("{:016x}{:016x}", rng.bits(), rng.bits()));
    let project = format!("projects/{}", account.project);
    let entry = |command: &str, service: &str, method: &str, permission: &str, name: &str| {
        let agent = client.map_or_else(|| gcloud(command), str::to_owned);
        account.entry(&agent, key.as_deref(), &(1.0, service, method, permission, name))
    };
    let mut entries = vec![
        entry("projects.describe", RESOURCES, "GetProject", "resourcemanager.projects.get", &project),
        entry("projects.get-iam-policy", RESOURCES, "GetIamPolicy", "resourcemanager.projects.getIamPolicy", &project),
        entry(
            "iam.service-accounts.list",
            "iam",
            &format!("{IAM}.ListServiceAccounts"),
            "iam.serviceAccounts.list",
            &project,
        ),
        entry(
            "secrets.list",
            "secretmanager",
            &format!("{SERVICE}.ListSecrets"),
            "secretmanager.secrets.list",
            &project,
        ),
    ];
    let method = format!("{SERVICE}.AccessSecretVersion");
    for secret in SECRETS.split(' ').take(rng.between(4, 8) as usize) {
        let name = format!("{project}/secrets/{secret}");
        entries.push(entry(
            "secrets.versions.access",
            "secretmanager",
            &method,
            "secretmanager.versions.access",
            &name,
        ));
    }
    let other = format!("deployer@{}.iam.gserviceaccount.com", account.project);
    let method = format!("{IAM}.CreateServiceAccountKey");
    entries.extend([
        entry("iam.service-accounts.keys.create", "iam", &method, "iam.serviceAccountKeys.create", &other),
        entry(
            "projects.add-iam-policy-binding",
            RESOURCES,
            "SetIamPolicy",
            "resourcemanager.projects.setIamPolicy",
            &project,
        ),
    ]);
    entries
}

/// What `gcloud` says of itself.
fn gcloud(command: &str) -> String {
    format!(
        "google-cloud-sdk gcloud/536.0.1 command/gcloud.{command} invocation-id/$u environment/None environment-version/None \
         client-os/LINUX client-os-ver/6.8.0 client-pltf-arch/x86_64 interactive/True from-script/False python/3.12.8 \
         term/xterm-256color (Linux 6.8.0-71-generic),gzip(gfe)"
    )
}

/// A30, A31: 8 to 14 private repositories cloned, a deploy key added, a branch's protection taken away, somebody let in, a
/// workflow run; with `git` and `curl` where no client is given.
fn repository_theft(app: &github::App, client: Option<&str>, rng: &mut Rng) -> Vec<String> {
    const REPOSITORIES: &str = "payments-core infrastructure identity mobile-app data-models fraud-rules ledger \
                                storefront deployments partner-api internal-tools ansible billing handbook";
    let (git, api) = (client.unwrap_or(GIT), client.unwrap_or(CURL));
    let mut repositories: Vec<&str> = REPOSITORIES.split(' ').collect();
    rng.shuffle(&mut repositories);
    let cloned = repositories.iter().take(rng.between(8, 14) as usize);
    let clone = |repository: &&str| {
        let more = r#","transport_protocol":1,"transport_protocol_name":"http""#;
        app.record(git, &(1.0, "git.clone", "access", repository), more)
    };
    let mut records: Vec<String> = cloned.map(clone).collect();
    let target = repositories[0];
    for (action, operation, more) in [
        ("public_key.create", "create", r#","fingerprint":"SHA256:$k","read_only":"false","title":"sync""#),
        ("protected_branch.destroy", "remove", r#","name":"main""#),
        ("repo.add_member", "create", r#","user":"quiet-harbour-91","visibility":"private""#),
        ("workflows.created_workflow_run", "create", r#","event":"push","head_branch":"main","name":"sync""#),
    ] {
        records.push(app.record(api, &(1.0, action, operation, target), more));
    }
    records
}
