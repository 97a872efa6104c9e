//! CloudTrail's records as tables have them, put together again.
//!
//! In: a record whose members are a table's columns: in small letters (Athena, Glue), with underscores, flat (`UserIdentityArn` of
//! Microsoft Sentinel's `AWSCloudTrail`, `userIdentity.arn` of log services), with nested ones as JSON text or as rows of
//! CloudTrail Lake's queries (`{type=IAMUser, username=ann}`). Out: what the record's own decoder makes of the same in its own
//! form.
//!
//! Sources: "Create a table for CloudTrail logs in Athena" (Amazon Athena User Guide), "AWSCloudTrail" (Azure Monitor Logs reference).

use super::super::embedded::{Embedded, own, unfolded};
use super::super::json::Value;
use super::super::known::{Found, Known};
use super::super::rebuilt::Rebuilt;
use super::super::{DecodeError, Decoded, Delivery};
use super::row;
use crate::config::DecodeConfig;
use crate::event::Text;

/// Bytes of the longest key that is told apart.
const LONGEST: usize = 72;

/// Where a record has a text, and how columns name it: all parts of its path in one, without capitals, dots and underscores.
type Column = (&'static [&'static str], &'static [&'static str]);

/// Those of the record itself.
const OWN: [Column; 18] = [
    (&["eventVersion"], &["eventversion"]),
    (&["eventTime"], &["eventtime", "timegenerated"]),
    (&["eventSource"], &["eventsource"]),
    (&["eventName"], &["eventname"]),
    (&["eventID"], &["eventid", "awseventid"]),
    (&["eventType"], &["eventtype", "eventtypename"]),
    (&["eventCategory"], &["eventcategory"]),
    (&["readOnly"], &["readonly"]),
    (&["managementEvent"], &["managementevent"]),
    (&["sharedEventID"], &["sharedeventid"]),
    (&["awsRegion"], &["awsregion"]),
    (&["recipientAccountId"], &["recipientaccountid"]),
    (&["sourceIPAddress"], &["sourceipaddress"]),
    (&["vpcEndpointId"], &["vpcendpointid"]),
    (&["userAgent"], &["useragent"]),
    (&["errorCode"], &["errorcode"]),
    (&["errorMessage"], &["errormessage"]),
    (&["sessionCredentialFromConsole"], &["sessioncredentialfromconsole"]),
];

/// Those of `userIdentity`; paths that begin alike follow one another.
#[rustfmt::skip]
const IDENTITY: [Column; 20] = [
    (&["userIdentity", "type"], &["useridentitytype"]),
    (&["userIdentity", "principalId"], &["useridentityprincipalid"]),
    (&["userIdentity", "arn"], &["useridentityarn"]),
    (&["userIdentity", "accountId"], &["useridentityaccountid"]),
    (&["userIdentity", "userName"], &["useridentityusername", "username"]),
    (&["userIdentity", "accessKeyId"], &["useridentityaccesskeyid"]),
    (&["userIdentity", "invokedBy"], &["useridentityinvokedby"]),
    (&["userIdentity", "identityProvider"], &["useridentityidentityprovider"]),
    (&["userIdentity", "credentialId"], &["useridentitycredentialid"]),
    (&["userIdentity", "onBehalfOf", "userId"], &["useridentityonbehalfofuserid"]),
    (&["userIdentity", "onBehalfOf", "identityStoreArn"], &["useridentityonbehalfofidentitystorearn"]),
    (&["userIdentity", "sessionContext", "sourceIdentity"], &["useridentitysessioncontextsourceidentity"]),
    (&["userIdentity", "sessionContext", "ec2RoleDelivery"], &["useridentitysessioncontextec2roledelivery", "ec2roledelivery"]),
    (&["userIdentity", "sessionContext", "sessionIssuer", "type"], &["useridentitysessioncontextsessionissuertype", "sessionissuertype"]),
    (&["userIdentity", "sessionContext", "sessionIssuer", "arn"], &["useridentitysessioncontextsessionissuerarn", "sessionissuerarn"]),
    (&["userIdentity", "sessionContext", "sessionIssuer", "accountId"], &["useridentitysessioncontextsessionissueraccountid", "sessionissueraccountid"]),
    (&["userIdentity", "sessionContext", "sessionIssuer", "userName"], &["useridentitysessioncontextsessionissuerusername", "sessionissuerusername"]),
    (&["userIdentity", "sessionContext", "webIdFederationData", "federatedProvider"], &["useridentitysessioncontextwebidfederationdatafederatedprovider"]),
    (&["userIdentity", "sessionContext", "attributes", "creationDate"], &["useridentitysessioncontextattributescreationdate", "sessioncreationdate"]),
    (&["userIdentity", "sessionContext", "attributes", "mfaAuthenticated"], &["useridentitysessioncontextattributesmfaauthenticated", "sessionmfaauthenticated"]),
];

