//! The same core over files, without Kafka.
