//! Names that stand for nobody: teams, vendors, people, clients, regions, addresses.

use super::rng::{Rng, mix};

/// The regions that accounts use, home regions first.
pub const REGIONS: [&str; 17] = [
    "eu-central-1",
    "us-east-1",
    "eu-west-1",
    "us-west-2",
    "ap-southeast-1",
    "us-east-2",
    "eu-north-1",
    "eu-west-3",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-southeast-2",
    "ca-central-1",
    "sa-east-1",
    "eu-south-1",
    "me-south-1",
    "af-south-1",
];
/// How many of [`REGIONS`] are somebody's home.
pub const HOME_REGIONS: usize = 4;
/// Where the calls of global services are logged.
pub const GLOBAL_REGION: u8 = 1;

/// Teams that own groups of identities.
pub const TEAMS: [&str; 32] = [
    "payments",
    "orders",
    "billing",
    "search",
    "catalog",
    "shipping",
    "identity",
    "fraud",
    "ledger",
    "pricing",
    "returns",
    "loyalty",
    "inventory",
    "checkout",
    "media",
    "email",
    "reporting",
    "risk",
    "claims",
    "tax",
    "routing",
    "partner",
    "mobile",
    "web",
    "data",
    "ml",
    "platform",
    "security",
    "finance",
    "logistics",
    "content",
    "support",
];

/// Vendors; each has an account and networks of its own.
pub const VENDORS: [&str; 6] = ["northwatch", "cloudlens", "costwise", "postura", "tracefold", "backhaul"];

/// People, for the few sessions of humans.
pub const PEOPLE: [&str; 12] = [
    "a.keller",
    "b.osei",
    "c.lindqvist",
    "d.moreau",
    "e.tanaka",
    "f.silva",
    "g.novak",
    "h.adeyemi",
    "i.petrov",
    "j.meyer",
    "k.rossi",
    "l.haddad",
];

/// The families of client, by the user agent that they send; `$v` is the release within the major version.
pub const CLIENTS: [&str; 9] = [
    "Boto3/1.40.$v md/Botocore#1.40.$v ua/2.1 os/linux#6.1.119 md/arch#x86_64 lang/python#3.12.7 md/pyimpl#CPython \
     cfg/retry-mode#standard Botocore/1.40.$v",
    "aws-sdk-go-v2/1.39.$v os/linux lang/go#1.24.6 md/GOOS#linux md/GOARCH#arm64 exec-env/AWS_ECS_FARGATE",
    "aws-sdk-java/2.33.$v md/io#async md/http#NettyNio ua/2.1 os/Linux#6.1.119 lang/java#21.0.4 \
     md/vendor#Amazon.com_Inc.",
    "aws-sdk-js/3.880.$v ua/2.1 os/linux#6.1.119 lang/js md/nodejs#22.11.0 exec-env/AWS_Lambda_nodejs22.x",
    "aws-sdk-rust/1.8.$v os/linux lang/rust/1.89.0",
    "APN/1.0 HashiCorp/1.0 Terraform/1.12.$v (+https://www.terraform.io) terraform-provider-aws/6.$v.0 \
     aws-sdk-go-v2/1.38.0 os/linux lang/go#1.24.6",
    "aws-cli/2.28.$v md/awscrt#0.27.4 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.4 md/pyimpl#CPython",
    "python-requests/2.32.$v",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.$v.0 Safari/537.36",
];
/// Index of the command line in [`CLIENTS`].
pub const CLIENT_CLI: u16 = 6;
/// Index of Terraform in [`CLIENTS`].
pub const CLIENT_TERRAFORM: u16 = 5;
/// Index of the browser in [`CLIENTS`].
pub const CLIENT_BROWSER: u16 = 8;

/// How many releases of a client are in use.
pub const RELEASES: usize = 16;

/// The user agent of a client: the family in the low byte, the release in the next four bits, the top bit for the
/// family's next major version.
pub fn user_agent(client: u16) -> String {
    let family = CLIENTS[usize::from(client & 0xff) % CLIENTS.len()];
    let text = family.replace("$v", &((client >> 8) & 0x0f).to_string());
    if client & NEXT_MAJOR == 0 { text } else { next_major(&text) }
}

