//! The simulated fleet: deterministic, in order, complete records, true labels, rates and memory within bounds.

use std::collections::{BTreeMap, BTreeSet};

use nhiwatch::config::{DecodeConfig, IdentityConfig};
use nhiwatch::decode::{Decoded, Scratch, decode_message};
use nhiwatch::event::{Kind, Source, Timestamp};
use nhiwatch::identity;
use nhiwatch::simulate::{AttackLabel, AttackPlan, Delivery, Emitted, Fleet, FleetConfig, LabelledIdentity, Scenario};
use proptest::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a time")
}

fn config(seed: u64, attacks: AttackPlan) -> FleetConfig {
    FleetConfig {
        seed,
        identities: 100,
        accounts: 2,
        start: at("2026-03-02T00:00:00Z"),
        end: at("2026-03-12T00:00:00Z"),
        attacks,
        confounders: true,
        rate_scale: 0.15,
        elsewhere: false,
    }
}

fn random_attacks() -> AttackPlan {
    AttackPlan::Random { per_30_days: 90.0, not_before: at("2026-03-05T00:00:00Z") }
}

/// Calls `each` with every record of a fleet, and returns the fleet at its end.
fn run(config: &FleetConfig, mut each: impl FnMut(&Fleet, Emitted, &[u8])) -> Fleet {
    let mut fleet = Fleet::new(config);
    let mut record = Vec::new();
    while let Some(emitted) = fleet.next(&mut record) {
        each(&fleet, emitted, &record);
        record.clear();
    }
    fleet
}

fn fingerprint(config: &FleetConfig) -> (u64, Vec<u8>) {
    let (mut hash, mut count) = (Sha256::new(), 0);
    run(config, |_, _, record| {
        hash.update(record);
        count += 1;
    });
    (count, hash.finalize().to_vec())
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let config = config(7, random_attacks());
    assert_eq!(fingerprint(&config), fingerprint(&config));
    assert_ne!(fingerprint(&config), fingerprint(&FleetConfig { seed: 8, ..config }));
}

#[test]
fn records_come_in_as_they_arrive_and_keep_their_times() {
    let config = config(3, random_attacks());
    let (mut last, mut newest, mut late, mut count) = (config.start, config.start, 0, 0);
    run(&config, |_, emitted, record| {
        assert!(emitted.arrival >= last && emitted.arrival >= emitted.time);
        assert!(emitted.time >= config.start && emitted.time < config.end);
        last = emitted.arrival;
        count += 1;
        late += usize::from(emitted.time < newest);
        newest = newest.max(emitted.time);
        let value: Value = serde_json::from_slice(record).expect("JSON");
        let written = at(value["eventTime"].as_str().expect("eventTime"));
        assert_eq!(written.as_millis(), emitted.time.as_millis() / 1_000 * 1_000);
    });
    let share = late as f64 / count as f64;
    assert!((0.08..0.2).contains(&share), "{share} came late");
}

#[test]
fn without_benign_change_everything_arrives_at_once_and_once() {
    let config = FleetConfig { confounders: false, ..config(3, random_attacks()) };
    let mut last = config.start;
    run(&config, |_, emitted, _| {
        assert!(emitted.time >= last && emitted.arrival == emitted.time && emitted.delivery == Delivery::First);
        last = emitted.time;
    });
}

#[test]
fn repetitions_are_the_same_record_but_for_the_id_of_some() {
    let (mut records, mut repeated, mut renumbered) = (BTreeMap::new(), 0, 0);
    let mut copies = Vec::new();
    run(&config(6, AttackPlan::None), |_, emitted, record| {
        let mut value: Value = serde_json::from_slice(record).expect("JSON");
        let id = value["eventID"].take();
        let request = value["requestID"].to_string();
        match emitted.delivery {
            Delivery::First => drop(records.insert(request, (id, value))),
            other => copies.push((other, request, id, value)),
        }
    });
    for (delivery, request, id, value) in copies {
        let (first_id, first) = &records[&request];
        assert_eq!(first, &value);
        assert_eq!(first_id == &id, delivery == Delivery::Repeated);
        *if delivery == Delivery::Repeated { &mut repeated } else { &mut renumbered } += 1;
    }
    let share = f64::from(repeated) / records.len() as f64;
    assert!((0.005..0.02).contains(&share), "{share} came twice");
    assert!(renumbered > 0 && renumbered < repeated / 2, "{renumbered} of {repeated}");
}

