//! Standard output and standard error: colours, complaints, and readers that have gone.

#![allow(clippy::disallowed_methods, reason = "asks for NO_COLOR, as every program on a terminal does")]

use std::io::{self, ErrorKind, IsTerminal, Write};

use anyhow::Result;
use clap::ValueEnum;

use crate::config::ConfigErrors;

/// When to use colours; `auto`: on a terminal, unless NO_COLOR is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Whether standard output gets colours.
    pub fn on_stdout(self) -> bool {
        self.on(&io::stdout())
    }

    /// Whether standard error gets colours.
    pub fn on_stderr(self) -> bool {
        self.on(&io::stderr())
    }

    fn on(self, stream: &impl IsTerminal) -> bool {
        match self {
            Color::Always => true,
            Color::Never => false,
            // See no-color.org: set and not empty.
            Color::Auto => stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        }
    }
}

/// Writes text to standard output.
///
/// # Errors
/// Where it cannot be written to.
pub(super) fn print(text: &str) -> Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| {
        let told = format!("standard output cannot be written to: {error}");
        anyhow::Error::new(error).context(told)
    })
}

/// Whether all that happened is that the reader of our output has gone (`nhiwatch decode … | head`).
pub(super) fn is_closed(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|e| e.kind() == ErrorKind::BrokenPipe)
}

/// Says on standard error what went wrong: one sentence, or one a line where a configuration has several mistakes.
pub(super) fn complain(error: &anyhow::Error) {
    let sentence = match error.downcast_ref::<ConfigErrors>() {
        Some(errors) => errors.to_string(),
        None => told(error),
    };
    let mut out = io::stderr().lock();
    for line in sentence.lines() {
        // Where even this cannot be written, nobody listens.
        let _ = writeln!(out, "nhiwatch: {line}");
    }
}

/// The error and its causes as one line; a cause that was already told is not told again.
fn told(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
