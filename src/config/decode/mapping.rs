//! `[[decode.mappings]]` and `[[decode.topics]]`: logs that are not known natively, and what topics say of their records.
//!
//! A mapping is a table of paths. A path is a list of keys with dots between them (`auth.display_name`, `items.0.id`); a key
//! with dots in it is found too. `a.b | c` is the first of several that is there, `a + b` is both with a space between them, `=text` is a
//! constant. What is empty is left out.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is known of the records of some topics.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TopicConfig {
    /// The topics, with `*` for any characters: `audit.k8s.*`. The first entry that describes a topic holds for it.
    #[serde(rename = "match")]
    pub pattern: String,
    /// The log that their records are of, where it should not be told by content: `kubernetes.audit`, `okta.system` … or the
    /// name of a mapping.
    pub format: String,
    /// The scope of their records where the log does not say it: the name of the Kubernetes cluster.
    pub scope: String,
    /// The Kafka header that holds the scope of a record; it goes before `scope`.
    pub scope_header: String,
    /// The path in a record to its scope; it goes before `scope_header`.
    pub scope_path: String,
}

/// How the records of a log are read that is not known natively.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct MappingConfig {
    /// Its name, by which topics can be pinned to it.
    pub name: String,
    /// Whose log it is, one word in small letters: the first part of every scope.
    pub provider: String,
    /// Which records it describes: all of these paths are there and their texts are described by these patterns (`*` for
    /// any characters).
    pub when: BTreeMap<String, String>,
    /// Records that are understood and not wanted: any of these paths is there with a text that the pattern describes.
    pub except: BTreeMap<String, String>,
    /// When it happened: RFC 3339, or seconds or milliseconds since the Unix epoch.
    pub time: String,
    /// The log's own id of the event; the record's hash where there is none.
    pub id: String,
    /// Who did it.
    pub actor: String,
    /// The actor's stable id, where it is another than the name.
    pub actor_id: String,
    /// What the log calls this type of actor. Where the text is a kind (`service_account`, `vendor_app` …), it is the kind.
    pub actor_class: String,
    /// The account, tenant or organisation that it happened in.
    pub account: String,
    /// The session.
    pub session: String,
    /// The public id of the credential.
    pub credential: String,
    /// On whose behalf it was done.
    pub on_behalf_of: String,
    /// The application through which it was done.
    pub application: String,
    /// The service, part or product that it was done in; the provider where it is empty.
    pub service: String,
    /// What was done.
    pub operation: String,
    /// What it was done to.
    pub target: String,
    /// The type of that.
    pub target_kind: String,
    /// The source address, with or without a port.
    pub ip: String,
    /// The user agent.
    pub user_agent: String,
    /// The region.
    pub region: String,
    /// What says how it ended.
    pub outcome: String,
    /// Texts of `outcome` that mean success, with `*` for any characters.
    pub success: Vec<String>,
    /// Texts of `outcome` that mean failure.
    pub failure: Vec<String>,
    /// How it ended where `outcome` is not there: `success`, `failure` or `unknown`.
    #[schemars(with = "String")]
    pub without_outcome: String,
    /// The error, where there is one.
    pub error: String,
    /// Operations that list or read, with `*` for any characters.
    pub reads: Vec<String>,
    /// Operations that read the data itself.
    pub data_reads: Vec<String>,
    /// Operations that change something.
    pub writes: Vec<String>,
    /// Operations that change who may do what.
    pub permissions: Vec<String>,
    /// Operations that read a secret.
    pub secret_reads: Vec<String>,
    /// Operations that destroy data.
    pub destructive: Vec<String>,
    /// Operations that stop or blind a log.
    pub log_control: Vec<String>,
    /// Sample events, which are decoded at every start: a mapping that does not read them as they say is refused.
    pub samples: Vec<SampleConfig>,
}

/// A sample event and what must come of it; what is empty is not compared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SampleConfig {
    /// The record, as JSON text.
    pub record: String,
    /// Its time, in RFC 3339 form.
    pub time: String,
    /// Its actor.
    pub actor: String,
    /// Its operation.
    pub operation: String,
    /// Its source address.
    pub ip: String,
    /// `success`, `failure` or `unknown`.
    pub outcome: String,
    /// The kind of its actor.
    pub kind: String,
}
