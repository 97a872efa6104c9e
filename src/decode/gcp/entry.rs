//! The members of a log entry and of its audit payload that anything is made of, found in one pass each.
//!
//! In comes the record, out go values in it, whatever the spelling of their keys. A member of another type than it should
//! have is absent, but for those without which the record says nothing.

use super::super::DecodeError;
use super::super::json::Value;
use super::super::text::{part, segments};
use super::spelling::{self, Spelled};
use crate::event::Text;

/// A log entry's members.
#[derive(Debug, Default)]
pub struct Entry<'t, 'a> {
    pub payload: Option<Value<'t, 'a>>,
    pub log_name: Option<Text<'a>>,
    pub insert_id: Option<Value<'t, 'a>>,
    pub timestamp: Option<Value<'t, 'a>>,
    /// Panther's copy of the event's time.
    pub copied_time: Option<Value<'t, 'a>>,
    /// When Logging got the entry, moments later; for entries that were cut down.
    received: Option<Value<'t, 'a>>,
    pub labels_of_resource: Labels<'a>,
    pub operation: Option<Value<'t, 'a>>,
    pub split: Option<Value<'t, 'a>>,
    pub labels: Option<Value<'t, 'a>>,
    pub severity: Option<Text<'a>>,
    /// Its payload is text or JSON of somebody's own.
    pub is_own_log: bool,
}

/// What the labels of the monitored resource say of where it is and whose.
#[derive(Debug, Default)]
pub struct Labels<'a> {
    pub project: Option<Text<'a>>,
    pub organization: Option<Text<'a>>,
    pub location: Option<Text<'a>>,
    pub region: Option<Text<'a>>,
    pub zone: Option<Text<'a>>,
    /// Of a service account.
    pub mail: Option<Text<'a>>,
}

/// An audit payload's members.
#[derive(Debug, Default)]
pub struct AuditLog<'t, 'a> {
    /// The type of the payload.
    pub class: Option<Text<'a>>,
    pub service_name: Option<Text<'a>>,
    pub method_name: Option<Value<'t, 'a>>,
    pub resource_name: Option<Text<'a>>,
    pub authentication: Authentication<'t, 'a>,
    pub authorization: Option<Value<'t, 'a>>,
    pub request: Request<'t, 'a>,
    pub resource_location: Option<Value<'t, 'a>>,
    pub status: Option<Value<'t, 'a>>,
    pub metadata: Option<Value<'t, 'a>>,
    pub service_data: Option<Value<'t, 'a>>,
    pub response: Option<Value<'t, 'a>>,
    /// Its own time, in exports that write the payload alone.
    pub timestamp: Option<Value<'t, 'a>>,
}

/// The members of `authenticationInfo`.
#[derive(Debug, Default)]
pub struct Authentication<'t, 'a> {
    pub mail: Option<Text<'a>>,
    pub subject: Option<Text<'a>>,
    pub selector: Option<Text<'a>>,
    pub key: Option<Text<'a>>,
    pub third_party: Option<Value<'t, 'a>>,
    pub chain: Option<Value<'t, 'a>>,
    pub oauth: Option<Value<'t, 'a>>,
}

/// The members of `requestMetadata`.
#[derive(Debug, Default)]
pub struct Request<'t, 'a> {
    pub ip: Option<Text<'a>>,
    pub user_agent: Option<Text<'a>>,
    pub attributes: Option<Value<'t, 'a>>,
}

/// Whether a text begins as a date does.
fn is_date(value: Value<'_, '_>) -> bool {
    value.escaped_text().is_some_and(|text| text.starts_with(['1', '2']))
}

impl<'t, 'a> Entry<'t, 'a> {
    /// Finds the members of one entry.
    pub fn find(value: Value<'t, 'a>) -> Entry<'t, 'a> {
        static NAMES: Spelled<16> = Spelled::new([
            ("protoPayload", "protopayload"),
            ("protopayload_auditlog", "protopayloadauditlog"),
            ("jsonPayload", "jsonpayload"),
            ("textPayload", "textpayload"),
            ("logName", "logname"),
            ("insertId", "insertid"),
            ("timestamp", "timestamp"),
            ("p_event_time", "peventtime"),
            ("resource", "resource"),
            ("operation", "operation"),
            ("split", "split"),
            ("labels", "labels"),
            ("severity", "severity"),
            ("methodName", "methodname"),
            ("authenticationInfo", "authenticationinfo"),
            ("receiveTimestamp", "receivetimestamp"),
        ]);
        let [payload, payload_too, json, text, log_name, insert_id, timestamp, copied_time, rest @ ..] =
            NAMES.of(value);
        let [resource, operation, split, labels, severity, method, authentication, received] = rest;
        let payload = [payload, payload_too].into_iter().flatten().max_by_key(|payload| payload.place());
        let alone = method.is_some() && authentication.is_some();
        Entry {
            payload: payload.or(alone.then_some(value)),
            log_name: log_name.and_then(Value::filled),
            insert_id,
            timestamp,
            copied_time,
            received: received.filter(|received| is_date(*received)),
            labels_of_resource: resource.map(Labels::find).unwrap_or_default(),
            operation,
            split,
            labels,
            severity: severity.and_then(Value::filled),
            is_own_log: json.is_some() || text.is_some(),
        }
    }

