//! The audit events of a Kubernetes cluster (AKS) as Azure's logs have them.
//!
//! In: a record of the category `kube-audit`, in which the event lies as text, or a row of the table `AKSAudit`, whose columns are the
//! event's members. Out: what `kubernetes` makes of the event; its cluster is the record's resource.
//!
//! Source: "Monitor AKS data reference" and "AKSAudit" of the Azure Monitor Logs reference (Microsoft).

use serde::de::IgnoredAny;

use super::super::embedded::{Embedded, own};
use super::super::json::Value;
use super::super::text::part;
use super::super::{DecodeError, Decoded, Delivery, kubernetes};
use super::fields::{Field, Record};
use super::{lower, target};
use crate::config::DecodeConfig;
use crate::event::Text;

/// Columns of the table, the members that they are, and whether they hold JSON.
const COLUMNS: [(&str, &str, bool); 14] = [
    ("Annotations", "annotations", true),
    ("AuditId", "auditID", false),
    ("ImpersonatedUser", "impersonatedUser", true),
    ("ObjectRef", "objectRef", true),
    ("RequestObject", "requestObject", true),
    ("RequestReceivedTime", "requestReceivedTimestamp", false),
    ("RequestUri", "requestURI", false),
    ("ResponseStatus", "responseStatus", true),
    ("SourceIps", "sourceIPs", true),
    ("Stage", "stage", false),
    ("StageReceivedTime", "stageTimestamp", false),
    ("User", "user", true),
    ("UserAgent", "userAgent", false),
    ("Verb", "verb", false),
];

/// Decodes the event that lies in a record: as text, or as it is where a pipeline read that.
pub(super) fn of_record<'a>(record: &Record<'_, 'a>, delivery: &Delivery<'_>, config: &DecodeConfig) -> Decoded<'a> {
    const FIELD: &str = "properties.log";
    let log = record.get(Field::Log).ok_or(DecodeError::MissingField { field: FIELD })?;
    if log.is_object() {
        let cluster = cluster(record);
        let bytes = log.as_written().as_bytes();
        return kubernetes::decode_kept(log, logged(record), bytes, &within(cluster.as_ref(), delivery), config);
    }
    let wrong = DecodeError::WrongType { field: FIELD, expected: "an audit event as JSON text" };
    decode(record, &Embedded::of(log, config.max_depth).ok_or(wrong)?, delivery, config)
}

/// Whether an object has columns of the table: what was done to what, and by whom.
pub(super) fn is_row(row: Value<'_, '_>) -> bool {
    ["Verb", "ObjectRef", "User"].iter().all(|name| row.member(name).is_some())
}

/// Decodes a row of the table.
pub(super) fn of_row<'a>(record: &Record<'_, 'a>, delivery: &Delivery<'_>, config: &DecodeConfig) -> Decoded<'a> {
    let wrong = DecodeError::WrongType { field: "AKSAudit", expected: "a row of the table" };
    decode(record, &event(record.root, config.max_depth).ok_or(wrong)?, delivery, config)
}

fn decode<'a>(
    record: &Record<'_, 'a>,
    event: &Embedded,
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let cluster = cluster(record);
    let delivery = &within(cluster.as_ref(), delivery);
    own(kubernetes::decode_kept(event.document().root(), logged(record), event.bytes(), delivery, config))
}

/// When the record was logged, which stands in for the event's time where that was left out.
fn logged<'t, 'a>(record: &Record<'t, 'a>) -> Option<Value<'t, 'a>> {
    record.outer.get(Field::Time).or_else(|| record.outer.get(Field::TimeGenerated))
}

/// The cluster, by the last part of the record's resource.
fn cluster<'a>(record: &Record<'_, 'a>) -> Option<Text<'a>> {
    target::resource_id(record).and_then(|id| part(&id, |id| id.rsplit('/').next())).map(lower)
}

/// The delivery, its scope the cluster where it has none.
fn within<'d>(cluster: Option<&'d Text<'_>>, delivery: &Delivery<'d>) -> Delivery<'d> {
    Delivery { scope: delivery.scope.or(cluster.map(|cluster| &**cluster)), ..*delivery }
}

/// The event whose members the columns of a row are.
fn event(row: Value<'_, '_>, max_depth: usize) -> Option<Embedded> {
    let mut text = String::from("{");
    for (key, value) in row.members() {
        let Some((_, name, is_json)) = COLUMNS.iter().find(|(column, ..)| key.eq_ignore_ascii_case(column)) else {
            continue;
        };
        let inner = value.filled().filter(|inner| *is_json && serde_json::from_str::<IgnoredAny>(inner).is_ok());
        let json = match (inner, value.text()) {
            (Some(inner), _) => inner.into_owned(),
            (None, Some(plain)) => serde_json::to_string(&*plain).ok()?,
            (None, None) => value.as_written().to_owned(),
        };
        let comma = if text.len() > 1 { "," } else { "" };
        text.extend([comma, "\"", *name, "\":", &*json]);
    }
    text.push('}');
    Embedded::read(text, max_depth)
}
