//! A record that is put together again from its parts: from a table's columns, say.
//!
//! In: the parts, wherever they were kept, and their places. Out: the record as its own log writes it, to be read by that log's
//! decoder.

use super::embedded::Embedded;
use super::json::Value;
use crate::event::Text;

/// The parts of a record: a path in it, and its text or the JSON that stands there.
#[derive(Debug, Default)]
pub struct Rebuilt {
    text: String,
    open: Vec<&'static str>,
}

impl Rebuilt {
    /// Adds a text at a path of at most four members; paths that begin alike follow one another.
    pub fn text(&mut self, path: &[&'static str], text: Option<Text<'_>>) {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            let quoted = serde_json::to_string(&*text).expect("a text is JSON");
            self.raw(path, &quoted);
        }
    }

    /// Adds a value: a text that holds an object or a list as that, anything else as it is.
    pub fn value(&mut self, path: &[&'static str], value: Value<'_, '_>) {
        match held(value) {
            Some(json) => self.raw(path, &json),
            None if value.is_text() => self.raw(path, &["\"", value.as_written(), "\""].concat()),
            None => self.raw(path, value.as_written()),
        }
    }

    /// Adds what a value says: an object or list as it is, a text that holds one as that.
    pub fn json(&mut self, path: &[&'static str], value: Option<Value<'_, '_>>) {
        let Some(value) = value else { return };
        if !value.is_text() {
            return self.raw(path, value.as_written());
        }
        if let Some(json) = held(value) {
            self.raw(path, &json);
        }
    }

    /// Adds JSON.
    pub fn raw(&mut self, path: &[&'static str], json: &str) {
        let (name, around) = path.split_last().expect("a path");
        let kept = self.open.iter().zip(around).take_while(|(open, wanted)| open == wanted).count();
        for _ in kept..self.open.len() {
            self.text.push('}');
        }
        self.open.truncate(kept);
        for member in &around[kept..] {
            self.member(member);
            self.text.push('{');
            self.open.push(member);
        }
        self.member(name);
        self.text.push_str(json);
    }

    fn member(&mut self, name: &str) {
        if self.text.is_empty() {
            self.text.push('{');
        }
        if !self.text.ends_with('{') {
            self.text.push(',');
        }
        self.text.extend(["\"", name, "\":"]);
    }

    /// The record; none where what was put together is no JSON.
    pub fn read(mut self, max_depth: usize) -> Option<Embedded> {
        if self.text.is_empty() {
            self.text.push('{');
        }
        for _ in 0..=self.open.len() {
            self.text.push('}');
        }
        Embedded::read(self.text, max_depth)
    }
}

/// The object or the list that a text holds.
fn held<'a>(value: Value<'_, 'a>) -> Option<Text<'a>> {
    let is_json = |text: &Text<'_>| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
    value.filled().filter(|text| text.trim_ascii_start().starts_with(['{', '['])).filter(is_json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_lie_where_their_paths_say() {
        let mut rebuilt = Rebuilt::default();
        rebuilt.text(&["eventName"], Some("Get\"it\"".into()));
        rebuilt.text(&["userIdentity", "type"], Some("AssumedRole".into()));
        rebuilt.text(&["userIdentity", "sessionContext", "sessionIssuer", "arn"], Some("a".into()));
        rebuilt.raw(&["userIdentity", "sessionContext", "attributes", "mfaAuthenticated"], "true");
        rebuilt.text(&["none"], None);
        rebuilt.raw(&["requestParameters"], "{}");
        let expected = r#"{"eventName":"Get\"it\"","userIdentity":{"type":"AssumedRole","sessionContext":{"sessionIssuer":{"arn":"a"},"attributes":{"mfaAuthenticated":true}}},"requestParameters":{}"#;
        assert_eq!(rebuilt.text, expected);
    }
}
