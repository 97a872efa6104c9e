//! The members of an audit event that anything is made of, found in one pass.
//!
//! In comes the record, out go values in it. A member of another type than it should have is absent.

use super::super::json::Value;
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

static MEMBERS: Names<28> = Names::new([
    "auditID",
    "stage",
    "verb",
    "user",
    "impersonatedUser",
    "sourceIPs",
    "sourceIps",
    "userAgent",
    "objectRef",
    "requestURI",
    "requestObject",
    "responseStatus",
    "annotations",
    "p_event_time",
    "metadata",
    "method",
    "remoteAddr",
    "responseCode",
    "userLoginName",
    "cluster",
    "clusterName",
    "cluster_name",
    "k8s_cluster",
    // Google Distributed Cloud's forwarder.
    "_gdch_cluster",
    "requestReceivedTimestamp",
    "stageTimestamp",
    "timestamp",
    "requestTimestamp",
]);

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
    /// Finds the members of one event.
    pub fn find(record: Value<'t, 'a>) -> Record<'t, 'a> {
        let [
            audit_id,
            stage,
            verb,
            user,
            impersonated_user,
            source_ips,
            source_ips_too,
            user_agent,
            object,
            request_uri,
            request_object,
            response_status,
            annotations,
            copied_time,
            metadata,
            method,
            remote_address,
            response_code,
            login_name,
            rest @ ..,
        ] = MEMBERS.of(record);
        let [clusters @ .., received, stage_reached, timestamp, requested] = rest;
        let says = |value: Option<Value<'_, 'a>>| value.and_then(Value::filled);
        let [sign_in, signed_in, decision, decision_too, issued] = ANNOTATIONS.within(annotations).map(says);
        Record {
            audit_id: says(audit_id),
            stage: says(stage),
            verb: verb.or(method),
            user,
            impersonated_user,
            source_ips: source_ips.or(source_ips_too).or(remote_address),
            user_agent: says(user_agent),
            object: Object::find(object),
            request_uri: says(request_uri),
            request_object,
            response_status: response_status.or(response_code),
            login_name: says(login_name).or(signed_in),
            sign_in,
            decision: decision.or(decision_too),
            issued,
            cluster: clusters.into_iter().flatten().find_map(cluster),
            times: [received, stage_reached, timestamp, requested],
            copied_time,
            metadata,
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
