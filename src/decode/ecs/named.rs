//! Who did it, in the words of the log that a document was made of: what Elastic's integrations keep of its own members.
//!
//! In: a document and its provider. Out: the actor's class, name and ids as the log's own decoder would give them; none where the
//! document keeps no such members. ECS's `user.name` is often but a part of them: what stands before the `@` of an address, or a
//! name to show.
//!
//! Sources: the field references and sample events of Elastic's integrations for Azure, GitHub, Google Cloud, Google Workspace,
//! Microsoft 365 and Okta.

use super::super::json::Value;
use super::super::paths::Slot;
use super::document::{Document, slot, slots};
use crate::event::Text;

/// Whom a log names.
#[derive(Debug, Default)]
pub(super) struct Named<'a> {
    /// The log's own word for the type of actor.
    pub class: Text<'a>,
    pub name: Text<'a>,
    pub uid: Option<Text<'a>>,
    pub short_name: Option<Text<'a>>,
    /// The app through which a person worked, or that worked for him.
    pub app: Option<Text<'a>>,
    /// The person for whom an app worked.
    pub person: Option<Text<'a>>,
}

/// Whom the log's own members name.
pub(super) fn named<'a>(document: &Document<'_, 'a>, provider: &str) -> Option<Named<'a>> {
    let found = match provider {
        "okta" => okta(document),
        "google_workspace" => workspace(document),
        "gcp" => gcp(document),
        "azure" => azure(document),
        "github" => github(document),
        _ => None,
    };
    found.filter(|named| !named.name.is_empty())
}

fn okta<'a>(document: &Document<'_, 'a>) -> Option<Named<'a>> {
    let says = |slot| document.single(slot).filter(|name| !name.eq_ignore_ascii_case("unknown"));
    let shown = says(const { slot("okta.actor.display_name") });
    let uid = says(const { slot("okta.actor.id") });
    Some(Named {
        class: says(const { slot("okta.actor.type") }).unwrap_or(Text::Borrowed("User")),
        name: says(const { slot("okta.actor.alternate_id") }).or_else(|| shown.clone()).or_else(|| uid.clone())?,
        uid,
        short_name: shown,
        ..Named::default()
    })
}

/// An app that acts with a person's token, a robot's key, or a person.
fn workspace<'a>(document: &Document<'_, 'a>) -> Option<Named<'a>> {
    const ID: [Slot; 3] = slots(["google_workspace.actor.profile.id", "source.user.id", "user.id"]);
    let class = document.single(const { slot("google_workspace.actor.type") });
    let key = document.single(const { slot("google_workspace.actor.key") });
    let key = key.filter(|_| class.as_deref() == Some("KEY"));
    let mail = document.single(const { slot("google_workspace.actor.email") }).or_else(|| address(document));
    let app = document.single(const { slot("google_workspace.token.client.id") });
    Some(Named {
        class: app.as_ref().map(|_| Text::Borrowed("APPLICATION")).or(class).unwrap_or(Text::Borrowed("USER")),
        uid: document.first_single(&ID),
        short_name: document.single(const { slot("google_workspace.token.app_name") }),
        person: mail.clone().filter(|_| app.is_some()),
        name: mail.or(key)?,
        app,
    })
}

fn gcp<'a>(document: &Document<'_, 'a>) -> Option<Named<'a>> {
    const MAIL: [Slot; 3] = slots(["gcp.audit.authentication_info.principal_email", "client.user.email", "user.email"]);
    let uid = document.single(const { slot("gcp.audit.authentication_info.principal_subject") });
    let name = document.first_single(&MAIL).or_else(|| uid.clone())?;
    let class = match &*name {
        "system@google.com" => "system",
        name if name.ends_with(".gserviceaccount.com") => "serviceAccount",
        name if name.starts_with("system:") => "kubernetes",
        name if name.starts_with("principal") => "principal",
        _ => "user",
    };
    Some(Named { class: Text::Borrowed(class), name, uid, ..Named::default() })
}

