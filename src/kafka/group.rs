//! What the two groups' memberships have in common: where partitions stand when they come, and what is shown of them
//! when they go.

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

fn noun(client: Client) -> &'static str {
    if client == Client::IngestConsumer { "audit partitions" } else { "events partitions" }
}