    /// The members of the payload; none of them where it is no object.
    pub fn audit_log(&self) -> AuditLog<'t, 'a> {
        self.payload.map(AuditLog::find).unwrap_or_default()
    }

    /// Checks that there is a payload.
    ///
    /// # Errors
    /// Where there is none, or it is no object.
    pub fn check_payload(&self) -> Result<(), DecodeError> {
        const FIELD: &str = "protoPayload";
        let payload = self.payload.ok_or(DecodeError::MissingField { field: FIELD })?;
        let is_object = payload.is_object();
        is_object.then_some(()).ok_or(DecodeError::WrongType { field: FIELD, expected: "an object" })
    }

    /// Its time, or what stands for it: the payload's, Panther's copy, the request's, when it was received.
    pub fn time(&self, log: &AuditLog<'t, 'a>) -> Option<Value<'t, 'a>> {
        let of_request = || spelling::member(log.request.attributes?, "time");
        self.timestamp.or(log.timestamp).or(self.copied_time).or_else(of_request).or(self.received)
    }

    /// Whether it is somebody's own log, or a payload of another type (App Engine's request logs).
    pub fn is_no_audit(&self, log: &AuditLog<'t, 'a>) -> bool {
        let is_other = log.class.as_ref().is_some_and(|class| !class.ends_with("AuditLog"));
        if self.payload.is_some() { is_other } else { self.is_own_log }
    }

    /// Whether another entry stands for it: the last of an operation, unless it says that the operation failed, which the first
    /// could not know; a later piece of one that was split.
    pub fn is_part(&self, failed: bool) -> bool {
        let says = |name| self.operation.and_then(|it| spelling::member(it, name)?.truth()) == Some(true);
        let piece = self.split.and_then(|split| spelling::member(split, "index")?.number());
        (says("last") && !says("first") && !failed) || piece.is_some_and(|index| index > 0.0)
    }

    /// Whether the log's name ends so (`activity`, `data_access`, `system_event`, `policy`).
    pub fn is_log(&self, name: &str) -> bool {
        let end = self.log_name.as_deref().and_then(|log| log.strip_suffix(name));
        end.is_some_and(|front| front.ends_with("%2F") || front.ends_with('/') || front.ends_with("%2f"))
    }

    /// What owns the resource: a project by its id, else `organizations/…`, `folders/…`, `billingAccounts/…`.
    pub fn owner(&self, log: &AuditLog<'t, 'a>) -> Option<Text<'a>> {
        let labels = &self.labels_of_resource;
        labels
            .project
            .clone()
            .or_else(|| part(self.log_name.as_ref()?, owner_of_name))
            .or_else(|| part(log.resource_name.as_ref()?, owner_of_name))
            .or_else(|| Some(Text::Owned(["organizations/", labels.organization.as_ref()?].concat())))
    }
}

impl<'a> Labels<'a> {
    fn find(resource: Value<'_, 'a>) -> Labels<'a> {
        static NAMES: Spelled<6> = Spelled::new([
            ("project_id", "projectid"),
            ("organization_id", "organizationid"),
            ("location", "location"),
            ("region", "region"),
            ("zone", "zone"),
            ("email_id", "emailid"),
        ]);
        let Some(named) = spelling::member(resource, "labels") else { return Labels::default() };
        let [project, organization, location, region, zone, mail] =
            NAMES.of(named).map(|value| value.and_then(Value::text_or_digits));
        Labels { project, organization, location, region, zone, mail }
    }
}

