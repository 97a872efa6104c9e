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
//! | Azure Event Grid, in its own schema | `data` and `dataVersion` | `data` |
//! | Pub/Sub push | `message.data` | `message.data`, base64 |
//! | a page of OpenAI's, Anthropic's or another REST interface | `data` is a list, and `has_more` or `object` | `data` |
//! | Pub/Sub as Splunk's add-on reads it | `data` is an object, and `publish_time` | `data` |
//! | Okta event hook | `eventType` is `com.okta.event_hook` | `data.events` |
//! | Splunk's HTTP event collector | `event` and `sourcetype` | `event` |
//! | what Splunk answers a search with | `result` with `_raw`, or JSON in `_raw` | there |
//! | Wazuh, its events and its alerts | `integration`, itself or in `data` | the member that it names |
//! | a hit of Elasticsearch | `_source` and `_index` | `_source` |
//! | an event of CloudTrail's `LookupEvents` | `CloudTrailEvent` | there, JSON in text |
//! | another's event in CloudTrail Lake ("CloudTrail Lake integrations event schema") | `eventData` with an action | `eventData` |
//! | what CloudWatch Logs Insights answers with | an object, or JSON, in `@message` | there |
//! | whatever else carries logs (notifications, queues, archives of Datadog, GELF, RunReveal, LimaCharlie, Defender's stream …) | a record of a log that is known, or that a mapping describes, in a member or in a member's member | there |
//! | Fluent Bit, Vector, Filebeat, Logstash, Pub/Sub by Connect | JSON in `message`, `log` or `event.original` | there |

use super::embedded::Embedded;
use super::format::{self, Format};
use super::json::Value;
use super::known::{Known, key};
use super::{Delivery, Envelope, azure, ecs, generic, named_scope, syslog, unpack};
use crate::config::DecodeConfig;
use crate::event::{Source, Text};

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
pub(super) fn find<'a>(known: &Known<'_, 'a>, format: Format, delivery: &Delivery<'_>) -> Option<Wrapped<'a>> {
    if !format.may_wrap || delivery.format == Some(Source::Generic) {
        return None;
    }
    let is_line = |_: &Wrapped<'a>| {
        delivery.format.is_some() || format.log.is_none_or(|log| log == Source::Ecs && !ecs::says_action(known))
    };
    explicit(known).or_else(|| shipped(known).filter(is_line))
}

/// Wrappings that say what they are.
fn explicit<'a>(known: &Known<'_, 'a>) -> Option<Wrapped<'a>> {
    let data = known.get(const { key("data") });
    if known.has(const { key("schema") }) && known.value.members().count() == 2 {
        return wrapped(Envelope::ConnectSchema, known.get(const { key("payload") })?);
    }
    if known.has(const { key("specversion") }) && !azure::is_of_grid(known) {
        return wrapped(Envelope::CloudEvents, data.or(known.get(const { key("data_base64") }))?);
    }
    let hit = known.get(const { key("_source") }).filter(|_| known.has(const { key("_index") }));
    if let Some(hit) = hit {
        return wrapped(Envelope::ElasticHit, hit);
    }
    if known.has(const { key("integration") }) {
        return wrapped(Envelope::Shipper, integrated(known.value)?);
    }
    let event = known.get(const { key("event") }).filter(|_| known.has(const { key("sourcetype") }));
    if let Some(event) = event {
        return wrapped(Envelope::SplunkEvent, event);
    }
    if let Some(data) = data
        && let Some(wrapped) = of_data(known, data)
    {
        return wrapped;
    }
    match known.get(const { key("message") }).and_then(|message| message.member("data")) {
        Some(data) => wrapped(Envelope::PubSub, data),
        None => answered(known),
    }
}

/// What wraps something as its `data`; none where it is another wrapping, or a record.
fn of_data<'a>(known: &Known<'_, 'a>, data: Value<'_, 'a>) -> Option<Option<Wrapped<'a>>> {
    let says = |key| known.get(key).and_then(Value::text);
    let is_page =
        || known.has(const { key("has_more") }) || says(const { key("object") }).is_some_and(|object| object == "list");
    if data.is_array() && is_page() {
        return Some(wrapped(Envelope::Items, data));
    }
    if data.is_object() && known.value.member("dataVersion").is_some() && !azure::is_of_grid(known) {
        return Some(wrapped(Envelope::CloudEvents, data));
    }
    if let Some(event) = integrated(data) {
        return Some(wrapped(Envelope::Shipper, event));
    }
    if data.is_object() && known.has(const { key("publish_time") }) {
        return Some(wrapped(Envelope::PubSub, data));
    }
    says(const { key("eventType") }).filter(|class| class == "com.okta.event_hook")?;
    let scope = says(const { key("source") }).and_then(|source| named_scope::of_hook(&source));
    let events = data.member("events").and_then(|events| wrapped(Envelope::OktaHook, events));
    Some(events.map(|wrapped| Wrapped { scope, ..wrapped }))
}

