//! Names of people, by which a user or a session is known to be a person's.

use super::{is_boundary, strongest};

/// Given names that are frequent, or that providers' documentation gives its users; none that is a product's, or a plain word.
#[rustfmt::skip]
const GIVEN: [&str; 118] = [
    "aaron", "adam", "akua", "alejandro", "alice", "amanda", "amy", "ana", "andrea", "andrew", "angela", "ann",
    "anna", "anne", "anthony", "arnav", "ashley", "barbara", "ben", "benjamin", "betty", "bob", "brandon", "brian",
    "carlos", "carol", "caroline", "catherine", "charles", "charlie", "charlotte", "chris", "christian", "christina",
    "christopher", "daniel", "dave", "david", "diana", "diego", "donald", "donna", "dorothy", "edward", "elizabeth",
    "emily", "emma", "eric", "erin", "eve", "gary", "george", "hannah", "heather", "helen", "henry", "jacob", "james",
    "jane", "jason", "jeff", "jennifer", "jessica", "jim", "joe", "john", "jonathan", "jorge", "jose", "joseph",
    "joshua", "juan", "karen", "kate", "katherine", "keith", "kenneth", "kevin", "larry", "laura", "linda", "lisa",
    "luis", "mallory", "margaret", "maria", "mark", "martha", "mary", "mateo", "matthew", "michael", "michelle",
    "mike", "nancy", "nicholas", "nikki", "olivia", "patricia", "paul", "paulo", "peter", "rachel", "richard",
    "robert", "saanvi", "sandra", "sarah", "sofia", "stephen", "steve", "susan", "terry", "thomas", "wei", "william",
    "xiulan", "zhang",
];

/// Words that stand beside a dot in the names of programs and hosts.
const PROGRAMS: [&str; 22] = [
    "amazonaws",
    "app",
    "application",
    "aws",
    "client",
    "com",
    "consumer",
    "default",
    "dev",
    "internal",
    "io",
    "local",
    "main",
    "net",
    "org",
    "prod",
    "production",
    "service",
    "session",
    "staging",
    "system",
    "test",
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
            ("alice-bot", false),
            ("deploy.prod", false),
            ("backup", false),
            ("my.app", false),
            ("annual", false),
            ("ann2", true),
            ("", false),
        ] {
            assert_eq!(names_person(name), person, "{name}");
        }
    }
}
