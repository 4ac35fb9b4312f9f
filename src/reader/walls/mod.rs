//! The walls around a reader, put up by itself in two steps.
//!
//! [`raise`] comes first, before anything is read: no descriptor but the three
//! of its pipes, no privileges, limits of the system. Then the models are
//! loaded, which come from our own configuration. [`Raised::close`] follows,
//! before the first byte of a stranger's file: from then on no file can be
//! opened and hardly any system call is left. Nothing of it can be taken back
//! by the process that did it.
//!
//! | wall | by | a reader that tries |
//! |---|---|---|
//! | privileges | `no_new_privs`, capabilities dropped, not dumpable | gains nothing, and nobody can look into it |
//! | descriptors | `close_range` | finds no file or socket of its parent |
//! | limits | `setrlimit` | gets no memory, writes no file, leaves no core file |
//! | processor | `prlimit`, by the parent before each request ([`cpu`](super::cpu)) | is killed with SIGXCPU |
//! | files | Landlock | is refused |
//! | calls | seccomp ([`calls`]) | is refused, or killed with SIGSYS |
//!
//! Files, network and signals are behind two walls each: where a kernel lacks
//! one, the other still stands.

mod calls;
mod files;
mod limits;

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;

use rustix::process::{
    DumpableBehavior, Signal, set_dumpable_behavior, set_parent_process_death_signal,
};
use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities, set_no_new_privs};
use serde::{Deserialize, Serialize};

/// A wall, by what is behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wall {
    /// More rights than the reader was started with, or those it had.
    Privileges,
    /// What the parent has open.
    Descriptors,
    /// Memory, files written, core files, processes.
    Limits,
    /// Processor time of one request.
    Processor,
    /// Files and folders, by Landlock.
    Files,
    /// System calls, by seccomp: network, processes, files.
    Calls,
}

impl Wall {
    /// All of them, in the order in which they are put up.
    pub const ALL: [Self; 6] = [
        Self::Privileges,
        Self::Descriptors,
        Self::Limits,
        Self::Files,
        Self::Calls,
        Self::Processor,
    ];

    /// What an operator can do where it does not stand.
    pub fn mend(self) -> &'static str {
        match self {
            Self::Files => {
                "use a kernel with Landlock (Linux 6.2 or newer, `landlock` among `lsm=` of its \
                 command line), and a container whose seccomp profile lets landlock_* through"
            }
            Self::Calls => {
                "use a kernel with seccomp filters, and a container that lets programs put up \
                 their own"
            }
            Self::Processor => "let the service call prlimit64 in its container",
            Self::Privileges | Self::Descriptors | Self::Limits => {
                "use Linux 5.9 or newer, and let the service call close_range, setrlimit, capset \
                 and prctl in its container"
            }
        }
    }

    /// In words, as `intake doctor` shows it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Privileges => "privileges",
            Self::Descriptors => "open files",
            Self::Limits => "limits",
            Self::Processor => "processor time",
            Self::Files => "files (Landlock)",
            Self::Calls => "system calls (seccomp)",
        }
    }
}

/// Whether a wall stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Which.
    pub wall: Wall,
    /// It stands as it should.
    pub holds: bool,
    /// What was seen: what it does, or why it does not stand.
    pub seen: String,
}

impl Standing {
    pub(super) fn new(wall: Wall, outcome: Result<String, String>) -> Self {
        match outcome {
            Ok(seen) => Self { wall, holds: true, seen },
            Err(seen) => Self { wall, holds: false, seen },
        }
    }
}

/// A reader after the first step: it may still open files.
pub struct Raised {
    standing: Vec<Standing>,
    memory: Memory,
}

/// Puts up a wall around the thread that does it; says what holds, or why not.
pub type Wish = fn() -> Result<String, String>;

/// A reader after the second step.
pub struct Closed {
    /// All walls that a reader puts up itself.
    pub standing: Vec<Standing>,
    /// What it takes.
    pub memory: Memory,
}

