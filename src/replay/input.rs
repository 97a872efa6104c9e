//! Paths as the user gives them → the files to be read, in a fixed order.
//!
//! A directory stands for every audit file below it (CloudTrail's layout by account, region and day, or any other);
//! a file stands for itself whatever it is called; `-` stands for standard input. Hidden files, files with other
//! endings and links to directories are passed over and counted.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// Endings of audit files, compressed or not.
const ENDINGS: [&str; 6] = ["json", "ndjson", "jsonl", "gz", "zst", "zstd"];
/// Directories within one another that are gone into.
const MAX_DEPTH: usize = 64;

/// One thing to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Input {
    /// The path as it was given or found; `-` for standard input.
    pub(super) name: String,
    /// Where it is; none for standard input.
    pub(super) path: Option<PathBuf>,
    /// Its size on disk; none where it has no end that is known.
    pub(super) bytes: Option<u64>,
}

/// What the paths stand for.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    /// In order of the paths, within a directory in order of names; none twice.
    pub(super) inputs: Vec<Input>,
    /// Files in directories that were passed over.
    pub(super) skipped: u64,
    /// The first of them.
    pub(super) first_skipped: Option<PathBuf>,
}

impl Inputs {
    /// Bytes on disk of all together, where all have a size.
    pub(super) fn total_bytes(&self) -> Option<u64> {
        self.inputs.iter().map(|input| input.bytes).sum()
    }

    /// What was passed over, for people.
    pub(super) fn note(&self) -> Option<String> {
        let first = self.first_skipped.as_ref()?;
        let ending = ENDINGS.join(", .");
        Some(format!(
            "{} files passed over, {} the first of them: read are .{ending} that are not hidden; name a file itself to \
             read it whatever it is called",
            self.skipped,
            shown(first)
        ))
    }
}

/// A path as it may be shown on a terminal.
pub(super) fn shown(path: &Path) -> String {
    path.display().to_string().escape_debug().to_string()
}

/// Finds what the paths stand for.
///
/// # Errors
/// A path that does not exist or cannot be looked at, and a directory without any audit file.
pub(super) fn find(paths: &[PathBuf]) -> Result<Inputs> {
    let mut inputs = Inputs::default();
    for path in paths {
        if path.as_os_str() == "-" {
            inputs.inputs.push(Input { name: "-".to_string(), path: None, bytes: None });
            continue;
        }
        let metadata = fs::metadata(path).with_context(|| format!("cannot read {}", shown(path)))?;
        if !metadata.is_dir() {
            inputs.add(path, &metadata);
            continue;
        }
        let before = inputs.inputs.len();
        inputs.walk(path, 0)?;
        if inputs.inputs.len() == before {
            bail!("no audit file in directory {}: expected files ending in .{}", shown(path), ENDINGS.join(", ."));
        }
    }
    let mut seen = HashSet::new();
    inputs.inputs.retain(|input| seen.insert(identity(input)));
    Ok(inputs)
}

/// What makes an input the same as another: the file itself, however it is named.
fn identity(input: &Input) -> PathBuf {
    match &input.path {
        Some(path) => fs::canonicalize(path).unwrap_or_else(|_| path.clone()),
        None => PathBuf::from("-"),
    }
}

impl Inputs {
    fn add(&mut self, path: &Path, metadata: &fs::Metadata) {
        let bytes = metadata.is_file().then_some(metadata.len());
        self.inputs.push(Input { name: path.display().to_string(), path: Some(path.to_path_buf()), bytes });
    }

    fn walk(&mut self, directory: &Path, depth: usize) -> Result<()> {
        let place = || format!("cannot read directory {}", shown(directory));
        if depth > MAX_DEPTH {
            bail!("directory {} lies more than {MAX_DEPTH} directories deep", shown(directory));
        }
        let mut paths = Vec::new();
        for entry in fs::read_dir(directory).with_context(place)? {
            paths.push(entry.with_context(place)?.path());
        }
        paths.sort();
        for path in paths {
            let kind = fs::symlink_metadata(&path).with_context(|| format!("cannot read {}", shown(&path)))?;
            let metadata = fs::metadata(&path).ok().filter(|metadata| metadata.is_file() && is_audit_file(&path));
            match metadata {
                _ if kind.is_dir() && !is_hidden(&path) => self.walk(&path, depth + 1)?,
                Some(metadata) => self.add(&path, &metadata),
                None => self.skip(path),
            }
        }
        Ok(())
    }

    fn skip(&mut self, path: PathBuf) {
        self.skipped += 1;
        self.first_skipped.get_or_insert(path);
    }
}

fn is_audit_file(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    !is_hidden(path) && ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}
