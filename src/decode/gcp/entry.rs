//! The members of a log entry and of its audit payload that anything is made of, found in one pass each.
//!
//! In comes the record, out go values in it, whatever the spelling of their keys. A member of another type than it should
//! have is absent, but for those without which the record says nothing.

use super::super::DecodeError;
use super::super::json::Value;
use super::super::text::part;
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
    pub resource: Option<Value<'t, 'a>>,
    pub operation: Option<Value<'t, 'a>>,
    pub split: Option<Value<'t, 'a>>,
    pub labels: Option<Value<'t, 'a>>,
    /// Its payload is text or JSON of somebody's own.
    pub is_own_log: bool,
}

/// An audit payload's members.
#[derive(Debug, Default)]
pub struct AuditLog<'t, 'a> {
    pub service_name: Option<Text<'a>>,
    pub method_name: Option<Value<'t, 'a>>,
    pub resource_name: Option<Text<'a>>,
    pub authentication: Option<Value<'t, 'a>>,
    pub authorization: Option<Value<'t, 'a>>,
    pub request_metadata: Option<Value<'t, 'a>>,
    pub resource_location: Option<Value<'t, 'a>>,
    pub status: Option<Value<'t, 'a>>,
    pub metadata: Option<Value<'t, 'a>>,
    pub service_data: Option<Value<'t, 'a>>,
    pub response: Option<Value<'t, 'a>>,
}

impl<'t, 'a> Entry<'t, 'a> {
    /// Finds the members of one entry.
    pub fn find(value: Value<'t, 'a>) -> Entry<'t, 'a> {
        let mut entry = Entry::default();
        let mut room = [0; _];
        let (mut method, mut authentication) = (false, false);
        for (key, value) in value.members().filter(|(_, value)| !value.is_null()) {
            match spelling::plain(&key, &mut room) {
                b"protopayload" | b"protopayloadauditlog" => entry.payload = Some(value),
                b"jsonpayload" | b"textpayload" => entry.is_own_log = true,
                b"logname" => entry.log_name = value.filled(),
                b"insertid" => entry.insert_id = Some(value),
                b"timestamp" => entry.timestamp = Some(value),
                b"peventtime" => entry.copied_time = Some(value),
                b"resource" => entry.resource = Some(value),
                b"operation" => entry.operation = Some(value),
                b"split" => entry.split = Some(value),
                b"labels" => entry.labels = Some(value),
                b"methodname" => method = true,
                b"authenticationinfo" => authentication = true,
                _ => {}
            }
        }
        if method && authentication {
            entry.payload = entry.payload.or(Some(value));
        }
        entry
    }

    /// The members of the payload.
    ///
    /// # Errors
    /// Where there is none, or it is no object.
    pub fn audit_log(&self) -> Result<AuditLog<'t, 'a>, DecodeError> {
        const FIELD: &str = "protoPayload";
        let payload = self.payload.ok_or(DecodeError::MissingField { field: FIELD })?;
        if !payload.is_object() {
            return Err(DecodeError::WrongType { field: FIELD, expected: "an object" });
        }
        Ok(AuditLog::find(payload))
    }

    /// Its time, or what stands for it: the payload's, Panther's copy, the request's.
    pub fn time(&self) -> Option<Value<'t, 'a>> {
        let in_payload = |path: &[&str]| spelling::at(self.payload?, path);
        self.timestamp
            .or_else(|| in_payload(&["timestamp"]))
            .or(self.copied_time)
            .or_else(|| in_payload(&["requestmetadata", "requestattributes", "time"]))
    }

    /// Whether it is somebody's own log, or a payload of another type (App Engine's request logs).
    pub fn is_no_audit(&self) -> bool {
        let Some(payload) = self.payload else { return self.is_own_log };
        let class = payload.text_at(&["@type"]).or_else(|| payload.text_at(&["at_sign_type"]));
        class.is_some_and(|class| !class.ends_with("AuditLog"))
    }

    /// Whether another entry stands for it: the last of an operation, a later piece of one that was split.
    pub fn is_part(&self) -> bool {
        let says = |name| self.operation.and_then(|it| spelling::member(it, name)?.truth()) == Some(true);
        let piece = self.split.and_then(|split| spelling::member(split, "index")?.number());
        (says("last") && !says("first")) || piece.is_some_and(|index| index > 0.0)
    }

    /// A label of the monitored resource.
    pub fn label(&self, name: &str) -> Option<Text<'a>> {
        let label = spelling::at(self.resource?, &["labels", name])?;
        label.text_or_digits()
    }

    /// Whether the log's name ends so (`activity`, `data_access`, `system_event`, `policy`).
    pub fn is_log(&self, name: &str) -> bool {
        let end = self.log_name.as_deref().and_then(|log| log.strip_suffix(name));
        end.is_some_and(|front| front.ends_with("%2F") || front.ends_with('/') || front.ends_with("%2f"))
    }

    /// What owns the resource: a project by its id, else `organizations/…`, `folders/…`, `billingAccounts/…`.
    pub fn owner(&self) -> Option<Text<'a>> {
        self.label("projectid")
            .or_else(|| part(self.log_name.as_ref()?, owner_of_name))
            .or_else(|| part(&spelling::text_at(self.payload?, &["resourcename"])?, owner_of_name))
            .or_else(|| Some(Text::Owned(format!("organizations/{}", self.label("organizationid")?))))
    }
}

impl<'t, 'a> AuditLog<'t, 'a> {
    fn find(payload: Value<'t, 'a>) -> AuditLog<'t, 'a> {
        let mut log = AuditLog::default();
        let mut room = [0; _];
        for (key, value) in payload.members().filter(|(_, value)| !value.is_null()) {
            match spelling::plain(&key, &mut room) {
                b"servicename" => log.service_name = value.filled(),
                b"methodname" => log.method_name = Some(value),
                b"resourcename" => log.resource_name = value.filled(),
                b"authenticationinfo" => log.authentication = Some(value),
                b"authorizationinfo" => log.authorization = Some(value),
                b"requestmetadata" => log.request_metadata = Some(value),
                b"resourcelocation" => log.resource_location = Some(value),
                b"status" => log.status = Some(value),
                b"metadata" => log.metadata = Some(value),
                b"servicedata" => log.service_data = Some(value),
                b"response" => log.response = Some(value),
                _ => {}
            }
        }
        log
    }

    /// A text of the request's metadata.
    pub fn request_text(&self, name: &str) -> Option<Text<'a>> {
        spelling::text_at(self.request_metadata?, &[name])
    }
}

/// `shop` of `projects/shop/…`, `organizations/1` of `organizations/1/…`; `_` and `-` stand for no project.
fn owner_of_name(name: &str) -> Option<&str> {
    let name = name.trim_start_matches('/');
    let mut parts = name.split('/');
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
