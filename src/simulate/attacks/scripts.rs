//! What attackers do, scenario by scenario, with the parameters of the catalogue (model, section 4.1).

use super::super::call::{Fault, Session};
use super::super::catalogue::{Class, Operation, operations_where};
use super::super::hour::{HOUR, opening};
use super::super::labels::Scenario;
use super::super::names::{self, Operator};
use super::super::resource::ResourceKind;
use super::super::rng::mix;
use super::super::world::{Habit, Member, Pair, Runtime, Target};
use super::super::{activity, catalogue};
use super::{Attack, platform, slow};

/// How many identities of a group A13 befalls.
pub const COORDINATED: u32 = 6;
/// How long a dormant key was not used, at least.
const DORMANT: i64 = 250 * HOUR;

/// Lets the attack take its course.
pub fn run(attack: &mut Attack<'_>, scenario: Scenario) {
    match scenario {
        Scenario::A1 => stolen_credentials(attack, false),
        Scenario::A2 => pipeline_abuse(attack),
        Scenario::A3 => dormant_key(attack),
        Scenario::A4 => secret_enumeration(attack),
        Scenario::A5 => slow::slow_exfiltration(attack),
        Scenario::A6 => agent_injection(attack),
        Scenario::A7 => recursive_creation(attack),
        Scenario::A8 => role_chaining(attack),
        Scenario::A9 => region_hopping(attack),
        Scenario::A10 => log_tampering(attack),
        Scenario::A11 => peer_mimicry(attack),
        Scenario::A12 => slow::boiling_frog(attack),
        Scenario::A13 => platform::coordinated_peers(attack),
        Scenario::A16 => slow::integration_theft(attack),
        Scenario::A17 => snapshot_shared(attack),
        Scenario::A18 => platform::ransom(attack),
        Scenario::A19 => noisy_recon(attack),
        Scenario::A20 => platform::serverless_back_door(attack),
        Scenario::A21 => platform::run_commands(attack),
        Scenario::A22 => platform::trust_changed(attack),
        Scenario::A23 => firewall_opened(attack),
        Scenario::A24 => stolen_credentials(attack, true),
        Scenario::A25 => slow::model_abuse(attack),
        Scenario::A26 => slow::odd_hours(attack),
        Scenario::A14 | Scenario::A27 | Scenario::A28 | Scenario::A29 | Scenario::A30 | Scenario::A31 => {
            unreachable!("what happens elsewhere is staged there")
        }
    }
}

/// A1, A24: from one network, for 2 to 6 hours, 5 to 40 calls an hour over 2 to 8 pairs of reconnaissance and 3 own
/// ones; A24 from the fleet's own cloud instead of outside.
fn stolen_credentials(attack: &mut Attack<'_>, within_cloud: bool) {
    let mut place = attack.outside();
    if within_cloud {
        place.address = names::address(names::prefix(Operator::OwnCloud, attack.rng), u64::from(attack.id));
    }
    let recon = operations_where(Operation::is_recon);
    // Whoever finds a key asks first whose it is.
    let mut pairs = vec![attack.named("sts:GetCallerIdentity")];
    for hour in 0..attack.rng.between(2, 6) {
        for _ in 0..attack.rng.between(2, 8) {
            pairs.push(attack.pair_of(&recon));
        }
        pairs.extend([attack.own_pair(), attack.own_pair(), attack.own_pair()]);
        let count = attack.rng.between(5, 40).max(pairs.len() as i64);
        for (at, time) in attack.times(hour, count).into_iter().enumerate() {
            attack.call_from(place, time, pairs[at % pairs.len()]);
        }
        pairs.clear();
    }
}

/// A2: a session of the attacker's own, opened with the pipeline's token, for 1 to 2 hours and 10 to 30 calls an hour
/// over 3 to 8 pairs, 60 % of them sensitive; from a new network of the same build machines.
fn pipeline_abuse(attack: &mut Attack<'_>) {
    let sensitive = operations_where(|o| matches!(o.class, Class::Iam | Class::Log));
    let prefix = names::prefix(Operator::BuildHosts, attack.rng);
    let address = names::address(prefix, u64::from(attack.id));
    let session = attack.session(attack.time);
    let mut open = opening(attack.world, attack.victim, session);
    open.address = address;
    open.attack = Some(attack.id);
    attack.calls.push(open);
    let mut pairs = Vec::new();
    for _ in 0..attack.rng.between(3, 8) {
        let own = attack.own_pair();
        let operations = if attack.rng.chance(0.6) { &sensitive[..] } else { &[own.operation] };
        pairs.push(attack.pair_of(operations));
    }
    for hour in 0..attack.rng.between(1, 2) {
        let count = attack.rng.between(10, 30);
        for time in attack.times(hour, count) {
            let pair = *attack.rng.pick(&pairs);
            let call = attack.call(time.max(session.started + 1_000), pair);
            call.address = address;
            call.session = Some(session);
        }
    }
}

