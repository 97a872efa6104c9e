//! What is known of a message beside its bytes: when it came, and what the configuration says of its topic.

use super::generic::Paths;
use super::json::Value;
use crate::config::DecodeConfig;
use crate::config::decode::{TopicConfig, matches};
use crate::event::{Source, Text, Timestamp};

/// What is known of a message beside its bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivery<'m> {
    /// When it came in; none where nothing is known, as for files: then no event is too far ahead.
    pub arrival: Option<Timestamp>,
    /// The log that its records are of, where the topic is pinned to one.
    pub format: Option<Source>,
    /// The mapping of the configuration that its records are read by, where the topic is pinned to one.
    pub mapping: Option<&'m str>,
    /// The scope of its records, for logs that do not say theirs: the name of a Kubernetes cluster.
    pub scope: Option<&'m str>,
    /// Where in a record its scope is written; it goes before `scope`.
    pub scope_path: Option<&'m str>,
}

impl From<Option<Timestamp>> for Delivery<'_> {
    fn from(arrival: Option<Timestamp>) -> Self {
        Delivery { arrival, ..Delivery::default() }
    }
}

impl<'m> Delivery<'m> {
    /// What the configuration says of a message of this topic, or of a file of this name. `header` is asked for the text of
    /// a header of the message.
    pub fn of_topic(topic: &str, config: &'m DecodeConfig, header: impl Fn(&str) -> Option<&'m str>) -> Delivery<'m> {
        let said = config.topics.iter().find(|said| matches(&said.pattern, topic));
        said.map_or_else(Delivery::default, |said| Delivery::said(said, header))
    }

    fn said(said: &'m TopicConfig, header: impl Fn(&str) -> Option<&'m str>) -> Delivery<'m> {
        let given = |text: &'m String| Some(text.as_str()).filter(|text| !text.is_empty());
        let native = Source::ALL.into_iter().find(|source| source.name() == said.format);
        let mapping = given(&said.format).filter(|_| native.is_none());
        Delivery {
            arrival: None,
            format: native.or(mapping.map(|_| Source::Generic)),
            mapping,
            scope: given(&said.scope_header).and_then(header).or_else(|| given(&said.scope)),
            scope_path: given(&said.scope_path),
        }
    }

    /// The same, arrived then.
    pub fn at(self, arrival: Timestamp) -> Delivery<'m> {
        Delivery { arrival: Some(arrival), ..self }
    }

    /// The scope of a record whose log does not say it in a way of its own.
    pub(super) fn scope_in<'a>(&self, record: Value<'_, 'a>) -> Option<Text<'a>> {
        let said = self.scope_path.and_then(|path| Paths(path).text(record));
        said.or_else(|| self.scope.map(|scope| Text::Owned(scope.to_owned()))).filter(|scope| !scope.is_empty())
    }
}
