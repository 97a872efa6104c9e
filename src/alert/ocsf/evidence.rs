//! `evidences`, `observables`, `resources`: the events behind an alert, and what to search for.

use std::net::IpAddr;

use super::fit::Measure;
use super::schema::{
    Account, Actor, Api, AutonomousSystem, ByName, Credential, Delegation, Endpoint, Evidence, EvidenceData,
    HttpRequest, Location, Observable, Place, Resource, Response, Session, User,
};
use crate::alert::explain::{kind, short_name};
use crate::event::{Access, AuditRef, Criticality, Finding, Kind, NetworkClass, Outcome, Relation, Text};

/// The events, newest first.
pub fn evidences<'a>(finding: &'a Finding, measure: &Measure) -> Vec<Evidence<'a>> {
    finding.events.iter().rev().take(measure.events).map(|event| evidence(finding, event, measure)).collect()
}

fn evidence<'a>(finding: &'a Finding, event: &'a AuditRef, measure: &Measure) -> Evidence<'a> {
    let targets = event.targets.iter().take(measure.per_event);
    Evidence {
        uid: measure.text(&event.id),
        name: measure.made(format!("{}:{}", event.service, event.operation)),
        actor: actor(finding, event, measure),
        api: Api {
            operation: measure.text(&event.operation),
            service: ByName { name: measure.text(&event.service) },
            response: event.error.as_deref().map(|error| Response { error: measure.text(error) }),
        },
        src_endpoint: event.source_ip.as_deref().map(|address| endpoint(address, event, measure)),
        http_request: event.user_agent.as_deref().map(|agent| HttpRequest { user_agent: measure.text(agent) }),
        resources: targets.map(|target| resource(target, event, measure)).collect(),
        data: data(event, measure),
    }
}

fn actor<'a>(finding: &'a Finding, event: &'a AuditRef, measure: &Measure) -> Actor<'a> {
    let delegator =
        |relation| event.delegators.iter().find(|(is, _)| *is == relation).map(|(_, name)| measure.text(name));
    let session = event.session.as_deref();
    Actor {
        user: user(finding, event, measure),
        session: session.map(|name| Session { uid: measure.text(name), issuer: measure.text(&finding.principal) }),
        invoked_by: delegator(Relation::InvokedBy),
        idp: delegator(Relation::FederatedProvider).map(|name| ByName { name }),
    }
}

fn user<'a>(finding: &'a Finding, event: &'a AuditRef, measure: &Measure) -> User<'a> {
    let (type_id, type_name) = match finding.kind {
        Kind::Human => (1, "User"),
        Kind::Unknown => (0, "Unknown"),
        _ => (4, "Service"),
    };
    let credential = event.credential.as_deref().filter(|id| !id.is_empty());
    // A campaign's notice stands for many: there the event itself says whose it is.
    let principal = match finding.campaign {
        Some(_) => event.actor_uid.as_deref().unwrap_or(&event.actor_name),
        None => &finding.principal,
    };
    User {
        uid: measure.text(principal),
        name: measure.text(short_name(principal)),
        full_name: Some(event.actor_name.as_str()).filter(|name| !name.is_empty()).map(|name| measure.text(name)),
        uid_alt: event.actor_uid.as_deref().map(|uid| measure.text(uid)),
        type_id,
        type_name,
        account: match event.account.as_deref() {
            Some(uid) => account_of(provider(&finding.scope), uid, measure),
            None => account(&finding.scope, measure),
        },
        programmatic_credentials: credential
            .map(|id| Credential { uid: measure.text(id), type_name: event.credential_class.name() })
            .into_iter()
            .collect(),
    }
}

/// The account that a scope names: `123456789012` of `aws/123456789012`.
pub fn account<'a>(scope: &'a str, measure: &Measure) -> Account<'a> {
    let uid = scope.split_once('/').map_or(scope, |(_, account)| account);
    account_of(provider(scope), uid, measure)
}

