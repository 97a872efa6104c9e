//! `config check`, `config print` and `config schema`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Subcommand;

use super::output;
use crate::config::{Config, Sources, json_schema, load, print_default, print_effective};
use crate::decode::check_samples;
use crate::identity::resolve;

/// `config`
#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Say what is wrong with a configuration; exit code 1 where something is
    Check {
        /// The file; without it, that of --config
        #[arg(value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Print the configuration as a commented TOML file; secrets are not shown
    Print {
        /// Every key with its default
        #[arg(long, conflicts_with = "effective")]
        default: bool,
        /// What holds in the end: defaults, file, environment and flags (this is the default)
        #[arg(long)]
        effective: bool,
    },
    /// Print the JSON Schema of the configuration file, for editors
    Schema,
}

/// Does it.
///
/// # Errors
/// Everything that is wrong with the configuration.
pub(super) fn run(what: &ConfigCommand, sources: &Sources<'_>) -> Result<ExitCode> {
    match what {
        ConfigCommand::Check { file } => {
            let sources = Sources { file: file.as_deref().or(sources.file), ..sources.clone() };
            checked(&sources)?;
            let checked = sources.file.map_or("the configuration".to_owned(), |path| path.display().to_string());
            output::print(&format!("{checked} is valid\n"))?;
        }
        ConfigCommand::Schema => output::print(&json_schema())?,
        ConfigCommand::Print { default: true, .. } => output::print(&print_default())?,
        ConfigCommand::Print { .. } => output::print(&print_effective(&load(sources)?))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The configuration, of which every mapping reads its sample events as they say.
///
/// # Errors
/// Everything that is wrong with the configuration.
pub(super) fn checked(sources: &Sources<'_>) -> Result<Config> {
    let config = load(sources)?;
    check_samples(&config.decode, |event| resolve(event, &config.identity).kind.name())?;
    Ok(config)
}
