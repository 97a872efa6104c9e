//! What files in MaxMind's format say of addresses, and that a changed file is read again.
//!
//! The files of `tests/network` hold a few networks of RFC 5737 and RFC 3849 each.
#![allow(clippy::disallowed_methods, reason = "the data bases are files")]

use std::fs;
use std::net::IpAddr;
use std::path::Path;

use nhiwatch::config::NetworkConfig;
use nhiwatch::event::{NetworkClass, Origin};
use nhiwatch::network::{Networks, Place};

fn path(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/network").join(name).display().to_string()
}

fn networks(names: &[&str], hosting_asns: Vec<u32>) -> Networks {
    let databases = names.iter().map(|name| path(name)).collect();
    Networks::open(&NetworkConfig { databases, hosting_asns, ..NetworkConfig::default() }).unwrap()
}

fn place(networks: &Networks, address: &str) -> Place {
    networks.place(address.parse::<IpAddr>().unwrap())
}

#[test]
fn each_file_adds_what_it_knows() {
    let networks = networks(&["asn.mmdb", "country.mmdb", "hosting.mmdb"], vec![]);
    let of = |asn, country: &str, hosting| Place { asn, country: Some(country.into()), hosting };
    assert_eq!(place(&networks, "203.0.113.7"), of(Some(64500), "DE", Some(false)));
    assert_eq!(place(&networks, "203.0.113.200"), of(Some(64500), "DE", Some(true)));
    assert_eq!(place(&networks, "198.51.100.7"), of(Some(16509), "US", Some(true)));
    assert_eq!(place(&networks, "2001:db8:1::7").asn, Some(16509));
    assert_eq!(place(&networks, "192.0.2.7"), Place::default());
}

#[test]
fn other_spellings_are_read() {
    let networks = networks(&["ipinfo.mmdb"], vec![64501]);
    assert_eq!(
        place(&networks, "203.0.113.7"),
        Place { asn: Some(64501), country: Some("DE".into()), hosting: Some(true) }
    );
    assert_eq!(place(&networks, "192.0.2.1").country.as_deref(), Some("FR"));
}

#[test]
fn only_public_addresses_are_looked_up() {
    let networks = networks(&["asn.mmdb"], vec![]);
    for (class, asn) in [(NetworkClass::External, Some(64500)), (NetworkClass::CloudInternal, None)] {
        let mut origin = Origin { ip: Some("203.0.113.7".into()), class, ..Origin::NOWHERE };
        networks.describe(&mut origin);
        assert_eq!(origin.asn, asn);
    }
}

#[test]
fn a_changed_file_is_read_again_and_a_broken_one_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("asn.mmdb");
    fs::copy(path("asn.mmdb"), &file).unwrap();
    let databases = vec![file.display().to_string()];
    let networks = Networks::open(&NetworkConfig { databases, ..NetworkConfig::default() }).unwrap();
    assert!(!networks.reload().unwrap());
    assert_eq!(place(&networks, "203.0.113.7").asn, Some(64500));

    fs::copy(path("ipinfo.mmdb"), &file).unwrap();
    assert!(networks.reload().unwrap());
    assert_eq!(place(&networks, "203.0.113.7").asn, Some(64501));

    fs::write(&file, "no data base").unwrap();
    let error = format!("{:#}", networks.reload().unwrap_err());
    assert!(error.contains("is no file in MaxMind's format"), "{error}");
    assert_eq!(place(&networks, "203.0.113.7").asn, Some(64501), "the last good one stays");
}

#[test]
fn a_file_that_is_not_there_is_told() {
    let databases = vec!["/nowhere/asn.mmdb".into()];
    let error = Networks::open(&NetworkConfig { databases, ..NetworkConfig::default() }).unwrap_err();
    assert!(format!("{error:#}").starts_with("network.databases: /nowhere/asn.mmdb cannot be read"), "{error:#}");
}
