//! A file → its records, decoded, each with its number.

use std::io::ErrorKind;

use anyhow::{Result, bail};

use super::input::Input;
use super::open::{Opener, Unpacked};
use super::split::{Piece, Splitter};
use crate::config::{DecodeConfig, ReplayConfig};
use crate::decode::{DecodeError, Decoded, Delivery, IgnoreReason, NoEvent, RecordInfo, Scratch, decode_message};
use crate::event::{Source, Timestamp};
use crate::network::Networks;

/// How records of files are decoded: as those of messages, but for the limits that only a message has, and with the
/// time of reading for an arrival.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    decode: DecodeConfig,
    networks: Networks,
    now: Timestamp,
    piece_bytes: usize,
}

impl Reading {
    /// `now` is the wall clock.
    pub(super) fn new(decode: &DecodeConfig, replay: &ReplayConfig, networks: Networks, now: Timestamp) -> Reading {
        let future_limit_min = decode.future_limit_min.max(replay.future_limit_days.saturating_mul(24 * 60));
        let decode = DecodeConfig {
            max_message_bytes: usize::MAX,
            max_records: u32::MAX as usize - 1,
            future_limit_min,
            ..decode.clone()
        };
        Reading { decode, networks, now, piece_bytes: replay.whole_file_bytes }
    }
}

/// The records of one file, in order.
pub(super) struct Records<'c> {
    reading: &'c Reading,
    name: String,
    splitter: Splitter,
    scratch: Scratch,
    /// Records so far.
    read: u64,
    at_end: bool,
}

impl<'c> Records<'c> {
    /// Opens a file.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub(super) fn open(input: &Input, opener: &mut Opener, reading: &'c Reading) -> Result<Records<'c>> {
        let unpacked: Unpacked = opener.open(input)?;
        let splitter = Splitter::new(unpacked, reading.piece_bytes);
        Ok(Records { reading, name: input.name.clone(), splitter, scratch: Scratch::default(), read: 0, at_end: false })
    }

    /// Reads on, and calls `each` for every record that was met, with its number, from 1 on, and the log that it is of, where
    /// that could be told. False at the end.
    ///
    /// # Errors
    /// Where reading itself fails. Damage is a dead letter.
    pub(super) fn read_on(&mut self, each: &mut Each<'_>) -> Result<bool> {
        if self.at_end {
            return Ok(false);
        }
        let read = &mut self.read;
        let mut take = |source, decoded: Decoded<'_>| {
            *read += 1;
            each(*read, source, decoded);
        };
        match self.splitter.next() {
            Some(Piece::Text(text, is_damaged)) => {
                decode_text(self.reading, &self.name, text, is_damaged, &mut self.scratch, &mut take);
            }
            Some(Piece::LongLine(bytes)) => {
                let limit = self.reading.decode.max_record_bytes;
                take(None, Err(NoEvent::Dead(DecodeError::RecordTooLarge { bytes, limit })));
            }
            Some(Piece::Unfinished(bytes)) => take(None, Err(NoEvent::Dead(DecodeError::Truncated { bytes }))),
            None => {
                self.at_end = true;
                return self.finish(each);
            }
        }
        Ok(true)
    }

    /// Tells why the file could not be read to its end, where it could not.
    fn finish(&mut self, each: &mut Each<'_>) -> Result<bool> {
        match (self.splitter.failure(), self.splitter.format()) {
            (None, _) => {}
            (Some((error, false)), Some(format)) => {
                let early = error.kind() == ErrorKind::UnexpectedEof;
                let problem = if early { "it ends early".to_owned() } else { error.to_string() };
                self.read += 1;
                each(self.read, None, Err(NoEvent::Dead(DecodeError::Compression { format, problem })));
            }
            (Some((error, _)), _) => bail!("cannot read {}: {error}", self.name.escape_debug()),
        }
        Ok(false)
    }
}

/// Takes a record: its number, the log that it is of, what became of it.
type Each<'e> = dyn FnMut(u64, Option<Source>, Decoded<'_>) + 'e;

/// Decodes a text. What is cut short because the packing around it is damaged is told once, as damage of the packing.
fn decode_text(
    reading: &Reading,
    name: &str,
    text: &[u8],
    is_damaged: bool,
    scratch: &mut Scratch,
    take: &mut dyn FnMut(Option<Source>, Decoded<'_>),
) {
    let mut take_true = |source, decoded: Decoded<'_>| match decoded {
        Err(NoEvent::Dead(DecodeError::Truncated { .. })) | Err(NoEvent::Ignored(IgnoreReason::Empty))
            if is_damaged => {}
        Ok(mut event) => {
            reading.networks.describe(&mut event.origin);
            take(source, Ok(event));
        }
        decoded => take(source, decoded),
    };
    let mut each = |RecordInfo { source, .. }, decoded: Decoded<'_>| take_true(source, decoded);
    let delivery = Delivery::of_topic(name, &reading.decode, |_| None).at(reading.now);
    if let Err(error) = decode_message(Some(text), delivery, &reading.decode, scratch, &mut each) {
        take_true(delivery.format, Err(NoEvent::Dead(error)));
    }
}
