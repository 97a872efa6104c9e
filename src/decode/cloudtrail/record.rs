//! The members of a CloudTrail record that anything is made of, found in one pass and not yet looked into.
//!
//! In come the record's bytes, out go slices of them. Members that are not named here are checked for being JSON and
//! passed over, so that what later versions of the format add costs nothing and breaks nothing. `null` is the same as
//! absent. Source: "CloudTrail record contents for management, data, and network activity events", AWS CloudTrail
//! User Guide, event version 1.11.

use super::json::{Json, Malformed, Members};
use crate::config::DecodeConfig;
use crate::decode::DecodeError;
use crate::event::Text;

/// A record's members, each absent where the record has none, or `null`.
#[derive(Debug, Default)]
pub struct Record<'a> {
    pub event_time: Option<Json<'a>>,
    /// Where Logstash's CloudTrail codec puts `eventTime`, which it then leaves out.
    pub timestamp: Option<Json<'a>>,
    pub event_source: Option<Json<'a>>,
    pub event_name: Option<Json<'a>>,
    pub event_type: Option<Json<'a>>,
    pub event_category: Option<Json<'a>>,
    pub event_id: Option<Json<'a>>,
    pub shared_event_id: Option<Json<'a>>,
    pub user_identity: Option<Json<'a>>,
    pub aws_region: Option<Json<'a>>,
    pub source_ip_address: Option<Json<'a>>,
    pub user_agent: Option<Json<'a>>,
    pub error_code: Option<Json<'a>>,
    pub error_message: Option<Json<'a>>,
    pub request_parameters: Option<Json<'a>>,
    pub response_elements: Option<Json<'a>>,
    pub service_event_details: Option<Json<'a>>,
    pub resources: Option<Json<'a>>,
    pub read_only: Option<Json<'a>>,
    pub management_event: Option<Json<'a>>,
    pub recipient_account_id: Option<Json<'a>>,
    pub vpc_endpoint_id: Option<Json<'a>>,
    pub session_credential_from_console: Option<Json<'a>>,
}

impl<'a> Record<'a> {
    /// Finds the members of one record.
    ///
    /// # Errors
    /// Where the bytes are not one JSON object within the limits on depth and size.
    pub fn find(record: &'a [u8], config: &DecodeConfig) -> Result<Record<'a>, DecodeError> {
        let (bytes, limit) = (record.len(), config.max_record_bytes);
        if bytes > limit {
            return Err(DecodeError::RecordTooLarge { bytes, limit });
        }
        Record::find_members(record, config.max_depth).map_err(|malformed| explain(malformed, record, config.max_depth))
    }

    fn find_members(record: &'a [u8], max_depth: usize) -> Result<Record<'a>, Malformed> {
        let mut found = Record::default();
        let mut members = Members::of(record, max_depth)?;
        while let Some((key, value)) = members.next_member()? {
            if let Some(place) = found.place(&key) {
                *place = (!value.is_null()).then_some(value);
            }
        }
        members.finish().map(|()| found)
    }

    fn place(&mut self, key: &str) -> Option<&mut Option<Json<'a>>> {
        Some(match key {
            "eventTime" => &mut self.event_time,
            "@timestamp" => &mut self.timestamp,
            "eventSource" => &mut self.event_source,
            "eventName" => &mut self.event_name,
            "eventType" => &mut self.event_type,
            "eventCategory" => &mut self.event_category,
            "eventID" => &mut self.event_id,
            "sharedEventID" => &mut self.shared_event_id,
            "userIdentity" => &mut self.user_identity,
            "awsRegion" => &mut self.aws_region,
            "sourceIPAddress" => &mut self.source_ip_address,
            "userAgent" => &mut self.user_agent,
            "errorCode" => &mut self.error_code,
            "errorMessage" => &mut self.error_message,
            "requestParameters" => &mut self.request_parameters,
            "responseElements" => &mut self.response_elements,
            "serviceEventDetails" => &mut self.service_event_details,
            "resources" => &mut self.resources,
            "readOnly" => &mut self.read_only,
            "managementEvent" => &mut self.management_event,
            "recipientAccountId" => &mut self.recipient_account_id,
            "vpcEndpointId" => &mut self.vpc_endpoint_id,
            "sessionCredentialFromConsole" => &mut self.session_credential_from_console,
            _ => return None,
        })
    }

    /// The text of a field without which a record says nothing.
    ///
    /// # Errors
    /// Where it is absent, empty, or no text.
    pub fn required(value: Option<Json<'a>>, field: &'static str) -> Result<Text<'a>, DecodeError> {
        let value = value.ok_or(DecodeError::MissingField { field })?;
        let text = value.text().ok_or(DecodeError::WrongType { field, expected: "a string" })?;
        if text.is_empty() { Err(DecodeError::MissingField { field }) } else { Ok(text) }
    }

    /// Whether it belongs to this event type or this category.
    pub fn is_of(&self, event_type: &str, category: &str) -> bool {
        let says = |field: Option<Json<'a>>, word: &str| field.and_then(Json::text).is_some_and(|text| text == word);
        says(self.event_type, event_type) || says(self.event_category, category)
    }
}

fn explain(malformed: Malformed, record: &[u8], limit: usize) -> DecodeError {
    match malformed {
        Malformed::Utf8(offset) => DecodeError::NotUtf8 { offset },
        Malformed::Depth(depth) => DecodeError::TooDeep { depth, limit },
        Malformed::Syntax(offset) if offset >= record.len() => DecodeError::Truncated { bytes: record.len() },
        Malformed::Syntax(offset) => DecodeError::NotJson { offset, expected: "one JSON object" },
    }
}
