//! Whose rules an actor is read by: each provider names accounts and actors in its own way.
//!
//! | provider | scope | principal |
//! |---|---|---|
//! | aws | `aws/<account>` | see `aws` |
//! | gcp | `gcp/<project>` | see `gcp` |
//! | azure | `azure/<tenant or subscription>` | see `azure` |
//! | kubernetes | `kubernetes/<cluster>` | see `kubernetes` |
//! | google_workspace | `google_workspace/<customer>` | see `workspace` |
//! | any other | `<provider>/<account>` | the actor's name |

use super::kind::Verdict;
use super::{aws, azure, gcp, kubernetes, platform, workspace};
use crate::event::{Actor, Event, Relation, Text};

/// What logs write in place of names that they hide or do not know.
const NO_NAMES: [&str; 3] = ["HIDDEN_DUE_TO_SECURITY_REASONS", "...", "-"];

/// Whose rules an actor is read by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Provider {
    Aws,
    Gcp,
    Azure,
    Kubernetes,
    Workspace,
    Platform,
}

impl Provider {
    /// The provider of an event.
    pub(super) fn of(event: &Event<'_>) -> Provider {
        match &*event.provider {
            "aws" => Provider::Aws,
            "gcp" => Provider::Gcp,
            "azure" => Provider::Azure,
            "kubernetes" => Provider::Kubernetes,
            "google_workspace" => Provider::Workspace,
            _ => Provider::Platform,
        }
    }

    /// What owns the actor: `aws/123456789012`.
    pub(super) fn scope<'a>(self, event: &Event<'a>) -> Text<'a> {
        match self {
            Provider::Aws => aws::scope(event),
            Provider::Gcp => gcp::scope(event),
            Provider::Azure => azure::scope(event),
            Provider::Kubernetes => kubernetes::scope(event),
            Provider::Workspace => workspace::scope(event),
            Provider::Platform => platform::scope(event),
        }
    }

    /// What the baseline is kept for; never empty.
    pub(super) fn principal<'a>(self, event: &Event<'a>) -> Text<'a> {
        match self {
            Provider::Aws => aws::principal(event),
            Provider::Gcp => gcp::principal(event),
            Provider::Azure => azure::principal(event),
            Provider::Kubernetes => kubernetes::principal(event),
            Provider::Workspace => workspace::principal(event),
            Provider::Platform => platform::principal(event),
        }
    }

    /// What the type of actor says, where it leaves no doubt.
    pub(super) fn certain(self, event: &Event<'_>) -> Option<Verdict> {
        match self {
            Provider::Aws => aws::certain(event),
            Provider::Gcp => gcp::certain(event),
            Provider::Azure => azure::certain(event),
            Provider::Kubernetes => kubernetes::certain(event),
            Provider::Workspace => workspace::certain(event),
            Provider::Platform => platform::certain(event),
        }
    }

    /// What the type of actor says where nothing else said anything.
    pub(super) fn otherwise(self, event: &Event<'_>) -> Verdict {
        match self {
            Provider::Aws => aws::otherwise(event),
            Provider::Gcp => gcp::otherwise(event),
            Provider::Azure => azure::otherwise(event),
            Provider::Kubernetes => kubernetes::otherwise(event),
            Provider::Workspace => workspace::otherwise(event),
            Provider::Platform => platform::otherwise(event),
        }
    }
}

/// The nearest delegator of a relation.
pub(super) fn delegator<'a>(actor: &Actor<'a>, relation: Relation) -> Option<Text<'a>> {
    let found = actor.delegators.iter().find(|delegator| delegator.relation == relation && is_name(&delegator.name));
    found.map(|delegator| delegator.name.clone())
}

/// Whether a text names anything at all.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && !NO_NAMES.contains(&text)
}