/// The first step. `memory_mib` bounds the address space of this process.
///
/// Call it before any thread is started and before anything is opened: all
/// descriptors above the three standard ones are closed.
pub fn raise(memory_mib: u64) -> Raised {
    let descriptors = close_descriptors()
        .map(|()| "none but the pipes to the service".to_owned())
        .map_err(|e| format!("they could not be closed: {e}"));
    let memory = Memory::open();
    let limits = limits::early(memory_mib)
        .map(|()| format!("{memory_mib} MiB of memory; no file written, no core file"))
        .map_err(|e| format!("they could not be set: {e}"));
    let privileges = drop_privileges()
        .map(|()| "none, and none to be had".to_owned())
        .map_err(|e| format!("they could not be dropped: {e}"));
    let standing = vec![
        Standing::new(Wall::Privileges, privileges),
        Standing::new(Wall::Descriptors, descriptors),
        Standing::new(Wall::Limits, limits),
    ];
    Raised { standing, memory }
}

impl Raised {
    /// The second step, when all that is ever needed of the file system has
    /// been read. Landlock holds for the thread that asks for it: `elsewhere`
    /// does something in the process's other thread.
    pub fn close(self, elsewhere: impl FnOnce(Wish) -> Result<String, String>) -> Closed {
        let Self { mut standing, memory } = self;
        // In this order: the limits leave Landlock no descriptor for its rules,
        // and seccomp takes away the calls that the other two need.
        let files = files::close().and_then(|seen| elsewhere(files::close).map(|_| seen));
        standing.push(Standing::new(Wall::Files, files));
        if let Err(e) = limits::late()
            && let Some(limits) = standing.iter_mut().find(|s| s.wall == Wall::Limits && s.holds)
        {
            *limits = Standing::new(Wall::Limits, Err(format!("they could not be set: {e}")));
        }
        standing.push(Standing::new(Wall::Calls, calls::close()));
        Closed { standing, memory }
    }
}

impl Raised {
    /// Nothing but one of the two walls of the second step: a test of the one
    /// must not lean on the other.
    #[doc(hidden)]
    pub fn close_only(
        self,
        wall: Wall,
        elsewhere: impl FnOnce(Wish) -> Result<String, String>,
    ) -> Option<Standing> {
        match wall {
            Wall::Files => {
                let seen = files::close().and_then(|seen| elsewhere(files::close).map(|_| seen));
                Some(Standing::new(wall, seen))
            }
            Wall::Calls => Some(Standing::new(wall, calls::close())),
            Wall::Privileges | Wall::Descriptors | Wall::Limits | Wall::Processor => None,
        }
    }
}

/// What this process takes of the machine's memory. The file is opened before
/// the walls close; it can be read for ever.
pub struct Memory {
    file: Option<File>,
    page_bytes: u64,
}

impl Memory {
    fn open() -> Self {
        let page_bytes = rustix::param::page_size() as u64;
        Self { file: File::open("/proc/self/statm").ok(), page_bytes }
    }

    /// Resident MiB; 0 where `/proc` is not to be had.
    pub fn resident_mib(&self) -> u64 {
        let mut text = [0u8; 128];
        let read = self.file.as_ref().and_then(|file| file.read_at(&mut text, 0).ok()).unwrap_or(0);
        let pages = std::str::from_utf8(&text[..read])
            .ok()
            .and_then(|text| text.split(' ').nth(1))
            .and_then(|pages| pages.parse::<u64>().ok());
        pages.unwrap_or(0).saturating_mul(self.page_bytes) >> 20
    }
}

/// Those of the parent that were opened without close-on-exec.
fn close_descriptors() -> io::Result<()> {
    // SAFETY: nothing in this process has opened a descriptor above the three
    // standard ones yet; the caller of `raise` sees to that.
    let closed = unsafe { libc::syscall(libc::SYS_close_range, 3u32, u32::MAX, 0u32) };
    if closed == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

fn drop_privileges() -> io::Result<()> {
    set_no_new_privs(true)?;
    let none = CapabilitySet::empty();
    set_capabilities(None, CapabilitySets { effective: none, permitted: none, inheritable: none })?;
    // Another process of the same user could read patients' pages out of it.
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    // After the capabilities: giving them up may reset it.
    set_parent_process_death_signal(Some(Signal::KILL))?;
    Ok(())
}
