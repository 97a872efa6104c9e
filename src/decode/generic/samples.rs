//! Sample events of mappings: what the configuration says must come of them does.

use super::super::{Delivery, NoEvent, Scratch, decode_message};
use crate::config::DecodeConfig;
use crate::config::decode::{MappingConfig, SampleConfig};
use crate::event::{Event, Source};

/// A sample event of which something else came than its mapping says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("decode.mappings {mapping}, sample {sample}: {problem}")]
pub struct SampleError {
    /// The name of the mapping.
    pub mapping: String,
    /// Which of its samples, from 1.
    pub sample: usize,
    /// What came of it, and what should have.
    pub problem: String,
}

/// Decodes every sample event of every mapping. `kind` says what kind an event's actor is.
///
/// # Errors
/// The first sample of which something else came than was said.
pub fn check_samples(config: &DecodeConfig, kind: impl Fn(&Event<'_>) -> &'static str) -> Result<(), SampleError> {
    for mapping in &config.mappings {
        for (number, sample) in mapping.samples.iter().enumerate() {
            check(mapping, sample, config, &kind).map_err(|problem| SampleError {
                mapping: mapping.name.clone(),
                sample: number + 1,
                problem,
            })?;
        }
    }
    Ok(())
}

fn check(
    mapping: &MappingConfig,
    sample: &SampleConfig,
    config: &DecodeConfig,
    kind: &impl Fn(&Event<'_>) -> &'static str,
) -> Result<(), String> {
    let delivery = Delivery { format: Some(Source::Generic), mapping: Some(&mapping.name), ..Delivery::default() };
    let mut found = Err("it holds no record".to_owned());
    let record = Some(sample.record.as_bytes());
    let whole = decode_message(record, delivery, config, &mut Scratch::default(), &mut |_, decoded| {
        found = match decoded {
            Ok(event) => compare(&event, sample, kind),
            Err(NoEvent::Ignored(reason)) => Err(format!("it is left out ({})", reason.reason())),
            Err(NoEvent::Dead(error)) => Err(error.to_string()),
        };
    });
    whole.map_err(|error| error.to_string())?;
    found
}

fn compare(event: &Event<'_>, sample: &SampleConfig, kind: &impl Fn(&Event<'_>) -> &'static str) -> Result<(), String> {
    let found = [
        ("time", event.time.to_string(), &sample.time),
        ("actor", event.actor.name.to_string(), &sample.actor),
        ("operation", event.action.operation.to_string(), &sample.operation),
        ("ip", event.origin.ip.as_deref().unwrap_or_default().to_owned(), &sample.ip),
        ("outcome", event.outcome.name().to_owned(), &sample.outcome),
        ("kind", kind(event).to_owned(), &sample.kind),
    ];
    match found.into_iter().find(|(_, found, expected)| !expected.is_empty() && *found != **expected) {
        Some((what, found, expected)) => {
            Err(format!("its {what} is {}, not {}", super::super::quote(&found), super::super::quote(expected)))
        }
        None => Ok(()),
    }
}
