//! A file → its bytes, unpacked: gzip (any number of members) and zstd are known by their first bytes, not by name.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;

use anyhow::{Context, Result, bail};

use super::input::{Input, shown};

/// Bytes that are read from a file at once.
const READ_BYTES: usize = 256 << 10;

/// Opens inputs, and counts what is read of them.
pub(super) struct Opener {
    standard_input: Option<Box<dyn Read>>,
    /// Bytes read from disk so far, before unpacking.
    pub(super) read: Rc<Cell<u64>>,
}

/// The unpacked bytes of one input.
pub(super) struct Unpacked {
    reader: Box<dyn Read>,
    /// `gzip` or `zstd`, where it is one.
    pub(super) format: Option<&'static str>,
    broken: Rc<Cell<bool>>,
}

impl Opener {
    /// An opener with what stands for `-`.
    pub(super) fn new(standard_input: Box<dyn Read>) -> Opener {
        Opener { standard_input: Some(standard_input), read: Rc::default() }
    }

    /// Opens an input.
    ///
    /// # Errors
    /// Where it cannot be opened or read, and where standard input was read before.
    pub(super) fn open(&mut self, input: &Input) -> Result<Unpacked> {
        let raw: Box<dyn Read> = match &input.path {
            Some(path) => Box::new(File::open(path).with_context(|| format!("cannot open {}", shown(path)))?),
            None => match self.standard_input.take() {
                Some(standard_input) => standard_input,
                None => bail!("standard input (-) can be read only once"),
            },
        };
        let broken = Rc::new(Cell::new(false));
        let counted = Counted { raw, read: Rc::clone(&self.read), broken: Rc::clone(&broken) };
        unpack(BufReader::with_capacity(READ_BYTES, counted), broken)
            .with_context(|| format!("cannot read {}", input.name.escape_debug()))
    }
}

fn unpack(mut packed: BufReader<Counted>, broken: Rc<Cell<bool>>) -> Result<Unpacked> {
    let (reader, format): (Box<dyn Read>, _) = match packed.fill_buf()? {
        [0x1F, 0x8B, ..] => (Box::new(flate2::bufread::MultiGzDecoder::new(packed)), Some("gzip")),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => (Box::new(zstd::Decoder::with_buffer(packed)?), Some("zstd")),
        _ => (Box::new(packed), None),
    };
    Ok(Unpacked { reader, format, broken })
}

impl Unpacked {
    /// Whether reading itself failed; else an error means that what was read is damaged.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.get() || self.format.is_none()
    }
}

impl Read for Unpacked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

/// Counts the bytes of a file, and notes where reading it fails.
struct Counted {
    raw: Box<dyn Read>,
    read: Rc<Cell<u64>>,
    broken: Rc<Cell<bool>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let result = self.raw.read(buffer);
        match &result {
            Ok(bytes) => self.read.set(self.read.get() + *bytes as u64),
            Err(error) => self.broken.set(error.kind() != io::ErrorKind::Interrupted),
        }
        result
    }
}
