//! OCSF 1.8.0 Detection Finding (class 2004, profiles `cloud` and `security_control`): a finding comes in, the record
//! for the alerts topic goes out. The body is complete without the headers.
//!
//! | what we know | where it stands in the alert |
//! |---|---|
//! | id of the incident, the same for all its alerts; the record's key | `finding_info.uid`, `metadata.correlation_uid` |
//! | id of this alert; the same when it is sent again | `metadata.uid`, header `ce_id` |
//! | opened, updated or closed, and the how many-eth statement | `activity_id` (1 Create, 2 Update, 3 Close), `status_id` (1 New, 2 In Progress, 4 Resolved), `metadata.sequence` |
//! | who | `evidences[0].actor.user.uid` (and of all others), `resources[]` with `role_id` 2, `observables[]` of type 31 and 4, `unmapped.principal` |
//! | provider, account, region | `cloud`, `evidences[].actor.user.account`, `unmapped.scope` |
//! | what it is, and why it is taken for that | `finding_info.tags[]` `kind`, `unmapped.kind`, `unmapped.kind_reason`, `unmapped.template` |
//! | one line; one sentence; the whole explanation | `finding_info.title`; `message`; `finding_info.desc` |
//! | who answers for it, whose product uses it, how much depends on it, where the configuration says it | `finding_info.tags[]` and `unmapped`: `owner`, `vendor`, `criticality`; `resources[].owner`, `resources[].criticality` |
//! | how bad | `severity_id` (3 Medium, 4 High, 5 Critical; 2 Low after it was lowered; 1 Informational where it alerts nobody), `risk_score` 0–99, `risk_level_id`, `risk_details` |
//! | whether somebody is to be alerted | `is_alert` (never of a Close), `disposition_id` (19 Alert, 17 Logged) |
//! | why nobody is | `unmapped.muted` (`kind`, `age`, `cap`, `notice`), `status_detail` |
//! | what several peers did at once | `unmapped.campaign`, their principals in `resources[]` and `observables[]`, `finding_info.analytic.uid` |
//! | how sure | `confidence_id` (1 Low while learning, 2 Medium below 100 active hours, 3 High) |
//! | when: newest, oldest event; opened | `time` and `end_time`, `start_time`; `finding_info.created_time` |
//! | evidence, threshold and score in bits, unrounded | `unmapped.evidence_bits`, `unmapped.threshold_bits`, `unmapped.score` |
//! | the budget that the threshold is set for | `unmapped.budget_per_1000_per_day` |
//! | each reason in numbers; their bits add up to the evidence | `unmapped.contributions[]` |
//! | each reason as observed against expected, in words | `anomaly_analyses[]` |
//! | peers that did the same, and what that takes off | `unmapped.contributions[].wave`, `finding_info.desc` |
//! | what is new in an update, or lowered it | `unmapped.news[]`, last sentences of `message` |
//! | how much is known of the identity | `unmapped.maturity`, `finding_info.desc` |
//! | the events, newest first, with the position of their audit records | `evidences[]`, there `data.position` {topic, partition, offset, index} |
//! | their ids and number | `finding_info.related_events[].uid`, `finding_info.related_events_count`, `count` |
//! | credential ids (never secrets), sessions, delegators | `evidences[].actor.user.programmatic_credentials[]`, `.actor.session.uid`, `.data.delegators[]` |
//! | by way of whom the identity came to act, the nearest first | `unmapped.actor_chain[]` {relation, name} |
//! | addresses, agents, credentials, resources to search for | `observables[]` |
//! | MITRE ATT&CK, version 19 | `finding_info.attacks[]` |
//! | what to check first | `remediation` |
//! | whether something was left out for size | `metadata.is_truncated`, `metadata.untruncated_size` |

mod anomaly;
mod evidence;
mod fit;
mod schema;
mod unmapped;
mod verdict;

use uuid::Uuid;

use self::fit::Measure;
use self::schema::{
    Analytic, Attack, Cloud, DetectionFinding, FindingInfo, Metadata, Named, Product, RelatedEvent, Remediation, Tag,
};
use super::attack::{self, Mapping};
use super::escape::shown;
use super::explain;
use super::remedy;
use super::{ProductInfo, Rendered};
use crate::config::AlertsConfig;
use crate::event::{Finding, Source};

/// The version of OCSF.
pub const OCSF_VERSION: &str = "1.8.0";

/// The name space of our UUIDv5: UUIDv5(DNS name space, `nhiwatch.invalid`), written down so that it never changes.
pub const NAMESPACE: Uuid = Uuid::from_u128(0x2840_e9f3_36c5_5074_8ef6_474a_a7fa_fb48);

/// Who speaks: `metadata.product.name` and header `ce_source`.
const PRODUCT: &str = "nhiwatch";

