//! What a call was done to: from the record's `resources` and from the request's parameters, most telling first.
//!
//! A target's container is what stands for it in a baseline (model, section 2.1): the bucket and never the object's
//! key, two segments of a secret's or parameter's path, a table, queue, function or role by its name. Things whose ids
//! are random and short-lived (instances, snapshots, interfaces) are all one container, their kind: a new one is no
//! news. KMS keys are the exception among random ids: they live for years and each guards something else.

use super::super::client::is_uuid;
use super::super::json::Value;
use super::super::text::{first_part, part};
use super::arn::{self, Arn};
use super::record::Record;
use super::target_kinds::{is_ephemeral, kind_of_arn, kind_of_parameter};
use crate::event::{Target, Text};

/// How deep parameters are looked into (`instancesSet.items[].instanceId`).
const MAX_PARAMETER_DEPTH: usize = 4;

/// A resource: its ARN, and the account that owns it.
pub type Resource<'a> = (Text<'a>, Option<Text<'a>>);

/// What a call was done to, by the resources and the parameters of the request; at most `limit` targets.
pub fn targets<'a>(
    resources: impl Iterator<Item = Resource<'a>>,
    parameters: Option<Value<'_, 'a>>,
    service: &str,
    limit: usize,
) -> Vec<Target<'a>> {
    let mut found = Found { service, targets: Vec::new(), limit: limit.saturating_mul(4) };
    for (name, owner) in resources.filter(|(name, _)| name.starts_with("arn:")) {
        found.add(None, name, owner);
    }
    if let Some(parameters) = parameters {
        found.add_parameters(parameters, MAX_PARAMETER_DEPTH);
    }
    let mut targets = found.targets;
    targets.sort_by_key(|target| rank(target, service));
    targets.truncate(limit);
    targets
}

/// A model, or the profile that it was called through, by its id or its ARN, as targets of CloudTrail's events are.
pub fn model(name: Text<'_>) -> Target<'_> {
    let kind = Text::Borrowed("bedrock:model");
    Target { container: container(&kind, &name), account: part(&name, arn::account), kind, name }
}

/// How telling a target is, the lower the more: of the called service before others, named before random, the whole
/// before its parts and what is attached to it.
fn rank(target: &Target<'_>, service: &str) -> u8 {
    let own = first_part(&target.kind, b':') == service;
    let minor =
        matches!(target.kind.as_ref(), "s3:object" | "iam:policy" | "kms:key" | "kms:alias") && service != "kms";
    u8::from(minor) + 2 * u8::from(!own) + 4 * u8::from(target.container == target.kind)
}

struct Found<'s, 'a> {
    service: &'s str,
    targets: Vec<Target<'a>>,
    limit: usize,
}

/// A record's own `resources`.
pub fn resources<'a>(record: &Record<'_, 'a>) -> impl Iterator<Item = Resource<'a>> {
    record.resources.into_iter().flat_map(Value::items).filter_map(resource)
}

/// An element of `resources`: `{"ARN": …, "accountId": …, "type": "AWS::S3::Bucket"}`.
fn resource<'a>(resource: Value<'_, 'a>) -> Option<Resource<'a>> {
    let (mut name, mut owner) = (None, None);
    resource.visit(|key, value| {
        match key {
            b"ARN" | b"arn" => name = value.filled(),
            b"accountId" => owner = value.text_or_digits(),
            _ => {}
        }
        true
    });
    Some((name?, owner))
}

impl<'a> Found<'_, 'a> {
    fn add_parameters(&mut self, parameters: Value<'_, 'a>, depth: usize) {
        if depth == 0 || self.targets.len() >= self.limit {
            return;
        }
        for (key, value) in parameters.members() {
            let kind = kind_of_parameter(&key, self.service);
            let opens = || ["Set", "Request", "items", "Identifier"].iter().any(|end| key.ends_with(end));
            match kind.and_then(|kind| Some((kind, value.filled()?))) {
                Some((kind, name)) => self.add_parameter(kind, name),
                None if (value.is_object() || value.is_array()) && (kind.is_some() || opens()) => {
                    self.add_nested(kind, value, depth - 1);
                }
                None => {}
            }
        }
    }

    fn add_nested(&mut self, kind: Option<&'static str>, value: Value<'_, 'a>, depth: usize) {
        if value.is_object() {
            return self.add_parameters(value, depth);
        }
        for item in value.items() {
            match (kind, item.filled()) {
                (Some(kind), Some(name)) => self.add_parameter(kind, name),
                _ => self.add_parameters(item, depth),
            }
        }
    }

    /// A parameter that names a target; where its kind is left open (empty), only an ARN can tell it.
    fn add_parameter(&mut self, kind: &'static str, name: Text<'a>) {
        if !kind.is_empty() {
            self.add(Some(kind), name, None);
        } else if name.starts_with("arn:") {
            self.add(None, name, None);
        }
    }

    fn add(&mut self, kind: Option<&'static str>, name: Text<'a>, owner: Option<Text<'a>>) {
        if self.targets.len() >= self.limit {
            return;
        }
        let kind = kind.map(Text::Borrowed).or_else(|| Arn::parse(&name).map(kind_of_arn)).unwrap_or_default();
        let container = container(&kind, &name);
        let account = owner.or_else(|| part(&name, arn::account));
        let same =
            |other: &Target<'_>| other.kind == kind && other.container == container && is_same(&other.name, &name);
        match self.targets.iter_mut().find(|other| same(other)) {
            // The same thing by its short name and by its ARN: the ARN says more.
            Some(other) if other.name.len() < name.len() => *other = Target { kind, name, container, account },
            Some(_) => {}
            None => self.targets.push(Target { kind, name, container, account }),
        }
    }
}

