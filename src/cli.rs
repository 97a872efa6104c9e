//! The commands: what was typed becomes one call of a function in another room.
//!
//! In: arguments, environment, configuration file. Out: an exit code (0 done, 1 failed, 2 wrong usage), and for a
//! failure one sentence on standard error. What is absent on purpose: everything that a command does.

#![allow(clippy::disallowed_methods, reason = "hands the environment to config, which says where each setting is from")]

mod arguments;
mod config;
mod decode;
mod demo;
mod detections;
mod evaluate;
mod log;
mod output;
mod replay;
mod run;
mod simulate;
mod topics;

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

use crate::config::{Config, Sources};
use arguments::{Arguments, Command};
pub use output::Color;

/// Runs the command that was typed.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    match obey(&arguments) {
        Ok(code) => code,
        Err(error) if output::is_closed(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn obey(arguments: &Arguments) -> Result<ExitCode> {
    match &arguments.command {
        Command::Demo(what) => demo::run(what, arguments.color, &configured(arguments)?),
        Command::Run(what) => run::run(what, &configured(arguments)?),
        Command::Replay(what) => replay::run(what, &configured(arguments)?),
        Command::Simulate(what) => simulate::run(what),
        Command::Decode(what) => decode::run(what, &configured(arguments)?),
        Command::Evaluate(what) => evaluate::run(what, &configured(arguments)?),
        Command::Config(what) => config::run(what, &sources(arguments)),
        Command::Detections(what) => detections::run(*what, &configured(arguments)?.detect),
        Command::Topics(what) => topics::run(*what, &configured(arguments)?.kafka),
    }
}

/// The configuration, with the log started as it says.
fn configured(arguments: &Arguments) -> Result<Config> {
    let config = config::checked(&sources(arguments))?;
    log::start(&config.log, arguments.color)?;
    Ok(config)
}

/// Where the settings come from; flags with names of their own are settings too.
fn sources(arguments: &Arguments) -> Sources<'_> {
    let mut flags = arguments.set.clone();
    // The demo's terminal is for its alerts.
    let is_quiet = matches!(arguments.command, Command::Demo(_)) && arguments.log_level.is_none();
    flags.extend(is_quiet.then(|| "log.level=warn".to_owned()));
    flags.extend(arguments.log_level.map(|level| format!("log.level={}", level.name())));
    flags.extend(arguments.log_format.map(|format| format!("log.format={}", format.name())));
    Sources { file: arguments.config.as_deref(), environment: environment(), flags }
}

/// Variables whose name or value is no text cannot be ours.
fn environment() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}
