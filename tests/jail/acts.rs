//! What a reader must not do, done.

use std::fs::File;
use std::io::{self, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, ExitCode};
use std::time::Duration;

use intake::reader::walls::{self, Wall};
use intake::recognize::fax::in_its_thread;
use intake::vocab::PageNumber;

/// Address space of an act behind walls.
pub const MEMORY_MIB: u64 = 512;

/// Does one act and ends with the number of the error that met it, 0 if none
/// did.
pub fn alone(name: &str, around: &str, with: &str) -> ExitCode {
    let raised = (around != "none").then(|| walls::raise(MEMORY_MIB));
    // As in a reader, whose line reader has a thread of its own.
    in_its_thread(|| ());
    match (around, raised) {
        ("all", Some(raised)) => {
            let closed = raised.close(in_its_thread);
            assert!(closed.standing.iter().all(|wall| wall.holds), "{:?}", closed.standing);
        }
        ("files", Some(raised)) => {
            assert!(raised.close_only(Wall::Files, in_its_thread).unwrap().holds)
        }
        ("calls", Some(raised)) => {
            assert!(raised.close_only(Wall::Calls, in_its_thread).unwrap().holds)
        }
        _ => {}
    }
    match act(name, with) {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => ExitCode::from(u8::try_from(e.raw_os_error().unwrap_or(255)).unwrap_or(255)),
    }
}

/// In a reader: does what the file says. `hostile:abort` at its end is done
/// when the file is opened, `hostile:2:abort` before page 2 is decoded.
pub fn obey(page: Option<PageNumber>, file: &[u8]) {
    let tail = String::from_utf8_lossy(&file[file.len().saturating_sub(64)..]).into_owned();
    let Some((_, order)) = tail.rsplit_once("hostile:") else { return };
    let (when, name) = match order.split_once(':') {
        Some((page, name)) => (PageNumber::new(page.parse().unwrap()), name),
        None => (None, order),
    };
    if when == page {
        let done = act(name, "/proc/self/exe");
        // Whoever gets away with it is taken for a fault of the walls.
        let harmless = ["grow", "nonsense", "endless", "out of turn", "wrong page", "many pages"];
        assert!(harmless.contains(&name) || done.is_err(), "{name} was not stopped");
    }
}