/// The provider that a scope names: `aws` of `aws/123456789012`.
pub fn provider(scope: &str) -> &str {
    scope.split_once('/').map_or("", |(provider, _)| provider)
}

fn account_of<'a>(provider: &str, uid: &'a str, measure: &Measure) -> Account<'a> {
    let (type_id, type_name) = match provider {
        "aws" => (10, "AWS Account"),
        "gcp" => (11, "GCP Project"),
        "kubernetes" => (99, "Kubernetes cluster"),
        "github" => (99, "GitHub organization"),
        _ => (0, "Unknown"),
    };
    Account { uid: measure.text(uid), type_id, type_name }
}

/// An address is an IP only where it really is one; services' host names are domains; all else is a name.
fn endpoint<'a>(address: &'a str, event: &'a AuditRef, measure: &Measure) -> Endpoint<'a> {
    let (network_scope_id, network_scope) = match event.network_class {
        NetworkClass::External => (Some(2), Some("External")),
        NetworkClass::Private | NetworkClass::Endpoint => (Some(1), Some("Internal")),
        NetworkClass::CloudInternal | NetworkClass::Unknown => (None, None),
    };
    let location = event.country.as_deref().map(|country| Location { country: measure.text(country) });
    let autonomous_system = event.asn.map(|number| AutonomousSystem { number });
    let (ip_address, domain, name) = (None, None, None);
    let mut endpoint =
        Endpoint { ip: ip_address, domain, name, network_scope_id, network_scope, autonomous_system, location };
    match ip(address) {
        Some(ip) => endpoint.ip = Some(ip),
        None if is_domain(address) => endpoint.domain = Some(measure.text(address)),
        None => endpoint.name = Some(measure.text(address)),
    }
    endpoint
}

fn ip(address: &str) -> Option<String> {
    address.parse::<IpAddr>().ok().map(|ip| ip.to_string())
}

fn is_domain(address: &str) -> bool {
    let label =
        |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    address.len() <= 253 && address.contains('.') && address.split('.').all(label)
}

fn data<'a>(event: &'a AuditRef, measure: &Measure) -> EvidenceData<'a> {
    let delegators = event.delegators.iter().take(measure.per_event);
    EvidenceData {
        event_id: measure.text(&event.id),
        time: event.time.as_millis(),
        position: Place {
            topic: measure.text(&event.topic),
            partition: event.partition,
            offset: event.offset,
            index: event.index,
        },
        access: event.access.name(),
        outcome: event.outcome.name(),
        sensitivity: event.sensitivity.map(|class| class.name()),
        region: event.region.as_deref().map(|region| measure.text(region)),
        network_class: event.network_class.name(),
        hosting: event.hosting,
        actor_type: measure.text(&event.actor_class),
        credential_class: event.credential_class.name(),
        delegators: delegators
            .map(|(how, name)| Delegation { relation: how.name(), name: measure.text(name) })
            .collect(),
    }
}

/// The identity (or the members of a campaign), then what its events were done to, newest first, each once.
pub fn resources<'a>(finding: &'a Finding, measure: &Measure) -> Vec<Resource<'a>> {
    let mut resources: Vec<Resource<'a>> = principals(finding)
        .take(measure.resources)
        .map(|principal| Resource {
            uid: measure.text(principal),
            name: measure.text(short_name(principal)),
            type_name: kind(finding.kind).into(),
            role_id: 2,
            role: "Actor",
            owner: finding.owner.as_deref().map(|owner| ByName { name: measure.text(owner) }),
            criticality: finding.criticality.map(Criticality::name),
        })
        .collect();
    let targets = finding.events.iter().rev().flat_map(|event| event.targets.iter().map(move |target| (target, event)));
    for (target, event) in targets {
        if resources.len() >= measure.resources {
            break;
        }
        let resource = resource(target, event, measure);
        if !resources.iter().any(|known| known.uid == resource.uid) {
            resources.push(resource);
        }
    }
    resources
}

