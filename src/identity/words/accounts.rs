//! What the names of accounts say on platforms where people and programs sign in alike, and those of apps.

use super::{Saying, begins_word, sayings, says_at, strongest};
use crate::event::Kind::{self, ServiceAccount};

/// Names of products that people have, too.
const PEOPLE: [&str; 3] = ["claude", "cursor", "devin"];

/// Words of the table that say nothing of an account: whose account of a platform is named after the platform, or `api`, may be
/// anybody.
const COMMON: [&str; 6] = ["argo", "flux", "glue", "node", "github", "gitlab"];

/// Words that mark an account that no person has, beside those of the table.
const ACCOUNTS: [(&str, &str); 6] = [
    ("apiuser", "its name says apiuser"),
    ("noreply", "its name says noreply"),
    ("service", "its name says service"),
    ("serviceuser", "its name says serviceuser"),
    ("sys", "its name says sys"),
    ("system", "its name says system"),
];

/// What the name of an account that people could have says, by whole words alone, of a mail address by what stands before the
/// `@`: `svc-backup@example.com`, `ci-deployer`.
pub(in crate::identity) fn of_account(name: &str) -> Option<(Kind, &'static str)> {
    let name = name.split('@').next().unwrap_or_default();
    let starts = || (0..name.len()).filter(|start| begins_word(name.as_bytes(), *start));
    let whole = |start: usize| {
        let said = sayings(name.as_bytes()[start]).iter().filter(|said| says_at(name, start, &[said.word]));
        said.filter(|said| !PEOPLE.contains(&said.word) && !COMMON.contains(&said.word)).max_by_key(|said| said.weight)
    };
    let said = starts().filter_map(whole).fold(None, |best: Option<&Saying>, said| match best {
        Some(best) if best.weight >= said.weight => Some(best),
        _ => Some(said),
    });
    let account = || starts().find_map(|start| ACCOUNTS.iter().find(|(word, _)| says_at(name, start, &[word])));
    said.map(|said| (said.kind, said.reason)).or_else(|| account().map(|(_, reason)| (ServiceAccount, *reason)))
}

/// What the name of an app or another program says.
pub(in crate::identity) fn of_program(name: &str) -> Option<(Kind, &'static str)> {
    strongest(name).map(|said| (said.kind, said.reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Kind::{AiAgent, CiPipeline, VendorApp};

    #[test]
    fn accounts_say_it_by_whole_words() {
        for (name, kind) in [
            ("svc-backup@example.com", Some(ServiceAccount)),
            ("ci-deployer", Some(CiPipeline)),
            ("terraform", Some(CiPipeline)),
            ("my-copilot", Some(AiAgent)),
            ("service.reports@example.com", Some(ServiceAccount)),
            ("claude.dupont@example.com", None),
            ("devin", None),
            ("claudette", None),
            ("homer@datadog.com", None),
            ("github_handle", None),
            ("octocat", None),
            ("", None),
            ("@", None),
        ] {
            assert_eq!(of_account(name).map(|(kind, _)| kind), kind, "{name}");
        }
    }

    #[test]
    fn programs_of_platforms() {
        for (name, kind) in [
            ("dependabot", CiPipeline),
            ("renovate", CiPipeline),
            ("copilot-swe-agent", AiAgent),
            ("claude", AiAgent),
            ("chatgpt-codex-connector", AiAgent),
            ("devin-ai-integration", AiAgent),
            ("cursor", AiAgent),
            ("coderabbitai", AiAgent),
            ("snyk-io", VendorApp),
            ("wiz-inc", VendorApp),
            ("datadog-forest-town", VendorApp),
        ] {
            assert_eq!(of_program(name).map(|(kind, _)| kind), Some(kind), "{name}");
        }
    }
}
