//! The `intake` program. Everything it does is in the library; here it only
//! becomes a process with an exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    intake::cli::main()
}
