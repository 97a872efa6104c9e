//! Takes a message apart: every wrapping that is known is taken off, and each record within is decoded.
//!
//! In: the bytes of a message. Out: for each record, in order, its index and what became of it. The wrappings: gzip, zstd,
//! base64 of either, a schema registry's prefix, a byte-order mark; objects one after another with or without newlines;
//! lists; `{"Records":[…]}`; EventBridge events; CloudWatch Logs subscription messages; strings; all that `wrapping` knows. They may be nested in any
//! order, to a depth that is configured.
//!
//! A damaged record costs itself only: its end is found by its braces, by the line that follows, or by the next place
//! that begins as the records before it do. What cannot be cut any further is one dead letter. Every byte is walked a
//! bounded number of times, whatever it says.

mod damage;
mod wrapped;

use std::ops::Range;

use super::azure;
use super::json::{Extent, Tape, is_member, skip_space, stray, stray_end};
use super::known::{Found, Known};
use super::record::{decode_as, decode_record, log_of};
use super::restart::Restart;
use super::shape::{Shape, look};
use super::syslog;
use super::unpack::{Packing, behind_schema_prefix, packing, unpack, without_marks};
use super::wrapping::{self, Wrapped};
use super::{DecodeError, Decoded, Delivery, Envelope, IgnoreReason, NoEvent, RecordInfo, format, generic, text};
use crate::config::DecodeConfig;
use crate::event::Source;

/// Memory of a buffer that is kept for the next message, in bytes.
const KEPT_BUFFER_BYTES: usize = 3 << 20;

/// One message on its way to its records.
///
/// Its methods take a text, a place in it and how many wrappings were taken off (`wraps`), and return the place behind
/// what they took; an error is the end of what can be cut of that text.
pub(super) struct Unwrapping<'m> {
    pub config: &'m DecodeConfig,
    pub delivery: Delivery<'m>,
    /// Buffers that are not in use.
    pub buffers: &'m mut Vec<Vec<u8>>,
    /// Notes on the record at hand.
    pub tape: &'m mut Tape,
    /// Who takes the records.
    pub each: &'m mut dyn FnMut(RecordInfo, Decoded<'_>),
    /// The index of the next record.
    pub next_index: u32,
    /// The outermost wrapping of JSON.
    pub envelope: Option<Envelope>,
    /// The scope of the records, where a wrapping names it.
    pub named_scope: Option<String>,
    /// Bytes of all texts that are walked: the message, and what was unpacked from it.
    pub text_bytes: usize,
    /// Bytes that were unpacked, all layers together.
    pub unpacked_bytes: usize,
    /// Bytes that were walked in search of the ends of damaged records.
    pub damage_bytes: usize,
}

