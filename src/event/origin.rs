//! Where a call came from.

use serde::{Deserialize, Serialize};

use super::Text;

/// Where a call came from.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Origin<'a> {
    /// The address as the log gives it: an IP address, or a service's host name.
    pub ip: Option<Text<'a>>,
    /// What stands for the address in a baseline: the /24 (IPv4) or /48 (IPv6) prefix, the VPC endpoint, or nothing
    /// where the address is not the actor's own.
    pub network: Option<Text<'a>>,
    /// The class of the address.
    pub class: NetworkClass,
    /// The user agent as the log gives it, bounded.
    pub user_agent: Option<Text<'a>>,
    /// The client family and major version taken from it (`aws-cli/2`, `Boto3/1`, `Terraform`); none where it is not
    /// the actor's own.
    pub client: Option<Text<'a>>,
    /// The autonomous system of the address, where a file or the log says it.
    pub asn: Option<u32>,
    /// The country of the address (ISO 3166-1 alpha-2), where a file or the log says it.
    pub country: Option<Text<'a>>,
    /// Whether the address is hosting, where a file or the log says it.
    pub hosting: Option<bool>,
}

impl Origin<'_> {
    /// Of which nothing is known.
    pub const NOWHERE: Origin<'static> = Origin {
        ip: None,
        network: None,
        class: NetworkClass::Unknown,
        user_agent: None,
        client: None,
        asn: None,
        country: None,
        hosting: None,
    };
}

/// The class of a source address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NetworkClass {
    /// A public address.
    External,
    /// A private or carrier-internal address (RFC 1918, 6598, 4193, link-local, loopback).
    Private,
    /// A VPC endpoint.
    Endpoint,
    /// One of the cloud's own services.
    CloudInternal,
    /// None given, or not to be understood.
    Unknown,
}

impl NetworkClass {
    /// Every class, in the order of declaration.
    pub const ALL: [NetworkClass; 5] = [
        NetworkClass::External,
        NetworkClass::Private,
        NetworkClass::Endpoint,
        NetworkClass::CloudInternal,
        NetworkClass::Unknown,
    ];

    /// The name used in output.
    pub fn name(self) -> &'static str {
        match self {
            NetworkClass::External => "external",
            NetworkClass::Private => "private",
            NetworkClass::Endpoint => "endpoint",
            NetworkClass::CloudInternal => "cloud_internal",
            NetworkClass::Unknown => "unknown",
        }
    }
}
