//! Where a call came from: Azure writes addresses with a port behind (`203.0.113.9:51234`), in brackets, or neither.

use super::super::embedded::{Embedded, own_text};
use super::super::json::Value;
use super::super::network;
use super::claims;
use super::fields::{Field, Record};
use crate::event::{NetworkClass, Origin, Text};

/// How deep a request is read.
const MAX_DEPTH: usize = 16;

/// Where a call came from. `by_service` where a service of Microsoft's own made it: then its network and client are the
/// service's.
pub(in crate::decode) fn origin<'a>(
    address: Option<Text<'a>>,
    user_agent: Option<Text<'a>>,
    by_service: bool,
) -> Origin<'a> {
    let ip = address.map(network::without_port).filter(|ip| network::is_address(ip));
    if by_service {
        return Origin { ip, class: NetworkClass::CloudInternal, user_agent, ..Origin::NOWHERE };
    }
    network::origin(ip, user_agent)
}

/// The address and the user agent of a record of Azure's resources.
pub(super) fn of_record<'a>(record: &Record<'_, 'a>) -> Origin<'a> {
    let said = |address: Option<Text<'a>>| address.filter(|address| network::is_address(address));
    let address = said(record.outer.text(Field::CallerIp)).or_else(|| said(record.inner.text(Field::CallerIp)));
    let address =
        address.or_else(|| requested(record.get(Field::HttpRequest)?)).or_else(|| record.text(Field::ClientIp));
    let address = address.or_else(|| claims::address(record));
    let agents = [Field::UserAgentHeader, Field::UserAgent, Field::ClientInfo];
    origin(address, agents.into_iter().find_map(|field| record.text(field)), false)
}

/// The address of a request, which some ways of export write as text.
fn requested<'a>(request: Value<'_, 'a>) -> Option<Text<'a>> {
    const ADDRESS: &[&str] = &["clientIpAddress"];
    if request.is_object() {
        return request.text_at(ADDRESS);
    }
    Embedded::of(request, MAX_DEPTH)?.document().root().text_at(ADDRESS).map(own_text)
}