/// Members of a record that are objects, or lists.
const NESTED: [(&str, &str); 3] = [
    ("requestParameters", "requestparameters"),
    ("responseElements", "responseelements"),
    ("serviceEventDetails", "serviceeventdetails"),
];

/// Whether an object has columns: of the names that every record has, or of `userIdentity`'s members.
pub fn are_in(value: Value<'_, '_>) -> bool {
    let is_own = |name: &str| value.member(name).is_some();
    let named = || ["eventname", "eventsource"].iter().all(|name| find(value, name).is_some());
    let flat = || find(value, "useridentitytype").or_else(|| find(value, "useridentityarn")).is_some();
    if is_own("eventName") && is_own("eventSource") { flat() } else { named() }
}

/// Whether an object has columns, and more of them than an action and where it was done: others' logs have these two.
pub fn are_telling(value: Value<'_, '_>) -> bool {
    const OTHERS: [&str; 5] = ["useridentity", "useridentitytype", "useridentityarn", "eventversion", "awsregion"];
    are_in(value) && OTHERS.iter().any(|name| find(value, name).is_some())
}

/// Whether `userIdentity` is one in the form of a text.
pub fn is_text(identity: Value<'_, '_>) -> bool {
    identity.is_text() && identity.as_written().starts_with('{')
}

/// Decodes the record that the columns are of.
pub fn decode<'a>(
    value: Value<'_, 'a>,
    record: &'a [u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let wanted = |key: &str| matches!(&*fold(key), "useridentity" | "resources");
    match unfolded(value, wanted, config.max_depth) {
        Some(unfolded) => own(of_columns(unfolded.document().root(), record, delivery, config)),
        None => of_columns(value, record, delivery, config),
    }
}

fn of_columns<'a>(value: Value<'_, 'a>, record: &[u8], delivery: &Delivery<'_>, config: &DecodeConfig) -> Decoded<'a> {
    // Parameters that stand as text may be deeper than records are read.
    let decode = |rebuilt: Rebuilt| {
        let rebuilt = rebuilt.read(config.max_depth)?;
        let document = rebuilt.document();
        let (value, found) = (document.root(), Found::of(document.root()));
        Some(own(super::decode_known(&Known { value, found: &found }, record, delivery, config)))
    };
    let decoded = decode(rebuilt(value, &NESTED, config)).or_else(|| decode(rebuilt(value, &[], config)));
    decoded.unwrap_or(Err(DecodeError::WrongType { field: "userIdentity", expected: "an object" }.into()))
}

