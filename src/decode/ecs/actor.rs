//! Who did it: whom the log's own members name, else ECS's `user`, with the privileges of `user.effective`, else `client.user`,
//! else a service.

use super::super::cloudtrail;
use super::super::paths::Slot;
use super::document::{Document, slot, slots};
use super::named::{self, Named};
use crate::event::{Actor, Credential, CredentialClass, Delegator, Relation, Text};

const MAIL: [Slot; 3] = slots(["user.email", "client.user.email", "source.user.email"]);
const NAME: [Slot; 3] = slots(["user.name", "client.user.name", "source.user.name"]);
const ID: [Slot; 3] = slots(["user.id", "client.user.id", "source.user.id"]);
const FULL_NAME: [Slot; 3] = slots(["user.full_name", "client.user.full_name", "source.user.full_name"]);
const EFFECTIVE: [Slot; 2] = slots(["user.effective.name", "user.effective.id"]);
const SESSION: [Slot; 2] =
    slots(["okta.authentication_context.external_session_id", "azure.signinlogs.properties.unique_token_identifier"]);
/// The provider's own word for the type of actor, where an integration keeps it.
const CLASS: [Slot; 2] =
    slots(["azure.activitylogs.identity.authorization.evidence.principal_type", "user.entity.sub_type"]);
/// The token of Okta's API or of GitHub's, where the integration keeps its id.
const TOKEN: [Slot; 2] = slots(["okta.transaction.detail.request_api_token_id", "github.hashed_token"]);

/// Who did it.
pub(super) fn actor<'a>(document: &Document<'_, 'a>, provider: &str, account: Option<Text<'a>>) -> Actor<'a> {
    let (who, effective) = match named::named(document, provider) {
        Some(named) => (named, document.single(EFFECTIVE[0])),
        None => (of_user(document, provider), document.first_single(&EFFECTIVE)),
    };
    // Whom AWS names by an ARN alone is who CloudTrail would say that he is.
    if provider == "aws" && who.name.starts_with("arn:") && who.class == "User" {
        return cloudtrail::actor_of_arn(Some(who.name), account);
    }
    let through =
        [(Relation::Impersonates, effective), (Relation::Application, who.app), (Relation::OnBehalfOf, who.person)];
    let through = through.into_iter().filter_map(|(relation, name)| Some(Delegator { relation, name: name? }));
    Actor {
        class: who.class,
        name: who.name,
        uid: who.uid,
        short_name: who.short_name,
        account,
        issuer: None,
        session: document.first_single(&SESSION),
        credential: credential(document),
        delegators: through.collect(),
        via_service: false,
    }
}

/// Whom ECS's own members name.
fn of_user<'a>(document: &Document<'_, 'a>, provider: &str) -> Named<'a> {
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
    let (name, app) = if is_app { (app.or(name), None) } else { (name, app) };
    Named {
        class: document.first_single(&CLASS).unwrap_or(Text::Borrowed(class)),
        name: name.unwrap_or_default(),
        uid,
        short_name: document.first_single(&FULL_NAME),
        app,
        person: None,
    }
}

fn credential<'a>(document: &Document<'_, 'a>) -> Option<Credential<'a>> {
    let id = document.first_single(&TOKEN)?;
    Some(Credential { id, class: CredentialClass::LongTerm, issued: None, mfa: false })
}

/// The app that acted, or through which a user did.
fn app<'a>(document: &Document<'_, 'a>, provider: &str) -> Option<Text<'a>> {
    let claims = document.at(const { slot("azure.activitylogs.identity.claims") }).filter(|_| provider == "azure");
    let of_azure = claims.and_then(|claims| claims.member("appid")?.text_or_digits());
    let name = || document.single(const { slot("service.name") });
    of_azure
        .or_else(|| document.single(const { slot("service.id") }))
        .or_else(|| name().filter(|name| !name.contains(".googleapis.com")))
}
