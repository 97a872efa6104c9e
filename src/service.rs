//! Builds the parts, supervises them, drains them in order.
