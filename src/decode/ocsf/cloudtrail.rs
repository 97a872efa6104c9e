//! CloudTrail's records in OCSF.
//!
//! Source: the mappings of CloudTrail in ocsf/examples, for 1.0.0-rc.2, 1.1.0 and 1.5.0, and Amazon Security Lake's; what they
//! have no place for lies in `unmapped`, under CloudTrail's own names.

use super::super::cloudtrail::{self, Kept, SessionIssuer, UserIdentity, creation_date, subject};
use super::super::embedded::{Embedded, own_text};
use super::super::json::Value;
use super::super::paths::Slot;
use super::super::text::holds;
use super::actor::millis;
use super::outcome;
use super::record::{Record, Session, User, slot, slots};
use crate::config::DecodeConfig;
use crate::event::{Outcome, Source, Text, Timestamp};

/// Whether an event was made of a CloudTrail record.
pub(super) fn is_of(record: &Record<'_, '_>) -> bool {
    let product = record.text(const { slot("metadata.product.name") });
    let service = record.text(const { slot("api.service.name") });
    let of_aws = || record.text(const { slot("cloud.provider") }).is_some_and(|it| it.eq_ignore_ascii_case("aws"));
    let named = product.is_some_and(|product| holds(&product, "cloudtrail"));
    let called = || service.is_some_and(|service| service.ends_with(".amazonaws.com"));
    (named || of_aws() && called()) && record.text(const { slot("api.operation") }).is_some()
}

/// What is kept of the record.
pub(super) fn kept<'t, 'a>(record: &Record<'t, 'a>, time: Timestamp, config: &DecodeConfig) -> Kept<'t, 'a> {
    const ADDRESS: [Slot; 4] =
        slots(["src_endpoint.ip", "src_endpoint.domain", "src_endpoint.svc_name", "src_endpoint.hostname"]);
    const RECIPIENT: [Slot; 5] = slots([
        "unmapped.recipientAccountId",
        "cloud.account.uid",
        "cloud.account_uid",
        "cloud.project_uid",
        "cloud.org.uid",
    ]);
    let filled = |slot| record.at(slot).filter(|value| value.filled().is_some());
    let named = |slot| record.at(slot).filter(|value| value.text_or_digits().is_some());
    let is_known = |word: &Value<'_, '_>| matches!(word.text().as_deref(), Some("Data" | "Management"));
    let is_endpoint = |uid: &Value<'_, '_>| uid.text().is_some_and(|uid| uid.starts_with("vpce-"));
    let outcome = outcome::outcome(record);
    let session = Session::find(record);
    let user = user(record);
    Kept {
        record: cloudtrail::Record {
            event_source: filled(const { slot("api.service.name") }),
            event_name: filled(const { slot("api.operation") }),
            event_id: record.at(const { slot("metadata.uid") }).or(record.at(const { slot("ref_event_uid") })),
            shared_event_id: record.at(const { slot("unmapped.sharedEventID") }),
            event_category: record.at(const { slot("unmapped.eventCategory") }).filter(is_known),
            read_only: record.at(const { slot("unmapped.readOnly") }),
            management_event: record.at(const { slot("unmapped.managementEvent") }),
            aws_region: record.at(const { slot("cloud.region") }),
            recipient_account_id: RECIPIENT.into_iter().find_map(named),
            source_ip_address: ADDRESS.into_iter().find_map(filled),
            vpc_endpoint_id: record.at(const { slot("src_endpoint.uid") }).filter(is_endpoint),
            user_agent: record.at(const { slot("http_request.user_agent") }),
            error_code: record.at(const { slot("api.response.error") }),
            request_parameters: record.at(const { slot("api.request.data") }),
            response_elements: record.at(const { slot("api.response.data") }),
            ..cloudtrail::Record::default()
        },
        identity: identity(record, user.as_ref(), &session),
        session: user.map(|_| session_of(record, user.as_ref(), &session, config)).unwrap_or_default(),
        resources: resources(record),
        time,
        outcome: (outcome != Outcome::Unknown).then_some(outcome),
        source: Source::Ocsf,
    }
}

/// `userIdentity`. Which of the ids is the ARN is told by its form: versions differ in where they put it.
fn identity<'t, 'a>(
    record: &Record<'t, 'a>,
    user: Option<&User<'t, 'a>>,
    session: &Session<'t, 'a>,
) -> UserIdentity<'t, 'a> {
    const INVOKED: [Slot; 2] = slots(["actor.invoked_by", "identity.invoked_by"]);
    let invoked_by = record.first(&INVOKED);
    let Some(user) = user else { return UserIdentity { invoked_by, ..UserIdentity::default() } };
    let text = |value: Option<Value<'_, 'a>>| value.and_then(Value::filled);
    // The principal of who came with a token begins with whoever vouched for him.
    let is_arn = |id: &Text<'_>| id.starts_with("arn:") && !holds(id, "-provider/");
    let ids = || [user.uid, user.uuid, user.uid_alt].into_iter().filter_map(text);
    let name = text(user.name);
    let class = text(user.class);
    let provider = || record.text(const { slot("actor.idp.name") });
    let mut identity = UserIdentity {
        class,
        arn: ids().chain(name.clone()).find(is_arn),
        principal_id: ids().find(|id| !is_arn(id)),
        account_id: user.account(),
        user_name: name.filter(|name| !is_arn(name)),
        invoked_by,
        identity_provider: if is_federated(Some(user)) { provider() } else { None },
        on_behalf_of: [
            unmapped(record, const { slot("unmapped.userIdentity.onBehalfOf.userId") }),
            unmapped(record, const { slot("unmapped.userIdentity.onBehalfOf.identityStoreArn") }),
        ],
        ..UserIdentity::default()
    };
    // An id that the log left empty is a key that it hides.
    let key = user.credential_id().or_else(|| text(session.credential));
    identity.set_access_key(key.or_else(|| user.credential?.text()));
    identity
}

