//! The librdkafka settings of every client: ours, then the user's pass-through tables, later ones winning.

use anyhow::{Result, anyhow};
use rdkafka::ClientConfig;
use rdkafka::error::KafkaError;

use crate::config::KafkaConfig;
use crate::config::kafka::Properties;

/// Bytes of librdkafka's own around one record, beyond key, value and headers.
pub(super) const RECORD_OVERHEAD: usize = 64 << 10;

/// A consumer of a group, which commits by hand and only what was acknowledged.
pub(super) fn group_consumer(kafka: &KafkaConfig, group: &str, instance_suffix: &str) -> Result<ClientConfig> {
    let mut config = consumer(kafka)?;
    config.set("group.id", group);
    if config.get("group.protocol") != Some("consumer") {
        config.set("partition.assignment.strategy", "cooperative-sticky");
    }
    if !kafka.instance.is_empty() {
        config.set("group.instance.id", format!("{}{instance_suffix}", kafka.instance));
    }
    Ok(config)
}

/// A consumer without membership: for metadata, restoring and reading a topic once.
pub(super) fn lone_consumer(kafka: &KafkaConfig, group: &str) -> Result<ClientConfig> {
    let mut config = consumer(kafka)?;
    // librdkafka assigns nothing to a consumer without a group's name; this one never joins it.
    config
        .remove("group.protocol")
        .remove("statistics.interval.ms")
        .set("fetch.wait.max.ms", "20")
        .set("group.id", group);
    Ok(config)
}

fn consumer(kafka: &KafkaConfig) -> Result<ClientConfig> {
    let mut config = common(kafka);
    config
        .set("isolation.level", "read_committed")
        .set("check.crcs", "true")
        .set("fetch.queue.backoff.ms", "10")
        .set("statistics.interval.ms", "5000")
        // What waits to be decoded stays in the processor's cache: 32 MiB cost a twentieth of the whole service's time.
        .set("queued.max.messages.kbytes", "4096");
    pass_through(&mut config, "kafka.properties", &kafka.properties)?;
    pass_through(&mut config, "kafka.consumer.properties", &kafka.consumer.properties)?;
    config
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("enable.partition.eof", "true")
        .set("auto.offset.reset", "earliest");
    Ok(config)
}

/// The producer of alerts and state: what it is given goes out soon.
pub(super) fn producer(kafka: &KafkaConfig) -> Result<ClientConfig> {
    lingering_producer(kafka, "5", "lz4")
}

/// The producer of events: each waits a moment for others, because small batches cost more processor time than all else
/// that librdkafka does (5 ms: twice as much as 50 ms). Its records say each text once and are not compressed: that would halve
/// them and cost a tenth of the whole service's time.
pub(super) fn events_producer(kafka: &KafkaConfig) -> Result<ClientConfig> {
    lingering_producer(kafka, "50", "none")
}

/// An idempotent producer that waits for the brokers as long as it takes.
fn lingering_producer(kafka: &KafkaConfig, linger_ms: &str, compression: &str) -> Result<ClientConfig> {
    let mut config = common(kafka);
    config
        .set("compression.codec", compression)
        .set("linger.ms", linger_ms)
        .set("queue.buffering.max.kbytes", "262144")
        .set("message.max.bytes", (kafka.dead_letter_max_bytes + RECORD_OVERHEAD).max(1_000_000).to_string());
    pass_through(&mut config, "kafka.properties", &kafka.properties)?;
    pass_through(&mut config, "kafka.producer.properties", &kafka.producer.properties)?;
    config
        .set("enable.idempotence", "true")
        .set("message.timeout.ms", "0")
        .set("partitioner", "murmur2_random")
        .set("queue.buffering.max.messages", kafka.max_in_flight.max(1_000).to_string());
    Ok(config)
}

/// A client for metadata and administration.
pub(super) fn admin(kafka: &KafkaConfig) -> Result<ClientConfig> {
    let mut config = common(kafka);
    pass_through(&mut config, "kafka.properties", &kafka.properties)?;
    Ok(config)
}

fn common(kafka: &KafkaConfig) -> ClientConfig {
    let mut config = ClientConfig::new();
    config
        .set("bootstrap.servers", &kafka.bootstrap_servers)
        .set("client.id", &kafka.client_id)
        .set("allow.auto.create.topics", "false")
        .set("topic.metadata.refresh.interval.ms", "30000")
        .set("reconnect.backoff.max.ms", "5000")
        .set_log_level(rdkafka::config::RDKafkaLogLevel::Info);
    config
}

fn pass_through(config: &mut ClientConfig, table: &str, properties: &Properties) -> Result<()> {
    for (key, value) in properties.resolved().map_err(|error| anyhow!("{table}: {error}"))? {
        config.set(key, value);
    }
    Ok(())
}

/// Why librdkafka refused a client's settings, without the value, which may be a secret.
pub(super) fn refusal(error: KafkaError) -> anyhow::Error {
    match error {
        KafkaError::ClientConfig(_, description, key, value) => {
            let description = match value.is_empty() {
                true => description,
                false => description.replace(&value, "…"),
            };
            anyhow!("the Kafka property \"{key}\" was refused by librdkafka: {description}")
        }
        KafkaError::ClientCreation(reason) => anyhow!("librdkafka refused the Kafka settings: {reason}"),
        other => anyhow!("no Kafka client can be made of these settings: {other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_tables_win_and_ours_stay() {
        let mut kafka = KafkaConfig::default();
        kafka.properties.set("fetch.queue.backoff.ms", "50");
        kafka.consumer.properties.set("fetch.queue.backoff.ms", "20");
        let config = group_consumer(&kafka, "g", "").unwrap();
        assert_eq!(config.get("fetch.queue.backoff.ms"), Some("20"));
        assert_eq!(config.get("enable.auto.commit"), Some("false"));
        assert_eq!(config.get("partition.assignment.strategy"), Some("cooperative-sticky"));
        kafka.properties.set("group.id", "other");
        assert!(group_consumer(&kafka, "g", "").unwrap_err().to_string().contains("group.id"));
    }

    #[test]
    fn a_refused_value_is_not_shown() {
        let mut kafka = KafkaConfig::default();
        kafka.properties.set("ssl.key.pem", "hunter2hunter2");
        kafka.properties.set("security.protocol", "ssl");
        let refused = admin(&kafka).unwrap().create::<rdkafka::consumer::BaseConsumer>();
        let sentence = refusal(refused.err().unwrap()).to_string();
        assert!(!sentence.contains("hunter2"), "{sentence}");
    }
}
