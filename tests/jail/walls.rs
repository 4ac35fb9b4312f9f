//! Each wall on its own. Every act is done twice: behind the walls, where it
//! must end as written here, and without them, where it must succeed: an act
//! that fails anywhere proves nothing.

use std::fs::File;
use std::net::TcpListener;
use std::os::fd::AsRawFd;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use libtest_mimic::Trial;
use rustix::io::{FdFlags, fcntl_setfd};

use crate::trial;

/// How an act ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Done,
    /// Refused with this error.
    Refused(i32),
    Killed(i32),
}

const REFUSED: End = End::Refused(libc::EPERM);
const KILLED: End = End::Killed(libc::SIGSYS);

/// Does an act in a process of its own.
fn act(name: &str, walls: &str, with: &str) -> End {
    let status = Command::new(std::env::current_exe().unwrap())
        .args(["act", name, walls, with])
        .env_clear()
        .env("RTEN_NUM_THREADS", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .unwrap();
    match (status.signal(), status.code()) {
        (Some(signal), _) => End::Killed(signal),
        (None, Some(0)) => End::Done,
        (None, code) => End::Refused(code.unwrap_or(-1)),
    }
}

/// The same act behind these walls and without any.
fn stops(walls: &str, name: &str, with: &str, end: End) {
    assert_eq!(act(name, walls, with), end, "{name} behind {walls} walls");
    assert_eq!(act(name, "none", with), End::Done, "{name} without walls");
}

pub fn trials() -> Vec<Trial> {
    vec![
        trial("files_cannot_be_opened_listed_or_written", files),
        trial("landlock_alone_closes_files_and_network", landlock),
        trial("seccomp_alone_closes_files_and_network", seccomp),
        trial("there_is_no_network", network),
        trial("there_are_no_other_processes_programs_or_threads", processes),
        trial("there_are_no_other_signals_and_no_tracing", signals),
        trial("memory_is_bounded_and_never_executable", memory),
        trial("limits_and_privileges_are_not_to_be_had_back", limits),
        trial("what_the_parent_has_open_is_closed", descriptors),
        trial("the_kernels_workings_are_out_of_reach", kernel),
    ]
}

fn files() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    std::fs::write(place("there"), b"a patient's fax").unwrap();
    for (name, with, end) in [
        ("open", place("there"), REFUSED),
        ("open elsewhere", place("there"), REFUSED),
        ("open", "/dev/null".to_owned(), REFUSED),
        ("list", place(""), REFUSED),
        ("look", place("there"), REFUSED),
        ("write", place("new"), REFUSED),
        ("write", place("there"), REFUSED),
        ("make folder", place("folder"), KILLED),
        ("rename", place("there"), KILLED),
        ("remove", place("there.renamed"), KILLED),
    ] {
        stops("all", name, &with, end);
    }
}

fn landlock() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("there");
    std::fs::write(&file, b"a patient's fax").unwrap();
    let file = file.to_str().unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let refused = End::Refused(libc::EACCES);
    // The limit on open files is not up: only Landlock is.
    stops("files", "open", file, refused);
    stops("files", "open elsewhere", file, refused);
    stops("files", "list", folder.path().to_str().unwrap(), refused);
    stops("files", "listen", "", refused);
    stops("files", "connect", &address, refused);
    stops("files", "signal", &std::process::id().to_string(), REFUSED);
    stops("files", "exec", "", refused);
    stops("files", "remove", file, refused);
}

fn seccomp() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    stops("calls", "open", "/proc/self/exe", REFUSED);
    stops("calls", "open elsewhere", "/proc/self/exe", REFUSED);
    stops("calls", "connect", &listener.local_addr().unwrap().to_string(), KILLED);
}

fn network() {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    stops("all", "connect", &address, KILLED);
    for name in ["listen", "socket", "unix socket", "packet socket"] {
        stops("all", name, "", KILLED);
    }
}

fn processes() {
    stops("all", "fork", "", KILLED);
    stops("all", "exec", "", KILLED);
    // Not even the pipe for it is to be had.
    stops("all", "run", "", REFUSED);
    // A library may try one and do without.
    stops("all", "thread", "", REFUSED);
}

fn signals() {
    stops("all", "signal", &std::process::id().to_string(), KILLED);
    stops("all", "trace", "", KILLED);
}

fn memory() {
    stops("all", "allocate politely", "", End::Refused(libc::ENOMEM));
    stops("all", "allocate", "", End::Killed(libc::SIGABRT));
    stops("all", "executable memory", "", KILLED);
    // The walls leave what decoding needs.
    assert_eq!(act("plain memory", "all", ""), End::Done);
}

fn limits() {
    stops("all", "raise a limit", "", KILLED);
    // The first step alone has given them up; whoever had none cannot tell.
    if act("privileges", "none", "") == End::Done {
        stops("files", "privileges", "", REFUSED);
    }
}

fn descriptors() {
    let secret = File::open("/proc/self/exe").unwrap();
    fcntl_setfd(&secret, FdFlags::empty()).unwrap();
    stops("all", "inherited", &secret.as_raw_fd().to_string(), End::Refused(libc::EBADF));
}

/// These fail for want of arguments or rights without walls; what counts is
/// that they are never tried twice.
fn kernel() {
    for call in [
        libc::SYS_bpf,
        libc::SYS_io_uring_setup,
        libc::SYS_userfaultfd,
        libc::SYS_perf_event_open,
        libc::SYS_keyctl,
        libc::SYS_add_key,
        libc::SYS_mount,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_process_vm_readv,
        libc::SYS_pidfd_open,
        libc::SYS_open_by_handle_at,
        libc::SYS_memfd_create,
        libc::SYS_personality,
        libc::SYS_kexec_load,
        libc::SYS_setuid,
    ] {
        assert_eq!(act("call", "all", &call.to_string()), KILLED, "call {call}");
        assert!(!matches!(act("call", "none", &call.to_string()), End::Killed(_)), "call {call}");
    }
    // Not hostile, but none of a reader's business.
    for call in
        [libc::SYS_clone3, libc::SYS_openat, libc::SYS_prctl, libc::SYS_ioctl, libc::SYS_pipe2]
    {
        assert_eq!(act("call", "all", &call.to_string()), REFUSED, "call {call}");
    }
}
