//! The members of an activity that anything is made of, and its events with their parameters.
//!
//! In comes the record, out go values in it. Parameters are a list (`[{"name": …, "value": …}]`) or, where a collector
//! made them one, an object.

use super::super::json::Value;
use crate::event::Text;

/// An activity's members.
#[derive(Debug, Default)]
pub struct Record<'t, 'a> {
    pub id: Option<Value<'t, 'a>>,
    pub actor: Option<Value<'t, 'a>>,
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
    /// Finds the members of one activity.
    pub fn find(value: Value<'t, 'a>) -> Record<'t, 'a> {
        let mut found = Record { lifted: Happening::find(value), ..Record::default() };
        for (key, value) in value.members().filter(|(_, value)| !value.is_null()) {
            match key.as_ref() {
                "id" => found.id = Some(value),
                "actor" => found.actor = Some(value),
                "ownerDomain" => found.owner_domain = value.filled(),
                "ipAddress" => found.ip_address = value.filled(),
                "events" => found.events = Some(value),
                "p_event_time" => found.copied_time = Some(value),
                _ => {}
            }
        }
        found
    }

    /// Its events, in order.
    pub fn happenings(&self) -> impl Iterator<Item = Happening<'t, 'a>> {
        let listed = self.events.into_iter().flat_map(Value::items);
        let only = self.events.filter(|events| events.is_object());
        let lifted = self.events.is_none().then_some(self.lifted);
        listed.chain(only).map(Happening::find).chain(lifted)
    }

    /// When it happened.
    pub fn time(&self) -> Option<Value<'t, 'a>> {
        self.id.and_then(|id| id.at(&["time"])).or(self.copied_time)
    }

    /// A text of the id.
    pub fn id_text(&self, name: &str) -> Option<Text<'a>> {
        self.id?.text_at(&[name])
    }

    /// A text of the actor.
    pub fn actor_text(&self, path: &[&str]) -> Option<Text<'a>> {
        self.actor?.text_at(path)
    }
}

impl<'t, 'a> Happening<'t, 'a> {
    fn find(value: Value<'t, 'a>) -> Happening<'t, 'a> {
        let mut found = Happening::default();
        for (key, value) in value.members().filter(|(_, value)| !value.is_null()) {
            match key.as_ref() {
                "name" => found.name = Some(value),
                "type" => found.class = Some(value),
                "parameters" => found.parameters = Some(value),
                _ => {}
            }
        }
        found
    }

    /// The value of a parameter; names in capitals and in small letters are the same.
    pub fn parameter(&self, name: &str) -> Option<Value<'t, 'a>> {
        let found = self.parameters().find(|(of, _)| of.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value)
    }

    /// Every parameter, by name.
    pub fn parameters(&self) -> impl Iterator<Item = (Text<'a>, Value<'t, 'a>)> {
        let listed = self.parameters.into_iter().flat_map(Value::items);
        let listed = listed.filter_map(|one| Some((one.text_at(&["name"])?, value_of(one)?)));
        let members = self.parameters.into_iter().flat_map(Value::members).filter(|(_, value)| !value.is_null());
        listed.chain(members)
    }
}

/// The value of a listed parameter, whatever its type.
fn value_of<'t, 'a>(parameter: Value<'t, 'a>) -> Option<Value<'t, 'a>> {
    const NAMES: [&str; 5] = ["value", "multiValue", "boolValue", "intValue", "multiIntValue"];
    NAMES.into_iter().find_map(|name| parameter.at(&[name]))
}

/// The text of a parameter, or the first of several.
pub fn first_text<'a>(value: Value<'_, 'a>) -> Option<Text<'a>> {
    value.text_or_digits().or_else(|| value.items().find_map(Value::filled))
}
