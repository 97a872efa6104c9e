//! A vendor's inventory (B12): once a week, every read action that it knows, in every region.

use super::catalogue::{Operation, operations_where};
use super::names::REGIONS;
use super::rng::{Rng, mix};
use super::world::{Member, Pair, World};

/// Hours of a quarter, after which a new version is rolled out.
const QUARTER: i64 = 91 * 24;
/// Actions that a scanner knows at first.
const FIRST_ACTIONS: (i64, i64) = (18, 60);
/// Actions that a new version adds.
const NEW_ACTIONS: (i64, i64) = (5, 40);

/// What a scanner does in an hour, with the region of each: some 300 to 2,000 calls.
pub fn sweep(world: &World, member: &Member, hour: i64, rng: &mut Rng) -> Vec<(Pair, u8)> {
    let known = known_actions(member, hour);
    let mut calls = Vec::with_capacity(known.len() * REGIONS.len());
    for region in 0..REGIONS.len() as u8 {
        for &operation in &known {
            calls.push((world.pair_on_any(operation, member.account, rng), region));
        }
    }
    calls
}

/// The actions that the version of the time knows: always the same for a scanner and a version.
fn known_actions(member: &Member, hour: i64) -> Vec<u16> {
    let mut own = Rng::new(member.key, 0xb12);
    let mut actions = operations_where(Operation::is_recon);
    own.shuffle(&mut actions);
    let version = |hour: i64| (hour + (mix(member.key, 1) % QUARTER as u64) as i64).div_euclid(QUARTER);
    let releases = version(hour) - version(member.born / super::hour::HOUR);
    let mut known = own.between(FIRST_ACTIONS.0, FIRST_ACTIONS.1);
    for _ in 0..releases.max(0) {
        known += own.between(NEW_ACTIONS.0, NEW_ACTIONS.1);
    }
    actions.truncate(known as usize);
    actions
}
