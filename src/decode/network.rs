//! Source addresses: their class, and the network that stands for one in a baseline.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::{client, text};
use crate::event::{NetworkClass, Origin, Text};

/// An address without the port and the brackets that some logs write with it (`[2001:db8::1]:443`).
pub(super) fn without_port(address: Text<'_>) -> Text<'_> {
    // Most have neither.
    if !address.bytes().fold(false, |any, byte| any | matches!(byte, b':' | b'[')) {
        return address;
    }
    text::part(&address, |address| {
        if let Some(rest) = address.strip_prefix('[') {
            return rest.split(']').next();
        }
        match address.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') && port.bytes().all(|byte| byte.is_ascii_digit()) => Some(host),
            _ => Some(address),
        }
    })
    .unwrap_or(address)
}

/// Where a call came from, by its address and user agent, where neither is a service's.
pub(super) fn origin<'a>(ip: Option<Text<'a>>, user_agent: Option<Text<'a>>) -> Origin<'a> {
    let client = user_agent.as_ref().and_then(client::client);
    let (mut ip, mut found) = (ip, (NetworkClass::Unknown, None));
    if let Some(address) = &ip {
        found = network(address);
        if found.0 == NetworkClass::Unknown {
            (found, ip) = unplain(address);
        }
    }
    let (class, network) = found;
    Origin { ip, network: network.map(Text::Owned), class, user_agent, client, ..Origin::NOWHERE }
}

/// An origin with what the log itself says of where its address is; an address that stands for nobody has no place.
pub(super) fn located<'a>(origin: Origin<'a>, country: Option<Text<'a>>, asn: Option<Text<'a>>) -> Origin<'a> {
    if origin.network.is_none() {
        return origin;
    }
    let asn = asn.and_then(|number| number.parse().ok()).filter(|number| *number > 0);
    Origin { asn, country: country.filter(|code| is_country(code)), ..origin }
}

/// Whether a text has the form of a country's code (ISO 3166-1 alpha-2).
fn is_country(code: &str) -> bool {
    code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The network and the address that are left of a text that is no address as it stands; no address where the text only fills its
/// place.
fn unplain<'a>(text: &Text<'a>) -> ((NetworkClass, Option<String>), Option<Text<'a>>) {
    if let Some(bare) = text::part(text, bare) {
        return (network(&bare), Some(bare));
    }
    (masked(text).unwrap_or((NetworkClass::Unknown, None)), Some(text.clone()).filter(|text| is_address(text)))
}

/// The network of an address whose end is hidden (`203.0.113.x`, `2001:db8:1:xxxx::`); none where too little of it is left.
fn masked(text: &str) -> Option<(NetworkClass, Option<String>)> {
    let is_mask = |part: &str| !part.is_empty() && part.bytes().all(|byte| matches!(byte, b'x' | b'X' | b'*' | b'#'));
    if let Some((front, last)) = text.rsplit_once('.')
        && is_mask(last)
    {
        return Some(network(&[front, ".0"].concat())).filter(|(class, _)| *class != NetworkClass::Unknown);
    }
    let groups: Vec<&str> = text.split(':').take(9).collect();
    let known = groups.iter().position(|group| is_mask(group)).filter(|known| *known >= 3)?;
    let front = groups[..known].iter().take(3).copied().collect::<Vec<_>>().join(":");
    Some(network(&[&front, "::"].concat())).filter(|(class, _)| *class != NetworkClass::Unknown)
}

