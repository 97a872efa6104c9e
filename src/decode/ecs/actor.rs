//! Who did it: ECS's `user`, with the privileges of `user.effective`, else `client.user`, else a service.

use super::super::json::Value;
use super::fields::text_at;
use crate::event::{Actor, Credential, CredentialClass, Delegator, Relation, Text};

/// Who did it.
pub(super) fn actor<'a>(value: Value<'_, 'a>, provider: &str, account: Option<Text<'a>>) -> Actor<'a> {
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
    let token = text(&["okta", "authentication_context", "external_session_id"])
        .or_else(|| text(&["azure", "signinlogs", "properties", "unique_token_identifier"]));
    let class = match is_app {
        true if app.is_some() => "ServicePrincipal",
        true => "Unknown",
        false => "User",
    };
    let effective = text(&["user", "effective", "name"]).or_else(|| text(&["user", "effective", "id"]));
    let through = [(Relation::Impersonates, effective), (Relation::Application, app.clone().filter(|_| !is_app))];
    let credential = text(&["okta", "transaction", "detail", "request_api_token_id"]);
    Actor {
        class: class_of(value, class),
        name: if is_app { app.or(name) } else { name }.unwrap_or_default(),
        uid,
        short_name: of_user("full_name"),
        account,
        issuer: None,
        session: token,
        credential: credential.map(|id| Credential { id, class: CredentialClass::LongTerm, issued: None, mfa: false }),
        delegators: through
            .into_iter()
            .filter_map(|(relation, name)| Some(Delegator { relation, name: name? }))
            .collect(),
        via_service: false,
    }
}

/// The provider's own word for the type of actor, where an integration keeps it.
fn class_of<'a>(value: Value<'_, 'a>, otherwise: &'static str) -> Text<'a> {
    let places: [&[&str]; 3] = [
        &["okta", "actor", "type"],
        &["azure", "activitylogs", "identity", "authorization", "evidence", "principal_type"],
        &["user", "entity", "sub_type"],
    ];
    places.into_iter().find_map(|place| text_at(value, place)).unwrap_or(Text::Borrowed(otherwise))
}

/// The app that acted, or through which a user did.
fn app<'a>(value: Value<'_, 'a>, provider: &str) -> Option<Text<'a>> {
    let azure: [&[&str]; 4] = [
        &["azure", "signinlogs", "properties", "app_id"],
        &["azure", "activitylogs", "identity", "claims", "appid"],
        &["azure", "auditlogs", "properties", "initiated_by", "app", "appId"],
        &["azure", "graphactivitylogs", "properties", "app_id"],
    ];
    let places: &[&[&str]] = if provider == "azure" { &azure } else { &[] };
    let own = places.iter().find_map(|place| text_at(value, place));
    own.or_else(|| text_at(value, &["service", "id"]))
        .or_else(|| text_at(value, &["service", "name"]).filter(|name| !name.contains(".googleapis.com")))
}
