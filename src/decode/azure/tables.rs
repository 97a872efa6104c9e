//! Tables of Log Analytics in which connectors keep the records of others: Okta's, GitHub's, Google's.
//!
//! In: a row, whose columns have the type behind (`actor_alternateId_s`), capitals (`ActorEmail`), or names of the connector's own
//! (`OriginalActorAlternateId`). Out: what the log's own decoder makes of the record that the columns are of.
//!
//! Sources: the connectors of Microsoft Sentinel and their data collection rules (`OktaV2_CL`, `GitHubAuditLogsV3_CL`,
//! `GoogleWorkspaceReports`), "GCPAuditLogs" of the Azure Monitor Logs reference.

use super::super::embedded::{Embedded, own};
use super::super::json::Value;
use super::super::rebuilt::Rebuilt;
use super::super::text::begins;
use super::super::{DecodeError, Decoded, Delivery, gcp, github, okta, workspace};
use crate::config::DecodeConfig;

/// A member of a record, and the columns that say it: the first that is there, in small letters and without its type.
type Column = (&'static [&'static str], &'static [&'static str]);

/// Whose records the rows of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Gcp,
    Github,
    Okta,
    Workspace,
}

/// Fronts of tables' names, and whose they are.
const NAMES: [(&str, Table); 8] = [
    ("gcpauditlogs", Table::Gcp),
    ("gcp_iam_cl", Table::Gcp),
    ("githubaudit", Table::Github),
    ("googleworkspacereports", Table::Workspace),
    ("gworkspace", Table::Workspace),
    ("okta_cl", Table::Okta),
    ("oktasso", Table::Okta),
    ("oktav2", Table::Okta),
];

/// Columns that tell whose a row is which does not name its table.
const TELLING: [(&[&str], Table); 7] = [
    (&["methodname", "servicename", "insertid"], Table::Gcp),
    (&["payload_methodname", "payload_servicename"], Table::Gcp),
    (&["action", "actor", "org"], Table::Github),
    (&["eventtype", "published", "uuid"], Table::Okta),
    (&["eventoriginaltype", "originaloutcomeresult"], Table::Okta),
    (&["id_applicationname", "event_name"], Table::Workspace),
    (&["idapplicationname", "eventmessage"], Table::Workspace),
];

/// Members of a `LogEntry`; paths that begin alike follow one another.
#[rustfmt::skip]
const GCP: [Column; 19] = [
    (&["insertId"], &["insertid"]),
    (&["timestamp"], &["timestamp", "timegenerated"]),
    (&["logName"], &["logname"]),
    (&["severity"], &["severity"]),
    (&["resource", "type"], &["gcpresourcetype", "resource_type"]),
    (&["resource", "labels", "project_id"], &["projectid", "resource_labels_project_id"]),
    (&["protoPayload", "serviceName"], &["servicename", "payload_servicename"]),
    (&["protoPayload", "methodName"], &["methodname", "payload_methodname"]),
    (&["protoPayload", "resourceName"], &["resourcename", "gcpresourcename", "payload_resourcename"]),
    (&["protoPayload", "authorizationInfo"], &["authorizationinfo", "payload_authorizationinfo"]),
    (&["protoPayload", "request"], &["request"]),
    (&["protoPayload", "response"], &["response"]),
    (&["protoPayload", "metadata"], &["metadata"]),
    (&["protoPayload", "serviceData"], &["servicedata"]),
    (&["protoPayload", "status"], &["status"]),
    (&["protoPayload", "requestMetadata"], &["requestmetadata"]),
    (&["protoPayload", "requestMetadata", "callerIp"], &["payload_requestmetadata_callerip"]),
    (&["protoPayload", "requestMetadata", "callerSuppliedUserAgent"], &["payload_requestmetadata_callersupplieduseragent"]),
    (&["protoPayload", "authenticationInfo"], &["authenticationinfo"]),
];

/// Who it was, where `authenticationInfo` is no column.
const GCP_PRINCIPAL: [Column; 1] = [(
    &["protoPayload", "authenticationInfo", "principalEmail"],
    &["principalemail", "payload_authenticationinfo_principalemail"],
)];

