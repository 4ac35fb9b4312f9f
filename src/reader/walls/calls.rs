//! seccomp: the system calls that are left to a reader.
//!
//! Two filters, of which the stricter word counts:
//!
//! - [`allowed`] lists what a reader does once its models are loaded: it talks
//!   through its pipes, takes and gives back memory, asks for the time, and
//!   ends. Anything else is refused with `EPERM`, because the C library and
//!   Tesseract try a few things that they can do without: opening a debug
//!   file, asking what a descriptor is.
//! - [`hostile`] lists what no library of ours ever tries, not even in vain:
//!   the network, other processes, other programs, the kernel's workings,
//!   memory that can be executed. Whoever tries it has been taken over by a
//!   file, and the whole process is killed with `SIGSYS` before it can try
//!   the next thing.

use std::collections::BTreeMap;

use libc::c_long;
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule, TargetArch,
};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Closes all calls but the few that are needed; says what holds, or why
/// nothing does.
pub(super) fn close() -> Result<String, String> {
    let failed = |e: BackendError| format!("the filter could not be made: {e}");
    let own = u64::from(std::process::id());
    let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let (allowed, hostile) = (allowed(own).map_err(failed)?, hostile(own).map_err(failed)?);
    let count = allowed.len();
    let allow = program(allowed, refuse, SeccompAction::Allow).map_err(failed)?;
    let kill =
        program(hostile, SeccompAction::Allow, SeccompAction::KillProcess).map_err(failed)?;
    // The allow-list last: it takes away the call that installs filters, which
    // for that is not among the hostile ones.
    for filter in [&kill, &allow] {
        seccompiler::apply_filter_all_threads(filter)
            .map_err(|e| format!("this kernel or container refuses seccomp: {e}"))?;
    }
    Ok(format!("all but {count} are refused"))
}

fn program(
    rules: Rules,
    otherwise: SeccompAction,
    listed: SeccompAction,
) -> Result<BpfProgram, BackendError> {
    let arch: TargetArch = std::env::consts::ARCH.try_into()?;
    SeccompFilter::new(rules, otherwise, listed, arch)?.try_into()
}

/// What a reader needs.
fn allowed(own: u64) -> Result<Rules, BackendError> {
    let mut rules = always(&[
        // Its pipes, and what it takes of memory.
        libc::SYS_read,
        libc::SYS_pread64,
        libc::SYS_write,
        libc::SYS_close,
        libc::SYS_lseek,
        libc::SYS_fstat,
        // Memory.
        libc::SYS_brk,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        // Time and chance.
        libc::SYS_clock_gettime,
        libc::SYS_clock_getres,
        libc::SYS_clock_nanosleep,
        libc::SYS_nanosleep,
        libc::SYS_gettimeofday,
        libc::SYS_getrusage,
        libc::SYS_getrandom,
        // Locks, and what OpenMP asks of the scheduler.
        libc::SYS_futex,
        libc::SYS_sched_yield,
        libc::SYS_sched_getaffinity,
        // Its end, by itself or by a fault.
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_restart_syscall,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ]);
    let not_executable = masked(2, libc::PROT_EXEC.unsigned_abs().into(), 0)?;
    rules.insert(libc::SYS_mmap, vec![not_executable.clone()]);
    rules.insert(libc::SYS_mprotect, vec![not_executable]);
    // The standard library asks it of a descriptor before it closes it.
    rules.insert(libc::SYS_fcntl, vec![equal(1, libc::F_GETFD.unsigned_abs().into())?]);
    // How a fault is met; not how SIGXCPU is.
    let mut faults = Vec::new();
    for signal in [libc::SIGSEGV, libc::SIGBUS, libc::SIGABRT] {
        faults.push(equal(0, signal.unsigned_abs().into())?);
    }
    rules.insert(libc::SYS_rt_sigaction, faults);
    // abort() signals itself.
    rules.insert(libc::SYS_tgkill, vec![equal(0, own)?]);
    #[cfg(target_arch = "x86_64")]
    rules.extend(always(&[libc::SYS_time]));
    Ok(rules)
}

