//! The members of a CloudTrail record that anything is made of, found in one pass and not yet looked into.
//!
//! In comes the record, out go values in it. Members that are not named here are
//! passed over, so that what later versions of the format add costs nothing and breaks nothing. `null` is the same as
//! absent. Source: "CloudTrail record contents for management, data, and network activity events", AWS CloudTrail
//! User Guide, event version 1.11.

use super::super::DecodeError;
use super::super::json::Value;
use super::super::names::Names;
use crate::event::Text;

/// A record's members, each absent where the record has none, or `null`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Record<'t, 'a> {
    pub event_time: Option<Value<'t, 'a>>,
    /// Where Logstash's CloudTrail codec puts `eventTime`, which it then leaves out; or Panther's copy of it.
    pub timestamp: Option<Value<'t, 'a>>,
    pub event_source: Option<Value<'t, 'a>>,
    pub event_name: Option<Value<'t, 'a>>,
    pub event_type: Option<Value<'t, 'a>>,
    pub event_category: Option<Value<'t, 'a>>,
    pub event_id: Option<Value<'t, 'a>>,
    pub shared_event_id: Option<Value<'t, 'a>>,
    /// The id that another log's event has in its own log ("CloudTrail Lake integrations event schema").
    pub uid: Option<Value<'t, 'a>>,
    pub user_identity: Option<Value<'t, 'a>>,
    pub aws_region: Option<Value<'t, 'a>>,
    pub source_ip_address: Option<Value<'t, 'a>>,
    pub user_agent: Option<Value<'t, 'a>>,
    pub error_code: Option<Value<'t, 'a>>,
    pub error_message: Option<Value<'t, 'a>>,
    pub request_parameters: Option<Value<'t, 'a>>,
    pub response_elements: Option<Value<'t, 'a>>,
    pub service_event_details: Option<Value<'t, 'a>>,
    pub resources: Option<Value<'t, 'a>>,
    pub read_only: Option<Value<'t, 'a>>,
    pub management_event: Option<Value<'t, 'a>>,
    pub recipient_account_id: Option<Value<'t, 'a>>,
    pub vpc_endpoint_id: Option<Value<'t, 'a>>,
    pub session_credential_from_console: Option<Value<'t, 'a>>,
}

impl<'t, 'a> Record<'t, 'a> {
    /// Finds the members of one record.
    pub fn find(record: Value<'t, 'a>) -> Record<'t, 'a> {
        static NAMES: Names<25> = Names::new([
            "eventTime",
            "@timestamp",
            "p_event_time",
            "eventSource",
            "eventName",
            "eventType",
            "eventCategory",
            "eventID",
            "sharedEventID",
            "UID",
            "userIdentity",
            "awsRegion",
            "sourceIPAddress",
            "userAgent",
            "errorCode",
            "errorMessage",
            "requestParameters",
            "responseElements",
            "serviceEventDetails",
            "resources",
            "readOnly",
            "managementEvent",
            "recipientAccountId",
            "vpcEndpointId",
            "sessionCredentialFromConsole",
        ]);
        let [
            event_time,
            timestamp,
            timestamp_copy,
            event_source,
            event_name,
            event_type,
            event_category,
            event_id,
            shared_event_id,
            uid,
            user_identity,
            aws_region,
            source_ip_address,
            user_agent,
            error_code,
            error_message,
            request_parameters,
            response_elements,
            service_event_details,
            resources,
            read_only,
            management_event,
            recipient_account_id,
            vpc_endpoint_id,
            session_credential_from_console,
        ] = NAMES.of(record);
        Record {
            event_time,
            timestamp: timestamp.or(timestamp_copy),
            event_source,
            event_name,
            event_type,
            event_category,
            event_id,
            shared_event_id,
            uid,
            user_identity,
            aws_region,
            source_ip_address,
            user_agent,
            error_code,
            error_message,
            request_parameters,
            response_elements,
            service_event_details,
            resources,
            read_only,
            management_event,
            recipient_account_id,
            vpc_endpoint_id,
            session_credential_from_console,
        }
    }

    /// The text of a field without which a record says nothing.
    ///
    /// # Errors
    /// Where it is absent, empty, or no text.
    pub fn required(value: Option<Value<'t, 'a>>, field: &'static str) -> Result<Text<'a>, DecodeError> {
        let value = value.ok_or(DecodeError::MissingField { field })?;
        let text = value.text().ok_or(DecodeError::WrongType { field, expected: "a string" })?;
        if text.is_empty() { Err(DecodeError::MissingField { field }) } else { Ok(text) }
    }

    /// Whether it belongs to this event type or this category.
    pub fn is_of(&self, event_type: &str, category: &str) -> bool {
        let says = |field: Option<Value<'t, 'a>>, word: &str| field.and_then(Value::escaped_text) == Some(word);
        says(self.event_type, event_type) || says(self.event_category, category)
    }
}
