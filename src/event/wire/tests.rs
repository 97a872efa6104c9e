//! What the format of the events topic holds to.

use std::borrow::Cow;

use super::super::*;
use super::*;
use proptest::prelude::*;

#[test]
fn a_tick_comes_back_as_it_was() {
    let tick = Entry::Tick(Tick {
        clock: Timestamp::from_millis(1_769_903_999_000),
        partitions: vec![PartitionProgress {
            topic: "audit.aws".into(),
            partition: 3,
            newest: Some(Timestamp::from_millis(1_769_903_000_000)),
            at_end: true,
        }],
    });
    let mut buffer = Vec::new();
    encode_entry(&tick, &mut buffer);
    assert_eq!(decode_entry(&buffer), Ok(tick));
}

fn tick(millis: i64) -> Entry<'static> {
    Entry::Tick(Tick { clock: Timestamp::from_millis(millis), partitions: Vec::new() })
}

#[test]
fn a_record_holds_entries_in_order_up_to_a_damage() {
    let mut record = Record::default();
    (0..3).for_each(|millis| record.add(&tick(millis)));
    let mut record = record.bytes().to_vec();
    let read: Vec<_> = decode_entries(&record).map(Result::unwrap).collect();
    assert_eq!(read, [tick(0), tick(1), tick(2)]);
    record.push(9);
    let read: Vec<_> = decode_entries(&record).collect();
    assert_eq!((read.len(), &read[2]), (4, &Ok(tick(2))));
    assert!(matches!(read[3], Err(EntryError::Damaged(_))));
}

#[test]
fn text_is_borrowed() {
    let partitions = vec![PartitionProgress { topic: "audit.aws".into(), partition: 3, newest: None, at_end: true }];
    let mut buffer = Vec::new();
    encode_entry(&Entry::Tick(Tick { clock: Timestamp::from_millis(0), partitions }), &mut buffer);
    let Ok(Entry::Tick(tick)) = decode_entry(&buffer) else { panic!("a tick was written") };
    assert!(matches!(tick.partitions[0].topic, Cow::Borrowed("audit.aws")));
}

#[test]
fn refuses_what_it_did_not_write() {
    assert_eq!(decode_entry(&[]), Err(EntryError::Empty));
    assert_eq!(decode_entry(b"{}"), Err(EntryError::Version(b'{')));
    assert!(matches!(decode_entry(&[WIRE_VERSION, 0]), Err(EntryError::Damaged(_))));
    assert!(matches!(decode_entry(&[WIRE_VERSION]), Err(EntryError::Damaged(_))));
}

#[test]
fn a_text_is_written_once_a_record_up_to_a_number_of_texts() {
    let of = |topic: String| {
        let progress = PartitionProgress { topic: topic.into(), partition: 0, newest: None, at_end: false };
        Entry::Tick(Tick { clock: Timestamp::from_millis(0), partitions: vec![progress] })
    };
    let entries: Vec<_> = (0..10_000).map(|n| of(format!("topic-{}", n % 5_000))).collect();
    let mut record = Record::default();
    entries.iter().for_each(|entry| record.add(entry));
    let read: Vec<_> = decode_entries(record.bytes()).map(Result::unwrap).collect();
    assert_eq!(read, entries);
    record.clear();
    (0..2).for_each(|_| record.add(&of("a topic with a long name".into())));
    assert_eq!(record.bytes().windows(6).filter(|bytes| bytes == b"a long").count(), 1);
}

/// The bytes of enumerations are places in these lists.
#[test]
fn lists_are_in_the_order_of_declaration() {
    fn check<T: Copy>(all: &[T], place: impl Fn(T) -> usize) {
        assert!(all.len() < usize::from(MORE) && all.iter().enumerate().all(|(at, value)| place(*value) == at));
    }
    check(&Source::ALL, |value| value as usize);
    check(&Kind::ALL, |value| value as usize);
    check(&Criticality::ALL, |value| value as usize);
    check(&Outcome::ALL, |value| value as usize);
    check(&Access::ALL, |value| value as usize);
    check(&Sensitivity::ALL, |value| value as usize);
    check(&Tactic::ALL, |value| value as usize);
    check(&CredentialClass::ALL, |value| value as usize);
    check(&Relation::ALL, |value| value as usize);
    check(&NetworkClass::ALL, |value| value as usize);
}

fn text() -> impl Strategy<Value = Text<'static>> {
    prop_oneof![Just("aws/111122223333".into()), ".{0,80}".prop_map(Cow::Owned), Just("".into())]
}

fn texts() -> impl Strategy<Value = Vec<Text<'static>>> {
    proptest::collection::vec(text(), 30)
}

fn maybe() -> impl Strategy<Value = Option<Text<'static>>> {
    proptest::option::of(text())
}