#[test]
fn the_fleet_in_aws_stays_byte_for_byte_what_it_was() {
    let (start, end) = (at("2026-01-05T00:00:00Z"), at("2026-01-13T00:00:00Z"));
    let config =
        FleetConfig { identities: 60, accounts: 1, start, end, rate_scale: 0.05, ..config(7, AttackPlan::None) };
    for (attacks, sha256) in [
        (AttackPlan::random(start, end), "9848861b064b4600534545ff99355a7578380f00dd11b7ec563a914c7b98d872"),
        (AttackPlan::staged(start, end), "774daf071a13d759256f5ef523fed1ddc635716de68cc75d849b884618632cf3"),
    ] {
        let mut hash = Sha256::new();
        run(&FleetConfig { attacks, ..config.clone() }, |_, _, record| {
            hash.update(record);
            hash.update(b"\n");
        });
        let hex: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, sha256);
    }
}

/// The members that CloudTrail's record contents reference says every API call record has, but for `userAgent`, which
/// a service may begin to log within the span.
const MEMBERS: [&str; 16] = [
    "eventVersion",
    "userIdentity",
    "eventTime",
    "eventSource",
    "eventName",
    "awsRegion",
    "sourceIPAddress",
    "requestParameters",
    "responseElements",
    "requestID",
    "eventID",
    "readOnly",
    "eventType",
    "managementEvent",
    "recipientAccountId",
    "eventCategory",
];

#[test]
fn every_record_is_a_complete_cloudtrail_record_with_an_id_of_its_own() {
    let mut ids = BTreeSet::new();
    let (mut bytes, mut classes) = (0, BTreeMap::new());
    run(&config(12, random_attacks()), |_, emitted, record| {
        if emitted.delivery != Delivery::First {
            return;
        }
        let value: Value = serde_json::from_slice(record)
            .unwrap_or_else(|error| panic!("{error} in {}", String::from_utf8_lossy(record)));
        for member in MEMBERS {
            assert!(value.get(member).is_some(), "{member} is missing in {value}");
        }
        assert_eq!(value["recipientAccountId"].as_str().map(str::len), Some(12));
        let class = value["userIdentity"]["type"].as_str().expect("a type").to_owned();
        if class == "AssumedRole" {
            let identity = &value["userIdentity"];
            let issuer = identity["sessionContext"]["sessionIssuer"]["arn"].as_str().expect("an issuer");
            assert!(issuer.starts_with("arn:aws:iam::"), "{issuer}");
            assert!(
                at(identity["sessionContext"]["attributes"]["creationDate"].as_str().expect("a date"))
                    <= at(value["eventTime"].as_str().expect("eventTime"))
            );
        }
        *classes.entry(class).or_insert(0) += 1;
        assert!(ids.insert(value["eventID"].as_str().expect("an id").to_owned()));
        assert!(!String::from_utf8_lossy(record).contains('$'), "an unfilled placeholder in {value}");
        bytes += record.len();
    });
    let mean = bytes / ids.len();
    assert!((1_000..1_700).contains(&mean), "{mean} bytes a record");
    for class in ["AssumedRole", "IAMUser", "AWSService", "WebIdentityUser", "AWSAccount"] {
        assert!(classes.contains_key(class), "no {class} among {classes:?}");
    }
}

#[test]
fn labels_lie_within_the_span_and_name_who_acted() {
    // Six days are history enough for nearly all victims; where nobody who suits has one, an attack is left out.
    let plan = AttackPlan::Random { per_30_days: 90.0, not_before: at("2026-03-08T00:00:00Z") };
    let config = FleetConfig { end: at("2026-03-16T00:00:00Z"), ..config(11, plan) };
    let mut acted: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    let fleet = run(&config, |fleet, emitted, _| {
        let Some(attack) = emitted.attack else { return };
        let label = &fleet.labels()[attack as usize];
        assert!((label.start..=label.end).contains(&emitted.time));
        if let Some(identity) = emitted.identity {
            acted.entry(attack).or_default().insert(fleet.principal(identity).to_owned());
        }
    });
    assert!(fleet.labels().len() >= 15, "{} attacks", fleet.labels().len());
    for (label, number) in fleet.labels().iter().zip(0..) {
        assert!(label.start >= config.start && label.end < config.end);
        let labelled: BTreeSet<String> = label.identities.iter().map(|identity| identity.principal.clone()).collect();
        assert_eq!(acted.get(&number), Some(&labelled), "{label:?}");
    }
}

