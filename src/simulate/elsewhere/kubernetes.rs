//! Service accounts of two Kubernetes clusters, as events of the API server's audit log (`audit.k8s.io/v1`).
//!
//! The log of a cluster does not name it; a shipper adds the member `cluster`, as most do.
//! Source: "kube-apiserver Audit Configuration (v1)", Kubernetes' documentation.

use super::{Habit, Member, Shift, Who};
use crate::simulate::rng::Rng;

/// Each has the same service accounts, with pods, networks and tokens of its own.
const CLUSTERS: [&str; 2] = ["prod-eu-1", "prod-us-1"];

/// Chance in an hour, verb, API version, resource (`pods/exec` with a subresource), and the object as `namespace/name`,
/// either of which may be empty.
pub type Request<'r> = (f64, &'r str, &'r str, &'r str, &'r str);

/// Namespace, name, user agent, shift, what it asks for.
type Row = (&'static str, &'static str, &'static str, Shift, &'static [Request<'static>]);

const ACCOUNTS: [Row; 15] = [
    (
        "payments",
        "payments-api",
        "payments-api/v1.18.2 (linux/amd64) client-go/v0.31.3",
        Shift::Always,
        &[
            (0.5, "get", "v1", "configmaps", "payments/payments-api-config"),
            (0.3, "get", "v1", "secrets", "payments/payments-db"),
        ],
    ),
    (
        "orders",
        "orders-worker",
        "orders-worker/v2.4.0 (linux/amd64) client-go/v0.31.3",
        Shift::Always,
        &[
            (0.5, "get", "coordination.k8s.io/v1", "leases", "orders/orders-worker"),
            (0.4, "update", "coordination.k8s.io/v1", "leases", "orders/orders-worker"),
        ],
    ),
    (
        "search",
        "search-indexer",
        "search-indexer/v0.9.7 (linux/arm64) client-go/v0.30.8",
        Shift::Always,
        &[(0.5, "list", "v1", "endpoints", "search/"), (0.2, "get", "v1", "configmaps", "search/index-mapping")],
    ),
    (
        "checkout",
        "checkout-web",
        "okhttp/4.12.0",
        Shift::Always,
        &[(0.4, "get", "v1", "configmaps", "checkout/features"), (0.4, "watch", "v1", "configmaps", "checkout/")],
    ),
    (
        "billing",
        "invoice-run",
        "OpenAPI-Generator/31.0.0/python",
        Shift::Daily(2),
        &[
            (1.0, "get", "v1", "secrets", "billing/invoice-smtp"),
            (1.0, "create", "batch/v1", "jobs", "billing/"),
            (0.9, "list", "v1", "pods", "billing/"),
        ],
    ),
    (
        "fraud",
        "model-refresh",
        "OpenAPI-Generator/31.0.0/python",
        Shift::Daily(4),
        &[
            (1.0, "patch", "apps/v1", "deployments", "fraud/fraud-model"),
            (1.0, "get", "apps/v1", "deployments", "fraud/fraud-model"),
        ],
    ),
    (
        "cert-manager",
        "cert-manager",
        "cert-manager-certificates-issuing/v1.18.1 (linux/amd64) cert-manager/8f2c1d4",
        Shift::Always,
        &[
            (0.6, "list", "cert-manager.io/v1", "certificates", "/"),
            (0.2, "update", "v1", "secrets", "ingress/wildcard-tls"),
            (0.5, "update", "coordination.k8s.io/v1", "leases", "cert-manager/cert-manager-controller"),
        ],
    ),
    (
        "external-secrets",
        "external-secrets",
        "external-secrets/v0.18.0 (linux/amd64) kubernetes/f3b9e7d",
        Shift::Always,
        &[
            (0.6, "list", "external-secrets.io/v1", "externalsecrets", "/"),
            (0.5, "update", "v1", "secrets", "payments/payments-db"),
            (0.4, "update", "v1", "secrets", "orders/orders-db"),
        ],
    ),
    (
        "argocd",
        "argocd-application-controller",
        "argocd-application-controller/v3.1.1 (linux/amd64)",
        Shift::Always,
        &[
            (0.8, "list", "apps/v1", "deployments", "/"),
            (0.5, "list", "v1", "services", "/"),
            (0.2, "patch", "apps/v1", "deployments", "checkout/checkout-web"),
            (0.2, "patch", "apps/v1", "deployments", "orders/orders-worker"),
        ],
    ),
    (
        "monitoring",
        "prometheus",
        "Prometheus/3.5.0",
        Shift::Always,
        &[(0.7, "watch", "v1", "pods", "/"), (0.7, "watch", "v1", "endpoints", "/"), (0.4, "list", "v1", "nodes", "/")],
    ),
    (
        "monitoring",
        "kube-state-metrics",
        "kube-state-metrics/v2.16.0 (linux/amd64) kube-state-metrics/3a5b2f1",
        Shift::Always,
        &[(0.6, "list", "v1", "pods", "/"), (0.6, "list", "apps/v1", "replicasets", "/")],
    ),
    (
        "ingress",
        "ingress-nginx",
        "nginx-ingress-controller/v1.13.2 (linux/amd64) ingress-nginx/4dc9a70",
        Shift::Always,
        &[
            (0.6, "watch", "networking.k8s.io/v1", "ingresses", "/"),
            (0.4, "get", "v1", "secrets", "ingress/wildcard-tls"),
        ],
    ),
    (
        "kube-system",
        "cluster-autoscaler",
        "cluster-autoscaler/v1.33.0 (linux/amd64) client-go/v0.33.1",
        Shift::Always,
        &[
            (0.7, "list", "v1", "nodes", "/"),
            (0.6, "list", "v1", "pods", "/"),
            (0.5, "update", "v1", "configmaps", "kube-system/cluster-autoscaler-status"),
        ],
    ),
    (
        "builds",
        "gitlab-runner",
        "gitlab-runner 18.2.0 linux/amd64",
        Shift::Office,
        &[
            (0.8, "create", "v1", "pods", "builds/"),
            (0.7, "get", "v1", "pods", "builds/runner-project-17"),
            (0.6, "delete", "v1", "pods", "builds/runner-project-17"),
        ],
    ),
    (
        "backup",
        "velero",
        "velero-server/v1.16.1 (linux/amd64) 48e8b0b",
        Shift::Daily(1),
        &[
            (1.0, "list", "v1", "persistentvolumes", "/"),
            (1.0, "create", "velero.io/v1", "backups", "backup/"),
            (1.0, "list", "v1", "namespaces", "/"),
        ],
    ),
];

/// All of both clusters.
pub fn members(rng: &mut Rng) -> Vec<Member> {
    let both = CLUSTERS.into_iter().zip(1..);
    both.flat_map(|cluster| ACCOUNTS.iter().map(move |account| (cluster, account)))
        .map(|(cluster, account)| member(cluster, account, rng))
        .collect()
}

/// A service account of a cluster.
#[derive(Debug)]
pub struct Account {
    cluster: &'static str,
    name: &'static str,
    namespace: &'static str,
    /// Whom the token of one of its pods stands for, as JSON.
    user: String,
}

impl Account {
    /// `kubernetes/<cluster>`.
    pub fn scope(&self) -> String {
        format!("kubernetes/{}", self.cluster)
    }

    /// The record of a request with its token, and whether that was allowed.
    pub fn record(&self, agent: &str, request: &Request<'_>, is_allowed: bool) -> String {
        let Account { cluster, name, namespace, user } = self;
        let authorization = match is_allowed {
            true => format!(
                r#""authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by ClusterRoleBinding \"{name}\" of ClusterRole \"{name}\" to ServiceAccount \"{name}/{namespace}\"""#
            ),
            false => r#""authorization.k8s.io/decision":"forbid","authorization.k8s.io/reason":"""#.to_owned(),
        };
        format!(
            r#"{{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"$u","stage":"ResponseComplete",{},"user":{user},"sourceIPs":["$a"],"userAgent":"{agent}","requestReceivedTimestamp":"$t","stageTimestamp":"$t","annotations":{{{authorization}}},"cluster":"{cluster}"}}"#,
            what(request, is_allowed),
        )
    }
}

/// The namespaces that something runs in.
pub fn namespaces() -> Vec<&'static str> {
    let mut namespaces: Vec<&str> = ACCOUNTS.iter().map(|account| account.0).collect();
    namespaces.dedup();
    namespaces
}

fn member((cluster, network): (&'static str, u32), row: &Row, rng: &mut Rng) -> Member {
    let &(namespace, name, agent, shift, requests) = row;
    let address = 0x0a00_0000 | network << 20 | rng.between(0x0101, 0xfefe) as u32;
    let account = Account { cluster, name, namespace, user: user(row, rng) };
    let habit = |request: &Request<'_>| Habit { share: request.0, template: account.record(agent, request, true) };
    let habits = requests.iter().map(habit).collect();
    let principal = format!("system:serviceaccount:{namespace}:{name}");
    Member { who: Who::Kubernetes(account), principal, agent, shift, address, habits }
}

/// A bound token's user: its pod runs throughout, its token is another every hour.
fn user(&(namespace, name, ..): &Row, rng: &mut Rng) -> String {
    let mut hex = |digits: usize| format!("{:0digits$x}", rng.bits() >> (64 - 4 * digits));
    let (uid, pod_uid) = (hex(12), hex(12));
    let (replica, node) = (hex(9), hex(8));
    format!(
        r#"{{"username":"system:serviceaccount:{namespace}:{name}","uid":"5d0c6a1e-77f2-4b1c-9a53-{uid}","groups":["system:serviceaccounts","system:serviceaccounts:{namespace}","system:authenticated"],"extra":{{"authentication.kubernetes.io/credential-id":["JTI=$j"],"authentication.kubernetes.io/node-name":["node-{node}"],"authentication.kubernetes.io/pod-name":["{name}-{replica}-x7k2p"],"authentication.kubernetes.io/pod-uid":["a41b90cc-2f6d-4e8b-8c1d-{pod_uid}"]}}}}"#
    )
}

/// The request and how it ended.
fn what(&(_, verb, version, resource, object): &Request<'_>, is_allowed: bool) -> String {
    let (namespace, name) = object.split_once('/').expect("the table has a slash in each");
    let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
    let (root, group) = match version.split_once('/') {
        Some((group, _)) => ("apis", group),
        None => ("api", ""),
    };
    let mut uri = format!("/{root}/{version}");
    let mut reference = format!(r#""resource":"{resource}""#);
    if !namespace.is_empty() {
        uri += &format!("/namespaces/{namespace}");
        reference += &format!(r#","namespace":"{namespace}""#);
    }
    uri += &format!("/{resource}");
    if !name.is_empty() {
        uri += &format!("/{name}");
        reference += &format!(r#","name":"{name}""#);
    }
    if !group.is_empty() {
        reference += &format!(r#","apiGroup":"{group}""#);
    }
    let version = version.rsplit('/').next().unwrap_or(version);
    reference += &format!(r#","apiVersion":"{version}""#);
    if !subresource.is_empty() {
        uri += &format!("/{subresource}?command=sh&stdin=true&stdout=true&tty=true");
        reference += &format!(r#","subresource":"{subresource}""#);
    }
    let status = match (is_allowed, verb) {
        (false, _) => r#""status":"Failure","reason":"Forbidden","code":403"#,
        // A stream changes the protocol.
        (true, _) if !subresource.is_empty() => r#""code":101"#,
        (true, "create") => r#""code":201"#,
        (true, _) => r#""code":200"#,
    };
    format!(
        r#""requestURI":"{uri}","verb":"{verb}","objectRef":{{{reference}}},"responseStatus":{{"metadata":{{}},{status}}}"#
    )
}