fn user<'t, 'a>(record: &Record<'t, 'a>) -> Option<User<'t, 'a>> {
    // Of a sign-in the actor may have a type alone; who it was, is the user then.
    let acting = record.at(const { slot("actor.user") }).or(record.at(const { slot("identity.user") })).map(User::find);
    let is_named = acting.as_ref().is_some_and(User::is_named);
    let signed_in =
        || record.at(const { slot("user") }).map(User::find).filter(|user| acting.is_none() || user.is_named());
    if is_named { acting } else { signed_in().or(acting) }
}

/// Whether a user came with a token or an assertion, of which the provider is then his own, not a session's.
fn is_federated(user: Option<&User<'_, '_>>) -> bool {
    let class = user.and_then(|user| user.class?.text());
    matches!(class.as_deref(), Some("WebIdentityUser" | "SAMLUser"))
}

/// `userIdentity.sessionContext`.
fn session_of<'a>(
    record: &Record<'_, 'a>,
    user: Option<&User<'_, 'a>>,
    session: &Session<'_, 'a>,
    config: &DecodeConfig,
) -> cloudtrail::Session<'a> {
    const ATTRIBUTES: Slot = slot("unmapped.userIdentity.sessionContext.webIdFederationData.attributes");
    let from_console = record.at(const { slot("unmapped.sessionCredentialFromConsole") });
    let from_console = from_console.and_then(Value::truth) == Some(true);
    let kept = |slot| unmapped(record, slot);
    let issuer = issuer(record, session);
    let federated = kept(const { slot("unmapped.userIdentity.sessionContext.webIdFederationData.federatedProvider") });
    let vouched = || record.text(const { slot("actor.idp.name") }).filter(|_| !is_federated(user));
    let federated = federated.or_else(vouched);
    let attributes = record.at(ATTRIBUTES);
    let source_identity = kept(const { slot("unmapped.userIdentity.sessionContext.sourceIdentity") });
    let from_instance = kept(const { slot("unmapped.userIdentity.sessionContext.ec2RoleDelivery") }).is_some();
    let is_mfa = || record.at(const { slot("is_mfa") })?.truth().filter(|_| session.created_number.is_some());
    let mfa = session.mfa.and_then(Value::truth).or_else(is_mfa);
    let written = session.created.and_then(Value::filled);
    // Security Lake counts in both.
    let counted = session.created.and_then(Value::number).or_else(|| session.created_number?.number());
    let counted = counted.and_then(millis);
    let told =
        [&issuer.class, &issuer.arn, &issuer.account_id, &issuer.user_name, &federated, &source_identity, &written];
    cloudtrail::Session {
        exists: told.into_iter().any(Option::is_some)
            || attributes.is_some()
            || from_instance
            || mfa.is_some()
            || counted.is_some(),
        federated_subject: attributes.and_then(|attributes| federated_subject(attributes, config)),
        issuer,
        federated_provider: federated,
        source_identity,
        issued: written.map_or(counted, |text| creation_date(&text)),
        mfa: mfa == Some(true),
        from_instance,
        from_console,
    }
}

/// `sessionIssuer`.
fn issuer<'a>(record: &Record<'_, 'a>, session: &Session<'_, 'a>) -> SessionIssuer<'a> {
    let kept = |slot| unmapped(record, slot);
    let arn = session.issuer.and_then(Value::filled);
    SessionIssuer {
        class: kept(const { slot("unmapped.userIdentity.sessionContext.sessionIssuer.type") })
            .filter(|_| arn.is_some()),
        arn,
        account_id: kept(const { slot("unmapped.userIdentity.sessionContext.sessionIssuer.accountId") }),
        user_name: kept(const { slot("unmapped.userIdentity.sessionContext.sessionIssuer.userName") }),
    }
}

/// The subject of a web identity, among attributes that are an object or a text that holds one.
fn federated_subject<'a>(attributes: Value<'_, 'a>, config: &DecodeConfig) -> Option<Text<'a>> {
    if attributes.is_object() {
        return subject(attributes);
    }
    let read = Embedded::of(attributes, config.max_depth)?;
    subject(read.document().root()).map(own_text)
}

fn resources<'a>(record: &Record<'_, 'a>) -> Vec<(Text<'a>, Option<Text<'a>>)> {
    let listed = record.at(const { slot("resources") }).into_iter().flat_map(Value::items).take(64);
    let named = listed.filter_map(|resource| {
        let owner = resource.at(&["owner", "account", "uid"]).or_else(|| resource.at(&["account_uid"]));
        Some((resource.text_at(&["uid"])?, owner.and_then(Value::text_or_digits)))
    });
    named.collect()
}

/// What the mapping had no place for.
fn unmapped<'a>(record: &Record<'_, 'a>, slot: Slot) -> Option<Text<'a>> {
    let found = record.at(slot)?;
    found.text_or_digits().or_else(|| found.truth().map(|truth| Text::Borrowed(if truth { "true" } else { "false" })))
}
