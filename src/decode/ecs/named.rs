//! Who did it, in the words of the log that a document was made of: what Elastic's integrations keep of its own members.
//!
//! In: a document and its provider. Out: the actor's class, name and ids as the log's own decoder would give them; none where the
//! document keeps no such members. ECS's `user.name` is often but a part of them: what stands before the `@` of an address, or a
//! name to show.
//!
//! Sources: the field references and sample events of Elastic's integrations for Azure, GitHub, Google Cloud, Google Workspace,
//! Microsoft 365 and Okta.

use super::super::json::Value;
use super::fields::{at, text_at};
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
pub(super) fn named<'a>(value: Value<'_, 'a>, provider: &str) -> Option<Named<'a>> {
    let found = match provider {
        "okta" => okta(value),
        "google_workspace" => workspace(value),
        "gcp" => gcp(value),
        "azure" => azure(value),
        "github" => github(value),
        _ => None,
    };
    found.filter(|named| !named.name.is_empty())
}

/// The first text among several paths.
fn first<'a>(value: Value<'_, 'a>, paths: &[&[&str]]) -> Option<Text<'a>> {
    paths.iter().find_map(|path| text_at(value, path))
}

fn okta<'a>(value: Value<'_, 'a>) -> Option<Named<'a>> {
    let says = |name| text_at(value, &["okta", "actor", name]).filter(|name| !name.eq_ignore_ascii_case("unknown"));
    let (shown, uid) = (says("display_name"), says("id"));
    Some(Named {
        class: says("type").unwrap_or(Text::Borrowed("User")),
        name: says("alternate_id").or_else(|| shown.clone()).or_else(|| uid.clone())?,
        uid,
        short_name: shown,
        ..Named::default()
    })
}

/// An app that acts with a person's token, a robot's key, or a person.
fn workspace<'a>(value: Value<'_, 'a>) -> Option<Named<'a>> {
    let own = |path: &[&str]| text_at(value, &[&["google_workspace"], path].concat());
    let class = own(&["actor", "type"]);
    let key = own(&["actor", "key"]).filter(|_| class.as_deref() == Some("KEY"));
    let mail = own(&["actor", "email"]).or_else(|| address(value));
    let app = own(&["token", "client", "id"]);
    Some(Named {
        class: app.as_ref().map(|_| Text::Borrowed("APPLICATION")).or(class).unwrap_or(Text::Borrowed("USER")),
        uid: own(&["actor", "profile", "id"]).or_else(|| first(value, &[&["source", "user", "id"], &["user", "id"]])),
        short_name: own(&["token", "app_name"]),
        person: mail.clone().filter(|_| app.is_some()),
        name: mail.or(key)?,
        app,
    })
}

fn gcp<'a>(value: Value<'_, 'a>) -> Option<Named<'a>> {
    let own = |name| text_at(value, &["gcp", "audit", "authentication_info", name]);
    let mail = own("principal_email").or_else(|| first(value, &[&["client", "user", "email"], &["user", "email"]]));
    let uid = own("principal_subject");
    let name = mail.or_else(|| uid.clone())?;
    let class = match &*name {
        "system@google.com" => "system",
        name if name.ends_with(".gserviceaccount.com") => "serviceAccount",
        name if name.starts_with("system:") => "kubernetes",
        name if name.starts_with("principal") => "principal",
        _ => "user",
    };
    Some(Named { class: Text::Borrowed(class), name, uid, ..Named::default() })
}

fn github<'a>(value: Value<'_, 'a>) -> Option<Named<'a>> {
    let name = text_at(value, &["user", "name"])?;
    let is_true = |name| at(value, &["github", name]).and_then(Value::truth) == Some(true);
    let class = match () {
        () if is_true("actor_is_agent") => "Agent",
        () if is_true("actor_is_bot") || name.ends_with("[bot]") => "Bot",
        () if name == "deploy_key" => "DeployKey",
        () => "User",
    };
    Some(Named { class: Text::Borrowed(class), name, uid: text_at(value, &["user", "id"]), ..Named::default() })
}

/// A sign-in, a change of the directory, a call of Microsoft Graph or of Azure's resources, or of Microsoft 365.
fn azure<'a>(value: Value<'_, 'a>) -> Option<Named<'a>> {
    let found = signed_in(value, "signinlogs").or_else(|| signed_in(value, "graphactivitylogs"));
    found.or_else(|| initiated(value)).or_else(|| claimed(value)).or_else(|| office(value))
}