/// Whose deeds are told: one identity, or the members of a campaign.
fn principals(finding: &Finding) -> impl Iterator<Item = &str> {
    let one = finding.campaign.is_none().then_some(finding.principal.as_str());
    let members = finding.campaign.iter().flat_map(|campaign| campaign.principals.iter().map(String::as_str));
    one.into_iter().chain(members)
}

/// Affected where it was changed, else a target.
fn resource<'a>(target: &'a (String, String), event: &AuditRef, measure: &Measure) -> Resource<'a> {
    let (kind, name) = target;
    let changed = !event.access.is_read() && event.access != Access::Unknown && event.outcome == Outcome::Success;
    let (role_id, role) = if changed { (3, "Affected") } else { (1, "Target") };
    Resource {
        uid: measure.text(name),
        name: measure.text(short_name(name)),
        type_name: measure.text(kind),
        role_id,
        role,
        owner: None,
        criticality: None,
    }
}

/// What to search for elsewhere, each once: the identity first, then what the events show, newest first.
pub fn observables<'a>(finding: &'a Finding, measure: &Measure) -> Vec<Observable<'a>> {
    let mut all = Observables { list: Vec::new(), measure };
    let is = if finding.campaign.is_some() { MEMBER } else { USER };
    for principal in principals(finding) {
        all.add(is[0], principal, None);
        all.add(is[1], short_name(principal), None);
    }
    all.add(ACCOUNT_UID, finding.scope.split_once('/').map_or(&finding.scope, |(_, account)| account), None);
    for event in finding.events.iter().rev() {
        all.add_event(event);
    }
    all.list
}

/// A type of observable: id, its name, and where in the alert it stands.
type ObservableType = (u8, &'static str, &'static str);

const IP: ObservableType = (2, "IP Address", "evidences[].src_endpoint.ip");
const USER_NAME: ObservableType = (4, "User Name", "evidences[].actor.user.name");
const RESOURCE_UID: ObservableType = (10, "Resource UID", "evidences[].resources[].uid");
const USER_AGENT: ObservableType = (16, "HTTP User-Agent", "evidences[].http_request.user_agent");
const CREDENTIAL: ObservableType = (19, "User Credential ID", "evidences[].actor.user.programmatic_credentials[].uid");
const USER_UID: ObservableType = (31, "User UID", "evidences[].actor.user.uid");
/// The identity.
const USER: [ObservableType; 2] = [USER_UID, USER_NAME];
/// A member of a campaign.
const MEMBER: [ObservableType; 2] = [(31, "User UID", "resources[].uid"), (4, "User Name", "resources[].name")];
const ACCOUNT_UID: ObservableType = (35, "Account UID", "cloud.account.uid");

struct Observables<'a, 'm> {
    list: Vec<Observable<'a>>,
    measure: &'m Measure,
}

impl<'a> Observables<'a, '_> {
    fn add_event(&mut self, event: &'a AuditRef) {
        if let Some(ip) = event.source_ip.as_deref().and_then(ip) {
            self.push(IP, ip.into(), Some(event));
        }
        if let Some(id) = &event.credential {
            self.add(CREDENTIAL, id, Some(event));
        }
        if let Some(agent) = &event.user_agent {
            self.add(USER_AGENT, agent, Some(event));
        }
        for (_, name) in &event.targets {
            self.add(RESOURCE_UID, name, Some(event));
        }
    }

    fn add(&mut self, is: ObservableType, value: &'a str, event: Option<&'a AuditRef>) {
        self.push(is, self.measure.text(value), event);
    }

    fn push(&mut self, is: ObservableType, value: Text<'a>, event: Option<&'a AuditRef>) {
        let (type_id, type_name, name) = is;
        let known = self.list.iter().any(|known| known.type_id == type_id && known.value == value);
        if value.is_empty() || known || self.list.len() >= self.measure.observables {
            return;
        }
        let event_uid = event.map(|event| self.measure.text(&event.id));
        self.list.push(Observable { type_id, type_name, name, value, event_uid });
    }
}
