//! Who really acted: scope, principal, template and kind of an event's actor (requirements U7, U8, U9, N1).
//!
//! In comes an [`Event`] and its `[identity]` settings, out goes an [`Identity`]; it is a function of these two alone,
//! so the same actor is the same identity on every instance. What a session chose for itself (its name, its key, the
//! token it came with) is never part of the principal: 10,000 sessions of one role are one principal.
//!
//! * `provider`: the scope and what a baseline is kept for, by the rules of each provider (`aws`, `azure`, `gcp`,
//!   `kubernetes`, `platform`).
//! * `template`: the pattern that a principal's name was stamped from.
//! * `resolver`: the same for many events, which remembers what names say.
//! * `kind`: what it is, and why; the order of the evidence is written there. `session` holds what sessions say,
//!   `words` what names say.
//!
//! What is absent on purpose: state that anything depends on. Whether an identity is known, and who its peers are, is
//! `detect`'s matter.

mod arn;
mod aws;
mod azure;
mod gcp;
mod kind;
mod kubernetes;
mod platform;
mod provider;
mod resolver;
mod session;
mod template;
mod words;
mod workspace;

use crate::config::IdentityConfig;
use crate::event::{Event, Identity};

use provider::Provider;
use resolver::NameReading;
use template::Stamp;

pub use resolver::Resolver;
pub use template::template_of;

/// Resolves who really acted.
///
/// Nothing in it is ever empty: an actor that the log does not name is the principal `unknown` of its scope.
/// [`Resolver`] says the same of many events in less time.
pub fn resolve<'a>(event: &Event<'a>, config: &IdentityConfig) -> Identity<'a> {
    let principal = Provider::of(event).principal(event);
    let template = Stamp::of(&principal).template(&principal);
    NameReading::of(&principal, config).identity(event, principal, template)
}
