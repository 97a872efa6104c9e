//! Findings of any content: any text, any number, within the shapes that detection can make.

use nhiwatch::event::{
    Access, Activity, AuditRef, Band, Campaign, ChainLink, CredentialClass, Criticality, Expectation, Family, Feature,
    Finding, Kind, Maturity, Muted, NetworkClass, NewHere, Outcome, Reason, Relation, Sensitivity, Tactic, Timestamp,
    Wave,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// Any finding at all.
pub fn any_finding() -> impl Strategy<Value = Finding> {
    (names(), ownership(), numbers(), shape(), contents(), option::of(campaign())).prop_map(
        |(names, ownership, numbers, shape, contents, campaign)| {
            let (opening_event, scope, principal, template, kind_reason, techniques) = names;
            let (owner, vendor, criticality) = ownership;
            let (sequence, times, bits, risk_score, count, events_omitted) = numbers;
            let (activity, kind, band, muted, learning, active_hours) = shape;
            let (reasons, news, tactics, events, chain) = contents;
            Finding {
                activity,
                sequence,
                opening_event,
                scope,
                principal,
                template,
                kind,
                kind_reason,
                owner,
                vendor,
                criticality,
                opened: times[0],
                first: times[1],
                last: times[2],
                evidence_bits: reasons.iter().map(|reason| reason.contribution).sum(),
                threshold_bits: bits.0,
                budget: bits.2,
                score: bits.1,
                risk_score,
                band,
                muted,
                campaign,
                reasons,
                news,
                count,
                tactics,
                techniques,
                maturity: Maturity { first_seen: times[3], active_hours, learning },
                events,
                events_omitted,
                chain,
            }
        },
    )
}

/// Text as an attacker might write it: any, long, or made to do harm; sometimes what it should be.
pub fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => any::<String>(),
        1 => (any::<char>(), 0usize..3_000).prop_map(|(c, times)| c.to_string().repeat(times)),
        1 => Just("\x1b]0;owned\x07\x1b[2J\r\n\u{202e}● CRITICAL\u{200b}\0".to_owned()),
        3 => select(PLAUSIBLE.to_vec()).prop_map(str::to_owned),
    ]
}

const PLAUSIBLE: [&str; 10] = [
    "",
    "aws/123456789012",
    "arn:aws:iam::123456789012:role/payments-api",
    "198.51.100.7",
    "2001:db8::1",
    "::ffff:192.0.2.1",
    "lambda.amazonaws.com",
    "iam_write",
    "T1098.001",
    "aws-cli/2.17.9 md/awscrt#0.20.11 ua/2.0 os/linux",
];

fn names() -> impl Strategy<Value = (String, String, String, String, String, Vec<String>)> {
    (text(), text(), text(), text(), text(), vec(text(), 0..6))
}

fn ownership() -> impl Strategy<Value = (Option<String>, Option<String>, Option<Criticality>)> {
    (option::of(text()), option::of(text()), option::of(select(Criticality::ALL.to_vec())))
}

type Numbers = (u32, [Timestamp; 4], (f64, f64, f64), u8, u64, u64);

fn numbers() -> impl Strategy<Value = Numbers> {
    let times = [time(), time(), time(), time()];
    (any::<u32>(), times, (finite(), finite(), finite()), any::<u8>(), any::<u64>(), any::<u64>())
}

fn shape() -> impl Strategy<Value = (Activity, Kind, Band, Option<Muted>, bool, u32)> {
    let activity = select(vec![Activity::Create, Activity::Update, Activity::Close]);
    (activity, select(Kind::ALL.to_vec()), band(), option::of(select(Muted::ALL.to_vec())), any::<bool>(), any::<u32>())
}

type Contents = (Vec<Reason>, Vec<NewHere>, Vec<Tactic>, Vec<AuditRef>, Vec<ChainLink>);

fn contents() -> impl Strategy<Value = Contents> {
    (reasons(), vec(news(), 0..5), vec(tactic(), 0..5), vec(audit_ref(), 0..24), vec(chain_link(), 0..9))
}

fn chain_link() -> impl Strategy<Value = ChainLink> {
    (select(Relation::ALL.to_vec()), text()).prop_map(|(relation, name)| ChainLink { relation, name })
}

/// At most one reason a family.
fn reasons() -> impl Strategy<Value = Vec<Reason>> {
    vec(reason(), 0..12).prop_map(|mut reasons| {
        let mut families: Vec<Family> = Vec::new();
        reasons.retain(|reason| {
            let family = reason.feature.family();
            let new = !families.contains(&family);
            families.push(family);
            new
        });
        reasons
    })
}

