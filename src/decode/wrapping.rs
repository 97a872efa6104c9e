//! Tells whether an object that was read is no record but wraps one, or several: what connectors, message buses and log
//! shippers put around the logs that they carry.
//!
//! In: an object that was read. Out: which wrapping it is, and what it wraps, as it is written. Lists that may be long
//! (`Records`, `records`, `Events`, `items`, `value`, `logEvents`) are not read at all: `shape` knows them by their keys.
//!
//! | wrapping | told by | record in |
//! |---|---|---|
//! | Kafka Connect's JSON converter with schemas | `schema` and `payload` alone | `payload` |
//! | CloudEvents, structured (CloudEvents 1.0.2, JSON format) | `specversion` | `data`, `data_base64` |
//! | Pub/Sub push | `message.data` | `message.data`, base64 |
//! | a page of OpenAI's, Anthropic's or another REST interface | `data` is a list, and `has_more` or `object` | `data` |
//! | Pub/Sub as Splunk's add-on reads it | `data` is an object, and `publish_time` | `data` |
//! | Okta event hook | `eventType` is `com.okta.event_hook` | `data.events` |
//! | Splunk's HTTP event collector | `event` and `sourcetype` | `event` |
//! | what Splunk answers a search with | `result` with `_raw`, or JSON in `_raw` | there |
//! | a hit of Elasticsearch | `_source` and `_index` | `_source` |
//! | an event of CloudTrail's `LookupEvents` | `CloudTrailEvent` | there, JSON in text |
//! | another's event in CloudTrail Lake ("CloudTrail Lake integrations event schema") | `eventData` with an action | `eventData` |
//! | what CloudWatch Logs Insights answers with | an object, or JSON, in `@message` | there |
//! | Fluent Bit, Vector, Filebeat, Logstash, Pub/Sub by Connect | JSON in `message`, `log` or `event.original` | there |

use super::format::Format;
use super::json::Value;
use super::{Delivery, Envelope, ecs, named_scope, syslog};
use crate::event::Source;

/// What an object wraps.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrapped<'a> {
    pub envelope: Envelope,
    pub inner: Inner<'a>,
    /// The scope that it names for what lies within.
    pub scope: Option<String>,
}

/// What lies within, as it is written.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Inner<'a> {
    /// An object or a list.
    Json(&'a str),
    /// A string, without its quotation marks and with its escapes.
    Text(&'a str),
    /// Nothing (`null`).
    Nothing,
}

/// What an object wraps; none where it is a record. A line of JSON in a record of a log that is known is no wrapping,
/// but for ECS, in which shippers write; where ECS says the action too, its decoder reads both. Where the topic is pinned to a mapping of the configuration, nothing is one: the
/// mapping reads objects as they are.
pub(super) fn find<'a>(value: Value<'_, 'a>, format: Format, delivery: &Delivery<'_>) -> Option<Wrapped<'a>> {
    if !format.may_wrap || delivery.format == Some(Source::Generic) {
        return None;
    }
    let met = Met::of(value);
    let is_line = |_: &Wrapped<'a>| {
        delivery.format.is_some() || format.log.is_none_or(|log| log == Source::Ecs && !ecs::says_action(value))
    };
    met.explicit().or_else(|| met.shipped().filter(is_line))
}

/// The members that wrappings have.
#[derive(Default)]
struct Met<'t, 'a> {
    members: usize,
    schema: bool,
    payload: Option<Value<'t, 'a>>,
    spec_version: bool,
    data: Option<Value<'t, 'a>>,
    data_base64: Option<Value<'t, 'a>>,
    message: Option<Value<'t, 'a>>,
    log: Option<Value<'t, 'a>>,
    event: Option<Value<'t, 'a>>,
    event_type: Option<Value<'t, 'a>>,
    source: Option<Value<'t, 'a>>,
    source_type: bool,
    hit: Option<Value<'t, 'a>>,
    looked_up: Option<Value<'t, 'a>>,
    event_data: Option<Value<'t, 'a>>,
    result: Option<Value<'t, 'a>>,
    raw: Option<Value<'t, 'a>>,
    found_message: Option<Value<'t, 'a>>,
    found_group: Option<Value<'t, 'a>>,
    index: bool,
    page: bool,
    published: bool,
}

impl<'t, 'a> Met<'t, 'a> {
    /// The members of an object.
    fn of(value: Value<'t, 'a>) -> Met<'t, 'a> {
        let mut met = Met::default();
        for (key, value) in value.members() {
            met.members += 1;
            met.note(&key, value);
        }
        met
    }

