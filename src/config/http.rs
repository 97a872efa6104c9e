//! `[http]`: where metrics and health are read.

use std::net::{Ipv4Addr, SocketAddr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where metrics and health are read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HttpConfig {
    /// Address and port of `/metrics`, `/livez` and `/readyz`. There is no login: on anything but loopback, whoever
    /// reaches the port can read them. Port 0 takes any free one.
    #[schemars(with = "String")]
    pub listen: SocketAddr,
    /// A stage that has not gone round for so many seconds is not alive (`/livez` says 503).
    pub stalled_after_s: u32,
}

impl Default for HttpConfig {
    fn default() -> HttpConfig {
        HttpConfig { listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 9_464)), stalled_after_s: 60 }
    }
}
