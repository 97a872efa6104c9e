//! JSON that stands as text within a record, as log services write nested columns: `"Claims":"{\"appid\":…}"`.
//!
//! In: a record that was read. Out: one text's JSON ([`Embedded`]), or the whole record with such texts replaced by what they
//! say ([`unfolded`]), so that a decoder reads one form only. What was read from either lives as long as its text; [`own`]
//! makes of it something that lives on.

use super::Decoded;
use super::json::{Document, Extent, Tape, Value, skip_space};
use crate::event::{Action, Actor, Credential, Delegator, Event, Issuer, Origin, Target, Text};

/// JSON that stood as text in a record, and the notes on it.
pub(super) struct Embedded {
    text: String,
    tape: Tape,
}

impl Embedded {
    /// Reads a text that holds one JSON object; none where it holds anything else.
    pub fn read(text: String, max_depth: usize) -> Option<Embedded> {
        let mut tape = Tape::with_room(text.len());
        match tape.read(text.as_bytes(), max_depth, |_, _| false) {
            Ok(Extent::Whole(end) | Extent::Doubtful(end)) if skip_space(text.as_bytes(), end) == text.len() => {
                Some(Embedded { text, tape })
            }
            _ => None,
        }
    }

    /// Reads the text of a value.
    pub fn of(value: Value<'_, '_>, max_depth: usize) -> Option<Embedded> {
        value.escaped_text().filter(|text| text.trim_ascii_start().starts_with(['{', '\\']))?;
        let text = value.filled()?.into_owned();
        let is_bare = text.starts_with('{') && text.ends_with('}');
        Embedded::read(if is_bare { text } else { text.trim_ascii().to_owned() }, max_depth)
    }

    /// What it says.
    pub fn document(&self) -> Document<'_, '_> {
        self.tape.document(self.text.as_bytes()).expect("it was read from a string")
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

/// A record whose own members of the wanted names hold JSON as text, with that JSON in place of the text; none where no
/// member does.
pub(super) fn unfolded(record: Value<'_, '_>, wanted: impl Fn(&str) -> bool, max_depth: usize) -> Option<Embedded> {
    let (whole, mut copied) = (record.as_written(), 0);
    let mut text = String::new();
    record.visit(|key, value| {
        let is_wanted = holds_json(value) && std::str::from_utf8(key).is_ok_and(&wanted);
        if let Some(json) = is_wanted.then(|| inner_json(value)).flatten() {
            let quoted = value.quoted_in(record);
            if copied == 0 {
                text.reserve(whole.len());
            }
            text.extend([&whole[copied..quoted.start], &json]);
            copied = quoted.end;
        }
        true
    });
    if copied == 0 {
        return None;
    }
    text.push_str(&whole[copied..]);
    Embedded::read(text, max_depth)
}

/// Whether a value is text that may be an object or a list.
#[inline(always)]
pub(super) fn holds_json(value: Value<'_, '_>) -> bool {
    match value.first_of_text() {
        Some(b'{' | b'[') => true,
        Some(byte) if byte <= b' ' => value.as_written().trim_ascii_start().starts_with(['{', '[']),
        _ => false,
    }
}

fn inner_json(value: Value<'_, '_>) -> Option<String> {
    let text = value.filled()?;
    serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok().then(|| text.into_owned())
}

/// The same with texts of its own.
pub(super) fn own(read: Decoded<'_>) -> Decoded<'static> {
    read.map(own_event)
}

fn own_event(event: Event<'_>) -> Event<'static> {
    let Action { service, operation, access, sensitivity, tactic, technique } = event.action;
    let Origin { ip, network, class, user_agent, client, asn, country, hosting } = event.origin;
    Event {
        source: event.source,
        provider: own_text(event.provider),
        id: own_text(event.id),
        time: event.time,
        actor: own_actor(event.actor),
        action: Action {
            service: own_text(service),
            operation: own_text(operation),
            access,
            sensitivity,
            tactic,
            technique: technique.map(own_text),
        },
        outcome: event.outcome,
        error: event.error.map(own_text),
        origin: Origin {
            ip: ip.map(own_text),
            network: network.map(own_text),
            class,
            user_agent: user_agent.map(own_text),
            client: client.map(own_text),
            asn,
            country: country.map(own_text),
            hosting,
        },
        region: event.region.map(own_text),
        target_account: event.target_account.map(own_text),
        targets: event.targets.into_iter().map(own_target).collect(),
        issued: event.issued.into_iter().map(own_text).collect(),
    }
}

fn own_actor(actor: Actor<'_>) -> Actor<'static> {
    let issuer = |issuer: Issuer<'_>| Issuer {
        class: own_text(issuer.class),
        name: own_text(issuer.name),
        short_name: own_text(issuer.short_name),
        account: issuer.account.map(own_text),
    };
    let credential =
        |it: Credential<'_>| Credential { id: own_text(it.id), class: it.class, issued: it.issued, mfa: it.mfa };
    let delegator = |it: Delegator<'_>| Delegator { relation: it.relation, name: own_text(it.name) };
    Actor {
        class: own_text(actor.class),
        name: own_text(actor.name),
        uid: actor.uid.map(own_text),
        short_name: actor.short_name.map(own_text),
        account: actor.account.map(own_text),
        issuer: actor.issuer.map(issuer),
        session: actor.session.map(own_text),
        credential: actor.credential.map(credential),
        delegators: actor.delegators.into_iter().map(delegator).collect(),
        via_service: actor.via_service,
    }
}

/// The same with texts of its own.
pub(super) fn own_target(target: Target<'_>) -> Target<'static> {
    let Target { kind, name, container, account } = target;
    Target {
        kind: own_text(kind),
        name: own_text(name),
        container: own_text(container),
        account: account.map(own_text),
    }
}

/// The same with its own text.
pub(super) fn own_text(text: Text<'_>) -> Text<'static> {
    Text::Owned(text.into_owned())
}
