//! Reads entries back.

use std::borrow::Cow;

use super::super::{
    Access, Action, Actor, Attributed, Credential, CredentialClass, Criticality, Delegator, Event, Identity, Issuer,
    Kind, NetworkClass, Origin, Outcome, Position, Relation, Sensitivity, Source, Tactic, Target, Text,
};
use super::said::Heard;
use super::{Entry, LAST_BITS, MORE, PartitionProgress, Tick, Timestamp};

/// A record, and how far it was read. What cannot be read is asked for once an entry: until then it is something empty,
/// so that the parts of an entry are made where they stay.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    heard: Heard<'a>,
    damaged_at: Option<usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0, heard: Heard::default(), damaged_at: None }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    /// The next entry, unless [`Reader::damaged_at`] says that it is none.
    pub(super) fn entry(&mut self) -> Entry<'a> {
        match self.byte() {
            0 => Entry::Event(Attributed { position: self.position(), identity: self.identity(), event: self.event() }),
            kind => {
                self.sound((kind == 1).then_some(()));
                Entry::Tick(Tick { clock: self.time(), partitions: self.list(Reader::progress) })
            }
        }
    }

    /// How many bytes were read before the first that was not written so.
    pub(super) fn damaged_at(&self) -> Option<usize> {
        self.damaged_at
    }

    fn position(&mut self) -> Position<'a> {
        Position {
            topic: self.text(),
            partition: self.signed_as(),
            epoch: self.number_as(),
            offset: self.signed(),
            index: self.number_as(),
        }
    }

    fn identity(&mut self) -> Identity<'a> {
        Identity {
            scope: self.text(),
            principal: self.text(),
            template: self.text(),
            kind: self.one_of(&Kind::ALL),
            kind_reason: self.text(),
            owner: self.optional_text(),
            vendor: self.optional_text(),
            criticality: self.optional_of(&Criticality::ALL),
        }
    }

    fn event(&mut self) -> Event<'a> {
        Event {
            source: self.one_of(&Source::ALL),
            provider: self.text(),
            id: self.unique(),
            time: self.time(),
            actor: self.actor(),
            action: self.action(),
            outcome: self.one_of(&Outcome::ALL),
            error: self.optional_text(),
            origin: self.origin(),
            region: self.optional_text(),
            target_account: self.optional_text(),
            targets: self.list(Reader::target),
            issued: self.list(Reader::text),
        }
    }

    fn actor(&mut self) -> Actor<'a> {
        Actor {
            class: self.text(),
            name: self.text(),
            uid: self.optional_text(),
            short_name: self.optional_text(),
            account: self.optional_text(),
            issuer: self.optional(Reader::issuer),
            session: self.optional_text(),
            credential: self.optional(Reader::credential),
            delegators: self.list(Reader::delegator),
            via_service: self.flag(),
        }
    }

    fn issuer(&mut self) -> Issuer<'a> {
        Issuer { class: self.text(), name: self.text(), short_name: self.text(), account: self.optional_text() }
    }

    fn credential(&mut self) -> Credential<'a> {
        Credential {
            id: self.text(),
            class: self.one_of(&CredentialClass::ALL),
            issued: self.optional(Reader::time),
            mfa: self.flag(),
        }
    }

    fn delegator(&mut self) -> Delegator<'a> {
        Delegator { relation: self.one_of(&Relation::ALL), name: self.text() }
    }

    fn action(&mut self) -> Action<'a> {
        Action {
            service: self.text(),
            operation: self.text(),
            access: self.one_of(&Access::ALL),
            sensitivity: self.optional_of(&Sensitivity::ALL),
            tactic: self.optional_of(&Tactic::ALL),
            technique: self.optional_text(),
        }
    }

    fn origin(&mut self) -> Origin<'a> {
        Origin {
            ip: self.optional_text(),
            network: self.optional_text(),
            class: self.one_of(&NetworkClass::ALL),
            user_agent: self.optional_text(),
            client: self.optional_text(),
            asn: self.optional(Reader::number_as),
            country: self.optional_text(),
            hosting: self.optional_of(&[false, true]),
        }
    }

    fn target(&mut self) -> Target<'a> {
        Target { kind: self.text(), name: self.text(), container: self.text(), account: self.optional_text() }
    }

    fn progress(&mut self) -> PartitionProgress<'a> {
        PartitionProgress {
            topic: self.text(),
            partition: self.signed_as(),
            newest: self.optional(Reader::time),
            at_end: self.flag(),
        }
    }

    /// What is there, or else something empty and a damage.
    #[inline(always)]
    fn sound<T: Default>(&mut self, value: Option<T>) -> T {
        match value {
            Some(value) => value,
            None => {
                self.damage();
                T::default()
            }
        }
    }

    #[cold]
    fn damage(&mut self) {
        self.damaged_at.get_or_insert(self.at);
    }

    #[inline(always)]
    fn byte(&mut self) -> u8 {
        let byte = self.text.as_bytes().get(self.at).copied();
        self.at += usize::from(byte.is_some());
        self.sound(byte)
    }

    fn flag(&mut self) -> bool {
        self.one_of(&[false, true])
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        let place = usize::from(self.byte());
        let value = all.get(place).copied();
        if value.is_none() {
            self.damage();
        }
        value.unwrap_or(all[0])
    }

    fn optional_of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        match self.byte() {
            0 => None,
            place => {
                let value = all.get(usize::from(place) - 1).copied();
                if value.is_none() {
                    self.damage();
                }
                value
            }
        }
    }

    #[inline(always)]
    fn number(&mut self) -> u64 {
        let first = self.byte();
        if first < MORE { first.into() } else { self.long_number(first) }
    }

    fn long_number(&mut self, first: u8) -> u64 {
        let (mut number, mut shift) = (u64::from(first & LAST_BITS), 0);
        loop {
            let byte = self.byte();
            shift += MORE.trailing_zeros();
            let bits = u64::from(byte & LAST_BITS);
            let shifted = bits.checked_shl(shift).filter(|shifted| shifted >> shift == bits);
            number |= self.sound(shifted);
            if byte < MORE || self.damaged_at.is_some() {
                return number;
            }
        }
    }

    fn number_as<T: TryFrom<u64> + Default>(&mut self) -> T {
        let number = self.number().try_into().ok();
        self.sound(number)
    }

    fn signed(&mut self) -> i64 {
        let number = self.number();
        (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
    }

    fn signed_as<T: TryFrom<i64> + Default>(&mut self) -> T {
        let number = self.signed().try_into().ok();
        self.sound(number)
    }

    fn time(&mut self) -> Timestamp {
        Timestamp::from_millis(self.signed())
    }

    #[inline]
    fn text(&mut self) -> Text<'a> {
        let number = self.number();
        Cow::Borrowed(self.text_of(number))
    }

    #[inline]
    fn optional_text(&mut self) -> Option<Text<'a>> {
        match self.number() {
            0 => None,
            number => Some(Cow::Borrowed(self.text_of(number - 1))),
        }
    }

    #[inline]
    fn text_of(&mut self, number: u64) -> &'a str {
        if number % 2 == 1 {
            let heard = self.heard.get(number / 2);
            return self.sound(heard);
        }
        let text = self.taken(number / 2);
        self.heard.note(text);
        text
    }

    fn unique(&mut self) -> Text<'a> {
        let bytes = self.number();
        Cow::Borrowed(self.taken(bytes))
    }

    #[inline]
    fn taken(&mut self, bytes: u64) -> &'a str {
        let end = usize::try_from(bytes).ok().and_then(|bytes| self.at.checked_add(bytes));
        let text = end.and_then(|end| self.text.get(self.at..end));
        self.at += text.map_or(0, str::len);
        self.sound(text)
    }

    fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.flag().then(|| read(self))
    }

    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = self.number_as();
        // Each takes a byte at least, so that a damaged count cannot ask for more memory than a multiple of the record's.
        if count > self.text.len() - self.at {
            self.damage();
            return Vec::new();
        }
        let mut list = Vec::with_capacity(count);
        while list.len() < count && self.damaged_at.is_none() {
            list.push(read(self));
        }
        list
    }
}
