//! Who did it: whom the log's own members name, else ECS's `user`, with the privileges of `user.effective`, else `client.user`,
//! else a service.

use super::super::json::Value;
use super::fields::text_at;
use super::named::{self, Named};
use crate::event::{Actor, Credential, CredentialClass, Delegator, Relation, Text};

/// Who did it.
pub(super) fn actor<'a>(value: Value<'_, 'a>, provider: &str, account: Option<Text<'a>>) -> Actor<'a> {
    if let Some(named) = named::named(value, provider) {
        return of_named(value, named, account);
    }
    let text = |path: &[&str]| text_at(value, path);
    let of_user = |name: &str| {
        text(&["user", name]).or_else(|| text(&["client", "user", name])).or_else(|| text(&["source", "user", name]))
    };
    let mail = of_user("email");
    let named = of_user("name").filter(|name| mail.is_none() || name.contains('@'));
    let uid = of_user("id");
    let app = app(value, provider);
    let name = named.or(mail).or_else(|| of_user("name")).or_else(|| uid.clone());
    let is_app = name.is_none()
        || (provider == "azure" && app.is_some() && name.as_deref().is_none_or(|name| !name.contains('@')));
    let class = match is_app {
        true if app.is_some() => "ServicePrincipal",
        true => "Unknown",
        false => "User",
    };
    let effective = text(&["user", "effective", "name"]).or_else(|| text(&["user", "effective", "id"]));
    let through = [(Relation::Impersonates, effective), (Relation::Application, app.clone().filter(|_| !is_app))];
    Actor {
        class: class_of(value, class),
        name: if is_app { app.or(name) } else { name }.unwrap_or_default(),
        uid,
        short_name: of_user("full_name"),
        account,
        issuer: None,
        session: session(value),
        credential: credential(value),
        delegators: through
            .into_iter()
            .filter_map(|(relation, name)| Some(Delegator { relation, name: name? }))
            .collect(),
        via_service: false,
    }
}

/// The same of whom the log's own members name.
fn of_named<'a>(value: Value<'_, 'a>, named: Named<'a>, account: Option<Text<'a>>) -> Actor<'a> {
    let effective = text_at(value, &["user", "effective", "name"]);
    let through =
        [(Relation::Impersonates, effective), (Relation::Application, named.app), (Relation::OnBehalfOf, named.person)];
    Actor {
        class: named.class,
        name: named.name,
        uid: named.uid,
        short_name: named.short_name,
        account,
        issuer: None,
        session: session(value),
        credential: credential(value),
        delegators: through
            .into_iter()
            .filter_map(|(relation, name)| Some(Delegator { relation, name: name? }))
            .collect(),
        via_service: false,
    }
}

fn session<'a>(value: Value<'_, 'a>) -> Option<Text<'a>> {
    text_at(value, &["okta", "authentication_context", "external_session_id"])
        .or_else(|| text_at(value, &["azure", "signinlogs", "properties", "unique_token_identifier"]))
}

/// The token of Okta's API or of GitHub's, where the integration keeps its id.
fn credential<'a>(value: Value<'_, 'a>) -> Option<Credential<'a>> {
    let id = text_at(value, &["okta", "transaction", "detail", "request_api_token_id"])
        .or_else(|| text_at(value, &["github", "hashed_token"]))?;
    Some(Credential { id, class: CredentialClass::LongTerm, issued: None, mfa: false })
}

/// The provider's own word for the type of actor, where an integration keeps it.
fn class_of<'a>(value: Value<'_, 'a>, otherwise: &'static str) -> Text<'a> {
    let places: [&[&str]; 2] = [
        &["azure", "activitylogs", "identity", "authorization", "evidence", "principal_type"],
        &["user", "entity", "sub_type"],
    ];
    places.into_iter().find_map(|place| text_at(value, place)).unwrap_or(Text::Borrowed(otherwise))
}

/// The app that acted, or through which a user did.
fn app<'a>(value: Value<'_, 'a>, provider: &str) -> Option<Text<'a>> {
    let own = text_at(value, &["azure", "activitylogs", "identity", "claims", "appid"]).filter(|_| provider == "azure");
    own.or_else(|| text_at(value, &["service", "id"]))
        .or_else(|| text_at(value, &["service", "name"]).filter(|name| !name.contains(".googleapis.com")))
}
