//! How far a replay has come, on a terminal: bytes or messages read of all, events a second, alerts.

use std::cell::Cell;
use std::rc::Rc;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::input::Inputs;
use super::table::grouped;

/// Events between two looks at how far it has come.
const EVENTS_PER_LOOK: u64 = 1_024;

/// What a bar looks like for files whose size is known.
const FILES: &str = "{wide_bar} {percent:>3} % of {total_bytes} · {msg} · {eta} left";
/// What a bar looks like for a topic.
const TOPIC: &str = "{wide_bar} {percent:>3} % of {human_len} messages · {msg} · {eta} left";

/// A bar that is drawn only where standard error is a terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    /// Bytes or messages read.
    read: Rc<Cell<u64>>,
    events: u64,
    files: usize,
    total_bytes: Option<u64>,
}

impl Progress {
    /// A bar for files; `read` counts the bytes that were read of them.
    pub(super) fn of_files(is_wanted: bool, inputs: &Inputs, read: Rc<Cell<u64>>) -> Progress {
        let bar = bar(is_wanted);
        Progress { bar, read, events: 0, files: inputs.inputs.len(), total_bytes: inputs.total_bytes() }
    }

    /// A bar for a topic.
    pub(super) fn of_topic(is_wanted: bool) -> Progress {
        let bar = bar(is_wanted);
        bar.set_message("asking the brokers for the topic");
        bar.tick();
        Progress { bar, read: Rc::default(), events: 0, files: 0, total_bytes: None }
    }

    /// One message more was read, and how many there are.
    pub(super) fn message(&self, (read, total): (u64, u64)) {
        if read == 1 {
            self.bar.set_message("");
            self.bar.set_length(total);
            self.bar.set_style(style(TOPIC));
            self.bar.reset();
        }
        self.read.set(read);
    }

    /// Tells how many files were looked at to find their order.
    pub(super) fn looked_at(&self, files: usize) {
        let (files, all) = (grouped(files as u64), grouped(self.files as u64));
        self.bar.set_message(format!("looking at {files} of {all} files for their order of time"));
        self.bar.tick();
    }

    /// The files are read from here on.
    pub(super) fn start(&self) {
        match self.total_bytes {
            Some(total) => {
                self.bar.set_length(total);
                self.bar.set_style(style(FILES));
            }
            None => self.bar.set_style(style("{spinner} {bytes} · {msg} · {elapsed}")),
        }
        self.bar.set_message("");
        self.bar.reset();
    }

    /// One event more was judged; `alerts` so far.
    pub(super) fn event(&mut self, alerts: u64) {
        self.events += 1;
        if self.events.is_multiple_of(EVENTS_PER_LOOK) {
            let seconds = self.bar.elapsed().as_secs_f64().max(0.001);
            let rate = grouped((self.events as f64 / seconds) as u64);
            let events = grouped(self.events);
            self.bar.set_message(format!("{events} events, {rate}/s · {} alerts", grouped(alerts)));
            self.bar.set_position(self.read.get());
        }
    }

    /// Does something that writes to the same terminal.
    pub(super) fn beside<R>(&self, write: impl FnOnce() -> R) -> R {
        self.bar.suspend(write)
    }

    /// Takes the bar away.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

fn bar(is_wanted: bool) -> ProgressBar {
    // This target draws nothing where standard error is no terminal.
    let target = if is_wanted { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(None, target);
    bar.set_style(style("{spinner} {msg}"));
    bar
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the templates are ours").progress_chars("█▉▊▋▌▍▎▏ ")
}
