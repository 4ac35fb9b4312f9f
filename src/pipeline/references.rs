//! New references, from the operating system's randomness.

use crate::vocab::{CaseRef, DocumentRef, HoldRef, SubmissionRef};

/// A new document reference.
pub fn document() -> DocumentRef {
    DocumentRef::from_random(random())
}

/// A new submission reference.
pub fn submission() -> SubmissionRef {
    SubmissionRef::from_random(random())
}

/// A new case reference.
pub fn case() -> CaseRef {
    CaseRef::from_random(random())
}

/// A new reference for a hold and its letter.
pub fn hold() -> HoldRef {
    HoldRef::from_random(random())
}

fn random() -> u64 {
    // Linux's getrandom cannot fail once the system has booted. A reference
    // that can be guessed would be worse than a stop.
    getrandom::u64().unwrap_or_else(|e| panic!("the system gives no randomness: {e}"))
}
