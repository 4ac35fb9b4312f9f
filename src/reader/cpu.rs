//! Processor time of one request, limited by the parent.
//!
//! `RLIMIT_CPU` counts a process's whole life, and readers live long: before
//! each request the limit is set to what has been used and what this request
//! may use. A page that spins is stopped by it even where a busy machine needs
//! generous patience.

use std::io;
use std::mem::MaybeUninit;
use std::time::Duration;

use rustix::process::{Pid, Resource, Rlimit, prlimit};

/// Allows this process so much more processor time, in whole seconds; then it
/// is killed with `SIGXCPU`.
pub(super) fn allow(process: Pid, budget: Duration) -> io::Result<()> {
    let seconds = used(process)?.saturating_add(budget).as_secs().saturating_add(1);
    // The hard limit stays away: it could never be raised again.
    let limit = Rlimit { current: Some(seconds), maximum: None };
    prlimit(Some(process), Resource::Cpu, limit)?;
    Ok(())
}

/// Processor time that a process of ours has used since it was started.
fn used(process: Pid) -> io::Result<Duration> {
    let mut clock = MaybeUninit::uninit();
    // SAFETY: `clock` is there to be written.
    let failed =
        unsafe { libc::clock_getcpuclockid(process.as_raw_nonzero().get(), clock.as_mut_ptr()) };
    if failed != 0 {
        return Err(io::Error::from_raw_os_error(failed));
    }
    let mut time = MaybeUninit::<libc::timespec>::uninit();
    // SAFETY: the clock was written by the call above, which succeeded; `time`
    // is there to be written.
    let time = unsafe {
        if libc::clock_gettime(clock.assume_init(), time.as_mut_ptr()) != 0 {
            return Err(io::Error::last_os_error());
        }
        time.assume_init()
    };
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    Ok(Duration::new(seconds, u32::try_from(time.tv_nsec).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::ExitStatusExt;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_process_that_spins_is_killed_at_the_end_of_its_allowance() {
        let mut spinning = Command::new("sh").args(["-c", "while :; do :; done"]).spawn().unwrap();
        let process = Pid::from_child(&spinning);
        allow(process, Duration::ZERO).unwrap();
        assert_eq!(spinning.wait().unwrap().signal(), Some(libc::SIGXCPU));
    }
}
