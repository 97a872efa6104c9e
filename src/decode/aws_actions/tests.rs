//! The table of actions: sorted, well filled, and right about actions that everybody knows.

use std::collections::BTreeSet;

use super::*;

fn rows() -> Vec<Row> {
    [catalogue_a_to_d::ROWS, catalogue_e_to_k::ROWS, catalogue_l_to_r::ROWS, catalogue_s_to_z::ROWS].concat()
}

#[test]
fn tables_are_sorted_and_every_row_is_found() {
    let rows = rows();
    assert!(rows.windows(2).all(|pair| (pair[0].0, pair[0].1) < (pair[1].0, pair[1].1)));
    for (service, operation, sensitivity, tactic, technique) in rows {
        let entry = Entry { sensitivity, attack: Some((tactic, technique)) };
        assert_eq!(find(service, operation), Some(entry), "{service}:{operation}");
    }
    let permissions = [permissions_a_to_l::NAMES, permissions_m_to_z::NAMES].concat();
    for names in [&permissions[..], levels::READS, levels::WRITES] {
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]));
    }
    assert!(permissions.iter().all(|(service, operation)| changes_permissions(service, operation)));
    assert!(levels::READS.iter().all(|(service, operation)| READS.contain(service, operation)));
    assert!(levels::WRITES.iter().all(|(service, operation)| WRITES.contain(service, operation)));
    assert!(!READS.contain("s3", "NoSuchAction") && !WRITES.contain("", ""));
    assert_eq!(find("iam", "NoSuchAction"), None);
    assert_eq!(find("", ""), None);
}

#[test]
fn every_class_is_well_filled() {
    let sensitive: Vec<Row> = rows().into_iter().filter(|row| row.2.is_some()).collect();
    assert!(sensitive.len() >= 150, "{}", sensitive.len());
    let classes: BTreeSet<Sensitivity> = sensitive.iter().filter_map(|row| row.2).collect();
    assert_eq!(classes.len(), Sensitivity::ALL.len());
}

/// Techniques that version 19 of ATT&CK no longer has.
#[test]
fn techniques_are_those_of_version_19() {
    for (service, operation, _, tactic, technique) in rows() {
        assert!(!technique.starts_with("T1562"), "{service}:{operation}");
        let impairs = technique.starts_with("T1685") || technique.starts_with("T1686");
        assert!(!impairs || tactic == Tactic::DefenseImpairment, "{service}:{operation}");
    }
}

#[test]
fn classes_of_well_known_actions() {
    use Sensitivity::{Destructive, IamWrite, LogControl, SecretRead};
    for (service, operation, class) in [
        ("secretsmanager", "GetSecretValue", Some(SecretRead)),
        ("ssm", "GetParametersByPath", Some(SecretRead)),
        ("iam", "CreateAccessKey", Some(IamWrite)),
        ("iam", "UpdateAssumeRolePolicy", Some(IamWrite)),
        ("lambda", "AddPermission", Some(IamWrite)),
        ("ec2", "ModifySnapshotAttribute", Some(IamWrite)),
        ("cloudtrail", "StopLogging", Some(LogControl)),
        ("guardduty", "DeleteDetector", Some(LogControl)),
        ("monitoring", "DeleteAlarms", Some(LogControl)),
        ("kms", "ScheduleKeyDeletion", Some(Destructive)),
        ("backup", "DeleteRecoveryPoint", Some(Destructive)),
        ("kms", "Decrypt", None),
        ("ec2", "TerminateInstances", None),
        ("ecr", "GetAuthorizationToken", None),
        ("sts", "AssumeRole", None),
    ] {
        assert_eq!(find(service, operation).and_then(|entry| entry.sensitivity), class, "{service}:{operation}");
    }
}

#[test]
fn access_by_log_then_by_table_then_by_name() {
    use Access::{DataRead, DataWrite, List, Permissions, Read, Tagging, Write};
    let said = |read_only, data| Said { read_only, data };
    for (service, operation, said, expected) in [
        ("ec2", "DescribeInstances", Said::default(), Read),
        ("s3", "ListBuckets", Said::default(), List),
        ("sts", "AssumeRole", said(Some(true), None), Read),
        ("sts", "AssumeRole", Said::default(), Write),
        ("s3", "GetObject", Said::default(), DataRead),
        ("s3", "GetObject", said(Some(true), Some(true)), DataRead),
        ("s3", "ListObjects", said(Some(true), Some(true)), DataRead),
        ("s3", "PutObject", said(Some(false), Some(true)), DataWrite),
        ("lambda", "Invoke", Said::default(), DataWrite),
        ("iam", "AttachRolePolicy", said(Some(false), Some(false)), Permissions),
        ("ec2", "CreateTags", said(Some(false), None), Tagging),
        ("iam", "TagRole", Said::default(), Tagging),
        ("logs", "FilterLogEvents", Said::default(), Read),
        ("ec2", "Listen", Said::default(), Write),
        ("nosuch", "Getaway", Said::default(), Write),
        ("redshift", "GetClusterCredentials", Said::default(), Write),
    ] {
        assert_eq!(access(service, operation, said), expected, "{service}:{operation}");
    }
}
