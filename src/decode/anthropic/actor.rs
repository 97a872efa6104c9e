//! Who did it, and from where: the `actor` of an activity → [`Actor`] and [`Origin`].
//!
//! An actor's `type` says which other members it has. Source: Claude Docs, "Compliance API", "List compliance activities" (Actor).

use super::super::json::Value;
use super::super::names::Names;
use super::super::{Delivery, network};
use crate::event::{Actor, Credential, CredentialClass, Delegator, NetworkClass, Origin, Relation, Text};

/// An actor's members. The first twelve name it, the most telling first; no actor has more than one or two of them.
static MEMBERS: Names<18> = Names::new([
    "email_address",
    "unauthenticated_email_address",
    "service_account_id",
    "subject",
    "user_id",
    "admin_api_key_id",
    "api_key_id",
    "service",
    "directory_id",
    "external_client_id",
    "id",
    "name",
    "type",
    "provider",
    "issuer",
    "idp_connection_type",
    "ip_address",
    "user_agent",
]);

/// Places of members that tell an actor's type where it does not say it, which it need not; the most telling first.
const TYPES: [(usize, &str); 10] = [
    (4, "user_actor"),
    (5, "admin_api_key_actor"),
    (6, "api_actor"),
    (2, "service_account_actor"),
    (1, "unauthenticated_user_actor"),
    (8, "scim_directory_sync_actor"),
    (9, "attested_device_actor"),
    (0, "user_actor"),
    (14, "federated_identity_actor"),
    (3, "federated_actor"),
];

/// Who vouches for a federated identity: whom he signed for, and by what he is named, the most telling first.
static PROVIDER: Names<5> =
    Names::new(["signed_principal", "issuer", "account_id", "project_number", "subscription_id"]);

/// Who did it, as the activity says it.
pub(super) struct Who<'t, 'a> {
    actor: Option<Value<'t, 'a>>,
    members: [Option<Value<'t, 'a>>; 18],
    class: Text<'a>,
    /// Whether it is Anthropic itself.
    is_anthropic: bool,
}

impl<'t, 'a> Who<'t, 'a> {
    /// Finds the actor's members.
    pub fn find(actor: Option<Value<'t, 'a>>) -> Who<'t, 'a> {
        let members = MEMBERS.within(actor);
        let says = |place: usize| members[place].and_then(Value::filled);
        let told = || TYPES.iter().find(|(place, _)| says(*place).is_some()).map(|(_, class)| Text::Borrowed(*class));
        let [.., class, _, _, _, _, _] = members;
        let class = class.and_then(Value::filled).or_else(told).unwrap_or(Text::Borrowed("Unknown"));
        let is_anthropic = matches!(&*class, "anthropic_actor" | "system_actor");
        Who { actor, members, class, is_anthropic }
    }

    /// Anthropic itself acts from nowhere.
    pub fn origin(&self) -> Origin<'a> {
        let [.., ip, user_agent] = self.members;
        let (ip, user_agent) = (ip.and_then(Value::filled), user_agent.and_then(Value::filled));
        if self.is_anthropic && ip.is_none() {
            return Origin { class: NetworkClass::CloudInternal, user_agent, ..Origin::NOWHERE };
        }
        network::origin(ip, user_agent)
    }

    /// Reads who did it; logins and calls of the interface itself name no organisation: then it is what the topic is configured for.
    pub fn actor(self, organisation: Option<Text<'a>>, delivery: &Delivery<'_>) -> Actor<'a> {
        let Who { actor, members, class, is_anthropic } = self;
        let [_, _, service_account, subject, user, admin_key, key, ..] = members;
        let [.., name, _, provider, issuer, connection, _, _] = members;
        let says = |value: Option<Value<'_, 'a>>| value.and_then(Value::filled);
        let [signed, signer, account, project, subscription] = PROVIDER.within(provider);
        let first = |values: &[Option<Value<'_, 'a>>]| values.iter().flatten().find_map(|value| value.filled());
        let named = || first(&members[..12]).or_else(|| called(actor?));
        let by_anthropic = || is_anthropic.then_some(Text::Borrowed("anthropic"));
        let vouched = first(&[issuer, signer, account, project, subscription, connection]);
        Actor {
            name: says(signed).or_else(named).or_else(by_anthropic).unwrap_or_default(),
            uid: says(user).or_else(|| says(service_account)),
            short_name: says(name),
            account: organisation.or_else(|| delivery.scope.map(|scope| Text::Owned(scope.to_owned()))),
            issuer: None,
            session: None,
            credential: credential(says(admin_key).or_else(|| says(key)), &class),
            delegators: delegators(says(subject), vouched),
            via_service: is_anthropic,
            class,
        }
    }
}

/// Whom a federated identity is, and who vouches for it.
fn delegators<'a>(subject: Option<Text<'a>>, provider: Option<Text<'a>>) -> Vec<Delegator<'a>> {
    if subject.is_none() && provider.is_none() {
        return Vec::new();
    }
    let through = [(Relation::FederatedSubject, subject), (Relation::FederatedProvider, provider)];
    through.into_iter().filter_map(|(relation, name)| Some(Delegator { relation, name: name? })).collect()
}

/// What an actor of a later type is called by: the first of its members that is an id or a name (`agent_id`, `session_name`).
fn called<'a>(actor: Value<'_, 'a>) -> Option<Text<'a>> {
    let is_own = |key: &str| key.ends_with("_id") || key.ends_with("_name");
    actor.members().take(16).filter(|(key, _)| is_own(key)).find_map(|(_, value)| value.filled())
}

fn credential<'a>(key: Option<Text<'a>>, class: &str) -> Option<Credential<'a>> {
    let (id, class) = match (key, class) {
        (Some(key), _) => (key, CredentialClass::LongTerm),
        (None, "federated_identity_actor" | "federated_actor") => (Text::default(), CredentialClass::Federated),
        (None, "user_actor") => (Text::default(), CredentialClass::Console),
        _ => return None,
    };
    Some(Credential { id, class, issued: None, mfa: false })
}
