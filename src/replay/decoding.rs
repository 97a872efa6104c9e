//! The `decode` command: what is seen in files, record by record, or counted.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;

use anyhow::Result;

use super::input::find;
use super::line::{Line, identity_of, outcome};
use super::open::Opener;
use super::output::told;
use super::records::{Reading, Records};
use super::table::{aligned, grouped};
use super::{now, output};
use crate::config::{Config, IdentityConfig};
use crate::decode::Decoded;
use crate::event::{Identity, Source};
use crate::network::Networks;

/// How `decode` shows what it sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// A JSON object a line for each record, in order of the files.
    Records,
    /// Counts by source, kind, outcome and reason.
    Summary,
}

/// Shows what is seen in the files that `paths` stand for; `standard_input` stands for `-`. What was passed over is
/// told in `notes`. That nobody reads the output any more ends it, and is no error.
///
/// # Errors
/// A path that cannot be read, and output that cannot be written.
pub fn decode(
    config: &Config,
    paths: &[PathBuf],
    show: Show,
    standard_input: Box<dyn Read>,
    out: &mut dyn Write,
    notes: &mut dyn Write,
) -> Result<()> {
    let inputs = find(paths)?;
    output::note(notes, inputs.note());
    let reading = Reading::new(&config.decode, &config.replay, Networks::open(&config.network)?, now());
    let mut opener = Opener::new(standard_input);
    let mut shown = Shown { out: BufWriter::with_capacity(1 << 16, out), counts: BTreeMap::new(), written: Ok(()) };
    for input in &inputs.inputs {
        let mut records = Records::open(input, &mut opener, &reading)?;
        let is_read = |records: &mut Records<'_>, shown: &mut Shown<'_>| {
            records.read_on(&mut |record, source, decoded| {
                shown.take(show, &input.name, (record, source), &decoded, &config.identity);
            })
        };
        while is_read(&mut records, &mut shown)? && shown.written.is_ok() {}
        if shown.written.is_err() {
            break;
        }
    }
    told(shown.finish(show))
}

/// Source, kind, outcome and reason.
type Row = [&'static str; 4];

/// What was shown so far.
struct Shown<'o> {
    out: BufWriter<&'o mut dyn Write>,
    counts: BTreeMap<Row, u64>,
    written: io::Result<()>,
}

impl Shown<'_> {
    fn take(
        &mut self,
        show: Show,
        file: &str,
        (record, source): (u64, Option<Source>),
        decoded: &Decoded<'_>,
        config: &IdentityConfig,
    ) {
        if self.written.is_err() {
            return;
        }
        let identity = identity_of(decoded, config);
        match show {
            Show::Summary => *self.counts.entry(row(source, decoded, identity.as_ref())).or_default() += 1,
            Show::Records => self.written = self.write(&Line::new(file, record, decoded, identity.as_ref())),
        }
    }

    fn write(&mut self, line: &Line<'_>) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, line)?;
        self.out.write_all(b"\n")
    }

    fn finish(mut self, show: Show) -> io::Result<()> {
        self.written?;
        if show == Show::Summary {
            self.out.write_all(table(&self.counts).as_bytes())?;
        }
        self.out.flush()
    }
}

fn row(source: Option<Source>, decoded: &Decoded<'_>, identity: Option<&Identity<'_>>) -> Row {
    let (outcome, reason) = outcome(decoded);
    let source = source.map_or("-", Source::name);
    [source, identity.map_or("-", |identity| identity.kind.name()), outcome, reason.unwrap_or("-")]
}

/// The counts as a table, the total below.
fn table(counts: &BTreeMap<Row, u64>) -> String {
    let mut rows = vec![["SOURCE", "KIND", "OUTCOME", "REASON", "RECORDS"].map(String::from)];
    for ([source, kind, outcome, reason], count) in counts {
        rows.push([source.to_string(), kind.to_string(), outcome.to_string(), reason.to_string(), grouped(*count)]);
    }
    let total = grouped(counts.values().sum());
    rows.push(["total".to_string(), String::new(), String::new(), String::new(), total]);
    aligned(&rows)
}
