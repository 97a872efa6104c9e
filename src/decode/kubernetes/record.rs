//! The members of an audit event that anything is made of, found in one pass.
//!
//! In comes the record, out go values in it. A member of another type than it should have is absent.

use super::super::json::Value;
use crate::event::Text;

/// The annotation with the id of the token that a request for one issued (Kubernetes 1.30, KEP-4193): what its user says later
/// as `authentication.kubernetes.io/credential-id`.
pub const ISSUED: &str = "authentication.kubernetes.io/issued-credential-id";

/// An audit event's members.
#[derive(Debug, Default)]
pub struct Record<'t, 'a> {
    pub audit_id: Option<Text<'a>>,
    pub stage: Option<Text<'a>>,
    pub verb: Option<Value<'t, 'a>>,
    pub user: Option<Value<'t, 'a>>,
    pub impersonated_user: Option<Value<'t, 'a>>,
    pub source_ips: Option<Value<'t, 'a>>,
    pub user_agent: Option<Text<'a>>,
    pub object: Option<Value<'t, 'a>>,
    pub request_uri: Option<Text<'a>>,
    pub request_object: Option<Value<'t, 'a>>,
    pub response_status: Option<Value<'t, 'a>>,
    pub annotations: Option<Value<'t, 'a>>,
    /// The name of the cluster, where a shipper added it.
    pub cluster: Option<Text<'a>>,
    request_received: Option<Value<'t, 'a>>,
    stage_reached: Option<Value<'t, 'a>>,
    /// `timestamp` of v1alpha1.
    timestamp: Option<Value<'t, 'a>>,
    /// Panther's copy of the time.
    copied_time: Option<Value<'t, 'a>>,
    metadata: Option<Value<'t, 'a>>,
}

impl<'t, 'a> Record<'t, 'a> {
    /// Finds the members of one event.
    pub fn find(record: Value<'t, 'a>) -> Record<'t, 'a> {
        let mut found = Record::default();
        for (key, value) in record.members().filter(|(_, value)| !value.is_null()) {
            match key.as_ref() {
                "auditID" => found.audit_id = value.filled(),
                "stage" => found.stage = value.filled(),
                "verb" => found.verb = Some(value),
                "user" => found.user = Some(value),
                "impersonatedUser" => found.impersonated_user = Some(value),
                "sourceIPs" | "sourceIps" => found.source_ips = Some(value),
                "userAgent" => found.user_agent = value.filled(),
                "objectRef" => found.object = Some(value),
                "requestURI" => found.request_uri = value.filled(),
                "requestObject" => found.request_object = Some(value),
                "responseStatus" => found.response_status = Some(value),
                "annotations" => found.annotations = Some(value),
                "requestReceivedTimestamp" => found.request_received = Some(value),
                "stageTimestamp" => found.stage_reached = Some(value),
                "timestamp" => found.timestamp = Some(value),
                "p_event_time" => found.copied_time = Some(value),
                "metadata" => found.metadata = Some(value),
                "cluster" | "clusterName" | "cluster_name" | "k8s_cluster" => found.set_cluster(value),
                _ => {}
            }
        }
        found
    }

    fn set_cluster(&mut self, value: Value<'t, 'a>) {
        self.cluster = value.filled().or_else(|| value.text_at(&["name"]));
    }

    /// When the request came in, else when the stage was reached.
    pub fn time(&self) -> Option<Value<'t, 'a>> {
        let created = || self.metadata?.at(&["creationTimestamp"]);
        self.request_received.or(self.stage_reached).or(self.timestamp).or_else(created).or(self.copied_time)
    }

    /// A text of the object's reference.
    pub fn object_text(&self, name: &str) -> Option<Text<'a>> {
        self.object?.text_at(&[name])
    }

    /// An annotation.
    pub fn annotation(&self, name: &str) -> Option<Text<'a>> {
        self.annotations?.text_at(&[name])
    }
}
