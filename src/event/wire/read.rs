//! Reads entries back. None stands for bytes that were not written so.

use std::borrow::Cow;

use super::super::{
    Access, Action, Actor, Attributed, Credential, CredentialClass, Criticality, Delegator, Event, Identity, Issuer,
    Kind, NetworkClass, Origin, Outcome, Position, Relation, Sensitivity, Source, Tactic, Target, Text,
};
use super::said::Heard;
use super::{Entry, LAST_BITS, MORE, PartitionProgress, Tick, Timestamp};

/// A record, and how far it was read.
pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
    heard: Heard<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Reader<'a> {
        Reader { text, at: 0, heard: Heard::default() }
    }

    /// How many bytes were read.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.text.len()
    }

    pub(super) fn entry(&mut self) -> Option<Entry<'a>> {
        match self.byte()? {
            0 => Some(Entry::Event(Attributed {
                position: self.position()?,
                identity: self.identity()?,
                event: self.event()?,
            })),
            1 => Some(Entry::Tick(Tick { clock: self.time()?, partitions: self.list(Reader::progress)? })),
            _ => None,
        }
    }

    fn position(&mut self) -> Option<Position<'a>> {
        Some(Position {
            topic: self.text()?,
            partition: self.signed()?.try_into().ok()?,
            epoch: self.number()?.try_into().ok()?,
            offset: self.signed()?,
            index: self.number()?.try_into().ok()?,
        })
    }

    fn identity(&mut self) -> Option<Identity<'a>> {
        Some(Identity {
            scope: self.text()?,
            principal: self.text()?,
            template: self.text()?,
            kind: self.one_of(&Kind::ALL)?,
            kind_reason: self.text()?,
            owner: self.optional_text()?,
            vendor: self.optional_text()?,
            criticality: self.optional_of(&Criticality::ALL)?,
        })
    }

    fn event(&mut self) -> Option<Event<'a>> {
        Some(Event {
            source: self.one_of(&Source::ALL)?,
            provider: self.text()?,
            id: self.unique()?,
            time: self.time()?,
            actor: self.actor()?,
            action: self.action()?,
            outcome: self.one_of(&Outcome::ALL)?,
            error: self.optional_text()?,
            origin: self.origin()?,
            region: self.optional_text()?,
            target_account: self.optional_text()?,
            targets: self.list(Reader::target)?,
            issued: self.list(Reader::text)?,
        })
    }

    fn actor(&mut self) -> Option<Actor<'a>> {
        Some(Actor {
            class: self.text()?,
            name: self.text()?,
            uid: self.optional_text()?,
            short_name: self.optional_text()?,
            account: self.optional_text()?,
            issuer: self.optional(Reader::issuer)?,
            session: self.optional_text()?,
            credential: self.optional(Reader::credential)?,
            delegators: self.list(Reader::delegator)?,
            via_service: self.flag()?,
        })
    }

    fn issuer(&mut self) -> Option<Issuer<'a>> {
        let (class, name, short_name) = (self.text()?, self.text()?, self.text()?);
        Some(Issuer { class, name, short_name, account: self.optional_text()? })
    }

    fn credential(&mut self) -> Option<Credential<'a>> {
        Some(Credential {
            id: self.text()?,
            class: self.one_of(&CredentialClass::ALL)?,
            issued: self.optional(Reader::time)?,
            mfa: self.flag()?,
        })
    }

    fn delegator(&mut self) -> Option<Delegator<'a>> {
        Some(Delegator { relation: self.one_of(&Relation::ALL)?, name: self.text()? })
    }

    fn action(&mut self) -> Option<Action<'a>> {
        Some(Action {
            service: self.text()?,
            operation: self.text()?,
            access: self.one_of(&Access::ALL)?,
            sensitivity: self.optional_of(&Sensitivity::ALL)?,
            tactic: self.optional_of(&Tactic::ALL)?,
            technique: self.optional_text()?,
        })
    }

    fn origin(&mut self) -> Option<Origin<'a>> {
        Some(Origin {
            ip: self.optional_text()?,
            network: self.optional_text()?,
            class: self.one_of(&NetworkClass::ALL)?,
            user_agent: self.optional_text()?,
            client: self.optional_text()?,
            asn: self.optional(|reader| reader.number()?.try_into().ok())?,
            country: self.optional_text()?,
            hosting: self.optional_of(&[false, true])?,
        })
    }

    fn target(&mut self) -> Option<Target<'a>> {
        let (kind, name, container) = (self.text()?, self.text()?, self.text()?);
        Some(Target { kind, name, container, account: self.optional_text()? })
    }

    fn progress(&mut self) -> Option<PartitionProgress<'a>> {
        Some(PartitionProgress {
            topic: self.text()?,
            partition: self.signed()?.try_into().ok()?,
            newest: self.optional(Reader::time)?,
            at_end: self.flag()?,
        })
    }

    #[inline]
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.text.as_bytes().get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn flag(&mut self) -> Option<bool> {
        self.one_of(&[false, true])
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> Option<T> {
        all.get(usize::from(self.byte()?)).copied()
    }

    fn optional_of<T: Copy>(&mut self, all: &[T]) -> Option<Option<T>> {
        match self.byte()? {
            0 => Some(None),
            place => all.get(usize::from(place) - 1).map(|value| Some(*value)),
        }
    }

    #[inline]
    fn number(&mut self) -> Option<u64> {
        let first = self.byte()?;
        if first < MORE { Some(first.into()) } else { self.long_number(first) }
    }

    fn long_number(&mut self, first: u8) -> Option<u64> {
        let (mut number, mut shift) = (u64::from(first & LAST_BITS), 0);
        loop {
            let byte = self.byte()?;
            shift += MORE.trailing_zeros();
            let bits = u64::from(byte & LAST_BITS);
            number |= bits.checked_shl(shift).filter(|shifted| shifted >> shift == bits)?;
            if byte < MORE {
                return Some(number);
            }
        }
    }

    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    fn time(&mut self) -> Option<Timestamp> {
        self.signed().map(Timestamp::from_millis)
    }

    #[inline]
    fn text(&mut self) -> Option<Text<'a>> {
        let number = self.number()?;
        self.text_of(number).map(Cow::Borrowed)
    }

    #[inline]
    fn optional_text(&mut self) -> Option<Option<Text<'a>>> {
        match self.number()? {
            0 => Some(None),
            number => self.text_of(number - 1).map(|text| Some(Cow::Borrowed(text))),
        }
    }

    #[inline]
    fn text_of(&mut self, number: u64) -> Option<&'a str> {
        if number % 2 == 1 {
            return self.heard.get(number / 2);
        }
        let text = self.taken(number / 2)?;
        self.heard.note(text);
        Some(text)
    }

    fn unique(&mut self) -> Option<Text<'a>> {
        let bytes = self.number()?;
        self.taken(bytes).map(Cow::Borrowed)
    }

    #[inline]
    fn taken(&mut self, bytes: u64) -> Option<&'a str> {
        let end = self.at.checked_add(usize::try_from(bytes).ok()?)?;
        let text = self.text.get(self.at..end)?;
        self.at = end;
        Some(text)
    }

    fn optional<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.flag()? { read(self).map(Some) } else { Some(None) }
    }

    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = usize::try_from(self.number()?).ok()?;
        // Each takes a byte at least, so that a damaged count cannot ask for more memory than a multiple of the record's.
        if count > self.text.len() - self.at {
            return None;
        }
        let mut list = Vec::with_capacity(count);
        for _ in 0..count {
            list.push(read(self)?);
        }
        Some(list)
    }
}
