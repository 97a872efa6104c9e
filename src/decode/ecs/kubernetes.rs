//! Events of a Kubernetes audit log as Elastic's integration keeps them, under their own names in `kubernetes.audit`.
//!
//! In: a document. Out: what the event's own decoder makes of it. The cluster is the document's `orchestrator.cluster.name`.

use super::super::{Decoded, Delivery, kubernetes};
use super::document::{Document, slot};
use crate::config::DecodeConfig;
use crate::event::Source;

/// Decodes the event that is kept; none where there is none.
pub(super) fn decode<'a>(
    document: &Document<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Option<Decoded<'a>> {
    let kept = document.at(const { slot("kubernetes.audit") }).filter(|kept| kept.is_object())?;
    let cluster = document.single(const { slot("orchestrator.cluster.name") });
    let delivery = Delivery { scope: cluster.as_deref().or(delivery.scope), ..*delivery };
    let time = document.at(const { slot("@timestamp") });
    let mut decoded = kubernetes::decode_kept(kept, time, record, &delivery, config);
    if let Ok(event) = &mut decoded {
        event.source = Source::Ecs;
    }
    Some(decoded)
}
