//! The last resort around other people's decoders.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs `work`; a panic inside becomes `None`.
///
/// The decoders we call forbid unsafe code and have been fuzzed, yet a slip in
/// one of them must cost one page and not the reader process with the pages
/// waiting behind it. What was being built is thrown away, so nothing half
/// made is seen afterwards.
pub(super) fn contained<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}