fn github<'a>(document: &Document<'_, 'a>) -> Option<Named<'a>> {
    let name = document.single(const { slot("user.name") })?;
    let is_true = |slot| document.at(slot).and_then(Value::truth) == Some(true);
    let class = match () {
        () if is_true(const { slot("github.actor_is_agent") }) => "Agent",
        () if is_true(const { slot("github.actor_is_bot") }) || name.ends_with("[bot]") => "Bot",
        () if name == "deploy_key" => "DeployKey",
        () => "User",
    };
    let uid = document.single(const { slot("user.id") });
    Some(Named { class: Text::Borrowed(class), name, uid, ..Named::default() })
}

/// A sign-in, a change of the directory, a call of Microsoft Graph or of Azure's resources, or of Microsoft 365.
fn azure<'a>(document: &Document<'_, 'a>) -> Option<Named<'a>> {
    let found = signed_in(document, &SIGN_IN).or_else(|| signed_in(document, &GRAPH));
    found.or_else(|| initiated(document)).or_else(|| claimed(document)).or_else(|| office(document))
}

fn person<'a>(name: Text<'a>, uid: Option<Text<'a>>, short_name: Option<Text<'a>>, app: Option<Text<'a>>) -> Named<'a> {
    Named { class: Text::Borrowed("User"), name, uid, short_name, app, person: None }
}

fn program<'a>(managed: bool, name: Text<'a>, uid: Option<Text<'a>>, short_name: Option<Text<'a>>) -> Named<'a> {
    let class = if managed { "ManagedIdentity" } else { "ServicePrincipal" };
    Named { class: Text::Borrowed(class), name, uid, short_name, ..Named::default() }
}

/// What a log of tokens in use says of the caller: category, app, user's name, id and shown name, service principal's id and
/// names.
type Caller = [Slot; 8];

const SIGN_IN: Caller = slots([
    "azure.signinlogs.category",
    "azure.signinlogs.properties.app_id",
    "azure.signinlogs.properties.user_principal_name",
    "azure.signinlogs.properties.user_id",
    "azure.signinlogs.properties.user_display_name",
    "azure.signinlogs.properties.service_principal_id",
    "azure.signinlogs.properties.service_principal_name",
    "azure.signinlogs.properties.app_display_name",
]);

const GRAPH: Caller = slots([
    "azure.graphactivitylogs.category",
    "azure.graphactivitylogs.properties.app_id",
    "azure.graphactivitylogs.properties.user_principal_name",
    "azure.graphactivitylogs.properties.user_id",
    "azure.graphactivitylogs.properties.user_display_name",
    "azure.graphactivitylogs.properties.service_principal_id",
    "azure.graphactivitylogs.properties.service_principal_name",
    "azure.graphactivitylogs.properties.app_display_name",
]);

fn signed_in<'a>(document: &Document<'_, 'a>, caller: &Caller) -> Option<Named<'a>> {
    let [category, app, user, user_id, user_shown, uid, shown, app_shown] = caller.map(|slot| document.single(slot));
    if let Some(user) = user.or_else(|| user_id.clone()) {
        return Some(person(user, user_id, user_shown, app));
    }
    let managed = category.unwrap_or_default().to_ascii_lowercase().contains("managedidentity");
    let name = app.or_else(|| uid.clone())?;
    Some(program(managed, name, uid, shown.or(app_shown)))
}

