//! Alerts: golden cases, and the laws that every alert keeps, whatever the finding says.

#![allow(clippy::disallowed_methods, reason = "the cases are files")]

#[path = "alert/any_finding.rs"]
mod any_finding;
#[path = "alert/golden.rs"]
mod golden;
#[path = "alert/laws.rs"]
mod laws;
#[path = "alert/ocsf_schema.rs"]
mod ocsf_schema;