/// What an object carries that is of no log that is known: a record of one that is, or that a mapping describes, in a member or in a
/// member's member, as it is or as text; or a list of such (`entries` of Google's Logging, `hits` of Elasticsearch).
pub(super) fn carried<'a>(value: Value<'_, 'a>, config: &DecodeConfig) -> Option<Wrapped<'a>> {
    const MEMBERS: usize = 64;
    let record = |(_, member): (Text<'a>, Value<'_, 'a>)| {
        let is_record = if member.is_object() {
            is_of_log(member, config)
        } else if member.is_array() {
            lists_of_log(member, config)
        } else {
            is_text_of_log(member, config)
        };
        is_record.then(|| wrapped(Envelope::Shipper, member)).flatten()
    };
    let own = value.members().take(MEMBERS).find_map(record);
    own.or_else(|| value.members().take(MEMBERS).flat_map(|(_, it)| it.members().take(MEMBERS)).find_map(record))
}

/// Whether a value is text that holds a record of a log that is known, or a list of records; in base64, too.
fn is_text_of_log(value: Value<'_, '_>, config: &DecodeConfig) -> bool {
    let packed = value.escaped_text().filter(|text| unpack::is_base64_of_json(text.as_bytes()));
    if value.escaped_text().is_some_and(|text| unpack::is_base64_of_packed(text.as_bytes())) {
        return true;
    }
    let embedded = match packed {
        Some(text) => unpacked(text).and_then(|text| Embedded::read(text, config.max_depth)),
        None => Embedded::of(value, config.max_depth),
    };
    embedded.is_some_and(|embedded| is_of_log(embedded.document().root(), config))
}

/// Whether an object is a record of a log that is known, or a list of records.
fn is_of_log(value: Value<'_, '_>, config: &DecodeConfig) -> bool {
    let lists = || ["records", "Records"].iter().any(|name| value.member(name).is_some_and(Value::is_array));
    format::of(value).is_some() || lists() || generic::describes(value, config)
}

/// Whether a member, or a member's member, is a record or holds one as text.
fn holds_record(value: Value<'_, '_>, config: &DecodeConfig) -> bool {
    const MEMBERS: usize = 16;
    let is_record = |value: Value<'_, '_>| match value.is_object() {
        true => is_of_log(value, config),
        false => is_text_of_log(value, config),
    };
    is_record(value) || value.members().take(MEMBERS).any(|(_, it)| is_record(it))
}

/// Whether the first of a list is a record, or carries one: what a search hits, what an interface for messages answers with.
fn lists_of_log(list: Value<'_, '_>, config: &DecodeConfig) -> bool {
    let first = list.items().next().filter(|first| first.is_object());
    first.is_some_and(|first| is_of_log(first, config) || first.members().any(|(_, it)| holds_record(it, config)))
}

fn unpacked(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    unpack::unpack(unpack::Packing::Base64, text.as_bytes(), text.len(), &mut bytes).ok()?;
    String::from_utf8(bytes).ok()
}

/// The event that a module of Wazuh collected: `{"integration":"gcp","gcp":{…}}`.
fn integrated<'t, 'a>(value: Value<'t, 'a>) -> Option<Value<'t, 'a>> {
    let name = value.member("integration")?.filled()?;
    value.member(&name).filter(|event| event.is_object())
}

/// What services answer with that are asked for logs.
fn answered<'a>(known: &Known<'_, 'a>) -> Option<Wrapped<'a>> {
    let is_action = |data: &Value<'_, '_>| ["eventName", "eventSource"].iter().all(|it| data.member(it).is_some());
    let looked_up = known.get(const { key("CloudTrailEvent") });
    if let Some(event) = looked_up.filter(|event| event.is_filled() || event.is_object()) {
        return wrapped(Envelope::Shipper, event);
    }
    if let Some(data) = known.get(const { key("eventData") }).filter(is_action) {
        return wrapped(Envelope::Shipper, data);
    }
    let is_row = |row: &Value<'_, '_>| row.member("_raw").is_some_and(Value::is_text);
    let row = known.get(const { key("result") }).filter(is_row);
    row.and_then(|row| wrapped(Envelope::SplunkEvent, row))
}

/// A line that a log shipper carried.
fn shipped<'a>(known: &Known<'_, 'a>) -> Option<Wrapped<'a>> {
    let original = known.get(const { key("event") }).and_then(|event| event.member("original"));
    let [log, message] = const { [key("log"), key("message")] }.map(|key| known.get(key));
    if let Some(line) = [original, log, message].into_iter().flatten().find(|value| holds_json(*value)) {
        return wrapped(Envelope::Shipper, line);
    }
    if let Some(line) = known.get(const { key("_raw") }).filter(|value| holds_json(*value)) {
        return wrapped(Envelope::SplunkEvent, line);
    }
    let message = known.get(const { key("@message") }).filter(|value| value.is_object() || holds_json(*value))?;
    let group = known.get(const { key("@log") }).and_then(Value::text);
    let scope = group.and_then(|group| named_scope::of_found_group(&group));
    Some(Wrapped { scope, ..wrapped(Envelope::CloudwatchLogs, message)? })
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
    list || text.starts_with('{') || syslog::header(text.as_bytes()) > 0 || unpack::is_base64_of_json(text.as_bytes())
}
