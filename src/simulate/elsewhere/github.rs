//! Apps on GitHub that work in an organisation's repositories, as records of its audit log.
//!
//! Source: "Audit log events for your organization", GitHub's documentation.

use super::{Habit, Member, Shift, Who, address};
use crate::simulate::names::Operator;
use crate::simulate::rng::Rng;

const ORGANISATION: &str = "shop-example";

/// Chance in an hour, action, type of operation, repository.
pub type Act<'a> = (f64, &'a str, &'a str, &'a str);

/// Login, user agent, whose network, shift, what it does.
type Row = (&'static str, &'static str, Operator, Shift, &'static [Act<'static>]);

const APPS: [Row; 8] = [
    (
        "github-actions[bot]",
        "git/2.51.0",
        Operator::BuildHosts,
        Shift::Always,
        &[
            (0.7, "git.clone", "access", "storefront"),
            (0.5, "git.fetch", "access", "ledger"),
            (0.2, "git.push", "modify", "storefront"),
        ],
    ),
    (
        "dependabot[bot]",
        "dependabot-core/0.331.0",
        Operator::BuildHosts,
        Shift::Daily(5),
        &[
            (1.0, "git.clone", "access", "storefront"),
            (0.9, "git.push", "modify", "storefront"),
            (0.8, "pull_request.create", "create", "storefront"),
        ],
    ),
    (
        "renovate[bot]",
        "RenovateBot/41.99.0 (https://github.com/renovatebot/renovate)",
        Operator::Vendor(4),
        Shift::Always,
        &[(0.4, "git.fetch", "access", "ledger"), (0.2, "pull_request.create", "create", "ledger")],
    ),
    (
        "argocd-sync[bot]",
        "go-git/5.x",
        Operator::OwnCloud,
        Shift::Always,
        &[(0.8, "git.fetch", "access", "deployments")],
    ),
    (
        "release-train[bot]",
        "octokit-rest.js/22.0.0 octokit-core.js/7.0.3 Node.js/22",
        Operator::OwnCloud,
        Shift::Office,
        &[(0.4, "pull_request.merge", "modify", "deployments"), (0.5, "git.push", "modify", "deployments")],
    ),
    (
        "coverage-report[bot]",
        "coverage-report/3.2",
        Operator::Vendor(2),
        Shift::Office,
        &[
            (0.6, "git.clone", "access", "storefront"),
            (0.4, "pull_request_review_comment.create", "create", "storefront"),
        ],
    ),
    (
        "docs-publisher[bot]",
        "git/2.51.0",
        Operator::OwnCloud,
        Shift::Daily(8),
        &[(1.0, "git.clone", "access", "handbook"), (1.0, "git.push", "modify", "handbook")],
    ),
    (
        "backup-mirror[bot]",
        "git/2.47.3",
        Operator::Vendor(5),
        Shift::Daily(1),
        &[
            (1.0, "git.fetch", "access", "storefront"),
            (1.0, "git.fetch", "access", "ledger"),
            (1.0, "git.fetch", "access", "deployments"),
        ],
    ),
];

/// All of them.
pub fn members(rng: &mut Rng) -> Vec<Member> {
    APPS.iter().map(|app| member(app, rng)).collect()
}

/// An app's account.
#[derive(Debug)]
pub struct App {
    login: &'static str,
    number: i64,
}

impl App {
    /// `github/<organisation>`.
    pub fn scope() -> String {
        format!("github/{ORGANISATION}")
    }

    /// The record of an act; `more` are members that this action has besides, each with a comma before it.
    pub fn record(&self, agent: &str, &(_, action, operation, repository): &Act<'_>, more: &str) -> String {
        let App { login, number } = self;
        format!(
            r#"{{"@timestamp":$m,"_document_id":"$u","action":"{action}","actor":"{login}","actor_id":{number},"actor_ip":"$a","actor_is_bot":true,"created_at":$m,"hashed_token":"$k=","operation_type":"{operation}","org":"{ORGANISATION}","org_id":118200417,"programmatic_access_type":"GitHub App server-to-server token","public_repo":false,"repo":"{ORGANISATION}/{repository}","repository_public":false,"request_id":"$h","user_agent":"{agent}"{more}}}"#
        )
    }
}

fn member(&(login, agent, operator, shift, acts): &Row, rng: &mut Rng) -> Member {
    let app = App { login, number: rng.between(40_000_000, 220_000_000) };
    let habits = acts.iter().map(|act| Habit { share: act.0, template: app.record(agent, act, "") }).collect();
    let (principal, address) = (login.to_owned(), address(operator, rng));
    Member { who: Who::Github(app), principal, agent, shift, address, habits }
}
