//! What a common schema (OCSF, ECS) kept of a CloudTrail record → the event that the record would have given, so that an identity
//! and its targets are the same whichever way a record came.
//!
//! In: the record's members, wherever the schema has them, and who did it, put together from where the schema has that. Request and
//! answer may be objects, or texts that hold one. Out: an event of the schema's source.

use super::super::Decoded;
use super::super::embedded::{Embedded, own_target, own_text};
use super::super::json::{Document, Value};
use super::actor::{self, UserIdentity};
use super::record::Record;
use super::session::Session;
use super::target::{self, Resource};
use super::{action, assemble, check_own, issued, outcome};
use crate::config::DecodeConfig;
use crate::event::{Event, Outcome, Source, Timestamp};

/// What was kept of a record.
pub struct Kept<'t, 'a> {
    /// Its members; who did it and the resources are not looked for there.
    pub record: Record<'t, 'a>,
    pub identity: UserIdentity<'t, 'a>,
    pub session: Session<'a>,
    pub resources: Vec<Resource<'a>>,
    pub time: Timestamp,
    /// Where the schema says how it ended.
    pub outcome: Option<Outcome>,
    /// The schema.
    pub source: Source,
}

impl<'a> Kept<'_, 'a> {
    /// Decodes it; `bytes` are those of the schema's record.
    pub fn decode(self, bytes: &[u8], config: &DecodeConfig) -> Decoded<'a> {
        check_own(&self.record)?;
        self.event(bytes, config)
    }

    fn event(self, bytes: &[u8], config: &DecodeConfig) -> Decoded<'a> {
        let matters = self.outcome.is_none() || self.issues();
        let Kept { record, identity, session, resources, time, outcome, source } = self;
        let request = embedded(record.request_parameters, config);
        let answer = embedded(record.response_elements.filter(|_| matters), config);
        let [of_request, of_answer] = [&request, &answer].map(|read| read.as_ref().map(Embedded::document));
        let told = Record {
            request_parameters: of_request.as_ref().map(Document::root).or(record.request_parameters),
            response_elements: of_answer.as_ref().map(Document::root).or(record.response_elements),
            ..record
        };
        let action = action(&record, &told)?;
        let actor = actor::of_identity(identity, session, record.source_ip_address);
        let targets = if request.is_some() {
            let targets =
                target::targets(resources.into_iter(), told.request_parameters, &action.service, config.max_targets);
            targets.into_iter().map(own_target).collect()
        } else {
            target::targets(resources.into_iter(), record.request_parameters, &action.service, config.max_targets)
        };
        let issued = match answer {
            Some(_) => issued::issued(&told).into_iter().map(own_text).collect(),
            None => issued::issued(&record),
        };
        let outcome = outcome.unwrap_or_else(|| outcome::outcome(&told));
        Ok(Event { source, outcome, ..assemble(bytes, &record, time, action, actor, (targets, issued)) })
    }

    /// Whether the answer's text may name a credential that was issued.
    fn issues(&self) -> bool {
        let text = self.record.response_elements.map(Value::as_written).unwrap_or_default();
        memchr::memmem::find(text.as_bytes(), b"accessKeyId").is_some()
    }
}

/// What a text holds that may be an object.
fn embedded(value: Option<Value<'_, '_>>, config: &DecodeConfig) -> Option<Embedded> {
    let value =
        value.filter(|value| value.escaped_text().is_some_and(|text| text.trim_ascii_start().starts_with('{')))?;
    Embedded::of(value, config.max_depth)
}
