//! The members of a GitHub audit record that anything is made of, found in one pass and not yet looked into.
//!
//! Members lie at the top, or in `data` where GitHub Enterprise Server and older exports put them; those at the top count
//! first. Sources: GitHub Docs, "Audit log events for your enterprise" (fields), "Get the audit log for an enterprise"
//! (REST), "About token data in the audit log for an enterprise". Panther writes `@timestamp` as `at_sign_timestamp`.

use super::super::json::Value;
use super::super::names::Names;
use crate::event::Text;

/// A record's members, each absent where the record has none, or `null`.
#[derive(Debug)]
pub(super) struct Record<'t, 'a> {
    pub action: Option<Value<'t, 'a>>,
    pub actor: Option<Value<'t, 'a>>,
    pub actor_id: Option<Value<'t, 'a>>,
    pub actor_ip: Option<Value<'t, 'a>>,
    pub actor_is_agent: Option<Value<'t, 'a>>,
    pub actor_is_bot: Option<Value<'t, 'a>>,
    pub actor_session: Option<Value<'t, 'a>>,
    pub application: Option<Value<'t, 'a>>,
    pub application_id: Option<Value<'t, 'a>>,
    pub branch: Option<Value<'t, 'a>>,
    pub business: Option<Value<'t, 'a>>,
    pub conclusion: Option<Value<'t, 'a>>,
    /// Panther's copy of the time.
    pub copied_time: Option<Value<'t, 'a>>,
    pub created_at: Option<Value<'t, 'a>>,
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
    pub(super) fn find(record: Value<'t, 'a>) -> Record<'t, 'a> {
        let mut found = Record::of(record);
        if let Some(data) = found.data {
            found.fill(Record::of(data));
        }
        found
    }

    /// The members of one object.
    fn of(object: Value<'t, 'a>) -> Record<'t, 'a> {
        static NAMES: Names<44> = Names::new([
            "@timestamp",
            "at_sign_timestamp",
            "_document_id",
            "document_id",
            "action",
            "actor",
            "actor_id",
            "actor_ip",
            "actor_is_agent",
            "actor_is_bot",
            "actor_session",
            "application",
            "application_name",
            "oauth_application",
            "oauth_application_name",
            "application_client_id",
            "oauth_application_id",
            "branch",
            "business",
            "conclusion",
            "created_at",
            "data",
            "deploy_key_fingerprint",
            "fingerprint",
            "environment_name",
            "external_identity_nameid",
            "hashed_token",
            "hook_id",
            "integration",
            "name",
            "operation_type",
            "org",
            "p_event_time",
            "programmatic_access_type",
            "repo",
            "repository",
            "request_method",
            "ruleset_name",
            "status_code",
            "team",
            "token_id",
            "user",
            "user_agent",
            "workflow_run_id",
        ]);
        let [
            timestamp,
            timestamp_2,
            document_id,
            document_id_2,
            action,
            actor,
            actor_id,
            actor_ip,
            actor_is_agent,
            actor_is_bot,
            actor_session,
            application,
            application_2,
            application_3,
            application_4,
            application_id,
            application_id_2,
            branch,
            business,
            conclusion,
            created_at,
            data,
            key,
            key_2,
            environment,
            external_name_id,
            hashed_token,
            hook_id,
            integration,
            name,
            operation_type,
            org,
            copied_time,
            programmatic_access_type,
            repo,
            repository,
            request_method,
            ruleset,
            status_code,
            team,
            token_id,
            user,
            user_agent,
            workflow_run_id,
        ] = NAMES.of(object);
        Record {
            timestamp: timestamp.or(timestamp_2),
            document_id: document_id.or(document_id_2),
            action,
            actor,
            actor_id,
            actor_ip,
            actor_is_agent,
            actor_is_bot,
            actor_session,
            application: application.or(application_2).or(application_3).or(application_4),
            application_id: application_id.or(application_id_2),
            branch,
            business,
            conclusion,
            created_at,
            data,
            key: key.or(key_2),
            environment,
            external_name_id,
            hashed_token,
            hook_id,
            integration,
            name,
            operation_type,
            org,
            copied_time,
            programmatic_access_type,
            repo,
            repository,
            request_method,
            ruleset,
            status_code,
            team,
            token_id,
            user,
            user_agent,
            workflow_run_id,
        }
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
            (&mut self.business, nested.business),
            (&mut self.created_at, nested.created_at),
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
pub(super) fn named<'a>(value: Option<Value<'_, 'a>>) -> Option<Text<'a>> {
    let value = value?;
    value.text_or_digits().or_else(|| value.items().find_map(Value::text_or_digits))
}

fn owner_of(repository: &str) -> Option<&str> {
    repository.split_once('/').map(|(owner, _)| owner).filter(|owner| !owner.is_empty())
}