/// A3: for 1 to 4 hours, 3 to 30 calls over 3 own pairs and 1 to 4 of the catalogue; half of the time from outside,
/// 60 % with the command line.
fn dormant_key(attack: &mut Attack<'_>) {
    make_dormant(&mut attack.world.members[attack.victim as usize], attack.time);
    let mut place = attack.inside();
    if attack.rng.chance(0.5) {
        place.address = attack.outside().address;
    }
    if attack.rng.chance(0.6) {
        place.client = names::CLIENT_CLI;
    }
    let everyday = operations_where(Operation::is_everyday);
    let mut pairs = vec![attack.own_pair(), attack.own_pair(), attack.own_pair()];
    for _ in 0..attack.rng.between(1, 4) {
        pairs.push(attack.pair_of(&everyday));
    }
    attack.rng.shuffle(&mut pairs);
    for hour in 0..attack.rng.between(1, 4) {
        let count = attack.rng.between(3, 30);
        for (at, time) in attack.times(hour, count).into_iter().enumerate() {
            attack.call_from(place, time, pairs[at % pairs.len()]);
        }
    }
}

/// Silences an account for ten days and more before `time`, and for a day after; before that it is busier than most of
/// its kind, so that there is a habit to come back from.
fn make_dormant(member: &mut Member, time: i64) {
    member.silent = Some((time - DORMANT, time + 24 * HOUR));
    member.activity = activity::Activity::Daily(activity::Profile { day: 0.35, night: 0.05, weekend: 0.8, ahead: 1 });
}

/// A4: 15 to 59 different secrets read within 1 to 2 hours, from where and with what the victim always works.
fn secret_enumeration(attack: &mut Attack<'_>) {
    let read = catalogue::operation("secretsmanager:GetSecretValue");
    let account = attack.account() as usize;
    let mut secrets = attack.world.accounts[account].by_kind[ResourceKind::Secret as usize].clone();
    attack.rng.shuffle(&mut secrets);
    let hours = attack.rng.between(1, 2);
    let per_hour = attack.rng.between(15, 59) / hours;
    let mut left = secrets.into_iter();
    for hour in 0..hours {
        for (time, secret) in attack.times(hour, per_hour).into_iter().zip(left.by_ref()) {
            attack.call(time, Pair { operation: read, target: Target::Resource(secret) });
        }
    }
}

/// A6: an agent does what it always does, for an hour, to 4 to 12 resources that it never touched.
fn agent_injection(attack: &mut Attack<'_>) {
    let count = attack.rng.between(4, 12);
    for time in attack.times(0, count) {
        let own = attack.own_pair();
        let pair = attack.pair_of(&[own.operation]);
        attack.call(time, pair);
    }
}

/// A7: 4 to 11 creations an hour for 1 to 2 hours; each child lives half an hour to six, makes 3 to 30 calls and with
/// 30 % a child of its own, three generations deep at most.
fn recursive_creation(attack: &mut Attack<'_>) {
    for hour in 0..attack.rng.between(1, 2) {
        // Each child costs three calls: the user, its key, its permissions.
        let children = (attack.rng.between(4, 11) + 2) / 3;
        for time in attack.times(hour, children) {
            create_child(attack, attack.victim, time, 1);
        }
    }
}

fn create_child(attack: &mut Attack<'_>, parent: u32, time: i64, depth: u32) {
    let name = format!("svc-sync-{:06x}", mix(attack.rng.bits(), u64::from(depth)) & 0xff_ffff);
    let child = attack.add_member(Runtime::AccessKey, &name, time);
    let target = Target::Member(child);
    let creations = ["iam:CreateUser", "iam:AttachUserPolicy", "iam:CreateAccessKey"];
    for (name, second) in creations.into_iter().zip([0, 2_000, 4_000]) {
        let call = attack.call_as(parent, time + second, Pair { operation: catalogue::operation(name), target });
        call.opens = Some(Session { number: 0, started: time });
    }
    let life = (attack.rng.uniform(0.5, 6.0) * HOUR as f64) as i64;
    let everyday = operations_where(Operation::is_everyday);
    for _ in 0..attack.rng.between(3, 30) {
        let pair = attack.pair_of(&everyday);
        let when = time + attack.rng.between(10_000, life);
        attack.call_as(child, when, pair);
    }
    if depth < 3 && attack.rng.chance(0.3) {
        create_child(attack, child, time + life / 2, depth + 1);
    }
}

