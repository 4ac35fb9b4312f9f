use crate::extract::corrections::NotACorrection;
use crate::store::StoreError;
use crate::vocab::{CaseRef, DocumentRef};

/// Why something was not done at the desk; then nothing was. Holds no patient
/// data.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// No document has this reference.
    #[error("there is no document {0}")]
    Unknown(DocumentRef),
    /// Its pages are still being read.
    #[error("document {0} is not decided yet")]
    NotDecided(DocumentRef),
    /// It waits for nobody.
    #[error("document {0} waits in no queue")]
    NotWaiting(DocumentRef),
    /// A person closed it.
    #[error("document {0} was closed")]
    Closed(DocumentRef),
    /// It went on as its parts.
    #[error("document {0} went on as its parts, each with its own reference")]
    WentOnAsParts(DocumentRef),
    /// It could not be opened, or its pages are gone.
    #[error("nothing was read of document {0}, so there is nothing to be corrected")]
    NothingRead(DocumentRef),
    /// The kind of a page of several files.
    #[error("{0} was decided together with other files; their pages have no kinds to be corrected")]
    PageOfSeveral(DocumentRef),
    /// As corrected it is several documents.
    #[error("as corrected, {0} would be split, which a correction does not do")]
    WouldSplit(DocumentRef),
    /// What was typed is no correction.
    #[error("{why}")]
    Correction {
        /// Which of those typed, counted from 0.
        place: usize,
        /// Why.
        why: NotACorrection,
    },
    /// No program has this id.
    #[error("there is no such program")]
    UnknownProgram,
    /// No case has this reference.
    #[error("there is no case {0}")]
    UnknownCase(CaseRef),
    /// The case is about somebody else, or nobody can tell.
    #[error("case {case} is not known to be of the same patient ({why})")]
    OtherPatient {
        /// Which.
        case: CaseRef,
        /// Which keys differ, or that none agrees.
        why: String,
    },
    /// A case for somebody who is not known.
    #[error("the patient's name, and date of birth or member id, are not known")]
    PatientUnknown,
    /// A queue whose documents belong to no case.
    #[error("documents in {0} belong to no case")]
    NoCaseThere(&'static str),
    /// Nobody said where to.
    #[error("document {0} is where it belongs; say where it is to go")]
    NowhereToGo(DocumentRef),
    /// It was done against what is known, without a word of why.
    #[error("what is done against what is known needs a note of why")]
    NoteNeeded,
    /// The lock of decisions.
    #[error("waiting for the turn to decide: {0}")]
    Turn(#[source] std::io::Error),
    /// Database.
    #[error(transparent)]
    Store(#[from] StoreError),
}
