//! Tells what an object is by its own keys: a wrapping that is known, or else a record.
//!
//! In: an object's place in JSON text. Out: its [`Shape`], with the places of what it wraps. Values are skipped, not read; the
//! rest of the text is not looked at. A wrapping of many records is known by its list's key and is not skipped over, so
//! that the records are walked once only, and those before a damage are found.

use std::ops::Range;

use super::json::{Fault, Member, Span, next_member, skip_space, value_end};
use super::named_scope;

/// What an object is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// No wrapping that is known: a record.
    Record(Span),
    /// `{"Records":[…]}`, `{"records":[…]}`, or `{"Events":[…]}` of CloudTrail's `LookupEvents`: the place of the list.
    Records(usize),
    /// `{"items":[…]}`, or `{"value":[…]}` of a page of Microsoft's, `{"decoratedAuditLogEntries":[…]}` of Azure DevOps, the lists of
    /// OpenTelemetry's logs: the place of the list.
    Items(usize),
    /// A CloudWatch Logs subscription message.
    LogEvents {
        /// The place of the list `logEvents`.
        list: usize,
        /// The scope that its log group names.
        scope: Option<String>,
    },
    /// CloudWatch Logs' message that a subscription works.
    ControlMessage(Span),
    /// An EventBridge event.
    EventBridge {
        /// The extent of the whole.
        span: Span,
        /// The extent of `detail`.
        detail: Range<usize>,
        /// Whether `detail-type` says that `detail` came through CloudTrail.
        via_cloudtrail: bool,
        /// The scope that `source` names.
        scope: Option<String>,
    },
    /// A CloudTrail digest file.
    Digest(Span),
}

/// The members that were met.
#[derive(Default)]
struct Met<'t> {
    detail_type: Option<&'t [u8]>,
    detail: Option<Range<usize>>,
    source: Option<&'t [u8]>,
    message_type: Option<&'t [u8]>,
    owner: Option<&'t [u8]>,
    log_group: Option<&'t [u8]>,
    log_events: Option<usize>,
    digest: bool,
    members: usize,
    /// `value`, where it is a list of objects.
    values: Option<usize>,
    /// A page's member that is no record's: `@odata.context`, `nextLink` …
    page: bool,
}

/// Tells what the object at `open` is.
pub(super) fn look(text: &[u8], open: usize) -> Result<Shape, Fault> {
    let mut met = Met::default();
    let mut depth = 0;
    let mut member = next_member(text, open + 1, true)?;
    loop {
        let (key, value) = match member {
            Member::Value(key, value) => (key, value),
            Member::Close(end) => return Ok(met.shape(Span { end, depth: depth + 1 })),
        };
        if let Some(list) = list_to_walk(key, text, value, &met) {
            return Ok(list);
        }
        let span = value_end(text, value)?;
        depth = depth.max(span.depth);
        met.note(key, text, value..span.end);
        member = next_member(text, span.end, false)?;
    }
}

/// The lists of records that are walked in place.
fn list_to_walk(key: &[u8], text: &[u8], value: usize, met: &Met<'_>) -> Option<Shape> {
    if text.get(value) != Some(&b'[') {
        return None;
    }
    match key {
        b"Records" | b"records" => Some(Shape::Records(value)),
        b"items" | b"decoratedAuditLogEntries" | b"resourceLogs" | b"scopeLogs" | b"logRecords" => {
            Some(Shape::Items(value))
        }
        b"Events" if is_looked_up(text, value) => Some(Shape::Records(value)),
        b"value" if met.page => Some(Shape::Items(value)),
        b"logEvents" if met.message_type == Some(b"DATA_MESSAGE") => Some(met.log_events(value)),
        _ => None,
    }
}

/// Whether the first of a list is an event as CloudTrail's `LookupEvents` answers with; a list without any may be one of such.
fn is_looked_up(text: &[u8], list: usize) -> bool {
    let open = skip_space(text, list + 1);
    if text.get(open) != Some(&b'{') {
        return text.get(open) == Some(&b']');
    }
    let mut member = next_member(text, open + 1, true);
    while let Ok(Member::Value(key, value)) = member {
        if key == b"CloudTrailEvent" {
            return true;
        }
        let Ok(span) = value_end(text, value) else { return false };
        member = next_member(text, span.end, false);
    }
    false
}

/// Whether a list begins with an object.
fn lists_objects(list: &[u8]) -> bool {
    list.first() == Some(&b'[') && list.get(skip_space(list, 1)) == Some(&b'{')
}

impl<'t> Met<'t> {
    fn note(&mut self, key: &[u8], text: &'t [u8], value: Range<usize>) {
        self.members += 1;
        match key {
            b"detail-type" => self.detail_type = Some(unquoted(&text[value])),
            b"detail" => self.detail = Some(value),
            b"source" => self.source = Some(unquoted(&text[value])),
            b"owner" => self.owner = Some(unquoted(&text[value])),
            b"logGroup" => self.log_group = Some(unquoted(&text[value])),
            b"messageType" => self.message_type = Some(unquoted(&text[value])),
            b"logEvents" if text[value.start] == b'[' => self.log_events = Some(value.start),
            b"digestS3Bucket" => self.digest = true,
            b"value" if lists_objects(&text[value.clone()]) => self.values = Some(value.start),
            b"nextLink" => self.page = true,
            _ => self.page |= key.starts_with(b"@odata."),
        }
    }

    fn log_events(&self, list: usize) -> Shape {
        Shape::LogEvents { list, scope: self.log_group.and_then(|group| named_scope::of_log_group(group, self.owner)) }
    }

    fn shape(self, span: Span) -> Shape {
        if let (Some(kind), Some(detail)) = (self.detail_type, self.detail.clone()) {
            let scope = self.source.and_then(named_scope::of_partner);
            return Shape::EventBridge { span, detail, via_cloudtrail: kind.ends_with(b" via CloudTrail"), scope };
        }
        match (self.message_type, self.log_events) {
            (Some(b"CONTROL_MESSAGE"), _) => Shape::ControlMessage(span),
            (Some(b"DATA_MESSAGE"), Some(list)) => self.log_events(list),
            _ if self.digest => Shape::Digest(span),
            _ => match self.values.filter(|_| self.page || self.members == 1) {
                Some(list) => Shape::Items(list),
                None => Shape::Record(span),
            },
        }
    }
}

/// A string's text between its quotation marks; anything else unchanged.
fn unquoted(value: &[u8]) -> &[u8] {
    value.strip_prefix(b"\"").and_then(|value| value.strip_suffix(b"\"")).unwrap_or(value)
}
