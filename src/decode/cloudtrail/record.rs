//! The members of a CloudTrail record that anything is made of, found in one pass and not yet looked into.
//!
//! In comes the record, out go values in it. Members that are not named here are
//! passed over, so that what later versions of the format add costs nothing and breaks nothing. `null` is the same as
//! absent. Source: "CloudTrail record contents for management, data, and network activity events", AWS CloudTrail
//! User Guide, event version 1.11.

use super::super::DecodeError;
use super::super::json::Value;
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
    /// Finds the members of one record.
    pub fn find(record: Value<'t, 'a>) -> Record<'t, 'a> {
        let mut found = Record::default();
        record.visit(|key, value| {
            if let Some(place) = found.place(key) {
                *place = (!value.is_null()).then_some(value);
            }
            true
        });
        found
    }

    fn place(&mut self, key: &[u8]) -> Option<&mut Option<Value<'t, 'a>>> {
        Some(match key {
            b"eventTime" => &mut self.event_time,
            b"@timestamp" | b"p_event_time" => &mut self.timestamp,
            b"eventSource" => &mut self.event_source,
            b"eventName" => &mut self.event_name,
            b"eventType" => &mut self.event_type,
            b"eventCategory" => &mut self.event_category,
            b"eventID" => &mut self.event_id,
            b"sharedEventID" => &mut self.shared_event_id,
            b"UID" => &mut self.uid,
            b"userIdentity" => &mut self.user_identity,
            b"awsRegion" => &mut self.aws_region,
            b"sourceIPAddress" => &mut self.source_ip_address,
            b"userAgent" => &mut self.user_agent,
            b"errorCode" => &mut self.error_code,
            b"errorMessage" => &mut self.error_message,
            b"requestParameters" => &mut self.request_parameters,
            b"responseElements" => &mut self.response_elements,
            b"serviceEventDetails" => &mut self.service_event_details,
            b"additionalEventData" => &mut self.additional_event_data,
            b"resources" => &mut self.resources,
            b"readOnly" => &mut self.read_only,
            b"managementEvent" => &mut self.management_event,
            b"recipientAccountId" => &mut self.recipient_account_id,
            b"vpcEndpointId" => &mut self.vpc_endpoint_id,
            b"sessionCredentialFromConsole" => &mut self.session_credential_from_console,
            _ => return None,
        })
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
