//! Sign-ins: of users (interactive or not), service principals, managed identities, agents.

use super::super::azure::{Field, Record, event_time, lower, managed_by, origin, tenant};
use super::super::json::Value;
use super::super::network;
use super::super::text::{begins, ends, holds};
use super::super::{Decoded, Delivery};
use super::{id, nested};
use crate::config::DecodeConfig;
use crate::event::{
    Access, Action, Actor, Credential, CredentialClass, Delegator, Event, Issuer, Origin, Outcome, Relation, Source,
    Target, Text,
};

/// How diagnostic settings name every sign-in.
const OPERATION: &str = "Sign-in activity";

/// Decodes a sign-in.
pub(in crate::decode) fn sign_in<'a>(
    bytes: &[u8],
    record: &Record<'_, 'a>,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let time = event_time(record, &[Field::CreatedDateTime, Field::Time, Field::TimeGenerated], delivery, config)?;
    let (outcome, error) = ending(record);
    let actor = actor(record, delivery);
    let issued = record.text(Field::TokenId).filter(|_| outcome != Outcome::Failure);
    let address = record.text(Field::IpAddress).or_else(|| record.outer.text(Field::CallerIp));
    Ok(Event {
        source: Source::EntraSignIn,
        provider: Text::Borrowed("azure"),
        id: id(bytes, record, Field::Id),
        time,
        action: Action {
            service: Text::Borrowed("entra"),
            operation: record.word(Field::OperationName).unwrap_or(Text::Borrowed(OPERATION)),
            access: Access::Read,
            sensitivity: None,
            tactic: None,
            technique: None,
        },
        outcome,
        error,
        origin: located(origin(address, record.text(Field::UserAgent), actor.via_service), record),
        region: None,
        target_account: None,
        targets: resource(record).into_iter().take(config.max_targets).collect(),
        issued: issued.into_iter().collect(),
        actor,
    })
}

/// An error code of 0 is success. All others are failures, interrupts too (50058, 50072, 50074, 50076, 50125, 50140, 65001 …: another
/// page is shown, another factor or consent is asked for), since no token was given: Microsoft's reference of error codes has them
/// among the errors, its own parser for Sentinel (`ASimAuthenticationAADSigninLogs`) calls every code but 0 a failure, and where the
/// user goes on, that is another record. The code says which it was.
fn ending<'a>(record: &Record<'_, 'a>) -> (Outcome, Option<Text<'a>>) {
    let code = record.get(Field::Status).and_then(|status| nested(status, &["errorCode"])?.text_or_digits());
    let said =
        code.or_else(|| record.outer.text(Field::ResultType)).or_else(|| record.outer.text(Field::ResultSignature));
    match said {
        Some(code) if code == "0" || code.eq_ignore_ascii_case("success") => (Outcome::Success, None),
        Some(code) if code.bytes().all(|byte| byte.is_ascii_digit()) => (Outcome::Failure, Some(code)),
        Some(word) if begins(&word, "fail") => (Outcome::Failure, None),
        _ => (Outcome::Unknown, None),
    }
}

/// The address with what the log itself says of where it is.
fn located<'a>(origin: Origin<'a>, record: &Record<'_, 'a>) -> Origin<'a> {
    if origin.network.is_none() {
        return origin;
    }
    let place =
        [record.inner.get(Field::Location), record.get(Field::LocationDetails), record.outer.get(Field::Location)];
    let country = |place: Value<'_, 'a>| place.filled().or_else(|| nested(place, &["countryOrRegion"])?.filled());
    let country = place.into_iter().flatten().find_map(country);
    network::located(origin, country, record.text(Field::AsNumber))
}

/// The resource that was signed in to.
fn resource<'a>(record: &Record<'_, 'a>) -> Option<Target<'a>> {
    let id = record.outer.text(Field::ResourceIdentity).or_else(|| record.inner.text(Field::ResourceId));
    let own = || record.outer.text(Field::ResourceId).filter(|id| !id.contains('/'));
    let name = record.text(Field::ResourceDisplayName).or(id).or_else(own)?;
    Some(Target { kind: Text::Borrowed("entra:resource"), container: name.clone(), name, account: None })
}

fn actor<'a>(record: &Record<'_, 'a>, delivery: &Delivery<'_>) -> Actor<'a> {
    let class = class(record);
    let text = |field| record.text(field);
    let (name, uid, short_name) = match class {
        "User" => {
            let id = text(Field::UserId);
            (text(Field::UserPrincipalName).or_else(|| id.clone()), id, text(Field::UserDisplayName))
        }
        _ => {
            let id = text(Field::ServicePrincipalId);
            (
                text(Field::AppId).or_else(|| id.clone()),
                id,
                text(Field::ServicePrincipalName).or_else(|| text(Field::AppDisplayName)),
            )
        }
    };
    let is_named = name.is_some() || uid.is_some();
    Actor {
        name: name.unwrap_or_default(),
        uid: uid.map(lower),
        short_name: short_name.or_else(|| record.outer.text(Field::Identity)),
        account: tenant(record, delivery).map(lower),
        issuer: issuer(record, class),
        session: text(Field::TokenId).or_else(|| text(Field::SessionId)),
        credential: Some(credential(record, class)),
        delegators: delegators(record, class),
        via_service: class == "MicrosoftServicePrincipal",
        class: Text::Borrowed(if is_named { class } else { "Unknown" }),
    }
}

