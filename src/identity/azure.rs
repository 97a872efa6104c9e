//! Azure and Microsoft Entra ID: the scope and the principal of an actor, and what its type says.

use super::kind::Verdict;
use super::provider::is_name;
use crate::event::{Event, Kind, Text};

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

/// Types of actor that leave no doubt.
pub(super) fn certain(_event: &Event<'_>) -> Option<Verdict> {
    None
}

/// Where nothing said anything.
pub(super) fn otherwise(_event: &Event<'_>) -> Verdict {
    (Kind::Unknown, "nothing in the log says what it is")
}
