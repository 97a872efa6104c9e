//! Writes entries: field after field, in the order of the types' declarations.

use super::super::{
    Action, Actor, Attributed, Credential, Delegator, Event, Identity, Issuer, Origin, Position, Target,
};
use super::said::{Found, Said};
use super::{Entry, LAST_BITS, MORE, PartitionProgress, Tick, Timestamp};

/// A record that is being written.
pub(super) struct Writer<'b> {
    pub(super) bytes: &'b mut Vec<u8>,
    /// The texts in it; none where it gets one entry only.
    pub(super) said: Option<&'b mut Said>,
}

impl Writer<'_> {
    pub(super) fn entry(&mut self, entry: &Entry<'_>) {
        match entry {
            Entry::Event(Attributed { position, identity, event }) => self.event_entry(position, identity, event),
            Entry::Tick(tick) => {
                self.byte(1);
                self.tick(tick);
            }
        }
    }

    pub(super) fn event_entry(&mut self, position: &Position<'_>, identity: &Identity<'_>, event: &Event<'_>) {
        self.byte(0);
        self.position(position);
        self.identity(identity);
        self.event(event);
    }

    fn position(&mut self, Position { topic, partition, epoch, offset, index }: &Position<'_>) {
        self.text(topic);
        self.signed((*partition).into());
        self.number((*epoch).into());
        self.signed(*offset);
        self.number((*index).into());
    }

    fn identity(&mut self, identity: &Identity<'_>) {
        let Identity { scope, principal, template, kind, kind_reason, owner, vendor, criticality } = identity;
        for text in [scope, principal, template] {
            self.text(text);
        }
        self.byte(*kind as u8);
        self.text(kind_reason);
        self.optional_text(owner.as_deref());
        self.optional_text(vendor.as_deref());
        self.optional_byte(criticality.map(|criticality| criticality as u8));
    }

    fn event(&mut self, event: &Event<'_>) {
        let Event { source, provider, id, time, actor, action, outcome, error, origin, .. } = event;
        let Event { region, target_account, targets, issued, .. } = event;
        self.byte(*source as u8);
        self.text(provider);
        self.unique(id);
        self.time(*time);
        self.actor(actor);
        self.action(action);
        self.byte(*outcome as u8);
        self.optional_text(error.as_deref());
        self.origin(origin);
        self.optional_text(region.as_deref());
        self.optional_text(target_account.as_deref());
        self.list(targets, Writer::target);
        self.list(issued, |writer, id| writer.text(id));
    }

    fn actor(&mut self, actor: &Actor<'_>) {
        let Actor { class, name, uid, short_name, account, issuer, session, credential, delegators, via_service } =
            actor;
        self.text(class);
        self.text(name);
        for text in [uid, short_name, account] {
            self.optional_text(text.as_deref());
        }
        self.optional(issuer.as_ref(), Writer::issuer);
        self.optional_text(session.as_deref());
        self.optional(credential.as_ref(), Writer::credential);
        self.list(delegators, Writer::delegator);
        self.flag(*via_service);
    }

    fn issuer(&mut self, Issuer { class, name, short_name, account }: &Issuer<'_>) {
        for text in [class, name, short_name] {
            self.text(text);
        }
        self.optional_text(account.as_deref());
    }

    fn credential(&mut self, Credential { id, class, issued, mfa }: &Credential<'_>) {
        self.text(id);
        self.byte(*class as u8);
        self.optional(issued.as_ref(), |writer, issued| writer.time(*issued));
        self.flag(*mfa);
    }

    fn delegator(&mut self, Delegator { relation, name }: &Delegator<'_>) {
        self.byte(*relation as u8);
        self.text(name);
    }

    fn action(&mut self, Action { service, operation, access, sensitivity, tactic, technique }: &Action<'_>) {
        self.text(service);
        self.text(operation);
        self.byte(*access as u8);
        self.optional_byte(sensitivity.map(|class| class as u8));
        self.optional_byte(tactic.map(|tactic| tactic as u8));
        self.optional_text(technique.as_deref());
    }

    fn origin(&mut self, origin: &Origin<'_>) {
        let Origin { ip, network, class, user_agent, client, asn, country, hosting } = origin;
        self.optional_text(ip.as_deref());
        self.optional_text(network.as_deref());
        self.byte(*class as u8);
        self.optional_text(user_agent.as_deref());
        self.optional_text(client.as_deref());
        self.optional(asn.as_ref(), |writer, asn| writer.number((*asn).into()));
        self.optional_text(country.as_deref());
        self.optional_byte(hosting.map(u8::from));
    }

    fn target(&mut self, Target { kind, name, container, account }: &Target<'_>) {
        for text in [kind, name, container] {
            self.text(text);
        }
        self.optional_text(account.as_deref());
    }

    fn tick(&mut self, Tick { clock, partitions }: &Tick<'_>) {
        self.time(*clock);
        self.list(partitions, Writer::progress);
    }

    fn progress(&mut self, PartitionProgress { topic, partition, newest, at_end }: &PartitionProgress<'_>) {
        self.text(topic);
        self.signed((*partition).into());
        self.optional(newest.as_ref(), |writer, newest| writer.time(*newest));
        self.flag(*at_end);
    }

    fn byte(&mut self, byte: u8) {
        debug_assert!(byte < MORE, "what is written here has few values");
        self.bytes.push(byte);
    }

    fn flag(&mut self, flag: bool) {
        self.byte(flag.into());
    }

    fn optional_byte(&mut self, byte: Option<u8>) {
        self.byte(byte.map_or(0, |byte| byte + 1));
    }

    #[inline]
    fn number(&mut self, mut number: u64) {
        while number >= u64::from(MORE) {
            self.bytes.push(MORE | (number & u64::from(LAST_BITS)) as u8);
            number >>= MORE.trailing_zeros();
        }
        self.bytes.push(number as u8);
    }

    /// Small numbers of either sign take few bytes ("zigzag", as Protocol Buffers write `sint64`).
    fn signed(&mut self, number: i64) {
        self.number((number.cast_unsigned() << 1) ^ (number >> 63).cast_unsigned());
    }

    fn time(&mut self, time: Timestamp) {
        self.signed(time.as_millis());
    }

    /// Twice its length and the text, or twice its number and one more.
    #[inline]
    fn text(&mut self, text: &str) {
        self.text_behind(0, text);
    }

    /// The same number and one more; 0 where there is none.
    #[inline]
    fn optional_text(&mut self, text: Option<&str>) {
        match text {
            None => self.byte(0),
            Some(text) => self.text_behind(1, text),
        }
    }

    fn text_behind(&mut self, more: u64, text: &str) {
        let found = self.said.as_deref().map_or(Found::Unworthy, |said| said.find(self.bytes, text));
        if let Found::Before(number) = found {
            return self.number(2 * number as u64 + 1 + more);
        }
        self.number(2 * text.len() as u64 + more);
        if let (Found::New(place), Some(said)) = (found, self.said.as_deref_mut()) {
            said.note(place, self.bytes.len(), text);
        }
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// A text that hardly comes twice.
    fn unique(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn optional<T>(&mut self, value: Option<&T>, write: impl FnOnce(&mut Self, &T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn list<T>(&mut self, values: &[T], mut write: impl FnMut(&mut Self, &T)) {
        self.number(values.len() as u64);
        for value in values {
            write(self, value);
        }
    }
}
