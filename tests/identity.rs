//! Who acted: a table of actors and the identities expected of them, and the laws of the three levels.

#![allow(clippy::disallowed_methods, reason = "writes a configuration file")]

use nhiwatch::config::{ActorLink, IdentityConfig, IdentityPattern, Sources, load};
use nhiwatch::event::{
    Access, Action, Actor, Credential, CredentialClass, Criticality, Delegator, Event, Issuer, Kind, Origin, Outcome,
    Relation, Source, Text, Timestamp,
};
use nhiwatch::identity::{Resolver, resolve};
use proptest::prelude::*;
use serde::Deserialize;

/// One line of the table: what the log says, and what is expected.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    case: String,
    #[serde(default)]
    class: String,
    #[serde(default)]
    name: String,
    uid: Option<String>,
    short_name: Option<String>,
    account: Option<String>,
    /// The issuer's ARN.
    issuer: Option<String>,
    session: Option<String>,
    credential: Option<CredentialClass>,
    #[serde(default)]
    mfa: bool,
    #[serde(default)]
    delegators: Vec<(Relation, String)>,
    agent: Option<String>,
    /// The account that recorded the call.
    recorded_in: Option<String>,
    expect: Expected,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Expected {
    scope: String,
    principal: String,
    template: String,
    kind: Kind,
}

impl Case {
    fn event(&self) -> Event<'_> {
        let text = |value: &Option<String>| value.clone().map(Into::into);
        let issuer = self.issuer.as_deref().map(|arn| Issuer {
            class: "Role".into(),
            name: arn.into(),
            short_name: arn.rsplit('/').next().unwrap_or(arn).into(),
            account: None,
        });
        let delegators = self.delegators.iter();
        let credential = |class| Credential { id: "ASIAEXAMPLE".into(), class, issued: None, mfa: self.mfa };
        let actor = Actor {
            class: self.class.as_str().into(),
            name: self.name.as_str().into(),
            uid: text(&self.uid),
            short_name: text(&self.short_name),
            account: text(&self.account),
            issuer,
            session: text(&self.session),
            credential: self.credential.map(credential),
            delegators: delegators
                .map(|(relation, name)| Delegator { relation: *relation, name: name.into() })
                .collect(),
            via_service: false,
        };
        Event { actor, target_account: text(&self.recorded_in), ..event(text(&self.agent)) }
    }
}

