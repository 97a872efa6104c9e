//! The events of files in order of time, for whoever judges them.

use std::io::{Read, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::input::find;
use super::merge::Merge;
use super::now;
use super::open::Opener;
use super::output::note;
use super::progress::Progress;
use super::records::Reading;
use super::tally::Tally;
use crate::config::Config;
use crate::event::{Attributed, Entry, decode_entry};
use crate::network::Networks;

/// Calls `each` for every event of the files that `paths` stand for, in order of time, and says what became of all
/// records. `each` returns how many alerts there are so far, which the progress shows; `standard_input` stands for `-`,
/// what was passed over is told in `notes`.
///
/// # Errors
/// A path that cannot be read.
pub fn each_event(
    config: &Config,
    paths: &[PathBuf],
    standard_input: Box<dyn Read>,
    notes: &mut dyn Write,
    shows_progress: bool,
    each: &mut dyn FnMut(&Attributed<'_>) -> u64,
) -> Result<Tally> {
    let inputs = find(paths)?;
    note(notes, inputs.note());
    let opener = Opener::new(standard_input);
    let mut progress = Progress::of_files(shows_progress, &inputs, opener.read.clone());
    let reading = Reading::new(&config.decode, &config.replay, Networks::open(&config.network)?, now());
    let mut looked_at = |files| progress.looked_at(files);
    let mut merge = Merge::new(inputs.inputs, opener, &reading, &config.identity, &config.replay, &mut looked_at)?;
    progress.start();
    while let Some(waiting) = merge.next()? {
        let entry = decode_entry(&waiting.entry).context("an event that was just written cannot be read back")?;
        if let Entry::Event(attributed) = &entry {
            progress.event(each(attributed));
        }
    }
    progress.finish();
    Ok(merge.tally)
}
