//! Where a call came from: the source address as CloudTrail gives it.

use super::super::json::Value;
use super::super::network;
use super::actor::is_service_name;
use super::record::Record;
use crate::event::{NetworkClass, Origin};

/// Reads where a call came from. Where one of the cloud's own services made it (`via_service`), its network and client
/// are not the actor's and say nothing of him (requirement U5).
pub fn origin<'a>(record: &Record<'_, 'a>, via_service: bool) -> Origin<'a> {
    let ip = record.source_ip_address.and_then(Value::filled);
    let user_agent = record.user_agent.and_then(Value::filled);
    if via_service || ip.as_deref().is_some_and(is_service_name) {
        return Origin { ip, class: NetworkClass::CloudInternal, user_agent, ..Origin::NOWHERE };
    }
    let endpoint = record.vpc_endpoint_id.and_then(Value::filled);
    let origin = network::origin(ip, user_agent);
    match endpoint {
        Some(endpoint) => Origin { network: Some(endpoint), class: NetworkClass::Endpoint, ..origin },
        None => origin,
    }
}
