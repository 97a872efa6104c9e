//! CloudTrail's records as Elastic's integration keeps them (`aws.cloudtrail.*`).

use super::super::cloudtrail::{Kept, Record, Session, SessionIssuer, UserIdentity, creation_date};
use super::super::json::Value;
use super::super::paths::{Found, Paths, Slot, single};
use super::document::{Document, slot, slots};
use crate::event::{Outcome, Source, Text, Timestamp};

/// What the integration keeps of a record under names of its own.
static KEPT: Paths<24> = Paths::new([
    "event_category",
    "read_only",
    "management_event",
    "shared_event_id",
    "recipient_account_id",
    "vpc_endpoint_id",
    "error_code",
    "flattened.request_parameters",
    "request_parameters",
    "flattened.response_elements",
    "response_elements",
    "user_identity.type",
    "user_identity.arn",
    "user_identity.principal_id",
    "user_identity.account_id",
    "user_identity.access_key_id",
    "user_identity.invoked_by",
    "user_identity.session_context.session_issuer.type",
    "user_identity.session_context.session_issuer.arn",
    "user_identity.session_context.session_issuer.account_id",
    "user_identity.session_context.session_issuer.user_name",
    "user_identity.session_context.creation_date",
    "user_identity.session_context.attributes.creation_date",
    "user_identity.session_context.mfa_authenticated",
]);

/// What is kept of the record; none where the document is of no such record.
pub(super) fn kept<'t, 'a>(document: &Document<'t, 'a>, time: Timestamp) -> Option<Kept<'t, 'a>> {
    const ADDRESS: [Slot; 2] = slots(["source.ip", "source.address"]);
    let of_document = |slot: Slot| document.at(slot).and_then(single);
    let Found(
        [
            event_category,
            read_only,
            management_event,
            shared_event_id,
            recipient_account_id,
            vpc_endpoint_id,
            error_code,
            flat_parameters,
            parameters,
            flat_elements,
            elements,
            who @ ..,
        ],
    ) = KEPT.of(document.at(const { slot("aws.cloudtrail") })?);
    let (identity, session) = identity(document, who);
    let record = Record {
        event_source: Some(of_document(const { slot("event.provider") })?),
        event_name: Some(of_document(const { slot("event.action") })?),
        event_id: of_document(const { slot("event.id") }),
        event_category: event_category.and_then(single),
        read_only,
        management_event,
        shared_event_id: shared_event_id.and_then(single),
        aws_region: of_document(const { slot("cloud.region") }),
        recipient_account_id: recipient_account_id.and_then(single),
        source_ip_address: ADDRESS.into_iter().find_map(of_document),
        vpc_endpoint_id: vpc_endpoint_id.and_then(single),
        user_agent: of_document(const { slot("user_agent.original") }),
        error_code: error_code.and_then(single),
        request_parameters: flat_parameters.or(parameters),
        response_elements: flat_elements.or(elements),
        ..Record::default()
    };
    let outcome = match document.single(const { slot("event.outcome") }).as_deref() {
        Some("success") => Some(Outcome::Success),
        Some("failure") => Some(Outcome::Failure),
        _ => None,
    };
    Some(Kept { record, identity, session, resources: Vec::new(), time, outcome, source: Source::Ecs })
}

/// Who did it, by what lies under `user_identity`, in the order above.
fn identity<'t, 'a>(
    document: &Document<'t, 'a>,
    kept: [Option<Value<'t, 'a>>; 13],
) -> (UserIdentity<'t, 'a>, Session<'a>) {
    let mfa = kept[12].and_then(Value::truth);
    let [class, arn, principal, account, access_key, invoked_by, issuer @ .., created, attribute, _] =
        kept.map(|value| value.and_then(single).and_then(Value::text_or_digits));
    let user = document.single(const { slot("user.name") });
    let mut identity = UserIdentity {
        user_name: user.filter(|_| class.as_deref().is_none_or(|class| class != "AssumedRole")),
        principal_id: principal.or_else(|| document.single(const { slot("user.id") })),
        account_id: account.or_else(|| document.single(const { slot("cloud.account.id") })),
        class,
        arn,
        invoked_by,
        ..UserIdentity::default()
    };
    identity.set_access_key(access_key);
    (identity, session(issuer, created.or(attribute), mfa))
}

fn session<'a>(issuer: [Option<Text<'a>>; 4], created: Option<Text<'a>>, mfa: Option<bool>) -> Session<'a> {
    let exists = issuer.iter().any(Option::is_some) || created.is_some() || mfa.is_some();
    let [class, arn, account_id, user_name] = issuer;
    Session {
        exists,
        issuer: SessionIssuer { class, arn, account_id, user_name },
        issued: created.and_then(|text| creation_date(&text)),
        mfa: mfa == Some(true),
        ..Session::default()
    }
}