/// Whose sign-in it is, by the log that it is of and by what it has.
fn class(record: &Record<'_, '_>) -> &'static str {
    let log = [record.outer.text(Field::Type), record.word(Field::Category)];
    let kinds = record.get(Field::SignInKinds);
    let listed =
        |word: &str| kinds.into_iter().flat_map(Value::items).filter_map(Value::text).any(|it| holds(&it, word));
    let is_of = |word: &str| log.iter().flatten().any(|log| holds(log, word)) || listed(word);
    if says_agent(record) {
        return "AgentIdentity";
    }
    let is_managed = |value: Option<Text<'_>>| value.is_some_and(|word| ends(&word, "assigned"));
    let kept = record.get(Field::ManagedIdentity).and_then(|identity| identity.text_at(&["msiType"]));
    if is_of("managedidentity") || is_managed(kept) || is_managed(record.text(Field::ManagedIdentityType)) {
        return "ManagedIdentity";
    }
    if is_of("microsoftserviceprincipal") {
        return "MicrosoftServicePrincipal";
    }
    let of_user = record.text(Field::UserPrincipalName).or_else(|| record.text(Field::UserId)).is_some();
    let of_app = record.text(Field::ServicePrincipalName).or_else(|| record.text(Field::ServicePrincipalId)).is_some();
    if is_of("serviceprincipal") || (of_app && !of_user) { "ServicePrincipal" } else { "User" }
}

/// Whether the log says that an agent signed in (`agent.agentType`, Entra Agent ID).
fn says_agent(record: &Record<'_, '_>) -> bool {
    let Some(agent) = record.get(Field::Agent) else { return false };
    let names = [["agentType"], ["agentSubjectType"], ["AgentType"], ["AgentSubjectType"]];
    names
        .iter()
        .filter_map(|name| agent.at(name)?.text_or_digits())
        .any(|word| begins(&word, "agent") || (word != "0" && word.bytes().all(|byte| byte.is_ascii_digit())))
}

/// The tenant that owns the app, or the resource that the managed identity belongs to.
fn issuer<'a>(record: &Record<'_, 'a>, class: &str) -> Option<Issuer<'a>> {
    let kept = record.get(Field::ManagedIdentity).and_then(|identity| identity.text_at(&["associatedResourceId"]));
    if let Some(resource) = kept.filter(|_| class == "ManagedIdentity") {
        return Some(managed_by(resource));
    }
    let owner = record.text(Field::AppOwnerTenant).map(lower).filter(|_| class != "User")?;
    let account = Some(owner.clone());
    Some(Issuer { class: Text::Borrowed("Tenant"), name: owner, short_name: Text::default(), account })
}

fn credential<'a>(record: &Record<'_, 'a>, class: &str) -> Credential<'a> {
    let text = |field| record.text(field);
    let federated = text(Field::FederatedCredential);
    let key = text(Field::CredentialKey).or_else(|| text(Field::CredentialThumbprint));
    let kind = text(Field::CredentialType).unwrap_or_default();
    let is = |word: &str| holds(&kind, word);
    let proof = match class {
        "User" => CredentialClass::OauthToken,
        "ManagedIdentity" => CredentialClass::Managed,
        _ if federated.is_some() || is("federated") => CredentialClass::Federated,
        _ if is("managedidentity") => CredentialClass::Managed,
        _ if key.is_some() || is("secret") || is("certificate") || is("assertion") => CredentialClass::LongTerm,
        _ => CredentialClass::Unknown,
    };
    let mfa =
        text(Field::AuthenticationRequirement).is_some_and(|it| it.eq_ignore_ascii_case("multiFactorAuthentication"));
    Credential { id: key.or(federated).unwrap_or_default(), class: proof, issued: None, mfa: mfa && class == "User" }
}

/// The app through which a user signed in; the blueprint that an agent was made from; who vouched for a managed identity.
fn delegators<'a>(record: &Record<'_, 'a>, class: &str) -> Vec<Delegator<'a>> {
    let app = record.text(Field::AppId).filter(|_| class == "User");
    let blueprint = record
        .get(Field::Agent)
        .and_then(|agent| agent.text_at(&["parentAppId"]).or_else(|| agent.text_at(&["agentSubjectParentId"])));
    let vouching = record.get(Field::ManagedIdentity).and_then(|identity| identity.text_at(&["federatedTokenIssuer"]));
    let through = [
        (Relation::Application, app),
        (Relation::Application, blueprint.filter(|_| class == "AgentIdentity")),
        (Relation::FederatedProvider, vouching),
        (Relation::FederatedCredential, record.text(Field::FederatedCredential)),
    ];
    through.into_iter().filter_map(|(relation, name)| Some(Delegator { relation, name: lower(name?) })).collect()
}
