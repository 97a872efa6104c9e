//! Who did it: ECS's `user`, with the privileges of `user.effective`, else `client.user`, else a service.

use super::super::paths::Slot;
use super::document::{Document, slot, slots};
use crate::event::{Actor, Credential, CredentialClass, Delegator, Relation, Text};

const MAIL: [Slot; 3] = slots(["user.email", "client.user.email", "source.user.email"]);
const NAME: [Slot; 3] = slots(["user.name", "client.user.name", "source.user.name"]);
const ID: [Slot; 3] = slots(["user.id", "client.user.id", "source.user.id"]);
const FULL_NAME: [Slot; 3] = slots(["user.full_name", "client.user.full_name", "source.user.full_name"]);
const EFFECTIVE: [Slot; 2] = slots(["user.effective.name", "user.effective.id"]);
const SESSION: [Slot; 2] =
    slots(["okta.authentication_context.external_session_id", "azure.signinlogs.properties.unique_token_identifier"]);
/// The provider's own word for the type of actor, where an integration keeps it.
const CLASS: [Slot; 3] = slots([
    "okta.actor.type",
    "azure.activitylogs.identity.authorization.evidence.principal_type",
    "user.entity.sub_type",
]);
const AZURE_APP: [Slot; 4] = slots([
    "azure.signinlogs.properties.app_id",
    "azure.activitylogs.identity.claims.appid",
    "azure.auditlogs.properties.initiated_by.app.appId",
    "azure.graphactivitylogs.properties.app_id",
]);

/// Who did it.
pub(super) fn actor<'a>(document: &Document<'_, 'a>, provider: &str, account: Option<Text<'a>>) -> Actor<'a> {
    let mail = document.first_single(&MAIL);
    let said = document.first_single(&NAME);
    let named = said.clone().filter(|name| mail.is_none() || name.contains('@'));
    let uid = document.first_single(&ID);
    let app = app(document, provider);
    let name = named.or(mail).or(said).or_else(|| uid.clone());
    let is_app = name.is_none()
        || (provider == "azure" && app.is_some() && name.as_deref().is_none_or(|name| !name.contains('@')));
    let class = match is_app {
        true if app.is_some() => "ServicePrincipal",
        true => "Unknown",
        false => "User",
    };
    let through = [
        (Relation::Impersonates, document.first_single(&EFFECTIVE)),
        (Relation::Application, app.clone().filter(|_| !is_app)),
    ];
    let credential = document.single(const { slot("okta.transaction.detail.request_api_token_id") });
    Actor {
        class: document.first_single(&CLASS).unwrap_or(Text::Borrowed(class)),
        name: if is_app { app.or(name) } else { name }.unwrap_or_default(),
        uid,
        short_name: document.first_single(&FULL_NAME),
        account,
        issuer: None,
        session: document.first_single(&SESSION),
        credential: credential.map(|id| Credential { id, class: CredentialClass::LongTerm, issued: None, mfa: false }),
        delegators: through
            .into_iter()
            .filter_map(|(relation, name)| Some(Delegator { relation, name: name? }))
            .collect(),
        via_service: false,
    }
}

/// The app that acted, or through which a user did.
fn app<'a>(document: &Document<'_, 'a>, provider: &str) -> Option<Text<'a>> {
    let of_azure = if provider == "azure" { document.first_single(&AZURE_APP) } else { None };
    let name = || document.single(const { slot("service.name") });
    of_azure
        .or_else(|| document.single(const { slot("service.id") }))
        .or_else(|| name().filter(|name| !name.contains(".googleapis.com")))
}
