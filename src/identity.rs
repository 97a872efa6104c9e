//! Who really acted: principal, template, scope, kind.

use crate::config::IdentityConfig;
use crate::event::{Actor, Event, Identity, Kind, Source};

/// Resolves who really acted.
pub fn resolve<'a>(event: &Event<'a>, _config: &IdentityConfig) -> Identity<'a> {
    let Actor { name, .. } = &event.actor;
    let Source::AwsCloudtrail = event.source;
    Identity {
        scope: "aws/unknown".into(),
        principal: name.clone(),
        template: name.clone(),
        kind: Kind::Unknown,
        kind_reason: "".into(),
    }
}
