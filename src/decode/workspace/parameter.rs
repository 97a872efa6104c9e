//! The parameters of an event that anything is made of, found in one walk over all of them.
//!
//! In: what an event has under `parameters`: a list (`[{"name": …, "value": …}]`) or, where a collector made it one, an object.
//! Out: those that are known, in order, each with its value whatever its type. Names in capitals and in small letters are the same.

use smallvec::SmallVec;

use super::super::json::Value;
use super::super::lookup::{Index, hash_folded};
use super::super::text;
use crate::event::Text;

/// A parameter: its name, and the kind of what it names where that may be a target.
type Known = (&'static str, Option<&'static str>);

#[rustfmt::skip]
const KNOWN: [Known; 30] = [
    ("affected_email_address", Some("workspace:user")),
    ("api_name", Some("workspace:api")),
    ("app_name", Some("workspace:app_name")),
    ("application_name", Some("workspace:application")),
    ("client_id", Some("workspace:app")),
    ("doc_id", Some("workspace:document")),
    ("domain_name", Some("workspace:domain")),
    ("email_forwarding_destination_address", Some("workspace:destination")),
    ("group_email", Some("workspace:group")),
    ("group_id", Some("workspace:group")),
    ("api_client_name", Some("workspace:app")),
    ("api_scopes", Some("workspace:scope")),
    ("method_name", Some("workspace:method")),
    ("oauth2_app_id", Some("workspace:app")),
    ("org_unit_name", Some("workspace:org_unit")),
    ("privilege_name", Some("workspace:privilege")),
    ("role_name", Some("workspace:role")),
    ("scope", Some("workspace:scope")),
    ("setting_name", Some("workspace:setting")),
    ("shared_drive_id", Some("workspace:shared_drive")),
    ("target_domain", Some("workspace:domain")),
    ("target_user", Some("workspace:user")),
    ("user_email", Some("workspace:user")),
    ("device_user", None),
    ("event_result", None),
    ("failure_type", None),
    ("login_challenge_status", None),
    ("login_failure_reason", None),
    ("login_failure_type", None),
    ("owner", None),
];

static PLACES: Index<128> = {
    let (mut index, mut row) = (Index::empty(), 0);
    while row < KNOWN.len() {
        index.add(hash_folded(KNOWN[row].0.as_bytes()), row);
        row += 1;
    }
    index
};

/// The parameters of one event that are known.
#[derive(Debug, Default)]
pub struct Parameters<'t, 'a> {
    found: SmallVec<[(&'static Known, Value<'t, 'a>); 8]>,
}

impl<'t, 'a> Parameters<'t, 'a> {
    /// Those in a list or an object, where there is any.
    pub fn of(parameters: Option<Value<'t, 'a>>) -> Parameters<'t, 'a> {
        let mut known = Parameters::default();
        let Some(parameters) = parameters else { return known };
        for (name, value) in parameters.items().filter_map(listed) {
            known.note(name.as_bytes(), value);
        }
        parameters.visit(|name, value| {
            if !value.is_null() {
                known.note(name, value);
            }
            true
        });
        known
    }

    fn note(&mut self, name: &[u8], value: Value<'t, 'a>) {
        let row = PLACES.find(hash_folded(name), |row| text::is(name, KNOWN[row].0.as_bytes()));
        if let Some(row) = row {
            self.found.push((&KNOWN[row], value));
        }
    }

    /// The text of a parameter, or the first of several.
    pub fn text(&self, name: &str) -> Option<Text<'a>> {
        debug_assert!(KNOWN.iter().any(|(known, _)| *known == name), "{name} is never found");
        let (_, value) = self.found.iter().find(|((known, _), _)| *known == name)?;
        value.text_or_digits().or_else(|| value.items().find_map(Value::filled))
    }

    /// Those that may be targets, each with its kind.
    pub fn targets(&self) -> impl Iterator<Item = (&'static str, Value<'t, 'a>)> {
        self.found.iter().filter_map(|((_, kind), value)| Some(((*kind)?, *value)))
    }
}

/// A listed parameter: its name, and its value whatever its type.
fn listed<'t, 'a>(parameter: Value<'t, 'a>) -> Option<(Text<'a>, Value<'t, 'a>)> {
    let (mut name, mut values) = (None, [None; 5]);
    parameter.visit(|key, value| {
        let place = match key {
            b"name" => &mut name,
            b"value" => &mut values[0],
            b"multiValue" => &mut values[1],
            b"boolValue" => &mut values[2],
            b"intValue" => &mut values[3],
            b"multiIntValue" => &mut values[4],
            _ => return true,
        };
        *place = (!value.is_null()).then_some(value);
        true
    });
    Some((name?.filled()?, values.into_iter().find_map(|value| value)?))
}
