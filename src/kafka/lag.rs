//! How far the groups are behind, from librdkafka's own statistics.

use rdkafka::Statistics;

use crate::metrics::Metrics;

/// Shows the lag of every partition that the consumer owns.
pub(super) fn show(statistics: &Statistics, metrics: &Metrics) {
    for (name, topic) in &statistics.topics {
        for (number, partition) in &topic.partitions {
            // Those that are not ours have -1.
            if *number >= 0 && partition.consumer_lag >= 0 {
                metrics.kafka.set_lag(name, *number, partition.consumer_lag);
            }
        }
    }
}
