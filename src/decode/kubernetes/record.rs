//! The members of an audit event that anything is made of, found in one pass.
//!
//! In comes the record, out go values in it. A member of another type than it should have is absent.

use super::super::json::Value;
use super::super::known::{Key, Known, key, keys};
use super::super::names::Names;
use crate::event::Text;

/// An audit event's members.
#[derive(Debug)]
pub struct Record<'t, 'a> {
    pub audit_id: Option<Text<'a>>,
    pub stage: Option<Text<'a>>,
    pub verb: Option<Value<'t, 'a>>,
    pub user: Option<Value<'t, 'a>>,
    pub impersonated_user: Option<Value<'t, 'a>>,
    pub source_ips: Option<Value<'t, 'a>>,
    pub user_agent: Option<Text<'a>>,
    pub object: Object<'a>,
    pub request_uri: Option<Text<'a>>,
    pub request_object: Option<Value<'t, 'a>>,
    pub response_status: Option<Value<'t, 'a>>,
    /// The decision of the authorizer.
    pub decision: Option<Text<'a>>,
    /// The id of the token that a request for one issued (Kubernetes 1.30, KEP-4193): what its user says later as
    /// `authentication.kubernetes.io/credential-id`.
    pub issued: Option<Text<'a>>,
    /// The name of the cluster, where a shipper added it.
    pub cluster: Option<Text<'a>>,
    /// The name that somebody signed in to Rancher or OpenShift by.
    pub login_name: Option<Text<'a>>,
    /// Whether a sign-in to OpenShift was let in: `allow`, `deny`, `error`.
    pub sign_in: Option<Text<'a>>,
    /// When the request came in, when the stage was reached; `timestamp` of v1alpha1, `requestTimestamp` of Rancher's audit log.
    times: [Option<Value<'t, 'a>>; 4],
    /// Panther's copy of the time.
    copied_time: Option<Value<'t, 'a>>,
    metadata: Option<Value<'t, 'a>>,
}

/// The second is how Elastic's integration writes the first.
static ANNOTATIONS: Names<5> = Names::new([
    // OpenShift's server for sign-ins: "Viewing audit logs" of Red Hat's documentation.
    "authentication.openshift.io/decision",
    "authentication.openshift.io/username",
    "authorization.k8s.io/decision",
    "authorization_k8s_io/decision",
    "authentication.kubernetes.io/issued-credential-id",
]);

impl<'t, 'a> Record<'t, 'a> {
    /// The members of one event.
    pub fn of(record: &Known<'t, 'a>) -> Record<'t, 'a> {
        // The last is Google Distributed Cloud's forwarder's.
        const CLUSTERS: [Key; 5] = keys(["cluster", "clusterName", "cluster_name", "k8s_cluster", "_gdch_cluster"]);
        const TIMES: [Key; 4] = keys(["requestReceivedTimestamp", "stageTimestamp", "timestamp", "requestTimestamp"]);
        let get = |key| record.given(key);
        let first = |keys: &[Key]| keys.iter().find_map(|key| record.given(*key));
        let says = |value: Option<Value<'_, 'a>>| value.and_then(Value::filled);
        let [sign_in, signed_in, decision, decision_too, issued] =
            ANNOTATIONS.within(get(const { key("annotations") })).map(says);
        Record {
            audit_id: says(get(const { key("auditID") })),
            stage: says(get(const { key("stage") })),
            verb: first(const { &keys(["verb", "method"]) }),
            user: get(const { key("user") }),
            impersonated_user: get(const { key("impersonatedUser") }),
            source_ips: first(const { &keys(["sourceIPs", "sourceIps", "remoteAddr"]) }),
            user_agent: says(get(const { key("userAgent") })),
            object: Object::find(get(const { key("objectRef") })),
            request_uri: says(get(const { key("requestURI") })),
            request_object: get(const { key("requestObject") }),
            response_status: first(const { &keys(["responseStatus", "responseCode"]) }),
            login_name: says(get(const { key("userLoginName") })).or(signed_in),
            sign_in,
            decision: decision.or(decision_too),
            issued,
            cluster: CLUSTERS.into_iter().filter_map(get).find_map(cluster),
            times: TIMES.map(get),
            copied_time: get(const { key("p_event_time") }),
            metadata: get(const { key("metadata") }),
        }
    }

    /// When the request came in, else when the stage was reached.
    pub fn time(&self) -> Option<Value<'t, 'a>> {
        let created = || self.metadata?.at(&["creationTimestamp"]);
        self.times.into_iter().flatten().next().or_else(created).or(self.copied_time)
    }
}

fn cluster<'a>(value: Value<'_, 'a>) -> Option<Text<'a>> {
    value.filled().or_else(|| value.text_at(&["name"]))
}

/// What a request was for: the reference to an object.
#[derive(Debug, Default)]
pub struct Object<'a> {
    pub resource: Option<Text<'a>>,
    pub subresource: Option<Text<'a>>,
    pub namespace: Option<Text<'a>>,
    pub name: Option<Text<'a>>,
    pub group: Option<Text<'a>>,
}

impl<'a> Object<'a> {
    fn find(object: Option<Value<'_, 'a>>) -> Object<'a> {
        static NAMES: Names<5> = Names::new(["resource", "subresource", "namespace", "name", "apiGroup"]);
        let says = |value: Option<Value<'_, 'a>>| value.and_then(Value::filled);
        let [resource, subresource, namespace, name, group] = NAMES.within(object).map(says);
        Object { resource, subresource, namespace, name, group }
    }
}