/// The record in its own form, with these of its objects and lists.
fn rebuilt(value: Value<'_, '_>, nested: &[(&'static str, &str)], config: &DecodeConfig) -> Rebuilt {
    let mut rebuilt = Rebuilt::default();
    for (path, names) in &OWN {
        rebuilt.text(path, first(value, names));
    }
    for (name, column) in nested {
        rebuilt.json(&[name], find(value, column));
    }
    resources(&mut rebuilt, value);
    let row = find(value, "useridentity").filter(|it| it.is_text()).and_then(Value::filled);
    match row.and_then(|row| Embedded::read(row::json(&row)?, config.max_depth)) {
        Some(row) => identity(&mut rebuilt, row.document().root(), "useridentity"),
        None => identity(&mut rebuilt, value, ""),
    }
    rebuilt
}

/// `userIdentity`, of columns whose names go on behind `front`.
fn identity(rebuilt: &mut Rebuilt, value: Value<'_, '_>, front: &str) {
    for (path, names) in &IDENTITY {
        let own = || names.iter().filter_map(|name| name.strip_prefix(front)).find_map(|name| text(find(value, name)?));
        rebuilt.text(path, own());
    }
}

/// `resources`, whose members have names of their own in capitals.
fn resources(rebuilt: &mut Rebuilt, value: Value<'_, '_>) {
    let quoted = |text: &Text<'_>| serde_json::to_string(&**text).expect("a text is JSON");
    let listed = find(value, "resources").into_iter().flat_map(Value::items).take(64).filter_map(|resource| {
        let arn = text(find(resource, "arn")?)?;
        let owner = find(resource, "accountid").and_then(text);
        let owner = owner.map(|owner| [",\"accountId\":", &quoted(&owner)].concat()).unwrap_or_default();
        let class = find(resource, "type").and_then(text);
        let class = class.map(|class| [",\"type\":", &quoted(&class)].concat()).unwrap_or_default();
        Some(["{\"ARN\":", &quoted(&arn), &owner, &class, "}"].concat())
    });
    let listed: Vec<String> = listed.collect();
    if !listed.is_empty() {
        rebuilt.raw(&["resources"], &["[", &listed.join(","), "]"].concat());
    }
}

fn first<'a>(value: Value<'_, 'a>, names: &[&str]) -> Option<Text<'a>> {
    names.iter().find_map(|name| text(find(value, name)?))
}

/// What a column says, as text; tables write `null` where they have nothing.
fn text<'a>(value: Value<'_, 'a>) -> Option<Text<'a>> {
    let truth = || value.truth().map(|truth| Text::Borrowed(if truth { "true" } else { "false" }));
    value.text_or_digits().or_else(truth).filter(|text| text != "null")
}

/// The member of this folded name, or the one that it leads to through nested ones.
fn find<'t, 'a>(value: Value<'t, 'a>, name: &str) -> Option<Value<'t, 'a>> {
    let mut found = None;
    value.visit(|key, member| {
        if let Some(rest) = behind(name, key).filter(|_| !member.is_null()) {
            found = if rest.is_empty() { Some(member) } else { find(member, rest) };
        }
        found.is_none()
    });
    found
}

/// What follows in a folded name behind a key, capitals, dots and underscores in which say nothing; none where the key says nothing.
fn behind<'n>(name: &'n str, key: &[u8]) -> Option<&'n str> {
    // Most differ in their first letter, which capitals lack a bit of.
    let first = *key.first()?;
    if !matches!(first, b'_' | b'.') && Some(first | 0x20) != name.bytes().next() {
        return None;
    }
    let mut says = key.iter().filter(|byte| !matches!(byte, b'_' | b'.')).map(u8::to_ascii_lowercase);
    let mut rest = name.bytes();
    let is_front = says.all(|byte| rest.next() == Some(byte)) && rest.len() < name.len();
    is_front.then(|| &name[name.len() - rest.len()..])
}

/// A key without capitals, dots and underscores; empty where it is too long to be one that is looked for.
fn fold(key: &str) -> String {
    let kept = key.bytes().filter(|byte| !matches!(byte, b'_' | b'.')).map(|byte| byte.to_ascii_lowercase());
    if key.len() > LONGEST || !key.is_ascii() { String::new() } else { kept.map(char::from).collect() }
}
