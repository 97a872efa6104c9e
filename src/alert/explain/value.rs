//! Values as sentences name them: an action, or what it was done to.
//!
//! In: the text of a value, which an audit log's may be part of. Out: the same in so many columns, visible; the whole is in
//! the alert's JSON.

use std::borrow::Cow;

use super::short_name;
use crate::alert::escape::{columns, shown_ends};

/// A value as it may be shown; an ARN by its service and name: `ecr:repository/base`; of an action on something both,
/// however long the one is.
pub fn value(value: &str, max_columns: usize) -> String {
    const ON: &str = " on ";
    if let Some(rest) = value.strip_prefix("arn:") {
        let service = rest.split(':').nth(1).unwrap_or_default();
        return shown_ends(&format!("{service}:{}", short_name(value)), max_columns);
    }
    // Where there is hardly room for anything, the parts would be ellipses.
    let parts = value.split_once(ON).filter(|_| max_columns > 3 * ON.len());
    let Some((action, target)) = parts else { return shown_ends(&action(value), max_columns) };
    let (room, action) = (max_columns.saturating_sub(ON.len()), self::action(action));
    // Of what does not fit, the service that the target belongs to tells least.
    let target = match columns(&action) + columns(target) > room {
        true => target.split_once(':').map_or(target, |(_, rest)| rest),
        false => target,
    };
    let action = shown_ends(&action, room.saturating_sub(columns(target).min(room / 3)));
    let target = shown_ends(target, room.saturating_sub(columns(&action)));
    action + ON + &target
}

/// An action as people call it: without words that only say its service once more, the path to a method of Google's
/// interfaces, the end of a group of Kubernetes'.
///
/// | value | shown |
/// |---|---|
/// | `git:git.clone` | `git.clone` |
/// | `iam:google.iam.admin.v1.CreateRole` | `iam:CreateRole` |
/// | `rbac.authorization.k8s.io:create roles` | `rbac.authorization:create roles` |
pub fn action(value: &str) -> Cow<'_, str> {
    let Some((service, operation)) = value.split_once(':') else { return value.into() };
    let repeats = |operation: &str| operation.strip_prefix(service).is_some_and(|rest| rest.starts_with('.'));
    if repeats(operation) {
        return operation.into();
    }
    let method = match operation.split_once('.') {
        Some(("google", rest)) => rest.rsplit('.').next(),
        Some(("v1" | "beta" | "alpha", rest)) if repeats(rest) => Some(&rest[service.len() + 1..]),
        _ => None,
    };
    let group = service.strip_suffix(".k8s.io").filter(|_| operation.contains(' '));
    match (method.filter(|method| !method.is_empty()), group) {
        (Some(method), _) => format!("{service}:{method}").into(),
        (None, Some(group)) => format!("{group}:{operation}").into(),
        (None, None) => value.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_say_what_was_done_to_what() {
        for (text, columns, said) in [
            ("iam:CreateAccessKey", 60, "iam:CreateAccessKey"),
            ("git:git.clone on github:repository shop/web", 60, "git.clone on github:repository shop/web"),
            ("compute:v1.compute.disks.list", 60, "compute:disks.list"),
            ("rbac.authorization.k8s.io:create roles", 60, "rbac.authorization:create roles"),
            ("iam:google.", 60, "iam:google."),
            ("k8s.io:io.k8s.core.v1.pods.exec.create", 60, "k8s.io:io.k8s.core.v1.pods.exec.create"),
            (
                "iam:google.iam.admin.v1.CreateServiceAccountKey on iam:serviceAccounts deployer@shop.iam.gserviceaccount.com",
                48,
                "iam:CreateServiceAccountKey on serv…eaccount.com",
            ),
            ("arn:aws:ecr:eu-west-1:123456789012:repository/base", 60, "ecr:repository/base"),
            ("a on b", 3, "… b"),
            ("actions on targets", 13, "a…ions on …ts"),
            (" on ", 60, " on "),
            (":", 60, ":"),
        ] {
            assert_eq!(value(text, columns), said, "{text:?}");
        }
    }
}