/// Bit of a client that stands for the next major version.
pub const NEXT_MAJOR: u16 = 1 << 15;

/// The text with the first number after a slash raised by one.
fn next_major(text: &str) -> String {
    let Some(start) = text.find('/').map(|slash| slash + 1) else { return text.into() };
    let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    let major: u32 = text[start..start + digits].parse().unwrap_or(0);
    format!("{}{}{}", &text[..start], major + 1, &text[start + digits..])
}

/// A network operator, whose addresses a /24 prefix is drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// The fleet's own cloud.
    OwnCloud,
    /// Hosted build machines.
    BuildHosts,
    /// The vendor with this index.
    Vendor(usize),
    /// The company's offices.
    Office,
    /// Other clouds and hosters that somebody of the fleet may one day turn up from.
    OtherCloud,
    /// Anybody else on the internet.
    External,
}

/// A /24 prefix of an operator: the address with its last byte 0.
pub fn prefix(operator: Operator, rng: &mut Rng) -> u32 {
    let sixteen: u32 = match operator {
        Operator::OwnCloud => *rng.pick(&[0x0340, 0x0345, 0x129c, 0x12b8, 0x239c, 0x341c]),
        Operator::BuildHosts => *rng.pick(&[0x0440, 0x142a, 0x14cc, 0x0d42]),
        Operator::Vendor(vendor) => 0x2280 + 2 * vendor as u32 + rng.below(2) as u32,
        Operator::Office => 0xd9_10,
        Operator::OtherCloud => *rng.pick(&[0x2210, 0x8cd2, 0xa1be, 0x9fc8]),
        Operator::External => *rng.pick(&[0x2d08, 0x5bd0, 0xb9c4, 0xc11a, 0x5e10, 0x67a0]),
    };
    (sixteen << 16) | ((rng.below(256) as u32) << 8)
}

/// The address within a /24 prefix that `who` always appears from.
pub fn address(prefix: u32, who: u64) -> u32 {
    prefix | (1 + (mix(u64::from(prefix), who) % 253) as u32)
}

/// A twelve-digit account id.
pub fn account_id(rng: &mut Rng) -> String {
    format!("{:012}", rng.between(100_000_000_000, 999_999_999_999))
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Appends the unique id of an AWS entity: `start` (`AROA`, `ASIA` …) and letters that stand for `value`.
pub fn unique_id(start: &str, value: u64, out: &mut Vec<u8>) {
    out.extend_from_slice(start.as_bytes());
    let mut rest = u128::from(value) * 0x1_0000_0000_0001;
    for _ in 0..(if start.starts_with("AS") || start.starts_with("AK") { 16 } else { 17 }) {
        out.push(BASE32[(rest & 31) as usize]);
        rest >>= 5;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_keeps_its_family_and_changes_its_release() {
        assert!(user_agent(0x0500).starts_with("Boto3/1.40.5 "));
        assert!(user_agent(NEXT_MAJOR).starts_with("Boto3/2.40.0 "));
        assert!(user_agent(NEXT_MAJOR | 1).starts_with("aws-sdk-go-v2/2.39.0"));
    }

    #[test]
    fn ids_look_like_those_of_aws() {
        let id = |start| {
            let mut out = Vec::new();
            unique_id(start, 0x0123_4567_89ab_cdef, &mut out);
            String::from_utf8(out).expect("ASCII")
        };
        assert_eq!(id("ASIA").len(), 20);
        assert_eq!(id("AROA").len(), 21);
    }

    #[test]
    fn addresses_stay_in_their_prefix() {
        let mut rng = Rng::new(1, 1);
        for operator in [Operator::OwnCloud, Operator::BuildHosts, Operator::Vendor(3), Operator::External] {
            let prefix = prefix(operator, &mut rng);
            assert_eq!(address(prefix, 9) & 0xffff_ff00, prefix);
        }
    }
}
