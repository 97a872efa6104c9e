//! The members of an activity that anything is made of, and its events.
//!
//! In comes the record, out go values in it. Data lakes write names in small letters (`ipaddress`), Java's client a time as an
//! object (`{"value": …}`).

use super::super::json::Value;
use super::super::known::{Key, Known, keys};
use super::parameter::Parameters;
use crate::event::Text;

/// An activity's members.
#[derive(Debug, Default)]
pub struct Record<'t, 'a> {
    pub id: Id<'t, 'a>,
    pub actor: Who<'t, 'a>,
    pub owner_domain: Option<Text<'a>>,
    pub ip_address: Option<Text<'a>>,
    /// What Google says of where the address is.
    pub place: Option<Value<'t, 'a>>,
    /// The list of events, or the only one.
    events: Option<Value<'t, 'a>>,
    /// The members of the only event, where they are the activity's own.
    lifted: Happening<'t, 'a>,
    /// Panther's copy of the time.
    copied_time: Option<Value<'t, 'a>>,
}

/// One event of an activity.
#[derive(Debug, Clone, Copy, Default)]
pub struct Happening<'t, 'a> {
    pub name: Option<Value<'t, 'a>>,
    pub class: Option<Value<'t, 'a>>,
    parameters: Option<Value<'t, 'a>>,
}

impl<'t, 'a> Record<'t, 'a> {
    /// The members of one activity.
    pub fn of(known: &Known<'t, 'a>) -> Record<'t, 'a> {
        const NAMES: [Key; 13] = keys([
            // How Splunk's add-on writes an activity's only event.
            "event",
            "ownerdomain",
            "ipaddress",
            "id",
            "actor",
            "ownerDomain",
            "ipAddress",
            "events",
            "p_event_time",
            "name",
            "type",
            "parameters",
            "networkInfo",
        ]);
        let [event, domain, address, id, actor, owner_domain, ip_address, events, rest @ ..] =
            NAMES.map(|key| known.given(key));
        let [copied_time, name, class, parameters, place] = rest;
        Record {
            id: Id::find(id),
            actor: Who::find(actor),
            owner_domain: owner_domain.or(domain).and_then(Value::filled),
            ip_address: ip_address.or(address).and_then(Value::filled),
            events: events.or(event.filter(|event| event.is_object())),
            lifted: Happening { name, class, parameters },
            place,
            copied_time,
        }
    }

    /// Its events, in order.
    pub fn happenings(&self) -> impl Iterator<Item = Happening<'t, 'a>> {
        let listed = self.events.into_iter().flat_map(Value::items);
        let only = self.events.filter(|events| events.is_object());
        let lifted = self.events.is_none().then_some(self.lifted);
        listed.chain(only).map(Happening::find).chain(lifted)
    }

    /// The first of them.
    pub fn first(&self) -> Option<Happening<'t, 'a>> {
        let Some(events) = self.events else { return Some(self.lifted) };
        let first = if events.is_object() { Some(events) } else { events.items().next() };
        first.map(Happening::find)
    }

    /// Whether it has one event and no more.
    pub fn is_single(&self) -> bool {
        self.events.is_none_or(|events| events.items().nth(1).is_none())
    }

    /// When it happened.
    pub fn time(&self) -> Option<Value<'t, 'a>> {
        self.id.time.or(self.copied_time)
    }
}

/// What tells an activity from others.
#[derive(Debug, Clone, Copy, Default)]
pub struct Id<'t, 'a> {
    time: Option<Value<'t, 'a>>,
    pub application: Option<Value<'t, 'a>>,
    pub customer: Option<Value<'t, 'a>>,
    pub qualifier: Option<Value<'t, 'a>>,
}

impl<'t, 'a> Id<'t, 'a> {
    fn find(id: Option<Value<'t, 'a>>) -> Id<'t, 'a> {
        let (mut time, mut usual, mut small) = (None, [None; 3], [None; 3]);
        let Some(id) = id else { return Id::default() };
        id.visit(|key, value| {
            let place = match key {
                b"time" => &mut time,
                b"applicationName" => &mut usual[0],
                b"customerId" => &mut usual[1],
                b"uniqueQualifier" => &mut usual[2],
                b"applicationname" => &mut small[0],
                b"customerid" => &mut small[1],
                b"uniquequalifier" => &mut small[2],
                _ => return true,
            };
            *place = (!value.is_null()).then_some(value);
            true
        });
        Id {
            time: time.map(|time: Value<'_, '_>| time.at(&["value"]).unwrap_or(time)),
            application: usual[0].or(small[0]),
            customer: usual[1].or(small[1]),
            qualifier: usual[2].or(small[2]),
        }
    }
}

/// The members of its actor.
#[derive(Debug, Default)]
pub struct Who<'t, 'a> {
    pub mail: Option<Text<'a>>,
    pub key: Option<Text<'a>>,
    pub caller_type: Option<Text<'a>>,
    pub profile: Option<Text<'a>>,
    /// The app through which he acts.
    pub application: Option<Value<'t, 'a>>,
}

impl<'t, 'a> Who<'t, 'a> {
    fn find(actor: Option<Value<'t, 'a>>) -> Who<'t, 'a> {
        let (mut mail, mut key, mut caller_type, mut profile, mut application) = (None, None, None, None, None);
        let Some(actor) = actor else { return Who::default() };
        actor.visit(|name, value| {
            let place = match name {
                b"email" => &mut mail,
                b"key" => &mut key,
                b"callerType" => &mut caller_type,
                b"profileId" => &mut profile,
                b"applicationInfo" => &mut application,
                _ => return true,
            };
            *place = (!value.is_null()).then_some(value);
            true
        });
        let says = |value: Option<Value<'_, 'a>>| value.and_then(Value::filled);
        Who {
            mail: says(mail),
            key: says(key),
            caller_type: says(caller_type),
            profile: profile.and_then(Value::text_or_digits),
            application,
        }
    }
}

impl<'t, 'a> Happening<'t, 'a> {
    fn find(value: Value<'t, 'a>) -> Happening<'t, 'a> {
        let mut found = Happening::default();
        value.visit(|key, value| {
            let place = match key {
                b"name" => &mut found.name,
                b"type" => &mut found.class,
                b"parameters" => &mut found.parameters,
                _ => return true,
            };
            *place = (!value.is_null()).then_some(value);
            true
        });
        found
    }

    /// Its parameters of which anything is made.
    pub fn parameters(&self) -> Parameters<'t, 'a> {
        Parameters::of(self.parameters)
    }
}
