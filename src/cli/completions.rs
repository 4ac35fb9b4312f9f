use std::io;

use clap::CommandFactory;
use clap_complete::Shell;

use super::args::Args;
use super::exit::{Code, Failure};

/// Prints completions for a shell to standard output.
pub fn print(shell: Shell) -> Result<Code, Failure> {
    clap_complete::generate(shell, &mut Args::command(), "intake", &mut io::stdout());
    Ok(Code::Done)
}
