//! A call → one native CloudTrail record (JSON, schema 1.11), as CloudTrail writes it.
//!
//! Comes in: a [`Call`] with its session and a number from which its ids are made, and the world that it happens in. Goes
//! out: the record's bytes, appended to a buffer. Nothing is decided here: the same call gives the same bytes.

mod actor;
pub mod text;

use super::call::{Call, Fault, Session};
use super::catalogue::{OPERATIONS, Operation};
use super::delivery::{Delivery, Sent};
use super::names;
use super::resource::ResourceKind;
use super::rng::mix;
use super::world::{Filled, LateField, Runtime, Target, World};

/// Writes records of one world.
#[derive(Debug)]
pub struct Writer {
    seed: u64,
    user_agents: Vec<String>,
}

/// What the parts of one record need to know.
struct Scene<'a> {
    world: &'a World,
    call: &'a Call,
    /// The session that the call is made in.
    session: Session,
    operation: &'static Operation,
    /// A number of this record's own.
    number: u64,
    /// Not 0 for a repetition with an id of its own.
    copy: u64,
}

impl Writer {
    /// A writer whose ids come from `seed`.
    pub fn new(seed: u64) -> Writer {
        let mut user_agents = Vec::new();
        for family in 0..names::CLIENTS.len() as u16 {
            for release in 0..names::RELEASES as u16 {
                user_agents.push(names::user_agent(family | release << 8));
                user_agents.push(names::user_agent(family | release << 8 | names::NEXT_MAJOR));
            }
        }
        Writer { seed, user_agents }
    }

