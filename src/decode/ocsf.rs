//! One OCSF event → one event.
//!
//! In comes an event of a class that says what somebody did: API Activity (6003), Web Resources Activity (6001) and Access (6004),
//! Application Lifecycle (6002), Datastore Activity (6005), File Hosting Activity (6006), Authentication (3002), Authorize Session
//! (3003), Account Change (3001), Entity Management (3004), User Access Management (3005) and Group Management (3006), of any
//! version of the schema. Findings, network and system activity and the rest are no audit. Out comes the same event that
//! the native record would have given as far as OCSF keeps it: what it keeps of CloudTrail's records goes to their own
//! decoder, others have their provider's words for what was done, actor and account.
//!
//! What versions and producers do differently is all read: `time` in milliseconds or `time_dt`, `status` without
//! `status_id`, `account_uid` beside `account.uid`, `uuid` where later versions have `uid`, `credential_uid` or
//! `programmatic_credentials`, requests as JSON text, `unmapped` flat or nested.
//!
//! Sources: schema.ocsf.io (1.0.0-rc.2 to 1.8.0), the CloudTrail mappings in ocsf/examples (Apache-2.0).

mod action;
mod actor;
mod cloudtrail;
mod outcome;
mod record;
mod target;

use super::json::Value;
use super::paths::Slot;
use super::record::hash_of;
use super::text::holds;
use super::{DecodeError, Decoded, Delivery, IgnoreReason, names, network, vendor};
use crate::config::DecodeConfig;
use crate::event::{Event, NetworkClass, Origin, Source, Text, Timestamp};

use record::{PATHS, Record, account_of_cloud, slot, slots};

/// Decodes one record.
pub(super) fn decode<'a>(
    value: Value<'_, 'a>,
    bytes: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let record = PATHS.of(value);
    let class = match class(&record) {
        // Cloud API of the schema's drafts (0.26.1), which Security Lake's preview wrote.
        5001 if record.text(const { slot("api.operation") }).is_some() => 6003,
        class => class,
    };
    if !matches!(class, 3001..=3006 | 6001..=6006) {
        return Err(IgnoreReason::NotAudit.into());
    }
    let time = event_time(&record, delivery, config)?;
    if cloudtrail::is_of(&record) {
        return cloudtrail::kept(&record, time, config).decode(bytes, config);
    }
    event(&record, value, (class, time), bytes, (delivery, config))
}

fn event<'a>(
    record: &Record<'_, 'a>,
    value: Value<'_, 'a>,
    (class, time): (u32, Timestamp),
    bytes: &[u8],
    (delivery, config): (&Delivery<'_>, &DecodeConfig),
) -> Decoded<'a> {
    const UID: [Slot; 2] = slots(["metadata.uid", "metadata.original_event_uid"]);
    let provider = provider(record);
    let outcome = outcome::outcome(record);
    let scope = || delivery.scope_in(value);
    let mut event = Event {
        source: Source::Ocsf,
        id: record.first(&UID).unwrap_or_else(|| hash_of(bytes).into()),
        time,
        actor: actor::actor(record, class, &provider, &scope),
        action: action::action(record, class, &provider)?,
        outcome,
        error: outcome::error(record, outcome),
        origin: origin(record),
        region: record.text(const { slot("cloud.region") }),
        target_account: None,
        targets: target::targets(record, value, class, &provider, config.max_targets),
        issued: Vec::new(),
        provider,
    };
    event.target_account = account_of_cloud(record).filter(|account| event.actor.account.as_ref() != Some(account));
    Ok(event)
}

/// The class: `class_uid`, else what `type_uid` begins with.
fn class(record: &Record<'_, '_>) -> u32 {
    let digits = |slot| record.at(slot)?.text_or_digits()?.parse::<u64>().ok();
    let of_type = || digits(const { slot("type_uid") }).map(|kind| kind / 100);
    let class = digits(const { slot("class_uid") }).or_else(of_type);
    class.and_then(|class| u32::try_from(class).ok()).unwrap_or(0)
}

/// `time` in milliseconds, else `time_dt`, else the time that the product gave.
fn event_time(
    record: &Record<'_, '_>,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Result<Timestamp, DecodeError> {
    const FIELD: &str = "time";
    const PLACES: [Slot; 3] = slots(["time", "time_dt", "metadata.original_time"]);
    let mut problem = DecodeError::MissingField { field: FIELD };
    for found in PLACES.into_iter().filter_map(|place| record.at(place)) {
        match names::time_of(Some(found), (FIELD, "milliseconds since 1970, or a time"), delivery, config) {
            Ok(time) => return Ok(time),
            Err(error) => problem = error,
        }
    }
    Err(problem)
}

/// Whose cloud or service it is. The product says more than its vendor or the cloud that it runs in; who maps others' logs puts his
/// own name there, and theirs in what he says of the feature.
fn provider<'a>(record: &Record<'_, 'a>) -> Text<'a> {
    const PRODUCT: Slot = slot("metadata.product.name");
    const WORDS: [Slot; 4] = slots([
        "metadata.product.vendor_name",
        "cloud.provider",
        "metadata.log_provider",
        "metadata.product.feature.name",
    ]);
    let product = record.text(PRODUCT);
    if product.as_ref().is_some_and(|name| holds(name, "eks")) {
        return Text::Borrowed("kubernetes");
    }
    let known = product.as_deref().and_then(vendor::named);
    let others = WORDS.into_iter().filter_map(|slot| record.text(slot));
    known.map_or_else(|| vendor::provider(others.chain(product), "ocsf"), Text::Borrowed)
}

/// Where it came from: an address, or the host name of a service; the device's where nothing is said of the source.
fn origin<'a>(record: &Record<'_, 'a>) -> Origin<'a> {
    const NAMES: [Slot; 3] = slots(["src_endpoint.hostname", "src_endpoint.svc_name", "src_endpoint.name"]);
    let user_agent = record.text(const { slot("http_request.user_agent") });
    // Some mappings put the user agent where the name of a service belongs.
    let is_host = |name: &Text<'_>| !name.contains(['/', ' ']);
    let named = || NAMES.into_iter().find_map(|place| record.text(place).filter(is_host));
    let address = record.text(const { slot("src_endpoint.ip") });
    let address = address.or_else(|| record.text(const { slot("device.ip") })).or_else(named);
    let country = record.text(const { slot("src_endpoint.location.country") });
    let asn = record.at(const { slot("src_endpoint.autonomous_system.number") }).and_then(Value::text_or_digits);
    let origin = network::located(network::origin(address, user_agent), country, asn);
    match record.text(const { slot("src_endpoint.uid") }).filter(|uid| uid.starts_with("vpce-")) {
        Some(endpoint) => Origin { network: Some(endpoint), class: NetworkClass::Endpoint, ..origin },
        None => origin,
    }
}