/// What kills the reader that tries it.
fn hostile(own: u64) -> Result<Rules, BackendError> {
    let mut rules = always(&[
        // The network, and sockets of this machine.
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_connect,
        libc::SYS_bind,
        libc::SYS_listen,
        libc::SYS_accept,
        libc::SYS_accept4,
        libc::SYS_sendto,
        libc::SYS_sendmsg,
        libc::SYS_sendmmsg,
        libc::SYS_recvfrom,
        libc::SYS_recvmsg,
        libc::SYS_recvmmsg,
        // Other programs.
        libc::SYS_execve,
        libc::SYS_execveat,
        // Other processes.
        libc::SYS_kill,
        libc::SYS_tkill,
        libc::SYS_rt_sigqueueinfo,
        libc::SYS_rt_tgsigqueueinfo,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_pidfd_open,
        libc::SYS_pidfd_getfd,
        libc::SYS_pidfd_send_signal,
        libc::SYS_kcmp,
        // Changing what exists.
        libc::SYS_unlinkat,
        libc::SYS_renameat2,
        libc::SYS_linkat,
        libc::SYS_symlinkat,
        libc::SYS_mkdirat,
        libc::SYS_mknodat,
        libc::SYS_fchmodat,
        libc::SYS_fchownat,
        libc::SYS_truncate,
        libc::SYS_ftruncate,
        libc::SYS_setxattr,
        libc::SYS_open_by_handle_at,
        libc::SYS_memfd_create,
        // Namespaces, mounts, users.
        libc::SYS_mount,
        libc::SYS_umount2,
        libc::SYS_pivot_root,
        libc::SYS_chroot,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_move_mount,
        libc::SYS_fsopen,
        libc::SYS_open_tree,
        libc::SYS_setuid,
        libc::SYS_setgid,
        libc::SYS_setreuid,
        libc::SYS_setresuid,
        libc::SYS_setgroups,
        libc::SYS_capset,
        // The kernel's workings.
        libc::SYS_bpf,
        libc::SYS_perf_event_open,
        libc::SYS_io_uring_setup,
        libc::SYS_io_uring_enter,
        libc::SYS_io_uring_register,
        libc::SYS_userfaultfd,
        libc::SYS_keyctl,
        libc::SYS_add_key,
        libc::SYS_request_key,
        libc::SYS_init_module,
        libc::SYS_finit_module,
        libc::SYS_delete_module,
        libc::SYS_kexec_load,
        libc::SYS_reboot,
        libc::SYS_personality,
        // Its own limits.
        libc::SYS_prlimit64,
        libc::SYS_setrlimit,
    ]);
    let executable = libc::PROT_EXEC.unsigned_abs().into();
    rules.insert(libc::SYS_mmap, vec![masked(2, executable, executable)?]);
    rules.insert(libc::SYS_mprotect, vec![masked(2, executable, executable)?]);
    let another = condition(0, SeccompCmpOp::Ne, own)?;
    rules.insert(libc::SYS_tgkill, vec![another]);
    // A process; a thread is only refused, for a library may do without.
    let thread = u64::from(libc::CLONE_THREAD.unsigned_abs());
    rules.insert(libc::SYS_clone, vec![masked(0, thread, 0)?]);
    #[cfg(target_arch = "x86_64")]
    rules.extend(always(&[
        libc::SYS_fork,
        libc::SYS_vfork,
        libc::SYS_creat,
        libc::SYS_unlink,
        libc::SYS_rename,
        libc::SYS_renameat,
        libc::SYS_link,
        libc::SYS_symlink,
        libc::SYS_mkdir,
        libc::SYS_mknod,
        libc::SYS_rmdir,
        libc::SYS_chmod,
        libc::SYS_chown,
    ]));
    Ok(rules)
}

fn always(calls: &[c_long]) -> Rules {
    calls.iter().map(|call| (*call, Vec::new())).collect()
}

fn equal(argument: u8, value: u64) -> Result<SeccompRule, BackendError> {
    condition(argument, SeccompCmpOp::Eq, value)
}

fn masked(argument: u8, mask: u64, value: u64) -> Result<SeccompRule, BackendError> {
    condition(argument, SeccompCmpOp::MaskedEq(mask), value)
}

fn condition(argument: u8, op: SeccompCmpOp, value: u64) -> Result<SeccompRule, BackendError> {
    // The low half, as the kernel reads these arguments.
    SeccompRule::new(vec![SeccompCondition::new(argument, SeccompCmpArgLen::Dword, op, value)?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_both_needed_and_hostile() {
        let (allowed, hostile) = (allowed(1).unwrap(), hostile(1).unwrap());
        // These are told apart by their arguments.
        let both = [libc::SYS_mmap, libc::SYS_mprotect, libc::SYS_tgkill];
        let shared: Vec<i64> =
            allowed.keys().filter(|call| hostile.contains_key(*call)).copied().collect();
        assert_eq!(shared.len(), both.len(), "{shared:?}");
        assert!(shared.iter().all(|call| both.contains(call)), "{shared:?}");
    }
}
