//! librdkafka's own log lines, thinned out: repeated ones are counted, not printed.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use crate::metrics::KafkaErrorKind;

/// Lines of the same sort within this time are printed once.
const QUIET: Duration = Duration::from_secs(30);
/// Sorts of lines that are told apart.
const MAX_SORTS: usize = 64;

/// The log of one client.
#[derive(Debug)]
pub(super) struct ClientLog {
    client: &'static str,
    sorts: Mutex<HashMap<String, Sort>>,
    refusal: Mutex<Option<String>>,
}

#[derive(Debug)]
struct Sort {
    printed: Instant,
    suppressed: u64,
}

impl ClientLog {
    /// For the client that is called so in the log.
    pub(super) fn new(client: &'static str) -> ClientLog {
        ClientLog { client, sorts: Mutex::default(), refusal: Mutex::default() }
    }

    /// One of librdkafka's lines.
    pub(super) fn line(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        if says_refused(message) {
            self.refused(message);
        }
        let Some(suppressed) = self.admit(facility) else { return };
        let (client, text) = (self.client, printable(message));
        // A broker that is away is told by those who wait for it, in words; librdkafka's own lines are for diagnosis.
        match level {
            RDKafkaLogLevel::Emerg | RDKafkaLogLevel::Alert | RDKafkaLogLevel::Critical => {
                tracing::error!(client, facility, suppressed, "{text}");
            }
            RDKafkaLogLevel::Error | RDKafkaLogLevel::Warning if facility != "FAIL" && facility != "ERROR" => {
                tracing::warn!(client, facility, suppressed, "{text}");
            }
            _ => tracing::debug!(client, facility, suppressed, "{text}"),
        }
    }

    /// An error that librdkafka reports beside the records.
    pub(super) fn error(&self, error: &KafkaError, reason: &str) {
        let code = error.rdkafka_error_code();
        if is_refusal(code) {
            self.refused(reason);
        }
        let Some(suppressed) = self.admit(&format!("{code:?}")) else { return };
        let client = self.client;
        match code {
            Some(RDKafkaErrorCode::AllBrokersDown) => tracing::warn!(client, suppressed, "no Kafka broker answers"),
            Some(RDKafkaErrorCode::BrokerTransportFailure | RDKafkaErrorCode::Resolve) => {
                tracing::debug!(client, suppressed, "{}", printable(reason));
            }
            _ => tracing::warn!(client, suppressed, "{}", printable(reason)),
        }
    }

    /// Remembers why the brokers refused this client's credentials.
    pub(super) fn refused(&self, reason: &str) {
        let mut refusal = self.refusal.lock().unwrap_or_else(PoisonError::into_inner);
        refusal.get_or_insert_with(|| printable(reason));
    }

    /// Why the brokers refused this client's credentials, where they did.
    pub(super) fn refusal(&self) -> Option<String> {
        self.refusal.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether a line of this sort is printed now: how many were not since the last one.
    fn admit(&self, sort: &str) -> Option<u64> {
        let mut sorts = self.sorts.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        match sorts.get_mut(sort) {
            Some(known) if now.duration_since(known.printed) < QUIET => {
                known.suppressed += 1;
                None
            }
            Some(known) => {
                known.printed = now;
                Some(std::mem::take(&mut known.suppressed))
            }
            None => {
                if sorts.len() < MAX_SORTS {
                    sorts.insert(sort.to_owned(), Sort { printed: now, suppressed: 0 });
                }
                Some(0)
            }
        }
    }
}

/// Whether the brokers refuse who we are, which no waiting mends.
pub(super) fn is_refusal(code: Option<RDKafkaErrorCode>) -> bool {
    matches!(
        code,
        Some(
            RDKafkaErrorCode::Authentication
                | RDKafkaErrorCode::SaslAuthenticationFailed
                | RDKafkaErrorCode::SSL
                | RDKafkaErrorCode::UnsupportedSASLMechanism
                | RDKafkaErrorCode::ClusterAuthorizationFailed
        )
    )
}

/// The class of an error, for metrics.
pub(super) fn kind(error: &KafkaError) -> KafkaErrorKind {
    match error.rdkafka_error_code() {
        code if is_refusal(code) => KafkaErrorKind::Authentication,
        Some(
            RDKafkaErrorCode::AllBrokersDown | RDKafkaErrorCode::BrokerTransportFailure | RDKafkaErrorCode::Resolve,
        ) => KafkaErrorKind::Transport,
        Some(
            RDKafkaErrorCode::OperationTimedOut | RDKafkaErrorCode::RequestTimedOut | RDKafkaErrorCode::MessageTimedOut,
        ) => KafkaErrorKind::Timeout,
        Some(
            RDKafkaErrorCode::UnknownTopic
            | RDKafkaErrorCode::UnknownTopicOrPartition
            | RDKafkaErrorCode::UnknownPartition,
        ) => KafkaErrorKind::UnknownTopic,
        Some(RDKafkaErrorCode::Fatal) => KafkaErrorKind::Fatal,
        _ => KafkaErrorKind::Other,
    }
}

fn says_refused(message: &str) -> bool {
    ["SASL authentication error", "SSL handshake failed", "Authentication failed", "authentication failure"]
        .iter()
        .any(|sign| message.contains(sign))
}

/// Text of a broker, safe for a terminal and bounded.
pub(super) fn printable(text: &str) -> String {
    text.chars().take(500).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_line_is_counted_and_not_printed() {
        let log = ClientLog::new("test");
        assert_eq!(log.admit("FAIL"), Some(0));
        assert_eq!(log.admit("FAIL"), None);
        assert_eq!(log.admit("OTHER"), Some(0));
    }

    #[test]
    fn refused_credentials_are_remembered() {
        let log = ClientLog::new("test");
        log.line(RDKafkaLogLevel::Error, "FAIL", "sasl_ssl://b:9: SASL authentication error: bad\u{1b}[31m password");
        assert_eq!(log.refusal().unwrap(), "sasl_ssl://b:9: SASL authentication error: bad [31m password");
    }
}
