//! The command line program: parses arguments and calls one function.

fn main() {}