/// Whether a text says where from, and does not only fill the place of an address (`<null>`, `[REDACTED]`, `x.x.x.x`).
pub(super) fn is_address(text: &str) -> bool {
    const FILLERS: [&str; 18] = [
        "anonymised",
        "anonymized",
        "calleripaddress",
        "hidden",
        "ip",
        "ipaddress",
        "ipredacted",
        "masked",
        "na",
        "nil",
        "none",
        "notavailable",
        "null",
        "redacted",
        "redactedip",
        "sanitized",
        "undefined",
        "unknown",
    ];
    // Most are numbers, which no filler begins with.
    if text.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return true;
    }
    let said = text.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    let said: Vec<u8> = said.take(16).collect();
    let separates = |byte: u8| matches!(byte, b'.' | b':');
    let masks = |byte: u8| matches!(byte, b'x' | b'X' | b'*' | b'#' | b'-');
    let is_mask = text.bytes().all(|byte| masks(byte) || separates(byte)) && text.bytes().any(masks);
    !text.is_empty() && !is_mask && !FILLERS.iter().any(|filler| said == filler.as_bytes())
}

/// The address in a text that says more: the first of a list, as proxies write it (`X-Forwarded-For`), without port,
/// brackets, quotation marks, zone (`[fe80::1%eth0]:443`) and the mark that Java sets before it (`/10.1.2.3`); none where there is
/// none in it.
fn bare(text: &str) -> Option<&str> {
    let first = text.split(',').next()?.trim_matches([' ', '"', '\'']);
    let first = first.strip_prefix('/').unwrap_or(first);
    let host = match first.strip_prefix('[') {
        Some(rest) => rest.split(']').next()?,
        None => first.rsplit_once(':').filter(|(host, _)| !host.contains(':')).map_or(first, |(host, _)| host),
    };
    let host = host.split('%').next()?;
    (network(host).0 != NetworkClass::Unknown).then_some(host)
}

/// The class of an address and the prefix that stands for it: /24 of IPv4, /48 of IPv6.
pub(super) fn network(address: &str) -> (NetworkClass, Option<String>) {
    if let Some((v4, last_dot)) = ipv4(address) {
        return (class_v4(v4), Some(last_dot.map_or_else(|| prefix_v4(v4), |dot| slash_24(&address[..dot]))));
    }
    match address.parse::<Ipv6Addr>() {
        Ok(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => (class_v4(v4), Some(prefix_v4(v4))),
            None => network_v6(v6),
        },
        Err(_) => (NetworkClass::Unknown, None),
    }
}

fn class_v4(address: Ipv4Addr) -> NetworkClass {
    let [a, b, ..] = address.octets();
    let carrier = a == 100 && (64..128).contains(&b); // RFC 6598
    let private = address.is_private() || address.is_loopback() || address.is_link_local() || carrier;
    if private { NetworkClass::Private } else { NetworkClass::External }
}

fn network_v6(address: Ipv6Addr) -> (NetworkClass, Option<String>) {
    let [a, b, c, ..] = address.segments();
    let local = address.is_loopback() || (a & 0xfe00) == 0xfc00 || (a & 0xffc0) == 0xfe80; // RFC 4193, RFC 4291
    let class = if local { NetworkClass::Private } else { NetworkClass::External };
    (class, Some(format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))))
}

/// `a.b.c.0/24`.
fn prefix_v4(address: Ipv4Addr) -> String {
    let [a, b, c, _] = address.octets();
    slash_24(&format!("{a}.{b}.{c}"))
}

/// The same of the first three numbers as they are usually written.
fn slash_24(front: &str) -> String {
    const REST: &str = ".0/24";
    let mut prefix = String::with_capacity(front.len() + REST.len());
    prefix.push_str(front);
    prefix.push_str(REST);
    prefix
}

/// An IPv4 address, and where its last dot is if it is written as usual; leading zeros are decimal, as log pipelines write them.
fn ipv4(text: &str) -> Option<(Ipv4Addr, Option<usize>)> {
    let (mut rest, mut octets, mut last_dot, mut is_usual) = (text.as_bytes(), [0; 4], 0, true);
    for (place, octet) in octets.iter_mut().enumerate() {
        if place > 0 {
            last_dot = text.len() - rest.len();
            rest = rest.strip_prefix(b".")?;
        }
        let (number, digits) = octet_in_front(rest)?;
        is_usual &= digits == 1 || rest[0] != b'0';
        (*octet, rest) = (number, &rest[digits..]);
    }
    rest.is_empty().then(|| (octets.into(), is_usual.then_some(last_dot)))
}

