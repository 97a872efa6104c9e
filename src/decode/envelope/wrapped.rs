//! The wrappings that hold a record elsewhere than in a list: EventBridge's `detail`, CloudWatch Logs' `message`.

use super::super::cloudtrail;
use super::super::json::{Fault, Member, next_member, skip_space, unescape, value_end};
use super::super::restart::Restart;
use super::super::{DecodeError, Decoded, IgnoreReason};
use super::Unwrapping;

impl Unwrapping<'_> {
    /// What an EventBridge event wraps. Events that neither say that they came through CloudTrail nor look like it are
    /// ignored: a bus carries much that is no audit.
    pub(super) fn detail(&mut self, detail: &[u8], wraps: usize, via_cloudtrail: bool) {
        if !via_cloudtrail && !cloudtrail::recognises(detail) {
            return self.emit(Decoded::Ignored(IgnoreReason::NotAudit));
        }
        if detail.first() != Some(&b'{') {
            return self.emit(Decoded::Dead(DecodeError::WrongType { field: "detail", expected: "an object" }));
        }
        let taken = self.deeper(wraps).and_then(|wraps| self.object(detail, 0, wraps, &mut Restart::default()));
        if let Err(error) = taken {
            self.emit(Decoded::Dead(error));
        }
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
            self.emit(Decoded::Dead(error));
        }
        Ok(end)
    }

    fn message(&mut self, message: Option<&[u8]>, wraps: usize, buffer: &mut Vec<u8>) -> Result<(), DecodeError> {
        const FIELD: &str = "logEvents[].message";
        let raw = match message {
            None => return Err(DecodeError::MissingField { field: FIELD }),
            Some([b'"', raw @ .., b'"']) => raw,
            Some(_) => return Err(DecodeError::WrongType { field: FIELD, expected: "a string" }),
        };
        unescape(raw, buffer)
            .map_err(|offset| DecodeError::NotJson { offset, expected: "an escape sequence of JSON" })?;
        self.text_bytes += buffer.len();
        if skip_space(buffer, 0) == buffer.len() {
            self.emit(Decoded::Ignored(IgnoreReason::Empty));
            return Ok(());
        }
        self.text(buffer, wraps, None)
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