/// The alert of a finding: key, headers and body. Where the body would be larger than `config.max_bytes` (but never
/// less than [`AlertsConfig::MIN_BYTES`]), it carries fewer events and shorter texts and says so.
pub fn render(finding: &Finding, config: &AlertsConfig, build: &ProductInfo<'_>) -> Rendered {
    let key = finding_uid(&finding.scope, &finding.principal, &finding.opening_event);
    let (body, is_truncated) = fitting_body(finding, config, build, &key);
    Rendered {
        headers: headers(finding, &key),
        key,
        body,
        time: finding.last,
        partition_hash_key: format!("{}|{}", finding.scope, finding.principal),
        is_truncated,
    }
}

/// `finding_info.uid`: UUIDv5 of scope, principal and the id of the event that opened the incident, each preceded by its
/// length in bytes and a colon.
pub fn finding_uid(scope: &str, principal: &str, opening_event: &str) -> String {
    let name: String = [scope, principal, opening_event].iter().map(|part| format!("{}:{part}", part.len())).collect();
    Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string()
}

/// `metadata.uid`: UUIDv5 of `finding_info.uid`, a plus sign and the sequence number.
pub fn metadata_uid(finding_uid: &str, sequence: u32) -> String {
    Uuid::new_v5(&NAMESPACE, format!("{finding_uid}+{sequence}").as_bytes()).to_string()
}

/// The largest body that fits, and whether it was cut.
fn fitting_body(finding: &Finding, config: &AlertsConfig, build: &ProductInfo<'_>, uid: &str) -> (Vec<u8>, bool) {
    let limit = config.max_bytes.max(AlertsConfig::MIN_BYTES);
    let [all, smaller @ ..] = Measure::steps(config);
    let mut body = write(&detection_finding(finding, &all, build, uid, None));
    let untruncated_size = body.len();
    if untruncated_size <= limit {
        return (body, false);
    }
    for measure in smaller {
        body = write(&detection_finding(finding, &measure, build, uid, Some(untruncated_size)));
        if body.len() <= limit {
            break;
        }
    }
    (body, true)
}

fn write(alert: &DetectionFinding<'_>) -> Vec<u8> {
    serde_json::to_vec(alert).expect("structs with text keys are always JSON")
}

/// CloudEvents 1.0 in binary mode (conventions of the Kafka protocol binding); control characters are made visible.
fn headers(finding: &Finding, uid: &str) -> Vec<(&'static str, String)> {
    const SUBJECT: usize = 512;
    let subject = shown(&finding.principal, SUBJECT);
    vec![
        ("content-type", "application/json".to_owned()),
        ("ce_specversion", "1.0".to_owned()),
        ("ce_id", metadata_uid(uid, finding.sequence)),
        ("ce_source", PRODUCT.to_owned()),
        ("ce_type", verdict::lifecycle(finding).event_type.to_owned()),
        ("ce_time", finding.last.to_string()),
        ("ce_partitionkey", format!("{}|{subject}", shown(&finding.scope, SUBJECT))),
        ("ce_subject", subject),
    ]
}

fn detection_finding<'a>(
    finding: &'a Finding,
    measure: &Measure,
    build: &ProductInfo<'a>,
    uid: &'a str,
    untruncated_size: Option<usize>,
) -> DetectionFinding<'a> {
    let lifecycle = verdict::lifecycle(finding);
    let (severity_id, severity) = verdict::severity(finding);
    let (disposition_id, disposition) = verdict::disposition(finding);
    let (confidence_id, confidence) = verdict::confidence(finding);
    let (risk_level_id, risk_level) = verdict::risk_level(finding);
    DetectionFinding {
        activity_id: lifecycle.activity_id,
        activity_name: lifecycle.activity_name,
        category_uid: 2,
        category_name: "Findings",
        class_uid: 2004,
        class_name: "Detection Finding",
        type_uid: 200_400 + u32::from(lifecycle.activity_id),
        type_name: lifecycle.type_name,
        time: finding.last.as_millis(),
        start_time: finding.first.as_millis(),
        end_time: finding.last.as_millis(),
        count: as_integer(finding.count),
        severity_id,
        severity,
        status_id: lifecycle.status_id,
        status: lifecycle.status,
        status_detail: explain::standing(finding),
        is_alert: verdict::is_alert(finding),
        action_id: 3,
        action: "Observed",
        disposition_id,
        disposition,
        confidence_id,
        confidence,
        risk_score: finding.risk_score,
        risk_level_id,
        risk_level,
        risk_details: verdict::risk_details(finding),
        message: explain::message(finding),
        finding_info: finding_info(finding, measure, build, uid),
        cloud: cloud(finding, measure),
        resources: evidence::resources(finding, measure),
        anomaly_analyses: anomaly::analyses(finding, measure),
        evidences: evidence::evidences(finding, measure),
        observables: evidence::observables(finding, measure),
        remediation: Remediation { desc: remedy::advice(finding), references: remedy::references(finding) },
        metadata: metadata(finding, build, uid, untruncated_size),
        unmapped: unmapped::unmapped(finding, measure),
    }
}