#[test]
fn every_scenario_can_be_staged_at_its_time() {
    let start = at("2026-03-08T12:00:00Z");
    let plan = Scenario::ALL.iter().zip(0..).map(|(&scenario, n)| (start.plus_millis(n * 600_000), scenario)).collect();
    let fleet = Fleet::new(&FleetConfig { identities: 300, ..config(2, AttackPlan::Staged(plan)) });
    let staged: Vec<Option<Scenario>> = fleet.labels().iter().map(|label| Scenario::of(&label.scenario)).collect();
    assert_eq!(staged, Scenario::ALL.map(Some));
    for (label, n) in fleet.labels().iter().zip(0..) {
        let late = label.start.since(start.plus_millis(n * 600_000));
        // Odd hours must be awaited.
        let latest = if label.scenario == "A26" { 7 * Timestamp::DAY_MS } else { Timestamp::HOUR_MS };
        assert!((0..=latest).contains(&late), "{label:?} begins {late} ms after its time");
    }
}

#[test]
fn a_dormant_key_is_silent_before_its_revival() {
    let revival = at("2026-03-16T10:00:00Z");
    let plan = AttackPlan::Staged(vec![(revival, Scenario::A3)]);
    let config = FleetConfig { end: at("2026-03-17T00:00:00Z"), ..config(4, plan) };
    let (mut before, mut gap) = (0, 0);
    run(&config, |fleet, emitted, _| {
        let victim = &fleet.labels()[0].identities[0].principal;
        if emitted.identity.is_some_and(|identity| fleet.principal(identity) == victim) && emitted.attack.is_none() {
            if emitted.time < revival.plus_millis(-10 * Timestamp::DAY_MS) { before += 1 } else { gap += 1 }
        }
    });
    assert!(before > 0 && gap == 0, "{before} before, {gap} in the gap");
}

#[test]
fn without_a_plan_nobody_attacks() {
    let fleet = run(&config(1, AttackPlan::None), |_, emitted, _| assert_eq!(emitted.attack, None));
    assert!(fleet.labels().is_empty());
}

#[test]
fn rates_and_memory_are_bounded() {
    let end = at("2026-03-05T00:00:00Z");
    let config = FleetConfig { rate_scale: 1.0, end, ..config(9, AttackPlan::None) };
    let (mut records, mut most, mut active) = (0usize, 0, BTreeSet::new());
    run(&config, |fleet, emitted, _| {
        records += 1;
        active.extend(emitted.identity.map(|identity| (identity, emitted.time.hour())));
        if records.is_multiple_of(997) {
            most = most.max(fleet.planned());
        }
    });
    let per_hour = records as f64 / active.len() as f64;
    assert!((5.0..60.0).contains(&per_hour), "{per_hour} calls in an active hour");
    let share = active.len() as f64 / (100.0 * 72.0);
    assert!((0.25..0.7).contains(&share), "active in {share} of the hours");
    // Only the present hours of active identities are planned: a few of the 72 hours' records.
    assert!(most < records / 15, "{most} of {records} records were planned at once");
}

#[test]
fn the_demo_is_thin_before_and_attacked_soon_after_it_goes_live() {
    let live = at("2026-03-18T09:17:00Z");
    let config = FleetConfig::demo(7, live);
    let (mut history, mut first_attack) = (0usize, None);
    let mut fleet = Fleet::new(&config);
    let mut record = Vec::new();
    while first_attack.is_none() {
        let emitted = fleet.next(&mut record).expect("an attack before the end");
        record.clear();
        history += usize::from(emitted.time < live);
        first_attack = emitted.attack.map(|_| emitted.time);
    }
    assert!((60_000..=150_000).contains(&history), "{history} records of history");
    assert_eq!(fleet.labels().len(), 6);
    let first = first_attack.expect("an attack").since(live);
    assert!((0..20 * 60_000).contains(&first), "first attack after {first} ms");
}

#[test]
fn labels_are_lines_of_json_that_read_back() {
    let fleet = Fleet::new(&config(11, random_attacks()));
    for label in fleet.labels() {
        let line = serde_json::to_string(label).expect("JSON");
        assert_eq!(&serde_json::from_str::<AttackLabel>(&line).expect("a label"), label);
        let value: Value = serde_json::from_str(&line).expect("JSON");
        for member in ["attack_id", "scenario", "technique", "attack_version", "start", "end"] {
            assert!(value[member].is_string(), "{member}: {line}");
        }
        assert!(value["identities"][0]["scope"].as_str().expect("a scope").starts_with("aws/"), "{line}");
    }
    let wrong = r#"{"attack_id":"1","scenario":"A1","technique":"T1","attack_version":"19","identities":[],"start":"monday","end":"x"}"#;
    assert!(serde_json::from_str::<AttackLabel>(wrong).expect_err("no time").to_string().contains("\"monday\""));
}

