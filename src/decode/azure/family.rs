//! Which of Azure's logs a record is of: all of them come through the same diagnostic settings, in the same form.
//!
//! Told by the category, by the table of Log Analytics, else by what the record has.

use super::super::json::Value;
use super::super::text::{self, begins, is, small};
use super::fields::{Field, Record};
use super::tables::{self, Table};
use super::{cluster, defender, devops};
use crate::event::Text;

/// A log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// The activity log, or the log of a resource: who called which operation on what.
    Resource,
    /// The audit log of a database: who ran what on it.
    Database,
    /// The audit log of a Kubernetes cluster, as text within.
    Kubernetes,
    /// The same, its members as columns.
    KubernetesTable,
    /// Sign-ins to the directory.
    SignIn,
    /// What was done in the directory.
    Audit,
    /// Requests to Microsoft Graph.
    Graph,
    /// Another's log, in a table of Log Analytics.
    Table(Table),
    /// What was done in Azure DevOps.
    DevOps,
    /// What Defender saw of identities and in apps.
    Defender,
    /// No audit of what somebody did.
    Other,
}

/// The log that a record is of.
pub(super) fn of(record: &Record<'_, '_>) -> Family {
    let table = record.outer.text(Field::Type).and_then(|table| of_word(&table).or_else(|| of_connector(&table)));
    let category = || record.word(Field::Category).and_then(|category| of_word(&category));
    table.or_else(category).unwrap_or_else(|| by_shape(record))
}

/// Whether a table of Log Analytics has rows that say what somebody did.
pub(super) fn is_table(table: &str) -> bool {
    let family = of_word(table).or_else(|| of_connector(table));
    family.is_some_and(|family| family != Family::Other || begins(table, "aad")) || table == "AzureActivity"
}

/// Whether a category is that of one of the directory's logs.
pub(super) fn is_of_directory(category: &str) -> bool {
    matches!(of_word(category), Some(Family::SignIn | Family::Audit | Family::Graph))
}

/// Whether a row of Log Analytics that does not name its table has the columns of one of these.
pub(super) fn is_row(row: Value<'_, '_>) -> bool {
    let mut record = Record::unseen(row);
    record.find();
    tables::shaped(row).is_some()
        || defender::is_row(row)
        || devops::is_record(&record)
        || is_row_of_sign_in(&record)
        || is_query(&record)
        || cluster::is_row(row)
}

/// Whether an object with the time of a sign-in says whose it was, and to what or from where.
pub(super) fn is_sign_in(value: Value<'_, '_>) -> bool {
    let mut record = Record::unseen(value);
    record.find();
    let has_code = |status: Value<'_, '_>| ["errorCode", "ErrorCode"].iter().any(|name| status.member(name).is_some());
    says_who(&record)
        && (record.outer.has(Field::IpAddress)
            || record.outer.has(Field::AppId)
            || record.outer.get(Field::Status).is_some_and(has_code))
}

fn says_who(record: &Record<'_, '_>) -> bool {
    [Field::UserPrincipalName, Field::UserId, Field::ServicePrincipalId, Field::ServicePrincipalName]
        .into_iter()
        .any(|field| record.outer.has(field))
}

/// Whether a row without the name of its table is a sign-in's: who, with which result, and to what or from where.
fn is_row_of_sign_in(record: &Record<'_, '_>) -> bool {
    let has = |field| record.outer.has(field);
    says_who(record)
        && has(Field::ResultType)
        && [Field::AppId, Field::AppDisplayName, Field::IpAddress, Field::ServicePrincipalId].into_iter().any(has)
}

/// Whether the operation is what every sign-in is called.
fn is_sign_in_by_name(record: &Record<'_, '_>) -> bool {
    record.word(Field::OperationName).is_some_and(|name| name == "Sign-in activity")
}

/// Whether a row tells of a query of logs (`LAQueryLogs`).
fn is_query(record: &Record<'_, '_>) -> bool {
    record.root.member("QueryText").is_some() && record.outer.has(Field::RequesterObject)
}

/// What diagnostic settings call a query of logs, whose table has no column for it.
pub(super) fn query(record: &Record<'_, '_>) -> Option<Text<'static>> {
    is_query(record).then_some(Text::Borrowed("query"))
}

/// Whether a row is what the parts of a cluster's control plane write of themselves, and not an audit event that one of them carries.
pub(super) fn is_of_control_plane(row: Value<'_, '_>) -> bool {
    let is = |name, value| row.text_at(&[name]).is_some_and(|text| text == value);
    let carries = || row.text_at(&["Message"]).is_some_and(|message| message.contains("audit.k8s.io"));
    is("Type", "AKSControlPlane") && !carries()
}

/// Tables that connectors fill.
fn of_connector(table: &str) -> Option<Family> {
    tables::named(table).map(Family::Table).or_else(|| begins(table, "adoauditlogs").then_some(Family::DevOps))
}

