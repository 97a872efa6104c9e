//! What files say of source addresses: autonomous system, country, whether it is hosting (requirements U6, N18).
//!
//! In: files in MaxMind's format, and an address. Out: what they say of it. A file that changes is read again without a
//! restart; one that cannot be read then is told once, and the last good one stays.
//!
//! What is absent on purpose: prefixes. What an identity is used to is learned by prefix first (`detect`); an autonomous
//! system is what stands for a prefix that was never seen.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "it reads files, and one thread reads them again while others look things up"
)]

mod files;
mod hosting;

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Result;

use crate::config::NetworkConfig;
use crate::event::{NetworkClass, Origin, Text};
use files::Files;

/// What the files say of an address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The number of the autonomous system.
    pub asn: Option<u32>,
    /// The country, by ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// Whether it is hosting: a data centre's, not a provider's of homes and offices.
    pub hosting: Option<bool>,
}

/// The files, as they are now.
#[derive(Debug, Clone)]
pub struct Networks {
    config: Arc<NetworkConfig>,
    /// None where no file is configured, so that an event costs nothing.
    files: Option<Arc<RwLock<Arc<Files>>>>,
}

impl Networks {
    /// Reads the files.
    ///
    /// # Errors
    /// Where one cannot be read.
    pub fn open(config: &NetworkConfig) -> Result<Networks> {
        let files = match config.databases.is_empty() {
            true => None,
            false => Some(Arc::new(RwLock::new(Arc::new(Files::open(&config.databases)?)))),
        };
        Ok(Networks { config: Arc::new(config.clone()), files })
    }

    /// Reads files again that changed since.
    ///
    /// # Errors
    /// Where one cannot be read; what was known before stays.
    pub fn reload(&self) -> Result<bool> {
        let Some(files) = &self.files else { return Ok(false) };
        let now = Arc::clone(&files.read().unwrap_or_else(PoisonError::into_inner));
        match now.again(&self.config.databases)? {
            Some(changed) => {
                *files.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(changed);
                Ok(true)
            }
            None => Ok(false),
        }
    }

    /// Whether there is anything to look up, or to read again.
    pub fn is_empty(&self) -> bool {
        self.files.is_none()
    }

    /// What the files say of an address.
    pub fn place(&self, address: IpAddr) -> Place {
        let Some(files) = &self.files else { return Place::default() };
        let files = Arc::clone(&files.read().unwrap_or_else(PoisonError::into_inner));
        let mut place = files.place(address);
        let known = |asn: u32| self.config.hosting_asns.contains(&asn) || hosting::is_hosting(asn);
        if place.hosting.is_none() {
            place.hosting = place.asn.map(known);
        }
        place
    }

    /// Notes in an event's origin what the files say of its address, where it is a public one.
    pub fn describe(&self, origin: &mut Origin<'_>) {
        if self.files.is_none() || origin.class != NetworkClass::External {
            return;
        }
        if let Some(address) = origin.ip.as_deref().and_then(|ip| ip.parse().ok()) {
            let Place { asn, country, hosting } = self.place(address);
            (origin.asn, origin.country, origin.hosting) = (asn, country.map(Text::Owned), hosting);
        }
    }
}
