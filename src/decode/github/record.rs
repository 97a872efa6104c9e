//! The members of a GitHub audit record that anything is made of, found in one pass and not yet looked into.
//!
//! Members lie at the top, or in `data` where GitHub Enterprise Server and older exports put them; those at the top count
//! first. Sources: GitHub Docs, "Audit log events for your enterprise" (fields), "Get the audit log for an enterprise"
//! (REST), "About token data in the audit log for an enterprise", `OrganizationAuditEntry` (GraphQL: `actorLogin`). Panther writes `@timestamp` as `at_sign_timestamp`.

use super::super::json::Value;
use crate::event::Text;

/// A record's members, each absent where the record has none, or `null`.
#[derive(Debug, Default)]
pub(super) struct Record<'t, 'a> {
    pub action: Option<Value<'t, 'a>>,
    pub actor: Option<Value<'t, 'a>>,
    pub actor_id: Option<Value<'t, 'a>>,
    pub actor_ip: Option<Value<'t, 'a>>,
    pub actor_is_agent: Option<Value<'t, 'a>>,
    pub actor_is_bot: Option<Value<'t, 'a>>,
    /// GitHub says the country alone; pipelines put the address there, too.
    pub actor_location: Option<Value<'t, 'a>>,
    pub actor_session: Option<Value<'t, 'a>>,
    pub application: Option<Value<'t, 'a>>,
    pub application_id: Option<Value<'t, 'a>>,
    pub branch: Option<Value<'t, 'a>>,
    pub business: Option<Value<'t, 'a>>,
    pub conclusion: Option<Value<'t, 'a>>,
    /// Panther's copy of the time.
    pub copied_time: Option<Value<'t, 'a>>,
    pub created_at: Option<Value<'t, 'a>>,
    /// Who was signed in; older records of hooks name nobody else.
    pub current_user: Option<Value<'t, 'a>>,
    pub data: Option<Value<'t, 'a>>,
    pub document_id: Option<Value<'t, 'a>>,
    pub environment: Option<Value<'t, 'a>>,
    pub external_name_id: Option<Value<'t, 'a>>,
    pub hashed_token: Option<Value<'t, 'a>>,
    pub hook_id: Option<Value<'t, 'a>>,
    pub integration: Option<Value<'t, 'a>>,
    pub key: Option<Value<'t, 'a>>,
    pub name: Option<Value<'t, 'a>>,
    pub operation_type: Option<Value<'t, 'a>>,
    pub org: Option<Value<'t, 'a>>,
    pub programmatic_access_type: Option<Value<'t, 'a>>,
    pub repo: Option<Value<'t, 'a>>,
    pub repository: Option<Value<'t, 'a>>,
    pub request_method: Option<Value<'t, 'a>>,
    pub ruleset: Option<Value<'t, 'a>>,
    pub status_code: Option<Value<'t, 'a>>,
    pub team: Option<Value<'t, 'a>>,
    pub timestamp: Option<Value<'t, 'a>>,
    pub token_id: Option<Value<'t, 'a>>,
    pub user: Option<Value<'t, 'a>>,
    pub user_agent: Option<Value<'t, 'a>>,
    pub workflow_run_id: Option<Value<'t, 'a>>,
}

impl<'t, 'a> Record<'t, 'a> {
    /// Finds the members of one record.
    pub(super) fn find(&mut self, record: Value<'t, 'a>) {
        self.take(record);
        if let Some(data) = self.data {
            let mut nested = Record::default();
            nested.take(data);
            self.fill(nested);
        }
        self.actor = self.actor.or(self.current_user);
    }

    fn take(&mut self, object: Value<'t, 'a>) {
        object.visit(|key, value| {
            if let Some(place) = self.place(key)
                && !value.is_null()
            {
                *place = Some(value);
            }
            true
        });
    }