/// Members of Okta's `LogEvent`.
#[rustfmt::skip]
const OKTA: [Column; 26] = [
    (&["uuid"], &["uuid", "eventoriginaluid"]),
    (&["published"], &["published", "timegenerated"]),
    (&["eventType"], &["eventtype", "eventoriginaltype"]),
    (&["displayMessage"], &["displaymessage", "eventmessage"]),
    (&["actor", "id"], &["actor_id", "originaluserid", "actoruserid"]),
    (&["actor", "type"], &["actor_type", "originalusertype"]),
    (&["actor", "alternateId"], &["actor_alternateid", "originalactoralternateid", "actorusername"]),
    (&["actor", "displayName"], &["actor_displayname", "actordisplayname"]),
    (&["client", "id"], &["client_id", "srcdvcid"]),
    (&["client", "ipAddress"], &["client_ipaddress", "srcipaddr"]),
    (&["client", "userAgent", "rawUserAgent"], &["client_useragent_rawuseragent", "httpuseragent"]),
    (&["outcome", "result"], &["outcome_result", "originaloutcomeresult", "eventresult"]),
    (&["outcome", "reason"], &["outcome_reason", "eventoriginalresultdetails"]),
    (&["target"], &["target", "originaltarget"]),
    (&["request"], &["request"]),
    (&["transaction", "id"], &["transaction_id", "transactionid"]),
    (&["transaction", "type"], &["transaction_type", "transactiontype"]),
    (&["transaction", "detail"], &["transactiondetail"]),
    (&["transaction", "detail", "requestApiTokenId"], &["transaction_detail_requestapitokenid"]),
    (&["debugContext", "debugData"], &["debugdata"]),
    (&["debugContext", "debugData", "clientId"], &["debugcontext_debugdata_clientid"]),
    (&["authenticationContext", "externalSessionId"], &["authenticationcontext_externalsessionid", "actorsessionid"]),
    (&["authenticationContext", "issuer", "id"], &["authenticationcontext_issuer_id", "authenticationcontextissuerid"]),
    (&["securityContext", "asNumber"], &["securitycontext_asnumber", "securitycontextasnumber"]),
    (&["securityContext", "isProxy"], &["securitycontext_isproxy", "securitycontextisproxy"]),
    (&["version"], &["version"]),
];

/// Members of an activity of Google Workspace, but for its event's parameters.
#[rustfmt::skip]
const WORKSPACE: [Column; 11] = [
    (&["id", "time"], &["id_time", "idtime", "timegenerated"]),
    (&["id", "uniqueQualifier"], &["id_uniquequalifier", "iduniquequalifier", "eventid"]),
    (&["id", "applicationName"], &["id_applicationname", "idapplicationname"]),
    (&["id", "customerId"], &["id_customerid", "idcustomerid", "useraadid"]),
    (&["actor", "email"], &["actor_email", "actoremail"]),
    (&["actor", "profileId"], &["actor_profileid", "actorprofileid"]),
    (&["actor", "callerType"], &["actor_callertype", "actorcallertype"]),
    (&["actor", "key"], &["actor_key", "actorkey"]),
    (&["ownerDomain"], &["ownerdomain"]),
    (&["ipAddress"], &["ipaddress", "srcipaddr"]),
    (&["events", "name"], &["event_name", "eventname", "eventmessage"]),
];

/// Whose rows a table of this name has.
pub(super) fn named(table: &str) -> Option<Table> {
    NAMES.iter().find(|(front, _)| begins(table, front)).map(|(_, table)| *table)
}

/// Whose a row is, by its columns.
pub(super) fn shaped(row: Value<'_, '_>) -> Option<Table> {
    let has = |names: &&str| column(row, &[names]).is_some();
    TELLING.iter().find(|(names, _)| names.iter().all(&has)).map(|(_, table)| *table)
}

/// Decodes a row.
pub(super) fn decode<'a>(
    table: Table,
    row: Value<'_, 'a>,
    bytes: &[u8],
    delivery: &Delivery<'_>,
    config: &DecodeConfig,
) -> Decoded<'a> {
    let decode = match table {
        Table::Gcp => gcp::decode,
        Table::Github => github::decode,
        Table::Okta => okta::decode,
        Table::Workspace => workspace::decode_value,
    };
    let wrong = DecodeError::WrongType { field: "row", expected: "columns of another's record" };
    let record = record(table, row, config.max_depth).ok_or(wrong)?;
    own(decode(record.document().root(), bytes, delivery, config))
}

