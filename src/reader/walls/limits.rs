//! Limits of the system on a reader's own process.

use std::io;

use rustix::process::{Resource, Rlimit, setrlimit};

/// What a main thread has by default. Recursion deeper than this is a file
/// that was made to be deep.
const STACK_MIB: u64 = 8;

/// Those that hold from the start.
pub(super) fn early(memory_mib: u64) -> io::Result<()> {
    at_most(Resource::As, memory_mib.saturating_mul(1 << 20))?;
    at_most(Resource::Stack, STACK_MIB << 20)?;
    // A core file would hold a patient's pages.
    at_most(Resource::Core, 0)?;
    // It writes to its pipe only.
    at_most(Resource::Fsize, 0)?;
    at_most(Resource::Memlock, 0)
}

/// Those that hold once the models are loaded: nothing more is opened, no
/// process or thread made.
pub(super) fn late() -> io::Result<()> {
    at_most(Resource::Nofile, 0)?;
    at_most(Resource::Nproc, 0)
}

fn at_most(resource: Resource, most: u64) -> io::Result<()> {
    let limit = Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(resource, limit).map_err(io::Error::from)
}
