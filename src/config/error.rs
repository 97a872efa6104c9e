//! What is wrong with a configuration, and where: one sentence each.

use std::fmt;
use std::path::PathBuf;

/// Where a setting was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// In the file, at this line and column (1-based, in characters).
    File {
        /// The file as it was named.
        path: PathBuf,
        /// Line.
        line: usize,
        /// Column.
        column: usize,
    },
    /// The file as a whole.
    WholeFile(PathBuf),
    /// An environment variable, by its name.
    Variable(String),
    /// A flag, as it was typed up to the `=`.
    Flag(String),
    /// Nowhere: a default.
    Default,
}

impl Place {
    /// Line and column within a file, by which errors are ordered.
    pub(super) fn line_and_column(&self) -> Option<(usize, usize)> {
        match self {
            Place::File { line, column, .. } => Some((*line, *column)),
            _ => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::File { path, line, column } => write!(f, "{}:{line}:{column}", path.display()),
            Place::WholeFile(path) => write!(f, "{}", path.display()),
            Place::Variable(name) => f.write_str(name),
            Place::Flag(flag) => write!(f, "--set {flag}"),
            Place::Default => f.write_str("the defaults"),
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {sentence}")]
pub struct ConfigError {
    /// Where.
    pub place: Place,
    /// What, and what would be right.
    pub sentence: String,
}

/// Everything that is wrong, in the order of the layers; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(pub Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, error) in self.0.iter().enumerate() {
            write!(f, "{}{error}", if i > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigErrors {}
