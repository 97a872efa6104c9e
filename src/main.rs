//! The command line program: everything is in the library, see `nhiwatch::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    nhiwatch::cli::run()
}
