//! How much of a finding goes into its alert: all of it, or, where that is more than `alerts.max_bytes`, less and less.
//! Numbers, reasons and ids always stay; events, further values and the length of texts give way.

use std::borrow::Cow;

use crate::alert::escape::bounded;
use crate::config::AlertsConfig;
use crate::event::Text;

/// Upper limits for one rendering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// Evidences and related events.
    pub events: usize,
    /// Observables.
    pub observables: usize,
    /// Resources of the alert, the identity included.
    pub resources: usize,
    /// Targets and delegators of one evidence.
    pub per_event: usize,
    /// Further values of one reason.
    pub others: usize,
    /// Techniques.
    pub techniques: usize,
    /// Bytes of one text.
    pub text: usize,
}

impl Measure {
    /// What the configuration allows, then what to try when that is too large, the last of which always fits
    /// [`AlertsConfig::MIN_BYTES`].
    pub fn steps(config: &AlertsConfig) -> [Measure; 5] {
        let text = config.max_text_bytes.max(AlertsConfig::MIN_TEXT_BYTES);
        let all = Measure {
            events: usize::MAX,
            observables: config.max_observables,
            resources: config.max_resources.max(1),
            per_event: 16,
            others: usize::MAX,
            techniques: 32,
            text,
        };
        [
            all,
            all.at_most(Measure { events: 8, others: 16, ..all }),
            all.at_most(Measure {
                events: 4,
                observables: 16,
                resources: 8,
                per_event: 8,
                others: 4,
                text: 512,
                ..all
            }),
            all.at_most(Measure { events: 2, observables: 8, resources: 4, per_event: 4, others: 1, text: 256, ..all }),
            all.at_most(Measure {
                events: 1,
                observables: 4,
                resources: 2,
                per_event: 2,
                others: 0,
                techniques: 8,
                text: AlertsConfig::MIN_TEXT_BYTES,
            }),
        ]
    }

    /// The text, cut to this measure.
    pub fn text<'a>(&self, text: &'a str) -> Text<'a> {
        bounded(text, self.text)
    }

    /// A text of our own making, cut to this measure.
    pub fn made(&self, text: String) -> Text<'static> {
        Cow::Owned(bounded(&text, self.text).into_owned())
    }

    fn at_most(self, other: Measure) -> Measure {
        Measure {
            events: self.events.min(other.events),
            observables: self.observables.min(other.observables),
            resources: self.resources.min(other.resources),
            per_event: self.per_event.min(other.per_event),
            others: self.others.min(other.others),
            techniques: self.techniques.min(other.techniques),
            text: self.text.min(other.text),
        }
    }
}
