//! The client behind a user agent: its family and major version (`aws-cli/2`, `Terraform/1`), so that an update
//! of the same tool is the same client. Nothing random in a user agent ends up in it.

use super::text::{cut, part, segments, split_last};
use crate::event::Text;

/// Bytes of a client's name that are kept.
const MAX_CLIENT_BYTES: usize = 64;

/// Tools that ride on an SDK whose name stands before theirs: they say more than the SDK.
const TOOLS: [&str; 2] = ["Terraform", "Pulumi"];

/// What a browser calls itself, the most telling first: each also names those after it.
const BROWSERS: [(&str, &str); 5] = [
    ("Edg", "browser/Edge"),
    ("OPR", "browser/Opera"),
    ("Firefox", "browser/Firefox"),
    ("Chrome", "browser/Chrome"),
    ("Safari", "browser/Safari"),
];

/// The client behind a user agent; none where the user agent says nothing.
pub fn client<'a>(user_agent: &Text<'a>) -> Option<Text<'a>> {
    if let Some(known) = known(bare(user_agent)) {
        return Some(Text::Borrowed(known));
    }
    let family =
        part(user_agent, |agent| Some(family_and_major(product(bare(agent))))).filter(|name| !name.is_empty())?;
    let family = cut(family, MAX_CLIENT_BYTES);
    // Kali Linux says so in the AWS CLI's user agent (Stratus Red Team, GuardDuty's PenTest:IAMUser/KaliLinux).
    Some(if says_kali(user_agent.as_bytes()) { Text::Owned(format!("{family} kali")) } else { family })
}

fn says_kali(user_agent: &[u8]) -> bool {
    let ends = |byte: Option<&u8>| byte.is_none_or(|byte| matches!(byte, b' ' | b'#' | b'/' | b'-' | b'.'));
    memchr::memchr2_iter(b'k', b'K', user_agent).any(|at| {
        let word = user_agent.get(at..at + 4).is_some_and(|word| word.eq_ignore_ascii_case(b"kali"));
        word && ends(at.checked_sub(1).map(|before| &user_agent[before])) && ends(user_agent.get(at + 4))
    })
}

/// Some services write the user agent in brackets.
fn bare(user_agent: &str) -> &str {
    let bytes = user_agent.as_bytes();
    let start = bytes.iter().position(|byte| !matches!(byte, b'[' | b'"' | b' ')).unwrap_or(bytes.len());
    let end =
        bytes[start..].iter().rposition(|byte| !matches!(byte, b']' | b'"' | b' ')).map_or(start, |at| start + at + 1);
    &user_agent[start..end]
}

fn known(agent: &str) -> Option<&'static str> {
    const CONSOLE: [&str; 7] =
        ["console.", "signin.", "S3Console", "EC2Console", "AWSConsole", "aws-console", "CloudConsole"];
    if agent.starts_with("Mozilla/") {
        return (!says_power_shell(agent.as_bytes())).then(|| browser(agent));
    }
    if CONSOLE.iter().any(|start| agent.starts_with(start)) {
        return Some("console");
    }
    is_uuid(agent).then_some("(uuid)")
}

fn says_power_shell(agent: &[u8]) -> bool {
    memchr::memchr_iter(b'P', agent).any(|at| agent[at..].starts_with(b"PowerShell"))
}

/// The browser whose product (`Chrome/131.0`) stands in a user agent.
fn browser(agent: &str) -> &'static str {
    let before_slashes = split_last(agent, b'/').into_iter().flat_map(|(front, _)| segments(front, b'/'));
    let of = |product: &str| BROWSERS.iter().position(|(word, _)| product.ends_with(word));
    let telling = before_slashes.filter_map(of).min();
    telling.map_or("browser", |row| BROWSERS[row].1)
}

/// The product that says most: the tool, else the partner's product after `APN/1.0 Partner/1.0`, else the first.
fn product(agent: &str) -> &str {
    let mut shell = None;
    for slash in memchr::memchr_iter(b'/', agent.as_bytes()) {
        let name = &agent[..slash];
        // Most end in another letter.
        if !matches!(name.as_bytes().last(), Some(b'm' | b'i' | b'l')) {
            continue;
        }
        if TOOLS.iter().any(|tool| name.ends_with(tool)) {
            let start = word_start(agent, slash);
            if TOOLS.contains(&&agent[start..slash]) {
                return first_word(&agent[start..]);
            }
        } else if shell.is_none() && name.ends_with("PowerShell") {
            shell = Some(word_start(agent, slash));
        }
    }
    if let Some(shell) = shell {
        return first_word(&agent[shell..]);
    }
    if agent.starts_with("APN/") {
        let mut products = agent.split(is_separator).filter(|word| !word.is_empty());
        return products.clone().nth(2).or_else(|| products.nth(1)).unwrap_or(agent);
    }
    first_word(agent.trim_start_matches(is_separator))
}

