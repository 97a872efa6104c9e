//! The command line program: everything is in the library, see `nhiwatch::cli`.

use std::process::ExitCode;

/// Detection keeps a large fleet's small tables and ingest makes short texts, at once and on several threads: there the
/// C library's own allocator took a quarter of the processor time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    nhiwatch::cli::run()
}
