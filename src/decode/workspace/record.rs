//! The members of an activity that anything is made of, and its events with their parameters.
//!
//! In comes the record, out go values in it. Data lakes write names in small letters (`ipaddress`), Java's client a time as an
//! object (`{"value": …}`). Parameters are a list (`[{"name": …, "value": …}]`) or, where a collector
//! made them one, an object.

use super::super::json::Value;
use super::super::known::{Key, Known, keys};
use super::super::names::Names;
use super::super::text;
use crate::event::Text;

/// An activity's members.
#[derive(Debug, Default)]
pub struct Record<'t, 'a> {
    pub id: Id<'t, 'a>,
    pub actor: Who<'t, 'a>,
    pub owner_domain: Option<Text<'a>>,
    pub ip_address: Option<Text<'a>>,
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
        const NAMES: [Key; 12] = keys([
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
        ]);
        let [event, domain, address, id, actor, owner_domain, ip_address, events, rest @ ..] =
            NAMES.map(|key| known.given(key));
        let [copied_time, name, class, parameters] = rest;
        Record {
            id: Id::find(id),
            actor: Who::find(actor),
            owner_domain: owner_domain.or(domain).and_then(Value::filled),
            ip_address: ip_address.or(address).and_then(Value::filled),
            events: events.or(event.filter(|event| event.is_object())),
            lifted: Happening { name, class, parameters },
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
        static NAMES: Names<7> = Names::new([
            "applicationname",
            "customerid",
            "uniquequalifier",
            "time",
            "applicationName",
            "customerId",
            "uniqueQualifier",
        ]);
        let [small_application, small_customer, small_qualifier, time, application, customer, qualifier] =
            NAMES.within(id);
        Id {
            time: time.map(|time| time.at(&["value"]).unwrap_or(time)),
            application: application.or(small_application),
            customer: customer.or(small_customer),
            qualifier: qualifier.or(small_qualifier),
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
        static NAMES: Names<5> = Names::new(["email", "key", "callerType", "profileId", "applicationInfo"]);
        let [mail, key, caller_type, profile, application] = NAMES.within(actor);
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
        static NAMES: Names<3> = Names::new(["name", "type", "parameters"]);
        let [name, class, parameters] = NAMES.of(value);
        Happening { name, class, parameters }
    }

    /// The value of a parameter; names in capitals and in small letters are the same.
    pub fn parameter(&self, name: &str) -> Option<Value<'t, 'a>> {
        let is_it = |of: &str| text::is(of.as_bytes(), name.as_bytes());
        let listed = self.parameters.into_iter().flat_map(Value::items);
        let mut named = listed.filter(|item| item.member("name").and_then(Value::text).is_some_and(|of| is_it(&of)));
        named.find_map(listed_one).map(|(_, value)| value).or_else(|| {
            let mut members = self.members();
            members.find(|(of, _)| is_it(of)).map(|(_, value)| value)
        })
    }

    /// Every parameter, by name.
    pub fn parameters(&self) -> impl Iterator<Item = (Text<'a>, Value<'t, 'a>)> {
        let listed = self.parameters.into_iter().flat_map(Value::items);
        let listed = listed.filter_map(listed_one);
        listed.chain(self.members())
    }

    /// Those that are no list.
    fn members(&self) -> impl Iterator<Item = (Text<'a>, Value<'t, 'a>)> {
        self.parameters.into_iter().flat_map(Value::members).filter(|(_, value)| !value.is_null())
    }
}

/// A listed parameter: its name, and its value whatever its type.
fn listed_one<'t, 'a>(parameter: Value<'t, 'a>) -> Option<(Text<'a>, Value<'t, 'a>)> {
    static NAMES: Names<6> = Names::new(["name", "value", "multiValue", "boolValue", "intValue", "multiIntValue"]);
    let [name, values @ ..] = NAMES.of(parameter);
    Some((name?.filled()?, values.into_iter().flatten().next()?))
}

/// The text of a parameter, or the first of several.
pub fn first_text<'a>(value: Value<'_, 'a>) -> Option<Text<'a>> {
    value.text_or_digits().or_else(|| value.items().find_map(Value::filled))
}
