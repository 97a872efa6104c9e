//! The members of a log entry and of its audit payload that anything is made of, found in one pass each.
//!
//! In comes the record, out go values in it, whatever the spelling of their keys. A member of another type than it should
//! have is absent, but for those without which the record says nothing.

use super::super::DecodeError;
use super::super::json::Value;
use super::super::text::{part, segments};
use super::spelling;
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
        let mut entry = Entry::default();
        let mut room = [0; _];
        let (mut method, mut authentication) = (false, false);
        value.visit(|key, value| {
            if value.is_null() {
                return true;
            }
            match spelling::plain(key, &mut room) {
                b"protopayload" | b"protopayloadauditlog" => entry.payload = Some(value),
                b"jsonpayload" | b"textpayload" => entry.is_own_log = true,
                b"logname" => entry.log_name = value.filled(),
                b"insertid" => entry.insert_id = Some(value),
                b"timestamp" => entry.timestamp = Some(value),
                b"peventtime" => entry.copied_time = Some(value),
                b"receivetimestamp" => entry.received = Some(value).filter(|value| is_date(*value)),
                b"resource" => entry.labels_of_resource = Labels::find(value),
                b"operation" => entry.operation = Some(value),
                b"split" => entry.split = Some(value),
                b"labels" => entry.labels = Some(value),
                b"severity" => entry.severity = value.filled(),
                b"methodname" => method = true,
                b"authenticationinfo" => authentication = true,
                _ => {}
            }
            true
        });
        if method && authentication {
            entry.payload = entry.payload.or(Some(value));
        }
        entry
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
        let mut labels = Labels::default();
        let mut room = [0; _];
        let Some(named) = spelling::member(resource, "labels") else { return labels };
        named.visit(|key, value| {
            match spelling::plain(key, &mut room) {
                b"projectid" => labels.project = value.text_or_digits(),
                b"organizationid" => labels.organization = value.text_or_digits(),
                b"location" => labels.location = value.text_or_digits(),
                b"region" => labels.region = value.text_or_digits(),
                b"zone" => labels.zone = value.text_or_digits(),
                _ => {}
            }
            true
        });
        labels
    }
}

impl<'t, 'a> AuditLog<'t, 'a> {
    fn find(payload: Value<'t, 'a>) -> AuditLog<'t, 'a> {
        let mut log = AuditLog::default();
        let mut room = [0; _];
        payload.visit(|key, value| {
            if value.is_null() {
                return true;
            }
            match spelling::plain(key, &mut room) {
                b"@type" => log.class = value.filled().or(log.class.take()),
                b"atsigntype" => log.class = log.class.take().or_else(|| value.filled()),
                b"timestamp" => log.timestamp = Some(value),
                b"servicename" => log.service_name = value.filled(),
                b"methodname" => log.method_name = Some(value),
                b"resourcename" => log.resource_name = value.filled(),
                b"authenticationinfo" => log.authentication = Authentication::find(value),
                b"authorizationinfo" => log.authorization = Some(value),
                b"requestmetadata" => log.request = Request::find(value),
                b"resourcelocation" => log.resource_location = Some(value),
                b"status" => log.status = Some(value),
                b"metadata" => log.metadata = Some(value),
                b"servicedata" => log.service_data = Some(value),
                b"response" => log.response = Some(value),
                _ => {}
            }
            true
        });
        log
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
        let mut found = Authentication::default();
        let mut room = [0; _];
        value.visit(|key, value| {
            match spelling::plain(key, &mut room) {
                b"principalemail" => found.mail = value.filled(),
                b"principalsubject" => found.subject = value.filled(),
                b"authorityselector" => found.selector = value.filled(),
                b"serviceaccountkeyname" => found.key = value.filled(),
                b"thirdpartyprincipal" => found.third_party = Some(value),
                b"serviceaccountdelegationinfo" => found.chain = Some(value),
                b"oauthinfo" => found.oauth = Some(value),
                _ => {}
            }
            true
        });
        found
    }
}

impl<'t, 'a> Request<'t, 'a> {
    fn find(value: Value<'t, 'a>) -> Request<'t, 'a> {
        let mut found = Request::default();
        let mut room = [0; _];
        value.visit(|key, value| {
            match spelling::plain(key, &mut room) {
                b"callerip" => found.ip = value.filled(),
                b"callersupplieduseragent" => found.user_agent = value.filled(),
                b"requestattributes" => found.attributes = Some(value),
                _ => {}
            }
            true
        });
        found
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
