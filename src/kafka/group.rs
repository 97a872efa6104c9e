//! What the two groups' memberships have in common: where partitions stand when they come, what is shown of them when
//! they go, and how a group is left.

use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use rdkafka::TopicPartitionList;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::KafkaResult;

use super::Setup;
use crate::metrics::{Client, Rebalance};

/// How long the broker is asked for offsets when partitions come.
pub(super) const ASK: Duration = Duration::from_secs(10);

/// The group's offsets of these partitions; brokers are asked three times, because without an answer nothing can go on.
///
/// # Errors
/// Where none of them answered.
pub(super) fn committed_offsets<C: ConsumerContext>(
    consumer: &BaseConsumer<C>,
    partitions: &TopicPartitionList,
) -> KafkaResult<TopicPartitionList> {
    let ask = || consumer.committed_offsets(partitions.clone(), ASK);
    ask().or_else(|_| ask()).or_else(|_| ask())
}

/// Partitions came, and so many are owned now.
pub(super) fn show_coming(setup: &Setup, client: Client, coming: &TopicPartitionList, owned: usize) {
    tracing::info!(coming = coming.count(), owned, "{} assigned", noun(client));
    setup.metrics.kafka.rebalanced(client, Rebalance::Assign);
    setup.metrics.kafka.set_assigned(client, owned);
}

/// Partitions went, by themselves where they were `lost`, and so many are owned now.
pub(super) fn show_leaving(setup: &Setup, client: Client, leaving: &TopicPartitionList, lost: bool, owned: usize) {
    tracing::info!(leaving = leaving.count(), owned, lost, "{} revoked", noun(client));
    for element in leaving.elements() {
        setup.metrics.kafka.forget_lag(element.topic(), element.partition());
    }
    setup.metrics.kafka.rebalanced(client, if lost { Rebalance::Lost } else { Rebalance::Revoke });
    setup.metrics.kafka.set_assigned(client, owned);
}

/// Leaves the group by dropping its consumer, and waits for that no longer than `wait`: whether it came to its end.
/// librdkafka may wait for ever where the group changes at the same moment; everything is committed by now, and what it
/// still owns moves on when its session is over.
pub(super) fn leave<C: Send + 'static>(consumer: C, group: &str, wait: Duration) -> bool {
    let (end, ended) = channel::<()>();
    let body = move || {
        drop(consumer);
        drop(end);
    };
    // Where there can be no thread, what it was given is dropped at once.
    let _ = std::thread::Builder::new().name("leaving".into()).spawn(body);
    let left = ended.recv_timeout(wait) == Err(RecvTimeoutError::Disconnected);
    if !left {
        tracing::warn!("group {group} was not left within {wait:?}; its partitions move on when the session is over");
    }
    left
}

fn noun(client: Client) -> &'static str {
    if client == Client::IngestConsumer { "audit partitions" } else { "events partitions" }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::Receiver;

    use super::*;

    /// Can be dropped once the other end is.
    struct Stuck(Receiver<()>);

    impl Drop for Stuck {
        fn drop(&mut self) {
            let _ = self.0.recv();
        }
    }

    #[test]
    fn a_consumer_that_cannot_leave_holds_nobody_up() {
        let (hold, held) = channel();
        assert!(!leave(Stuck(held), "g", Duration::from_millis(1)));
        drop(hold);
        let (hold, held) = channel();
        drop(hold);
        assert!(leave(Stuck(held), "g", Duration::from_secs(60)));
    }
}
