//! Files in MaxMind's format: <https://maxmind.github.io/MaxMind-DB/>, version 2.0.

use std::net::IpAddr;
use std::time::SystemTime;

use anyhow::{Context, Result};
use maxminddb::Reader;
use serde::Deserialize;

use super::Place;

/// The files that are configured, in their order.
#[derive(Debug)]
pub struct Files(Vec<File>);

struct File {
    stamp: Stamp,
    reader: Reader<Vec<u8>>,
}

/// By which a changed file is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
}

impl std::fmt::Debug for File {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("File").field("stamp", &self.stamp).finish_non_exhaustive()
    }
}

impl Files {
    /// Reads them.
    ///
    /// # Errors
    /// Where one cannot be read, or is none.
    pub fn open(paths: &[String]) -> Result<Files> {
        paths.iter().map(|path| File::open(path)).collect::<Result<_>>().map(Files)
    }

    /// The same read again, where one of them changed.
    ///
    /// # Errors
    /// As with [`Files::open`].
    pub fn again(&self, paths: &[String]) -> Result<Option<Files>> {
        let stamps = paths.iter().map(|path| Stamp::of(path)).collect::<Result<Vec<_>>>()?;
        let unchanged = stamps.iter().eq(self.0.iter().map(|file| &file.stamp));
        if unchanged { Ok(None) } else { Files::open(paths).map(Some) }
    }

    /// What they say of an address: of each fact, what the first says that says anything.
    pub fn place(&self, address: IpAddr) -> Place {
        let mut place = Place::default();
        for file in &self.0 {
            let Some(entry) = file.look_up(address) else { continue };
            place.asn = place.asn.or_else(|| entry.asn());
            place.hosting = place.hosting.or(entry.hosting());
            place.country = place.country.take().or_else(|| entry.country());
        }
        place
    }
}

impl File {
    fn open(path: &str) -> Result<File> {
        let stamp = Stamp::of(path)?;
        let bytes = std::fs::read(path).with_context(|| format!("network.databases: {path} cannot be read"))?;
        let reader = Reader::from_source(bytes)
            .with_context(|| format!("network.databases: {path} is no file in MaxMind's format (.mmdb)"))?;
        Ok(File { stamp, reader })
    }

    fn look_up(&self, address: IpAddr) -> Option<Entry> {
        self.reader.lookup(address).ok()?.decode().ok()?
    }
}

impl Stamp {
    fn of(path: &str) -> Result<Stamp> {
        let found = std::fs::metadata(path).with_context(|| format!("network.databases: {path} cannot be read"))?;
        Ok(Stamp { modified: found.modified().ok(), bytes: found.len() })
    }
}

/// The fields of GeoLite2-ASN, GeoLite2-Country, GeoIP2 Anonymous IP and Enterprise, and of IPinfo's files.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    autonomous_system_number: Option<u32>,
    asn: Option<String>,
    country: Option<Country>,
    country_code: Option<String>,
    is_hosting_provider: Option<bool>,
    traits: Traits,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Traits {
    autonomous_system_number: Option<u32>,
    is_hosting_provider: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Country {
    Code(String),
    Record {
        #[serde(default)]
        iso_code: Option<String>,
    },
}

impl Entry {
    fn asn(&self) -> Option<u32> {
        let by_text = || self.asn.as_deref()?.trim_start_matches("AS").parse().ok();
        self.autonomous_system_number.or(self.traits.autonomous_system_number).or_else(by_text)
    }

    fn hosting(&self) -> Option<bool> {
        self.is_hosting_provider.or(self.traits.is_hosting_provider)
    }

    fn country(&self) -> Option<String> {
        let code = match &self.country {
            Some(Country::Code(code)) => Some(code),
            Some(Country::Record { iso_code }) => iso_code.as_ref(),
            None => None,
        };
        self.country_code.as_ref().or(code).filter(|code| code.len() == 2).cloned()
    }
}
