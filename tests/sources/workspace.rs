//! Golden cases and recorded events.
