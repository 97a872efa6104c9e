//! Platforms and services whose actors have one name each: GitHub, Okta, Google Workspace, OpenAI, Anthropic, and any other: the scope and the principal of an actor, and what its type says.

use super::kind::Verdict;
use super::provider::is_name;
use crate::event::{Event, Kind, Source, Text};

/// `<provider>/<account>`, else `<provider>/unknown`.
pub(super) fn scope<'a>(event: &Event<'a>) -> Text<'a> {
    let account = event.actor.account.as_deref().filter(|account| is_name(account));
    Text::Owned([&event.provider, "/", account.unwrap_or("unknown")].concat())
}

/// The actor's name, else its id, else `unknown`.
pub(super) fn principal<'a>(event: &Event<'a>) -> Text<'a> {
    let actor = &event.actor;
    let names = [Some(&actor.name), actor.short_name.as_ref(), actor.uid.as_ref()];
    let name = names.into_iter().flatten().find(|name| is_name(name));
    name.map_or(Text::Borrowed("unknown"), Text::clone)
}

/// Types of actor that leave no doubt. Of a log that is read by a mapping the type may be a kind itself.
pub(super) fn certain(event: &Event<'_>) -> Option<Verdict> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == event.actor.class)?;
    (event.source == Source::Generic).then_some((kind, "the mapping of its log says so"))
}

/// Where nothing said anything.
pub(super) fn otherwise(_event: &Event<'_>) -> Verdict {
    (Kind::Unknown, "nothing in the log says what it is")
}
