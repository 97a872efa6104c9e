//! What of an event is compared with the baseline: its values by dimension.

use crate::event::{Attributed, Feature, Origin, Sensitivity, Target};

use super::hash::{Hasher, fingerprint, in_role, mix};

/// Containers of one event that are compared; further targets are shown but not compared.
const CONTAINERS: usize = 4;
/// Values of one event at most: each container and its pair, and one in each other dimension.
const MOST_VALUES: usize = 2 * CONTAINERS + 8;

/// Dimensions in which an identity's values are known. The first eight are scored, in the order of the counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Dimension {
    /// `service:operation`.
    Action,
    /// Type and container of a target.
    Resource,
    /// Action on a container.
    Pair,
    /// Source network.
    Network,
    /// Operator of the source network.
    Asn,
    /// Region.
    Region,
    /// Account of the call, where it is not the actor's.
    TargetAccount,
    /// Client family.
    Client,
    /// Service: not scored; tells whether a new action implies a new resource.
    Service,
    /// Sensitive class: scored by its own feature.
    Sensitivity,
}

impl Dimension {
    /// The scored dimensions, in the order of the counters.
    pub const SCORED: [Dimension; 8] = [
        Dimension::Action,
        Dimension::Resource,
        Dimension::Pair,
        Dimension::Network,
        Dimension::Asn,
        Dimension::Region,
        Dimension::TargetAccount,
        Dimension::Client,
    ];

    /// Its place in the counters, where it is scored as a categorical dimension.
    pub fn scored(self) -> Option<usize> {
        let index = self as usize;
        (index < Self::SCORED.len()).then_some(index)
    }

    /// The feature that it is.
    pub fn feature(self) -> Feature {
        match self {
            Dimension::Action | Dimension::Service => Feature::Action,
            Dimension::Resource => Feature::Resource,
            Dimension::Pair => Feature::Pair,
            Dimension::Network => Feature::Network,
            Dimension::Asn => Feature::Asn,
            Dimension::Region => Feature::Region,
            Dimension::TargetAccount => Feature::TargetAccount,
            Dimension::Client => Feature::Client,
            Dimension::Sensitivity => Feature::Sensitive,
        }
    }
}

/// One value of an event.
#[derive(Debug, Clone, Copy)]
pub struct Value {
    /// In which dimension.
    pub dimension: Dimension,
    /// What tables know it by.
    pub fingerprint: u32,
    /// Which target it speaks of, for resources and pairs.
    target: u8,
}

/// The values of one event, each once, in the order of the dimensions.
#[derive(Debug, Clone, Copy)]
pub struct Values {
    list: [Value; MOST_VALUES],
    len: usize,
}

impl Value {
    /// The value for people; `event` is the one that it was taken from.
    pub fn text(&self, event: &Attributed<'_>) -> String {
        let event = &event.event;
        let target = event.targets.get(usize::from(self.target));
        let container = target.map_or(String::new(), container_text);
        let text = match self.dimension {
            Dimension::Action => event.action.name(),
            Dimension::Resource => container,
            Dimension::Pair => format!("{} on {container}", event.action.name()),
            Dimension::Network => event.origin.network.as_deref().unwrap_or_default().into(),
            Dimension::Asn => operator_text(&event.origin),
            Dimension::Region => event.region.as_deref().unwrap_or_default().into(),
            Dimension::TargetAccount => event.target_account.as_deref().unwrap_or_default().into(),
            Dimension::Client => event.origin.client.as_deref().unwrap_or_default().into(),
            Dimension::Service => event.action.service.clone().into_owned(),
            Dimension::Sensitivity => event.action.sensitivity.map_or("", Sensitivity::name).into(),
        };
        super::finding::bounded(&text)
    }
}

/// `AS64500 (hosting, NL)`.
fn operator_text(origin: &Origin<'_>) -> String {
    let number = origin.asn.unwrap_or_default();
    let hosting = origin.hosting.filter(|hosting| *hosting).map(|_| "hosting");
    let said: Vec<&str> = hosting.into_iter().chain(origin.country.as_deref()).collect();
    if said.is_empty() { format!("AS{number}") } else { format!("AS{number} ({})", said.join(", ")) }
}

fn container_text(target: &Target<'_>) -> String {
    if target.container == target.kind {
        target.kind.clone().into_owned()
    } else {
        format!("{} {}", target.kind, target.container)
    }
}

/// The values of an event.
pub fn values_of(event: &Attributed<'_>, hasher: &Hasher) -> Values {
    let mut values = Values::none();
    let event = &event.event;
    let service = hasher.word(&event.action.service);
    let action = in_role(Dimension::Action as u8, &[service, hasher.word(&event.action.operation)]);
    values.push(Dimension::Service, in_role(Dimension::Service as u8, &[service]), 0);
    values.push(Dimension::Action, action, 0);
    for (index, target) in event.targets.iter().take(CONTAINERS).enumerate() {
        let container = hasher.texts(Dimension::Resource as u8, [&target.kind, &target.container]);
        values.push(Dimension::Resource, container, index as u8);
        values.push(Dimension::Pair, mix(action, container), index as u8);
    }
    let single = [
        (Dimension::Network, &event.origin.network),
        (Dimension::Region, &event.region),
        (Dimension::TargetAccount, &event.target_account),
        (Dimension::Client, &event.origin.client),
    ];
    for (dimension, text) in single {
        // A call that the cloud made for the actor says nothing of the actor's own network and client (U5).
        let borrowed = event.actor.via_service && matches!(dimension, Dimension::Network | Dimension::Client);
        if let Some(text) = text.as_deref().filter(|_| !borrowed) {
            values.push(dimension, hasher.text(dimension as u8, text), 0);
        }
    }
    if let Some(asn) = event.origin.asn.filter(|_| !event.actor.via_service) {
        values.push(Dimension::Asn, in_role(Dimension::Asn as u8, &[hasher.number(asn)]), 0);
    }
    if let Some(class) = event.action.sensitivity {
        values.push(Dimension::Sensitivity, hasher.text(Dimension::Sensitivity as u8, class.name()), 0);
    }
    values
}

impl Values {
    fn none() -> Values {
        let nothing = Value { dimension: Dimension::Service, fingerprint: 0, target: 0 };
        Values { list: [nothing; MOST_VALUES], len: 0 }
    }

    /// Those that there are.
    pub fn as_slice(&self) -> &[Value] {
        &self.list[..self.len]
    }

    fn push(&mut self, dimension: Dimension, hash: u64, target: u8) {
        let fingerprint = fingerprint(hash);
        // Only containers come more than once.
        let is_known = target > 0
            && self.as_slice().iter().any(|value| value.fingerprint == fingerprint && value.dimension == dimension);
        if !is_known {
            self.list[self.len] = Value { dimension, fingerprint, target };
            self.len += 1;
        }
    }
}