/// The number that a text begins with, where it fits a byte and has at most three digits, and how many it has.
fn octet_in_front(text: &[u8]) -> Option<(u8, usize)> {
    let digit = |at: usize| text.get(at).map(|byte| byte.wrapping_sub(b'0')).filter(|digit| *digit < 10);
    let first = digit(0)?;
    let Some(second) = digit(1) else { return Some((first, 1)) };
    let two = first * 10 + second;
    let Some(third) = digit(2) else { return Some((two, 2)) };
    u8::try_from(u16::from(two) * 10 + u16::from(third)).ok().map(|number| (number, 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_and_prefixes() {
        use NetworkClass::{External, Private, Unknown};
        for (address, class, prefix) in [
            ("203.0.113.77", External, "203.0.113.0/24"),
            ("075.050.255.067", External, "75.50.255.0/24"),
            ("10.1.2.3", Private, "10.1.2.0/24"),
            ("172.31.0.9", Private, "172.31.0.0/24"),
            ("172.32.0.9", External, "172.32.0.0/24"),
            ("100.64.9.9", Private, "100.64.9.0/24"),
            ("127.0.0.1", Private, "127.0.0.0/24"),
            ("169.254.1.1", Private, "169.254.1.0/24"),
            ("2001:db8:1:2::3", External, "2001:db8:1::/48"),
            ("2001:DB8:0001:0002::3", External, "2001:db8:1::/48"),
            ("fd12:3456:789a::1", Private, "fd12:3456:789a::/48"),
            ("fe80::1", Private, "fe80::/48"),
            ("::1", Private, "::/48"),
            ("::ffff:198.51.100.7", External, "198.51.100.0/24"),
        ] {
            assert_eq!(network(address), (class, Some(prefix.to_owned())), "{address}");
        }
        for (text, address) in [
            ("203.0.113.7:51234", "203.0.113.7"),
            ("203.0.113.7, 10.0.0.1", "203.0.113.7"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("fe80::1%eth0", "fe80::1"),
            ("\"203.0.113.7\"", "203.0.113.7"),
            ("/203.0.113.7:9092", "203.0.113.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("host:80", "host:80"),
            ("gce-internal-ip", "gce-internal-ip"),
            ("203.0.113.x", "203.0.113.x"),
        ] {
            assert_eq!(origin(Some(text.into()), None).ip.as_deref(), Some(address), "{text}");
        }
        for text in
            ["", "-", "<ip>", "[REDACTED]", "Redacted", "n/a", "N/A", "<null>", "x.x.x.x", "xxx.xxx.xxx.xxx", "***"]
        {
            assert_eq!(origin(Some(text.into()), None), Origin { ip: None, ..origin(None, None) }, "{text}");
        }
        for (text, class, prefix) in [
            ("203.0.113.x", External, Some("203.0.113.0/24")),
            ("203.0.113.XXX", External, Some("203.0.113.0/24")),
            ("10.1.2.*", Private, Some("10.1.2.0/24")),
            ("203.0.x.x", Unknown, None),
            ("2001:db8:1:xxxx:xxxx:xxxx:xxxx:xxxx", External, Some("2001:db8:1::/48")),
            ("2001:db8:x::1", Unknown, None),
        ] {
            let origin = origin(Some(text.into()), None);
            assert_eq!((origin.class, origin.network.as_deref()), (class, prefix), "{text}");
        }
        for address in ["", "1.2.3", "1.2.3.4.5", "256.1.1.1", "0001.1.1.1", "+1.2.3.4", "host", "::g"] {
            assert_eq!(network(address), (Unknown, None), "{address}");
        }
    }
}
