//! Who did it: `actor`, and the app through which it was done.
//!
//! Source: "Activity.actor" of the Reports API. The application `token` reports what apps do with the tokens that people
//! gave them: its actor is the person, its parameters name the app. Elsewhere `actor.applicationInfo` names it. A
//! `callerType` of `KEY` is a robot account or a request with a key alone, which `key` names; people of whom an organisation may
//! not know the mail have the id of their profile.

use super::super::json::Value;
use super::parameter::Parameters;
use super::record::Record;
use crate::event::{Action, Actor, Credential, CredentialClass, Delegator, Relation, Text};

/// Reads who did it.
pub fn actor<'a>(record: &Record<'_, 'a>, parameters: &Parameters<'_, 'a>, action: &Action<'a>) -> Actor<'a> {
    let who = &record.actor;
    let mail = who.mail.clone();
    let key = who.key.clone().filter(|_| who.caller_type.as_deref().map_or(mail.is_none(), |class| class == "KEY"));
    let (client, app) = application(record, parameters, action);
    let name = mail.clone().or_else(|| key.clone()).or_else(|| of_device(parameters)).or_else(|| who.profile.clone());
    let class = match &client {
        Some(_) => Text::Borrowed("APPLICATION"),
        None if key.is_some() => Text::Borrowed("KEY"),
        None => who.caller_type.clone().unwrap_or(Text::Borrowed("unknown")),
    };
    Actor {
        class,
        uid: who.profile.clone(),
        short_name: app,
        account: record.id.customer.and_then(Value::filled).or_else(|| record.owner_domain.clone()),
        issuer: None,
        session: None,
        credential: credential(client.as_ref(), key),
        delegators: delegators(client, mail),
        via_service: false,
        name: name.unwrap_or_default(),
    }
}

/// Whoever was at a device managed by Chrome, where the report does not know them otherwise.
fn of_device<'a>(parameters: &Parameters<'_, 'a>) -> Option<Text<'a>> {
    parameters.text("device_user").filter(|user| user.contains('@'))
}

/// The id and the name of the app that acted.
fn application<'a>(
    record: &Record<'_, 'a>,
    parameters: &Parameters<'_, 'a>,
    action: &Action<'a>,
) -> (Option<Text<'a>>, Option<Text<'a>>) {
    if action.service == "token" {
        return (parameters.text("client_id"), parameters.text("app_name"));
    }
    let says = |name| record.actor.application?.text_at(&[name]);
    (says("oauthClientId"), says("applicationName"))
}

fn credential<'a>(client: Option<&Text<'a>>, key: Option<Text<'a>>) -> Option<Credential<'a>> {
    let of = |id, class| Credential { id, class, issued: None, mfa: false };
    let token = client.map(|client| of(client.clone(), CredentialClass::OauthToken));
    // Google's systems and people whom it does not know have no key.
    let key = key.filter(|key| key != "SYSTEM" && !key.ends_with("_ANONYMOUS"));
    token.or_else(|| Some(of(key?, CredentialClass::LongTerm)))
}

/// The app, and the person whose data it works on.
fn delegators<'a>(client: Option<Text<'a>>, mail: Option<Text<'a>>) -> Vec<Delegator<'a>> {
    let Some(client) = client else { return Vec::new() };
    let app = Delegator { relation: Relation::Application, name: client };
    let person = mail.map(|name| Delegator { relation: Relation::OnBehalfOf, name });
    [Some(app), person].into_iter().flatten().collect()
}