/// Any event: texts and optional texts as given, every enumeration and number by `n`.
fn event(texts: &[Text<'static>], maybe: &[Option<Text<'static>>], n: [u64; 4]) -> Attributed<'static> {
    let mut texts = texts.iter().cycle().cloned();
    let mut text = || texts.next().expect("a cycle has no end");
    let mut maybe = maybe.iter().cycle().cloned();
    let mut maybe = || maybe.next().expect("a cycle has no end");
    fn of<T: Copy>(all: &[T], n: u64) -> T {
        all[usize::try_from(n % all.len() as u64).expect("it is less than a length")]
    }
    let some = n[0].is_multiple_of(2);
    let numbers: [i64; 4] = n.map(u64::cast_signed);
    let issuer = Issuer { class: text(), name: text(), short_name: text(), account: maybe() };
    let credential = Credential {
        id: text(),
        class: of(&CredentialClass::ALL, n[1]),
        issued: some.then_some(Timestamp::from_millis(numbers[2])),
        mfa: some,
    };
    let delegator = Delegator { relation: of(&Relation::ALL, n[3]), name: text() };
    let target = Target { kind: text(), name: text(), container: text(), account: maybe() };
    Attributed {
        position: Position {
            topic: text(),
            partition: numbers[0] as i32,
            epoch: n[1] as u32,
            offset: numbers[2],
            index: n[3] as u32,
        },
        identity: Identity {
            scope: text(),
            principal: text(),
            template: text(),
            kind: of(&Kind::ALL, n[0]),
            kind_reason: text(),
            owner: maybe(),
            vendor: maybe(),
            criticality: some.then(|| of(&Criticality::ALL, n[2])),
        },
        event: Event {
            source: of(&Source::ALL, n[1]),
            provider: text(),
            id: text(),
            time: Timestamp::from_millis(numbers[1]),
            actor: Actor {
                class: text(),
                name: text(),
                uid: maybe(),
                short_name: maybe(),
                account: maybe(),
                issuer: some.then_some(issuer),
                session: maybe(),
                credential: (!some).then_some(credential),
                delegators: vec![delegator; (n[0] % 3) as usize],
                via_service: some,
            },
            action: Action {
                service: text(),
                operation: text(),
                access: of(&Access::ALL, n[3]),
                sensitivity: some.then(|| of(&Sensitivity::ALL, n[1])),
                tactic: (!some).then(|| of(&Tactic::ALL, n[2])),
                technique: maybe(),
            },
            outcome: of(&Outcome::ALL, n[2]),
            error: maybe(),
            origin: Origin {
                ip: maybe(),
                network: maybe(),
                class: of(&NetworkClass::ALL, n[3]),
                user_agent: maybe(),
                client: maybe(),
                asn: some.then_some(n[0] as u32),
                country: maybe(),
                hosting: n[1].is_multiple_of(3).then_some(some),
            },
            region: maybe(),
            target_account: maybe(),
            targets: vec![target; (n[1] % 4) as usize],
            issued: vec![text(); (n[2] % 3) as usize],
        },
    }
}

proptest! {
    /// Entries come back as they were, alone and together; a damaged record gives entries, or an error.
    #[test]
    fn any_event_comes_back_as_it_was(
        texts in texts(),
        maybe in proptest::collection::vec(maybe(), 13),
        n in proptest::array::uniform4(prop_oneof![any::<u64>(), 0..200u64]),
        flip in any::<(proptest::sample::Index, u8)>(),
    ) {
        let entry = Entry::Event(event(&texts, &maybe, n));
        let mut buffer = Vec::new();
        encode_entry(&entry, &mut buffer);
        prop_assert!(decode_entry(&buffer).is_ok_and(|read| read == entry));
        let mut record = Record::default();
        let turned: Vec<_> = texts.iter().rev().cloned().collect();
        let together = [entry, Entry::Event(event(&turned, &maybe, n)), tick(n[0].cast_signed())];
        for _ in 0..2 {
            record.clear();
            record.add(&together[0]);
            let before = record.bytes().len();
            record.add(&together[1]);
            record.take_back(before);
            together[1..].iter().for_each(|entry| record.add(entry));
        }
        let read: Result<Vec<_>, _> = decode_entries(record.bytes()).collect();
        prop_assert_eq!(read.as_deref(), Ok(&together[..]));
        let mut buffer = record.bytes().to_vec();
        let at = flip.0.index(buffer.len());
        buffer[at] ^= flip.1;
        prop_assert!(decode_entries(&buffer).count() >= 1);
        prop_assert!(decode_entries(&buffer[..at]).count() >= 1);
    }

    /// No bytes make it panic.
    #[test]
    fn any_bytes_are_answered(mut bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(decode_entries(&bytes).count() >= 1);
        bytes.insert(0, WIRE_VERSION);
        let only_the_last_fails = |entries: Vec<Result<Entry<'_>, _>>| entries[..entries.len() - 1].iter().all(Result::is_ok);
        prop_assert!(only_the_last_fails(decode_entries(&bytes).collect()));
    }
}