/// What the names of the fleet's roles say, and the kind that they must resolve to in every record.
const KINDS: [(&str, Kind); 4] = [
    ("-integration-", Kind::VendorApp),
    ("-ci-", Kind::CiPipeline),
    ("-agent-", Kind::AiAgent),
    (":role/aws-reserved/", Kind::Human),
];

#[test]
fn identities_resolve_to_the_kind_that_they_are_meant_to_be() {
    let (decode, identity) = (DecodeConfig::default(), IdentityConfig::default());
    let (mut scratch, mut seen) = (Scratch::default(), BTreeSet::new());
    let end = at("2026-03-05T00:00:00Z");
    run(&FleetConfig { end, identities: 400, ..config(9, AttackPlan::None) }, |fleet, emitted, record| {
        let each = &mut |_, decoded: Decoded<'_>| {
            let Ok(event) = decoded else { panic!("the simulator writes events only") };
            let resolved = identity::resolve(&event, &identity);
            let Some(actor) = emitted.identity else { return };
            assert_eq!(resolved.principal, fleet.principal(actor));
            for (said, kind) in KINDS.iter().filter(|(said, _)| resolved.principal.contains(said)) {
                assert_eq!(resolved.kind, *kind, "{}: {}", resolved.principal, resolved.kind_reason);
                seen.insert(said);
            }
        };
        decode_message(Some(record), None, &decode, &mut scratch, each).expect("CloudTrail");
    });
    assert_eq!(seen.len(), KINDS.len(), "{seen:?}");
}

/// A log, how many act in it, and as what.
const ELSEWHERE: [(Source, usize, &[Kind]); 3] = [
    (Source::KubernetesAudit, 30, &[Kind::Workload, Kind::CiPipeline]),
    (Source::GcpAudit, 15, &[Kind::ServiceAccount, Kind::CiPipeline]),
    (Source::GithubAudit, 8, &[Kind::VendorApp, Kind::CiPipeline]),
];

fn with_elsewhere(seed: u64) -> FleetConfig {
    FleetConfig { end: at("2026-03-05T00:00:00Z"), elsewhere: true, ..config(seed, AttackPlan::None) }
}

#[test]
fn those_elsewhere_write_events_of_their_logs_and_are_what_they_are_meant_to_be() {
    let (decode, identity) = (DecodeConfig::default(), IdentityConfig::default());
    let (mut scratch, mut seen, mut ids) = (Scratch::default(), BTreeSet::new(), BTreeSet::new());
    let mut newest = Timestamp::from_millis(i64::MIN);
    run(&with_elsewhere(3), |fleet, emitted, record| {
        assert!(emitted.arrival >= newest, "{emitted:?} after {newest}");
        newest = emitted.arrival;
        let Some((source, _, kinds)) = ELSEWHERE.iter().find(|(source, ..)| *source == emitted.source) else { return };
        let each = &mut |_, decoded: Decoded<'_>| {
            let Ok(event) = decoded else { panic!("{decoded:?}: {}", String::from_utf8_lossy(record)) };
            assert_eq!((event.source, event.time), (*source, emitted.time));
            assert!(ids.insert(event.id.to_string()), "{} comes twice", event.id);
            let resolved = identity::resolve(&event, &identity);
            assert_eq!(resolved.principal, fleet.principal(emitted.identity.expect("somebody")));
            assert!(kinds.contains(&resolved.kind), "{}: {:?}", resolved.principal, resolved.kind);
            assert!(event.origin.ip.is_some() && !event.targets.is_empty(), "{event:?}");
            seen.insert((*source, resolved.scope.to_string(), resolved.principal.to_string()));
        };
        decode_message(Some(record), None, &decode, &mut scratch, each).expect("a known form");
        assert!(!String::from_utf8_lossy(record).contains('$'), "an unfilled placeholder");
    });
    for (source, count, _) in ELSEWHERE {
        assert_eq!(seen.iter().filter(|(seen, ..)| *seen == source).count(), count, "{seen:?}");
    }
}