fn is_separator(character: char) -> bool {
    matches!(character, ' ' | ',' | ';')
}

fn first_word(text: &str) -> &str {
    &text[..text.bytes().position(|byte| is_separator(char::from(byte))).unwrap_or(text.len())]
}

/// Where the word begins in which the byte at `at` lies.
fn word_start(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().rposition(|byte| is_separator(char::from(*byte))).map_or(0, |before| before + 1)
}

/// `family/major` of `family/major.minor.patch`; the family alone where what follows is no version.
fn family_and_major(product: &str) -> &str {
    let Some(slash) = product.bytes().position(|byte| byte == b'/') else { return without_uuid(product) };
    let version = &product[slash + 1..];
    let v = usize::from(version.starts_with('v'));
    let digits = version[v..].bytes().take_while(u8::is_ascii_digit).count();
    match digits {
        1..=4 => &product[..slash + 1 + v + digits],
        _ => without_uuid(&product[..slash]),
    }
}

/// A family without the random id at its end (`stratus-red-team_0f8fad5b-d9cb-469f-a165-70867728950e`).
fn without_uuid(family: &str) -> &str {
    match family.len().checked_sub(37).filter(|at| family.is_char_boundary(*at)) {
        Some(at) if is_uuid(family[at..].trim_start_matches(['_', '-', '.'])) => &family[..at],
        _ => family,
    }
}

/// Whether a text is a UUID in its usual form (RFC 9562).
pub fn is_uuid(text: &str) -> bool {
    let dash = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let fits = |(at, byte): (usize, u8)| if dash(at) { byte == b'-' } else { byte.is_ascii_hexdigit() };
    text.len() == 36 && text.bytes().enumerate().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_and_major_versions() {
        for (user_agent, expected) in [
            ("aws-cli/2.17.32 md/awscrt#0.21.2 ua/2.0 os/linux#6.1 lang/python#3.11", "aws-cli/2"),
            ("[aws-cli/1.18.136 Python/3.8.5 Darwin/19.5.0 botocore/1.17.59]", "aws-cli/1"),
            ("aws-cli/2.9.1 Python/3.9 Linux/6.1.0-kali5-amd64 exe/x86_64.kali.2023", "aws-cli/2 kali"),
            ("Boto3/1.26.2 md/Botocore#1.29.2 ua/2.0", "Boto3/1"),
            ("Botocore/1.29.2", "Botocore/1"),
            ("aws-sdk-go-v2/1.32.3 os/linux lang/go#1.23.1", "aws-sdk-go-v2/1"),
            ("aws-sdk-java/2.20.0", "aws-sdk-java/2"),
            ("APN/1.0 HashiCorp/1.0 Terraform/1.5.7 (+https://www.terraform.io) aws-sdk-go/1.44", "Terraform/1"),
            ("aws-sdk-go/1.29.7 (go1.13.7) APN/1.0 HashiCorp/1.0 Terraform/0.12.24", "Terraform/0"),
            ("APN/1.0 Snowflake/2.1 Loader/3.2", "Loader/3"),
            ("APN/1.0 Snowflake/2.1", "Snowflake/2"),
            ("console.amazonaws.com", "console"),
            ("[S3Console/0.4, aws-internal/3 aws-sdk-java/1.11.666]", "console"),
            ("signin.amazonaws.com", "console"),
            ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0.0.0 Safari/537.36", "browser/Chrome"),
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/131.0.0.0 Safari/537.36 Edg/131.0", "browser/Edge"),
            ("Mozilla/5.0 (Windows NT; Windows NT 10.0; de-DE) WindowsPowerShell/5.1.19041", "WindowsPowerShell/5"),
            ("Mozilla/5.0", "browser"),
            ("cloudformation.amazonaws.com", "cloudformation.amazonaws.com"),
            ("Jersey/${project.version} (HttpUrlConnection 17.0.12)", "Jersey"),
            ("kubectl/v1.29.1 (linux/amd64)", "kubectl/v1"),
            ("stratus-red-team_0f8fad5b-d9cb-469f-a165-70867728950e", "stratus-red-team"),
            ("0f8fad5b-d9cb-469f-a165-70867728950e", "(uuid)"),
            ("my tool", "my"),
        ] {
            assert_eq!(client(&user_agent.into()).as_deref(), Some(expected), "{user_agent}");
        }
        assert_eq!(client(&"[] ".into()), None);
        assert_eq!(client(&"é".repeat(500).into()).map(|client| client.len()), Some(MAX_CLIENT_BYTES));
    }
}
