//! The members of a CloudTrail record that anything is made of, not yet looked into.
//!
//! In comes the record with what was noted of its keys, out go values in it. Members that are not named here are passed over, so that what later versions of the format add costs nothing and breaks nothing. `null` is the same as
//! absent. Source: "CloudTrail record contents for management, data, and network activity events", AWS CloudTrail
//! User Guide, event version 1.11.

use super::super::DecodeError;
use super::super::json::Value;
use super::super::known::{Known, key};
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
    pub additional_event_data: Option<Value<'t, 'a>>,
    pub resources: Option<Value<'t, 'a>>,
    pub read_only: Option<Value<'t, 'a>>,
    pub management_event: Option<Value<'t, 'a>>,
    pub recipient_account_id: Option<Value<'t, 'a>>,
    pub vpc_endpoint_id: Option<Value<'t, 'a>>,
    pub session_credential_from_console: Option<Value<'t, 'a>>,
}

impl<'t, 'a> Record<'t, 'a> {
    /// The members of one record.
    pub fn of(record: &Known<'t, 'a>) -> Record<'t, 'a> {
        // Of two names for one the last counts.
        let times = const { [key("@timestamp"), key("p_event_time")] }.map(|time| record.get(time));
        let timestamp = times.into_iter().flatten().max_by_key(|time| time.place());
        Record {
            event_time: record.given(const { key("eventTime") }),
            timestamp: timestamp.filter(|time| !time.is_null()),
            event_source: record.given(const { key("eventSource") }),
            event_name: record.given(const { key("eventName") }),
            event_type: record.given(const { key("eventType") }),
            event_category: record.given(const { key("eventCategory") }),
            event_id: record.given(const { key("eventID") }),
            shared_event_id: record.given(const { key("sharedEventID") }),
            uid: record.given(const { key("UID") }),
            user_identity: record.given(const { key("userIdentity") }),
            aws_region: record.given(const { key("awsRegion") }),
            source_ip_address: record.given(const { key("sourceIPAddress") }),
            user_agent: record.given(const { key("userAgent") }),
            error_code: record.given(const { key("errorCode") }),
            error_message: record.given(const { key("errorMessage") }),
            request_parameters: record.given(const { key("requestParameters") }),
            response_elements: record.given(const { key("responseElements") }),
            service_event_details: record.given(const { key("serviceEventDetails") }),
            additional_event_data: record.given(const { key("additionalEventData") }),
            resources: record.given(const { key("resources") }),
            read_only: record.given(const { key("readOnly") }),
            management_event: record.given(const { key("managementEvent") }),
            recipient_account_id: record.given(const { key("recipientAccountId") }),
            vpc_endpoint_id: record.given(const { key("vpcEndpointId") }),
            session_credential_from_console: record.given(const { key("sessionCredentialFromConsole") }),
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
