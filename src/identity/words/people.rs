//! Names of people, by which a user or a session is known to be a person's.

use super::{is_boundary, strongest};

/// Given names that are frequent, or that providers' documentation gives its users; none that is a product's, or a plain word.
#[rustfmt::skip]
const GIVEN: [&str; 122] = [
    "aaron", "adam", "akua", "alejandro", "alice", "amanda", "amy", "ana", "andrea", "andrew", "angela", "ann",
    "anna", "anne", "anthony", "arnav", "ashley", "barbara", "ben", "benjamin", "betty", "bob", "brandon", "brian",
    "carlos", "carol", "caroline", "catherine", "charles", "charlie", "charlotte", "chris", "christian", "christina",
    "christopher", "daniel", "dave", "david", "diana", "diego", "donald", "donna", "dorothy", "edward", "elizabeth",
    "emily", "emma", "eric", "erin", "eve", "gary", "george", "hannah", "heather", "helen", "henry", "jacob", "james",
    "jane", "janedoe", "jason", "jeff", "jennifer", "jessica", "jdoe", "jim", "joe", "john", "johndoe", "jonathan", "jorge", "jose", "joseph",
    "joshua", "jsmith", "juan", "karen", "kate", "katherine", "keith", "kenneth", "kevin", "larry", "laura", "linda", "lisa",
    "luis", "mallory", "margaret", "maria", "mark", "martha", "mary", "mateo", "matthew", "michael", "michelle",
    "mike", "nancy", "nicholas", "nikki", "olivia", "patricia", "paul", "paulo", "peter", "rachel", "richard",
    "robert", "saanvi", "sandra", "sarah", "sofia", "stephen", "steve", "susan", "terry", "thomas", "wei", "william",
    "xiulan", "zhang",
];

/// Words that stand beside a dot in the names of programs and hosts: whoever is taken for a person alerts nobody, so rather one more than
/// one less.
#[rustfmt::skip]
const PROGRAMS: [&str; 148] = [
    "access", "account", "admin", "alerts", "amazonaws", "analytics", "api", "app", "application", "archive", "assets",
    "audit", "auth", "aws", "azure", "batch", "billing", "cache", "catalog", "client", "cloud", "cluster", "com",
    "config", "consumer", "content", "cron", "customer", "dashboard", "data", "database", "db", "default", "dev",
    "docs", "email", "etl", "events", "export", "exporter", "external", "feed", "files", "frontend", "gateway", "gcp",
    "hub", "import", "importer", "index", "infra", "ingest", "internal", "inventory", "invoice", "invoices", "io",
    "job", "jobs", "key", "keys", "lake", "loader", "local", "log", "logger", "logs", "mail", "mailer", "main",
    "media", "messages", "metrics", "ml", "mobile", "model", "models", "monitor", "monitoring", "net", "network",
    "notifications", "notify", "ops", "orders", "org", "partner", "payment", "payments", "pipeline", "platform",
    "portal", "pricing", "prod", "production", "proxy", "public", "queue", "read", "reader", "readonly", "report",
    "reporter", "reporting", "reports", "root", "s3", "scanner", "scheduler", "search", "secrets", "security",
    "server", "service", "services", "session", "shop", "sink", "site", "sms", "smtp", "source", "staging", "storage",
    "stream", "support", "svc", "sync", "system", "task", "tasks", "test", "token", "tools", "tracker", "upload",
    "uploader", "user", "users", "vendor", "warehouse", "web", "webhook", "website", "worker", "workers", "write",
    "writer",
];

/// Whether a name is a person's: it begins with a given name, or is `name.surname` or `n.surname`, in letters alone; no part of it
/// is what programs and hosts are called.
pub(in crate::identity) fn names_person(name: &str) -> bool {
    (begins_with_given(name) || is_full(name)) && strongest(name).is_none()
}

fn begins_with_given(name: &str) -> bool {
    let given = |given: &&str| {
        let found = name.as_bytes().get(..given.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(given.as_bytes()))
            && is_boundary(name.as_bytes(), given.len())
    };
    GIVEN.iter().any(given)
}

fn is_full(name: &str) -> bool {
    let Some((name, surname)) = name.split_once('.') else { return false };
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let program = |part: &str| PROGRAMS.iter().any(|program| part.eq_ignore_ascii_case(program));
    !name.is_empty()
        && (2..=32).contains(&surname.len())
        && letters(name)
        && letters(surname)
        && !program(name)
        && !program(surname)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_have_names() {
        for (name, person) in [
            ("alice", true),
            ("Bob-laptop", true),
            ("JohnDoe", true),
            ("Mary_Major", true),
            ("j.doe", true),
            ("jane.doe", true),
            ("bobsled", false),
            ("johnson-api", false),
            ("johndoe", true),
            ("jdoe-laptop", true),
            ("alice-bot", false),
            ("deploy.prod", false),
            ("backup", false),
            ("my.app", false),
            ("billing.export", false),
            ("priya.sharma", true),
            ("annual", false),
            ("ann2", true),
            ("", false),
        ] {
            assert_eq!(names_person(name), person, "{name}");
        }
    }
}
