//! What wrappings say of the scope of the records in them, whose logs do not say it.
//!
//! In: a member of a wrapping, as it is written. Out: the scope's name; none where it says none. A scope that is configured for the
//! topic goes before it.
//!
//! Sources: "Send control plane logs to CloudWatch Logs" (Amazon EKS User Guide): `/aws/eks/<cluster>/cluster`; "Event hooks" and
//! "Stream Okta events to Amazon EventBridge" (Okta): `https://<organisation>/api/…`, `aws.partner/okta.com/<organisation>/…`.

/// The cluster whose log group this is, with the account that owns it: names of clusters are given once an account.
pub(super) fn of_log_group(group: &[u8], owner: Option<&[u8]>) -> Option<String> {
    let group = std::str::from_utf8(group).ok()?;
    let cluster = group.strip_prefix("/aws/eks/")?.strip_suffix("/cluster").filter(|name| is_name(name))?;
    let owner = owner.and_then(|owner| std::str::from_utf8(owner).ok()).filter(|owner| is_name(owner));
    Some(owner.map_or_else(|| cluster.to_owned(), |owner| [owner, "/", cluster].concat()))
}

/// The same of a log group as CloudWatch Logs Insights names it (`@log`): `<account>:<name>`.
pub(super) fn of_found_group(group: &str) -> Option<String> {
    let (owner, name) = group.split_once(':')?;
    of_log_group(name.as_bytes(), Some(owner.as_bytes()))
}

/// The organisation whose partner event source on EventBridge this is.
pub(super) fn of_partner(source: &[u8]) -> Option<String> {
    let source = std::str::from_utf8(source).ok()?;
    let organisation = source.strip_prefix("aws.partner/okta.com/")?.split('/').next().filter(|name| is_name(name))?;
    Some(if organisation.contains('.') { organisation.to_owned() } else { [organisation, ".okta.com"].concat() })
}

/// The organisation whose event hook this is.
pub(super) fn of_hook(source: &str) -> Option<String> {
    let host = source.strip_prefix("https://")?.split('/').next();
    host.filter(|host| is_name(host)).map(str::to_owned)
}

/// Names as clusters, accounts and hosts have them.
fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    (1..=253).contains(&text.len()) && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_that_wrappings_name() {
        let owned = |text: &str| Some(text.to_owned());
        assert_eq!(of_log_group(b"/aws/eks/main/cluster", Some(b"111122223333")), owned("111122223333/main"));
        assert_eq!(of_log_group(b"/aws/eks/main/cluster", None), owned("main"));
        assert_eq!(of_log_group(b"/aws/eks/a/b/cluster", None), None);
        assert_eq!(of_found_group("111122223333:/aws/eks/main/cluster"), owned("111122223333/main"));
        assert_eq!(of_log_group(b"/aws/lambda/main", None), None);
        assert_eq!(of_partner(b"aws.partner/okta.com/example/bus"), owned("example.okta.com"));
        assert_eq!(of_partner(b"aws.s3"), None);
        assert_eq!(of_hook("https://login.example.com/api/v1/eventHooks/who1"), owned("login.example.com"));
        assert_eq!(of_hook("https:///x"), None);
    }
}
