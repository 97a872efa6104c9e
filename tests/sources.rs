//! Golden cases and recorded events of every source: what is decoded, and whose it is.
//!
//! A case is a folder of `tests/sources/cases/<source>`: `input.json` (a message, wrapped or not) and `expected.json` (for
//! each record the event and its identity, or why there is none). `NHIWATCH_REWRITE=1` writes the latter anew.
#![allow(clippy::disallowed_methods, reason = "the cases are files")]

#[path = "sources/common.rs"]
mod common;
#[path = "sources/mutation.rs"]
mod mutation;
#[path = "sources/records.rs"]
mod records;

#[path = "sources/ai.rs"]
mod ai;
#[path = "sources/azure.rs"]
mod azure;
#[path = "sources/gcp.rs"]
mod gcp;
#[path = "sources/generic.rs"]
mod generic;
#[path = "sources/kubernetes.rs"]
mod kubernetes;
#[path = "sources/platforms.rs"]
mod platforms;
#[path = "sources/schemas.rs"]
mod schemas;
#[path = "sources/workspace.rs"]
mod workspace;
