//! Any other log, by a table of the configuration: paths to what an event is made of.
//!
//! In: a record that no native decoder knows, or of a topic that is pinned to a mapping. Out: an event, by the first mapping
//! that describes the record.

mod path;
mod samples;

use super::json::{Value, first_keys};
use super::record::hash_of;
use super::{DecodeError, Decoded, Delivery, IgnoreReason, network, text, time};
use crate::config::DecodeConfig;
use crate::config::decode::{MappingConfig, matches};
use crate::event::{
    Access, Action, Actor, Credential, CredentialClass, Delegator, Event, Outcome, Relation, Sensitivity, Source,
    Target, Text,
};
pub(super) use path::Paths;

pub use samples::{SampleError, check_samples};

/// Whether a mapping describes the record.
pub(super) fn describes(value: Value<'_, '_>, config: &DecodeConfig) -> bool {
    config.mappings.iter().any(|mapping| is_described(value, mapping))
}

fn is_described(value: Value<'_, '_>, mapping: &MappingConfig) -> bool {
    !mapping.when.is_empty() && mapping.when.iter().all(|(path, pattern)| says(value, path, pattern))
}

fn says(value: Value<'_, '_>, path: &str, pattern: &str) -> bool {
    Paths(path).text(value).is_some_and(|text| matches(pattern, &text))
}

/// Decodes one record.
pub(super) fn decode<'a>(
    value: Value<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let named = |mapping: &&MappingConfig| delivery.mapping.is_none_or(|name| mapping.name == name);
    let described = |mapping: &&MappingConfig| mapping.when.is_empty() || is_described(value, mapping);
    let Some(mapping) = config.mappings.iter().filter(named).find(described) else {
        return Err(DecodeError::UnknownFormat { keys: first_keys(record) }.into());
    };
    if mapping.except.iter().any(|(path, pattern)| says(value, path, pattern)) {
        return Err(IgnoreReason::NotAudit.into());
    }
    Ok(Reading { value, mapping }.event(record, delivery, config)?)
}

/// A record and the mapping that it is read by.
struct Reading<'m, 't, 'a> {
    value: Value<'t, 'a>,
    mapping: &'m MappingConfig,
}

impl<'a> Reading<'_, '_, 'a> {
    fn event(
        &self,
        record: &'a [u8],
        delivery: &Delivery<'_>,
        config: &DecodeConfig,
    ) -> Result<Event<'a>, DecodeError> {
        let mapping = self.mapping;
        let ip = self.text(&mapping.ip).map(network::without_port);
        let mut event = Event {
            source: Source::Generic,
            provider: Text::Owned(mapping.provider.clone()),
            id: self.text(&mapping.id).unwrap_or_else(|| hash_of(record).into()),
            time: self.time(delivery, config)?,
            actor: self.actor(delivery),
            action: self.action()?,
            outcome: self.outcome(),
            error: self.text(&mapping.error),
            origin: network::origin(ip, self.text(&mapping.user_agent)),
            region: self.text(&mapping.region),
            target_account: None,
            targets: self.target().into_iter().collect(),
            issued: Vec::new(),
        };
        text::bound(&mut event, config.max_text_bytes);
        Ok(event)
    }

    fn text(&self, paths: &str) -> Option<Text<'a>> {
        Paths(paths).text(self.value).filter(|text| !text.is_empty())
    }

    fn time(&self, delivery: &Delivery<'_>, config: &DecodeConfig) -> Result<crate::event::Timestamp, DecodeError> {
        const FIELD: &str = "time, as decode.mappings.time says it,";
        let value = Paths(&self.mapping.time).value(self.value).ok_or(DecodeError::MissingField { field: FIELD })?;
        match value.number() {
            Some(number) => time::from_number(number, FIELD, delivery, config),
            None => {
                let text =
                    value.text().ok_or(DecodeError::WrongType { field: FIELD, expected: "a text or a number" })?;
                time::from_text(&text, FIELD, delivery, config)
            }
        }
    }

    fn actor(&self, delivery: &Delivery<'_>) -> Actor<'a> {
        let mapping = self.mapping;
        let credential = self.text(&mapping.credential);
        let behalf = [(Relation::OnBehalfOf, &mapping.on_behalf_of), (Relation::Application, &mapping.application)];
        let delegator = |(relation, path): (Relation, &String)| Some(Delegator { relation, name: self.text(path)? });
        Actor {
            class: self.text(&mapping.actor_class).unwrap_or_default(),
            name: self.text(&mapping.actor).unwrap_or_default(),
            uid: self.text(&mapping.actor_id),
            short_name: None,
            account: self.text(&mapping.account).or_else(|| delivery.scope_in(self.value)),
            issuer: None,
            session: self.text(&mapping.session),
            credential: credential.map(|id| Credential {
                id,
                class: CredentialClass::Unknown,
                issued: None,
                mfa: false,
            }),
            delegators: behalf.into_iter().filter_map(delegator).collect(),
            via_service: false,
        }
    }

    fn action(&self) -> Result<Action<'a>, DecodeError> {
        const FIELD: &str = "operation, as decode.mappings.operation says it,";
        let mapping = self.mapping;
        let operation = self.text(&mapping.operation).ok_or(DecodeError::MissingField { field: FIELD })?;
        let service = self.text(&mapping.service).unwrap_or_else(|| mapping.provider.clone().into());
        let (access, sensitivity) = (access(mapping, &operation), sensitivity(mapping, &operation));
        Ok(Action { service, operation, access, sensitivity, tactic: None, technique: None })
    }

    fn outcome(&self) -> Outcome {
        let Some(text) = self.text(&self.mapping.outcome) else {
            return match &*self.mapping.without_outcome {
                "success" => Outcome::Success,
                "failure" => Outcome::Failure,
                _ => Outcome::Unknown,
            };
        };
        if any(&self.mapping.success, &text) {
            Outcome::Success
        } else if any(&self.mapping.failure, &text) {
            Outcome::Failure
        } else {
            Outcome::Unknown
        }
    }

    fn target(&self) -> Option<Target<'a>> {
        let name = self.text(&self.mapping.target)?;
        let kind = self.text(&self.mapping.target_kind).unwrap_or(Text::Borrowed("resource"));
        Some(Target { kind, container: name.clone(), name, account: None })
    }
}

fn any(patterns: &[String], text: &str) -> bool {
    patterns.iter().any(|pattern| matches(pattern, text))
}

fn access(mapping: &MappingConfig, operation: &str) -> Access {
    let lists = [
        (&mapping.permissions, Access::Permissions),
        (&mapping.secret_reads, Access::DataRead),
        (&mapping.data_reads, Access::DataRead),
        (&mapping.reads, Access::Read),
        (&mapping.writes, Access::Write),
        (&mapping.destructive, Access::Write),
        (&mapping.log_control, Access::Write),
    ];
    lists.into_iter().find(|(patterns, _)| any(patterns, operation)).map_or(Access::Unknown, |(_, access)| access)
}

fn sensitivity(mapping: &MappingConfig, operation: &str) -> Option<Sensitivity> {
    let lists = [
        (&mapping.secret_reads, Sensitivity::SecretRead),
        (&mapping.permissions, Sensitivity::IamWrite),
        (&mapping.log_control, Sensitivity::LogControl),
        (&mapping.destructive, Sensitivity::Destructive),
    ];
    lists.into_iter().find(|(patterns, _)| any(patterns, operation)).map(|(_, sensitivity)| sensitivity)
}