fn is_same(one: &str, other: &str) -> bool {
    one == other
        || (one.starts_with("arn:") && one.ends_with(other))
        || (other.starts_with("arn:") && other.ends_with(one))
}

/// What stands for a target in a baseline.
fn container<'a>(kind: &Text<'a>, name: &Text<'a>) -> Text<'a> {
    let named = (!is_ephemeral(kind)).then(|| part(name, |name| Some(container_name(kind, name)))).flatten();
    named.filter(|container| !container.is_empty()).unwrap_or_else(|| kind.clone())
}

/// The container's name within a target's name; empty where that is random.
fn container_name<'t>(kind: &str, name: &'t str) -> &'t str {
    let local = Arn::parse(name).map_or(name, |arn| {
        if kind.starts_with("s3:") || arn.type_and_name().0.is_empty() { arn.resource } else { arn.type_and_name().1 }
    });
    match kind {
        "s3:object" | "s3:bucket" => segments(local.trim_start_matches('/'), 1),
        "secretsmanager:secret" if local.len() < name.len() => segments(without_random_suffix(local), 2),
        "secretsmanager:secret" => segments(local, 2),
        "ssm:parameter" => segments(local.trim_start_matches('/'), 2),
        "logs:group" => segments(local.trim_end_matches(":*"), 4),
        "dynamodb:table" | "ecs:cluster" => segments(local, 1),
        "sqs:queue" => last(local),
        "lambda:function" => first_part(local.strip_prefix("function:").unwrap_or(local), b':'),
        "kms:key" => last(local),
        _ if kind.starts_with("iam:") => last(local),
        _ if last(local).len() >= 36 && is_random(last(local)) => "",
        _ => local,
    }
}

/// Whether a name is, or ends with, a UUID.
fn is_random(name: &str) -> bool {
    name.len().checked_sub(36).and_then(|at| name.get(at..)).is_some_and(is_uuid)
}

fn last(path: &str) -> &str {
    path.bytes().rposition(|byte| matches!(byte, b'/' | b':')).map_or(path, |at| &path[at + 1..])
}

/// The front of a path, as many segments as `count`; a leading slash opens an empty segment.
fn segments(path: &str, count: usize) -> &str {
    let slashes = path.bytes().enumerate().filter(|(_, byte)| *byte == b'/');
    slashes.map(|(at, _)| at).nth(count - 1).map_or(path, |at| &path[..at])
}

/// A secret's ARN ends with a hyphen and six random characters after its name.
fn without_random_suffix(name: &str) -> &str {
    match name.rsplit_once('-') {
        Some((front, suffix)) if suffix.len() == 6 && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric()) => front,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_leave_out_what_is_random() {
        for (kind, name, expected) in [
            ("s3:object", "arn:aws:s3:::backups/2026/01/31/dump.gz", "backups"),
            ("s3:bucket", "backups", "backups"),
            ("s3:object", "/backups/a/b", "backups"),
            ("secretsmanager:secret", "arn:aws:secretsmanager:eu-central-1:1:secret:prod/db/main-AbC123", "prod/db"),
            ("secretsmanager:secret", "arn:aws:secretsmanager:eu-central-1:1:secret:token-AbC123", "token"),
            ("secretsmanager:secret", "prod/db", "prod/db"),
            ("ssm:parameter", "/prod/db/main/password", "prod/db"),
            ("ssm:parameter", "arn:aws:ssm:eu-central-1:1:parameter/prod/db/main", "prod/db"),
            ("sqs:queue", "https://sqs.eu-central-1.amazonaws.com/1/jobs", "jobs"),
            ("sqs:queue", "arn:aws:sqs:eu-central-1:1:jobs", "jobs"),
            ("lambda:function", "arn:aws:lambda:eu-central-1:1:function:resize:live", "resize"),
            ("lambda:function", "resize", "resize"),
            ("iam:role", "arn:aws:iam::1:role/service/app", "app"),
            ("dynamodb:table", "arn:aws:dynamodb:eu-central-1:1:table/orders/index/by-day", "orders"),
            (
                "kms:key",
                "arn:aws:kms:eu-central-1:1:key/0f8fad5b-d9cb-469f-a165-70867728950e",
                "0f8fad5b-d9cb-469f-a165-70867728950e",
            ),
            ("ec2:instance", "i-0abc", "ec2:instance"),
            ("batch:job", "arn:aws:batch:eu-central-1:1:job/0f8fad5b-d9cb-469f-a165-70867728950e", "batch:job"),
        ] {
            assert_eq!(container(&kind.into(), &name.into()), expected, "{kind} {name}");
        }
    }
}