impl<'t, 'a> AuditLog<'t, 'a> {
    fn find(payload: Value<'t, 'a>) -> AuditLog<'t, 'a> {
        static NAMES: Spelled<14> = Spelled::new([
            ("@type", "@type"),
            ("at_sign_type", "atsigntype"),
            ("timestamp", "timestamp"),
            ("serviceName", "servicename"),
            ("methodName", "methodname"),
            ("resourceName", "resourcename"),
            ("authenticationInfo", "authenticationinfo"),
            ("authorizationInfo", "authorizationinfo"),
            ("requestMetadata", "requestmetadata"),
            ("resourceLocation", "resourcelocation"),
            ("status", "status"),
            ("metadata", "metadata"),
            ("serviceData", "servicedata"),
            ("response", "response"),
        ]);
        let says = |value: Option<Value<'_, 'a>>| value.and_then(Value::filled);
        let [class, class_too, timestamp, service_name, method_name, resource_name, rest @ ..] = NAMES.of(payload);
        let [authentication, authorization, request, resource_location, status, metadata, service_data, response] =
            rest;
        AuditLog {
            class: says(class).or_else(|| says(class_too)),
            service_name: says(service_name),
            method_name,
            resource_name: says(resource_name),
            authentication: authentication.map(Authentication::find).unwrap_or_default(),
            authorization,
            request: request.map(Request::find).unwrap_or_default(),
            resource_location,
            status,
            metadata,
            service_data,
            response,
            timestamp,
        }
    }

    /// The events of Workspace that an entry of its logs tells of (`ccc_hosted_reporting.ActivityProto`).
    pub fn workspace_events(&self) -> impl Iterator<Item = Value<'t, 'a>> + use<'t, 'a> {
        self.metadata.and_then(|metadata| spelling::member(metadata, "event")).into_iter().flat_map(Value::items)
    }

    /// A parameter of one of them.
    pub fn workspace_parameter(&self, name: &str) -> Option<Text<'a>> {
        let parameters = self.workspace_events().filter_map(|event| spelling::member(event, "parameter"));
        let found = parameters.flat_map(Value::items).find(|at| at.text_at(&["name"]).as_deref() == Some(name));
        found.and_then(|parameter| parameter.text_at(&["value"]))
    }
}

impl<'t, 'a> Authentication<'t, 'a> {
    fn find(value: Value<'t, 'a>) -> Authentication<'t, 'a> {
        static NAMES: Spelled<7> = Spelled::new([
            ("principalEmail", "principalemail"),
            ("principalSubject", "principalsubject"),
            ("authoritySelector", "authorityselector"),
            ("serviceAccountKeyName", "serviceaccountkeyname"),
            ("thirdPartyPrincipal", "thirdpartyprincipal"),
            ("serviceAccountDelegationInfo", "serviceaccountdelegationinfo"),
            ("oauthInfo", "oauthinfo"),
        ]);
        let says = |value: Option<Value<'_, 'a>>| value.and_then(Value::filled);
        let [mail, subject, selector, key, third_party, chain, oauth] = NAMES.of(value);
        let [mail, subject, selector, key] = [mail, subject, selector, key].map(says);
        Authentication { mail, subject, selector, key, third_party, chain, oauth }
    }
}

impl<'t, 'a> Request<'t, 'a> {
    fn find(value: Value<'t, 'a>) -> Request<'t, 'a> {
        static NAMES: Spelled<3> = Spelled::new([
            ("callerIp", "callerip"),
            ("callerSuppliedUserAgent", "callersupplieduseragent"),
            ("requestAttributes", "requestattributes"),
        ]);
        let [ip, user_agent, attributes] = NAMES.of(value);
        Request { ip: ip.and_then(Value::filled), user_agent: user_agent.and_then(Value::filled), attributes }
    }
}

/// `shop` of `projects/shop/…`, `organizations/1` of `organizations/1/…`; `_` and `-` stand for no project.
fn owner_of_name(name: &str) -> Option<&str> {
    let name = name.trim_start_matches('/');
    let mut parts = segments(name, b'/');
    let (collection, id) = (parts.next()?, parts.next().filter(|id| !matches!(*id, "" | "_" | "-"))?);
    match collection {
        "projects" => Some(id),
        "organizations" | "folders" | "billingAccounts" => Some(&name[..collection.len() + 1 + id.len()]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners() {
        for (name, owner) in [
            ("projects/shop/logs/cloudaudit.googleapis.com%2Factivity", Some("shop")),
            ("organizations/12/logs/x", Some("organizations/12")),
            ("folders/34", Some("folders/34")),
            ("projects/_/buckets/b", None),
            ("//projects", None),
            ("core/v1/pods", None),
        ] {
            assert_eq!(owner_of_name(name), owner, "{name}");
        }
    }
}