fn event(user_agent: Option<std::borrow::Cow<'static, str>>) -> Event<'static> {
    Event {
        source: Source::AwsCloudtrail,
        provider: "aws".into(),
        id: "1".into(),
        time: Timestamp::from_millis(0),
        actor: Actor {
            class: "".into(),
            name: "".into(),
            uid: None,
            short_name: None,
            account: None,
            issuer: None,
            session: None,
            credential: None,
            delegators: Vec::new(),
            via_service: false,
        },
        action: Action {
            service: "s3".into(),
            operation: "GetObject".into(),
            access: Access::DataRead,
            sensitivity: None,
            tactic: None,
            technique: None,
        },
        outcome: Outcome::Success,
        error: None,
        origin: Origin { user_agent, ..Origin::NOWHERE },
        region: None,
        target_account: None,
        targets: Vec::new(),
        issued: Vec::new(),
    }
}

#[test]
fn the_table_of_actors() {
    let mut wrong = Vec::new();
    for line in include_str!("identity/cases.ndjson").lines() {
        let case: Case = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let event = case.event();
        let found = resolve(&event, &IdentityConfig::default());
        let seen = Expected {
            scope: found.scope.to_string(),
            principal: found.principal.to_string(),
            template: found.template.to_string(),
            kind: found.kind,
        };
        assert!(!found.kind_reason.is_empty(), "{}", case.case);
        if seen != case.expect {
            wrong.push(format!("{}: {seen:?}, expected {:?}, because {}", case.case, case.expect, found.kind_reason));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn session(role: &str, session: &str) -> Case {
    let line = serde_json::json!({
        "case": "", "class": "AssumedRole", "account": "123456789012", "session": session,
        "name": format!("arn:aws:sts::123456789012:assumed-role/{role}/{session}"),
        "uid": format!("AROAEXAMPLE:{session}"), "issuer": format!("arn:aws:iam::123456789012:role/{role}"),
        "expect": {"scope": "", "principal": "", "template": "", "kind": "unknown"},
    });
    serde_json::from_value(line).expect("a case")
}

/// N1: whatever its sessions are called, a role is one principal with one template, and of one kind where its name
/// says what it is.
#[test]
fn ten_thousand_sessions_are_one_identity() {
    let config = IdentityConfig::default();
    let first = resolve(&session("deploy-web", "session-0").event(), &config).principal.into_owned();
    for number in 0u64..10_000 {
        let name = format!("{:016x}-{number}@example.com", number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let case = session("deploy-web", &name[number as usize % 17..]);
        let event = case.event();
        let identity = resolve(&event, &config);
        assert_eq!((&*identity.principal, &*identity.template), (&*first, "role/deploy-web"));
        assert_eq!(identity.kind, Kind::CiPipeline, "{name}");
    }
}

#[test]
fn a_configured_link_says_who_stands_behind_a_principal() {
    let link = |pattern: &str, to: &str| ActorLink { pattern: pattern.into(), to: to.into() };
    let links = vec![link("arn:aws:iam::*:role/deploy-*", "github/acme: repo:acme/app"), link("*", "somebody")];
    let mut resolver = Resolver::new(&IdentityConfig { links, ..IdentityConfig::default() });
    for (role, to) in [("deploy-web", "github/acme: repo:acme/app"), ("app", "somebody")] {
        let case = session(role, "x");
        let (mut event, plain) = (case.event(), resolve(&case.event(), &IdentityConfig::default()));
        assert_eq!(resolver.attribute(&mut event), plain);
        assert_eq!(event.actor.delegators, [Delegator { relation: Relation::Configured, name: to.into() }]);
    }
}

#[test]
fn a_configured_pattern_decides_first() {
    let pattern = IdentityPattern {
        pattern: "arn:aws:iam::*:role/deploy-*".into(),
        kind: Some(Kind::AiAgent),
        ..IdentityPattern::default()
    };
    let config = IdentityConfig { patterns: vec![pattern], ..IdentityConfig::default() };
    let case = session("deploy-web", "me@example.com");
    let event = case.event();
    let identity = resolve(&event, &config);
    assert_eq!(identity.kind, Kind::AiAgent);
    assert_eq!(identity.kind_reason, "matches the configured pattern arn:aws:iam::*:role/deploy-*");
    assert_eq!(resolve(&session("app", "x").event(), &config).kind, Kind::Unknown);
}

#[test]
fn of_each_fact_the_first_pattern_that_says_it_counts() {
    let pattern = |pattern: &str| IdentityPattern { pattern: pattern.into(), ..IdentityPattern::default() };
    let owner = |text: &str| Some(text.to_owned());
    let patterns = vec![
        IdentityPattern { owner: owner("payments"), ..pattern("*:role/pay-*") },
        IdentityPattern { vendor: owner("Datadog"), kind: Some(Kind::VendorApp), ..pattern("*-datadog") },
        IdentityPattern { criticality: Some(Criticality::High), owner: owner("nobody"), ..pattern("*:role/*") },
        IdentityPattern { criticality: Some(Criticality::Low), kind: Some(Kind::Human), ..pattern("*") },
    ];
    let config = IdentityConfig { patterns, ..IdentityConfig::default() };
    let found = |role: &str| {
        let case = session(role, "x");
        let identity = resolve(&case.event(), &config);
        let text = |text: Option<Text<'_>>| text.map(Text::into_owned);
        (identity.kind, text(identity.owner), text(identity.vendor), identity.criticality)
    };
    let high = Some(Criticality::High);
    assert_eq!(found("pay-datadog"), (Kind::VendorApp, owner("payments"), owner("Datadog"), high));
    assert_eq!(found("other"), (Kind::Human, owner("nobody"), None, high));
    let case = session("pay-1", "x");
    assert_eq!(resolve(&case.event(), &IdentityConfig::default()).owner, None);
}

#[test]
fn patterns_are_set_in_the_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let text = "[[identity.patterns]]\nmatch = \"*:role/x-*\"\nkind = \"vendor_app\"\n";
    std::fs::write(file.path(), text).unwrap();
    let config = load(&Sources { file: Some(file.path()), ..Sources::default() }).unwrap();
    let case = session("x-1", "s");
    assert_eq!(resolve(&case.event(), &config.identity).kind, Kind::VendorApp);
    std::fs::write(file.path(), text.replace("vendor_app", "vendor")).unwrap();
    let errors = load(&Sources { file: Some(file.path()), ..Sources::default() }).unwrap_err().to_string();
    assert!(errors.contains("vendor"), "{errors}");
}

proptest! {
    /// The session is never part of the identity's key, in whichever fields the log gives it.
    #[test]
    fn no_session_in_the_key(name in "[a-zA-Z0-9+=,.@-]{2,64}", with_issuer: bool) {
        let mut case = session("role-of-many", &name);
        if !with_issuer {
            case.issuer = None;
        }
        let event = case.event();
        let identity = resolve(&event, &IdentityConfig::default());
        prop_assert_eq!(&*identity.principal, "arn:aws:iam::123456789012:role/role-of-many");
        prop_assert_eq!(&*identity.template, "role/role-of-many");
    }

    /// Any text in any field gives an identity without empty parts.
    #[test]
    fn any_text_is_answered(
        class in "AssumedRole|Role|Root|IAMUser|FederatedUser|AWSAccount|AWSService|WebIdentityUser|SAMLUser|IdentityCenterUser|\\PC{0,9}",
        name in "(arn:aws:(iam|sts)::[0-9]{0,12}:(role|user|assumed-role|federated-user)/)?\\PC{0,30}",
        uid in proptest::option::of("\\PC{0,30}"),
        issuer in proptest::option::of("(arn:)?\\PC{0,30}"),
        session in proptest::option::of("\\PC{0,30}"),
        delegator in "\\PC{0,30}",
    ) {
        let mut case = self::session("", "");
        (case.class, case.name, case.uid, case.issuer, case.session) = (class, name, uid, issuer, session);
        case.delegators = vec![(Relation::FederatedProvider, delegator.clone()), (Relation::FederatedSubject, delegator)];
        let event = case.event();
        let identity = resolve(&event, &IdentityConfig::default());
        prop_assert!(!identity.scope.is_empty() && !identity.principal.is_empty() && !identity.template.is_empty());
    }
}

proptest! {
    /// What a resolver remembers never changes what it says: of any events in any order it says what `resolve` says.
    #[test]
    fn a_resolver_says_what_resolve_says(
        picks in prop::collection::vec((0usize..200, "[a-z]{1,2}|deploy-[0-9a-f]{8}|\\PC{0,9}", any::<bool>()), 1..40),
        long in 0usize..400,
    ) {
        let lines: Vec<&str> = include_str!("identity/cases.ndjson").lines().collect();
        let pattern = IdentityPattern {
            pattern: "*:role/a*".into(),
            kind: Some(Kind::VendorApp),
            ..IdentityPattern::default()
        };
        let config = IdentityConfig { patterns: vec![pattern], ..IdentityConfig::default() };
        let mut resolver = Resolver::new(&config);
        for (line, name, of_table) in &picks {
            let mut case = session(&format!("{name}{}", "x".repeat(if line % 9 == 0 { long } else { 0 })), name);
            if *of_table {
                case = serde_json::from_str(lines[line % lines.len()]).expect("a case");
            }
            // The same name, said by another kind of actor from elsewhere.
            case.mfa = line % 2 == 0;
            case.agent = (line % 3 == 0).then(|| "Mozilla/5.0".to_owned());
            if line % 5 == 0 {
                case.class = "AWSService".to_owned();
            }
            let event = case.event();
            prop_assert_eq!(resolver.resolve(&event), resolve(&event, &config));
        }
    }
}

/// Names are remembered in places that many share: whoever takes another's place is never taken for it.
#[test]
fn names_that_share_a_place_are_kept_apart() {
    let config = IdentityConfig::default();
    let mut resolver = Resolver::new(&config);
    for number in (0..6_000).chain(0..6_000) {
        let case = session(&format!("app-{number:06}"), "s");
        let event = case.event();
        let identity = resolver.resolve(&event);
        let expected = format!("arn:aws:iam::123456789012:role/app-{number:06}");
        assert_eq!((&*identity.principal, &*identity.template), (&*expected, "role/app-*"));
    }
}
