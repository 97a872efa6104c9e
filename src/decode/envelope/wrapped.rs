//! The wrappings that hold a record elsewhere than in a list: EventBridge's `detail`, CloudWatch Logs' `message`.

use super::super::json::{Fault, Member, next_member, skip_space, string_end, unescape, value_end};
use super::super::record::{log_of, read};
use super::super::restart::Restart;
use super::super::wrapping::{Inner, Wrapped};
use super::super::{DecodeError, Envelope, IgnoreReason, NoEvent};
use super::super::{cloudtrail, format};
use super::Unwrapping;
use crate::event::Source;

impl Unwrapping<'_> {
    /// What an EventBridge event wraps. Events that neither say that they came through CloudTrail nor look like it are
    /// ignored: a bus carries much that is no audit.
    pub(super) fn detail(&mut self, detail: &[u8], wraps: usize, via_cloudtrail: bool) {
        if !via_cloudtrail && !cloudtrail::recognises(detail) && !self.is_known(detail) {
            return self.emit(Err(NoEvent::Ignored(IgnoreReason::NotAudit)));
        }
        if detail.first() != Some(&b'{') {
            let error = DecodeError::WrongType { field: "detail", expected: "an object" };
            return self.emit_of(Some(Source::AwsCloudtrail), Err(NoEvent::Dead(error)));
        }
        let taken = self.deeper(wraps).and_then(|wraps| self.object(detail, 0, wraps, &mut Restart::default()));
        if let Err(error) = taken {
            self.emit(Err(NoEvent::Dead(error)));
        }
    }

    /// Whether an object is a record of a log that is known, or that a mapping of the configuration describes: partners of the bus send
    /// theirs (Okta, Stripe).
    fn is_known(&mut self, object: &[u8]) -> bool {
        let mut tape = std::mem::take(self.tape);
        let document = read(object, self.config, &mut tape);
        let known =
            document.is_ok_and(|document| log_of(document.root(), format::of(document.root()), self.config).is_some());
        *self.tape = tape;
        known
    }

    /// One log event of CloudWatch Logs: its `message` is a text of its own.
    pub(super) fn log_event(
        &mut self,
        text: &[u8],
        open: usize,
        wraps: usize,
        restart: &mut Restart,
    ) -> Result<usize, DecodeError> {
        restart.learn(text, open);
        let (message, end) = match message_of(text, open) {
            Ok(found) => found,
            Err(fault) => return self.damaged(text, open, fault, restart),
        };
        let mut buffer = self.take_buffer();
        let taken = self.message(message, wraps, &mut buffer);
        self.give_back(buffer);
        if let Err(error) = taken {
            self.emit(Err(NoEvent::Dead(error)));
        }
        Ok(end)
    }

    fn message(&mut self, message: Option<&[u8]>, wraps: usize, buffer: &mut Vec<u8>) -> Result<(), DecodeError> {
        const FIELD: &str = "logEvents[].message";
        match message {
            None => Err(DecodeError::MissingField { field: FIELD }),
            Some([b'"', raw @ .., b'"']) => self.escaped(raw, wraps, buffer),
            Some(_) => Err(DecodeError::WrongType { field: FIELD, expected: "a string" }),
        }
    }

    /// A text that is written as a JSON string: what is in it may be packed.
    fn escaped(&mut self, raw: &[u8], wraps: usize, buffer: &mut Vec<u8>) -> Result<(), DecodeError> {
        unescape(raw, buffer)
            .map_err(|offset| DecodeError::NotJson { offset, expected: "an escape sequence of JSON" })?;
        self.text_bytes += buffer.len();
        if skip_space(buffer, 0) == buffer.len() {
            self.emit(Err(NoEvent::Ignored(IgnoreReason::Empty)));
            return Ok(());
        }
        self.payload(buffer, wraps, None)
    }

    /// A string where a record should be: the record is written in it. Returns the place behind it.
    pub(super) fn string(&mut self, text: &[u8], at: usize, wraps: usize) -> Result<usize, DecodeError> {
        let Ok(end) = string_end(text, at) else { return Err(DecodeError::Truncated { bytes: text.len() }) };
        self.mark(Envelope::JsonString);
        let mut buffer = self.take_buffer();
        let taken = self.deeper(wraps).and_then(|wraps| self.escaped(&text[at + 1..end - 1], wraps, &mut buffer));
        self.give_back(buffer);
        if let Err(error) = taken {
            self.emit(Err(NoEvent::Dead(error)));
        }
        Ok(end)
    }

    /// What an object wraps.
    pub(super) fn unwrap(&mut self, Wrapped { envelope, inner, scope }: Wrapped<'_>, wraps: usize) {
        self.mark(envelope);
        let mut buffer = self.take_buffer();
        let mut within = |it: &mut Self, wraps| match inner {
            Inner::Nothing => {
                it.emit(Err(NoEvent::Ignored(IgnoreReason::Tombstone)));
                Ok(())
            }
            Inner::Text(raw) => it.escaped(raw.as_bytes(), wraps, &mut buffer),
            Inner::Json(json) => it.value(json.as_bytes(), 0, wraps, &mut Restart::default()).map(drop),
        };
        let taken = self.deeper(wraps).and_then(|wraps| self.in_scope(scope, |it| within(it, wraps)));
        self.give_back(buffer);
        if let Err(error) = taken {
            self.emit(Err(NoEvent::Dead(error)));
        }
    }
}

/// The value of `message` of the object at `open`, as it is written, and the place behind the object.
fn message_of(text: &[u8], open: usize) -> Result<(Option<&[u8]>, usize), Fault> {
    let mut message = None;
    let mut member = next_member(text, open + 1, true)?;
    loop {
        let (key, value) = match member {
            Member::Value(key, value) => (key, value),
            Member::Close(end) => return Ok((message, end)),
        };
        let end = value_end(text, value)?.end;
        if key == b"message" {
            message = Some(&text[value..end]);
        }
        member = next_member(text, end, false)?;
    }
}