fn finding_info<'a>(finding: &'a Finding, measure: &Measure, build: &ProductInfo<'a>, uid: &'a str) -> FindingInfo<'a> {
    let listed = finding.events.len() as u64;
    FindingInfo {
        uid,
        title: explain::title(finding),
        desc: explain::description(finding),
        types: [match finding.campaign {
            Some(_) => "New behavior of several members of a peer group",
            None => "Anomalous behavior of a non-human identity",
        }],
        created_time: finding.opened.as_millis(),
        modified_time: finding.last.as_millis(),
        first_seen_time: finding.first.as_millis(),
        last_seen_time: finding.last.as_millis(),
        analytic: analytic(finding, build),
        attacks: attack::mappings(finding).into_iter().take(measure.techniques).map(|m| attack(m, measure)).collect(),
        data_sources: vec![log_name(finding)],
        related_events: related_events(finding, measure),
        related_events_count: as_integer(listed.saturating_add(finding.events_omitted)),
        tags: tags(finding, measure),
    }
}

fn analytic<'a>(finding: &Finding, build: &ProductInfo<'a>) -> Analytic<'a> {
    let (uid, name, algorithm) = match finding.campaign {
        Some(_) => (
            "nhiwatch.baseline.campaign",
            "Members of a peer group that did new things at once",
            "Members of a peer group within hours whose evidence, waves not taken off, comes close to the threshold",
        ),
        None => (
            "nhiwatch.baseline.acute",
            "Surprise against the identity's own baseline",
            "Bits of surprise by family, shrunk from fleet to peers to identity, summed as decaying high water",
        ),
    };
    Analytic { uid, name, type_id: 2, type_name: "Behavioral", algorithm, version: build.version }
}

fn attack<'a>(mapping: Mapping<'a>, measure: &Measure) -> Attack<'a> {
    let named = |id: &'a str| Named { uid: measure.text(id), name: attack::name(id) };
    let tactic = mapping.tactic.map(|tactic| tactic.id_and_name());
    let parent = mapping.technique.map(|id| id.split_once('.').map_or(id, |(parent, _)| parent));
    Attack {
        version: attack::VERSION,
        tactic: tactic.map(|(id, name)| Named { uid: id.into(), name: Some(name) }),
        technique: parent.map(named),
        sub_technique: mapping.technique.filter(|id| id.contains('.')).map(named),
    }
}

fn related_events<'a>(finding: &'a Finding, measure: &Measure) -> Vec<RelatedEvent<'a>> {
    let newest_first = finding.events.iter().rev().take(measure.events);
    newest_first
        .map(|event| RelatedEvent {
            uid: measure.text(&event.id),
            title: measure.made(format!("{}:{}", event.service, event.operation)),
            first_seen_time: event.time.as_millis(),
        })
        .collect()
}

fn tags<'a>(finding: &'a Finding, measure: &Measure) -> Vec<Tag<'a>> {
    let mut families: Vec<&'static str> = Vec::new();
    for reason in &finding.reasons {
        let family = reason.feature.family().name();
        if !families.contains(&family) {
            families.push(family);
        }
    }
    let single = |name, value| Tag { name, value: Some(value), values: Vec::new() };
    let mut tags =
        vec![single("kind", finding.kind.name().into()), single("template", measure.text(&finding.template))];
    let said = [("owner", &finding.owner), ("vendor", &finding.vendor)];
    tags.extend(said.into_iter().filter_map(|(name, text)| Some(single(name, measure.text(text.as_deref()?)))));
    tags.extend(finding.criticality.map(|criticality| single("criticality", criticality.name().into())));
    if !families.is_empty() {
        tags.push(Tag { name: "families", value: None, values: families });
    }
    tags
}

fn cloud<'a>(finding: &'a Finding, measure: &Measure) -> Cloud<'a> {
    let region = finding.events.iter().rev().find_map(|event| event.region.as_deref());
    Cloud {
        provider: match evidence::provider(&finding.scope) {
            "aws" => "AWS".into(),
            "" => "Unknown".into(),
            provider => measure.text(provider),
        },
        account: evidence::account(&finding.scope, measure),
        region: region.map(|region| measure.text(region)),
    }
}

fn metadata<'a>(
    finding: &'a Finding,
    build: &ProductInfo<'a>,
    uid: &'a str,
    untruncated_size: Option<usize>,
) -> Metadata<'a> {
    Metadata {
        uid: metadata_uid(uid, finding.sequence),
        correlation_uid: uid,
        version: OCSF_VERSION,
        profiles: ["cloud", "security_control"],
        product: Product { name: PRODUCT, vendor_name: PRODUCT, version: build.version },
        event_code: verdict::lifecycle(finding).event_code,
        log_name: log_name(finding),
        sequence: finding.sequence,
        is_truncated: untruncated_size.map(|_| true),
        untruncated_size,
    }
}

/// The kind of log that the identity's events come from, told by its scope; Azure's come from several.
fn log_name(finding: &Finding) -> &'static str {
    let provider = evidence::provider(&finding.scope);
    let is_its = |source: &Source| provider != "azure" && source.name().split('.').next() == Some(provider);
    Source::ALL.into_iter().find(is_its).map_or("unknown", Source::name)
}

/// OCSF's integers have 32 bits.
fn as_integer(count: u64) -> u64 {
    count.min(i32::MAX as u64)
}