/// A8: assumes roles of 1 to 3 other groups, in other accounts where there are any, and makes three of each one's calls
/// an hour, for 1 to 3 hours.
fn role_chaining(attack: &mut Attack<'_>) {
    let place = attack.inside();
    let home = attack.account();
    let elsewhere = attack.world.accounts.len() > 1;
    let candidates: Vec<u32> = (0..attack.world.members.len() as u32)
        .filter(|&index| {
            let member = &attack.world.members[index as usize];
            let is_role = matches!(member.habit, Habit::Service | Habit::Cron | Habit::Admin);
            is_role && index != attack.victim && (!elsewhere || member.account != home) && member.born <= attack.time
        })
        .collect();
    if candidates.is_empty() {
        return;
    }
    let hours = attack.rng.between(1, 3);
    for chained in 0..attack.rng.between(1, 3) {
        let role = *attack.rng.pick(&candidates);
        let started = attack.time + chained * 240_000 + attack.rng.between(0, 200_000);
        let session = attack.session(started);
        let assume = Pair { operation: catalogue::operation("sts:AssumeRole"), target: Target::Member(role) };
        attack.call(started, assume).opens = Some(session);
        attack.actors.push(role);
        for hour in 0..hours {
            for time in attack.times(hour, 3) {
                let pair = attack.world.own_pair(&attack.world.members[role as usize], attack.rng);
                let call = attack.call_as(role, time.max(started + 2_000), pair);
                call.address = place.address;
                call.client = place.client;
                call.session = Some(session);
            }
        }
    }
}

/// A9: instances started in 4 to 8 regions, 5 to 29 calls each within 1 to 2 hours; half of the time from outside.
fn region_hopping(attack: &mut Attack<'_>) {
    let mut place = attack.inside();
    if attack.rng.chance(0.5) {
        place.address = attack.outside().address;
    }
    let hours = attack.rng.between(1, 2);
    let mut regions: Vec<u8> = (0..names::REGIONS.len() as u8).collect();
    attack.rng.shuffle(&mut regions);
    for region in regions.into_iter().take(attack.rng.between(4, 8) as usize) {
        let hour = attack.rng.between(0, hours - 1);
        let count = attack.rng.between(5, 29);
        for time in attack.times(hour, count) {
            let pair = attack.named("ec2:RunInstances");
            attack.call_from(place, time, pair).region = region;
        }
    }
}

/// A10: 1 to 3 calls that stop, delete or blind a log or a detector, within an hour; everything else as always.
fn log_tampering(attack: &mut Attack<'_>) {
    let operations = operations_where(|o| o.class == Class::Log);
    let count = attack.rng.between(1, 3);
    for time in attack.times(0, count) {
        let pair = attack.pair_of(&operations);
        attack.call(time, pair);
    }
}

/// A11: for six hours, in every second of them, 1 to 3 pairs that peers make and the victim does not.
fn peer_mimicry(attack: &mut Attack<'_>) {
    let member = &attack.world.members[attack.victim as usize];
    let pool = &attack.world.groups[member.group as usize].pool;
    let foreign: Vec<Pair> = pool.iter().copied().filter(|&pair| !attack.world.is_own(member, pair)).collect();
    for hour in [0, 2, 4] {
        let pairs = attack.rng.between(1, 3) as usize;
        for (at, time) in attack.times(hour, 6).into_iter().enumerate() {
            let pair = match foreign.get(at % 6) {
                Some(pair) if at < pairs => *pair,
                _ => attack.own_pair(),
            };
            attack.call(time, pair);
        }
    }
}

/// A17: 1 to 5 snapshots are made and shared with an account that nobody knows, within an hour.
fn snapshot_shared(attack: &mut Attack<'_>) {
    let count = attack.rng.between(1, 5);
    for time in attack.times(0, count) {
        let snapshot = attack.named("ec2:CreateSnapshot");
        attack.call(time, snapshot);
        let share = Pair { operation: catalogue::operation("ec2:ModifySnapshotAttribute"), ..snapshot };
        attack.call(time + 90_000, share);
    }
}

/// A19: 30 to 150 reads of the catalogue within 20 minutes to an hour, 40 to 80 % of them denied.
fn noisy_recon(attack: &mut Attack<'_>) {
    let mut reads = operations_where(Operation::is_recon);
    attack.rng.shuffle(&mut reads);
    let length = (attack.rng.uniform(0.3, 1.0) * HOUR as f64) as i64;
    let denied = attack.rng.uniform(0.4, 0.8);
    for at in 0..attack.rng.between(30, 150) as usize {
        let pair = attack.pair_of(&reads[at % reads.len()..][..1]);
        let time = attack.time + attack.rng.between(0, length);
        let is_denied = attack.rng.chance(denied);
        attack.call(time, pair).fault = is_denied.then_some(Fault::Denied);
    }
}

/// A23: 1 to 3 security groups opened to the whole internet, within an hour.
fn firewall_opened(attack: &mut Attack<'_>) {
    let count = attack.rng.between(1, 3);
    for time in attack.times(0, count) {
        let pair = attack.named("ec2:AuthorizeSecurityGroupIngress");
        attack.call(time, pair);
    }
}
