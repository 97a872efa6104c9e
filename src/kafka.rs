//! The only code that knows Kafka.
