//! Amazon Resource Names, `arn:partition:service:region:account:resource`, taken apart without copying.

use super::super::text::{first_places, split_first};

/// The parts of an ARN; region and account may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// `aws`, `aws-cn`, `aws-us-gov` …
    pub partition: &'a str,
    /// `iam`, `s3` …
    pub service: &'a str,
    /// `eu-central-1`; empty where the resource is global.
    pub region: &'a str,
    /// The account's digits; empty for S3.
    pub account: &'a str,
    /// All after the account: `role/path/name`, `function:name:1`.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Takes an ARN apart; none where the text is not one.
    pub fn parse(text: &'a str) -> Option<Arn<'a>> {
        let rest = text.strip_prefix("arn:")?;
        Arn::near(rest).or_else(|| Arn::far(rest))
    }

    /// The same of what stands behind `arn:`, where all colons that count are among its first 64 bytes.
    fn near(rest: &'a str) -> Option<Arn<'a>> {
        let (mut colons, mut start) = (first_places(b':', rest.as_bytes()), 0);
        let mut part = || {
            let end = (colons != 0).then_some(colons.trailing_zeros() as usize)?;
            colons &= colons - 1;
            Some(&rest[std::mem::replace(&mut start, end + 1)..end])
        };
        let (partition, service, region, account) = (part()?, part()?, part()?, part()?);
        Some(Arn { partition, service, region, account, resource: &rest[start..] })
    }

    /// The same wherever they are: some services have long names.
    #[cold]
    fn far(rest: &'a str) -> Option<Arn<'a>> {
        let mut parts = rest.splitn(5, ':');
        let mut part = || parts.next();
        Some(Arn { partition: part()?, service: part()?, region: part()?, account: part()?, resource: part()? })
    }

    /// The resource's type and its name: `role` and `path/name` of `role/path/name`, an empty type where there is none.
    pub fn type_and_name(self) -> (&'a str, &'a str) {
        let at = self.resource.bytes().position(|byte| matches!(byte, b'/' | b':'));
        at.map_or(("", self.resource), |at| (&self.resource[..at], &self.resource[at + 1..]))
    }
}

/// The role and the session of an assumed role's ARN.
pub fn assumed_role(arn: &str) -> Option<(&str, &str)> {
    let rest = Arn::parse(arn)?.resource.strip_prefix("assumed-role/")?;
    Some(split_first(rest, b'/').unwrap_or((rest, "")))
}

/// The account of an ARN, where it names one; what AWS itself owns (`arn:aws:iam::aws:policy/…`) belongs to none.
pub fn account(arn: &str) -> Option<&str> {
    Arn::parse(arn).map(|arn| arn.account).filter(|account| !matches!(*account, "" | "aws"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_arns_apart() {
        let arn = Arn::parse("arn:aws-cn:lambda:cn-north-1:123456789012:function:resize:3").expect("an ARN");
        assert_eq!((arn.partition, arn.account), ("aws-cn", "123456789012"));
        assert_eq!(arn.type_and_name(), ("function", "resize:3"));
        let far = "arn:aws-us-gov:license-manager-user-subscriptions:us-gov-west-1:123456789012:instance/i-1";
        assert_eq!(Arn::parse(far).map(|arn| (arn.account, arn.resource)), Some(("123456789012", "instance/i-1")));
        assert_eq!(account("arn:aws:s3:::bucket/key"), None);
        assert_eq!(assumed_role("arn:aws:sts::1:assumed-role/app/i-0abc"), Some(("app", "i-0abc")));
        assert_eq!(assumed_role("arn:aws:sts::1:assumed-role/app"), Some(("app", "")));
        assert_eq!(assumed_role("arn:aws:iam::1:role/app"), None);
        for text in ["", "arn:", "arn:aws:iam", "nothing", "arn::::"] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
    }
}
