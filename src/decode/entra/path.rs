//! The pattern of a Microsoft Graph request: its path with ids, addresses and paths of files replaced, so that the same
//! call on another object is the same operation.

/// Segments of a path that are kept; what lies deeper is one star.
const MAX_SEGMENTS: usize = 10;

/// Plain words are not longer than this.
const LONGEST_WORD: usize = 48;

/// The path of an address: without scheme, host, version and query.
pub(super) fn path(address: &str) -> &str {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let rest = if rest.len() < address.len() { rest.find('/').map_or("", |at| &rest[at..]) } else { rest };
    let rest = &rest[..rest.find(['?', '#']).unwrap_or(rest.len())];
    let rest = rest.trim_start_matches('/');
    match rest.split_once('/') {
        Some(("v1.0" | "beta" | "v2.0" | "edge", path)) => path.trim_start_matches('/'),
        _ if matches!(rest, "v1.0" | "beta") => "",
        _ => rest,
    }
}

/// The pattern of a path: `users/{id}/messages`.
pub(super) fn pattern(path: &str) -> String {
    let mut pattern = String::with_capacity(path.len().min(128));
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let mut count = 0;
    while let Some(segment) = segments.next() {
        pattern.push('/');
        if count == MAX_SEGMENTS {
            pattern.push('*');
            break;
        }
        count += 1;
        fold(segment, &mut pattern);
        // `root:/a/b.txt:/content`: what lies between the colons is a path of files.
        if pattern.ends_with(':') {
            pattern.push_str("/{path}");
            match segments.by_ref().take(64).find(|segment| segment.ends_with(':')) {
                Some(_) => pattern.push(':'),
                None => break,
            }
        }
    }
    if pattern.is_empty() { "/".to_owned() } else { pattern }
}

/// A segment as the pattern shows it.
fn fold(segment: &str, pattern: &mut String) {
    match segment.split_once('(') {
        // `users('id')`, `delta(token='…')`, `getAuditLog(a=1)`.
        Some((name, argument)) if is_word(name) => {
            pattern.push_str(name);
            match argument.starts_with(['\'', '%']) {
                true => pattern.push_str("/{id}"),
                false if argument.starts_with(')') => pattern.push_str("()"),
                false => pattern.push_str("({…})"),
            }
        }
        _ if is_word(segment) => pattern.push_str(segment),
        _ => pattern.push_str("{id}"),
    }
}

/// Whether a segment is one of the interface's own words: letters, few digits, `$ref`, `microsoft.graph.user`.
fn is_word(segment: &str) -> bool {
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    let plain =
        segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'$' | b'.' | b'_' | b':' | b'-'));
    let dashes = segment.bytes().filter(|byte| *byte == b'-').count();
    let dotted = segment.contains('.') && !segment.starts_with("microsoft.graph");
    plain && !dotted && segment.len() <= LONGEST_WORD && digits <= 2 && dashes <= 2 && digits < segment.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_requests() {
        for (address, expected) in [
            ("https://graph.microsoft.com/v1.0/users", "/users"),
            (
                "https://graph.microsoft.com/v1.0/users/0f8fad5b-d9cb-469f-a165-70867728950e/messages?$top=5",
                "/users/{id}/messages",
            ),
            (
                "https://graph.microsoft.com/beta/users/ann@example.com/mailFolders/AAMkAGI2THVSAAA=/messages",
                "/users/{id}/mailFolders/{id}/messages",
            ),
            (
                "https://graph.microsoft.com/v1.0/users('0f8fad5b-d9cb-469f-a165-70867728950e')/messages",
                "/users/{id}/messages",
            ),
            (
                "https://graph.microsoft.com/v1.0/servicePrincipals(appId='x')/addPassword",
                "/servicePrincipals({…})/addPassword",
            ),
            (
                "https://graph.microsoft.com/v1.0/groups/0f8fad5b-d9cb-469f-a165-70867728950e/members/$ref",
                "/groups/{id}/members/$ref",
            ),
            ("https://graph.microsoft.com/v1.0/me/drive/root:/a/b/c.txt:/content", "/me/drive/root:/{path}:/content"),
            ("https://graph.microsoft.com/v1.0/sites/contoso.sharepoint.com,1,2/lists", "/sites/{id}/lists"),
            ("https://graph.microsoft.com/v1.0/$batch", "/$batch"),
            ("/v1.0/oauth2PermissionGrants", "/oauth2PermissionGrants"),
            ("https://graph.microsoft.com", "/"),
            ("", "/"),
        ] {
            assert_eq!(pattern(path(address)), expected, "{address}");
        }
        assert!(pattern(&"a/".repeat(10_000)).len() < 64);
    }
}