impl Unwrapping<'_> {
    /// Takes apart what may be packed, or is text. `damage` is what happened to the packing around it.
    pub fn payload(&mut self, payload: &[u8], wraps: usize, damage: Option<DecodeError>) -> Result<(), DecodeError> {
        let payload = without_marks(payload);
        if let Some(behind) = behind_schema_prefix(payload) {
            return self.payload(behind, self.deeper(wraps)?, damage);
        }
        match packing(payload) {
            Some(packing) => self.packed(packing, payload, self.deeper(wraps)?, damage),
            None => match self.mended(payload) {
                Some(mended) => self.text(&mended, wraps, damage),
                None => self.text(payload, wraps, damage),
            },
        }
    }

    /// A text of Azure's that is no JSON, as JSON, where the configuration asks for it.
    fn mended(&mut self, text: &[u8]) -> Option<Vec<u8>> {
        let mended = self.config.azure_lenient_json.then(|| azure::sanitise(text)).flatten()?;
        self.mark(Envelope::MendedAzure);
        self.text_bytes += mended.len();
        Some(mended)
    }

    /// Hands on what became of something that nobody knows the log of.
    pub fn emit(&mut self, decoded: Decoded<'_>) {
        self.emit_of(None, decoded);
    }

    /// Hands on what became of a record of a log.
    pub fn emit_of(&mut self, log: Option<Source>, decoded: Decoded<'_>) {
        if let Some(info) = self.admit(log.or(self.delivery.format), None) {
            (self.each)(info, decoded);
        }
    }

    /// Counts a record, of this log or, where it is within the limit, of what its event says that it is. Beyond the configured
    /// number of records there is one dead letter more, and none of them is handed on.
    fn admit(&mut self, log: Option<Source>, of_event: Option<Source>) -> Option<RecordInfo> {
        if self.is_full() {
            return None;
        }
        let (index, limit) = (self.next_index, self.config.max_records);
        self.next_index += 1;
        if index as usize >= limit {
            (self.each)(RecordInfo { index, source: log }, Err(NoEvent::Dead(DecodeError::TooManyRecords { limit })));
            return None;
        }
        Some(RecordInfo { index, source: of_event.or(log) })
    }

    fn packed(
        &mut self,
        packing: Packing,
        payload: &[u8],
        wraps: usize,
        damage: Option<DecodeError>,
    ) -> Result<(), DecodeError> {
        let limit = self.config.max_unpacked_bytes;
        let mut buffer = self.take_buffer();
        let result = match unpack(packing, payload, limit.saturating_sub(self.unpacked_bytes), &mut buffer) {
            Err(DecodeError::UnpackedTooLarge { .. }) => Err(DecodeError::UnpackedTooLarge { limit }),
            Err(error) if buffer.is_empty() => Err(error),
            unpacked => {
                self.unpacked_bytes += buffer.len();
                self.text_bytes += buffer.len();
                self.payload(&buffer, wraps, unpacked.err().or(damage))
            }
        };
        self.give_back(buffer);
        result
    }

    fn take_buffer(&mut self) -> Vec<u8> {
        self.buffers.pop().unwrap_or_default()
    }

    fn give_back(&mut self, mut buffer: Vec<u8>) {
        buffer.clear();
        buffer.shrink_to(KEPT_BUFFER_BYTES);
        self.buffers.push(buffer);
    }

    /// Takes apart a text: values one after another.
    fn text(&mut self, text: &[u8], wraps: usize, damage: Option<DecodeError>) -> Result<(), DecodeError> {
        let before = self.next_index;
        let mut restart = Restart::default();
        let mut at = skip_space(text, 0);
        while at < text.len() && !self.is_full() {
            if text[at] != b'{' {
                at += syslog::header(&text[at..]);
            }
            let taken = match text[at] {
                b'{' | b'[' => self.value(text, at, wraps, &mut restart),
                b'"' if holds_record(text, at) => self.string(text, at, wraps),
                _ => self.stray_line(text, at, before),
            };
            match taken {
                Ok(end) => at = skip_space(text, end),
                Err(error) => return self.give_up(before, damage.unwrap_or(error)),
            }
            if at < text.len() && self.envelope.is_none_or(|envelope| envelope == Envelope::Single) {
                self.envelope = Some(Envelope::Sequence);
            }
        }
        damage.map_or(Ok(()), |damage| self.give_up(before, damage))
    }

    /// Ends a text that cannot be cut any further: an error where nothing of it was read, else one more dead letter.
    fn give_up(&mut self, before: u32, error: DecodeError) -> Result<(), DecodeError> {
        if self.next_index == before {
            return Err(error);
        }
        self.emit(Err(NoEvent::Dead(error)));
        Ok(())
    }

    /// A line that begins with nothing that a record may begin with.
    fn stray_line(&mut self, text: &[u8], at: usize, before: u32) -> Result<usize, DecodeError> {
        let end = memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |length| at + length);
        let error = stray(text, at);
        if end == text.len() && self.next_index == before {
            return Err(error);
        }
        self.emit(Err(NoEvent::Dead(error)));
        Ok(end)
    }

    fn value(&mut self, text: &[u8], at: usize, wraps: usize, restart: &mut Restart) -> Result<usize, DecodeError> {
        match text[at] {
            b'[' => self.list(text, at, wraps, Envelope::Array),
            _ => self.object(text, at, wraps, restart),
        }
    }

    /// A list of records or wrappings; of CloudWatch's log events where `envelope` is that.
    fn list(&mut self, text: &[u8], open: usize, wraps: usize, envelope: Envelope) -> Result<usize, DecodeError> {
        self.mark(envelope);
        let wraps = match self.deeper(wraps) {
            Ok(wraps) => wraps,
            Err(error) => return self.skipped_list(text, open, error),
        };
        let mut at = skip_space(text, open + 1);
        if is_member(text, at) {
            let error =
                DecodeError::NotJson { offset: at, expected: "an element of a list, not a member of an object" };
            return self.skipped_list(text, open, error);
        }
        let mut restart = Restart::default();
        while !self.is_full() {
            at = match text.get(at) {
                None => return Err(DecodeError::Truncated { bytes: text.len() }),
                Some(b']') => return Ok(at + 1),
                Some(b',') => at + 1,
                Some(b'{') if envelope == Envelope::CloudwatchLogs => self.log_event(text, at, wraps, &mut restart)?,
                Some(b'{' | b'[') => self.value(text, at, wraps, &mut restart)?,
                Some(_) => {
                    self.emit(Err(NoEvent::Dead(stray(text, at))));
                    stray_end(text, at).min(restart.find(text, at))
                }
            };
            at = skip_space(text, at);
        }
        Ok(text.len())
    }

    fn object(&mut self, text: &[u8], open: usize, wraps: usize, restart: &mut Restart) -> Result<usize, DecodeError> {
        restart.learn(text, open);
        if let Some(end) = self.record(text, open, wraps, restart) {
            return Ok(end);
        }
        let shape = match look(text, open) {
            Ok(shape) => shape,
            Err(fault) => return self.damaged(text, open, fault, restart),
        };
        match shape {
            Shape::Record(span) => {
                let mut tape = std::mem::take(self.tape);
                let record = &text[open..span.end];
                let (log, read) = decode_record(record, span.depth, &self.scoped(), self.config, &mut tape);
                let end = self.take(text, open..span.end, log, read, restart);
                *self.tape = tape;
                Ok(end)
            }
            Shape::Records(list) => {
                let end = self.list(text, list, wraps, Envelope::Records)?;
                self.rest_of_object(text, end, restart)
            }
            Shape::Items(list) => {
                let end = self.list(text, list, wraps, Envelope::Items)?;
                self.rest_of_object(text, end, restart)
            }
            Shape::LogEvents { list, scope } => {
                let end = self.in_scope(scope, |it| it.list(text, list, wraps, Envelope::CloudwatchLogs))?;
                self.rest_of_object(text, end, restart)
            }
            Shape::EventBridge { span, detail, via_cloudtrail, scope } => {
                self.mark(Envelope::EventBridge);
                self.in_scope(scope, |it| it.detail(&text[detail], wraps, via_cloudtrail));
                Ok(span.end)
            }
            Shape::ControlMessage(span) => {
                self.mark(Envelope::CloudwatchLogs);
                self.emit(Err(NoEvent::Ignored(IgnoreReason::ControlMessage)));
                Ok(span.end)
            }
            Shape::Digest(span) => {
                self.mark(Envelope::Single);
                self.emit_of(Some(Source::AwsCloudtrail), Err(NoEvent::Ignored(IgnoreReason::Digest)));
                Ok(span.end)
            }
        }
    }

    /// The common case, for which one pass is enough: an undamaged object within the limits that is a record, or wraps
    /// what is not a long list. None where it is anything else.
    fn record(&mut self, text: &[u8], open: usize, wraps: usize, restart: &mut Restart) -> Option<usize> {
        let rest = &text[open..];
        let within = &rest[..rest.len().min(self.config.max_record_bytes)];
        let mut tape = std::mem::take(self.tape);
        let mut found = Found::nothing();
        let meets = |key: &[u8], place| found.note(key, place);
        let content = match tape.read(within, self.config.max_depth, meets) {
            Ok(Extent::Whole(length)) => tape.document(&rest[..length]).ok().map(|document| {
                let known = Known { value: document.root(), found: &found };
                self.content(text, open..open + length, &known, restart)
            }),
            _ => None,
        };
        *self.tape = tape;
        let (end, wrapped) = content?;
        if let Some(wrapped) = wrapped {
            self.unwrap(wrapped, wraps);
        }
        Some(end)
    }

    /// What an object is is found once, for wrapping and record. A record is decoded and handed on here, as events are large
    /// and moving them costs. Returns where it ends, and what it wraps where it is a wrapping.
    fn content<'r>(
        &mut self,
        text: &'r [u8],
        at: Range<usize>,
        known: &Known<'_, 'r>,
        restart: &mut Restart,
    ) -> (usize, Option<Wrapped<'r>>) {
        let (value, format) = (known.value, format::look(known));
        // What a mapping of the configuration describes as it is, it reads as it is.
        let may_be_described = format.may_wrap && format.log.is_none() && self.delivery.format.is_none();
        let is_described = may_be_described && generic::describes(value, self.config);
        let wrapped = (!is_described).then(|| wrapping::find(known, format, &self.delivery)).flatten();
        if wrapped.is_some() {
            return (at.end, wrapped);
        }
        let log = log_of(value, self.delivery.format.or(format.log), self.config);
        let carried = log.is_none().then(|| wrapping::carried(value, self.config)).flatten();
        if carried.is_some() {
            return (at.end, carried);
        }
        let read = decode_as(log, known, &text[at.clone()], &self.scoped(), self.config);
        (self.take(text, at, log, read, restart), None)
    }

    /// Hands on what a decoder made of a record; returns where the record ends. Events are large, so they are cut where they
    /// lie, and moved once.
    #[inline(never)]
    fn take(
        &mut self,
        text: &[u8],
        at: Range<usize>,
        log: Option<Source>,
        mut read: Decoded<'_>,
        restart: &mut Restart,
    ) -> usize {
        self.mark(Envelope::Single);
        let (mut end, mut of_event) = (at.end, None);
        match &mut read {
            Ok(event) => {
                text::bound(event, self.config.max_text_bytes);
                of_event = Some(event.source);
            }
            Err(NoEvent::Dead(error)) => end = self.end_of_dead(text, at, error, restart),
            Err(NoEvent::Ignored(_)) => {}
        }
        if let Some(info) = self.admit(log.or(self.delivery.format), of_event) {
            (self.each)(info, read);
        }
        end
    }

    /// Takes apart what lies in a wrapping that may name its scope.
    fn in_scope<T>(&mut self, scope: Option<String>, walk: impl FnOnce(&mut Self) -> T) -> T {
        let Some(scope) = scope else { return walk(self) };
        let around = self.named_scope.replace(scope);
        let walked = walk(self);
        self.named_scope = around;
        walked
    }

    /// What is known of the records beside their bytes; a wrapping's scope where the configuration has none.
    fn scoped(&self) -> Delivery<'_> {
        Delivery { scope: self.delivery.scope.or(self.named_scope.as_deref()), ..self.delivery }
    }

    fn is_full(&self) -> bool {
        self.next_index as usize > self.config.max_records
    }

    fn mark(&mut self, envelope: Envelope) {
        self.envelope.get_or_insert(envelope);
    }

    fn deeper(&self, wraps: usize) -> Result<usize, DecodeError> {
        let limit = self.config.max_unwraps;
        if wraps < limit { Ok(wraps + 1) } else { Err(DecodeError::TooManyWrappings { limit }) }
    }
}

/// Whether a string stands here in which a record may be written.
fn holds_record(text: &[u8], at: usize) -> bool {
    let within = &text[skip_space(text, at + 1)..];
    matches!(within, [b'{' | b'[', ..] | [b'\\', b'"', ..]) || packing(&within[..within.len().min(8)]).is_some()
}
