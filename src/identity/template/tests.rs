//! Examples, and what holds for every name.

use proptest::prelude::*;

use super::*;

#[test]
fn examples() {
    for (name, template) in [
        ("app", "app"),
        ("ci-run-4711", "ci-run-*"),
        ("payments-7f9c2d41b8-xz2kq", "payments-*"),
        ("payments-7f9c2d41b8", "payments-*"),
        ("job-550e8400-e29b-41d4-a716-446655440000", "job-*"),
        (
            "panther-Panther-4JL51Q6AU6SH-LogAnal-CompactorRole-W1WCIV3PHU0S",
            "panther-Panther-*-LogAnal-CompactorRole-*",
        ),
        ("MyStack-HandlerServiceRoleFCDC14AE-1QPCN5K6LXV1Z", "MyStack-HandlerServiceRole*"),
        ("cdk-hnb659fds-deploy-role-123456789012-eu-central-1", "cdk-hnb659fds-deploy-role-*"),
        ("AWSReservedSSO_AdministratorAccess_1b74cd717d47002b", "AWSReservedSSO_AdministratorAccess_*"),
        ("backup-2026-01-31", "backup-*"),
        ("backup-20260131T235959Z", "backup-*"),
        ("audit-us-east-1", "audit-*"),
        ("build4711", "build*"),
        ("team/app-12/x", "team/app-*/x"),
        ("api-gateway-prod", "api-gateway-prod"),
        ("s3-ec2-log4j-oauth2", "s3-ec2-log4j-oauth2"),
        ("system:serviceaccount:shop:cart", "system:serviceaccount:shop:cart"),
        ("c7nbot", "c7nbot"),
        ("ADMINISTRATOR-Role", "ADMINISTRATOR-Role"),
        ("i-0abc123def4567890", "i-*"),
        ("42", "*"),
        ("", ""),
    ] {
        assert_eq!(template_of(name), template, "{name}");
    }
}

#[test]
fn a_template_has_no_account_and_no_partition() {
    let of = |principal: &'static str| Stamp::of(principal).template(&Text::Borrowed(principal)).into_owned();
    assert_eq!(of("arn:aws:iam::123456789012:role/app-17"), "role/app-*");
    assert_eq!(of("arn:aws-cn:iam::123456789012:root"), "root");
    assert_eq!(of("123456789012/AROAEXAMPLEEXAMPLE012"), "*");
    assert_eq!(of("ec2.amazonaws.com"), "ec2.amazonaws.com");
    assert_eq!(of("ci-4711@shop.iam.gserviceaccount.com"), "ci-*");
    assert_eq!(of("12-compute@developer.gserviceaccount.com"), "*-compute@developer.gserviceaccount.com");
    assert_eq!(of("123456789012-a1.apps.googleusercontent.com"), "123456789012-a1.apps.googleusercontent.com");
    assert_eq!(of("arn:a@b:c:d:e.iam.gserviceaccount.com"), "arn:a");
    assert_eq!(of("system:node:gke-main-pool-1-c733eefe-xtbq"), "system:node:*");
}

/// Names of two to four plain words.
fn plain_name() -> impl Strategy<Value = String> {
    proptest::collection::vec("[a-z]{3,9}", 2..4).prop_map(|words| words.join("-"))
}

/// What generators append, each as a strategy of its own.
fn stamps() -> Vec<BoxedStrategy<String>> {
    vec![
        "-[0-9]{1,14}".boxed(),
        "-[0-9][0-9a-f]{7,9}".boxed(),
        "-[0-9a-f]{8}[0-9]-[a-z0-9]{5}".boxed(),
        "-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}".boxed(),
        "-[A-Z0-9]{12,13}".boxed(),
        "-2026-[0-1][0-9]-[0-3][0-9]".boxed(),
        "-(us|eu|ap)-(east|west|central|southeast)-[1-9]".boxed(),
    ]
}

proptest! {
    /// A template is its own template, no longer than the name, and empty only where the name is.
    #[test]
    fn stable_and_bounded(name in "[a-zA-Z0-9*/_.:@é-]{0,60}") {
        let once = template_of(&name);
        prop_assert_eq!(template_of(&once), once.clone());
        prop_assert!(once.len() <= name.len());
        prop_assert_eq!(once.is_empty(), name.is_empty());
    }

    /// Whatever a generator appends, the template is that of the name and a star.
    #[test]
    fn all_stamps_of_a_pattern_are_one(
        name in plain_name(),
        stamp in proptest::strategy::Union::new(stamps()),
    ) {
        prop_assert_eq!(template_of(&format!("{name}{stamp}")), format!("{name}-*"));
    }

    /// Names without generated parts stay as they are, so distinct ones stay distinct.
    #[test]
    fn plain_names_stay(name in plain_name()) {
        prop_assert_eq!(template_of(&name), name);
    }

    /// No text makes it panic.
    #[test]
    fn any_text_is_answered(text in "\\PC{0,80}|(arn:)?[a-z0-9@:/*-]{0,40}(\\.iam\\.gserviceaccount\\.com)?") {
        let _ = Stamp::of(&text).template(&Text::Borrowed(&text));
    }
}