fn person<'a>(name: Text<'a>, uid: Option<Text<'a>>, short_name: Option<Text<'a>>, app: Option<Text<'a>>) -> Named<'a> {
    Named { class: Text::Borrowed("User"), name, uid, short_name, app, person: None }
}

fn program<'a>(managed: bool, name: Text<'a>, uid: Option<Text<'a>>, short_name: Option<Text<'a>>) -> Named<'a> {
    let class = if managed { "ManagedIdentity" } else { "ServicePrincipal" };
    Named { class: Text::Borrowed(class), name, uid, short_name, ..Named::default() }
}

fn signed_in<'a>(value: Value<'_, 'a>, log: &str) -> Option<Named<'a>> {
    let says = |name| text_at(value, &["azure", log, "properties", name]);
    let app = says("app_id");
    if let Some(user) = says("user_principal_name").or_else(|| says("user_id")) {
        return Some(person(user, says("user_id"), says("user_display_name"), app));
    }
    let category = text_at(value, &["azure", log, "category"]).unwrap_or_default();
    let managed = category.to_ascii_lowercase().contains("managedidentity");
    let uid = says("service_principal_id");
    let name = app.or_else(|| uid.clone())?;
    Some(program(managed, name, uid, says("service_principal_name").or_else(|| says("app_display_name"))))
}

fn initiated<'a>(value: Value<'_, 'a>) -> Option<Named<'a>> {
    let says = |who, names: [&str; 2]| {
        let paths = names.map(|name| ["azure", "auditlogs", "properties", "initiated_by", who, name]);
        paths.iter().find_map(|path| text_at(value, path))
    };
    let uid = says("user", ["id", "user_id"]);
    if let Some(user) = says("user", ["userPrincipalName", "user_principal_name"]).or_else(|| uid.clone()) {
        let app = says("app", ["appId", "app_id"]);
        return Some(person(user, uid, says("user", ["displayName", "display_name"]), app));
    }
    let uid = says("app", ["servicePrincipalId", "service_principal_id"]);
    let shown = says("app", ["displayName", "display_name"]);
    let name = says("app", ["appId", "app_id"]).or_else(|| uid.clone()).or_else(|| shown.clone())?;
    Some(program(false, name, uid, shown))
}

/// The claims of the token, whose names have underscores where they had dots.
fn claimed<'a>(value: Value<'_, 'a>) -> Option<Named<'a>> {
    const IDENTITY: [&str; 3] = ["azure", "activitylogs", "identity"];
    let [azure, log, identity] = IDENTITY;
    let claims = at(value, &[azure, log, identity, "claims"]);
    let claim = |names: &[&str]| {
        let named = |key: &str| names.contains(&key.rsplit('/').next().unwrap_or_default());
        claims?.members().find(|(key, _)| named(key)).and_then(|(_, value)| value.text_or_digits())
    };
    let initiator = || {
        text_at(value, &[azure, log, identity, "claims_initiated_by_user", "name"]).filter(|name| name.contains('@'))
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
fn office<'a>(value: Value<'_, 'a>) -> Option<Named<'a>> {
    let says = |name| text_at(value, &["o365", "audit", name]);
    let name = says("UserId")?;
    let app = says("AppId").or_else(|| says("ClientAppId"));
    Some(match says("UserType").as_deref() {
        Some("5" | "6" | "Application" | "ServicePrincipal") if !name.contains('@') => program(false, name, None, None),
        _ => person(name, says("UserKey"), None, app),
    })
}

/// A mail address: as it is, or of its two parts.
pub(super) fn address<'a>(value: Value<'_, 'a>) -> Option<Text<'a>> {
    ["user", "client", "source"].into_iter().find_map(|who| {
        let of = |name: &'static str| match who {
            "user" => text_at(value, &["user", name]),
            _ => text_at(value, &[who, "user", name]),
        };
        let whole = of("email").or_else(|| of("name").filter(|name| name.contains('@')));
        let joined = || {
            let (name, domain) = (of("name")?, of("domain").filter(|domain| domain.contains('.'))?);
            Some(Text::Owned([&name, "@", &domain].concat()))
        };
        whole.or_else(joined)
    })
}
