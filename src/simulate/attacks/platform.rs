//! Attacks that use what the cloud's platform offers: peers, functions, commands, trust (model, section 4.1).

use super::super::call::Session;
use super::super::catalogue::{Operation, operation, operations_where};
use super::super::hour::{HOUR, opening};
use super::super::resource::ResourceKind;
use super::super::world::{Pair, Runtime, Target};
use super::scripts::COORDINATED;
use super::{Attack, Place};

/// A13: six of one group from one network outside, with the command line: each for an hour, 3 to 8 pairs of
/// reconnaissance; the others begin within 6 hours of the first.
pub fn coordinated_peers(attack: &mut Attack<'_>) {
    let place = attack.outside();
    let recon = operations_where(Operation::is_recon);
    let group = attack.world.members[attack.victim as usize].group;
    let (first, last) = attack.world.groups[group as usize].members;
    let mut peers: Vec<u32> = (first..last).filter(|&peer| peer != attack.victim).collect();
    attack.rng.shuffle(&mut peers);
    peers.truncate(COORDINATED as usize - 1);
    for (peer, at) in [attack.victim].into_iter().chain(peers).zip(0..) {
        let late = if at == 0 { 0 } else { attack.rng.between(0, 6 * HOUR) };
        for _ in 0..attack.rng.between(3, 8) {
            let pair = attack.pair_of(&recon);
            let time = attack.time + late + attack.rng.between(0, HOUR - 1);
            let call = attack.call_as(peer, time, pair);
            (call.address, call.client) = (place.address, place.client);
        }
        if at > 0 {
            attack.actors.push(peer);
        }
    }
}

/// A18: for 2 to 8 hours, versioning suspended and expiry set on 1 to 3 buckets, and objects overwritten: 10 to 100
/// times the victim's calls.
pub fn ransom(attack: &mut Attack<'_>) {
    let overwrite = operation("s3:CopyObject");
    let factor = attack.rng.uniform(10.0, 100.0);
    let buckets: Vec<Pair> = (0..attack.rng.between(1, 3)).map(|_| attack.named("s3:PutBucketVersioning")).collect();
    for (bucket, at) in buckets.iter().zip(0..) {
        let time = attack.time + at * 20_000;
        attack.call(time, *bucket);
        attack.call(time + 8_000, Pair { operation: operation("s3:PutBucketLifecycle"), ..*bucket });
    }
    for hour in 0..attack.rng.between(2, 8) {
        for time in attack.times(hour, attack.volume(factor)) {
            let bucket = *attack.rng.pick(&buckets);
            attack.call(time.max(attack.time + 70_000), Pair { operation: overwrite, ..bucket });
        }
    }
}

/// A20: 1 to 3 functions with a permission and a schedule; the first acts by itself from then on: 2 calls every 6 hours
/// for 2 to 5 days.
pub fn serverless_back_door(attack: &mut Attack<'_>) {
    for at in 0..attack.rng.between(1, 3) {
        let time = attack.time + at * 240_000 + attack.rng.between(0, 60_000);
        let function = attack.named("lambda:CreateFunction20150331");
        let rule = attack.named("events:PutRule");
        attack.call(time, function);
        attack.call(time + 15_000, Pair { operation: operation("lambda:AddPermission20150331v2"), ..function });
        attack.call(time + 30_000, rule);
    }
    let name = format!("lambda-{:08x}", attack.rng.bits() as u32);
    let role = attack.add_member(Runtime::Service("lambda.amazonaws.com"), &name, attack.time);
    let looks = operations_where(Operation::is_everyday);
    let pairs = [attack.pair_of(&looks), attack.pair_of(&looks)];
    for run in 0..attack.rng.between(8, 20) {
        let started = attack.time + 900_000 + run * 6 * HOUR;
        let session = Session { number: run as u32, started };
        let mut open = opening(attack.world, role, session);
        open.attack = Some(attack.id);
        attack.calls.push(open);
        for (pair, late) in pairs.into_iter().zip([1_000, 3_000]) {
            attack.call_as(role, started + late, pair).session = Some(session);
        }
    }
}

/// A21: commands sent to 5 to 50 hosts within 10 minutes of an hour.
pub fn run_commands(attack: &mut Attack<'_>) {
    let send = operation("ssm:SendCommand");
    let account = attack.account() as usize;
    let mut hosts = attack.world.accounts[account].by_kind[ResourceKind::Instance as usize].clone();
    attack.rng.shuffle(&mut hosts);
    let from = attack.time + attack.rng.between(0, HOUR / 2);
    for host in hosts.into_iter().take(attack.rng.between(5, 50) as usize) {
        let time = from + attack.rng.between(0, HOUR / 6);
        attack.call(time, Pair { operation: send, target: Target::Resource(host) });
    }
}

/// A22: an identity provider is added, or the trust of a role changed; 1 to 240 hours later a new subject assumes that
/// role, from outside, and makes 3 to 15 calls within an hour.
pub fn trust_changed(attack: &mut Attack<'_>) {
    let name = format!("federated-access-{:06x}", attack.rng.bits() & 0xff_ffff);
    let role = attack.add_member(Runtime::WebIdentity, &name, attack.time);
    let change = match attack.rng.chance(0.5) {
        true => Pair { operation: operation("iam:UpdateAssumeRolePolicy"), target: Target::Member(role) },
        false => attack.named("iam:CreateSAMLProvider"),
    };
    attack.call(attack.time, change);
    let Place { address, client } = attack.outside();
    let started = attack.time + attack.rng.between(HOUR, 240 * HOUR);
    let session = attack.session(started);
    let mut open = opening(attack.world, role, session);
    (open.address, open.client, open.attack) = (address, client, Some(attack.id));
    attack.calls.push(open);
    let looks = operations_where(Operation::is_everyday);
    for _ in 0..attack.rng.between(3, 15) {
        let pair = attack.pair_of(&looks);
        let time = started + attack.rng.between(1_000, HOUR - 1);
        let call = attack.call_as(role, time, pair);
        (call.address, call.client, call.session) = (address, client, Some(session));
    }
}