    fn note(&mut self, key: &str, value: Value<'t, 'a>) {
        match key {
            "payload" => self.payload = Some(value),
            "data" => self.data = Some(value),
            "data_base64" => self.data_base64 = Some(value),
            "message" => self.message = Some(value),
            "log" => self.log = Some(value),
            "event" => self.event = Some(value),
            "_source" => self.hit = Some(value),
            "CloudTrailEvent" => self.looked_up = Some(value),
            "eventData" => self.event_data = Some(value),
            "result" => self.result = Some(value),
            "_raw" => self.raw = Some(value),
            "@message" => self.found_message = Some(value),
            "@log" => self.found_group = Some(value),
            "schema" => self.schema = true,
            "specversion" => self.spec_version = true,
            "eventType" => self.event_type = Some(value),
            "source" => self.source = Some(value),
            "sourcetype" => self.source_type = true,
            "_index" => self.index = true,
            "has_more" => self.page = true,
            "object" => self.page |= value.text().is_some_and(|text| text == "list"),
            "publish_time" => self.published = true,
            _ => {}
        }
    }

    /// Wrappings that say what they are.
    fn explicit(&self) -> Option<Wrapped<'a>> {
        let is_hook = || self.event_type.and_then(Value::text).is_some_and(|text| text == "com.okta.event_hook");
        if self.schema && self.members == 2 {
            return wrapped(Envelope::ConnectSchema, self.payload?);
        }
        if self.spec_version {
            return wrapped(Envelope::CloudEvents, self.data.or(self.data_base64)?);
        }
        if self.hit.is_some() && self.index {
            return wrapped(Envelope::ElasticHit, self.hit?);
        }
        if self.event.is_some() && self.source_type {
            return wrapped(Envelope::SplunkEvent, self.event?);
        }
        if let Some(data) = self.data
            && (self.page && data.is_array() || self.published && data.is_object())
        {
            return wrapped(if self.page { Envelope::Items } else { Envelope::PubSub }, data);
        }
        if self.data.is_some() && is_hook() {
            let scope = self.source.and_then(Value::text).and_then(|source| named_scope::of_hook(&source));
            return Some(Wrapped { scope, ..wrapped(Envelope::OktaHook, self.data?.member("events")?)? });
        }
        match self.message.and_then(|message| message.member("data")) {
            Some(data) => wrapped(Envelope::PubSub, data),
            None => self.answered(),
        }
    }

    /// What services answer with that are asked for logs.
    fn answered(&self) -> Option<Wrapped<'a>> {
        let is_action = |data: &Value<'_, '_>| ["eventName", "eventSource"].iter().all(|it| data.member(it).is_some());
        if let Some(event) = self.looked_up.filter(|event| event.is_filled() || event.is_object()) {
            return wrapped(Envelope::Shipper, event);
        }
        if let Some(data) = self.event_data.filter(is_action) {
            return wrapped(Envelope::Shipper, data);
        }
        let row = self.result.filter(|row| row.member("_raw").is_some_and(Value::is_text));
        row.and_then(|row| wrapped(Envelope::SplunkEvent, row))
    }

    /// A line that a log shipper carried.
    fn shipped(&self) -> Option<Wrapped<'a>> {
        let original = self.event.and_then(|event| event.member("original"));
        if let Some(line) = [original, self.log, self.message].into_iter().flatten().find(|value| holds_json(*value)) {
            return wrapped(Envelope::Shipper, line);
        }
        if let Some(line) = self.raw.filter(|value| holds_json(*value)) {
            return wrapped(Envelope::SplunkEvent, line);
        }
        let message = self.found_message.filter(|value| value.is_object() || holds_json(*value))?;
        let group = self.found_group.and_then(Value::text);
        let scope = group.and_then(|group| named_scope::of_found_group(&group));
        Some(Wrapped { scope, ..wrapped(Envelope::CloudwatchLogs, message)? })
    }
}

fn wrapped<'a>(envelope: Envelope, value: Value<'_, 'a>) -> Option<Wrapped<'a>> {
    let inner = match value.escaped_text() {
        Some(text) => Inner::Text(text),
        None if value.is_null() => Inner::Nothing,
        None if value.is_object() || value.is_array() => Inner::Json(value.as_written()),
        None => return None,
    };
    Some(Wrapped { envelope, inner, scope: None })
}

/// Whether a value is text that begins as an object or a list of objects does, as it is, behind syslog's header, or in base64.
fn holds_json(value: Value<'_, '_>) -> bool {
    let Some(text) = value.escaped_text() else { return false };
    let text = text.trim_start();
    let list = text.strip_prefix('[').is_some_and(|rest| rest.trim_start().starts_with('{'));
    list || text.starts_with('{')
        || syslog::header(text.as_bytes()) > 0
        || super::unpack::is_base64_of_json(text.as_bytes())
}
