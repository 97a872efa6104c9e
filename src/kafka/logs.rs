//! librdkafka's own log lines, thinned out: repeated ones are counted, not printed.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::config::RDKafkaLogLevel;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use crate::metrics::KafkaErrorKind;

/// Lines of the same sort within this time are printed once.
const QUIET: Duration = Duration::from_secs(30);
/// Sorts of lines that are told apart.
const MAX_SORTS: usize = 64;
/// The client that asks what there is; whoever waits for it tells what it waits for.
pub(super) const METADATA: &str = "metadata";

/// The log of one client.
#[derive(Debug)]
pub(super) struct ClientLog {
    client: &'static str,
    sorts: Mutex<HashMap<String, Sort>>,
    refusal: Mutex<Option<String>>,
    failure: Mutex<Option<String>>,
}

#[derive(Debug)]
struct Sort {
    printed: Instant,
    suppressed: u64,
}

impl ClientLog {
    /// For the client that is called so in the log.
    pub(super) fn new(client: &'static str) -> ClientLog {
        ClientLog { client, sorts: Mutex::default(), refusal: Mutex::default(), failure: Mutex::default() }
    }

    /// One of librdkafka's lines. A broker that is away is told by those who wait for it, in words; librdkafka's own
    /// lines about it are for diagnosis.
    pub(super) fn line(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        if says_refused(message) {
            self.refused(message);
        }
        if facility == "FAIL" {
            *lock(&self.failure) = Some(printable(bare(message)));
        }
        let Some(others) = self.admit(facility) else { return };
        let (client, text) = (self.client, printable(message));
        match level {
            RDKafkaLogLevel::Emerg | RDKafkaLogLevel::Alert | RDKafkaLogLevel::Critical => {
                tracing::error!("Kafka ({client}): {text}{others}");
            }
            RDKafkaLogLevel::Error | RDKafkaLogLevel::Warning if !matches!(facility, "FAIL" | "ERROR" | "CONFWARN") => {
                tracing::warn!("Kafka ({client}): {text}{others}");
            }
            _ => tracing::debug!("Kafka ({client}, {facility}): {text}{others}"),
        }
    }

    /// An error that librdkafka reports beside the records.
    pub(super) fn error(&self, error: &KafkaError, reason: &str) {
        let code = error.rdkafka_error_code();
        if code == Some(RDKafkaErrorCode::PartitionEOF) {
            // No error: there is nothing more to read for the moment.
            return;
        }
        if is_refusal(code) {
            self.refused(reason);
        }
        let Some(others) = self.admit(&format!("{code:?}")) else { return };
        let (client, text) = (self.client, printable(reason));
        match code {
            Some(
                RDKafkaErrorCode::AllBrokersDown | RDKafkaErrorCode::BrokerTransportFailure | RDKafkaErrorCode::Resolve,
            ) if client == METADATA => tracing::debug!("Kafka ({client}): {text}{others}"),
            Some(RDKafkaErrorCode::AllBrokersDown) => {
                let failure = self.failure().unwrap_or(text);
                tracing::warn!("Kafka ({client}): no broker answers: {failure}{others}");
            }
            Some(RDKafkaErrorCode::BrokerTransportFailure | RDKafkaErrorCode::Resolve) => {
                tracing::debug!("Kafka ({client}): {text}{others}");
            }
            _ => tracing::warn!("Kafka ({client}): {text}{others}"),
        }
    }

    /// The last failure of a connection, in librdkafka's words.
    pub(super) fn failure(&self) -> Option<String> {
        lock(&self.failure).clone()
    }

    /// Remembers why the brokers refused this client's credentials.
    pub(super) fn refused(&self, reason: &str) {
        lock(&self.refusal).get_or_insert_with(|| printable(bare(reason)));
    }

    /// Why the brokers refused this client's credentials, where they did.
    pub(super) fn refusal(&self) -> Option<String> {
        lock(&self.refusal).clone()
    }

    /// Whether a line of this sort is printed now: then a note on how many were not since the last one.
    fn admit(&self, sort: &str) -> Option<String> {
        let mut sorts = lock(&self.sorts);
        let now = Instant::now();
        match sorts.get_mut(sort) {
            Some(known) if now.duration_since(known.printed) < QUIET => {
                known.suppressed += 1;
                None
            }
            Some(known) => {
                known.printed = now;
                match std::mem::take(&mut known.suppressed) {
                    0 => Some(String::new()),
                    others => Some(format!(" (and {others} more like it)")),
                }
            }
            None => {
                if sorts.len() < MAX_SORTS {
                    sorts.insert(sort.to_owned(), Sort { printed: now, suppressed: 0 });
                }
                Some(String::new())
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

/// A connection's failure without thread, broker and circumstances:
/// `[thrd:b:1/bootstrap]: b:1/bootstrap: Connect to ipv4#b:1 failed: Connection refused (after 0ms in state CONNECT)`.
fn bare(message: &str) -> &str {
    let message = message.strip_prefix("[thrd:").and_then(|rest| rest.split_once("]: ")).map_or(message, |(_, m)| m);
    let (broker, rest) = message.split_once(": ").unwrap_or(("", message));
    let message = if broker.contains(' ') { message } else { rest };
    message.split(" (after ").next().unwrap_or(message)
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
        assert_eq!(log.admit("FAIL").as_deref(), Some(""));
        assert_eq!(log.admit("FAIL"), None);
        assert_eq!(log.admit("OTHER").as_deref(), Some(""));
    }

    #[test]
    fn a_failure_is_told_without_circumstances() {
        let line =
            "[thrd:b:1/bootstrap]: b:1/bootstrap: Connect to ipv4#b:1 failed: refused (after 0ms in state CONNECT)";
        assert_eq!(bare(line), "Connect to ipv4#b:1 failed: refused");
    }

    #[test]
    fn refused_credentials_are_remembered() {
        let log = ClientLog::new("test");
        log.line(RDKafkaLogLevel::Error, "FAIL", "sasl_ssl://b:9: SASL authentication error: bad\u{1b}[31m password");
        assert_eq!(log.refusal().unwrap(), "SASL authentication error: bad [31m password");
    }
}