fn initiated<'a>(document: &Document<'_, 'a>) -> Option<Named<'a>> {
    const USER_ID: [Slot; 2] = slots([
        "azure.auditlogs.properties.initiated_by.user.id",
        "azure.auditlogs.properties.initiated_by.user.user_id",
    ]);
    const USER: [Slot; 2] = slots([
        "azure.auditlogs.properties.initiated_by.user.userPrincipalName",
        "azure.auditlogs.properties.initiated_by.user.user_principal_name",
    ]);
    const USER_SHOWN: [Slot; 2] = slots([
        "azure.auditlogs.properties.initiated_by.user.displayName",
        "azure.auditlogs.properties.initiated_by.user.display_name",
    ]);
    const APP: [Slot; 2] = slots([
        "azure.auditlogs.properties.initiated_by.app.appId",
        "azure.auditlogs.properties.initiated_by.app.app_id",
    ]);
    const APP_ID: [Slot; 2] = slots([
        "azure.auditlogs.properties.initiated_by.app.servicePrincipalId",
        "azure.auditlogs.properties.initiated_by.app.service_principal_id",
    ]);
    const APP_SHOWN: [Slot; 2] = slots([
        "azure.auditlogs.properties.initiated_by.app.displayName",
        "azure.auditlogs.properties.initiated_by.app.display_name",
    ]);
    let says = |slots: &[Slot]| document.first_single(slots);
    let uid = says(&USER_ID);
    if let Some(user) = says(&USER).or_else(|| uid.clone()) {
        return Some(person(user, uid, says(&USER_SHOWN), says(&APP)));
    }
    let (uid, shown) = (says(&APP_ID), says(&APP_SHOWN));
    let name = says(&APP).or_else(|| uid.clone()).or_else(|| shown.clone())?;
    Some(program(false, name, uid, shown))
}

/// The claims of the token, whose names have underscores where they had dots.
fn claimed<'a>(document: &Document<'_, 'a>) -> Option<Named<'a>> {
    let claims = document.at(const { slot("azure.activitylogs.identity.claims") });
    let claim = |names: &[&str]| {
        let named = |key: &str| names.contains(&key.rsplit('/').next().unwrap_or_default());
        claims?.members().find(|(key, _)| named(key)).and_then(|(_, value)| value.text_or_digits())
    };
    let initiator = || {
        let name = document.single(const { slot("azure.activitylogs.identity.claims_initiated_by_user.name") });
        name.filter(|name| name.contains('@'))
    };
    let mail = || claim(&["unique_name", "emailaddress", "name"]).filter(|name| name.contains('@'));
    let (app, object) = (claim(&["appid", "azp"]), claim(&["objectidentifier", "oid"]));
    let managed = claim(&["xms_mirid"]).is_some();
    let is_app = managed || claim(&["idtyp"]).is_some_and(|word| word == "app");
    match claim(&["upn"]).or_else(mail).or_else(initiator).filter(|_| !is_app) {
        Some(user) => Some(person(user, object, None, app)),
        None => Some(program(managed, app.or_else(|| object.clone())?, object, None)),
    }
}

/// Types of users of Microsoft 365: 4 is its own systems, 5 an app, 6 a service principal ("Office 365 Management Activity API
/// schema", UserType).
fn office<'a>(document: &Document<'_, 'a>) -> Option<Named<'a>> {
    const APP: [Slot; 2] = slots(["o365.audit.AppId", "o365.audit.ClientAppId"]);
    let name = document.single(const { slot("o365.audit.UserId") })?;
    Some(match document.single(const { slot("o365.audit.UserType") }).as_deref() {
        Some("5" | "6" | "Application" | "ServicePrincipal") if !name.contains('@') => program(false, name, None, None),
        _ => {
            let key = document.single(const { slot("o365.audit.UserKey") });
            person(name, key, None, document.first_single(&APP))
        }
    })
}

/// A mail address: as it is, or of its two parts.
fn address<'a>(document: &Document<'_, 'a>) -> Option<Text<'a>> {
    const PLACES: [[Slot; 3]; 3] = [
        slots(["user.email", "user.name", "user.domain"]),
        slots(["client.user.email", "client.user.name", "client.user.domain"]),
        slots(["source.user.email", "source.user.name", "source.user.domain"]),
    ];
    PLACES.into_iter().find_map(|place| {
        let [mail, name, domain] = place.map(|slot| document.single(slot));
        let whole = mail.or_else(|| name.clone().filter(|name| name.contains('@')));
        let joined = || {
            let (name, domain) = (name?, domain.filter(|domain| domain.contains('.'))?);
            Some(Text::Owned([&name, "@", &domain].concat()))
        };
        whole.or_else(joined)
    })
}
