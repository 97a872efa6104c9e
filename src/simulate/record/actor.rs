//! The record's `userIdentity`, and the sessions that calls open.

use super::super::call::Session;
use super::super::names;
use super::super::rng::mix;
use super::super::world::{Member, Runtime, Target};
use super::{Scene, text};

impl Scene<'_> {
    /// The host name of the cloud's service that makes the call, where it is not the actor itself.
    pub fn calling_service(&self) -> Option<&'static str> {
        match self.member().runtime {
            Runtime::Service(host) if self.call.by_lender => Some(host),
            _ => self.call.via,
        }
    }

    /// Appends the `userIdentity` object.
    pub fn user_identity(&self, out: &mut Vec<u8>) {
        match self.member().runtime {
            Runtime::Service(host) if self.call.by_lender => {
                out.extend_from_slice(br#"{"type":"AWSService","invokedBy":""#);
                out.extend_from_slice(host.as_bytes());
                out.extend_from_slice(br#""}"#);
            }
            Runtime::WebIdentity if self.call.by_lender => self.web_identity(out),
            Runtime::Vendor(vendor) if self.call.by_lender => vendor_account(vendor, out),
            Runtime::AccessKey => self.user(out),
            _ => self.assumed_role(out),
        }
    }

    /// Appends the ARN of the caller as an error message names it.
    pub fn actor_arn(&self, out: &mut Vec<u8>) {
        if self.member().runtime == Runtime::AccessKey {
            return text::escaped(&self.member().principal, out);
        }
        out.extend_from_slice(b"arn:aws:sts::");
        out.extend_from_slice(self.actor_account().as_bytes());
        out.extend_from_slice(b":assumed-role/");
        text::escaped(self.member().name(), out);
        out.push(b'/');
        self.session_name(self.member(), self.session, out);
    }

    /// Appends what a placeholder says of the session that the call opens.
    pub fn opened(&self, letter: u8, out: &mut Vec<u8>) {
        let Target::Member(target) = self.call.pair.target else {
            return self.opened_of_nobody(letter, out);
        };
        let member = &self.world.members[target as usize];
        let session = self.call.opens.unwrap_or(Session { number: 0, started: self.call.time });
        match letter {
            b'i' => names::unique_id(entity_prefix(member), member.key, out),
            b's' => self.session_name(member, session, out),
            b'k' => access_key(member, session, out),
            _ => self.subject(member, out),
        }
    }

    /// The same for a role or user that is a mere name.
    fn opened_of_nobody(&self, letter: u8, out: &mut Vec<u8>) {
        match letter {
            b'i' => names::unique_id("AROA", mix(self.number, 21), out),
            b'k' => names::unique_id("ASIA", mix(self.number, 22), out),
            _ => {
                out.extend_from_slice(b"session-");
                text::hex(self.number, 8, out);
            }
        }
    }

    fn member(&self) -> &Member {
        &self.world.members[self.call.actor as usize]
    }

    fn web_identity(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(br#"{"type":"WebIdentityUser","principalId":""#);
        self.provider(out);
        out.extend_from_slice(b":sts.amazonaws.com:");
        self.subject(self.member(), out);
        out.extend_from_slice(br#"","userName":""#);
        self.subject(self.member(), out);
        out.extend_from_slice(br#"","identityProvider":""#);
        self.provider(out);
        out.extend_from_slice(br#""}"#);
    }

    fn provider(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"arn:aws:iam::");
        out.extend_from_slice(self.actor_account().as_bytes());
        out.extend_from_slice(b":oidc-provider/token.actions.githubusercontent.com");
    }

    fn subject(&self, member: &Member, out: &mut Vec<u8>) {
        out.extend_from_slice(b"repo:acme/");
        text::escaped(&self.world.groups[member.group as usize].name, out);
        out.extend_from_slice(b"-");
        text::hex(member.key >> 24, 4, out);
        out.extend_from_slice(b":environment:production");
    }

    fn user(&self, out: &mut Vec<u8>) {
        let member = self.member();
        out.extend_from_slice(br#"{"type":"IAMUser","principalId":""#);
        names::unique_id("AIDA", member.key, out);
        out.extend_from_slice(br#"","arn":""#);
        text::escaped(&member.principal, out);
        out.extend_from_slice(br#"","accountId":""#);
        out.extend_from_slice(self.actor_account().as_bytes());
        out.extend_from_slice(br#"","accessKeyId":""#);
        access_key(member, self.session, out);
        out.extend_from_slice(br#"","userName":""#);
        text::escaped(member.name(), out);
        self.end_of_identity(out);
    }

    fn assumed_role(&self, out: &mut Vec<u8>) {
        let member = self.member();
        out.extend_from_slice(br#"{"type":"AssumedRole","principalId":""#);
        names::unique_id("AROA", member.key, out);
        out.push(b':');
        self.session_name(member, self.session, out);
        out.extend_from_slice(br#"","arn":""#);
        self.actor_arn(out);
        out.extend_from_slice(br#"","accountId":""#);
        out.extend_from_slice(self.actor_account().as_bytes());
        out.extend_from_slice(br#"","accessKeyId":""#);
        access_key(member, self.session, out);
        out.extend_from_slice(br#"","sessionContext":{"sessionIssuer":{"type":"Role","principalId":""#);
        names::unique_id("AROA", member.key, out);
        out.extend_from_slice(br#"","arn":""#);
        text::escaped(&member.principal, out);
        out.extend_from_slice(br#"","accountId":""#);
        out.extend_from_slice(self.actor_account().as_bytes());
        out.extend_from_slice(br#"","userName":""#);
        text::escaped(member.name(), out);
        out.extend_from_slice(br#""}"#);
        if member.runtime == Runtime::WebIdentity {
            out.extend_from_slice(br#","webIdFederationData":{"federatedProvider":""#);
            self.provider(out);
            out.extend_from_slice(br#"","attributes":{}}"#);
        }
        out.extend_from_slice(br#","attributes":{"creationDate":""#);
        text::time(self.session.started, out);
        out.extend_from_slice(br#"","mfaAuthenticated":""#);
        let is_person = member.runtime == Runtime::SingleSignOn;
        out.extend_from_slice(if is_person { b"true\"}" } else { b"false\"}" });
        if member.runtime == Runtime::Service("ec2.amazonaws.com") {
            out.extend_from_slice(br#","ec2RoleDelivery":"2.0""#);
        }
        out.extend_from_slice(b"}");
        self.invoked_by(out);
    }

    fn end_of_identity(&self, out: &mut Vec<u8>) {
        out.push(b'"');
        self.invoked_by(out);
    }

    fn invoked_by(&self, out: &mut Vec<u8>) {
        if let Some(service) = self.call.via {
            out.extend_from_slice(br#","invokedBy":""#);
            out.extend_from_slice(service.as_bytes());
            out.push(b'"');
        }
        out.push(b'}');
    }

    /// The name that whoever opened the session gave it.
    fn session_name(&self, member: &Member, session: Session, out: &mut Vec<u8>) {
        let number = mix(member.key, u64::from(session.number));
        match member.runtime {
            Runtime::Service("ec2.amazonaws.com") => {
                out.extend_from_slice(b"i-0");
                // An instance outlives its credentials by far.
                text::hex(mix(member.key, u64::from(session.number / 16)), 16, out);
            }
            Runtime::Service("ecs-tasks.amazonaws.com") => {
                text::hex(number, 16, out);
                text::hex(mix(number, 1), 16, out);
            }
            Runtime::Service("bedrock-agentcore.amazonaws.com") => {
                out.extend_from_slice(b"BedrockAgentCore-");
                text::uuid(number, out);
            }
            Runtime::Service("codebuild.amazonaws.com") => {
                out.extend_from_slice(b"AWSCodeBuild-");
                text::uuid(number, out);
            }
            Runtime::Service(_) => text::escaped(&self.world.groups[member.group as usize].name, out),
            Runtime::WebIdentity => {
                out.extend_from_slice(b"GitHubActions-");
                text::decimal(17_000_000_000 + number % 1_000_000_000, 1, out);
            }
            Runtime::Vendor(vendor) => {
                out.extend_from_slice(names::VENDORS[vendor].as_bytes());
                out.push(b'-');
                text::decimal(number % 1_000_000_000, 9, out);
            }
            Runtime::SingleSignOn | Runtime::AccessKey => {
                out.extend_from_slice(names::PEOPLE[member.key as usize % names::PEOPLE.len()].as_bytes());
                out.extend_from_slice(b"@acme.example");
            }
        }
    }
}

/// The caller of a vendor's `AssumeRole` as the customer's log shows it.
fn vendor_account(vendor: usize, out: &mut Vec<u8>) {
    let number = mix(vendor as u64, 0x7665_6e64_6f72);
    out.extend_from_slice(br#"{"type":"AWSAccount","principalId":""#);
    names::unique_id("AROA", number, out);
    out.extend_from_slice(b":collector");
    out.extend_from_slice(br#"","accountId":""#);
    text::decimal(200_000_000_000 + number % 100_000_000_000, 12, out);
    out.extend_from_slice(br#""}"#);
}

fn entity_prefix(member: &Member) -> &'static str {
    if member.runtime == Runtime::AccessKey { "AIDA" } else { "AROA" }
}

/// The id of the access key of a session, or of a user's key of that generation.
fn access_key(member: &Member, session: Session, out: &mut Vec<u8>) {
    let start = if member.runtime == Runtime::AccessKey { "AKIA" } else { "ASIA" };
    names::unique_id(start, mix(member.key, 0x6b65_7900 + u64::from(session.number)), out);
}
