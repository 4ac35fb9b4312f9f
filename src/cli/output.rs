//! Writing to the terminal.

use std::io::{self, Write};

use super::exit::Failure;

/// Writes a line to standard output. A reader that has gone away (`| head`)
/// ends the program quietly, as it does for every well-behaved tool.
pub fn line(text: &str) -> Result<(), Failure> {
    match writeln!(io::stdout(), "{text}") {
        Err(e) if e.kind() == io::ErrorKind::BrokenPipe => std::process::exit(0),
        other => other.map_err(Failure::internal),
    }
}

/// Says on standard error what went wrong and what to do.
pub fn complain(failure: &Failure) {
    // There is nowhere left to say that standard error is gone.
    let _ = writeln!(io::stderr(), "intake: {} [{}]", failure.what, failure.code);
    if !failure.next.is_empty() {
        let _ = writeln!(io::stderr(), "  next: {}", failure.next);
    }
}

/// A remark on standard error beside the output proper.
pub fn remark(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