/// The record that the columns are of.
fn record(table: Table, row: Value<'_, '_>, max_depth: usize) -> Option<Embedded> {
    let mut rebuilt = Rebuilt::default();
    match table {
        Table::Github => return Embedded::read(plain(row), max_depth),
        Table::Okta => fill(&mut rebuilt, row, &OKTA),
        Table::Gcp => {
            fill(&mut rebuilt, row, &GCP);
            if column(row, &["authenticationinfo"]).is_none() {
                fill(&mut rebuilt, row, &GCP_PRINCIPAL);
            }
        }
        Table::Workspace => {
            fill(&mut rebuilt, row, &WORKSPACE);
            rebuilt.raw(&["events", "parameters"], &plain(row));
        }
    }
    rebuilt.read(max_depth)
}

fn fill(rebuilt: &mut Rebuilt, row: Value<'_, '_>, columns: &[Column]) {
    for (path, names) in columns {
        if let Some(value) = column(row, names) {
            rebuilt.value(path, value);
        }
    }
}

/// The first of these columns that says anything.
fn column<'t, 'a>(row: Value<'t, 'a>, names: &[&str]) -> Option<Value<'t, 'a>> {
    let says = |value: &Value<'_, '_>| !value.is_null() && (!value.is_text() || value.is_filled());
    let find = |name: &&str| {
        let mut found = None;
        row.visit(|key, value| {
            found = found
                .or(Some(value).filter(|value| without_type(key).eq_ignore_ascii_case(name.as_bytes()) && says(value)));
            found.is_none()
        });
        found
    };
    names.iter().find_map(find)
}

/// A column's name without the type that the older tables put behind it.
fn without_type(key: &[u8]) -> &[u8] {
    match key {
        [name @ .., b'_', b's' | b'g' | b'd' | b'b' | b't'] if !name.is_empty() => name,
        key => key,
    }
}

/// A row as an object whose members have names in small letters with underscores: `ActorIp` and `actor_ip_s` are `actor_ip`. The
/// time of what happened is `@timestamp`.
fn plain(row: Value<'_, '_>) -> String {
    let timed = column(row, &["@timestamp", "_timestamp", "timestamp", "created_at", "createdat"]).is_some();
    let mut json = String::from("{");
    for (key, value) in row.members() {
        let says = !value.is_null() && (!value.is_text() || value.is_filled());
        let name = match &*with_underscores(&key) {
            "type" => continue,
            "time_generated" if timed => continue,
            "time_generated" | "timestamp" | "_timestamp" => "@timestamp".to_owned(),
            name => name.to_owned(),
        };
        let Some(name) = serde_json::to_string(&name).ok().filter(|_| says) else { continue };
        let text = if value.is_text() { "\"" } else { "" };
        let comma = if json.len() > 1 { "," } else { "" };
        json.extend([comma, &name, ":", text, value.as_written(), text]);
    }
    json.push('}');
    json
}

fn with_underscores(key: &str) -> String {
    let key = key.get(..without_type(key.as_bytes()).len()).unwrap_or(key);
    let mut name = String::with_capacity(key.len() + 4);
    let mut after_small = false;
    for letter in key.chars() {
        if letter.is_ascii_uppercase() && after_small {
            name.push('_');
        }
        after_small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        name.push(letter.to_ascii_lowercase());
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_columns() {
        for (key, expected) in [
            ("actor_ip_s", "actor_ip"),
            ("ActorIp", "actor_ip"),
            ("_document_id_s", "_document_id"),
            ("USER_EMAIL", "user_email"),
            ("created_at_d", "created_at"),
            ("_s", "_s"),
            ("é", "é"),
        ] {
            assert_eq!(with_underscores(key), expected, "{key}");
        }
        assert_eq!(named("GWorkspace_ReportsAPI_login_CL"), Some(Table::Workspace));
        assert_eq!(named("Syslog"), None);
    }
}