    /// Appends a record.
    pub fn write(&self, world: &World, sent: &Sent, out: &mut Vec<u8>) {
        let call = &sent.call;
        let operation = &OPERATIONS[usize::from(call.pair.operation)];
        let copy = u64::from(sent.delivery == Delivery::Renumbered);
        let scene =
            Scene { world, call, session: sent.session, operation, number: mix(self.seed, sent.sequence), copy };
        out.extend_from_slice(br#"{"eventVersion":"1.11","userIdentity":"#);
        scene.user_identity(out);
        scene.what(out);
        self.origin(&scene, out);
        scene.outcome(out);
        scene.parameters(out);
        scene.ids(out);
        scene.where_to(out);
        scene.network(out);
        out.push(b'}');
    }

    fn origin(&self, scene: &Scene<'_>, out: &mut Vec<u8>) {
        out.extend_from_slice(br#"","sourceIPAddress":""#);
        match scene.calling_service() {
            Some(service) => out.extend_from_slice(service.as_bytes()),
            None => text::ipv4(scene.source_address(), out),
        }
        out.push(b'"');
        if scene.lacks(LateField::UserAgent) {
            return;
        }
        out.extend_from_slice(br#","userAgent":""#);
        match scene.calling_service() {
            Some(service) => out.extend_from_slice(service.as_bytes()),
            // What `names` gives needs no escapes.
            None => out.extend_from_slice(self.user_agent(scene.call.client).as_bytes()),
        }
        out.push(b'"');
    }

    fn user_agent(&self, client: u16) -> &str {
        let family = usize::from(client & 0xff) % names::CLIENTS.len();
        let release = usize::from(client >> 8 & 0x0f);
        let is_next = usize::from(client & names::NEXT_MAJOR != 0);
        &self.user_agents[(family * names::RELEASES + release) * 2 + is_next]
    }
}

impl Scene<'_> {
    /// Whether the log did not yet fill the field when the call was made.
    fn lacks(&self, field: LateField) -> bool {
        let is_late = |filled: Filled| {
            filled.field == field && filled.service == self.operation.service && self.call.time < filled.from
        };
        self.world.filled.is_some_and(is_late)
    }

    fn what(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(br#","eventTime":""#);
        text::time(self.call.time, out);
        out.extend_from_slice(br#"","eventSource":""#);
        out.extend_from_slice(self.operation.service.as_bytes());
        out.extend_from_slice(br#".amazonaws.com","eventName":""#);
        out.extend_from_slice(self.operation.name.as_bytes());
        out.extend_from_slice(br#"","awsRegion":""#);
        out.extend_from_slice(self.region().as_bytes());
    }

    fn outcome(&self, out: &mut Vec<u8>) {
        let Some(fault) = self.call.fault else { return };
        out.extend_from_slice(br#","errorCode":""#);
        out.extend_from_slice(fault.code(self.operation.service).as_bytes());
        out.extend_from_slice(br#"","errorMessage":""#);
        match fault {
            Fault::Denied => self.denial(out),
            Fault::Throttled => out.extend_from_slice(b"Rate exceeded"),
            Fault::NotFound => out.extend_from_slice(b"The requested resource does not exist"),
        }
        out.push(b'"');
    }

    fn denial(&self, out: &mut Vec<u8>) {
        let action = [self.operation.service, ":", self.operation.name];
        out.extend_from_slice(b"User: ");
        self.actor_arn(out);
        out.extend_from_slice(b" is not authorized to perform: ");
        action.iter().for_each(|part| out.extend_from_slice(part.as_bytes()));
        out.extend_from_slice(b" on resource: ");
        self.expand(self.target_kind().arn_template(), out);
        out.extend_from_slice(b" because no identity-based policy allows the ");
        action.iter().for_each(|part| out.extend_from_slice(part.as_bytes()));
        out.extend_from_slice(b" action");
    }

    fn parameters(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(br#","requestParameters":"#);
        self.expand(self.operation.request, out);
        out.extend_from_slice(br#","responseElements":"#);
        self.expand(if self.call.fault.is_some() { "null" } else { self.operation.response }, out);
        if self.operation.service == "s3" {
            let bytes = if self.call.fault.is_some() { 243 } else { self.bytes() };
            let [incoming, outgoing] = if self.operation.is_read() { [0, bytes] } else { [bytes, 0] };
            out.extend_from_slice(br#","additionalEventData":{"SignatureVersion":"SigV4","bytesTransferredIn":"#);
            text::decimal(incoming, 1, out);
            out.extend_from_slice(br#","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredOut":"#);
            text::decimal(outgoing, 1, out);
            out.extend_from_slice(br#","AuthenticationMethod":"AuthHeader"}"#);
        }
    }

    fn bytes(&self) -> u64 {
        ((900 + self.number % 180_000) as f64 * f64::from(self.call.bytes)) as u64
    }

    fn ids(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(br#","requestID":""#);
        text::uuid(mix(self.number, 11), out);
        out.extend_from_slice(br#"","eventID":""#);
        text::uuid(mix(self.number, 12 + 100 * self.copy), out);
        out.push(b'"');
        if self.call.by_lender {
            out.extend_from_slice(br#","sharedEventID":""#);
            text::uuid(mix(self.number, 13), out);
            out.push(b'"');
        }
    }

    fn where_to(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(br#","readOnly":"#);
        boolean(self.operation.is_read(), out);
        let kind = self.target_kind();
        if let (Some(listed), false) = (kind.listed_type(), self.call.pair.target == Target::Nothing) {
            out.extend_from_slice(br#","resources":[{"#);
            if self.operation.is_data() && kind == ResourceKind::Bucket && self.operation.request.contains("$d/$h") {
                self.expand(r#""type":"AWS::S3::Object","ARN":"arn:aws:s3:::$n/$d/$h.json"},{"#, out);
            }
            self.expand(r#""accountId":"$c","type":""#, out);
            out.extend_from_slice(listed.as_bytes());
            out.extend_from_slice(br#"","ARN":""#);
            self.expand(kind.arn_template(), out);
            out.extend_from_slice(br#""}]"#);
        }
        out.extend_from_slice(br#","eventType":"AwsApiCall","managementEvent":"#);
        boolean(!self.operation.is_data(), out);
        out.extend_from_slice(br#","recipientAccountId":""#);
        out.extend_from_slice(self.recipient().as_bytes());
        out.push(b'"');
    }

    fn network(&self, out: &mut Vec<u8>) {
        if self.through_endpoint() && !self.lacks(LateField::Endpoint) {
            out.extend_from_slice(br#","vpcEndpointId":"vpce-0"#);
            let group = self.world.members[self.call.actor as usize].group;
            text::hex(mix(u64::from(group), 77), 16, out);
            out.extend_from_slice(br#"","vpcEndpointAccountId":""#);
            out.extend_from_slice(self.actor_account().as_bytes());
            out.push(b'"');
        }
        let category: &[u8] = if self.operation.is_data() { b"Data" } else { b"Management" };
        out.extend_from_slice(br#","eventCategory":""#);
        out.extend_from_slice(category);
        out.push(b'"');
        if self.calling_service().is_none() {
            out.extend_from_slice(br#","tlsDetails":{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","#);
            out.extend_from_slice(br#""clientProvidedHostHeader":""#);
            out.extend_from_slice(self.operation.service.as_bytes());
            out.push(b'.');
            out.extend_from_slice(self.region().as_bytes());
            out.extend_from_slice(br#".amazonaws.com"}"#);
        }
        if matches!(self.world.members[self.call.actor as usize].runtime, Runtime::SingleSignOn) {
            out.extend_from_slice(br#","sessionCredentialFromConsole":"true""#);
        }
    }

    /// Calls to storage of groups that have an endpoint go through it, unless they come from elsewhere.
    fn through_endpoint(&self) -> bool {
        let member = &self.world.members[self.call.actor as usize];
        let has_endpoint = self.world.groups[member.group as usize].endpoint;
        has_endpoint
            && self.calling_service().is_none()
            && matches!(self.operation.service, "s3" | "dynamodb")
            && self.call.address & 0xffff_ff00 == member.networks[0]
    }

    fn source_address(&self) -> u32 {
        if !self.through_endpoint() {
            return self.call.address;
        }
        let member = &self.world.members[self.call.actor as usize];
        0x0a00_0000 | (member.group & 0xff) << 16 | (member.key as u32 & 3) << 8 | (member.key >> 40) as u32 & 0xff
    }

    fn region(&self) -> &'static str {
        names::REGIONS[usize::from(self.region_index())]
    }

    fn region_index(&self) -> u8 {
        if self.operation.is_global() { names::GLOBAL_REGION } else { self.call.region }
    }

    fn target_kind(&self) -> ResourceKind {
        match self.call.pair.target {
            Target::Nothing => ResourceKind::Nothing,
            Target::Resource(index) => self.world.resources[index as usize].kind,
            Target::Member(index) if self.world.members[index as usize].runtime == Runtime::AccessKey => {
                ResourceKind::User
            }
            Target::Member(_) => ResourceKind::Role,
        }
    }

    /// The account of the target, else of the actor.
    fn recipient(&self) -> &str {
        let account = match self.call.pair.target {
            Target::Nothing => return self.actor_account(),
            Target::Resource(index) => self.world.resources[index as usize].account,
            Target::Member(index) => self.world.members[index as usize].account,
        };
        &self.world.accounts[account as usize].id
    }

    fn actor_account(&self) -> &str {
        &self.world.accounts[self.world.members[self.call.actor as usize].account as usize].id
    }

    /// Appends a template with its placeholders filled in: `$n` the target's name, `$a` its ARN, `$c` its account,
    /// `$r` the region, `$d` the day as a path, `$e` an hour later, `$h` eight hexadecimal digits and `$u` a UUID of
    /// this record, `$x` a foreign account, `$i` the target's unique id, `$s` and `$k` name and access key of the
    /// session that the call opens, `$o` the subject of the pipeline's token.
    fn expand(&self, template: &str, out: &mut Vec<u8>) {
        text::fill(template, out, |letter, out| self.placeholder(letter, out));
    }

    fn placeholder(&self, letter: u8, out: &mut Vec<u8>) {
        match letter {
            b'n' => self.target_name(out),
            b'a' => self.expand(self.target_kind().arn_template(), out),
            b'c' => out.extend_from_slice(self.recipient().as_bytes()),
            b'r' => out.extend_from_slice(self.region().as_bytes()),
            b'd' => text::date_path(self.call.time, out),
            b'e' => text::response_time(self.call.time + 3_600_000, out),
            b'h' => text::hex(self.number, 8, out),
            b'u' => text::uuid(mix(self.number, 14), out),
            b'x' => text::decimal(900_000_000_000 + u64::from(self.call.attack.unwrap_or(0)) * 7_919_123, 12, out),
            b'i' | b's' | b'k' | b'o' => self.opened(letter, out),
            other => out.extend_from_slice(&[b'$', other]),
        }
    }

    fn target_name(&self, out: &mut Vec<u8>) {
        match self.call.pair.target {
            Target::Nothing => out.push(b'*'),
            Target::Resource(index) => text::escaped(&self.world.resources[index as usize].name, out),
            Target::Member(index) => text::escaped(self.world.members[index as usize].name(), out),
        }
    }
}

fn boolean(value: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if value { b"true" } else { b"false" });
}
