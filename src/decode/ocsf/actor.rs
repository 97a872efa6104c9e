//! Who did it: OCSF's `actor`, or `user` where that is who signs in, in the words of the provider.

use super::super::json::Value;
use super::super::paths::Slot;
use super::record::{Record, Session, User, account_of_cloud, slot, slots};
use crate::event::{Actor, Credential, CredentialClass, Delegator, Issuer, Relation, Text, Timestamp};

/// Who did it. `scope` is asked where the event does not say of which account he is.
pub(super) fn actor<'a>(
    record: &Record<'_, 'a>,
    class: u32,
    provider: &str,
    scope: &dyn Fn() -> Option<Text<'a>>,
) -> Actor<'a> {
    const APP: [Slot; 2] = slots(["actor.app_uid", "actor.app_name"]);
    const NAME: [Slot; 2] = slots(["actor.app_name", "actor.process.name"]);
    let signs_in = record.at(const { slot("user") }).filter(|_| matches!(class, 3002 | 3003));
    let user = signs_in.or(record.at(const { slot("actor.user") })).map(User::find);
    let user = user.as_ref();
    let app = record.first(&APP);
    let text = |value: Option<Value<'_, 'a>>| value.and_then(Value::filled);
    // People go by their logins there, whatever address they signed in with.
    let mail = user.and_then(|user| text(user.email)).filter(|_| provider != "github");
    let said = user.and_then(|user| text(user.name));
    let named = said.clone().filter(|name| mail.is_none() || name.contains('@'));
    let uid = user.and_then(|user| text(user.uid).or_else(|| text(user.uuid)));
    let name = named.or(mail).or(said);
    let class = class_of(user, provider);
    // The id of a program's account says less than the app that it is the account of.
    let of_app = name.is_none() && (uid.is_none() || is_program(&class)) && app.is_some();
    let class = if of_app { Text::Borrowed(class_of_app(provider)) } else { class };
    let shown = if of_app { record.first(&NAME) } else { name.clone().filter(|_| class == "ServicePrincipal") };
    let name = if of_app { app.clone() } else { name.or_else(|| uid.clone()) };
    let session = Session::find(record);
    Actor {
        short_name: user.and_then(|user| text(user.full_name)).or(shown),
        name: name.or_else(|| record.text(const { slot("actor.process.name") })).unwrap_or_default(),
        uid: uid.or_else(|| text(user?.uid_alt)),
        account: account(record, user, scope),
        issuer: text(session.issuer).map(issuer),
        session: text(session.uid).or_else(|| text(session.uuid)),
        credential: credential(record, user, &session),
        delegators: delegators(record, app.filter(|_| !of_app)),
        via_service: false,
        class,
    }
}

/// Whether this is a type of program's account, not of a person's.
fn is_program(class: &str) -> bool {
    matches!(class, "Service" | "System" | "Application" | "ServicePrincipal" | "ManagedIdentity" | "ServiceAccount")
}

fn class_of_app(provider: &str) -> &'static str {
    if provider == "azure" { "ServicePrincipal" } else { "Application" }
}

/// The provider's word for the type of actor, else the schema's.
fn class_of<'a>(user: Option<&User<'_, 'a>>, provider: &str) -> Text<'a> {
    let word = user.and_then(|user| user.class?.filled());
    let by_id = || {
        let id = user?.type_id?.text_or_digits()?;
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
        ("github", word) if user.is_some() && word != "Agent" => Text::Borrowed(of_github(user)),
        ("azure", "Service" | "System" | "Application" | "Service Principal") => Text::Borrowed("ServicePrincipal"),
        ("azure" | "okta", "Admin") => Text::Borrowed("User"),
        ("okta", "System") => Text::Borrowed("SystemPrincipal"),
        ("okta", "User" | "Service" | "Application") if is_client(user) => Text::Borrowed("PublicClientApp"),
        _ => class,
    }
}

/// Whether the id is that of an app of Okta's: the schema has no word for such an actor.
fn is_client(user: Option<&User<'_, '_>>) -> bool {
    let uid = user.and_then(|user| user.uid.or(user.name)?.filled());
    uid.is_some_and(|uid| uid.starts_with("0oa") && uid.len() == 20)
}

/// Google's word for the type of actor, which its mail says.
fn of_google(user: Option<&User<'_, '_>>) -> &'static str {
    let mut names = user.into_iter().flat_map(|user| [user.email, user.name, user.uid]).flatten();
    match names.find_map(Value::filled).as_deref() {
        Some("system@google.com") => "system",
        Some(name) if name.ends_with(".gserviceaccount.com") => "serviceAccount",
        Some(name) if name.starts_with("system:") => "kubernetes",
        Some(_) => "user",
        None => "unknown",
    }
}

/// GitHub's word for the type of actor: apps' logins say that they are, whatever a mapping makes of them.
fn of_github(user: Option<&User<'_, '_>>) -> &'static str {
    let name = user.and_then(|user| user.name?.filled());
    if name.is_some_and(|name| name.ends_with("[bot]")) { "Bot" } else { "User" }
}

/// The account that owns the actor.
fn account<'a>(
    record: &Record<'_, 'a>,
    user: Option<&User<'_, 'a>>,
    scope: &dyn Fn() -> Option<Text<'a>>,
) -> Option<Text<'a>> {
    let own = user.and_then(|user| user.account().or_else(|| user.organisation()));
    own.or_else(|| record.text(const { slot("metadata.tenant_uid") }))
        .or_else(|| account_of_cloud(record))
        .or_else(scope)
        .or_else(|| user?.domain?.filled())
}

fn issuer(name: Text<'_>) -> Issuer<'_> {
    Issuer { class: Text::Borrowed("Issuer"), name, short_name: Text::default(), account: None }
}

fn credential<'a>(
    record: &Record<'_, 'a>,
    user: Option<&User<'_, 'a>>,
    session: &Session<'_, 'a>,
) -> Option<Credential<'a>> {
    let id = user.and_then(User::credential_id).or_else(|| session.credential?.filled());
    if id.is_none() && !session.exists {
        return None;
    }
    let mfa = session.mfa.and_then(Value::truth);
    let mfa = mfa.or_else(|| record.at(const { slot("is_mfa") })?.truth()).unwrap_or(false);
    let text = session.created.and_then(Value::filled).and_then(|text| Timestamp::parse(&text).ok());
    let counted = || session.created.and_then(Value::number).or_else(|| session.created_number?.number());
    let issued = text.or_else(|| counted().and_then(millis));
    Some(Credential { id: id.unwrap_or_default(), class: CredentialClass::Unknown, issued, mfa })
}

/// A number of milliseconds as a time.
pub(super) fn millis(number: f64) -> Option<Timestamp> {
    #[expect(clippy::cast_possible_truncation, reason = "within the range that is asked for")]
    (0.0..1e14).contains(&number).then(|| Timestamp::from_millis(number as i64))
}

fn delegators<'a>(record: &Record<'_, 'a>, app: Option<Text<'a>>) -> Vec<Delegator<'a>> {
    let through = [
        (Relation::InvokedBy, record.text(const { slot("actor.invoked_by") })),
        (Relation::Application, app),
        (Relation::FederatedProvider, record.text(const { slot("actor.idp.name") })),
    ];
    through.into_iter().filter_map(|(relation, name)| Some(Delegator { relation, name: name? })).collect()
}
