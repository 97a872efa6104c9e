//! Events on their way to the events topic: those of a partition share a record, until it is full or has waited enough.
//!
//! What Kafka's clients and brokers do for a record costs several times what an event costs, so events travel together.
//! The order of a partition's events is that in which they came.

use std::time::{Duration, Instant};

use crate::event::{Event, Identity, Position, Record};

/// A record with so many bytes takes no further event: two hundred fit; the more there are, the more they have in common.
const FULL_BYTES: usize = 64 << 10;
/// An event waits no longer for others.
const AGE: Duration = Duration::from_millis(20);

/// Whether an event found room in its partition's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Joined {
    /// It waits there.
    Yes,
    /// It is alone there, and larger than a record may be: the record is to go at once.
    Alone,
    /// The record has to go first.
    Full,
}

/// The records that are being filled, one for each events partition.
pub(super) struct Bundles {
    records: Vec<Record>,
    /// When the oldest message of what waits was read.
    since: Option<Instant>,
}

impl Bundles {
    pub(super) fn new(partitions: i32) -> Bundles {
        Bundles { records: (0..partitions).map(|_| Record::default()).collect(), since: None }
    }

    /// Something waits for the records to go, from now on if nothing did.
    pub(super) fn wait(&mut self) {
        self.since.get_or_insert_with(Instant::now);
    }

    /// Adds an event to the partition's record, if there is room.
    pub(super) fn join(
        &mut self,
        partition: i32,
        position: &Position<'_>,
        identity: &Identity<'_>,
        event: &Event<'_>,
    ) -> Joined {
        let record = &mut self.records[place(partition)];
        let before = record.bytes().len();
        record.add_event(position, identity, event);
        match (record.bytes().len() > FULL_BYTES, before) {
            (false, _) => Joined::Yes,
            (true, 0) => Joined::Alone,
            (true, _) => {
                record.take_back(before);
                Joined::Full
            }
        }
    }

    /// What the partition's record holds.
    pub(super) fn record(&self, partition: i32) -> &[u8] {
        self.records[place(partition)].bytes()
    }

    /// Begins the partition's next record.
    pub(super) fn clear(&mut self, partition: i32) {
        self.records[place(partition)].clear();
    }

    /// All records went.
    pub(super) fn rest(&mut self) {
        self.since = None;
    }

    /// How long what waits may still wait; none where nothing does.
    pub(super) fn patience(&self) -> Option<Duration> {
        self.since.map(|since| AGE.saturating_sub(since.elapsed()))
    }
}

fn place(partition: i32) -> usize {
    usize::try_from(partition).expect("a partition's number is not negative")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{DecodeConfig, IdentityConfig};
    use crate::decode::{Decoded, RecordInfo, Scratch, decode_message};
    use crate::event::{Entry, decode_entries};
    use crate::identity::Resolver;

    const CALL: &str = r#"{"eventVersion":"1.08","eventTime":"2026-03-02T10:00:00Z","eventSource":"s3.amazonaws.com",
        "eventName":"GetObject","awsRegion":"eu-west-1","eventID":"1","userIdentity":
        {"type":"IAMUser","arn":"arn:aws:iam::111122223333:user/ci","accountId":"111122223333","userName":"ci"},
        "sourceIPAddress":"203.0.113.7","requestParameters":{"bucketName":"b"}}"#;

    /// Adds the event of a call with this id.
    fn join(bundles: &mut Bundles, id: &str, offset: i64) -> Joined {
        let (config, mut scratch, mut joined) = (DecodeConfig::default(), Scratch::default(), None);
        let mut resolver = Resolver::new(&IdentityConfig::default());
        let each = &mut |RecordInfo { index, .. }, decoded: Decoded<'_>| {
            let Ok(mut event) = decoded else { panic!("it is an event") };
            event.id = id.to_owned().into();
            let position = Position { topic: "audit".into(), partition: 0, epoch: 0, offset, index };
            let identity = resolver.attribute(&mut event);
            joined = Some(bundles.join(1, &position, &identity, &event));
        };
        decode_message(Some(CALL.as_bytes()), None, &config, &mut scratch, each).unwrap();
        joined.expect("the message has a record")
    }

    fn offsets(record: &[u8]) -> Vec<i64> {
        let offset = |entry| match entry {
            Ok(Entry::Event(event)) => event.position.offset,
            _ => panic!("only events were added"),
        };
        decode_entries(record).map(offset).collect()
    }

    #[test]
    fn a_record_takes_events_until_it_is_full() {
        let (mut bundles, mut added) = (Bundles::new(2), 0);
        assert_eq!(bundles.patience(), None);
        bundles.wait();
        while join(&mut bundles, &format!("event-{added}"), added) == Joined::Yes {
            added += 1;
        }
        assert!(bundles.patience().is_some() && bundles.record(0).is_empty());
        assert!(bundles.record(1).len() <= FULL_BYTES);
        assert_eq!(offsets(bundles.record(1)), (0..added).collect::<Vec<_>>());
        bundles.clear(1);
        bundles.rest();
        assert_eq!((bundles.record(1).len(), bundles.patience()), (0, None));
        assert_eq!(join(&mut bundles, "next", added), Joined::Yes);
        assert_eq!(offsets(bundles.record(1)), [added]);
        let large = "x".repeat(FULL_BYTES);
        assert_eq!(join(&mut bundles, &large, added + 1), Joined::Full);
        assert_eq!(offsets(bundles.record(1)), [added]);
        bundles.clear(1);
        assert_eq!(join(&mut bundles, &large, added + 1), Joined::Alone);
    }
}
