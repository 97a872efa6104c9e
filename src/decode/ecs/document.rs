//! What a document says at the paths that anything is made of.

use super::super::paths::{self, Found, Paths, Slot};

/// The paths, in order.
const ALL: [&str; 67] = [
    "@timestamp",
    "aws.cloudtrail",
    "azure.activitylogs.identity.authorization.evidence.principal_type",
    "azure.activitylogs.identity.claims.appid",
    "azure.auditlogs.properties.initiated_by.app.appId",
    "azure.auditlogs.tenant_id",
    "azure.graphactivitylogs.properties.app_id",
    "azure.resource.id",
    "azure.signinlogs.properties.app_id",
    "azure.signinlogs.properties.unique_token_identifier",
    "azure.signinlogs.tenant_id",
    "azure.tenant_id",
    "client.ip",
    "client.user.email",
    "client.user.full_name",
    "client.user.id",
    "client.user.name",
    "cloud.account.id",
    "cloud.project.id",
    "cloud.provider",
    "cloud.region",
    "cloud.service.name",
    "data_stream.dataset",
    "error.code",
    "event.action",
    "event.category",
    "event.dataset",
    "event.id",
    "event.kind",
    "event.module",
    "event.original",
    "event.outcome",
    "event.provider",
    "event.type",
    "file.name",
    "file.path",
    "group.name",
    "message",
    "observer.vendor",
    "okta.actor.type",
    "okta.authentication_context.external_session_id",
    "okta.transaction.detail.request_api_token_id",
    "orchestrator.cluster.name",
    "orchestrator.resource.name",
    "organization.id",
    "organization.name",
    "service.id",
    "service.name",
    "service.target.name",
    "source.address",
    "source.ip",
    "source.user.email",
    "source.user.full_name",
    "source.user.id",
    "source.user.name",
    "user.effective.id",
    "user.effective.name",
    "user.email",
    "user.entity.sub_type",
    "user.full_name",
    "user.id",
    "user.name",
    "user.target.email",
    "user.target.group.name",
    "user.target.id",
    "user.target.name",
    "user_agent.original",
];

/// Finds them.
pub(super) static PATHS: Paths<{ ALL.len() }> = Paths::new(ALL);

/// A document that was read.
pub(super) type Document<'t, 'a> = Found<'t, 'a, { ALL.len() }>;

/// The slot of a path.
pub(super) const fn slot(path: &str) -> Slot {
    paths::slot(&ALL, path)
}

/// The slots of paths.
pub(super) const fn slots<const N: usize>(paths: [&str; N]) -> [Slot; N] {
    paths::slots(&ALL, paths)
}