/// `with` is a path or a number, where the act needs one.
fn act(name: &str, with: &str) -> io::Result<()> {
    match name {
        "open" => File::open(with).map(drop),
        "open elsewhere" => in_its_thread(|| File::open(with).map(drop)),
        "list" => std::fs::read_dir(with).map(drop),
        "look" => std::fs::metadata(with).map(drop),
        "write" => File::create(with).map(drop),
        "remove" => std::fs::remove_file(with),
        "rename" => std::fs::rename(with, format!("{with}.renamed")),
        "make folder" => std::fs::create_dir(with),
        "listen" => TcpListener::bind(("127.0.0.1", 0)).map(drop),
        "connect" => TcpStream::connect(with).map(drop),
        "socket" => called(|| unsafe { libc::socket(libc::AF_INET, libc::SOCK_DGRAM, 0) }),
        "unix socket" => called(|| unsafe { libc::socket(libc::AF_UNIX, libc::SOCK_STREAM, 0) }),
        "packet socket" => called(|| unsafe { libc::socket(libc::AF_NETLINK, libc::SOCK_RAW, 0) }),
        "fork" => fork(),
        "run" => Command::new("/bin/true").status().map(drop),
        "exec" => called(|| unsafe {
            let arguments = [c"/bin/true".as_ptr(), std::ptr::null()];
            libc::execv(arguments[0], arguments.as_ptr())
        }),
        "thread" => std::thread::Builder::new().spawn(|| {}).map(drop),
        "signal" => called(|| unsafe { libc::kill(with.parse().unwrap(), 0) }),
        "trace" => called(|| unsafe { libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0) as i32 }),
        "executable memory" => map(libc::PROT_WRITE | libc::PROT_EXEC),
        "plain memory" => map(libc::PROT_WRITE),
        "raise a limit" => {
            let limit =
                libc::rlimit { rlim_cur: libc::RLIM_INFINITY, rlim_max: libc::RLIM_INFINITY };
            called(|| unsafe { libc::setrlimit(libc::RLIMIT_CPU, &raw const limit) })
        }
        "inherited" => called(|| unsafe { libc::fcntl(with.parse().unwrap(), libc::F_GETFD) }),
        "call" => {
            called(|| unsafe { libc::syscall(with.parse().unwrap(), 0, 0, 0, 0, 0, 0) as i32 })
        }
        "privileges" => privileges(),
        "allocate politely" => {
            let bytes = usize::try_from((2 * MEMORY_MIB) << 20).unwrap();
            let taken = Vec::<u8>::new().try_reserve_exact(bytes);
            taken.map_err(|_| io::Error::from_raw_os_error(libc::ENOMEM))
        }
        "allocate" => {
            let mut taken = Vec::new();
            for _ in 0..64 {
                taken.push(vec![1u8; 64 << 20]);
            }
            std::hint::black_box(taken);
            Ok(())
        }
        "grow" => {
            std::mem::forget(std::hint::black_box(vec![1u8; 300 << 20]));
            Ok(())
        }
        "spin" => loop {
            std::hint::spin_loop();
        },
        "sleep" => loop {
            std::thread::sleep(Duration::from_secs(1));
        },
        "abort" => std::process::abort(),
        "panic" => panic!("as told"),
        "touch" => {
            // SAFETY: none; that is what is tried.
            unsafe { std::ptr::without_provenance_mut::<u8>(8).write_volatile(1) };
            Ok(())
        }
        "overflow" => {
            std::hint::black_box(deeper(1));
            Ok(())
        }
        "nonsense" => say(&[b'x'; 4096]),
        "endless" => say(&[u32::MAX.to_le_bytes(), [0; 4]].concat()),
        "out of turn" => say(&super::wire::frame(r#"{"reply":"Packet","resident_mib":1}"#)),
        "many pages" => say(&super::wire::frame(
            r#"{"reply":{"Opened":{"media_type":"image/tiff","pages":4000000000,"notes":[]}},"resident_mib":1}"#,
        )),
        "wrong page" => say(&super::wire::frame(
            r#"{"reply":{"Page":{"page":{"number":77,"method":"blank","rotation":0,"confidence":1.0,"header":null,"lines":[],"marks":[],"inches":[8.5,11.0],"notes":[]},"decode_ms":1,"recognize_ms":1}},"resident_mib":1}"#,
        )),
        _ => panic!("no act is called {name}"),
    }
}

fn called(call: impl FnOnce() -> i32) -> io::Result<()> {
    if call() < 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

fn fork() -> io::Result<()> {
    called(|| {
        // SAFETY: the child does nothing but end.
        let child = unsafe { libc::fork() };
        if child == 0 {
            unsafe { libc::_exit(0) };
        }
        child
    })
}

fn map(protection: i32) -> io::Result<()> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    // SAFETY: a fresh mapping that nothing refers to.
    let mapped = unsafe { libc::mmap(std::ptr::null_mut(), 4096, protection, flags, -1, 0) };
    if mapped == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Takes some, where they were given up: then there are none to take.
fn privileges() -> io::Result<()> {
    use rustix::thread::{CapabilitySet, CapabilitySets, set_capabilities};
    let some = CapabilitySet::NET_RAW;
    let sets =
        CapabilitySets { effective: some, permitted: some, inheritable: CapabilitySet::empty() };
    Ok(set_capabilities(None, sets)?)
}

fn deeper(level: u64) -> u64 {
    let room = std::hint::black_box([level; 512]);
    if std::hint::black_box(level) == 0 { 0 } else { deeper(level + 1) + room[7] }
}

/// What a reader says, at once.
fn say(bytes: &[u8]) -> io::Result<()> {
    let mut pipe = std::mem::ManuallyDrop::new(unsafe {
        // SAFETY: the standard output is open for as long as this process is;
        // its lock is held by the loop around us.
        <File as std::os::fd::FromRawFd>::from_raw_fd(1)
    });
    pipe.write_all(bytes)
}