fn of_word(word: &str) -> Option<Family> {
    // The most frequent category of the activity log, which has no other.
    if is(word.as_bytes(), b"administrative") {
        return None;
    }
    let mut room = [0; 48];
    let folded = small(word, &mut room);
    let folded = folded.strip_prefix(b"aad").unwrap_or(folded);
    match folded {
        b"signinlogs"
        | b"noninteractiveusersigninlogs"
        | b"serviceprincipalsigninlogs"
        | b"managedidentitysigninlogs"
        | b"adfssigninlogs"
        | b"microsoftserviceprincipalsigninlogs" => Some(Family::SignIn),
        b"auditlogs" => Some(Family::Audit),
        b"microsoftgraphactivitylogs" | b"graphactivitylogs" | b"azureadgraphactivitylogs" => Some(Family::Graph),
        b"kube-audit" | b"kube-audit-admin" => Some(Family::Kubernetes),
        b"aksaudit" | b"aksauditadmin" => Some(Family::KubernetesTable),
        b"sqlsecurityauditevents" | b"devopsoperationsaudit" => Some(Family::Database),
        b"azuredevopsauditing" => Some(Family::DevOps),
        b"appserviceauditlogs"
        | b"auditevent"
        | b"laquerylogs"
        | b"storageread"
        | b"storagewrite"
        | b"storagedelete" => Some(Family::Resource),
        _ if defender::is_named(word) => Some(Family::Defender),
        _ => is_no_audit(word, folded).then_some(Family::Other),
    }
}

/// Categories of events of health, of alerts and advice, of risk that the provider sees, and of traffic.
fn is_no_audit(category: &str, folded: &[u8]) -> bool {
    const CATEGORIES: [&str; 28] = [
        "akscontrolplane",
        "alert",
        "allmetrics",
        "autoscale",
        "azurefirewallapplicationrule",
        "azurefirewalldnsproxy",
        "azurefirewallnetworkrule",
        "b2crequestlogs",
        "cloud-controller-manager",
        "cluster-autoscaler",
        "enrichedoffice365auditlogs",
        "functionapplogs",
        "guard",
        "kube-apiserver",
        "kube-controller-manager",
        "kube-scheduler",
        "networkaccesstrafficlogs",
        "provisioninglogs",
        "recommendation",
        "remotenetworkhealthlogs",
        "resourcehealth",
        "riskyserviceprincipals",
        "riskyusers",
        "security",
        "servicehealth",
        "serviceprincipalriskevents",
        "userriskevents",
        "workflowruntime",
    ];
    let fronts = ["advancedhunting-", "appservice", "csi-"];
    let ends = ["flowevent", "flowlogflowevent", "accesslog", "firewalllog", "performancelog", "rulecounter"];
    CATEGORIES.binary_search_by(|known| known.as_bytes().cmp(folded)).is_ok()
        || fronts.iter().any(|front| begins(category, front))
        || ends.iter().any(|end| text::ends(category, end))
}

fn by_shape(record: &Record<'_, '_>) -> Family {
    let has = |field| record.inner.has(field) || record.outer.has(field);
    let operation = record.outer.has(Field::OperationNameValue) || record.outer.has(Field::EventTime);
    if operation {
        Family::Resource
    } else if has(Field::InitiatedBy) || has(Field::ActivityDateTime) {
        Family::Audit
    } else if has(Field::RequestMethod) && has(Field::RequestUri) && has(Field::AppId) {
        Family::Graph
    } else if (has(Field::CreatedDateTime) && (has(Field::AppId) || says_who(record) || is_sign_in_by_name(record)))
        || is_row_of_sign_in(record)
    {
        Family::SignIn
    } else if record.outer.text(Field::ResourceId).is_some_and(|id| text::ends(&id, "microsoft.aadiam")) {
        Family::Audit
    } else if devops::is_record(record) {
        Family::DevOps
    } else if record.outer.has(Field::OperationName) {
        // No other table has such a column.
        Family::Resource
    } else if defender::is_row(record.root) {
        Family::Defender
    } else if cluster::is_row(record.root) {
        Family::KubernetesTable
    } else {
        let row = record.is_of_log_analytics().then_some(record.root);
        row.and_then(tables::shaped).map_or(Family::Resource, Family::Table)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories() {
        assert_eq!(of_word("SignInLogs"), Some(Family::SignIn));
        assert_eq!(of_word("AADServicePrincipalSignInLogs"), Some(Family::SignIn));
        assert_eq!(of_word("AuditEvent"), Some(Family::Resource));
        assert_eq!(of_word("SQLSecurityAuditEvents"), Some(Family::Database));
        assert_eq!(of_word("ServiceHealth"), Some(Family::Other));
        assert_eq!(of_word("NetworkSecurityGroupFlowEvent"), Some(Family::Other));
        assert_eq!(of_word("RiskyUsers"), Some(Family::Other));
        assert_eq!(of_word("Policy"), None, "a category of both the activity log and the directory's");
    }
}