fn reason() -> impl Strategy<Value = Reason> {
    let values = (text(), vec(text(), 0..40), any::<u32>());
    let also = vec((feature(), finite()), 0..4);
    (feature(), bits(), (finite(), finite(), option::of(wave())), values, expectation(), time(), text(), also).prop_map(
        |(
            feature,
            contribution,
            (surprise_bits, scale, wave),
            (observed, others, values),
            expected,
            time,
            event_id,
            also,
        )| Reason {
            feature,
            contribution,
            surprise_bits,
            scale,
            wave,
            observed,
            others,
            values,
            expected,
            time,
            event_id,
            also,
        },
    )
}

fn wave() -> impl Strategy<Value = Wave> {
    (any::<u32>(), any::<u32>(), any::<u32>(), finite()).prop_map(|(alike, active, hours, bits)| Wave {
        alike,
        active,
        hours,
        bits,
    })
}

fn campaign() -> impl Strategy<Value = Campaign> {
    let members = (any::<u32>(), any::<u32>(), vec(text(), 0..70), any::<u32>());
    members.prop_map(|(members, active, principals, window_hours)| Campaign {
        members,
        active,
        principals,
        window_hours,
    })
}

fn expectation() -> impl Strategy<Value = Expectation> {
    (finite(), finite(), any::<u32>(), any::<u32>(), any::<u32>(), option::of(time())).prop_map(
        |(own_hours, probability, peers, peers_with_value, others_with_value, last_seen)| Expectation {
            own_hours,
            probability,
            peers,
            peers_with_value,
            others_with_value,
            last_seen,
        },
    )
}

fn audit_ref() -> impl Strategy<Value = AuditRef> {
    let place = (text(), any::<i32>(), any::<i64>(), any::<u32>());
    let known = (option::of(select(Sensitivity::ALL.to_vec())), option::of(tactic()), option::of(text()));
    let deed = (text(), text(), select(Access::ALL.to_vec()), known);
    let end = (select(Outcome::ALL.to_vec()), option::of(text()));
    let who = (text(), option::of(text()), text(), option::of(text()), option::of(text()), option::of(text()));
    let through = (select(CredentialClass::ALL.to_vec()), vec((select(Relation::ALL.to_vec()), text()), 0..3));
    let place_of_ip = (option::of(any::<u32>()), option::of("[A-Z]{2}"), option::of(any::<bool>()));
    let origin =
        (option::of(text()), select(NetworkClass::ALL.to_vec()), option::of(text()), option::of(text()), place_of_ip);
    (text(), time(), (place, deed), (end, who), (through, origin), vec((text(), text()), 0..4)).prop_map(
        |(id, time, (place, deed), (end, who), (through, origin), targets)| AuditRef {
            id,
            time,
            topic: place.0,
            partition: place.1,
            offset: place.2,
            index: place.3,
            service: deed.0,
            operation: deed.1,
            access: deed.2,
            sensitivity: deed.3.0,
            tactic: deed.3.1,
            technique: deed.3.2,
            outcome: end.0,
            error: end.1,
            actor_name: who.0,
            actor_uid: who.1,
            actor_class: who.2,
            account: who.3,
            credential: who.4,
            session: who.5,
            credential_class: through.0,
            delegators: through.1,
            source_ip: origin.0,
            network_class: origin.1,
            asn: origin.4.0,
            country: origin.4.1,
            hosting: origin.4.2,
            user_agent: origin.2,
            region: origin.3,
            targets,
        },
    )
}

fn news() -> impl Strategy<Value = NewHere> {
    prop_oneof![
        feature().prop_map(|feature| NewHere::Family(feature.family())),
        tactic().prop_map(NewHere::Tactic),
        select(NetworkClass::ALL.to_vec()).prop_map(NewHere::Network),
        band().prop_map(NewHere::Band),
        feature().prop_map(NewHere::Wave),
        Just(NewHere::Released),
    ]
}

fn band() -> impl Strategy<Value = Band> {
    select(vec![Band::Low, Band::Medium, Band::High, Band::Critical])
}

fn tactic() -> impl Strategy<Value = Tactic> {
    select(Tactic::ALL.to_vec())
}

fn feature() -> impl Strategy<Value = Feature> {
    select(Feature::ALL.to_vec())
}

fn time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![1 => any::<i64>(), 3 => 0i64..4_102_444_800_000].prop_map(Timestamp::from_millis)
}

fn bits() -> impl Strategy<Value = f64> {
    0.0..18.0f64
}

fn finite() -> impl Strategy<Value = f64> {
    prop_oneof![1 => proptest::num::f64::NORMAL, 3 => 0.0..100.0f64, 1 => 0.0..1.0f64]
}
