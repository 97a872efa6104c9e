//! Google Workspace: the scope and the principal of an actor, and what its type says.
//!
//! | actor | principal |
//! |---|---|
//! | app that acts with a person's token | the app's client id, for whomever it acts |
//! | person, robot account | the mail |
//! | key without an account | the key |
//!
//! Users are people, but for those whose name says a program by whole words (`svc-backup@example.com`). The scope is the customer's id, else the domain that the log names, else that of the mail.

use super::kind::{Verdict, is_mail};
use super::provider::{delegator, is_name};
use super::words::{self, Weight};
use crate::event::{Event, Kind, Relation, Text};

/// The profile of everybody who has not signed in ("Activity.actor" of the Reports API).
const ANONYMOUS: &str = "105250506097979753968";

/// `google_workspace/<customer>`.
pub(super) fn scope<'a>(event: &Event<'a>) -> Text<'a> {
    let account = event.actor.account.as_deref().filter(|account| is_name(account));
    let domain = || event.actor.name.split_once('@').map(|(_, domain)| domain).filter(|domain| is_name(domain));
    Text::Owned([&event.provider, "/", account.or_else(domain).unwrap_or("unknown")].concat())
}

/// The app where one acted, else the mail or the key, else the id; `unknown` where there is none.
pub(super) fn principal<'a>(event: &Event<'a>) -> Text<'a> {
    let actor = &event.actor;
    let named = || Some(actor.name.clone()).filter(|name| is_name(name));
    let by_id = || actor.uid.clone().filter(|id| is_name(id));
    let app = delegator(actor, Relation::Application);
    app.or_else(named).or_else(by_id).unwrap_or(Text::Borrowed("unknown"))
}

/// What the type of actor and the mail say.
pub(super) fn certain(event: &Event<'_>) -> Option<Verdict> {
    let actor = &event.actor;
    if delegator(actor, Relation::Application).is_some() {
        let said = words::strongest(actor.short_name.as_deref().unwrap_or_default());
        let agent = said.is_some_and(|said| said.weight == Weight::Product && said.kind == Kind::AiAgent);
        return Some(match agent {
            true => (Kind::AiAgent, "an OAuth app named as an AI agent's platform"),
            false => (Kind::VendorApp, "an OAuth app that acts with people's tokens"),
        });
    }
    if actor.name.ends_with(".gserviceaccount.com") {
        return Some((Kind::ServiceAccount, "a service account of Google Cloud"));
    }
    match &*actor.class {
        "KEY" if actor.name == "SYSTEM" => Some((Kind::CloudService, "Google's own systems acted by themselves")),
        "KEY" if actor.name.ends_with("_ANONYMOUS") => Some((Kind::Unknown, "somebody from outside, or not signed in")),
        "KEY" => Some((Kind::ServiceAccount, "a robot account, or a request with a key alone")),
        _ if is_mail(&actor.name) => {
            Some(words::of_account(&actor.name).unwrap_or((Kind::Human, "a user of the organisation")))
        }
        _ if actor.name == ANONYMOUS => Some((Kind::Unknown, "somebody who had not signed in")),
        "USER" | "EXTERNAL_USER" if is_name(&actor.name) => Some((Kind::Human, "the log calls it a user")),
        _ => None,
    }
}

/// Where nothing said anything.
pub(super) fn otherwise(_event: &Event<'_>) -> Verdict {
    (Kind::Unknown, "nothing in the log says what it is")
}
