//! `demo`: everything in one process, with nothing set up.

use std::io::IsTerminal;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use clap::Args;

use super::output::Color;
use crate::alert::text::Colour;
use crate::config::Config;
use crate::kafka::{self, Stop};
use crate::metrics::Metrics;
use crate::service::{self, DemoOptions};

/// Shown under the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  nhiwatch demo                      until Ctrl-C
  nhiwatch demo --duration 3m        for three minutes
  nhiwatch demo > alerts.txt         alerts in a file, the rest on the terminal";

/// `demo`
#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    /// How long it runs: 90s, 5m or 1h; without it, until Ctrl-C
    #[arg(long, value_name = "TIME", value_parser = duration)]
    duration: Option<Duration>,
    /// Seed of the simulated fleet; the same seed makes the same fleet
    #[arg(long, value_name = "NUMBER", default_value_t = 9)]
    seed: u64,
}

/// Runs until Ctrl-C, SIGTERM, or the asked time is over.
///
/// # Errors
/// Where a part cannot start or dies.
pub(super) fn run(arguments: &DemoArguments, color: Color, config: &Config) -> Result<ExitCode> {
    let colour = match color {
        Color::Always => Colour::Always,
        Color::Never => Colour::Never,
        Color::Auto if std::io::stdout().is_terminal() => Colour::Always,
        Color::Auto => Colour::Never,
    };
    let options = DemoOptions { seed: arguments.seed, duration: arguments.duration, colour };
    let stop = Stop::default();
    service::stop_on_signals(&stop)?;
    service::demo(config, &options, &Arc::new(Metrics::new(kafka::wall_clock())), &stop)?;
    Ok(ExitCode::SUCCESS)
}

/// A number with a unit.
fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || format!("{text:?} is no time; write a number with a unit, such as 90s, 5m or 1h");
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let number: u64 = text[..digits].parse().map_err(|_| wrong())?;
    let unit = match &text[digits..] {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        _ => return Err(wrong()),
    };
    number.checked_mul(unit).map(Duration::from_secs).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_need_a_unit() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("5m"), Ok(Duration::from_secs(300)));
        for wrong in ["", "5", "m", "5 m", "-1s", "99999999999999999999s", "18446744073709551615h"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