    fn place(&mut self, key: &[u8]) -> Option<&mut Option<Value<'t, 'a>>> {
        Some(match key {
            b"@timestamp" | b"at_sign_timestamp" => &mut self.timestamp,
            b"_document_id" | b"document_id" => &mut self.document_id,
            b"action" => &mut self.action,
            b"actor" | b"actorLogin" => &mut self.actor,
            b"actor_id" => &mut self.actor_id,
            b"actor_ip" | b"actorIp" => &mut self.actor_ip,
            b"actor_location" => &mut self.actor_location,
            b"actor_is_agent" => &mut self.actor_is_agent,
            b"actor_is_bot" => &mut self.actor_is_bot,
            b"actor_session" => &mut self.actor_session,
            b"application" | b"application_name" | b"oauth_application" | b"oauth_application_name" => {
                &mut self.application
            }
            b"application_client_id" | b"oauth_application_id" => &mut self.application_id,
            b"branch" => &mut self.branch,
            b"business" => &mut self.business,
            b"conclusion" => &mut self.conclusion,
            b"created_at" | b"createdAt" => &mut self.created_at,
            b"current_user" => &mut self.current_user,
            b"data" => &mut self.data,
            b"deploy_key_fingerprint" | b"fingerprint" => &mut self.key,
            b"environment_name" => &mut self.environment,
            b"external_identity_nameid" => &mut self.external_name_id,
            b"hashed_token" => &mut self.hashed_token,
            b"hook_id" => &mut self.hook_id,
            b"integration" => &mut self.integration,
            b"name" => &mut self.name,
            b"operation_type" => &mut self.operation_type,
            b"org" | b"organizationName" => &mut self.org,
            b"p_event_time" => &mut self.copied_time,
            b"programmatic_access_type" => &mut self.programmatic_access_type,
            b"repo" | b"repositoryName" => &mut self.repo,
            b"repository" => &mut self.repository,
            b"request_method" => &mut self.request_method,
            b"ruleset_name" => &mut self.ruleset,
            b"status_code" => &mut self.status_code,
            b"team" => &mut self.team,
            b"token_id" => &mut self.token_id,
            b"user" | b"userLogin" => &mut self.user,
            b"user_agent" => &mut self.user_agent,
            b"workflow_run_id" => &mut self.workflow_run_id,
            _ => return None,
        })
    }

    /// Takes what is not there from the members of `data`.
    fn fill(&mut self, nested: Record<'t, 'a>) {
        let places = [
            (&mut self.actor_is_bot, nested.actor_is_bot),
            (&mut self.actor_session, nested.actor_session),
            (&mut self.actor, nested.actor),
            (&mut self.actor_id, nested.actor_id),
            (&mut self.actor_ip, nested.actor_ip),
            (&mut self.application, nested.application),
            (&mut self.application_id, nested.application_id),
            (&mut self.branch, nested.branch),
            (&mut self.conclusion, nested.conclusion),
            (&mut self.workflow_run_id, nested.workflow_run_id),
            (&mut self.business, nested.business),
            (&mut self.created_at, nested.created_at),
            (&mut self.current_user, nested.current_user),
            (&mut self.document_id, nested.document_id),
            (&mut self.environment, nested.environment),
            (&mut self.external_name_id, nested.external_name_id),
            (&mut self.hashed_token, nested.hashed_token),
            (&mut self.hook_id, nested.hook_id),
            (&mut self.integration, nested.integration),
            (&mut self.key, nested.key),
            (&mut self.operation_type, nested.operation_type),
            (&mut self.org, nested.org),
            (&mut self.programmatic_access_type, nested.programmatic_access_type),
            (&mut self.repo, nested.repo),
            (&mut self.team, nested.team),
            (&mut self.token_id, nested.token_id),
            (&mut self.user, nested.user),
            (&mut self.user_agent, nested.user_agent),
        ];
        for (place, value) in places {
            *place = place.or(value);
        }
    }

    /// `owner/name` of the repository.
    pub(super) fn repository(&self) -> Option<Text<'a>> {
        named(self.repo).or_else(|| named(self.repository))
    }

    /// The organisation, else the enterprise, else the repository's owner.
    pub(super) fn owner(&self) -> Option<Text<'a>> {
        let of_repository = || super::super::text::part(&self.repository()?, owner_of);
        named(self.org).or_else(|| named(self.business)).or_else(of_repository)
    }
}

/// A name that is there; the first of a list (records that concern several organisations name them all).
#[inline]
pub(super) fn named<'a>(value: Option<Value<'_, 'a>>) -> Option<Text<'a>> {
    value.and_then(name_in)
}

fn name_in<'a>(value: Value<'_, 'a>) -> Option<Text<'a>> {
    value.text_or_digits().or_else(|| value.items().find_map(Value::text_or_digits))
}

fn owner_of(repository: &str) -> Option<&str> {
    super::super::text::split_first(repository, b'/').map(|(owner, _)| owner).filter(|owner| !owner.is_empty())
}
