//! `[identity]`: what tells kinds of identity apart.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How identities are told apart and what kind they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct IdentityConfig {}
