//! Who asked: `user`, and whom he made himself out to be.
//!
//! The actor is who was authenticated; `impersonatedUser` is whom the request was for. What an authenticator adds is in
//! `extra`: of a bound token the pod, the node and the credential's id ("Managing Service Accounts", Kubernetes'
//! documentation), of AWS's authenticator the role's ARN, the session and the key (EKS).

use super::super::Delivery;
use super::super::json::Value;
use super::super::names::Names;
use super::super::text::part;
use super::record::Record;
use crate::event::{Actor, Credential, CredentialClass, Delegator, Issuer, Relation, Text};

/// Reads who asked.
pub fn actor<'a>(record: &Record<'_, 'a>, delivery: &Delivery<'_>) -> Actor<'a> {
    static NAMES: Names<4> = Names::new(["username", "uid", "extra", "name"]);
    let [name, uid, extra, own_name] = NAMES.within(record.user);
    let extra = Extra::find(extra);
    let told = || record.login_name.clone().or_else(|| extra.login.clone());
    let own = || told().or_else(|| own_name.and_then(Value::filled));
    // Who signs in is nobody to the cluster yet.
    let name = name.and_then(Value::filled).filter(|name| name != "system:anonymous" || told().is_none());
    let name = name.or_else(own).unwrap_or_default();
    let scope = delivery.scope.map(|scope| Text::Owned(scope.to_owned()));
    Actor {
        class: Text::Borrowed(class(&name)),
        uid: uid.and_then(Value::filled),
        short_name: part(&name, |name| name.strip_prefix("system:serviceaccount:")?.split(':').nth(1)),
        account: scope.or_else(|| record.cluster.clone()),
        credential: credential(&extra),
        delegators: delegators(record, &extra),
        issuer: extra.arn.as_ref().map(issuer),
        session: extra.session,
        via_service: false,
        name,
    }
}

/// Kubernetes has no word for the type of a user but what its name begins with.
fn class(name: &str) -> &'static str {
    match name {
        "" => "unknown",
        "system:anonymous" => "anonymous",
        _ if name.starts_with("system:serviceaccount:") => "serviceaccount",
        _ if name.starts_with("system:node:") => "node",
        _ if name.starts_with("system:") => "system",
        _ => "user",
    }
}

/// What the authenticator added; each is a list of texts, of which the first counts.
#[derive(Debug, Default)]
struct Extra<'a> {
    pod: Option<Text<'a>>,
    node: Option<Text<'a>>,
    credential: Option<Text<'a>>,
    access_key: Option<Text<'a>>,
    arn: Option<Text<'a>>,
    session: Option<Text<'a>>,
    /// The name that a user of Rancher signs in by.
    login: Option<Text<'a>>,
}

impl<'a> Extra<'a> {
    fn find(extra: Option<Value<'_, 'a>>) -> Extra<'a> {
        let mut found = Extra::default();
        for (key, value) in extra.into_iter().flat_map(Value::members) {
            let first = value.filled().or_else(|| value.items().find_map(Value::filled));
            match own_name(&key) {
                "pod-name" => found.pod = first,
                "node-name" => found.node = first,
                "credential-id" => found.credential = first,
                "accessKeyId" => found.access_key = first,
                "canonicalArn" => found.arn = first,
                "arn" if found.arn.is_none() => found.arn = first,
                "username" => found.login = first,
                "sessionName" => found.session = first,
                _ => {}
            }
        }
        found
    }
}

/// `pod-name` of `authentication.kubernetes.io/pod-name`, which some exports write `authentication_kubernetes_io_slash_pod-name`.
fn own_name(key: &str) -> &str {
    const FRONTS: [&str; 3] =
        ["authentication.kubernetes.io/", "authentication_kubernetes_io_slash_", "authentication_kubernetes_io/"];
    FRONTS.iter().find_map(|front| key.strip_prefix(front)).unwrap_or(key)
}

/// A bound token's or a certificate's id, an AWS key, or the token that a pod holds.
fn credential<'a>(extra: &Extra<'a>) -> Option<Credential<'a>> {
    let of = |id: Text<'a>, class| Some(Credential { id, class, issued: None, mfa: false });
    if let Some(id) = extra.credential.clone() {
        let class = if id.starts_with("X509SHA256=") { CredentialClass::LongTerm } else { CredentialClass::Temporary };
        return of(id, class);
    }
    if let Some(key) = extra.access_key.clone() {
        let class = if key.starts_with("AKIA") { CredentialClass::LongTerm } else { CredentialClass::Temporary };
        return of(key, class);
    }
    extra.pod.as_ref().and_then(|_| of(Text::Borrowed(""), CredentialClass::Temporary))
}

fn delegators<'a>(record: &Record<'_, 'a>, extra: &Extra<'a>) -> Vec<Delegator<'a>> {
    let impersonated = record.impersonated_user.and_then(|user| user.text_at(&["username"]));
    let named = [
        (Relation::Impersonates, impersonated),
        (Relation::Pod, extra.pod.clone()),
        (Relation::Node, extra.node.clone()),
    ];
    named.into_iter().filter_map(|(relation, name)| Some(Delegator { relation, name: name? })).collect()
}

/// The AWS identity that AWS's authenticator let in.
fn issuer<'a>(arn: &Text<'a>) -> Issuer<'a> {
    let class = if arn.contains(":user/") { "IAMUser" } else { "Role" };
    Issuer {
        class: Text::Borrowed(class),
        name: arn.clone(),
        short_name: part(arn, |arn| arn.split('/').nth(1)).unwrap_or_default(),
        account: part(arn, |arn| arn.split(':').nth(4)).filter(|account| !account.is_empty()),
    }
}
