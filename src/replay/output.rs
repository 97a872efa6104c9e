//! Writing where nobody may be reading any more.

use std::io::{self, ErrorKind, Write};

use anyhow::{Result, anyhow};

/// An error for people; none where the reader has gone (`| head`).
pub(super) fn told(written: io::Result<()>) -> Result<()> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(anyhow!("cannot write the output: {error}")),
        _ => Ok(()),
    }
}

/// Writes a remark, where there is one. That it cannot be written is no reason to stop.
pub(super) fn note(notes: &mut dyn Write, note: Option<String>) {
    if let Some(note) = note {
        let _ = writeln!(notes, "{note}");
    }
}
