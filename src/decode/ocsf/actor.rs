//! Who did it: OCSF's `actor`, or `user` where that is who signs in, in the words of the provider.

use super::super::Delivery;
use super::super::json::Value;
use super::account_of_cloud;
use crate::event::{Actor, Credential, CredentialClass, Delegator, Issuer, Relation, Text, Timestamp};

/// Who did it.
pub(super) fn actor<'a>(value: Value<'_, 'a>, class: u32, provider: &str, delivery: &Delivery<'_>) -> Actor<'a> {
    let signs_in = || value.at(&["user"]).filter(|_| matches!(class, 3002 | 3003));
    let user = signs_in().or_else(|| value.at(&["actor", "user"]));
    let text = |name: &str| user?.text_at(&[name]);
    let app = ["app_uid", "app_name"].into_iter().find_map(|name| value.text_at(&["actor", name]));
    let mail = text("email_addr").filter(|_| provider != "aws");
    let named = text("name").filter(|name| mail.is_none() || name.contains('@'));
    let uid = text("uid").or_else(|| text("uuid"));
    let name = named.or(mail).or_else(|| text("name")).or_else(|| uid.clone());
    let of_app = name.is_none();
    let session = value.at(&["actor", "session"]).or_else(|| value.at(&["session"]));
    Actor {
        class: class_of(user, provider, of_app && app.is_some()),
        name: name.or_else(|| app.clone()).unwrap_or_default(),
        uid: uid.or_else(|| text("uid_alt")),
        short_name: text("full_name").or_else(|| text("display_name")),
        account: account(value, user, delivery),
        issuer: session.and_then(|session| session.text_at(&["issuer"])).map(issuer),
        session: session.and_then(|session| session.text_at(&["uid"]).or_else(|| session.text_at(&["uuid"]))),
        credential: credential(value, user, session),
        delegators: delegators(value, app.filter(|_| !of_app)),
        via_service: false,
    }
}

/// The provider's word for the type of actor, else the schema's.
fn class_of<'a>(user: Option<Value<'_, 'a>>, provider: &str, is_app: bool) -> Text<'a> {
    if is_app {
        return Text::Borrowed(if provider == "azure" { "ServicePrincipal" } else { "Application" });
    }
    let word = user.and_then(|user| user.text_at(&["type"]));
    let by_id = || {
        let id = user?.member("type_id")?.text_or_digits()?;
        Some(Text::Borrowed(match &*id {
            "1" => "User",
            "2" => "Admin",
            "3" => "System",
            "4" => "Service",
            _ => return None,
        }))
    };
    let class = word.filter(|word| !matches!(&**word, "Unknown" | "Other")).or_else(by_id);
    let class = class.unwrap_or(Text::Borrowed(if user.is_some() { "User" } else { "Unknown" }));
    match (provider, &*class) {
        ("gcp", _) => Text::Borrowed(of_google(user)),
        ("azure", "Service" | "System" | "Application" | "Service Principal") => Text::Borrowed("ServicePrincipal"),
        ("azure", "Admin") => Text::Borrowed("User"),
        _ => class,
    }
}

/// Google's word for the type of actor, which its mail says.
fn of_google(user: Option<Value<'_, '_>>) -> &'static str {
    let says = |name: &str| user?.text_at(&[name]);
    match says("email_addr").or_else(|| says("name")).or_else(|| says("uid")).as_deref() {
        Some("system@google.com") => "system",
        Some(name) if name.ends_with(".gserviceaccount.com") => "serviceAccount",
        Some(name) if name.starts_with("system:") => "kubernetes",
        Some(_) => "user",
        None => "unknown",
    }
}

/// The account that owns the actor.
fn account<'a>(value: Value<'_, 'a>, user: Option<Value<'_, 'a>>, delivery: &Delivery<'_>) -> Option<Text<'a>> {
    let places: [&[&str]; 4] = [&["account", "uid"], &["account_uid"], &["org", "uid"], &["domain"]];
    let own = places[..3].iter().find_map(|place| user?.at(place)?.text_or_digits());
    own.or_else(|| value.text_at(&["metadata", "tenant_uid"]))
        .or_else(|| account_of_cloud(value))
        .or_else(|| delivery.scope_in(value))
        .or_else(|| user?.text_at(places[3]))
}

fn issuer(name: Text<'_>) -> Issuer<'_> {
    Issuer { class: Text::Borrowed("Issuer"), name, short_name: Text::default(), account: None }
}

fn credential<'a>(
    value: Value<'_, 'a>,
    user: Option<Value<'_, 'a>>,
    session: Option<Value<'_, 'a>>,
) -> Option<Credential<'a>> {
    let listed = || user?.member("programmatic_credentials")?.items().next()?.text_at(&["uid"]);
    let id = user.and_then(|user| user.text_at(&["credential_uid"])).or_else(listed);
    let id = id.or_else(|| session?.text_at(&["credential_uid"]));
    let mfa = session.and_then(|session| session.member("is_mfa")?.truth());
    let mfa = mfa.or_else(|| value.member("is_mfa")?.truth()).unwrap_or(false);
    if id.is_none() && session.is_none() {
        return None;
    }
    let issued = session.and_then(|session| {
        let text = session.text_at(&["created_time_dt"]).and_then(|text| Timestamp::parse(&text).ok());
        text.or_else(|| session.member("created_time")?.number().and_then(millis))
    });
    Some(Credential { id: id.unwrap_or_default(), class: CredentialClass::Unknown, issued, mfa })
}

/// A number of milliseconds as a time.
fn millis(number: f64) -> Option<Timestamp> {
    #[expect(clippy::cast_possible_truncation, reason = "within the range that is asked for")]
    (0.0..1e14).contains(&number).then(|| Timestamp::from_millis(number as i64))
}

fn delegators<'a>(value: Value<'_, 'a>, app: Option<Text<'a>>) -> Vec<Delegator<'a>> {
    let through = [
        (Relation::InvokedBy, value.text_at(&["actor", "invoked_by"])),
        (Relation::Application, app),
        (Relation::FederatedProvider, value.text_at(&["actor", "idp", "name"])),
    ];
    through.into_iter().filter_map(|(relation, name)| Some(Delegator { relation, name: name? })).collect()
}
