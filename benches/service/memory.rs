//! Resident memory of detection with many mature identities, and what of it the state is.

use super::feed::{self, Feed};
use super::process::resident_bytes;
use super::site::{Service, Site};

/// Identities of the fleet.
const IDENTITIES: usize = 100_000;
/// Days and records of their past: so many that most have enough history of their own.
const DAYS: i64 = 3;
const RECORDS: u64 = 4_000_000;

/// Fills the state, and weighs it while it grows and after a restart.
pub fn run(servers: &str) {
    let site = Site::new(servers, "memory", "");
    let mut records = feed::fleet(IDENTITIES, 0.02, DAYS);
    let mut detect = site.start("detect");
    let empty = resident_bytes(detect.pid());
    let feed = Feed::open(&site);
    let ingest = site.start("ingest");
    feed.send_fleet(&mut records, RECORDS);
    feed.flush();
    detect.await_scored(RECORDS);
    println!("\nmemory: resident memory of the detecting process, {} MB while it is empty", megabytes(empty));
    report("as it grew", &detect, empty);
    let identities = detect.metric("nhi_identities", "");
    detect.stop();
    let restarted = site.start("detect");
    restarted.await_identities(identities);
    report("restored", &restarted, empty);
    println!("  ingest: {} MB", megabytes(resident_bytes(ingest.pid())));
    restarted.stop();
    ingest.stop();
}

fn report(when: &str, detect: &Service, empty: u64) {
    let resident = resident_bytes(detect.pid());
    let (identities, learning) = (detect.metric("nhi_identities", ""), detect.metric("nhi_identities_learning", ""));
    let state = detect.metric("nhi_state_bytes", "");
    let each = |bytes: f64| bytes / identities;
    println!(
        "  {when}: {} MB with {identities} identities ({learning} still learning): {:.0} bytes each, of which {:.0} are \
         counted as baselines",
        megabytes(resident),
        each(resident.saturating_sub(empty) as f64),
        each(state)
    );
}

fn megabytes(bytes: u64) -> u64 {
    bytes / 1_000_000
}
