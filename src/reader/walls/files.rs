//! Landlock: no file, no folder, no port, no signal to another process.
//!
//! The rule set handles every right and grants none. What is open stays open.

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, LandlockStatus, RestrictionStatus,
    Ruleset, RulesetAttr, RulesetError, RulesetStatus, Scope,
};

/// The newest rights that were tried: files, TCP ports, devices, and signals
/// and sockets across the wall (Linux 6.12). A kernel with fewer gets those it
/// has.
const RIGHTS: ABI = ABI::V6;
/// The first with everything that matters about files (Linux 6.2): opening,
/// linking and truncating. What came later is behind seccomp as well.
const ENOUGH: ABI = ABI::V3;

/// Closes the file system; says what holds, or why nothing does.
pub(super) fn close() -> Result<String, String> {
    let status = restrict().map_err(|e| format!("Landlock failed: {e}"))?;
    judge(&status)
}

fn restrict() -> Result<RestrictionStatus, RulesetError> {
    Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(RIGHTS))?
        .handle_access(AccessNet::from_all(RIGHTS))?
        .scope(Scope::from_all(RIGHTS))?
        .create()?
        .restrict_self()
}

fn judge(status: &RestrictionStatus) -> Result<String, String> {
    match (&status.landlock, &status.ruleset) {
        (LandlockStatus::NotImplemented, _) => {
            Err("this kernel has no Landlock, or the container forbids it".to_owned())
        }
        (LandlockStatus::NotEnabled, _) => {
            Err("Landlock is not among the security modules this kernel was started with"
                .to_owned())
        }
        (LandlockStatus::Available { .. }, RulesetStatus::NotEnforced) => {
            Err("Landlock is there but enforces nothing".to_owned())
        }
        (LandlockStatus::Available { effective_abi, .. }, _) if *effective_abi < ENOUGH => {
            Err(format!("Landlock ABI {effective_abi} is too old to close all of the file system"))
        }
        (LandlockStatus::Available { effective_abi, .. }, _) => {
            Ok(format!("Landlock ABI {effective_abi}, none can be opened"))
        }
    }
}