#[test]
fn those_elsewhere_are_attacked_as_their_labels_say() {
    let (decode, identity) = (DecodeConfig::default(), IdentityConfig::default());
    let (start, end) = (at("2026-03-02T00:00:00Z"), at("2026-03-16T00:00:00Z"));
    for attacks in [AttackPlan::random(start, end), AttackPlan::staged(start, end)] {
        let is_staged = matches!(attacks, AttackPlan::Staged(_));
        let config =
            FleetConfig { attacks, start, end, elsewhere: true, identities: 20, ..config(5, AttackPlan::None) };
        let (mut scratch, mut acted) = (Scratch::default(), BTreeMap::new());
        let fleet = run(&config, |fleet, emitted, record| {
            let Some(attack) = emitted.attack.filter(|_| emitted.source != Source::AwsCloudtrail) else { return };
            let label = &fleet.labels()[attack as usize];
            assert!((label.start..=label.end).contains(&emitted.time), "{label:?}");
            let each = &mut |_, decoded: Decoded<'_>| {
                let Ok(event) = decoded else { panic!("{decoded:?}: {}", String::from_utf8_lossy(record)) };
                assert_eq!((event.source, event.time), (emitted.source, emitted.time));
                let resolved = identity::resolve(&event, &identity);
                assert!(label.names(&resolved.scope, &resolved.principal), "{label:?}: {resolved:?}");
                assert_eq!(label.identities.len(), 1);
                *acted.entry(attack).or_insert(0) += 1;
            };
            decode_message(Some(record), None, &decode, &mut scratch, each).expect("a known form");
            assert!(!String::from_utf8_lossy(record).contains('$'), "an unfilled placeholder");
        });
        let of = |label: &AttackLabel| Scenario::of(&label.scenario).expect("a scenario");
        let elsewhere = |label: &&AttackLabel| Scenario::ELSEWHERE.contains(&of(label));
        let labelled: Vec<&AttackLabel> = fleet.labels().iter().filter(elsewhere).collect();
        assert_eq!(labelled.len(), acted.len());
        assert!(acted.values().all(|count| *count >= 3), "{acted:?}");
        assert!(
            if is_staged { labelled.len() == Scenario::ELSEWHERE.len() } else { labelled.len() >= 4 },
            "{labelled:?}"
        );
    }
}

#[test]
fn those_elsewhere_are_the_same_every_time_and_change_nothing_for_the_others() {
    let config = FleetConfig { attacks: random_attacks(), ..with_elsewhere(7) };
    assert_eq!(fingerprint(&config), fingerprint(&config));
    let of_cloudtrail = |config: &FleetConfig| {
        let mut hash = Sha256::new();
        run(config, |_, emitted, record| {
            if emitted.source == Source::AwsCloudtrail {
                hash.update(record);
            }
        });
        hash.finalize()
    };
    assert_eq!(of_cloudtrail(&config), of_cloudtrail(&FleetConfig { elsewhere: false, ..config.clone() }));
}

#[test]
fn random_victims_have_a_history() {
    let config = config(11, AttackPlan::random(at("2026-03-02T00:00:00Z"), at("2026-03-12T00:00:00Z")));
    let mut hours: BTreeMap<String, BTreeSet<i64>> = BTreeMap::new();
    let mut short = BTreeSet::new();
    let first_victims: Vec<LabelledIdentity> =
        Fleet::new(&config).labels().iter().map(|label| label.identities[0].clone()).collect();
    run(&config, |fleet, emitted, _| {
        let Some(identity) = emitted.identity else { return };
        let known = hours.entry(fleet.principal(identity).to_owned()).or_default();
        let is_victim = emitted.attack.is_some_and(|attack| {
            let label = &fleet.labels()[attack as usize];
            label.scenario != "A3" && label.identities[0].principal == fleet.principal(identity)
        });
        // Half of what is expected on the mean, which the choice goes by.
        if is_victim && known.len() < 24 {
            short.insert(fleet.principal(identity).to_owned());
        }
        known.insert(emitted.time.hour());
    });
    assert!(first_victims.len() >= 8, "{first_victims:?}");
    assert!(short.is_empty(), "{short:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    /// Attacks lie within their labels, and labels name exactly those who acted, as they are resolved.
    #[test]
    fn labels_are_true(seed in 0u64..1_000) {
        let config = FleetConfig { identities: 60, end: at("2026-03-08T00:00:00Z"), ..config(seed, random_attacks()) };
        let mut acted: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
        let fleet = run(&config, |fleet, emitted, _| {
            let Some(attack) = emitted.attack else { return };
            let label = &fleet.labels()[attack as usize];
            assert!((label.start..=label.end).contains(&emitted.time), "{label:?} {emitted:?}");
            acted.entry(attack).or_default().extend(emitted.identity.map(|identity| fleet.principal(identity).to_owned()));
        });
        for (label, number) in fleet.labels().iter().zip(0..) {
            let labelled: BTreeSet<String> = label.identities.iter().map(|i| i.principal.clone()).collect();
            prop_assert_eq!(acted.get(&number), Some(&labelled), "{:?}", label);
            for identity in &label.identities {
                let account = identity.scope.strip_prefix("aws/").expect("AWS");
                let owner = format!("::{account}:");
                prop_assert!(identity.principal.contains(&owner));
            }
        }
    }
}
