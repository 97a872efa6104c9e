//! Who did it: `actor`, and the app through which it was done.
//!
//! Source: "Activity.actor" of the Reports API. The application `token` reports what apps do with the tokens that people
//! gave them: its actor is the person, its parameters name the app. Elsewhere `actor.applicationInfo` names it. A
//! `callerType` of `KEY` is a robot account or a request with a key alone.

use super::parameter;
use super::record::{Happening, Record};
use crate::event::{Action, Actor, Credential, CredentialClass, Delegator, Relation, Text};

/// Reads who did it.
pub fn actor<'a>(record: &Record<'_, 'a>, happening: &Happening<'_, 'a>, action: &Action<'a>) -> Actor<'a> {
    let mail = record.actor_text(&["email"]);
    let key = record.actor_text(&["key"]).filter(|_| says_key(record));
    let (client, app) = application(record, happening, action);
    let name = mail.clone().or_else(|| key.clone()).unwrap_or_default();
    let class = match &client {
        Some(_) => Text::Borrowed("APPLICATION"),
        None => record.actor_text(&["callerType"]).unwrap_or(Text::Borrowed("unknown")),
    };
    Actor {
        class,
        uid: record.actor.and_then(|actor| actor.at(&["profileId"])?.text_or_digits()),
        short_name: app,
        account: record.id_text("customerId").or_else(|| record.owner_domain.clone()),
        issuer: None,
        session: None,
        credential: credential(client.as_ref(), key),
        delegators: delegators(client, mail),
        via_service: false,
        name,
    }
}

fn says_key(record: &Record<'_, '_>) -> bool {
    record.actor_text(&["callerType"]).as_deref() == Some("KEY")
}

/// The id and the name of the app that acted.
fn application<'a>(
    record: &Record<'_, 'a>,
    happening: &Happening<'_, 'a>,
    action: &Action<'a>,
) -> (Option<Text<'a>>, Option<Text<'a>>) {
    if action.service == "token" {
        return (parameter(happening, "client_id"), parameter(happening, "app_name"));
    }
    let says = |name| record.actor_text(&["applicationInfo", name]);
    (says("oauthClientId"), says("applicationName"))
}

fn credential<'a>(client: Option<&Text<'a>>, key: Option<Text<'a>>) -> Option<Credential<'a>> {
    let of = |id, class| Credential { id, class, issued: None, mfa: false };
    let token = client.map(|client| of(client.clone(), CredentialClass::OauthToken));
    token.or_else(|| Some(of(key?, CredentialClass::LongTerm)))
}

/// The app, and the person whose data it works on.
fn delegators<'a>(client: Option<Text<'a>>, mail: Option<Text<'a>>) -> Vec<Delegator<'a>> {
    let Some(client) = client else { return Vec::new() };
    let app = Delegator { relation: Relation::Application, name: client };
    let person = mail.map(|name| Delegator { relation: Relation::OnBehalfOf, name });
    [Some(app), person].into_iter().flatten().collect()
}
