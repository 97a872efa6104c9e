//! A CloudTrail record, put together again from what a common schema made of it.
//!
//! In: the parts, wherever the schema (OCSF, ECS) keeps them. Out: the event that the record would have given, so that an identity
//! and its targets are the same whichever way a record came.

use super::embedded::{Embedded, own};
use super::json::Value;
use super::{Decoded, Delivery, cloudtrail};
use crate::config::DecodeConfig;
use crate::event::{Outcome, Source, Text, Timestamp};

/// The parts of a record: a path in it, and its text or the JSON that stands there.
#[derive(Debug, Default)]
pub(super) struct Rebuilt {
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

    /// Adds what a value says: an object or list as it is, a text that holds one as that.
    pub fn json(&mut self, path: &[&'static str], value: Option<Value<'_, '_>>) {
        let Some(value) = value else { return };
        if !value.is_text() {
            return self.raw(path, value.as_written());
        }
        let is_json = |text: &Text<'_>| serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok();
        if let Some(text) =
            value.filled().filter(|text| text.trim_ascii_start().starts_with(['{', '['])).filter(is_json)
        {
            self.raw(path, &text);
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

    /// The event that the record gives, as of `source`. `outcome` where the schema says how it ended, `id` where it has the event's.
    pub fn decode(
        mut self,
        source: Source,
        outcome: Option<Outcome>,
        record: &[u8],
        delivery: &Delivery<'_>,
        config: &DecodeConfig,
    ) -> Option<Decoded<'static>> {
        for _ in 0..=self.open.len() {
            self.text.push('}');
        }
        let rebuilt = Embedded::read(self.text, config.max_depth)?;
        let document = rebuilt.document();
        let mut decoded = cloudtrail::decode_value(document.root(), record, delivery, config);
        if let Decoded::Event(event) = &mut decoded {
            event.source = source;
            event.outcome = outcome.unwrap_or(event.outcome);
        }
        Some(own(decoded))
    }
}

/// A time as CloudTrail writes it.
pub(super) fn time_text(time: Timestamp) -> Text<'static> {
    Text::Owned(time.to_string())
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
